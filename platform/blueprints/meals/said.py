"""What is said after a tap: what was done, and until when it can be undone."""

from datetime import datetime

from domain.times import local_day
from extensions.babel import gettext as _
from formatting import near_day, near_time, yuan
from queries.meals import Booked
from wording import word


def _facts(line: Booked, now: datetime) -> dict[str, str]:
    return {
        "day": near_day(line.on, local_day(now)),
        "meal": word(line.meal),
        "canteen": line.canteen_name,
        "dish": line.dish_name,
        "amount": yuan(line.self_fen),
        "time": near_time(line.cut_off_at, now),
    }


def booked(line: Booked, now: datetime) -> str:
    return _(
        "订好了：%(day)s%(meal)s，%(canteen)s的“%(dish)s”，自己付 %(amount)s。%(time)s 以前都可以改。",
        **_facts(line, now),
    )


def added(line: Booked, now: datetime) -> str:
    return _("现加了一份：%(canteen)s的“%(dish)s”，自己付 %(amount)s。", **_facts(line, now))


def changed(line: Booked, now: datetime) -> str:
    return _(
        "改好了：%(day)s%(meal)s，%(canteen)s的“%(dish)s”，自己付 %(amount)s。%(time)s 以前都可以再改。",
        **_facts(line, now),
    )


def cancelled(line: Booked, now: datetime) -> str:
    return _("%(day)s%(meal)s取消了，不收钱。%(time)s 以前还可以恢复。", **_facts(line, now))
