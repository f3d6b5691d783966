"""Changes by hand in words: what they come to, why they cannot be made, and who made which."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dispatch import Violation
from domain.masks import masked_name
from domain.round_effects import Effects, HelperEffect
from extensions.babel import gettext as _
from extensions.babel import is_english
from extensions.babel import lazy as _l
from models import EditKind

from .core import Word, register

register({
    EditKind.MOVE: Word(_l("挪动"), "neutral", "arrow-repeat"),
    EditKind.PUT_IN: Word(_l("排进去"), "good", "plus-circle"),
    EditKind.TAKE_OUT: Word(_l("拿下来"), "watch", "dash-circle"),
    EditKind.PIN: Word(_l("锁定一站"), "neutral", "lock"),
    EditKind.UNPIN: Word(_l("解锁一站"), "neutral", "lock"),
    EditKind.PIN_ROUND: Word(_l("锁定整条路线"), "neutral", "lock"),
    EditKind.UNPIN_ROUND: Word(_l("解锁整条路线"), "neutral", "lock"),
    EditKind.UNDO: Word(_l("撤销"), "neutral", "arrow-counterclockwise"),
    EditKind.REDO: Word(_l("重做"), "neutral", "arrow-repeat"),
})  # fmt: skip

Names = Mapping[str, str]


def effects(its: Effects, names: Names) -> str:
    """One sentence: 路上多 12 分钟，李梅 17:20 回来，晚 8 分钟。"""
    parts = [*_plan_parts(its), *(part for one in its.helpers for part in _helper_parts(one, names))]
    if its.retimed:
        parts.append(_("%(count)d 位老人的时间要变，最多差 %(minutes)d 分钟", count=its.retimed, minutes=its.furthest))
    what = (", " if is_english() else "，").join(parts)
    return _("%(what)s。", what=what[:1].upper() + what[1:])


def _plan_parts(its: Effects) -> Iterator[str]:
    if its.served:
        count = abs(its.served)
        yield _("多排上 %(count)d 位", count=count) if its.served > 0 else _("少排上 %(count)d 位", count=count)
    minutes = abs(its.travel)
    if not minutes:
        yield _("路上一样长")
    else:
        yield (
            _("路上多 %(minutes)d 分钟", minutes=minutes)
            if its.travel > 0
            else _("路上少 %(minutes)d 分钟", minutes=minutes)
        )
    if its.late:
        late = abs(its.late)
        yield _("晚到多 %(minutes)d 分钟", minutes=late) if its.late > 0 else _("晚到少 %(minutes)d 分钟", minutes=late)
    if its.overtime:
        over = abs(its.overtime)
        yield (
            _("加班多 %(minutes)d 分钟", minutes=over)
            if its.overtime > 0
            else _("加班少 %(minutes)d 分钟", minutes=over)
        )


def _helper_parts(one: HelperEffect, names: Names) -> Iterator[str]:
    name = names.get(one.helper_id, _("一位助老员"))
    if one.back is None:
        yield _("%(name)s这天不用出门", name=name)
    elif one.was_back is None:
        yield _("%(name)s %(leaves)s 出门，%(back)s 回来", name=name, leaves=_clock(one.leaves), back=_clock(one.back))
    elif one.back > one.was_back:
        later = one.back - one.was_back
        yield _("%(name)s %(back)s 回来，晚 %(minutes)d 分钟", name=name, back=_clock(one.back), minutes=later)
    elif one.back < one.was_back:
        earlier = one.was_back - one.back
        yield _("%(name)s %(back)s 回来，早 %(minutes)d 分钟", name=name, back=_clock(one.back), minutes=earlier)


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def refusals(broken: Iterable[Violation], names: Names) -> str:
    """Why it cannot be made, each sentence once."""
    said = dict.fromkeys(_broken(one, names) for one in broken)
    return (" " if is_english() else "").join(said)


def _broken(one: Violation, names: Names) -> str:
    senior = names.get(one.subject, "")
    values = {
        "helper": names.get(one.helper_id or "", _("这位助老员")),
        "senior": masked_name(senior) if senior else _("这位老人"),
        "minutes": one.minutes,
    }
    what = "late" if one.what == "window" and one.minutes else one.what
    return str(_BROKEN.get(what, _l("%(helper)s排不下%(senior)s。"))) % values


_BROKEN = {
    "skill": _l("%(helper)s没有%(senior)s要的技能。"),
    "sex": _l("%(senior)s要的性别和%(helper)s不一样。"),
    "language": _l("%(helper)s不会说%(senior)s的话。"),
    "never": _l("%(senior)s不要%(helper)s来。"),
    "window": _l("%(helper)s到%(senior)s家时，不在可以上门的时间。"),
    "late": _l("%(helper)s到%(senior)s家会晚 %(minutes)d 分钟。"),
    "shift": _l("%(helper)s会超出班次 %(minutes)d 分钟。"),
    "day too long": _l("%(helper)s的一天会超出 %(minutes)d 分钟。"),
    "break": _l("%(helper)s没有时间休息。"),
    "no rest": _l("%(helper)s没有时间休息。"),
    "gap": _l("去%(senior)s家的两位助老员凑不到一起。"),
    "crossed": _l("去%(senior)s家的两位助老员凑不到一起。"),
    "half made": _l("去%(senior)s家要两个人，只有一位。"),
    "one helper twice": _l("去%(senior)s家要两位不同的助老员。"),
    "capacity": _l("%(helper)s一次带不下这么多份。"),
    "cold": _l("%(helper)s送到%(senior)s家，饭菜会凉。"),
    "no place": _l("不知道%(senior)s家在哪里。"),
    "way back": _l("%(helper)s没有路能走。"),
    "travel": _l("%(helper)s没有路能到%(senior)s家。"),
}


def said(kind: EditKind, asked: Mapping[str, Any], of_number: int | None, names: Names) -> str:
    """A change in the log: 王*兰从张三给了李梅，第 3 站."""
    senior = names.get(str(asked.get("visit", "")), "")
    values = {
        "senior": masked_name(senior) if senior else _("一位老人"),
        "helper": names.get(str(asked.get("helper", "")), _("一位助老员")),
        "other": names.get(str(asked.get("from", "")), _("一位助老员")),
        "position": asked.get("position", 1),
        "number": of_number or 0,
    }
    if kind is EditKind.MOVE and asked.get("from") == asked.get("helper"):
        return _("%(senior)s改为%(helper)s的第 %(position)d 站", **values)
    return str(_SAID[kind]) % values


_SAID = {
    EditKind.MOVE: _l("%(senior)s从%(other)s给了%(helper)s，第 %(position)d 站"),
    EditKind.PUT_IN: _l("%(senior)s排给%(helper)s，第 %(position)d 站"),
    EditKind.TAKE_OUT: _l("%(senior)s从%(other)s的路线上拿下来"),
    EditKind.PIN: _l("%(senior)s锁定给%(helper)s"),
    EditKind.UNPIN: _l("%(senior)s不再锁定给%(helper)s"),
    EditKind.PIN_ROUND: _l("锁定%(helper)s的整条路线"),
    EditKind.UNPIN_ROUND: _l("解锁%(helper)s的整条路线"),
    EditKind.UNDO: _l("撤销第 %(number)d 处改动"),
    EditKind.REDO: _l("重做第 %(number)d 处改动"),
}
