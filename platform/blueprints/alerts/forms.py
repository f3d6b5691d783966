"""Closing an alert."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l


class CloseForm(HouseForm):
    resolution = TextAreaField(
        _l("结果"),
        [
            InputRequired(_l("请写一句结果：联系上了谁、人怎么样、做了什么。")),
            Length(max=200, message=_l("请写在 200 字以内。")),
        ],
    )
