"""What a visit plan promises, checked, and as the columns of a plan."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from domain.codes import Skill
from domain.errors import Refusal
from domain.hours import Span
from extensions.babel import gettext as _
from models import Sex, VisitMode


@dataclass(frozen=True, slots=True)
class Second:
    """The second of two helpers: starts between `gap_least` and `gap_most` minutes after the first (0, 0: together).

    `minutes` None: stays as long as the first. The sex is a condition.
    """

    skills: tuple[str, ...] = ()
    sex: str | None = None
    minutes: int | None = None
    gap_least: int = 0
    gap_most: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan promises. `every_days` None: as the rule for the senior's risk tier says.

    `other_windows`: further times of the same day at which the visit may be made instead. `second`: two go.
    """

    every_days: int | None = None
    duration_minutes: int = 30
    window_from: int = 510
    window_to: int = 1050
    other_windows: tuple[Span, ...] = ()
    is_soft: bool = False
    skills: tuple[str, ...] = ()
    wants_sex: str | None = None
    wishes_sex: bool = False
    needs_language: bool = False
    second: Second | None = None
    priority: int = 2
    reason: str = ""

    @property
    def windows(self) -> list[Span]:
        """All times of the day, in order."""
        return sorted([(self.window_from, self.window_to), *self.other_windows])


def check(terms: Terms, mode: VisitMode) -> None:
    """Refuse what makes no sense, naming the field."""
    if terms.every_days is not None and not 1 <= terms.every_days <= 366:
        raise Refusal(_("间隔要在 1 到 366 天之间。"), field="every_days")
    if not 5 <= terms.duration_minutes <= 240:
        raise Refusal(_("一次探访的时长要在 5 到 240 分钟之间。"), field="duration_minutes")
    _check_windows(terms)
    _check_skills(terms.skills, "skills")
    _check_sex(terms.wants_sex, "wants_sex")
    if terms.priority not in {1, 2, 3}:
        raise Refusal(_("请从列表里选。"), field="priority")
    if terms.second is not None:
        if mode is VisitMode.PHONE:
            raise Refusal(_("打电话用不着两个人。"), field="needs_two")
        _check_second(terms.second)


def _check_windows(terms: Terms) -> None:
    if not 0 <= terms.window_from < terms.window_to <= 1440:
        raise Refusal(_("结束的时间要晚于开始的时间。"), field="window_to")
    if terms.window_to - terms.window_from < terms.duration_minutes:
        raise Refusal(_("这段时间放不下一次探访，请放宽一些。"), field="window_to")
    if any(last - first < terms.duration_minutes for first, last in terms.other_windows):
        raise Refusal(_("这段时间放不下一次探访，请放宽一些。"), field="other_windows")
    if any(before[1] > after[0] for before, after in pairwise(terms.windows)):
        raise Refusal(_("和前面的时间重叠了，请写另外的时段。"), field="other_windows")


def _check_second(second: Second) -> None:
    if second.minutes is not None and not 5 <= second.minutes <= 240:
        raise Refusal(_("一次探访的时长要在 5 到 240 分钟之间。"), field="second_minutes")
    if not 0 <= second.gap_least <= second.gap_most:
        raise Refusal(_("“最多晚几分钟”不能小于“最少晚几分钟”。"), field="second_gap_most")
    if second.gap_most > 240:
        raise Refusal(_("请填 0 到 240 之间的数。"), field="second_gap_most")
    _check_skills(second.skills, "second_skills")
    _check_sex(second.sex, "second_sex")


def _check_skills(skills: tuple[str, ...], field: str) -> None:
    if unknown := set(skills) - {skill.value for skill in Skill}:
        raise Refusal(_("没有这项技能：%(skill)s", skill=min(unknown)), field=field)


def _check_sex(sex: str | None, field: str) -> None:
    if sex not in {None, Sex.MALE.value, Sex.FEMALE.value}:
        raise Refusal(_("请从列表里选。"), field=field)


def columns(terms: Terms) -> dict[str, Any]:
    """What a plan's row holds of them. With several times of the day, `window_from` and `window_to` are around all."""
    windows = terms.windows
    second = terms.second or Second()
    return {
        "every_days": terms.every_days,
        "duration_minutes": terms.duration_minutes,
        "window_from": windows[0][0],
        "window_to": windows[-1][1],
        "windows": [list(span) for span in windows] if len(windows) > 1 else [],
        "is_soft": terms.is_soft,
        "skills": list(terms.skills),
        "wants_sex": terms.wants_sex,
        "wishes_sex": terms.wishes_sex and terms.wants_sex is not None,
        "needs_language": terms.needs_language,
        "needs_two": terms.second is not None,
        "second_skills": list(second.skills),
        "second_sex": second.sex,
        "second_minutes": second.minutes,
        "second_gap_least": second.gap_least,
        "second_gap_most": second.gap_most,
        "priority": terms.priority,
        "reason": terms.reason.strip(),
    }
