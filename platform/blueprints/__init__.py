"""Who asks, through HTTP: one package per room a user walks into."""

from . import alerts, audits, gallery, homes, meals, monitoring, sessions, webhooks

BLUEPRINTS = (
    alerts.blueprint,
    audits.blueprint,
    gallery.blueprint,
    homes.blueprint,
    meals.blueprint,
    monitoring.blueprint,
    sessions.blueprint,
    webhooks.blueprint,
)
