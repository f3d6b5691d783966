"""Who asks, through HTTP: one package per room a user walks into."""

from . import gallery, homes, monitoring, sessions

BLUEPRINTS = (gallery.blueprint, homes.blueprint, monitoring.blueprint, sessions.blueprint)
