"""What a form says of wrong input by itself, in the house's words instead of WTForms' own."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from wtforms import Form

from extensions.babel import lazy as _l

_CHOICE, _NUMBER = _l("请从列表里选一项。"), _l("请填数字，如 36.5。")
_SAID = {
    "This field is required.": _l("请填写这一项。"),
    "Not a valid date value.": _l("请按年、月、日填写一个有的日子，如 2026-11-24。"),
    "Not a valid time value.": _l("请按 08:30 这样填写时间。"),
    "Not a valid integer value.": _l("请填整数，如 3。"),
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Not a valid choice.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "'%(value)s' is not a valid choice for this field.": _CHOICE,
    "Field cannot be longer than %(max)d character.": _l("最多 %(max)d 个字。"),
}


class Sentences:
    """WTForms' own sentences, those that people meet put as the house would say them."""

    def gettext(self, text: str) -> str:
        return str(_SAID[text]) if text in _SAID else translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(_SAID[one]) if one in _SAID else translations.ngettext(one, many, number)


class _Spoken:
    def get_translations(self, _form: Any) -> Sentences:
        return Sentences()


class HouseForm(FlaskForm):
    """The form that every room's forms are."""

    class Meta(_Spoken, FlaskForm.Meta):
        pass


class RowForm(Form):
    """One row of a list within a form."""

    class Meta(_Spoken, Form.Meta):
        pass
