"""The forms at the door."""

from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l


class SignInForm(HouseForm):
    login = StringField(_l("用户名或手机号"), [InputRequired(_l("请填写用户名或手机号。")), Length(max=60)])
    password = PasswordField(_l("密码"), [InputRequired(_l("请填写密码。")), Length(max=200)])


class PasswordForm(HouseForm):
    old_password = PasswordField(_l("原密码"), [InputRequired(_l("请填写原密码。"))])
    new_password = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码。")), Length(max=200)])
    again = PasswordField(
        _l("再填一次新密码"),
        [InputRequired(_l("请再填一次新密码。")), EqualTo("new_password", _l("两次填写的新密码不一样。"))],
    )
