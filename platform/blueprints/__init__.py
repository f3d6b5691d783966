"""Who asks, through HTTP: one package per room a user walks into."""

from . import gallery, homes, sessions

BLUEPRINTS = (gallery.blueprint, homes.blueprint, sessions.blueprint)
