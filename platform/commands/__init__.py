"""Who asks, through a shell: click groups of the flask command."""

from click import Group

from .visits import visits_group

COMMANDS: tuple[Group, ...] = (visits_group,)
