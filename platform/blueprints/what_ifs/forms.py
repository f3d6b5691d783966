"""The forms of questions: the place and day of each, and the one thing that would be different."""

import uuid
from datetime import date
from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from blueprints.fields import EnumListField, choice
from blueprints.sentences import HouseForm
from domain.codes import Skill
from extensions.babel import lazy as _l
from models import Question, RiskTier
from services.what_ifs import Asked
from wording import word

Choices = list[tuple[str, str]]


class AskForm(HouseForm):
    """Which place and day."""

    division_code = SelectField(_l("哪个地方"), [InputRequired(_l("请选一个地方。"))])
    on = DateField(_l("哪一天"), [InputRequired(_l("请选一天。"))])

    def __init__(self, places: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.division_code.choices = [choice(code, name) for code, name in places]

    def asked(self, question: Question, **more: Any) -> Asked:
        return Asked(question, self.division_code.data, self.on.data or date.min, **more)

    def as_asked(self) -> Asked:
        """The question, as the service takes it."""
        raise NotImplementedError


class WithoutForm(AskForm):
    """Without whom."""

    helper_id = SelectField(_l("谁不来"), [InputRequired(_l("请选一位助老员。"))])

    def __init__(self, places: Choices, helpers: list[tuple[uuid.UUID, str]], **options: Any) -> None:
        super().__init__(places, **options)
        self.helper_id.choices = [choice(str(key), name) for key, name in helpers]

    def as_asked(self) -> Asked:
        return self.asked(Question.WITHOUT, helper_id=uuid.UUID(self.helper_id.data))


class OneMoreForm(AskForm):
    """In which township, with which skills."""

    place_code = SelectField(_l("加在哪个乡镇"), [InputRequired(_l("请选一个乡镇。"))])
    skills = EnumListField(_l("会什么"), Skill)

    def __init__(self, places: Choices, townships: Choices, **options: Any) -> None:
        super().__init__(places, **options)
        self.place_code.choices = [choice(code, name) for code, name in townships]

    def as_asked(self) -> Asked:
        return self.asked(Question.ONE_MORE, place_code=self.place_code.data, skills=tuple(self.skills.data or ()))


class WiderForm(AskForm):
    """By how much."""

    minutes = RadioField(
        _l("前后各放宽多少"),
        choices=[choice("30", _l("半小时")), choice("60", _l("一小时")), choice("120", _l("两小时"))],
        default="60",
    )

    def as_asked(self) -> Asked:
        return self.asked(Question.WIDER, minutes=int(self.minutes.data))


class FrequencyForm(AskForm):
    """Whom how often."""

    tier = SelectField(_l("哪一档老人"))
    every_days = IntegerField(
        _l("几天一次"),
        [InputRequired(_l("请填写这一项。")), NumberRange(1, 90, _l("频次在 1 到 90 天一次之间。"))],
        default=7,
    )

    def __init__(self, places: Choices, **options: Any) -> None:
        super().__init__(places, **options)
        self.tier.choices = [*(choice(tier.value, word(tier)) for tier in RiskTier), choice("", str(_l("所有老人")))]

    def as_asked(self) -> Asked:
        return self.asked(Question.FREQUENCY, tier=self.tier.data or None, every_days=self.every_days.data)
