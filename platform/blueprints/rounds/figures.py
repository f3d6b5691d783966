"""A proposal's figures as a table: this plan, nearest first, and the rounds that held the day before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from extensions.babel import gettext as _
from formatting import hours, kilometres, near_day
from queries.round_lines import Earlier, ProposalPage
from wording import round_figures

Numbers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """Column labels, rows of (name, cells), and what they say in sentences."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    sentences: Sequence[str]


def compared(proposal: ProposalPage, earlier: Earlier | None, today: date) -> Compared:
    """The plan beside whatever there is to compare it with."""
    plan: Numbers = proposal.figures["plan"]
    beside = list(_beside(proposal, earlier, today))
    columns = _columns([plan, *(numbers for _name, numbers in beside)])
    rows = [(_("这份方案"), _cells(plan, columns))]
    rows += [(name[:1].upper() + name[1:], _cells(numbers, columns)) for name, numbers in beside]
    sentences = [round_figures.against(name, plan, numbers) for name, numbers in beside]
    if earlier is not None and earlier.figures:
        sentences.append(round_figures.each(near_day(earlier.on, today), plan, earlier.figures))
    return Compared([_label(one) for one in columns], rows, [one for one in sentences if one])


def _beside(proposal: ProposalPage, earlier: Earlier | None, today: date) -> Iterator[tuple[str, Numbers]]:
    nearest = proposal.figures.get("nearest")
    if nearest:
        yield _("就近走"), nearest
    if earlier is not None and earlier.figures:
        yield near_day(earlier.on, today), earlier.figures


_ALWAYS = ("served", "unserved", "metres", "travel_minutes")
_WHERE_THERE_ARE = ("wait_minutes", "late_minutes", "overtime_minutes", "spread_minutes", "kept_regular")


def _columns(every: Sequence[Numbers]) -> list[str]:
    return [*_ALWAYS, *(key for key in _WHERE_THERE_ARE if any(one.get(key) for one in every))]


def _label(key: str) -> str:
    return {
        "served": _("排上"),
        "unserved": _("没排上（紧急）"),
        "metres": _("公里"),
        "travel_minutes": _("在路上（小时）"),
        "wait_minutes": _("等（小时）"),
        "late_minutes": _("晚到（分钟）"),
        "overtime_minutes": _("加班（分钟）"),
        "spread_minutes": _("忙闲相差（分钟）"),
        "kept_regular": _("熟人去的"),
    }[key]


def _cells(numbers: Numbers, columns: Sequence[str]) -> list[str]:
    return [_cell(numbers, key) for key in columns]


def _cell(numbers: Numbers, key: str) -> str:
    value = numbers.get(key)
    if value is None:
        return "—"
    if key == "unserved":
        return f"{sum(value)} ({value[0]})"
    if key == "metres":
        return kilometres(value)
    return hours(value) if key in {"travel_minutes", "wait_minutes"} else f"{value:,}"
