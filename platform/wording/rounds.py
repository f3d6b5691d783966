"""Words for rounds, and the sentence for every reason why a visit is left out."""

from collections.abc import Mapping
from typing import Any

from dispatch import ReasonCode
from domain.codes import Skill, Speech
from domain.masks import masked_name
from extensions.babel import gettext as _
from extensions.babel import is_english
from extensions.babel import lazy as _l
from models import PlanMethod, ProposalStatus, Sex

from .core import Word, register, word

register({
    ProposalStatus.SEARCHING: Word(_l("正在规划"), "information", "hourglass-split"),
    ProposalStatus.PROPOSED: Word(_l("待发布"), "watch", "clipboard-check"),
    ProposalStatus.PUBLISHED: Word(_l("已发布"), "good", "check-circle"),
    ProposalStatus.DISCARDED: Word(_l("已放弃"), "neutral", "x-circle"),
    ProposalStatus.ENDED: Word(_l("规划中断"), "problem", "exclamation-triangle"),
})  # fmt: skip
register({
    PlanMethod.SEARCH: Word(_l("优化搜索"), "good", "check-circle"),
    PlanMethod.CHEAPEST_INSERTION: Word(_l("应急方案"), "watch", "exclamation-circle"),
    PlanMethod.NEAREST_FIRST: Word(_l("就近安排"), "neutral", "geo-alt"),
    PlanMethod.NOTHING_TO_DO: Word(_l("没有可排的"), "neutral", "dash-circle"),
})  # fmt: skip

PRIORITIES = {
    1: Word(_l("紧急"), "problem", "exclamation-octagon"),
    2: Word(_l("普通"), "neutral", "dot"),
    3: Word(_l("可缓"), "neutral", "clock"),
}


def priority(number: int) -> Word:
    """The word of a visit's priority 1, 2, 3."""
    return PRIORITIES[min(max(number, 1), 3)]


