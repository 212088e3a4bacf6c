"""Where a case stands, in sentences: who has it, who is told next, what more there is, what was not seen."""

from __future__ import annotations

from collections.abc import Iterable

from moderation.alerts import AlertStep, CaseNotice
from notifications.cleaning import clean_line
from notifications.times import duration_words, near_words

NAMES_SHOWN = 6


def standing(notice: CaseNotice) -> tuple[str, ...]:
    """Return what a reader should know beside what happened; nothing where there is nothing to say."""
    return tuple(
        sentence
        for sentence in (_more(notice), _taken(notice), what_follows(notice), _blind(notice))
        if sentence
    )


def names_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return names clean enough to show, without those that are empty, at most :data:`NAMES_SHOWN` of them.

    Where there are more, the last one says how many.
    """
    clean = [name for name in (clean_line(name, 60) for name in names) if name]
    left = len(clean) - NAMES_SHOWN
    return (*clean[:NAMES_SHOWN], *([f"{left} more"] if left > 0 else []))


def listed(words: Iterable[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    *but_last, last = words
    return f"{', '.join(but_last)} and {last}" if but_last else last


def what_follows(notice: CaseNotice, it: str = "it") -> str:
    """Return who is told next, and when, unless ``it`` is taken, or dealt with; empty where nobody is."""
    if notice.next_at is None:
        return ""
    at = near_words(notice.next_at, notice.now)
    ends = f"{it} is answered or closed" if notice.taken_by else f"somebody takes {it}"
    names = names_of(notice.next_who)
    if not names:
        return f"Unless {ends}, people are told again at {at}."
    return f"Unless {ends}, {listed(names)} {'is' if len(names) == 1 else 'are'} told at {at}."


def _more(notice: CaseNotice) -> str:
    if notice.more <= 0:
        return ""
    has = "has" if notice.more == 1 else "have"
    return f"{notice.more:,} more like it {has} come under the same post. Each has its own number and clock."


def _taken(notice: CaseNotice) -> str:
    taken_by = clean_line(notice.taken_by, 60)
    if notice.taken_at is None:
        return f"{taken_by} has taken it." if taken_by else ""
    ago = duration_words(notice.now - notice.taken_at)
    taken = f"{taken_by or 'Somebody'} took it at {near_words(notice.taken_at, notice.now)}, {ago} ago."
    if notice.step is AlertStep.STILL_OPEN:
        return f"{taken} It still needs an answer or a decision."
    return taken


def _blind(notice: CaseNotice) -> str:
    if notice.blind_since is None:
        return ""
    since = near_words(notice.blind_since, notice.now)
    return (
        f"We have not been able to read this account since {since}, so an answer there may not have been "
        "seen."
    )
