"""Keep whom an item is about, what people say of the scoring, and every move of a threshold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add judgements, moves of thresholds, the target of assessments, and what threads are read by."""
    op.create_table(
        "judgements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("said_severity", sa.Integer(), nullable=False),
        sa.Column("said_labels", sa.JSON(), nullable=False),
        sa.Column("said_intent", sa.String(length=32), nullable=False),
        sa.Column("said_route", sa.String(length=32), nullable=False),
        sa.Column("said_target", sa.String(length=16), nullable=False),
        sa.Column("said_abuse", sa.Float(), nullable=False),
        sa.Column("said_score", sa.Float(), nullable=False),
        sa.Column("said_uncertain", sa.Boolean(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("labels", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("intent", sa.String(length=32), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=16), nullable=True),
        sa.Column("abuse", sa.Boolean(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_judgements_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_item_version"), "judgements", ["item", "version"], unique=False)
    op.create_table(
        "threshold_moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("old", sa.Float(), nullable=False),
        sa.Column("new", sa.Float(), nullable=True),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_moves")),
    )
    op.create_index(
        op.f("ix_items_account_post_id_received_at"),
        "items",
        ["account", "post_id", "received_at"],
        unique=False,
    )
    op.create_index(op.f("ix_items_thread_received_at"), "items", ["thread", "received_at"], unique=False)
    op.add_column(
        "assessments",
        sa.Column("target", sa.String(length=16), server_default="unknown", nullable=False),
    )
