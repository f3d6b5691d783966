"""Who asks, through HTTP: one package per room a user walks into."""

from . import homes, sessions

BLUEPRINTS = (homes.blueprint, sessions.blueprint)
