"""What a person says about a text."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l

_LENGTH = Length(max=200, message=_l("请写在 200 字以内。"))


class ResendForm(HouseForm):
    reason = TextAreaField(_l("为什么再发一次"), [InputRequired(_l("请写明为什么要再发一次。")), _LENGTH])


class HandleForm(HouseForm):
    note = TextAreaField(_l("怎么处理的"), [InputRequired(_l("请写一句是怎么处理的。")), _LENGTH])


class BreakerForm(HouseForm):
    reason = TextAreaField(_l("问题是怎么解决的"), [InputRequired(_l("请写明问题是怎么解决的。")), _LENGTH])
