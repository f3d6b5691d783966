"""Readers of cells: text in, a value out, or a sentence that says what to write instead."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from flask_babel import force_locale

from domain import phones
from domain.hours import Span, parse_spans, parse_weekdays
from extensions.babel import gettext as _
from wording import word_of

from .core import BadValue

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?::00)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MANGLED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_SEPARATORS = re.compile(r"[\s,，;；、/]+")
_YES = frozenset({"是", "有", "1", "y", "yes", "true", "√", "开办", "在岗"})
_NO = frozenset({"否", "无", "0", "n", "no", "false", "×", "停办", "离岗"})


def text(longest: int) -> Callable[[str], str]:
    """Text of at most `longest` characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadValue(_("太长了，最多 %(longest)d 个字。", longest=longest))
        return " ".join(cell.split())

    return parse


def code(cell: str) -> str:
    """A code of digits, which Excel must not have turned into a number that lost its tail."""
    if _MANGLED.fullmatch(cell):
        raise BadValue(_("Excel 把这个号码变成了科学计数，后几位已经丢失。请把这一列设成“文本”再重新填写。"))
    return cell.replace(" ", "")


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within a range."""

    def parse(cell: str) -> int:
        digits = cell.replace(",", "").replace("，", "")
        if not re.fullmatch(r"-?\d{1,9}", digits) or not least <= int(digits) <= most:
            raise BadValue(_("请填写 %(least)d 到 %(most)d 之间的整数。", least=least, most=most))
        return int(digits)

    return parse


def degrees(cell: str) -> float:
    """A coordinate in degrees."""
    try:
        return round(float(cell), 6)
    except ValueError as error:
        raise BadValue(_("请填写数字，如 36.5854。")) from error


def day(cell: str) -> date:
    """A day: 1943-03-05, 1943/3/5, 1943年3月5日, 19430305."""
    match = _DATE.fullmatch(cell) or _EIGHT.fullmatch(cell)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadValue(_("请按 1943-03-05 这样填写日期。"))


def yes_or_no(cell: str) -> bool:
    """是 or 否."""
    plain = cell.lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise BadValue(_("请填写“是”或“否”。"))


def phone(cell: str) -> str:
    """A phone number in its stored form."""
    if _MANGLED.fullmatch(cell):
        raise BadValue(_("Excel 把这个号码变成了科学计数，后几位已经丢失。请把这一列设成“文本”再重新填写。"))
    number = phones.normalise(cell)
    if number is None:
        raise BadValue(_("这个电话号码不对，手机号是 11 位，座机请带区号，如 0911-2112345。"))
    return number


def clock(cell: str) -> int:
    """A time of day, in minutes after midnight."""
    match = _CLOCK.fullmatch(cell)
    if match is None:
        raise BadValue(_("请按 08:30 这样填写时间。"))
    return int(match[1]) * 60 + int(match[2])


def written_clock(minute: int | None) -> str:
    """The text `clock` reads; "" for none."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def spans(cell: str) -> list[Span]:
    """Working times of a day."""
    try:
        return parse_spans(cell)
    except ValueError as error:
        raise BadValue(_("请按 08:30-12:00 14:00-17:30 这样填写。")) from error


def weekdays(cell: str) -> list[int]:
    """Days of the week."""
    try:
        return parse_weekdays(cell)
    except ValueError as error:
        raise BadValue(_("请填写周几，如“周一至周五”或“周一、周三”。")) from error


@cache
def words(enum: type[StrEnum]) -> dict[str, Any]:
    """The Chinese words of an enumeration's members, as files have them in whatever language the page is."""
    with force_locale("zh_Hans"):
        return {str(word_of(member).text): member for member in enum}


def written(member: StrEnum | str | None, enum: type[StrEnum]) -> str:
    """A member's Chinese word, for a file; "" for none."""
    return next((word for word, one in words(enum).items() if one == member), str(member or ""))


def one_of(enum: type[StrEnum], **also: Any) -> Callable[[str], Any]:
    """One member by its Chinese word; `also` are other spellings people use."""
    known: dict[str, Any] = {}

    def parse(cell: str) -> Any:
        if not known:
            known.update(words(enum) | also | {member.value: member for member in enum})
        if cell in known:
            return known[cell]
        raise BadValue(_("请从这些里面选一个：%(words)s。", words="、".join(words(enum))))

    return parse


def many_of(enum: type[StrEnum], **also: Any) -> Callable[[str], list[str]]:
    """Several members by their words, with any of the usual separators between them; their values, in order."""
    single = one_of(enum, **also)

    def parse(cell: str) -> list[str]:
        return sorted({single(part).value for part in _SEPARATORS.split(cell) if part})

    return parse


def one_span_please() -> str:
    return _("请只写一个时间段，如 08:30-17:30。")
