"""Fields that several rooms' forms share: a division by name, a time of day, days of the week."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import url_for
from wtforms import Field, FloatField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput, TimeInput

from blueprints.sentences import HouseForm
from domain.coordinates import Datum, to_wgs84
from domain.errors import Refusal
from domain.hours import parse_spans, written_spans
from extensions.babel import gettext as _
from extensions.babel import lazy as _l
from policy import Permission, current_actor
from queries import divisions as division_queries
from services import divisions
from wording import as_options


def choice(value: str, label: str) -> Any:
    """One option of a select or of a list of ticks."""
    return SelectChoice(value, label)


def as_choices(enum: type[StrEnum]) -> list[Any]:
    """The members of an enumeration for a choice, by their words."""
    return [choice(value, text) for value, text in as_options(enum)]


class DivisionField(StringField):
    """A division typed as names (河庄坪镇 赵家岸村) or as a code; `data` is its code, within the actor's scope."""

    def __init__(self, label: str, validators: Any = None, *, permission: Permission, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.permission = permission
        self.shown = ""

    def process_data(self, value: str | None) -> None:
        self.data = value
        self.shown = f"{division_queries.path(value)} ({value})" if value else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.shown, self.data = text, None
        if not text:
            return
        try:
            self.data = divisions.recognise(text, current_actor().scope(self.permission))
        except Refusal as refusal:
            raise ValueError(" ".join(filter(None, (refusal.sentence, refusal.suggestion)))) from refusal

    def _value(self) -> str:
        return self.shown

    def __call__(self, **options: Any) -> Any:
        options |= {
            "list": f"{self.id}-list",
            "autocomplete": "off",
            "data-suggest": url_for("divisions.suggest", permission=self.permission.value),
        }
        return super().__call__(**options)


class MinuteField(Field):
    """A time of day; `data` is minutes after midnight."""

    widget = TimeInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        match = re.fullmatch(r"([01]?\d|2[0-4]):([0-5]\d)(:00)?", text)
        if match:
            self.data = int(match[1]) * 60 + int(match[2])
        elif text:
            raise ValueError(_("请按 08:30 这样填写时间。"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 60:02d}:{self.data % 60:02d}"


class SpansField(Field):
    """Working times of one day, as text; `data` is spans of minutes."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = parse_spans(valuelist[0]) if valuelist else []
        except ValueError as error:
            raise ValueError(_("请按 08:30-12:00 14:00-17:30 这样填写。")) from error

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else written_spans(self.data or [])


class WeekdaysField(SelectMultipleField):
    """Days of the week as ticks; `data` is numbers, 1 Monday .. 7."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = "", validators: Any = None, **options: Any) -> None:
        names = [_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日")]
        super().__init__(
            label,
            validators,
            coerce=int,
            choices=[SelectChoice(day, name) for day, name in enumerate(names, 1)],
            **options,
        )


class EnumField(SelectField):
    """One member of an enumeration, by its word."""

    def __init__(self, label: str, enum: type[StrEnum], *, blank: str = "", **options: Any) -> None:
        self.enum, self.blank = enum, blank
        super().__init__(label, coerce=lambda value: enum(value) if value else None, choices=self._choices, **options)

    def _choices(self) -> list[Any]:
        return ([choice("", str(self.blank))] if self.blank else []) + as_choices(self.enum)


class EnumListField(SelectMultipleField):
    """Several members of an enumeration as ticks; `data` is their values."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, enum: type[StrEnum], **options: Any) -> None:
        super().__init__(label, choices=lambda: as_choices(enum), **options)


class LatitudeField(FloatField):
    """A latitude; or both numbers of a point, as a map copies them, in either order. `pair` is then the point.

    In China every longitude is greater than every latitude.
    """

    pair: tuple[float, float] | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        numbers = re.findall(r"\d+(?:\.\d+)?", valuelist[0]) if valuelist else []
        if len(numbers) == 2 and re.fullmatch(r"[\d.]+\s*[,，;\s]\s*[\d.]+", valuelist[0].strip()):
            low, high = sorted(map(float, numbers))
            self.pair, self.data = (low, high), low
        else:
            super().process_formdata(valuelist)


class PlaceForm(HouseForm):
    """The point of something on the map. Once the form is valid it is WGS84, whatever map it was copied from."""

    latitude = LatitudeField(
        _l("纬度"), [Optional()], description=_l("如 36.5854。地图上复制的一对数也可以整个贴在这里。")
    )
    longitude = FloatField(_l("经度"), [Optional()], description=_l("如 109.4843。"))
    datum = EnumField(
        _l("坐标来自"), Datum, default=Datum.WGS84, description=_l("各家地图的坐标相差几百米，选对了才不会偏。")
    )
    _is_read = False

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self._is_read:
            self._read_pin()
        return True

    def _read_pin(self) -> None:
        """Put WGS84 in place of what was typed; a page shown again still shows what was typed."""
        self._is_read = True
        latitude, longitude = self.latitude.pair or (self.latitude.data, self.longitude.data)
        if latitude is not None and longitude is not None:
            self.latitude.data, self.longitude.data = to_wgs84(latitude, longitude, self.datum.data or Datum.WGS84)


def chosen(enum: type[StrEnum], text: str | None) -> Any:
    """The member an address names, or None for none and for one that does not exist."""
    return enum(text) if text in set(enum) else None


def given(form: HouseForm, names: Iterable[str], record: object = None) -> dict[str, Any]:
    """What the form's fields of these names hold; a text that was not sent is ''.

    A field the form does not have, because somebody else decides it, is as it is in `record`.
    """
    fields = ((name, form[name]) for name in names if name in form)
    kept = {name: getattr(record, name) for name in names if name not in form}
    return kept | {name: "" if one.data is None and type(one) is StringField else one.data for name, one in fields}
