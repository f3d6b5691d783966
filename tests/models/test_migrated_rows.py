"""What was there before the schema learned of two helpers is there afterwards, and so are the rules around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from application import create_app
from extensions import db
from tests.conftest import make_settings

AT = "2026-11-23 09:00:00"
A, B, C = (f"{number:032x}" for number in (1, 2, 3))


@pytest.fixture
def before(tmp_path: Path) -> Iterator[sa.Engine]:
    """A SQLite database of the second revision with a visit, its report and its plan: PostgreSQL alters in place."""
    app = create_app(make_settings(f"sqlite:///{tmp_path / 'old.sqlite3'}"), tmp_path)
    with app.app_context():
        upgrade(revision="0002")
        with db.engine.begin() as connection:
            _fill(connection)
        yield db.engine
        db.engine.dispose()


def _fill(connection: sa.Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)

    def put(table: str, **values: object) -> None:
        plain = {"created_at": AT, "updated_at": AT}
        row = {}
        for column in tables.tables[table].columns:
            kind = str(column.type)
            empty = 0 if kind in {"INTEGER", "BOOLEAN", "FLOAT"} else "[]" if kind == "JSON" else AT[:10]
            row[column.name] = plain.get(column.name, None if column.nullable else empty)
        row |= values
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)

    put("divisions", code="610602", name="宝塔区", level="county")
    put("seniors", id=A, name="张玉兰", sex="female", residence_code="610602", living="alone", risk_tier="A",
        status="active")  # fmt: skip
    term = {"window_from": 510, "window_to": 1050, "duration_minutes": 30, "priority": 2, "mode": "door"}
    put("visit_plans", id=B, senior_id=A, **term)
    put("visits", id=C, senior_id=A, plan_id=B, status="due", **term)
    put("visit_events", id=B, visit_id=C, kind="note", happened_at=AT, recorded_at=AT, received_at=AT)


def test_visits_keep_their_reports_and_get_plain_terms(before: sa.Engine) -> None:
    upgrade()
    with before.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM visit_events")) == 1
        row = connection.execute(sa.text("SELECT windows, is_soft, needs_two, second_helper_id FROM visits")).one()
        assert tuple(row) == ("[]", 0, 0, None)
        assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE visits SET second_gap_least = 5",
        "UPDATE visits SET second_helper_id = 'ffffffffffffffffffffffffffffffff'",
        "UPDATE visits SET status = 'done'",
    ],
)
def test_the_rules_of_before_and_the_new_ones_hold(before: sa.Engine, wrong: str) -> None:
    upgrade()
    with pytest.raises(sa.exc.IntegrityError), before.begin() as connection:
        connection.execute(sa.text(wrong))
