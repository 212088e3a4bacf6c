"""Keep what platforms tell beside words: where items are, what reading costs, tokens, and actions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = store.types.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Add usage, tokens, the health of streams, facts of items and actions; widen accounts and items."""
    _widen()
    _about_accounts()
    _about_items()


def _widen() -> None:
    op.add_column("accounts", sa.Column("failing_detail", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("proved_at", _MOMENT, nullable=True))
    op.add_column("accounts", sa.Column("token_expires_at", _MOMENT, nullable=True))
    op.add_column("accounts", sa.Column("lacking", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("accounts", sa.Column("windows", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("accounts", sa.Column("paused_until", _MOMENT, nullable=True))
    op.add_column("accounts", sa.Column("paused_reason", sa.String(length=64), nullable=True))
    op.add_column("accounts", sa.Column("app", sa.String(length=64), nullable=True))
    op.add_column("accounts", sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        "items", sa.Column("presence", sa.String(length=16), server_default="present", nullable=False)
    )
    op.add_column("items", sa.Column("presence_at", _MOMENT, nullable=True))
    op.add_column("items", sa.Column("found_by", sa.String(length=16), server_default="poll", nullable=False))
    op.add_column("items", sa.Column("text_removed_at", _MOMENT, nullable=True))
    op.add_column("items", sa.Column("looked_up_at", _MOMENT, nullable=True))
    op.add_column("items", sa.Column("stream", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_items_account_received_at"), "items", ["account", "received_at"], unique=False)


def _about_accounts() -> None:
    op.create_table(
        "usage",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("micro_dollars", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("found_by_sweep", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_usage_account")),
        sa.PrimaryKeyConstraint("account", "day", name=op.f("pk_usage")),
    )
    op.create_table(
        "tokens",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.Column("renew_before", _MOMENT, nullable=True),
        sa.Column("connected_at", _MOMENT, nullable=False),
        sa.Column("connected_by", sa.String(length=64), nullable=False),
        sa.Column("renewed_at", _MOMENT, nullable=True),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("spent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_tokens")),
    )
    op.create_table(
        "stream_health",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("failing_since", _MOMENT, nullable=True),
        sa.Column("failing_reason", sa.String(length=64), nullable=True),
        sa.Column("failing_detail", sa.Text(), nullable=True),
        sa.Column("tried_at", _MOMENT, nullable=True),
        sa.Column("alarmed_at", _MOMENT, nullable=True),
        sa.Column("swept_at", _MOMENT, nullable=True),
        sa.Column("sweep_tried_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_stream_health_account")),
        sa.PrimaryKeyConstraint("account", "stream", name=op.f("pk_stream_health")),
    )


def _about_items() -> None:
    op.create_table(
        "item_facts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("item", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("noticed_at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(length=256), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_item_facts_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_facts")),
        sa.UniqueConstraint("item", "kind", "at", name=op.f("uq_item_facts_item_kind_at")),
    )
    op.create_table(
        "actions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case", _ID, nullable=False),
        sa.Column("item", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("ordered_at", _MOMENT, nullable=False),
        sa.Column("began_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("external_id", sa.String(length=256), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_actions_case")),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_actions_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("reference", name=op.f("uq_actions_reference")),
    )
    op.create_index(op.f("ix_actions_case"), "actions", ["case"], unique=False)
    op.create_index(op.f("ix_actions_item"), "actions", ["item"], unique=False)
