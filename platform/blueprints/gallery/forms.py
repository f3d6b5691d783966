"""A form with one field of each kind."""

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.sentences import HouseForm
from domain.codes import Diet
from extensions.babel import lazy as _l
from models import LivingArrangement, Sex
from wording import as_options


class EveryField(HouseForm):
    class Meta:
        csrf = False  # it is never sent

    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=50)])
    born_on = DateField(_l("出生日期"), [InputRequired(_l("请填写出生日期。"))])
    at = TimeField(_l("几点来"))
    minutes = IntegerField(_l("大约几分钟"), [NumberRange(5, 240, _l("请填 5 到 240 之间的数。"))])
    living = SelectField(_l("居住情况"))
    sex = RadioField(_l("性别"))
    diets = SelectMultipleField(_l("饮食要求"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    landmark = TextAreaField(_l("怎么找到门"), description=_l("认路的话，比如：老槐树往上第三孔窑。"))
    photo = FileField(_l("照片"))
    agrees = BooleanField(_l("老人同意接收短信"))

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.living.choices = as_options(LivingArrangement)
        self.sex.choices = as_options(Sex)
        self.diets.choices = as_options(Diet)
