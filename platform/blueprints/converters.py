"""What may stand in an address: a day as YYYY-MM-DD, a division's code. Anything else is a 404 of the router."""

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


class DayConverter(BaseConverter):
    """`<day:on>`: 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        return value.isoformat()


class CodeConverter(BaseConverter):
    """`<code:code>`: 4 to 12 digits."""

    regex = r"\d{4,12}"


class WeekConverter(BaseConverter):
    """`<week:monday>`: 2026-W48, as the date of its Monday."""

    regex = r"\d{4}-W\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        year, week, _weekday = value.isocalendar()
        return f"{year}-W{week:02d}"


def init_app(app: Flask) -> None:
    """Attach to an application, before its blueprints."""
    app.url_map.converters.update(day=DayConverter, code=CodeConverter, week=WeekConverter)
