"""The forms of users and their grants."""

import uuid
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.sentences import HouseForm
from domain.codes import Relation
from extensions.babel import lazy as _l
from models import Grant, Role
from services.users import SCOPE_OF, UserFacts
from wording import as_options


class UserForm(HouseForm):
    user_name = StringField(_l("用户名"), [InputRequired(_l("请填写用户名。")), Length(max=60)])
    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=50)])
    phone = StringField(_l("手机号"), [Optional(), Length(max=30)])

    def facts(self, kept_phone: str | None = None) -> UserFacts:
        """What was typed; an empty phone keeps the stored one."""
        return UserFacts(
            user_name=self.user_name.data or "", name=self.name.data or "", phone=self.phone.data or kept_phone or ""
        )


class GrantForm(HouseForm):
    """A role over one thing that was found by a search."""

    role = HiddenField()
    over = RadioField(_l("管哪里"), [InputRequired(_l("请选择管理的范围。"))], validate_choice=False)
    relation = SelectField(_l("和老人的关系"), validate_choice=False)
    from_on = DateField(_l("从哪天起"), [Optional()])
    to_on = DateField(_l("到哪天止（含当天）"), [Optional()])

    def __init__(self, role: Role, **options: Any) -> None:
        super().__init__(**options)
        self.chosen = role
        self.role.data = role.value
        self.relation.choices = [("", _l("请选择")), *as_options(Relation)]

    def grant(self) -> Grant:
        """The grant that was chosen; something that is no id is nobody's."""
        scope = SCOPE_OF[self.chosen]
        over: str | uuid.UUID | None = self.over.data
        if scope != "division_code":
            over = _uuid(self.over.data or "")
        relation = self.relation.data if self.chosen is Role.FAMILY else None
        dates = {"from_on": self.from_on.data, "to_on": self.to_on.data}
        return Grant(role=self.chosen, relation=relation, **{scope: over}, **dates)


class NewUserForm(UserForm, GrantForm):
    """A new user and the first grant, in one step."""


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
