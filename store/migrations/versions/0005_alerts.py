"""Keep what each message told, who has what was escalated, and the pages that messages lead to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = store.types.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Add dispatches, escalations, links and refused addresses; send what is not sent yet the new way."""
    _dispatches()
    _escalations()
    _links()
    with op.batch_alter_table("heartbeats") as heartbeats:
        # A worker's loop is called after its lanes, of which there are more now.
        heartbeats.alter_column("loop", existing_type=sa.String(length=32), type_=sa.String(length=64))
    _go_on_sending()


def _dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=True),
        sa.Column("handed_at", _MOMENT, nullable=True),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("message_id", name=op.f("uq_dispatches_message_id")),
    )
    op.create_index(
        op.f("ix_dispatches_recipient_channel_begun_at"),
        "dispatches",
        ["recipient", "channel", "begun_at"],
        unique=False,
    )
    op.create_index(op.f("ix_dispatches_next_at"), "dispatches", ["next_at"], unique=False)
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("attempts")
        deliveries.add_column(sa.Column("urgency", sa.Integer(), server_default="0", nullable=False))
        deliveries.add_column(sa.Column("dispatch", _ID, nullable=True))
        deliveries.create_foreign_key(op.f("fk_deliveries_dispatch"), "dispatches", ["dispatch"], ["id"])
    op.create_index(
        op.f("ix_deliveries_recipient_channel_state"),
        "deliveries",
        ["recipient", "channel", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_deliveries_dispatch"), "deliveries", ["dispatch"], unique=False)
    op.create_table(
        "bad_addresses",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", "digest", name=op.f("pk_bad_addresses")),
    )


def _escalations() -> None:
    op.add_column("cases", sa.Column("excluded", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "escalations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("school", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("group_key", sa.String(length=64), nullable=False),
        sa.Column("lead", _ID, nullable=False),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["lead"], ["cases.id"], name=op.f("fk_escalations_lead")),
        sa.ForeignKeyConstraint(["school"], ["schools.id"], name=op.f("fk_escalations_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(
        op.f("ix_escalations_group_key_ended_at"), "escalations", ["group_key", "ended_at"], unique=False
    )
    op.create_table(
        "escalation_cases",
        sa.Column("escalation", _ID, nullable=False),
        sa.Column("case", _ID, nullable=False),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.Column("had_by", sa.String(length=64), nullable=True),
        sa.Column("had_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_escalation_cases_case")),
        sa.ForeignKeyConstraint(
            ["escalation"], ["escalations.id"], name=op.f("fk_escalation_cases_escalation")
        ),
        sa.PrimaryKeyConstraint("escalation", "case", name=op.f("pk_escalation_cases")),
    )
    op.create_index(op.f("ix_escalation_cases_case"), "escalation_cases", ["case"], unique=False)
    op.create_table(
        "escalation_holds",
        sa.Column("id", _ID, nullable=False),
        sa.Column("escalation", _ID, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation"], ["escalations.id"], name=op.f("fk_escalation_holds_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_holds")),
    )
    op.create_index(op.f("ix_escalation_holds_escalation"), "escalation_holds", ["escalation"], unique=False)


def _links() -> None:
    op.create_table(
        "drill_answers",
        sa.Column("alert", _ID, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_drill_answers_alert")),
        sa.PrimaryKeyConstraint("alert", "person", name=op.f("pk_drill_answers")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dispatch", _ID, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["dispatch"], ["dispatches.id"], name=op.f("fk_links_dispatch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("dispatch", name=op.f("uq_links_dispatch")),
    )


_STILL_TO_SEND = """
update deliveries set state = 'created'
where state in ('sending', 'temporary-failure') and exists (
    select 1 from tasks where tasks.kind = 'deliver' and tasks.state in ('waiting', 'leased')
    and tasks.key = cast(deliveries.id as varchar)
)
"""

_MAILBOXES = r"""
insert into tasks (kind, lane, key, subject, state, next_at, attempts, created_at)
select 'deliver', 'mail', recipient || '\:' || channel || '\:routine',
    recipient || '\:' || channel || '\:routine', 'waiting', min(send_at), 0, min(planned_at)
from deliveries join alerts on alerts.id = deliveries.alert
where deliveries.state = 'created' group by recipient, channel
"""


def _go_on_sending() -> None:
    """Work used to be one task for each delivery; now it is one for each person's mailbox."""
    op.execute(_STILL_TO_SEND)
    op.execute("delete from tasks where kind = 'deliver'")
    op.execute(sa.text(_MAILBOXES))
