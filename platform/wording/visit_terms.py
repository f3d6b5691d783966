"""What a visit or its plan asks for, in words: when, who, and whether two go."""

from collections.abc import Iterable

from domain.codes import Skill, Speech
from extensions.babel import gettext as _
from extensions.babel import is_english
from models import Sex
from models.visit_terms import VisitTerms

from .core import word


def when(terms: VisitTerms) -> str:
    """08:30–10:00 或 16:00–17:30，可以晚一点."""
    spans = _(" 或 ").join(f"{_clock(first)}–{_clock(last)}" for first, last in terms.spans)
    return _("%(times)s，可以晚一点", times=spans) if terms.is_soft else spans


def who(terms: VisitTerms, language: str) -> str:
    """会助浴；女；一定要会说陕北话. Empty where anybody will do."""
    return _listed(
        [
            _skilled(terms.skills),
            _of_sex(terms.wants_sex, is_wish=terms.wishes_sex),
            _("一定要会说%(speech)s", speech=word(Speech(language)))
            if terms.needs_language and language in set(Speech)
            else "",
        ]
    )


def second(terms: VisitTerms) -> str:
    """同时到；会助浴. Empty where one goes."""
    if not terms.needs_two:
        return ""
    minutes = terms.second_minutes
    return _listed(
        [
            _gap(terms.second_gap_least, terms.second_gap_most),
            _skilled(terms.second_skills),
            _of_sex(terms.second_sex, is_wish=False),
            _("待 %(minutes)d 分钟", minutes=minutes) if minutes else "",
        ]
    )


def _gap(least: int, most: int) -> str:
    if most == 0:
        return _("和第一个人同时到")
    if least == most:
        return _("比第一个人晚 %(minutes)d 分钟到", minutes=least)
    return _("比第一个人晚 %(least)d 到 %(most)d 分钟到", least=least, most=most)


def _skilled(skills: list[str]) -> str:
    known = [word(Skill(one)) for one in skills if one in set(Skill)]
    return _("会%(skills)s", skills=(", " if is_english() else "、").join(known)) if known else ""


def _of_sex(sex: str | None, *, is_wish: bool) -> str:
    if sex not in set(Sex):
        return ""
    return _("最好是%(sex)s的", sex=word(Sex(sex))) if is_wish else _("要%(sex)s的", sex=word(Sex(sex)))


def _listed(parts: Iterable[str]) -> str:
    return ("; " if is_english() else "；").join(part for part in parts if part)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
