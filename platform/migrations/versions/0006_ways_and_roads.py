"""What arrivals teach of ways, and roads that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _means(*, nullable: bool, comment: str | None = None) -> sa.Column:
    kind = sa.Enum("foot", "motor", native_enum=False, create_constraint=True, length=32, name="means")
    return sa.Column("means", kind, nullable=nullable, comment=comment)


def _stamps() -> list[sa.Column]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "travel_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("line", "road", native_enum=False, create_constraint=True, length=32, name="basis"),
            nullable=False,
            comment="what the factor corrects",
        ),
        _means(nullable=False),
        sa.Column(
            "one_code", sa.String(9), nullable=False, comment="township; a county's code twice: the county as a whole"
        ),
        sa.Column("other_code", sa.String(9), nullable=False),
        sa.Column("legs", sa.Integer(), nullable=False, comment="how many were counted"),
        sa.Column("low", sa.Float(), nullable=False, comment="quartile of observed time / the model's"),
        sa.Column("median", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column(
            "factor", sa.Float(), nullable=False, comment="what is multiplied: the median, drawn and bounded"
        ),
        sa.Column("model_s", sa.Integer(), nullable=False, comment="median leg by the model, seconds"),
        sa.Column("observed_s", sa.Integer(), nullable=False, comment="median leg as logged, seconds"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="day of the first leg counted"),
        sa.Column("to_on", sa.Date(), nullable=False, comment="and of the last"),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "reset_at", sa.DateTime(timezone=True), nullable=True, comment="legs before this moment do not count"
        ),
        sa.Column("reset_by_id", sa.Uuid(), nullable=True),
        sa.Column("reset_reason", sa.String(200), nullable=False),
        *_stamps(),
        sa.CheckConstraint("one_code <= other_code", name=op.f("ck_travel_factors_in_order")),
        sa.CheckConstraint("factor BETWEEN 0.5 AND 3.0", name=op.f("ck_travel_factors_bounds")),
        sa.CheckConstraint(
            "legs > 0 AND low <= median AND median <= high", name=op.f("ck_travel_factors_quartiles")
        ),
        sa.ForeignKeyConstraint(
            ["reset_by_id"], ["users.id"], name=op.f("fk_travel_factors_reset_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_factors")),
        sa.UniqueConstraint("basis", "means", "one_code", "other_code", name="uq_travel_factors_pair"),
    )
    op.create_index("ix_travel_factors_one_code", "travel_factors", ["one_code"])
    op.create_index("ix_travel_factors_other_code", "travel_factors", ["other_code"])
    op.create_table(
        "road_closures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "shape",
            sa.Enum("place", "pair", "circle", native_enum=False, create_constraint=True, length=32,
                    name="closureshape"),
            nullable=False,
        ),
        sa.Column(
            "division_code", sa.String(12), nullable=False, comment="the place; one of the two; where the point lies"
        ),
        sa.Column("other_code", sa.String(12), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True, comment="WGS84"),
        sa.Column("longitude", sa.Float(), nullable=True, comment="WGS84"),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day; NULL: until ended"),
        _means(nullable=True, comment="NULL: closed to everybody"),
        sa.Column("detour", sa.Float(), nullable=True, comment="ways take so many times as long; NULL: impassable"),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        *_stamps(),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_road_closures_days")),
        sa.CheckConstraint("(shape = 'pair') = (other_code IS NOT NULL)", name=op.f("ck_road_closures_pair")),
        sa.CheckConstraint(
            "(shape = 'circle') = (latitude IS NOT NULL AND longitude IS NOT NULL AND radius_m IS NOT NULL)",
            name=op.f("ck_road_closures_circle"),
        ),
        sa.CheckConstraint("radius_m IS NULL OR radius_m BETWEEN 50 AND 20000", name=op.f("ck_road_closures_radius")),
        sa.CheckConstraint("detour IS NULL OR detour BETWEEN 1.1 AND 5", name=op.f("ck_road_closures_detour")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_road_closures_division_code_divisions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_code"], ["divisions.code"], name=op.f("fk_road_closures_other_code_divisions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_road_closures_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_closures")),
    )
    op.create_index("ix_road_closures_days", "road_closures", ["from_on", "to_on"])
    op.create_index("ix_road_closures_division_code", "road_closures", ["division_code"])
