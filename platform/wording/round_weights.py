"""What other weights would have done to a day, in plain language."""

from collections.abc import Callable
from typing import Protocol

from extensions.babel import gettext as _
from extensions.babel import lazy as _l

NOISE_M = 1000
NOISE_MINUTES = 10
"""Smaller differences than these are as likely the search's as the weights'."""


class Outcome(Protocol):
    """A day in numbers; minutes and metres."""

    @property
    def left_out(self) -> int: ...

    served: int
    urgent_left: int
    metres: int
    travel_minutes: int
    kept_regular: int
    late_minutes: int
    overtime_minutes: int
    pair_wait_minutes: int
    spread_minutes: int


def said(old: Outcome, new: Outcome) -> list[str]:
    """The differences that matter, what people feel first; empty where there is none."""
    return [text for say in (_left_out, _road, _faces, _spread, _late, _overtime, _waiting) if (text := say(old, new))]


def _left_out(old: Outcome, new: Outcome) -> str:
    if new.left_out == old.left_out:
        return ""
    text = _("没排上的从 %(old)d 次变成 %(new)d 次", old=old.left_out, new=new.left_out)
    if new.urgent_left != old.urgent_left:
        text += _("（紧急的从 %(old)d 次变成 %(new)d 次）", old=old.urgent_left, new=new.urgent_left)
    return text


def _road(old: Outcome, new: Outcome) -> str:
    metres = new.metres - old.metres
    if abs(metres) < NOISE_M:
        return ""
    kilometres = round(abs(metres) / 1000)
    return _("多走 %(km)d 公里", km=kilometres) if metres > 0 else _("少走 %(km)d 公里", km=kilometres)


def _faces(old: Outcome, new: Outcome) -> str:
    more = new.kept_regular - old.kept_regular
    if not more:
        return ""
    if more > 0:
        return _("多 %(count)d 位老人由熟悉的助老员上门", count=more)
    return _("少 %(count)d 位老人由熟悉的助老员上门", count=-more)


def _changed(old: int, new: int, say: Callable[[str, str], str]) -> str:
    return say(_length(old), _length(new)) if abs(new - old) >= NOISE_MINUTES else ""


def _spread(old: Outcome, new: Outcome) -> str:
    return _changed(
        old.spread_minutes, new.spread_minutes,
        lambda a, b: _("工时最长和最短的差从 %(old)s变成 %(new)s", old=a, new=b),
    )  # fmt: skip


def _late(old: Outcome, new: Outcome) -> str:
    return _changed(old.late_minutes, new.late_minutes, lambda a, b: _("迟到一共从 %(old)s变成 %(new)s", old=a, new=b))


def _overtime(old: Outcome, new: Outcome) -> str:
    return _changed(
        old.overtime_minutes, new.overtime_minutes, lambda a, b: _("加班一共从 %(old)s变成 %(new)s", old=a, new=b)
    )


def _waiting(old: Outcome, new: Outcome) -> str:
    return _changed(
        old.pair_wait_minutes, new.pair_wait_minutes,
        lambda a, b: _("两人同去互相等的时间从 %(old)s变成 %(new)s", old=a, new=b),
    )  # fmt: skip


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d 分钟", minutes=rest)
    return _("%(hours)d 小时 %(minutes)d 分", hours=hours, minutes=rest) if rest else _("%(hours)d 小时", hours=hours)


ROWS = (
    ("served", _l("排上的探访")), ("left_out", _l("没排上的")), ("urgent_left", _l("其中紧急的")),
    ("metres", _l("路程（公里）")), ("travel_minutes", _l("在路上")), ("kept_regular", _l("由熟悉的助老员上门")),
    ("spread_minutes", _l("工时最长和最短的差")), ("late_minutes", _l("迟到")), ("overtime_minutes", _l("加班")),
    ("pair_wait_minutes", _l("两人同去互相等")),
)  # fmt: skip
"""The lines of the table beside the sentence: attribute and label."""


def cell(name: str, outcome: Outcome) -> str:
    """One number of the table, in its unit."""
    number: int = getattr(outcome, name)
    if name == "metres":
        return f"{number / 1000:,.0f}"
    return _length(number) if name.endswith("_minutes") else f"{number:,}"
