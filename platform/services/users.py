"""Users: who may sign in, and what each is granted. Nobody grants anything to himself."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from domain import names, phones
from domain.codes import Relation
from domain.errors import NotFound, Refusal
from domain.masks import masked_name, masked_phone
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Canteen, Centre, Division, Grant, Helper, Role, Senior, User
from models.keyring import keyring
from policy import Actor, Permission, Scope, reach
from queries import users as queries

from . import audit, passwords

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are mistaken for one another on paper."""
SCOPE_OF: dict[Role, str] = {
    Role.CITY_OFFICER: "division_code", Role.COUNTY_OFFICER: "division_code", Role.TOWNSHIP_CLERK: "division_code",
    Role.DISPATCHER: "division_code", Role.AUDITOR: "division_code", Role.ADMINISTRATOR: "division_code",
    Role.CENTRE_MANAGER: "centre_id", Role.CANTEEN_MANAGER: "canteen_id", Role.HELPER: "helper_id",
    Role.FAMILY: "senior_id",
}  # fmt: skip
"""What kind of thing each role is held over."""
CODE_LENGTHS = {Role.CITY_OFFICER: (6,), Role.COUNTY_OFFICER: (6,), Role.TOWNSHIP_CLERK: (9,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFacts:
    """What is written down about a user."""

    user_name: str
    name: str
    phone: str = ""


def find(user_id: uuid.UUID, *, by: Actor) -> User:
    """The user with grants, if all of them lie in what `by` administers. Raises NotFound."""
    user = queries.find(user_id, by.scope(Permission.USER_EDIT), to_edit=True)
    if user is None:
        raise NotFound("")
    return user


def create(facts: UserFacts, grant: Grant, *, by: Actor, now: datetime) -> tuple[User, str]:
    """A new user with one grant, and the first password: shown once, changed at the first sign-in."""
    _check_grant(grant, by=by, today=local_day(now))
    user = User(must_change_password=True, grants=[])
    _put(user, facts)
    password = first_password()
    user.password_hash = passwords.hashed(password)
    user.grants = [grant]
    db.session.add(user)
    _flush()
    audit.record(
        "user.create", "user", user.id, by=by, now=now, division_code=grant.division_code or "",
        changes={"user_name": [None, user.user_name], **_shown(grant)},
    )  # fmt: skip
    return user, password


def update(user_id: uuid.UUID, facts: UserFacts, *, by: Actor, now: datetime) -> User:
    """Change name, user name or phone."""
    user = find(user_id, by=by)
    before = (user.user_name, user.name, user.phone)
    _put(user, facts)
    _flush()
    after = (user.user_name, user.name, user.phone)
    if before != after:
        changes = {
            "user_name": [before[0], after[0]],
            "name": [masked_name(before[1]), masked_name(after[1])],
            "phone": [masked_phone(before[2]), masked_phone(after[2])],
        }
        audit.record("user.edit", "user", user.id, by=by, now=now, changes=changes)
    return user


def give(user_id: uuid.UUID, grant: Grant, *, by: Actor, now: datetime) -> Grant:
    """Grant a role over one scope. Refused to oneself, and outside one's own places."""
    user = find(user_id, by=by)
    if user.id == by.user_id:
        raise Refusal(_("不能给自己授权，请另一位管理员来做。"))
    _check_grant(grant, by=by, today=local_day(now))
    if any(_same(grant, one) and (one.to_on is None or one.to_on >= local_day(now)) for one in user.grants):
        raise Refusal(_("这个人已经有这项授权了。"), field="role")
    grant.user_id = user.id
    db.session.add(grant)
    db.session.flush()
    audit.record(
        "user.grant", "user", user.id, by=by, now=now, division_code=grant.division_code or "", changes=_shown(grant)
    )
    return grant


def take_back(user_id: uuid.UUID, grant_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """End a grant at once; the trail keeps that it was."""
    user = find(user_id, by=by)
    if user.id == by.user_id:
        raise Refusal(_("不能改自己的授权，请另一位管理员来做。"))
    grant = next((one for one in user.grants if one.id == grant_id), None)
    if grant is None or not _holds(by, grant, local_day(now)):
        raise NotFound("")
    if grant.role is Role.ADMINISTRATOR:
        _refuse_last_administrator(user)
    user.grants.remove(grant)
    db.session.flush()
    before = {name: [pair[1], None] for name, pair in _shown(grant).items()}
    audit.record(
        "user.take_back", "user", user.id, by=by, now=now, division_code=grant.division_code or "", changes=before
    )


def deactivate(user_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """No more signing in; open sessions end with their next request. What the user did stays written down."""
    user = find(user_id, by=by)
    if user.id == by.user_id:
        raise Refusal(_("不能停用自己。"))
    _refuse_last_administrator(user)
    user.is_active = False
    user.session_version += 1
    db.session.flush()
    audit.record("user.deactivate", "user", user.id, by=by, now=now)


def activate(user_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """May sign in again, with the password of before."""
    user = find(user_id, by=by)
    user.is_active = True
    db.session.flush()
    audit.record("user.activate", "user", user.id, by=by, now=now)


def reset_password(user_id: uuid.UUID, *, by: Actor, now: datetime) -> str:
    """A new one-time password, for somebody who forgot the old one. All sessions end."""
    user = find(user_id, by=by)
    if user.id == by.user_id:
        raise Refusal(_("自己的密码请在“修改密码”里改。"))
    password = first_password()
    user.password_hash, user.must_change_password = passwords.hashed(password), True
    user.session_version += 1
    db.session.flush()
    audit.record("user.reset_password", "user", user.id, by=by, now=now)
    return password


def sign_out(user_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """End every session of a user, for a lost phone."""
    user = find(user_id, by=by)
    user.session_version += 1
    db.session.flush()
    audit.record("user.sign_out_everywhere", "user", user.id, by=by, now=now)


def first_password() -> str:
    """Three groups of four: easy to read aloud, 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(4)) for _group in range(3))


def _put(user: User, facts: UserFacts) -> None:
    user_name, name = facts.user_name.strip(), names.normalise(facts.name)
    number = phones.normalise(facts.phone) if facts.phone.strip() else None
    if not (3 <= len(user_name) <= 60) or not all(sign.isalnum() or sign in "._-" for sign in user_name):
        raise Refusal(_("用户名要 3 至 60 位，可用字母、数字、点和横线。"), field="user_name")
    if phones.normalise(user_name) is not None:
        raise Refusal(_("用户名不能是电话号码。"), field="user_name")
    if not names.is_name(name):
        raise Refusal(_("请填写姓名（2 至 50 个字）。"), field="name")
    if facts.phone.strip() and number is None:
        raise Refusal(_("这不是电话号码，请核对。"), field="phone")
    index = keyring.blind_index(number, "users.phone") if number else None
    _refuse_taken(user, user_name, index)
    user.user_name, user.name, user.phone, user.phone_index = user_name, name, number, index


def _refuse_taken(user: User, user_name: str, index: str | None) -> None:
    ways = [func.lower(User.user_name) == user_name.lower()]
    if index is not None:
        ways.append(User.phone_index == index)
    others = select(User.id, User.user_name).where(or_(*ways)).limit(3)
    with db.session.no_autoflush:
        taken = [name.lower() for key, name in db.session.execute(others) if key != user.id]
    if user_name.lower() in taken:
        raise Refusal(_("这个用户名已经有人用了，请换一个。"), field="user_name")
    if taken:
        raise Refusal(_("这个手机号已经登记在另一个用户上。"), field="phone")


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(_("用户名或手机号刚被别人登记了，请换一个。"), field="user_name") from error


def _check_grant(grant: Grant, *, by: Actor, today: date) -> None:
    needed = SCOPE_OF[grant.role]
    if getattr(grant, needed) in {None, ""}:
        raise Refusal(_("请选择管理的范围。"), field=needed)
    if grant.to_on is not None and grant.to_on < (grant.from_on or today):
        raise Refusal(_("结束日期不能早于开始日期。"), field="to_on")
    if grant.role is Role.FAMILY and grant.relation not in set(Relation):
        raise Refusal(_("请选择和老人的关系。"), field="relation")
    lengths = CODE_LENGTHS.get(grant.role)
    if lengths and len(grant.division_code or "") not in lengths:
        raise Refusal(_("这个角色不能管这一级的区划，请重新选择。"), field="division_code")
    if not _holds(by, grant, today):
        raise Refusal(_("这个范围不归您管。"), field=needed)


def _holds(by: Actor, grant: Grant, today: date) -> bool:
    """Whether the scope of a grant exists and lies in what `by` administers."""
    scope = by.scope(Permission.USER_EDIT)
    if grant.division_code:
        is_known = db.session.get(Division, grant.division_code) is not None
        return is_known and scope.holds_division(grant.division_code)
    return _exists(grant, scope, today)


def _exists(grant: Grant, scope: Scope, today: date) -> bool:
    for key, column, condition in (
        (grant.centre_id, Centre.id, reach.centres(scope)),
        (grant.canteen_id, Canteen.id, reach.canteens(scope)),
        (grant.helper_id, Helper.id, reach.helpers(scope)),
        (grant.senior_id, Senior.id, reach.seniors(scope, today)),
    ):
        if key is not None:
            return db.session.scalar(select(column).where(column == key, condition)) is not None
    return False


def _same(one: Grant, other: Grant) -> bool:
    fields = ("role", "division_code", "centre_id", "canteen_id", "helper_id", "senior_id")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _shown(grant: Grant) -> dict[str, list[str | None]]:
    fields = ("role", "division_code", "centre_id", "canteen_id", "helper_id", "senior_id", "relation")
    return {name: [None, str(getattr(grant, name))] for name in fields if getattr(grant, name)}


def _refuse_last_administrator(user: User) -> None:
    """Somebody must be left who can let others in."""
    if not any(grant.role is Role.ADMINISTRATOR for grant in user.grants):
        return
    others = select(func.count()).where(
        Grant.role == Role.ADMINISTRATOR, Grant.user_id != user.id, Grant.user_id == User.id, User.is_active
    )
    if not db.session.scalar(others):
        raise Refusal(_("这是最后一位系统管理员，不能停用。"), suggestion=_("请先给另一个人授权。"))
