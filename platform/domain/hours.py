"""Working times as people write them: 08:30-12:00 14:00-17:30."""

import re
from itertools import pairwise

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，;；、]*")

Span = tuple[int, int]


def parse_spans(text: str) -> list[Span]:
    """Spans of one day in minutes after midnight, in order. ValueError for what cannot be read or overlaps."""
    spans = []
    for match in _SPAN.finditer(text):
        first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
        spans.append((first_hour * 60 + first_minute, last_hour * 60 + last_minute))
        if max(first_minute, last_minute) > 59:
            raise ValueError(text)
    if not _BETWEEN.fullmatch(_SPAN.sub("", text)):
        raise ValueError(text)
    spans.sort()
    if any(start >= end or end > 1440 for start, end in spans):
        raise ValueError(text)
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError(text)
    return spans


def written_spans(spans: list[Span]) -> str:
    """The text `parse_spans` reads."""
    return " ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in spans)


_WEEKDAYS = "一二三四五六日"
_RANGE = re.compile(r"([1-7])[-–—~～至到]([1-7])")


def parse_weekdays(text: str) -> list[int]:
    """Days of the week, 1 Monday .. 7: 一三五 · 周一至周五 · 1-5 · 每天. ValueError for what cannot be read."""
    plain = (
        re.sub(r"星期|礼拜|周", "", text.strip()).replace("天", "日") if text.strip() not in {"每天", "天天"} else "1-7"
    )
    plain = "".join(str(_WEEKDAYS.index(sign) + 1) if sign in _WEEKDAYS else sign for sign in plain)
    days: set[int] = set()
    for match in _RANGE.finditer(plain):
        first, last = map(int, match.groups())
        if first > last:
            raise ValueError(text)
        days |= set(range(first, last + 1))
    rest = re.sub(r"[\s,，;；、/]", "", _RANGE.sub("", plain))
    if not re.fullmatch(r"[1-7]*", rest):
        raise ValueError(text)
    days |= {int(sign) for sign in rest}
    if not days:
        raise ValueError(text)
    return sorted(days)


def written_weekdays(days: list[int]) -> str:
    """The text `parse_weekdays` reads: 周一、周三."""
    chosen = sorted(days)
    return "每天" if chosen == [1, 2, 3, 4, 5, 6, 7] else "、".join(f"周{_WEEKDAYS[day - 1]}" for day in chosen)
