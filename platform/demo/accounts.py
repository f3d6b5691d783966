"""The demo accounts: one for each role, all with the same published password. Refused outside demo mode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from domain.codes import Relation
from extensions import db
from extensions.babel import lazy as _l
from models import CentreKind, Grant, Role, User
from services import passwords
from wording import word

from .crew import KNOWN, helper_id
from .dice import id_of
from .people import senior_id
from .shape import CITY_CODE, HOME_COUNTY

PASSWORD = "songhe-2026"  # noqa: S105  published on purpose: demo accounts exist in demo mode only
TOWNSHIP = f"{HOME_COUNTY}001"
HOME_CENTRE: UUID = id_of("centre", CentreKind.DAY_CARE, 0, number=0)
HOME_CANTEEN: UUID = id_of("canteen", 0, number=0)
HOME_HELPER: UUID = helper_id(HOME_COUNTY, 0)


@dataclass(frozen=True, slots=True)
class Account:
    """One who can sign in: what they are called, as what, over what, and what they see first."""

    user_name: str
    name: str
    role: Role
    sees: str
    grants: Callable[[], list[Grant]]


def _over(role: Role, code: str) -> Callable[[], list[Grant]]:
    return lambda: [Grant(role=role, division_code=code)]


def _family() -> list[Grant]:
    relations = (Relation.DAUGHTER, Relation.CHILD_IN_LAW)
    return [
        Grant(role=Role.FAMILY, senior_id=senior_id(number), relation=relation.value)
        for number, relation in enumerate(relations)
    ]


ACCOUNTS = (
    Account("city", "高文清", Role.CITY_OFFICER, _l("全市：探访率、预警、各县进度"),
            _over(Role.CITY_OFFICER, CITY_CODE)),
    Account("county", "贺志远", Role.COUNTY_OFFICER, _l("宝塔区：老人、站点、餐厅、规则"),
            _over(Role.COUNTY_OFFICER, HOME_COUNTY)),
    Account("town", "白玉梅", Role.TOWNSHIP_CLERK, _l("一个街道：登记老人、处理预警"),
            _over(Role.TOWNSHIP_CLERK, TOWNSHIP)),
    Account("dispatcher", "郝建平", Role.DISPATCHER, _l("宝塔区：排巡访路线、看谁晚了"),
            _over(Role.DISPATCHER, HOME_COUNTY)),
    Account("centre", "薛秀芳", Role.CENTRE_MANAGER, _l("一家日间照料中心：今天的名册"),
            lambda: [Grant(role=Role.CENTRE_MANAGER, centre_id=HOME_CENTRE)]),
    Account("canteen", "马海清", Role.CANTEEN_MANAGER, _l("一家共享餐厅：菜单、备餐、名单"),
            lambda: [Grant(role=Role.CANTEEN_MANAGER, canteen_id=HOME_CANTEEN)]),
    Account("helper", KNOWN, Role.HELPER, _l("自己的巡访路线：今天先去谁家"),
            lambda: [Grant(role=Role.HELPER, helper_id=HOME_HELPER)]),
    Account("family", "刘晓燕", Role.FAMILY, _l("自己的两位老人：订餐、探访"), _family),
    Account("auditor", "康向前", Role.AUDITOR, _l("谁在什么时候看过、改过什么"), _over(Role.AUDITOR, CITY_CODE)),
    Account("admin", "任志强", Role.ADMINISTRATOR, _l("用户和权限"), _over(Role.ADMINISTRATOR, CITY_CODE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForSignIn:
    """What the sign-in page and the console say about an account."""

    user_name: str
    role: str
    sees: str


def for_sign_in() -> list[ForSignIn]:
    """Every demo account, in the reader's language. Only to be shown in demo mode."""
    return [ForSignIn(one.user_name, word(one.role), str(one.sees)) for one in ACCOUNTS]


def create(now: datetime) -> int:
    """Make the accounts that are not there yet; returns how many. Places, helpers and seniors must be there."""
    known = set(db.session.scalars(select(User.user_name).where(User.is_demo)))
    missing = [account for account in ACCOUNTS if account.user_name not in known]
    password_hash = passwords.hashed(PASSWORD) if missing else ""
    for account in missing:
        db.session.add(
            User(
                id=id_of("user", account.user_name), user_name=account.user_name, name=account.name, is_demo=True,
                password_hash=password_hash, password_changed_at=now, grants=account.grants(),
            )
        )  # fmt: skip
    db.session.flush()
    return len(missing)
