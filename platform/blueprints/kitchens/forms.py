"""The forms of the kitchen."""

import re

from wtforms import BooleanField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.sentences import HouseForm
from domain.codes import Allergen, Diet
from extensions.babel import lazy as _l
from services.menus import DishTerms
from wording import as_options

_FOUR_DIGITS = _l("请输入手机号的最后四位数字。")


class CheckboxesField(SelectMultipleField):
    """A list of which any number may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TailForm(HouseForm):
    """Who stands at the counter."""

    tail = StringField(_l("手机号最后四位"), [InputRequired(_FOUR_DIGITS), Regexp(r"^\d{4}$", message=_FOUR_DIGITS)])


class ReasonForm(HouseForm):
    """Why a portion is dropped after the count."""

    reason = StringField(_l("原因"), [InputRequired(_l("请写明原因，比如“住院了”。")), Length(max=100)])


class SlotForm(HouseForm):
    """What is cooked for one meal."""

    dishes = CheckboxesField(_l("这一餐有哪些菜"))


class DishForm(HouseForm):
    """A dish."""

    name = StringField(_l("菜名"), [InputRequired(_l("请填写菜名。")), Length(max=60)])
    ingredients = StringField(
        _l("里面有什么"), [Length(max=200)], description=_l("订餐的人会看到，比如：番茄炒蛋、清炒白菜、米饭")
    )
    price = StringField(_l("价格（元）"), [InputRequired(_l("请填写价格。"))])
    diets = CheckboxesField(_l("适合哪些饮食要求"), choices=lambda: as_options(Diet))
    allergens = CheckboxesField(
        _l("含有哪些容易过敏的东西"),
        choices=lambda: as_options(Allergen),
        description=_l("没有标出的过敏原，系统就拦不住，请按实际用料勾选。"),
    )
    is_active = BooleanField(_l("还在做这道菜"), default=True)

    def validate_price(self, field: StringField) -> None:
        """Yuan, with at most two decimals."""
        if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", (field.data or "").strip()):
            raise ValidationError(_l("价格请写成数字，比如 12 或 12.50。"))

    def terms(self) -> DishTerms:
        """What the service takes."""
        yuan, _dot, part = (self.price.data or "").strip().partition(".")
        return DishTerms(
            name=self.name.data or "",
            price_fen=int(yuan) * 100 + int((part + "00")[:2]),
            ingredients=self.ingredients.data or "",
            diets=self.diets.data or [],
            allergens=self.allergens.data or [],
        )
