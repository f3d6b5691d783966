"""Who asks, through a shell: click groups of the flask command."""

from click import Group

COMMANDS: tuple[Group, ...] = ()