def reason(stored: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The sentence of a stored reason. `names`: of helpers and of visits' seniors, by id."""
    values = dict(stored)
    code = values.pop("code", "")
    named = {"helper": names.get(values.get("helper", ""), _("一位助老员"))}
    senior = names.get(values.get("visit", ""))
    named["senior"] = masked_name(senior) if senior else _("另一位老人")
    other = names.get(values.get("other", ""), _("一位助老员"))
    named["other"] = (
        _("另一位%(name)s", name=other) if values.get("other") in names and other == named["helper"] else other
    )
    named["skill"] = skill(values.get("skill", ""))
    named["skills"] = joined(skill(one) for one in values.get("skills", ()))
    named["sex"] = word(Sex(values["sex"])) if values.get("sex") in set(Sex) else ""
    named["language"] = word(Speech(values["language"])) if values.get("language") in set(Speech) else ""
    for key in ("from", "to", "at"):
        named[key] = _clock(values.get(f"{key}_minute"))
    numbers = {key: values.get(key, 0) for key in ("minutes", "window", "helpers", "travel_minutes", "portions")}
    return _sentence(code, named | numbers, has_skills=bool(values.get("skills")))


def joined(words: Any) -> str:
    """护理、康复; or nursing, rehabilitation."""
    return (", " if is_english() else "、").join(words)


def skill(code: str) -> str:
    """The word of a skill's code; the code itself where it is none of ours."""
    return word(Skill(code)) if code in set(Skill) else code


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def _sentence(code: str, v: dict[str, Any], *, has_skills: bool) -> str:
    if code in _BY_SKILL and has_skills:
        return str(_BY_SKILL[ReasonCode(code)]) % v
    known = set(ReasonCode)
    return str(_SENTENCES[ReasonCode(code)]) % v if code in known else _("没有排上，原因不明。")


_SENTENCES = {
    ReasonCode.DUPLICATE: _l("同一条记录出现了两次。"),
    ReasonCode.NO_PLACE: _l("不知道在哪里：没有坐标，所在的村镇也没有。请在档案里标出位置。"),
    ReasonCode.BAD_DURATION: _l("时长不对。请改成至少 5 分钟。"),
    ReasonCode.BAD_WINDOW: _l("可以上门的时间段不对。请改成先早后晚。"),
    ReasonCode.WINDOW_TOO_SHORT: _l("可以上门的时间只有 %(window)d 分钟，放不下 %(minutes)d 分钟的探访。请放宽时间。"),
    ReasonCode.NOBODY_ON_SHIFT: _l("这一天没有助老员当班。"),
    ReasonCode.NO_SKILL: _l("当班的助老员里没有人会“%(skill)s”。"),
    ReasonCode.NO_SKILLS_TOGETHER: _l("没有一位当班的助老员同时会%(skills)s。"),
    ReasonCode.NO_SEX: _l("老人希望助老员的性别是“%(sex)s”，当班的里没有。"),
    ReasonCode.NO_LANGUAGE: _l("当班的助老员里没有人会说%(language)s。"),
    ReasonCode.NOT_ON_SHIFT_THEN: _l("能去的助老员有 %(helpers)d 位，但 %(from)s 到 %(to)s 都不当班。"),
    ReasonCode.NO_WAY: _l("没有路能到。请检查位置。"),
    ReasonCode.TOO_FAR: _l("太远了：离得最近的%(helper)s单程要 %(minutes)d 分钟，一个班里来回放不下。"),
    ReasonCode.COSTS_MORE: _l("让%(helper)s去要多走 %(minutes)d 分钟的路，比这次探访的分量还重。"),
    ReasonCode.ALL_FULL: _l("能去又赶得到的 %(helpers)d 位助老员都排满了。"),
    ReasonCode.LONGER_DAY_FITS: _l(
        "如果%(helper)s当天多干 %(minutes)d 分钟，就能排上（路上多 %(travel_minutes)d 分钟）。"
    ),
    ReasonCode.SWAP_FITS: _l("如果%(helper)s %(at)s 不去%(senior)s家，就能排上。"),
    ReasonCode.LATER_FITS: _l("如果可以晚 %(minutes)d 分钟，到 %(to)s 为止，%(helper)s就能去。"),
    ReasonCode.BAD_SHIFT: _l("当班的时间或每日最长工时不对。"),
    ReasonCode.NO_MEANS: _l("没有这种出行方式的路程。"),
    ReasonCode.BAD_BREAK: _l("休息时间不对。请改成先早后晚、时长大于零。"),
    ReasonCode.NO_SECOND: _l("这次要两个人去，当班的里找不出第二位合适的。"),
    ReasonCode.NOT_TOGETHER: _l("要去的两位各自都有空，但凑不到一起：最近的一次要等 %(minutes)d 分钟。"),
    ReasonCode.BAD_GAP: _l("两位助老员前后相隔的时间不对。请改成先小后大。"),
    ReasonCode.NO_FETCH_PLACE: _l("不知道要带的东西在哪里取。请标出取货的位置。"),
    ReasonCode.NOBODY_CARRIES: _l("当班的助老员里没有人能带 %(portions)d 份。"),
    ReasonCode.NOBODY_MAY: _l("当班的里合适的人都在“不要派”的名单上。"),
    ReasonCode.COLD_BY_THEN: _l("送到就凉了：路上要 %(minutes)d 分钟，最多 %(window)d 分钟。"),
    ReasonCode.PIN_UNKNOWN: _l("锁定给了%(helper)s，但这一天没有这位助老员。请解锁或换人。"),
    ReasonCode.PIN_BREAKS: _l("锁定给%(helper)s的时间做不到。请解锁或改时间。"),
    ReasonCode.IS_DONE: _l("已经去过了。"),
    ReasonCode.IS_PINNED: _l("调度员锁定给%(helper)s。"),
    ReasonCode.IS_REGULAR: _l("平时就是%(helper)s去。"),
    ReasonCode.AS_TOLD: _l("已经告诉老人是%(helper)s去。"),
    ReasonCode.ONLY_ONE_WHO_CAN: _l("当班的里只有%(helper)s合适。"),
    ReasonCode.ONLY_ONE_WITH_ROOM: _l("合适的 %(helpers)d 位里只有%(helper)s还排得下。"),
    ReasonCode.FITS_TOGETHER: _l("这次要两个人，%(helper)s能和另一位凑到一起。"),
    ReasonCode.COSTS_LEAST: _l("%(helper)s去最顺路；换成%(other)s要多花 %(minutes)d 分钟。"),
}
_BY_SKILL = {
    ReasonCode.NO_SEX: _l("老人希望助老员的性别是“%(sex)s”；会%(skills)s的 %(helpers)d 位当班助老员里没有。"),
    ReasonCode.NO_LANGUAGE: _l("会%(skills)s的当班助老员里没有人会说%(language)s。"),
    ReasonCode.NOT_ON_SHIFT_THEN: _l("会%(skills)s的助老员有 %(helpers)d 位，但 %(from)s 到 %(to)s 都不当班。"),
}
