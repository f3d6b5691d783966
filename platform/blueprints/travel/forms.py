"""The forms of a closed road, and of forgetting what was learned."""

from typing import Any

from wtforms import DateField, DecimalField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.fields import DivisionField, EnumField, PlaceForm, choice
from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l
from models import ClosureShape, Means, RoadClosure
from policy import Permission
from services.road_closures import ClosureData
from wording import as_options

IMPASSABLE, DETOUR = "impassable", "detour"


class ClosureForm(PlaceForm):
    shape = RadioField(_l("哪里不通"), default=ClosureShape.PLACE.value)
    division_code = DivisionField(
        _l("地方"),
        [InputRequired(_l("请填写是哪里。"))],
        permission=Permission.TRAVEL_EDIT,
        description=_l("写名称就行，如“河庄坪镇 赵家岸村”，也可以写代码。"),
    )
    other_code = DivisionField(
        _l("另一头"),
        [Optional()],
        permission=Permission.DIVISION_READ,
        description=_l("从上面的地方到这里的路不通。"),
    )
    radius_m = IntegerField(
        _l("多大范围"), [Optional()], default=300, description=_l("离这个点多少米以内，50 到 20000。")
    )
    effect = RadioField(_l("还能走吗"), default=IMPASSABLE)
    detour = DecimalField(_l("绕行是平时的几倍"), [Optional()], description=_l("如 1.5：平时 20 分钟，现在 30 分钟。"))
    means = EnumField(_l("谁走不了"), Means, blank=_l("都走不了"))
    from_on = DateField(_l("从哪天开始"), [InputRequired(_l("请填写开始的日子。"))])
    to_on = DateField(_l("到哪天为止"), [Optional()], description=_l("不知道就空着，通了再来点“通了”。"))
    reason = StringField(
        _l("原因"), [InputRequired(_l("请写明原因，别人才知道什么时候能通。")), Length(max=200)],
        description=_l("如：雨后塌方、修桥、结冰。"),
    )  # fmt: skip

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.shape.choices = as_options(ClosureShape)
        self.effect.choices = [
            choice(IMPASSABLE, str(_l("完全不通"))), choice(DETOUR, str(_l("能绕过去，但要更久"))),
        ]  # fmt: skip

    def as_data(self) -> ClosureData:
        """What was typed, for the service."""
        is_detour = self.effect.data == DETOUR
        return ClosureData(
            shape=ClosureShape(self.shape.data),
            division_code=self.division_code.data or "",
            other_code=self.other_code.data,
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            radius_m=self.radius_m.data,
            from_on=self.from_on.data,  # type: ignore[arg-type]  # required
            to_on=self.to_on.data,
            means=self.means.data,
            detour=float(self.detour.data or 0) if is_detour else None,
            reason=self.reason.data or "",
        )


def closure_form(row: RoadClosure) -> ClosureForm:
    """The form as a closed road stands."""
    effect = IMPASSABLE if row.detour is None else DETOUR
    return ClosureForm(obj=row, effect=effect)


class ResetForm(HouseForm):
    reason = StringField(_l("为什么重置"), [Length(max=200)])
