"""Every sentence that an alert says, in one place.

``lanes`` decides what a reader may see, ``policy`` what they do next. ``cases``, ``digest``,
``accounts``, ``several_accounts``, ``calendars``, ``duty``, ``watch`` and ``others`` hold the
sentences, ``letter`` sets them in plain text and HTML.
``texts`` has the text messages.
"""

from __future__ import annotations

from typing import assert_never

from moderation.alerts import (
    CHAT,
    SMS,
    AccountNotice,
    CalendarNotice,
    CaseNotice,
    DrillNotice,
    DutyNotice,
    HeartbeatNotice,
    Notice,
    Outgoing,
    ReportNotice,
    StormNotice,
    SystemNotice,
)
from notifications.base import Message
from notifications.wording.accounts import account_letter
from notifications.wording.calendars import calendar_letter
from notifications.wording.cases import case_letter
from notifications.wording.digest import digest_letter
from notifications.wording.duty import duty_letter, storm_letter
from notifications.wording.letter import Letter, as_html, as_short_text, as_text, fitting
from notifications.wording.others import report_letter, system_letter
from notifications.wording.several_accounts import several_accounts_letter
from notifications.wording.taking import address_of
from notifications.wording.texts import text_words
from notifications.wording.watch import drill_letter, heartbeat_letter

__all__ = ["compose"]


def compose(outgoing: Outgoing, to: str, *, public_url: str = "") -> Message:
    """Write the message that ``outgoing`` is, in the form that its channel carries.

    ``to`` is where the channel reaches the person. Under ``public_url`` staff reach the pages that take
    cases; without it a message names the command instead. Nothing in the notices, however broken its
    characters, keeps a message from being written.
    """
    address = address_of(outgoing, public_url)
    letter = _letter(outgoing, address)
    subject, text, html = _set(outgoing, letter, address)
    return Message(
        message_id=outgoing.message_id,
        to=to,
        subject=subject,
        text=text,
        html=html,
        sent_at=outgoing.notices[0].now,
        thread_id=_thread_id(letter, outgoing.message_id),
        attempt=outgoing.attempt,
    )


def _set(outgoing: Outgoing, letter: Letter, address: str) -> tuple[str, str, str | None]:
    """Return subject, text and HTML. The subject of a text message is its own first words."""
    if outgoing.channel == SMS:
        text = text_words(outgoing.notices, outgoing.more, address)
        return fitting(text), text, None
    if outgoing.channel == CHAT:
        return letter.subject, as_short_text(letter), None
    return letter.subject, as_text(letter), as_html(letter)


def _letter(outgoing: Outgoing, address: str) -> Letter:
    cases = tuple(notice for notice in outgoing.notices if isinstance(notice, CaseNotice))
    if len(cases) > 1 or (cases and outgoing.more):
        return digest_letter(cases, outgoing.more, address)
    accounts = tuple(notice for notice in outgoing.notices if isinstance(notice, AccountNotice))
    return several_accounts_letter(accounts) if len(accounts) > 1 else _single(outgoing.notices[0], address)


def _single(notice: Notice, address: str) -> Letter:
    match notice:
        case CaseNotice():
            return case_letter(notice, address)
        case DrillNotice():
            return drill_letter(notice, address)
        case AccountNotice():
            return account_letter(notice)
        case HeartbeatNotice():
            return heartbeat_letter(notice)
        case _:
            return _about_the_system(notice)


def _about_the_system(
    notice: SystemNotice | ReportNotice | CalendarNotice | DutyNotice | StormNotice,
) -> Letter:
    match notice:
        case SystemNotice():
            return system_letter(notice)
        case ReportNotice():
            return report_letter(notice)
        case CalendarNotice():
            return calendar_letter(notice)
        case DutyNotice():
            return duty_letter(notice)
        case StormNotice():
            return storm_letter(notice)
        case _:
            assert_never(notice)


def _thread_id(letter: Letter, message_id: str) -> str | None:
    """Return the identifier that joins all messages about one case or account, in one domain with them."""
    domain = message_id.rpartition("@")[2].rstrip(">") or "socialduty.invalid"
    return f"<{letter.thread}@{domain}>" if letter.thread else None
