"""Forms of a visit: the checklist, nobody met, late entry, and the office's moves."""

import uuid
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import given
from blueprints.sentences import HouseForm
from domain.times import minute_of_day
from domain.visiting import Block, Mark, Mood, Need
from extensions.babel import lazy as _l
from models import Outcome, Visit, VisitMode
from services.visit_entries import Entry
from wording import Word, as_options, word_of

LONG = 1000


class _Faced:
    """Radio inputs drawn as large segments: each option with its word, tone and icon."""

    def faced(self, field: RadioField) -> Iterator[tuple[Any, Word]]:
        """The options of a field, each with its face."""
        enum = {"mood": Mood, "outcome": Outcome}.get(field.name, Mark)
        for option in field:
            yield option, word_of(enum(option.data))


class _Chosen(SelectMultipleField):
    """Check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _Marks(RadioField):
    """Three big buttons; none is chosen beforehand, so that a press means a look."""

    def __init__(self, block: Block, **options: Any) -> None:
        super().__init__(str(word_of(block).text), [Optional()], **options)
        self.label.text = word_of(block).text  # stays lazy: the reader's language is not known yet


class ChecklistForm(_Faced, HouseForm):
    """The five blocks, the mood, the needs, a note. Nothing is required while a visit is half done."""

    submission = HiddenField()
    mood = RadioField(_l("心情怎么样"), [Optional()])
    needs = _Chosen(_l("想要哪些帮助"))
    note = TextAreaField(_l("还有什么要记"), [Length(max=LONG, message=_l("请写在 1000 字以内。"))])

    def __init__(self, visit: Visit | None = None, **options: Any) -> None:
        super().__init__(data=_filled(visit) if visit else None, **options)
        self.mood.choices = as_options(Mood)
        self.needs.choices = as_options(Need)
        for _block, mark, _note in self.blocks():
            mark.choices = as_options(Mark)
        if not self.submission.data:
            self.submission.data = _fresh()

    def blocks(self) -> Iterator[tuple[Block, Any, Any]]:
        """Each block with its three buttons and its note."""
        for block in Block:
            yield block, self[f"check_{block}"], self[f"note_{block}"]

    def entry(self) -> Entry:
        """What was said, for the service."""
        checks = {
            block: (Mark(mark.data), note.data or "") for block, mark, note in self.blocks() if mark.data in set(Mark)
        }
        return Entry(checks, self.mood.data or None, list(self.needs.data or []), self.note.data or "")


for _block in Block:
    setattr(ChecklistForm, f"check_{_block}", _Marks(_block))
    _too_long = Length(max=LONG, message=_l("请写在 1000 字以内。"))
    setattr(ChecklistForm, f"note_{_block}", TextAreaField(_l("说明"), [_too_long]))


class NotMetForm(_Faced, HouseForm):
    """Nobody was met: what is known, in one press and where needed one sentence."""

    submission = HiddenField()
    outcome = RadioField(_l("怎么回事"), [InputRequired(_l("请选一项。"))])
    note = TextAreaField(_l("说明"), [Length(max=LONG, message=_l("请写在 1000 字以内。"))])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.outcome.choices = [option for option in as_options(Outcome) if option[0] != Outcome.MET]
        if not self.submission.data:
            self.submission.data = _fresh()


class LateForm(ChecklistForm):
    """补录: when it really was, how it ended, and why it is entered only now."""

    day = DateField(_l("哪一天去的"), [InputRequired(_l("请选日期。"))])
    clock = TimeField(_l("几点去的"), [InputRequired(_l("请填几点。"))])
    outcome = RadioField(_l("见到人了吗"), [InputRequired(_l("请选一项。"))], default=Outcome.MET.value)
    late_reason = TextAreaField(
        _l("为什么现在才补"),
        [InputRequired(_l("请写明为什么现在才补。")), Length(max=200, message=_l("请写在 200 字以内。"))],
    )

    def __init__(self, visit: Visit | None = None, **options: Any) -> None:
        super().__init__(visit, **options)
        self.outcome.choices = as_options(Outcome)
        if visit is not None and self.day.data is None and not self.is_submitted():
            self.day.data = visit.on


class WhenForm(HouseForm):
    """Another day or time."""

    on = DateField(_l("哪一天"), [InputRequired(_l("请选日期。"))])
    window_from = TimeField(_l("最早几点"), [InputRequired(_l("请填几点。"))])
    window_to = TimeField(_l("最晚几点"), [InputRequired(_l("请填几点。"))])

    def minutes(self) -> tuple[int, int]:
        """The window in minutes after midnight."""
        return minute_of_day(given(self.window_from)), minute_of_day(given(self.window_to))


class NewVisitForm(WhenForm):
    """A single visit beyond the plan."""

    mode = RadioField(_l("怎么去"), default=VisitMode.DOOR.value)
    duration_minutes = IntegerField(
        _l("大约几分钟"),
        [InputRequired(_l("请填几分钟。")), NumberRange(5, 240, _l("请填 5 到 240 之间的数。"))],
        default=30,
    )
    needs_two = BooleanField(_l("要两个人一起去"))
    is_soft = BooleanField(_l("可以晚一点"))
    priority = SelectField(_l("轻重"), default="2")
    reason = TextAreaField(
        _l("为什么去"), [InputRequired(_l("请写明为什么去。")), Length(max=200, message=_l("请写在 200 字以内。"))]
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.mode.choices = as_options(VisitMode)
        self.priority.choices = [("2", _l("一般")), ("1", _l("紧急")), ("3", _l("可以等"))]


class ReasonForm(HouseForm):
    """Why."""

    reason = TextAreaField(
        _l("原因"), [InputRequired(_l("请写明原因。")), Length(max=200, message=_l("请写在 200 字以内。"))]
    )


def when_of(on: date, window_from: int, window_to: int) -> dict[str, Any]:
    """What a WhenForm starts with."""
    return {"on": on, "window_from": _clock(window_from), "window_to": _clock(window_to)}


def _clock(minute: int) -> time:
    hours, minutes = divmod(min(minute, 1439), 60)
    return time(hours, minutes)


def _filled(visit: Visit) -> dict[str, Any]:
    data: dict[str, Any] = {"mood": visit.mood, "needs": visit.needs, "note": visit.note}
    for block, found in visit.checklist.items():
        data |= {f"check_{block}": found.get("mark"), f"note_{block}": found.get("note", "")}
    return data


def _fresh() -> str:
    return str(uuid.uuid4())
