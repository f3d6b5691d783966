"""What a senior's plan page shows."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from extensions import db
from models import Helper, RiskTier, Senior, VisitPlan, VisitPlanPause
from policy import Scope, reach

from . import unwanted_helpers
from .unwanted_helpers import Unwanted
from .visits import Moment, VisitRow, of_senior


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A senior's plans (the running ones first), their pauses that are not over, and the visits around today."""

    senior_id: uuid.UUID
    name: str
    tier: RiskTier
    division_code: str
    language: str
    regular_id: uuid.UUID | None
    regular_name: str | None
    unwanted: list[Unwanted]
    plans: list[VisitPlan]
    pauses: dict[uuid.UUID, list[VisitPlanPause]]
    visits: list[VisitRow]


def of(senior_id: uuid.UUID, scope: Scope, moment: Moment) -> PlanPage | None:
    """The page of one senior within the scope: five statements."""
    today = moment.today
    statement = (
        select(
            Senior.name, Senior.risk_tier, Senior.residence_code, Senior.language, Senior.regular_helper_id, Helper.name
        )
        .outerjoin(Helper, Helper.id == Senior.regular_helper_id)
        .where(Senior.id == senior_id, reach.seniors(scope, today))
    )
    senior = db.session.execute(statement).first()
    if senior is None:
        return None
    plans = list(
        db.session.scalars(
            select(VisitPlan).where(VisitPlan.senior_id == senior_id).order_by(VisitPlan.from_on.desc()).limit(20)
        )
    )
    plans.sort(key=lambda plan: not plan.is_live(today))
    pauses = _pauses([plan.id for plan in plans], today)
    name, tier, code, language, regular_id, regular_name = senior
    visits = of_senior(senior_id, scope, moment)
    unwanted = unwanted_helpers.of_senior(senior_id)
    return PlanPage(senior_id, name, tier, code, language, regular_id, regular_name, unwanted, plans, pauses, visits)


def _pauses(plan_ids: list[uuid.UUID], today: date) -> dict[uuid.UUID, list[VisitPlanPause]]:
    found: dict[uuid.UUID, list[VisitPlanPause]] = {}
    statement = select(VisitPlanPause).where(
        VisitPlanPause.plan_id.in_(plan_ids), or_(VisitPlanPause.to_on.is_(None), VisitPlanPause.to_on >= today)
    )
    for pause in db.session.scalars(statement.order_by(VisitPlanPause.from_on)):
        found.setdefault(pause.plan_id, []).append(pause)
    return found


def one(plan_id: uuid.UUID, scope: Scope, today: date) -> tuple[VisitPlan, str, str] | None:
    """A plan, whom it is for, and what they speak."""
    statement = (
        select(VisitPlan, Senior.name, Senior.language)
        .join(Senior, Senior.id == VisitPlan.senior_id)
        .where(VisitPlan.id == plan_id, reach.seniors(scope, today))
    )
    row = db.session.execute(statement).first()
    return (row[0], row[1], row[2]) if row else None
