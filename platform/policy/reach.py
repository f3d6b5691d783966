"""Scopes as SQL: the condition a statement carries so that it cannot give back what lies outside.

The system's city and an officer's county are ranges of codes on an index; the rest are lists of ids.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models import (
    Alert,
    Canteen,
    Centre,
    Division,
    Enrolment,
    Helper,
    MealBooking,
    MealRun,
    MealRunPlan,
    MealRunStop,
    MealService,
    Proposal,
    ProposalStatus,
    Senior,
    Visit,
)
from models.division import prefix_bounds

from .scope import Scope

HELPER_DAYS = 14
"""A helper knows the seniors of this many days before and after today."""

REGULAR_DAYS = 90
"""A canteen knows who has eaten there within this many days."""


def code_within(column: InstrumentedAttribute[Any], scope: Scope) -> ColumnElement[bool]:
    """`column` holds a division code at or under one of the scope's divisions."""
    ranges = [prefix_bounds(code) for code in sorted(scope.divisions)]
    return or_(false(), *(and_(column >= low, column < high) for low, high in ranges))


def seniors(scope: Scope, today: date) -> ColumnElement[bool]:
    """Seniors of the scope: of its divisions, enrolled in its centres, on its helpers' rounds, or named."""
    ways = [code_within(Senior.residence_code, scope)]
    if scope.seniors:
        ways.append(Senior.id.in_(scope.seniors))
    if scope.centres:
        enrolled = select(Enrolment.senior_id).where(
            Enrolment.centre_id.in_(scope.centres), or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today)
        )
        ways.append(Senior.id.in_(enrolled))
    if scope.helpers:
        near = (today - timedelta(days=HELPER_DAYS), today + timedelta(days=HELPER_DAYS))
        visited = select(Visit.senior_id).where(made_by(scope), Visit.on.between(*near))
        ways += [Senior.id.in_(visited), Senior.regular_helper_id.in_(scope.helpers)]
    if scope.canteens:
        regulars = (
            select(MealBooking.senior_id)
            .join(MealService, MealService.id == MealBooking.service_id)
            .where(MealService.canteen_id.in_(scope.canteens), MealBooking.on >= today - timedelta(days=REGULAR_DAYS))
        )
        ways.append(Senior.id.in_(regulars))
    return or_(*ways)


def made_by(scope: Scope) -> ColumnElement[bool]:
    """Visits that the scope's helpers make, alone or as one of two."""
    return or_(Visit.helper_id.in_(scope.helpers), Visit.second_helper_id.in_(scope.helpers))


def visits(scope: Scope) -> ColumnElement[bool]:
    """Visits in the scope's divisions, of its helpers, to its seniors."""
    ways = [code_within(Visit.division_code, scope)]
    if scope.helpers:
        ways.append(made_by(scope))
    if scope.seniors:
        ways.append(Visit.senior_id.in_(scope.seniors))
    return or_(*ways)


def centres(scope: Scope) -> ColumnElement[bool]:
    """Centres in the scope's divisions, or named by it."""
    return or_(code_within(Centre.division_code, scope), Centre.id.in_(scope.centres))


def canteens(scope: Scope) -> ColumnElement[bool]:
    """Canteens in the scope's divisions, or named by it."""
    return or_(code_within(Canteen.division_code, scope), Canteen.id.in_(scope.canteens))


def meal_services(scope: Scope) -> ColumnElement[bool]:
    """Meal services of the scope's canteens."""
    return MealService.canteen_id.in_(select(Canteen.id).where(canteens(scope)))


def bookings(scope: Scope, today: date) -> ColumnElement[bool]:
    """Portions of the scope's seniors, and those its canteens cook."""
    ways = [MealBooking.senior_id.in_(select(Senior.id).where(seniors(scope, today)))]
    if scope.canteens:
        cooked = select(MealService.id).where(MealService.canteen_id.in_(scope.canteens))
        ways.append(MealBooking.service_id.in_(cooked))
    return or_(*ways)


def helpers(scope: Scope) -> ColumnElement[bool]:
    """Helpers based in the scope's divisions, or named by it."""
    return or_(code_within(Helper.division_code, scope), Helper.id.in_(scope.helpers))


def divisions(scope: Scope) -> ColumnElement[bool]:
    """Divisions at or under the scope's."""
    return code_within(Division.code, scope)


def proposals(scope: Scope) -> ColumnElement[bool]:
    """Proposals for the scope's divisions."""
    return code_within(Proposal.division_code, scope)


def meal_run_plans(scope: Scope) -> ColumnElement[bool]:
    """Plans of meal runs for the scope's divisions."""
    return code_within(MealRunPlan.division_code, scope)


def meal_runs(scope: Scope) -> ColumnElement[bool]:
    """Runs for the scope's divisions; once published, its helpers' own, and those from its canteens' counters."""
    its_plans = select(MealRunPlan.id).where(meal_run_plans(scope))
    published = select(MealRunPlan.id).where(MealRunPlan.status == ProposalStatus.PUBLISHED)
    calls_at = select(MealRunStop.run_id).where(MealRunStop.canteen_id.in_(scope.canteens))
    own = or_(MealRun.helper_id.in_(scope.helpers), MealRun.id.in_(calls_at))
    return or_(MealRun.plan_id.in_(its_plans), and_(MealRun.plan_id.in_(published), own))


def alerts(scope: Scope, today: date) -> ColumnElement[bool]:
    """Alerts raised in the scope's divisions or about its seniors."""
    ways = [code_within(Alert.division_code, scope)]
    if scope.centres or scope.seniors:
        ways.append(Alert.senior_id.in_(select(Senior.id).where(seniors(scope, today))))
    return or_(*ways)
