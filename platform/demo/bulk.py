"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite; types and defaults are the models'."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, insert
from sqlalchemy.orm import Session

from models import Base

Row = Mapping[str, Any]
Convert = Callable[[Any], Any]


def write(session: Session, model: type[Base], rows: Sequence[Row]) -> int:
    """Insert `rows`, all with the same keys, inside the session's transaction; returns how many."""
    if not rows:
        return 0
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  tells mypy what a declarative class has
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(session, table, rows)
    else:
        connection.execute(insert(table), list(rows))
    return len(rows)


def _copy(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Stream the rows through COPY: several times as fast as INSERT, still inside the transaction."""
    dialect = session.get_bind().dialect
    columns = [column for column in table.columns if column.name in rows[0] or column.default is not None]
    converts = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    sources = [_source(column, convert) for column, convert in zip(columns, converts, strict=True)]
    names = ", ".join(f'"{column.name}"' for column in columns)
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([source(row) for source in sources])


def _source(column: Column[Any], convert: Convert | None) -> Callable[[Row], Any]:
    """How a column's stored value is had from a row: given or by default, then as its type stores it."""
    name, default = column.name, column.default

    def value(row: Row) -> Any:
        if name in row:
            found = row[name]
        elif default is not None and default.is_callable:
            found = default.arg(None)  # type: ignore[attr-defined]
        else:
            found = default.arg  # type: ignore[union-attr]
        return found if convert is None else convert(found)

    return value
