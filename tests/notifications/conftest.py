"""Values that the tests of this room share: invented notices and an invented week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moderation.alerts import AlertStep, CaseNotice, Role
from moderation.assessment import Intent, Route, Severity
from notifications.base import Message

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)

A_NOTICE = CaseNotice(
    reference="2026-0443",
    school_name="Oakfield Academy",
    platform="facebook",
    account_handle="OakfieldAcademy",
    step=AlertStep.NEW,
    severity=Severity.NONE,
    labels=(),
    intent=Intent.COMPLAINT,
    route=Route.SLT,
    uncertain=False,
    text="The zebra crossing again! Mrs Harding never rang back on 07700 900417.",
    author_name="Kerry Walsh",
    permalink="https://www.facebook.com/104500770090010/posts/1_2",
    received_at=NOW - timedelta(hours=3),
    due_at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC),
    why="Received on a Saturday, so it is due on the next working day.",
    now=NOW,
    because=Role.MODERATOR,
    told=("Priya Nair", "Tom Ellis"),
)


@pytest.fixture
def case_notice() -> Callable[..., CaseNotice]:
    """Return a maker of notices about one invented complaint, with whatever differs."""

    def make(**changes: Any) -> CaseNotice:
        return replace(A_NOTICE, **changes)

    return make


@pytest.fixture
def message() -> Callable[..., Message]:
    """Return a maker of messages to one invented person, with whatever differs."""

    def make(**changes: Any) -> Message:
        plain = Message(
            message_id="<case-2026-0443-new@oakfield.example>",
            to="priya.nair@oakfield.example",
            subject="Reply by 5pm today: query on Facebook (2026-0443)",
            text="A query is waiting.\n\nTŷ Ŵyn\n",
            sent_at=NOW,
            html="<p>A query is waiting. Tŷ Ŵyn</p>",
            thread_id="<case-2026-0443@oakfield.example>",
        )
        return replace(plain, **changes)

    return make
