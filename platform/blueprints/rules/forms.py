"""The form of a rule: one field per number of its key, in the unit people use."""

from typing import Any

from wtforms import BooleanField, DateField, DecimalField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import DivisionField, MinuteField
from blueprints.sentences import HouseForm
from domain.rules import TERMS, RuleKey, Term, Unit
from extensions.babel import lazy as _l
from policy import Permission
from wording.registries import RULE_TERMS

_UNITS = {
    Unit.DAYS: _l("单位：天"), Unit.HOURS: _l("单位：小时"), Unit.MINUTES: _l("单位：分钟"),
    Unit.CLOCK: _l("几点几分"), Unit.FEN: _l("单位：元"), Unit.SWITCH: "",
}  # fmt: skip


class RuleForm(HouseForm):
    division_code = DivisionField(
        _l("适用范围"),
        [InputRequired(_l("请填写这条规则管哪里。"))],
        permission=Permission.RULE_EDIT,
        description=_l("这个区划和它下面的所有地方都按这条规则，下级另有规定的除外。"),
    )
    from_on = DateField(_l("从哪天开始"), [InputRequired(_l("请填写开始的日子。"))])
    to_on = DateField(_l("到哪天为止"), [Optional()], description=_l("没有期限就空着。"))
    note = StringField(_l("依据"), [Length(max=200)], description=_l("文件名和文号，或一句说明。"))

    def terms(self) -> dict[str, int]:
        """The numbers, in the units rules are kept in."""
        return {
            term.name: round(self[term.name].data * 100) if term.unit is Unit.FEN else int(self[term.name].data)
            for term in self.its_terms
        }

    its_terms: tuple[Term, ...] = ()


def rule_form(key: RuleKey, current: dict[str, int] | None = None, **values: Any) -> RuleForm:
    """A form for this key, filled with `current`, the numbers that hold now."""
    fields: dict[str, Any] = {term.name: _field(key, term) for term in TERMS[key]}
    form_class = type("KeyForm", (RuleForm,), fields | {"its_terms": TERMS[key]})
    shown = {
        term.name: (current[term.name] / 100 if term.unit is Unit.FEN else current[term.name])
        for term in TERMS[key]
        if current
    }
    return form_class(**(shown | values))  # type: ignore[no-any-return]


def _field(key: RuleKey, term: Term) -> Any:
    label, unit = RULE_TERMS[key][term.name], _UNITS[term.unit]
    if key is RuleKey.ROUND_WEIGHTS:
        unit = _l("相当于多走多少分钟的路")
    needed = InputRequired(_l("请填写这个数。"))
    if term.unit is Unit.SWITCH:
        return BooleanField(label)
    if term.unit is Unit.CLOCK:
        return MinuteField(label, [needed], description=unit)
    if term.unit is Unit.FEN:
        return DecimalField(label, [needed, NumberRange(term.least / 100, term.most / 100)], description=unit)
    return IntegerField(label, [needed, NumberRange(term.least, term.most)], description=unit)


class EndForm(HouseForm):
    last_on = DateField(_l("最后一天"), [InputRequired(_l("请填写最后一天。"))])
