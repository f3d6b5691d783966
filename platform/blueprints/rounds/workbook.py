"""A proposal as a workbook: rounds, stops, what is left out with its reasons, figures. Names in full, as on paper."""

from collections.abc import Iterator, Mapping, Sequence

from extensions.babel import gettext as _
from formatting import minutes_clock, skill_words
from gateways.sheets.writing import Cell, Column, Sheet
from queries.round_lines import LeftOutLine, RoundLine
from wording import rounds as words
from wording import word

from .figures import Compared


def sheets_of(
    lines: Sequence[RoundLine],
    left_out: Sequence[LeftOutLine],
    compared: Compared,
    names: Mapping[str, str],
    townships: Mapping[str, str],
) -> list[Sheet]:
    """Four sheets."""
    return [
        Sheet(_("路线"), _round_columns(), _rounds(lines)),
        Sheet(_("每一站"), _stop_columns(), _stops(lines, names, townships)),
        Sheet(_("没排上"), _left_out_columns(), _left_out(left_out, names)),
        Sheet(_("比较"), [Column("", 20), *(Column(one, 16) for one in compared.columns)], _figures(compared)),
    ]


def _columns(*pairs: tuple[str, int]) -> list[Column]:
    return [Column(label, width) for label, width in pairs]


def _round_columns() -> list[Column]:
    return _columns(
        (_("路线"), 8), (_("助老员"), 16), (_("出行"), 10), (_("出发"), 8), (_("回来"), 8), (_("站数"), 8),
        (_("公里"), 8), (_("路上（分钟）"), 12), (_("在老人家（分钟）"), 16), (_("晚到（分钟）"), 12),
    )  # fmt: skip


def _rounds(lines: Sequence[RoundLine]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [
            line.number, line.helper_name, word(line.means), minutes_clock(line.start_minute),
            minutes_clock(line.end_minute), len(line.stops), round(line.distance_m / 1000, 1), line.travel_minutes,
            line.work_minutes, sum(stop.late_minutes for stop in line.stops),
        ]  # fmt: skip


def _stop_columns() -> list[Column]:
    return _columns(
        (_("路线"), 8), (_("助老员"), 16), (_("站"), 6), (_("到"), 8), (_("开始"), 8), (_("离开"), 8), (_("老人"), 14),
        (_("乡镇"), 14), (_("住址"), 30), (_("怎么找"), 24), (_("轻重缓急"), 10), (_("做什么"), 24), (_("两人"), 8),
        (_("晚到（分钟）"), 12), (_("路上（分钟）"), 12), (_("为什么是他"), 40),
    )  # fmt: skip


def _stops(lines: Sequence[RoundLine], names: Mapping[str, str], townships: Mapping[str, str]) -> Iterator[list[Cell]]:
    for line in lines:
        for stop in line.stops:
            yield [
                line.number, line.helper_name, stop.position, minutes_clock(stop.arrive_minute),
                minutes_clock(stop.start_minute), minutes_clock(stop.leave_minute), stop.senior_name,
                townships.get(stop.township, ""), stop.address, stop.landmark, str(words.priority(stop.priority).text),
                " ".join(filter(None, (stop.reason, skill_words(stop.skills)))), _("是") if stop.needs_two else "",
                stop.late_minutes, stop.travel_minutes, " ".join(words.reason(one, names) for one in stop.why),
            ]  # fmt: skip


def _left_out_columns() -> list[Column]:
    return _columns((_("老人"), 14), (_("村"), 18), (_("轻重缓急"), 10), (_("时间"), 14), (_("为什么"), 80))


def _left_out(left_out: Sequence[LeftOutLine], names: Mapping[str, str]) -> Iterator[list[Cell]]:
    for one in left_out:
        times = f"{minutes_clock(one.window_from)}–{minutes_clock(one.window_to)}"
        reasons = " ".join(words.reason(reason, names) for reason in one.reasons)
        yield [one.senior_name, one.division_name, str(words.priority(one.priority).text), times, reasons]


def _figures(compared: Compared) -> Iterator[list[Cell]]:
    for name, cells in compared.rows:
        yield [name, *cells]
