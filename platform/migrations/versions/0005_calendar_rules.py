"""Market days, festivals, weather and holidays as dated rows; what they did to a proposal, and visits more than planned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "calendar_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("calendarkind", "market_day", "festival", "weather", "holiday"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False, comment="柳林集, 寒潮蓝色预警"),
        sa.Column("division_code", sa.String(12), nullable=False),
        sa.Column(
            "repeats",
            _enum("repeats", "dates", "weekdays", "solar_endings", "lunar_endings", "festival", "lunar_date"),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day"),
        sa.Column("numbers", _JSON, nullable=False, comment="weekdays 1..7, or last digits of dates 0..9"),
        sa.Column(
            "festival",
            _enum(
                "festival", "spring", "lantern", "tomb_sweeping", "dragon_boat", "mid_autumn", "double_ninth", "laba",
                "little_year", "eve",
            ),
            nullable=True,
        ),
        sa.Column("lunar_month", sa.Integer(), nullable=True),
        sa.Column("lunar_day", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.Column(
            "closed_from", sa.Integer(), nullable=True, comment="minutes after local midnight: nobody calls from here …"
        ),
        sa.Column("closed_to", sa.Integer(), nullable=True, comment="… to here"),
        sa.Column(
            "instead_from", sa.Integer(), nullable=True, comment="when those call who no longer can in their own time"
        ),
        sa.Column("instead_to", sa.Integer(), nullable=True),
        sa.Column("travel_percent", sa.Integer(), nullable=False),
        sa.Column("duration_percent", sa.Integer(), nullable=False),
        sa.Column("is_foot_out", sa.Boolean(), nullable=False, comment="nobody goes on foot"),
        sa.Column("postpone_from", sa.Integer(), nullable=True, comment="visits of this priority and beneath wait"),
        sa.Column("extra_tiers", _JSON, nullable=False, comment="risk tiers that get one visit more"),
        sa.Column("extra_mode", _enum("visitmode", "door", "phone"), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_calendar_rules_days")),
        sa.CheckConstraint(
            "closed_from IS NULL OR (closed_from >= 0 AND closed_from < closed_to)",
            name=op.f("ck_calendar_rules_closed"),
        ),
        sa.CheckConstraint(
            "instead_from IS NULL OR (instead_from >= 0 AND instead_from < instead_to)",
            name=op.f("ck_calendar_rules_instead"),
        ),
        sa.CheckConstraint(
            "closed_to IS NULL OR closed_to <= 1440", name=op.f("ck_calendar_rules_closed_in_the_day")
        ),
        sa.CheckConstraint(
            "instead_to IS NULL OR instead_to <= 1440", name=op.f("ck_calendar_rules_instead_in_the_day")
        ),
        sa.CheckConstraint(
            "travel_percent BETWEEN 100 AND 400 AND duration_percent BETWEEN 100 AND 400",
            name=op.f("ck_calendar_rules_percentages"),
        ),
        sa.CheckConstraint(
            "postpone_from IS NULL OR postpone_from BETWEEN 2 AND 3", name=op.f("ck_calendar_rules_postpone")
        ),
        sa.CheckConstraint(
            "lead_days BETWEEN 0 AND 15 AND lag_days BETWEEN 0 AND 15", name=op.f("ck_calendar_rules_around")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_calendar_rules_division_code_divisions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_calendar_rules_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_rules")),
    )  # fmt: skip
    op.create_index("ix_calendar_rules_to_on", "calendar_rules", ["to_on", "from_on"])
    op.create_index("ix_calendar_rules_division", "calendar_rules", ["division_code"])
    op.add_column(
        "proposals",
        sa.Column(
            "calendar", _JSON, nullable=False, server_default=sa.text("'{}'"),
            comment="what the calendar did to the day: rules, moved, narrowed and postponed visits",
        ),
    )  # fmt: skip
    op.create_table(
        "extra_visits",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["calendar_rules.id"], name=op.f("fk_extra_visits_rule_id_calendar_rules"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_extra_visits_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_extra_visits")),
    )
    op.create_index("ix_extra_visits_rule", "extra_visits", ["rule_id"])
