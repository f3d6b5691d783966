"""The forms that say what has happened: one for each kind, with nothing on it that the kind does not need."""

import uuid
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.fields import MinuteField, choice
from blueprints.sentences import HouseForm
from domain.masks import masked_name
from extensions.babel import lazy as _l
from formatting import minutes_clock
from models import ChangeKind
from queries.standing import OpenStop, Unplaced
from services.replanning import Event
from wording.rounds import priority

Names = list[tuple[uuid.UUID, str]]


class EventForm(HouseForm):
    """What every kind says: why, in a few words."""

    reason = StringField(_l("说明"), [Optional(), Length(max=100)])

    def as_event(self) -> Event:
        """What has happened, as the service takes it."""
        return Event(ChangeKind.CLOSED, reason=self.reason.data or "")


class IllForm(EventForm):
    """Who cannot go, and from when."""

    helper_id = SelectField(_l("谁去不了"), [InputRequired(_l("请选一位助老员。"))])
    minute = MinuteField(_l("从几点起"))

    def __init__(self, names: Names, **options: Any) -> None:
        super().__init__(**options)
        self.helper_id.choices = [choice(str(key), name) for key, name in names]

    def as_event(self) -> Event:
        return Event(
            ChangeKind.ILL, helper_id=uuid.UUID(self.helper_id.data), minute=self.minute.data,
            reason=self.reason.data or "",
        )  # fmt: skip


class StopForm(EventForm):
    """Which stop of one helper."""

    visit_id = RadioField(_l("哪一站"), [InputRequired(_l("请选一站。"))])

    def __init__(self, stops: list[OpenStop], **options: Any) -> None:
        super().__init__(**options)
        self.visit_id.choices = [choice(str(one.visit_id), _stop_label(one)) for one in stops]


class LateForm(StopForm):
    """Which stop takes longer, and until when."""

    minute = MinuteField(_l("大约几点能完"))

    def as_event(self) -> Event:
        return Event(
            ChangeKind.LATE, minute=self.minute.data, visit_ids=(uuid.UUID(self.visit_id.data),),
            reason=self.reason.data or "",
        )  # fmt: skip


class CancelledForm(StopForm):
    """Which visit is not wanted, and why."""

    reason = StringField(_l("为什么不用去"), [InputRequired(_l("请写明为什么取消。")), Length(max=100)])

    def as_event(self) -> Event:
        visit = uuid.UUID(self.visit_id.data)
        return Event(ChangeKind.CANCELLED, visit_ids=(visit,), reason=self.reason.data or "")


class AddedForm(EventForm):
    """Which of the visits nobody is planned for."""

    visit_ids = SelectMultipleField(
        _l("加哪几次探访"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, unplaced: list[Unplaced], **options: Any) -> None:
        super().__init__(**options)
        self.visit_ids.choices = [choice(str(one.id), _visit_label(one)) for one in unplaced]

    def as_event(self) -> Event:
        visits = tuple(uuid.UUID(one) for one in self.visit_ids.data or [])
        return Event(ChangeKind.ADDED, visit_ids=visits, reason=self.reason.data or "")


def _stop_label(one: OpenStop) -> str:
    return f"{minutes_clock(one.start_minute)}–{minutes_clock(one.leave_minute)} {masked_name(one.senior_name)}"


def _visit_label(one: Unplaced) -> str:
    times = f"{minutes_clock(one.window_from)}–{minutes_clock(one.window_to)}"
    return f"{priority(one.priority).text} · {masked_name(one.senior_name)} · {times} · {one.reason}".rstrip(" ·")
