"""The text of a calendar file, whoever saved it."""

from __future__ import annotations

from sla.term_dates.values import MOST_BYTES, NotACalendarError

LONGEST_LABEL = 200
"""Characters; what a day is called fits into one line."""


def ensure_size(content: bytes) -> None:
    """Refuse what is larger than any calendar.

    Raises:
        NotACalendarError: it has more than MOST_BYTES bytes.
    """
    if len(content) > MOST_BYTES:
        raise NotACalendarError(
            f"the file is larger than {MOST_BYTES // 2**20} MB: export the term dates alone, not every event"
        )


def text_of(content: bytes) -> str:
    """Return the text of a file saved by Excel, Outlook or anything better."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def label_of(words: str) -> str:
    """Return what somebody called an entry as one line that any screen can show."""
    shown = "".join(each if each.isprintable() else " " for each in words[: 2 * LONGEST_LABEL])
    return " ".join(shown.split())[:LONGEST_LABEL]
