"""Who asks, through a shell: commands and groups of the flask command."""

from click import Command

from .serve import serve
from .visits import visits_group

COMMANDS: tuple[Command, ...] = (serve, visits_group)
