"""Helpers 助老员: entering and changing them, their weekly shifts and their leave."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from domain import names
from domain.errors import NotFound, Refusal
from domain.hours import Span, written_spans
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Helper, HelperKind, HelperLeave, HelperShift, Means, Sex
from models.keyring import phone_index
from policy import Actor, Permission, reach

from . import audit, changes, checks

Shifts = Mapping[int, list[Span]]
"""Day of the week, 1 Monday .. 7, to the working times of that day in minutes after midnight."""


LONGEST_BREAK = 180
MOST_PORTIONS = 200


@dataclass(frozen=True, slots=True)
class HelperData:
    """What a form or an import says about a helper."""

    name: str
    kind: HelperKind
    division_code: str
    sex: Sex = Sex.UNKNOWN
    phone: str = ""
    centre_id: uuid.UUID | None = None
    latitude: float | None = None
    longitude: float | None = None
    skills: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    means: Means = Means.MOTOR
    max_daily_minutes: int = 480
    contracted_minutes: int | None = None
    break_minutes: int = 0
    break_earliest: int | None = None
    break_latest: int | None = None
    capacity: int = 0
    end_centre_id: uuid.UUID | None = None
    is_active: bool = True
    hardship_proof: str = ""
    hardship_valid_to: date | None = None
    post_monthly_hours: int | None = None
    shifts: Shifts = field(default_factory=dict)


def get(helper_id: uuid.UUID, *, by: Actor, permission: Permission) -> Helper:
    """The helper with shifts and leave, if `permission` reaches them; else NotFound."""
    statement = (
        select(Helper)
        .where(Helper.id == helper_id, reach.helpers(by.scope(permission)))
        .options(selectinload(Helper.shifts), selectinload(Helper.leaves), joinedload(Helper.end_centre))
    )
    helper = db.session.scalars(statement).one_or_none()
    if helper is None:
        raise NotFound("")
    return helper


def may_edit(helper: Helper, *, by: Actor) -> bool:
    """Whether the actor may change this helper."""
    return by.scope(Permission.HELPER_EDIT).holds_division(helper.division_code)


def create(data: HelperData, *, by: Actor, now: datetime, is_demo: bool = False) -> Helper:
    """Enter a helper in one of the actor's divisions."""
    _refuse_elsewhere(data, by)
    _refuse_shared_phone(data.phone, None)
    helper = Helper(is_demo=is_demo, shifts=[], leaves=[])
    write(helper, data, today=local_day(now))
    db.session.add(helper)
    db.session.flush()
    audit.record(
        "helper.create", "helper", helper.id, by=by, now=now, division_code=helper.division_code,
        changes={"name": [None, changes.masked("name", helper.name)], "kind": [None, helper.kind.value]},
    )  # fmt: skip
    return helper


def update(helper_id: uuid.UUID, data: HelperData, *, by: Actor, now: datetime) -> Helper:
    """Change a helper. Rounds that are published keep who they name; new ones are planned by the new data."""
    helper = get(helper_id, by=by, permission=Permission.HELPER_EDIT)
    _refuse_elsewhere(data, by)
    _refuse_shared_phone(data.phone, helper)
    changed = write(helper, data, today=local_day(now))
    if changed:
        db.session.flush()
        audit.record(
            "helper.update", "helper", helper.id, by=by, now=now, division_code=helper.division_code, changes=changed
        )
    return helper


def write(helper: Helper, data: HelperData, *, today: date) -> dict[str, Any]:
    """Give a helper this data, checked; returns what changed."""
    name = names.normalise(data.name)
    if not names.is_name(name):
        raise Refusal(_("请填写姓名，2 到 50 个字。"), field="name")
    checks.point(data)
    check_post(data, today)
    phone = checks.phone(data.phone) or None
    check_day(data)
    checks.count(data.capacity, field="capacity", most=MOST_PORTIONS)
    has_break = data.break_minutes > 0
    is_paired = data.kind is HelperKind.PAIRED_POST
    changed = changes.assign(
        helper,
        name=name, pinyin=names.pinyin(name), kind=data.kind, sex=data.sex, phone=phone,
        phone_index=phone_index(phone) if phone else None, division_code=data.division_code,
        centre_id=data.centre_id, latitude=data.latitude, longitude=data.longitude, skills=sorted(data.skills),
        languages=sorted(data.languages), means=data.means, max_daily_minutes=data.max_daily_minutes,
        contracted_minutes=data.contracted_minutes, break_minutes=data.break_minutes,
        break_earliest=data.break_earliest if has_break else None,
        break_latest=data.break_latest if has_break else None, capacity=data.capacity,
        end_centre_id=data.end_centre_id, is_active=data.is_active,
        hardship_proof=data.hardship_proof.strip() if is_paired else "",
        hardship_valid_to=data.hardship_valid_to if is_paired else None,
        post_monthly_hours=data.post_monthly_hours if is_paired else None,
    )  # fmt: skip
    return changed | _write_shifts(helper, data.shifts)


