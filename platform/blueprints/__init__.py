"""Who asks, through HTTP: one package per room a user walks into."""

from . import (
    alerts,
    audits,
    gallery,
    homes,
    kitchens,
    meals,
    messages,
    monitoring,
    phones,
    rounds,
    seniors,
    sessions,
    visit_plans,
    visits,
    webhooks,
)

BLUEPRINTS = (
    alerts.blueprint,
    audits.blueprint,
    gallery.blueprint,
    homes.blueprint,
    kitchens.blueprint,
    meals.blueprint,
    messages.blueprint,
    monitoring.blueprint,
    phones.blueprint,
    rounds.blueprint,
    seniors.blueprint,
    sessions.blueprint,
    visit_plans.blueprint,
    visits.blueprint,
    webhooks.blueprint,
)
