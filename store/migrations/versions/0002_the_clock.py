"""Keep term calendars with their versions, and with every clock what the report shows beside its due time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add calendars and four columns of clocks, let a clock have no due time and a task be hurried."""
    op.create_table(
        "calendars",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("read_at", store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["school"], ["schools.id"], name=op.f("fk_calendars_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_index(op.f("ix_calendars_school_state"), "calendars", ["school", "state"], unique=False)
    op.add_column("tasks", sa.Column("hurried_at", store.types.UtcDateTime(timezone=True), nullable=True))
    op.add_column("clocks", sa.Column("team_due_at", store.types.UtcDateTime(timezone=True), nullable=True))
    op.add_column("clocks", sa.Column("other_due_at", store.types.UtcDateTime(timezone=True), nullable=True))
    op.add_column(
        "clocks",
        sa.Column("due_on_closed_day", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("clocks", sa.Column("excused", sa.Text(), nullable=True))
    with op.batch_alter_table("clocks") as clocks:
        # Without a working day ahead no due time can be told: such a clock is kept all the same.
        clocks.alter_column("due_at", existing_type=store.types.UtcDateTime(timezone=True), nullable=True)
