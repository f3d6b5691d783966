"""A proposal is changed by hand, with every change kept, and searched again from what had to stay."""

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision = "0004"
down_revision = "0003"

_ASKED = "of a search from another proposal: which, its pins, and helpers to do without"
_EDITS = "number of the last change by hand"


def upgrade() -> None:
    op.add_column("proposals", sa.Column("asked", Json, nullable=False, server_default="{}", comment=_ASKED))
    op.add_column("proposals", sa.Column("edits", sa.Integer(), nullable=False, server_default="0", comment=_EDITS))
    op.create_table(
        "proposal_edits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1.. within the proposal"),
        sa.Column(
            "kind",
            sa.Enum(
                "move", "put_in", "take_out", "pin", "unpin", "pin_round", "unpin_round", "undo", "redo",
                name="editkind", native_enum=False, create_constraint=True, length=32,
            ),
            nullable=False,
        ),
        sa.Column("of_number", sa.Integer(), nullable=True,
                  comment="of UNDO and REDO: the edit taken back or done again"),
        sa.Column("arguments", Json, nullable=False, comment="visit, helper, position as asked for"),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_proposal_edits_by_id_users", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_proposal_edits_proposal_id_proposals", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_edits"),
        sa.UniqueConstraint("proposal_id", "number", name="uq_proposal_edits_number"),
    )  # fmt: skip
