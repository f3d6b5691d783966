"""The one answer to "is this person served on day D?": visits, meals, rosters, texts and counts all ask here.

A senior is served unless a period covering the day says otherwise. A death counts as such once a second person
has confirmed it, but ends the service with the first report. A record merged into another is never served.
"""

import uuid
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, type_coerce

from extensions import db
from models import Senior, SeniorStatus, SeniorStatusPeriod

_Period = SeniorStatusPeriod


def stops_service(day: date) -> ColumnElement[bool]:
    """A row of `senior_statuses` covers `day` and is another than active."""
    return and_(
        _Period.status != SeniorStatus.ACTIVE,
        _Period.from_on <= day,
        or_(_Period.to_on.is_(None), _Period.to_on >= day),
    )


def served_on(day: date) -> ColumnElement[bool]:
    """Whether a row of `seniors` is served on `day`: for the WHERE of a statement that has Senior in its FROM."""
    stopped = exists().where(_Period.senior_id == Senior.id, stops_service(day)).correlate(Senior)
    return and_(Senior.merged_into_id.is_(None), ~stopped)


counts_as = case(
    (and_(_Period.status == SeniorStatus.DECEASED, _Period.confirmed_by_id.is_(None)), SeniorStatus.PAUSED.value),
    else_=_Period.status,
)
"""What a row of `senior_statuses` counts as: a death nobody has confirmed is a pause."""


def status_expression(day: date) -> ColumnElement[SeniorStatus]:
    """The status of a row of `seniors` on `day`, as a column: `active`, or the reason why she is not served."""
    weight = case((counts_as == SeniorStatus.DECEASED.value, 1), else_=0)
    last = (
        select(counts_as)
        .where(_Period.senior_id == Senior.id, stops_service(day))
        .order_by(weight.desc(), _Period.from_on.desc(), _Period.id.desc())
        .limit(1)
        .correlate(Senior)
        .scalar_subquery()
    )
    merged = (Senior.merged_into_id.is_not(None), SeniorStatus.MOVED.value)
    return type_coerce(case(merged, else_=func.coalesce(last, SeniorStatus.ACTIVE.value)), Senior.status.type)


def reasons_not_served(senior_ids: Iterable[uuid.UUID], day: date) -> dict[uuid.UUID, SeniorStatus]:
    """Why each of these is not served on `day`; who is served is left out.

    A confirmed death outweighs all else, then the period that began last. A merged record has `moved`.
    """
    ids = list(senior_ids)
    weight = case((counts_as == SeniorStatus.DECEASED.value, 1), else_=0)
    periods = (
        select(_Period.senior_id, counts_as)
        .where(_Period.senior_id.in_(ids), stops_service(day))
        .order_by(weight, _Period.from_on, _Period.id)
    )
    merged = select(Senior.id).where(Senior.id.in_(ids), Senior.merged_into_id.is_not(None))
    found = {senior_id: SeniorStatus(status) for senior_id, status in db.session.execute(periods)}
    return found | dict.fromkeys(db.session.scalars(merged), SeniorStatus.MOVED)


def why_not_served(senior_id: uuid.UUID, day: date) -> SeniorStatus | None:
    """Why this senior is not served on `day`, or None for somebody who is."""
    return reasons_not_served([senior_id], day).get(senior_id)


def is_served(senior_id: uuid.UUID, day: date) -> bool:
    """Whether this senior exists and is served on `day`."""
    return db.session.scalar(select(Senior.id).where(Senior.id == senior_id, served_on(day))) is not None