def check_day(data: HelperData) -> None:
    """How long a day may be and is paid for, and the break in it."""
    if not 30 <= data.max_daily_minutes <= 720:
        raise Refusal(_("每天工作时间在 30 到 720 分钟之间。"), field="max_daily_minutes")
    if data.contracted_minutes is not None and not 30 <= data.contracted_minutes <= data.max_daily_minutes:
        sentence = _("应工作的时间在 30 分钟以上，也不能比每天最多的还长。")
        raise Refusal(sentence, field="contracted_minutes")
    if not 0 <= data.break_minutes <= LONGEST_BREAK:
        raise Refusal(_("午休请填 0 到 %(most)d 分钟。", most=LONGEST_BREAK), field="break_minutes")
    if not data.break_minutes:
        return
    if data.break_earliest is None:
        raise Refusal(_("请填写午休最早几点开始。"), field="break_earliest")
    if data.break_latest is None:
        raise Refusal(_("请填写午休最晚几点开始。"), field="break_latest")
    if data.break_latest < data.break_earliest:
        raise Refusal(_("最晚的时间不能早于最早的时间。"), field="break_latest")


def check_post(data: HelperData, today: date) -> None:
    """一岗双助: whoever holds such a post has a proof of the household's hardship, valid while they work."""
    if data.kind is not HelperKind.PAIRED_POST:
        return
    if not data.hardship_proof.strip():
        raise Refusal(_("一岗双助岗位要填写困难家庭证明。"), field="hardship_proof")
    if data.hardship_valid_to is None:
        raise Refusal(_("请填写困难家庭证明的有效期。"), field="hardship_valid_to")
    if data.is_active and data.hardship_valid_to < today:
        raise Refusal(
            _("困难家庭证明已经过期。"), field="hardship_valid_to", suggestion=_("请换发证明，或先停用这个岗位。")
        )


def shifts_of(helper: Helper) -> dict[int, list[Span]]:
    """The weekly working times of a helper whose shifts are loaded."""
    spans: dict[int, list[Span]] = {}
    for shift in sorted(helper.shifts, key=lambda one: (one.weekday, one.start_minute)):
        spans.setdefault(shift.weekday, []).append((shift.start_minute, shift.end_minute))
    return spans


def _write_shifts(helper: Helper, shifts: Shifts) -> dict[str, Any]:
    wanted = {day: sorted(spans) for day, spans in sorted(shifts.items()) if spans}
    before = shifts_of(helper)
    if before == wanted:
        return {}
    helper.shifts = [
        HelperShift(weekday=day, start_minute=start, end_minute=end)
        for day, spans in wanted.items()
        for start, end in spans
    ]
    return {"shifts": [_told(before), _told(wanted)]}


def _told(shifts: Shifts) -> str | None:
    return "；".join(f"{day} {written_spans(spans)}" for day, spans in shifts.items()) or None


def _refuse_elsewhere(data: HelperData, by: Actor) -> None:
    if not by.scope(Permission.HELPER_EDIT).holds_division(data.division_code):
        raise Refusal(_("这个区划不在您的管理范围内。"), field="division_code")


def _refuse_shared_phone(text: str, helper: Helper | None) -> None:
    """A helper's round comes to the phone: two helpers do not share one."""
    number = checks.phone(text)
    if not number:
        return
    holder = db.session.scalars(select(Helper.id).where(Helper.phone_index == phone_index(number)).limit(2)).all()
    if any(helper is None or one != helper.id for one in holder):
        raise Refusal(_("已经有一位助老员用这个手机号了。"), field="phone")


def take_leave(
    helper_id: uuid.UUID, *, from_on: date, to_on: date, reason: str, by: Actor, now: datetime
) -> HelperLeave:
    """Days on which a helper does not work: planning leaves them out."""
    helper = get(helper_id, by=by, permission=Permission.HELPER_EDIT)
    checks.period(from_on, to_on)
    if any(one.from_on <= to_on and one.to_on >= from_on for one in helper.leaves):
        raise Refusal(_("这几天里已经登记过请假。"), field="from_on")
    leave = HelperLeave(helper_id=helper.id, from_on=from_on, to_on=to_on, reason=reason.strip())
    db.session.add(leave)
    db.session.flush()
    audit.record(
        "helper.take_leave", "helper", helper.id, by=by, now=now, division_code=helper.division_code,
        changes={"leave": [None, f"{from_on:%Y-%m-%d} – {to_on:%Y-%m-%d}"]},
    )  # fmt: skip
    return leave


def cancel_leave(helper_id: uuid.UUID, leave_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """The helper works after all."""
    helper = get(helper_id, by=by, permission=Permission.HELPER_EDIT)
    leave = next((one for one in helper.leaves if one.id == leave_id), None)
    if leave is None:
        raise NotFound("")
    if leave.to_on < local_day(now):
        raise Refusal(_("这次请假已经过去了，记录要保留。"))
    helper.leaves.remove(leave)
    db.session.flush()
    audit.record(
        "helper.cancel_leave", "helper", helper.id, by=by, now=now, division_code=helper.division_code,
        changes={"leave": [f"{leave.from_on:%Y-%m-%d} – {leave.to_on:%Y-%m-%d}", None]},
    )  # fmt: skip
