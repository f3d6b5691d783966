"""Two helpers, several windows, breaks, what is paid and carried, whom not to send; why a stop is whose.

SQLite gets new columns by ADD COLUMN and the constraints of each table by `constrain`: copying a table, as Alembic
does for a constraint, drops the old one, and every visit's reports and stops with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
_GAP = "second_gap_least >= 0 AND second_gap_least <= second_gap_most"
_BREAK = (
    "break_minutes = 0 OR (break_minutes > 0 AND break_earliest IS NOT NULL AND break_latest IS NOT NULL"
    " AND break_earliest <= break_latest)"
)


def _number(name: str, comment: str = "") -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0", comment=comment or None)


def _flag(name: str, comment: str = "") -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment or None)


def _json(name: str, empty: str, comment: str = "") -> sa.Column:
    return sa.Column(name, _JSON, nullable=False, server_default=empty, comment=comment or None)


def _terms() -> list[sa.Column]:
    """Of plans and of visits."""
    return [
        _json("windows", "[]", "[from, to] of each of several times of the day; empty: window_from..window_to"),
        _flag("is_soft", "may begin late, where nothing else can be done"),
        _flag("wishes_sex", "wants_sex is a wish, not a condition"),
        _flag("needs_language", "whoever comes must speak the senior's language; False: a wish"),
        _flag("needs_two", "two helpers at the door"),
        _json("second_skills", "[]"),
        sa.Column("second_sex", sa.String(10), comment="the second helper's sex, a condition"),
        sa.Column("second_minutes", sa.Integer(), comment="NULL: as long as the first"),
        _number("second_gap_least", "minutes after the first; 0, 0: together"),
        _number("second_gap_most"),
    ]


def _add(table: str, columns: list[sa.Column], constraints: dict[str, str]) -> None:
    """New columns, and constraints by their names in the words of SQL."""
    for column in columns:
        op.add_column(table, column)
    if op.get_bind().dialect.name == "postgresql":
        for name, clause in constraints.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {clause}")
    else:
        constrain(table, constraints)


def constrain(table: str, constraints: dict[str, str]) -> None:
    """Write constraints into SQLite's schema, as its manual allows where no stored row changes its form."""
    connection = op.get_bind()
    at = {"table": table}
    text = connection.scalar(sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), at)
    body = text.rstrip().removesuffix(")").rstrip()
    lines = "".join(f",\n\tCONSTRAINT {name} {clause}" for name, clause in constraints.items())
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :text WHERE type = 'table' AND name = :table"),
        at | {"text": f"{body}{lines}\n)"},
    )
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    problems = connection.exec_driver_sql(f"PRAGMA integrity_check({table})").scalars().all()
    if problems != ["ok"]:
        raise RuntimeError(f"{table} does not hold its constraints: {problems}")


_COMMENTS = {
    ("rounds", "tours"): "for each shift: leave and back minute, way back, breaks as [from, to]",
    ("visits", "window_from"): "minutes after local midnight",
    ("visits", "wants_sex"): "helper's sex the senior asks for",
    ("visits", "priority"): "1 urgent .. 3 can wait",
}


def upgrade() -> None:
    _add("visit_plans", _terms(), {"ck_visit_plans_second_gap": f"CHECK ({_GAP})"})
    _add(
        "visits",
        [*_terms(), sa.Column("second_helper_id", sa.Uuid(), comment="who goes with helper_id, where two are needed")],
        {
            "ck_visits_second_gap": f"CHECK ({_GAP})",
            "ck_visits_two_people": "CHECK (second_helper_id IS NULL OR second_helper_id <> helper_id)",
            "fk_visits_second_helper_id_helpers": (
                "FOREIGN KEY(second_helper_id) REFERENCES helpers (id) ON DELETE SET NULL"
            ),
        },
    )
    op.create_index("ix_visits_second_helper_on", "visits", ["second_helper_id", "on"])
    _add(
        "helpers",
        [
            sa.Column("contracted_minutes", sa.Integer(), comment="paid a day; beyond it is overtime. NULL: no limit"),
            _number("break_minutes", "the noon break; 0: none"),
            sa.Column("break_earliest", sa.Integer(), comment="it begins between these minutes after midnight"),
            sa.Column("break_latest", sa.Integer()),
            _number("capacity", "portions carried at once; 0: carries none"),
            sa.Column("end_centre_id", sa.Uuid(), comment="where the day ends; NULL: where it began"),
        ],
        {
            "ck_helpers_break": f"CHECK ({_BREAK})",
            "ck_helpers_amounts": "CHECK (capacity >= 0 AND (contracted_minutes IS NULL OR contracted_minutes > 0))",
            "fk_helpers_end_centre_id_centres": "FOREIGN KEY(end_centre_id) REFERENCES centres (id) ON DELETE SET NULL",
        },
    )
    op.add_column("rounds", sa.Column("end_latitude", sa.Float(), comment="where it ends; NULL: at the base"))
    op.add_column("rounds", sa.Column("end_longitude", sa.Float()))
    for column in (
        _flag("is_second", "the second helper's half of a visit by two"),
        _flag("is_done", "had happened when this was planned"),
        _number("late_minutes", "after a soft window"),
        _json("why", "[]", "why this helper: codes and parameters"),
        _json(
            "fetched", "{}", "called at on the way: label, arrive, leave, portions, latitude, longitude; or empty"
        ),
    ):
        op.add_column("stops", column)
    op.create_table(
        "unwanted_helpers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("senior_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name="fk_unwanted_helpers_by_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["helpers.id"], name="fk_unwanted_helpers_helper_id_helpers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["senior_id"], ["seniors.id"], name="fk_unwanted_helpers_senior_id_seniors", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unwanted_helpers"),
        sa.UniqueConstraint("senior_id", "helper_id", name="uq_unwanted_helpers_senior_helper"),
    )
    op.create_index("ix_unwanted_helpers_helper_id", "unwanted_helpers", ["helper_id"])
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), comment in _COMMENTS.items():
            op.alter_column(table, column, comment=comment)
