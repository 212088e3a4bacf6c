"""Everything that is remembered, as tables. Migrations make them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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

from store.alert_tables import (
    alerts,
    bad_addresses,
    deliveries,
    dispatches,
    drill_answers,
    escalation_cases,
    escalation_holds,
    escalations,
    links,
)
from store.metadata import Id, metadata
from store.platform_tables import actions, item_facts, stream_health, tokens, usage
from store.types import UtcDateTime

__all__ = [
    "actions",
    "alerts",
    "bad_addresses",
    "deliveries",
    "dispatches",
    "drill_answers",
    "escalation_cases",
    "escalation_holds",
    "escalations",
    "item_facts",
    "links",
    "metadata",
    "stream_health",
    "tokens",
    "usage",
]

schools = Table(
    "schools",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("nation", String(3), nullable=False),
)

calendars = Table(
    "calendars",
    metadata,
    Column("id", Id, primary_key=True),
    Column("school", ForeignKey("schools.id"), nullable=False),
    Column("version", String(64), nullable=False),
    Column("dates", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(64)),
    Index(None, "school", "state"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("school", ForeignKey("schools.id"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("external_id", String(128), nullable=False),
    Column("handle", Text, nullable=False),
    Column("go_live", UtcDateTime, nullable=False),
    # Whether it is being read: facts only, the words for it are derived.
    Column("first_read_at", UtcDateTime),
    Column("last_read_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("failing_reason", String(64)),
    Column("failing_detail", Text),
    Column("alarmed_at", UtcDateTime),
    # What the platform said of the token, and when it was last asked.
    Column("proved_at", UtcDateTime),
    Column("token_expires_at", UtcDateTime),
    Column("lacking", JSON(none_as_null=True)),
    # The newest state of its allowances, and until when it has to wait.
    Column("windows", JSON(none_as_null=True)),
    Column("paused_until", UtcDateTime),
    Column("paused_reason", String(64)),
    Column("app", String(64)),
    # Whether no program reads it: people look there and bring in what they find.
    Column("by_hand", Boolean, nullable=False, server_default=false()),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("reason", String(64), nullable=False),
    UniqueConstraint("account", "began_at"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("account", ForeignKey("accounts.name"), primary_key=True),
    Column("stream", String(64), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("external_id", String(256), nullable=False),
    Column("settled", Integer, nullable=False, server_default="0"),
    UniqueConstraint("account", "external_id"),
)

items = Table(
    "items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("external_id", String(256), nullable=False),
    Column("thread", ForeignKey("threads.id"), nullable=False),
    Column("parent_id", String(256)),
    Column("post_id", String(256)),
    Column("author_id", String(256)),
    Column("author_name", Text, nullable=False),
    Column("is_own", Boolean, nullable=False),
    Column("created_at", UtcDateTime),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("earliest_possible_at", UtcDateTime),
    Column("permalink", Text, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("names_school", Boolean, nullable=False),
    Column("media", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    # Where it is on its platform, as the last lookup or listing showed it.
    Column("presence", String(16), nullable=False, server_default="present"),
    Column("presence_at", UtcDateTime),
    Column("found_by", String(16), nullable=False, server_default="poll"),
    Column("text_removed_at", UtcDateTime),
    Column("looked_up_at", UtcDateTime),
    # The stream that showed it first; null for what is older than this column.
    Column("stream", String(64)),
    Column("case", ForeignKey("cases.id")),
    UniqueConstraint("account", "external_id"),
    Index(None, "thread", "author_id"),
    Index(None, "thread", "is_own"),
    # What was said lately in one conversation, or under one post, without reading the other ten thousand.
    Index(None, "thread", "received_at"),
    Index(None, "account", "post_id", "received_at"),
    Index(None, "account", "received_at"),
    Index(None, "received_at"),
    Index(None, "case"),
)

item_versions = Table(
    "item_versions",
    metadata,
    Column("item", ForeignKey("items.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

rejected_items = Table(
    "rejected_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("stream", String(64), nullable=False),
    Column("external_id", String(256), nullable=False),
    Column("reason", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("account", "stream", "external_id", "reason"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("model", String(64), nullable=False),
    Column("score", Float, nullable=False),
    Column("abuse", Float, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("intent", String(32), nullable=False),
    Column("route", String(32), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("target", String(16), nullable=False, server_default="unknown"),
    UniqueConstraint("item", "version", "model"),
)

# What people say of an assessment. Rows are only ever added: the newest of each person counts.
judgements = Table(
    "judgements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("mark", String(16), nullable=False),
    Column("said_severity", Integer, nullable=False),
    Column("said_labels", JSON, nullable=False),
    Column("said_intent", String(32), nullable=False),
    Column("said_route", String(32), nullable=False),
    Column("said_target", String(16), nullable=False),
    Column("said_abuse", Float, nullable=False),
    Column("said_score", Float, nullable=False),
    Column("said_uncertain", Boolean, nullable=False),
    Column("model", String(64), nullable=False),
    # What is right by that person's word; null where they left it open.
    Column("severity", Integer),
    Column("labels", JSON(none_as_null=True)),
    Column("intent", String(32)),
    Column("route", String(32)),
    Column("target", String(16)),
    Column("abuse", Boolean),
    Column("why", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "item", "version"),
)

# Every move of a threshold, for the whole installation. Rows are only ever added.
threshold_moves = Table(
    "threshold_moves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("step", String(16), nullable=False),
    Column("old", Float, nullable=False),
    Column("new", Float),  # null: as it ships
    Column("model", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("school", ForeignKey("schools.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("thread", ForeignKey("threads.id"), nullable=False),
    Column("opening_item", Id, nullable=False),
    Column("state", String(16), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("intent", String(32), nullable=False),
    Column("route", String(32), nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("taken_by", String(64)),
    Column("taken_at", UtcDateTime),
    # The short names of those whom it is about: they are told nothing of it.
    Column("excluded", JSON(none_as_null=True)),
    UniqueConstraint("school", "year", "number"),
    Index(None, "opening_item"),
    Index(None, "state"),
)

clocks = Table(
    "clocks",
    metadata,
    Column("case", ForeignKey("cases.id"), primary_key=True),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("why", Text, nullable=False),
    Column("trace", JSON, nullable=False),
    Column("rule_version", String(128), nullable=False),
    Column("calendar_version", String(128), nullable=False),
    Column("late_discovery", Boolean, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("stopped_how", String(16)),
    Column("answer_item", ForeignKey("items.id")),
    Column("team_due_at", UtcDateTime),
    Column("other_due_at", UtcDateTime),
    Column("due_on_closed_day", Boolean, nullable=False, server_default=false()),
    Column("excused", Text),
    Index(None, "due_at"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False),
    Column("act", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "case"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("key", String(128), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", String(32)),
    Column("lease_until", Float),
    Column("failure", String(64)),
    # When somebody wanted it looked at while it was in a worker's hands.
    Column("hurried_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("kind", "key"),
    # What is due next in each kind, and whose lease has ended, without reading what is done.
    Index(None, "state", "kind", "next_at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("loop", String(64), primary_key=True),
    Column("host", String(128), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
