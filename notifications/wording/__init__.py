"""Every sentence that an alert says, in one place.

``lanes`` decides what a reader may see, ``policy`` what they do next, ``cases``, ``calendars`` and ``others``
what is said, ``letter`` how it is set in plain text and HTML.
"""

from __future__ import annotations

from typing import assert_never

from moderation.alerts import AccountNotice, CalendarNotice, CaseNotice, Notice, ReportNotice, SystemNotice
from notifications.base import Message
from notifications.wording.accounts import account_letter
from notifications.wording.calendars import calendar_letter
from notifications.wording.cases import case_letter
from notifications.wording.letter import Letter, as_html, as_text
from notifications.wording.others import report_letter, system_letter

__all__ = ["compose"]


def compose(notice: Notice, to: str, *, message_id: str) -> Message:
    """Write the message that tells one person about ``notice``.

    ``to`` is the person's address, ``message_id`` the identifier that stays the same at every try.
    Nothing in ``notice``, however broken its characters, keeps a message from being written.
    """
    letter = _letter(notice)
    return Message(
        message_id=message_id,
        to=to,
        subject=letter.subject,
        text=as_text(letter),
        html=as_html(letter),
        sent_at=notice.now,
        thread_id=_thread_id(letter, message_id),
    )


def _letter(notice: Notice) -> Letter:
    match notice:
        case CaseNotice():
            return case_letter(notice)
        case AccountNotice():
            return account_letter(notice)
        case SystemNotice():
            return system_letter(notice)
        case ReportNotice():
            return report_letter(notice)
        case CalendarNotice():
            return calendar_letter(notice)
        case _:
            assert_never(notice)


def _thread_id(letter: Letter, message_id: str) -> str | None:
    """Return the identifier that joins all messages about one case or account, in one domain with them."""
    domain = message_id.rpartition("@")[2].rstrip(">") or "socialduty.invalid"
    return f"<{letter.thread}@{domain}>" if letter.thread else None
