"""What platforms tell beside words, and what is done on them, as tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from store.metadata import Id, metadata
from store.types import UtcDateTime

# What reading and writing an account cost, day by day (UTC).
usage = Table(
    "usage",
    metadata,
    Column("account", ForeignKey("accounts.name"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("units", Integer, nullable=False),
    Column("micro_dollars", BigInteger, nullable=False),
    Column("found", Integer, nullable=False),
    Column("found_by_sweep", Integer, nullable=False),
)

# The accounts' tokens, encrypted. ``spent`` marks one whose renewal was begun: it may be of no use any more.
tokens = Table(
    "tokens",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("renew_before", UtcDateTime),
    Column("connected_at", UtcDateTime, nullable=False),
    Column("connected_by", String(64), nullable=False),
    Column("renewed_at", UtcDateTime),
    Column("lease_token", String(32)),
    Column("lease_until", Float),
    Column("spent", Boolean, nullable=False, server_default=false()),
)

# How each stream is read, beside where it was read up to: a new one has no cursor and may fail already.
stream_health = Table(
    "stream_health",
    metadata,
    Column("account", ForeignKey("accounts.name"), primary_key=True),
    Column("stream", String(64), primary_key=True),
    Column("failing_since", UtcDateTime),
    Column("failing_reason", String(64)),
    Column("failing_detail", Text),
    Column("tried_at", UtcDateTime),
    Column("alarmed_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    Column("sweep_tried_at", UtcDateTime),
)

# What happened to an item on its platform, in the words of the clock rules; ``ended_at`` when it was undone.
item_facts = Table(
    "item_facts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("noticed_at", UtcDateTime, nullable=False),
    Column("by", String(256)),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("item", "kind", "at"),
)

# What people decided to do on a platform. A row is written before anything is sent.
actions = Table(
    "actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("approved_by", String(64)),
    Column("state", String(16), nullable=False),
    Column("reference", String(64), nullable=False, unique=True),
    Column("ordered_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("external_id", String(256)),
    Column("confirmed", Boolean, nullable=False),
    Column("remark", Text, nullable=False),
    Index(None, "case"),
    Index(None, "item"),
)
