"""A plan's figures beside another's, in sentences: 比就近走多排上 2 位，少走 86 公里。"""

from collections.abc import Iterator, Mapping
from typing import Any

from extensions.babel import gettext as _
from extensions.babel import is_english

Numbers = Mapping[str, Any]


def against(name: str, plan: Numbers, other: Numbers) -> str:
    """What is better and what is worse than in `other`, which is called `name`."""
    name = name[:1].lower() + name[1:]
    parts = list(_differences(plan, other))
    if not parts:
        return _("和%(name)s一样。", name=name)
    return _("比%(name)s%(what)s。", name=name, what=(", " if is_english() else "，").join(parts))


def _differences(plan: Numbers, other: Numbers) -> Iterator[str]:
    served = plan["served"] - other["served"]
    if served:
        yield _("多排上 %(count)d 位", count=served) if served > 0 else _("少排上 %(count)d 位", count=-served)
    metres = plan["metres"] - other["metres"]
    if abs(metres) >= 500:
        far = _kilometres(abs(metres))
        yield _("多走 %(km)s 公里", km=far) if metres > 0 else _("少走 %(km)s 公里", km=far)
    travel = plan["travel_minutes"] - other["travel_minutes"]
    if abs(travel) >= 6:
        long = f"{abs(travel) / 60:,.1f}"
        yield _("路上多 %(hours)s 小时", hours=long) if travel > 0 else _("路上少 %(hours)s 小时", hours=long)
    yield from _minutes(plan, other)
    kept = plan.get("kept_regular", 0) - other.get("kept_regular", 0)
    if kept:
        yield _("多 %(count)d 位见到熟人", count=kept) if kept > 0 else _("少 %(count)d 位见到熟人", count=-kept)


def _minutes(plan: Numbers, other: Numbers) -> Iterator[str]:
    late = plan.get("late_minutes", 0) - other.get("late_minutes", 0)
    if late:
        yield _("晚到多 %(minutes)d 分钟", minutes=late) if late > 0 else _("晚到少 %(minutes)d 分钟", minutes=-late)
    over = plan.get("overtime_minutes", 0) - other.get("overtime_minutes", 0)
    if over:
        yield _("加班多 %(minutes)d 分钟", minutes=over) if over > 0 else _("加班少 %(minutes)d 分钟", minutes=-over)


def each(name: str, plan: Numbers, other: Numbers) -> str:
    """How far one visit takes, here and there: what two days of different size can be compared by."""
    if not plan["served"] or not other.get("served"):
        return ""
    here, there = plan["metres"] / plan["served"], other["metres"] / other["served"]
    return _("平均每次探访走 %(here)s 公里，%(name)s是 %(there)s 公里。", here=f"{here / 1000:.1f}",
             name=name, there=f"{there / 1000:.1f}")  # fmt: skip


def _kilometres(metres: int) -> str:
    return f"{metres / 1000:,.0f}" if metres >= 10_000 else f"{metres / 1000:.1f}"
