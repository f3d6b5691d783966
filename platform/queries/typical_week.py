"""What a typical week of a division asks for: the running plans of visits at the door, and how often each."""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import or_, select

from extensions import db
from models import RiskTier, Senior, VisitMode, VisitPlan
from models.division import prefix_bounds

from .round_days import DueVisit
from .served import served_on

MOST_PLANS = 40_000


@dataclass(frozen=True, slots=True)
class Promise:
    """A running plan as a visit, for whom, and its own frequency where it has one."""

    visit: DueVisit
    tier: RiskTier
    every_days: int | None


_OF_PLAN = [field.name for field in fields(DueVisit) if hasattr(VisitPlan, field.name) and field.name != "id"]
_TERMS = [getattr(VisitPlan, name) for name in _OF_PLAN if name != "senior_id"]


def promises(code: str, on: date) -> list[Promise]:
    """Every running plan of the division for seniors who are served that day; in a fixed order."""
    low, high = prefix_bounds(code)
    statement = (
        select(
            VisitPlan.id, VisitPlan.senior_id, VisitPlan.every_days, Senior.risk_tier, Senior.residence_code,
            Senior.language, Senior.regular_helper_id, *_TERMS,
        )
        .join(Senior, Senior.id == VisitPlan.senior_id)
        .where(
            VisitPlan.mode == VisitMode.DOOR,
            VisitPlan.from_on <= on,
            or_(VisitPlan.to_on.is_(None), VisitPlan.to_on >= on),
            Senior.residence_code >= low,
            Senior.residence_code < high,
            served_on(on),
        )
        .order_by(VisitPlan.id)
        .limit(MOST_PLANS)
    )  # fmt: skip
    found = []
    for plan_id, senior_id, every, tier, place, language, regular, *terms in db.session.execute(statement):
        named = dict(zip((name for name in _OF_PLAN if name != "senior_id"), terms, strict=True))
        visit = DueVisit(
            id=plan_id, senior_id=senior_id, division_code=place, language=language, regular_helper_id=regular,
            **named,
        )  # fmt: skip
        found.append(Promise(visit, RiskTier(tier), every))
    return found
