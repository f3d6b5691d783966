"""What a person can do about a visit that is left out: a link for each reason that has a page to mend it on."""

import uuid
from collections.abc import Iterator, Mapping

from blueprints.frame import link
from dispatch import ReasonCode
from extensions.babel import gettext as _
from queries.round_lines import LeftOutLine

_OF_THE_PLACE = {ReasonCode.NO_PLACE, ReasonCode.NO_WAY}
_OF_THE_VISIT = {
    ReasonCode.BAD_DURATION,
    ReasonCode.BAD_WINDOW,
    ReasonCode.WINDOW_TOO_SHORT,
    ReasonCode.BAD_GAP,
    ReasonCode.NOT_TOGETHER,
    ReasonCode.TOO_FAR,
    ReasonCode.ALL_FULL,
    ReasonCode.NOT_ON_SHIFT_THEN,
}
_OF_THE_HELPERS = {
    ReasonCode.NOBODY_ON_SHIFT,
    ReasonCode.NO_SKILL,
    ReasonCode.NO_SKILLS_TOGETHER,
    ReasonCode.NO_SEX,
    ReasonCode.NO_LANGUAGE,
    ReasonCode.NO_SECOND,
    ReasonCode.NOBODY_CARRIES,
    ReasonCode.NOT_ON_SHIFT_THEN,
}


def remedies(one: LeftOutLine, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, address), each once, of the pages the reader may open."""
    found: dict[str, str] = {}
    for label, href in _ways(one, names):
        found.setdefault(href, label)
    return [(label, href) for href, label in found.items() if href]


def _ways(one: LeftOutLine, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    codes = {ReasonCode(reason["code"]) for reason in one.reasons if reason.get("code") in set(ReasonCode)}
    if codes & _OF_THE_PLACE:
        yield _("标出位置"), link("seniors.show", senior_id=one.senior_id)
    if codes & _OF_THE_VISIT:
        yield _change_of(one)
    for reason in one.reasons:
        if reason.get("code") == ReasonCode.LONGER_DAY_FITS and reason.get("helper") in names:
            label = _("看%(name)s的班次", name=names[reason["helper"]])
            yield label, link("helpers.show", helper_id=uuid.UUID(reason["helper"]))
    if codes & _OF_THE_HELPERS:
        yield _("看助老员的班次和技能"), link("helpers.index")
    yield _("看这次探访"), link("visits.show", visit_id=one.visit_id)


def _change_of(one: LeftOutLine) -> tuple[str, str]:
    """A visit of a plan is changed for good there; another one is moved."""
    if one.plan_id is not None:
        return _("改时间和时长"), link("visit_plans.edit", plan_id=one.plan_id)
    return _("改期"), link("visits.move", visit_id=one.visit_id)
