"""Who has to be told, who was told, and who has what they were told of, as tables."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from store.metadata import Id, metadata
from store.types import UtcDateTime

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("step", String(32), nullable=False),
    Column("occasion", String(128), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    UniqueConstraint("subject_kind", "subject", "step", "occasion"),
)

# One message to one person over one channel: everything that it told, at all of its tries.
dispatches = Table(
    "dispatches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("recipient", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("message_id", String(128), nullable=False, unique=True),
    Column("state", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    # When it is tried again; null where it has come to its end.
    Column("next_at", UtcDateTime),
    Column("handed_at", UtcDateTime),
    Column("provider", String(32), nullable=False),
    # The provider's own name for it.
    Column("reference", String(128), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index(None, "recipient", "channel", "begun_at"),
    Index(None, "next_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("alert", ForeignKey("alerts.id"), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("because", String(32), nullable=False),
    Column("message_id", String(128), nullable=False, unique=True),
    Column("state", String(32), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("urgency", Integer, nullable=False, server_default="0"),
    # The message that told it; null before that, and where it was not needed.
    Column("dispatch", ForeignKey("dispatches.id")),
    UniqueConstraint("alert", "recipient", "channel"),
    Index(None, "recipient", "channel", "state"),
    Index(None, "dispatch"),
)

# Addresses that a server refused for good: whoever is there is told another way until this has passed.
bad_addresses = Table(
    "bad_addresses",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)

escalations = Table(
    "escalations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("school", ForeignKey("schools.id"), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("group_key", String(64), nullable=False),
    Column("lead", ForeignKey("cases.id"), nullable=False),
    # How severe a person called the first one, where it climbs because of that; else empty.
    Column("word", String(16), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "group_key", "ended_at"),
)

# Who has each case of an escalation; null while nobody has it.
escalation_cases = Table(
    "escalation_cases",
    metadata,
    Column("escalation", ForeignKey("escalations.id"), primary_key=True),
    Column("case", ForeignKey("cases.id"), primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("had_by", String(64)),
    Column("had_at", UtcDateTime),
    Index(None, "case"),
)

# From when to when somebody had all of an escalation: its ladder stands still meanwhile.
escalation_holds = Table(
    "escalation_holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("escalation", ForeignKey("escalations.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Index(None, "escalation"),
)

# Who said, by link or from the shell, that a practice alert reached them.
drill_answers = Table(
    "drill_answers",
    metadata,
    Column("alert", ForeignKey("alerts.id"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Pages that messages lead to: each takes what its message told of, for one person.
links = Table(
    "links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("dispatch", ForeignKey("dispatches.id"), nullable=False, unique=True),
    Column("person", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("used_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
)
