"""What the words of a calendar event mean, as schools in the United Kingdom write them.

A category that we know decides. Otherwise the words of the summary do, in the order of :func:`meaning`. Words
that speak of something else ("holiday club") close nothing: a closure too few is seen in the findings, a
closure too many keeps a parent waiting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sla.term_dates.phrases import (
    BANK_HOLIDAY,
    BESIDE_FEASTS,
    BESIDE_TRAINING,
    BREAK,
    CALLED_OFF,
    CATEGORIES,
    CLOSED_TO_PART,
    CLOSURE,
    COVER,
    DENIED,
    ELSEWHERE,
    FEASTS,
    FIRST_OR_LAST,
    HALF_TERM,
    HOLIDAY,
    IN_BRACKETS,
    INSET,
    LESSONS,
    MARKER,
    NOT_INSET,
    OPEN,
    OTHER_BUSINESS,
    OTHER_PLACE_CLOSED,
    PART_OF_SCHOOL,
    PARTS,
    RECESS,
    RETURN,
    SCHOOL,
    SCHOOL_CLOSED,
    SCHOOL_OPEN,
    SHORTENED,
    TERM,
    TERM_WORDS,
    TRAINING,
    UNIMPORTANT,
)
from sla.term_dates.values import SHORTEST_TERM, Kind, Why

LONGEST_HALF_TERM = 23
"""Days; a longer "half term" is half a term of lessons, not the week between."""

LONGEST_BANK_HOLIDAY = 4
"""Days, from Good Friday to Easter Monday; a longer "bank holiday" is a holiday."""

BARE_HOLIDAY = range(3, 31)
"""Days for which "Easter" alone means the holiday, and neither the day nor the term."""

BARE_SUMMER = range(20, 76)
"""Days for which "Summer" alone means the holiday, where it begins in the weeks in which those begin."""

LONGEST_MARKER = 4
"""Days; "pupils return from the Christmas holidays" over more of them may well be the holiday itself."""

_FIRST_OF_SUMMER, _LAST_OF_SUMMER = (6, 15), (8, 15)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?")


def meaning(label: str, categories: Iterable[str], days: int, start: date | None = None) -> Kind | Why:
    """Return what an event of ``days`` days means by its categories and its label.

    ``start`` is its first day, where that is known. Return a kind of entry, or why it is none: it marks a
    first or last day, is called off, or speaks of something else.
    """
    if kind := _chosen(categories):
        return kind
    words = _plain(label)
    if CALLED_OFF.search(words):
        return Why.CANCELLED
    if COVER.search(words):
        return Kind.COVER
    if _is_staff_day(words):
        return Why.OTHER if NOT_INSET.search(words) or DENIED.search(words) else Kind.INSET
    return _left_aside(words, days) or _closing(words, days, start) or _term(label, days)


def _chosen(categories: Iterable[str]) -> Kind | None:
    """Return the kind that somebody chose as a category."""
    names = (" ".join(PARTS.split(category.lower().replace("_", " "))).strip() for category in categories)
    return next((CATEGORIES[name] for name in names if name in CATEGORIES), None)


def _left_aside(words: str, days: int) -> Why | None:
    """Return why the words close nothing, whatever holiday they name."""
    if _is_other_business(words):
        return Why.OTHER
    if LESSONS.search(words) or SCHOOL_OPEN.search(words) or _is_marker(words, days):
        return Why.MARKER
    return None


def _is_staff_day(words: str) -> bool:
    """Return whether staff work and pupils do not: a "training day" only if it is no training of a team."""
    return bool(INSET.search(words)) or bool(TRAINING.search(words) and _names(words) <= BESIDE_TRAINING)


def _is_other_business(words: str) -> bool:
    """Return whether the words speak of something else, of another place or of a part of the school."""
    if DENIED.search(words) or CLOSED_TO_PART.search(words):
        return True
    others = (OTHER_BUSINESS, OTHER_PLACE_CLOSED, PART_OF_SCHOOL)
    return any(each.search(words) for each in others) and not SCHOOL_CLOSED.search(words)


def _is_marker(words: str, days: int) -> bool:
    """Return whether the words say that something begins, ends or lasts a part of the day."""
    if days > 1:
        is_short = SHORTENED.search(words) or RETURN.search(words)
        return bool(is_short and days <= LONGEST_MARKER and not SCHOOL_CLOSED.search(words))
    if SCHOOL_CLOSED.search(words):
        return bool(OPEN.search(words))
    if FIRST_OR_LAST.search(words):
        return True
    speaks_of_school = any(each.search(words) for each in (HALF_TERM, HOLIDAY, TERM, CLOSURE, SCHOOL))
    says_when = MARKER.search(words) and not BANK_HOLIDAY.search(words)
    return bool(speaks_of_school and (says_when or OPEN.search(words)))


def _closing(words: str, days: int, start: date | None) -> Kind | None:
    """Return the kind of closure that the words name, if any."""
    if BANK_HOLIDAY.search(words) and days <= LONGEST_BANK_HOLIDAY:
        return Kind.BANK_HOLIDAY
    if HALF_TERM.search(words):
        return Kind.HALF_TERM if days <= LONGEST_HALF_TERM else None
    if HOLIDAY.search(words) or _is_bare_holiday(words, days, start):
        return Kind.HOLIDAY
    if SCHOOL_CLOSED.search(words) or (CLOSURE.search(words) and not ELSEWHERE.search(words)):
        return Kind.CLOSURE
    return None


def _is_bare_holiday(words: str, days: int, start: date | None) -> bool:
    """Return whether the words are "Easter", "Christmas and New Year", or any break of several days.

    "Summer" alone is a holiday only in the summer: a term may be called so, too.
    """
    named = _names(words)
    if named == {"summer"} and start and days in BARE_SUMMER:
        return _FIRST_OF_SUMMER <= (start.month, start.day) <= _LAST_OF_SUMMER
    if "recess" in named and named <= RECESS:
        return days > 1
    if days not in BARE_HOLIDAY:
        return False
    return bool(BREAK.search(words)) or bool(named & FEASTS and named <= FEASTS | BESIDE_FEASTS)


def _term(label: str, days: int) -> Kind | Why:
    """Return whether the label is a term's name and no more: "Autumn term 2026 (Year 7 from Tuesday)"."""
    words = _plain(IN_BRACKETS.sub(" ", label))
    if not (TERM.search(words) and _names(words) <= TERM_WORDS):
        return Why.OTHER
    return Kind.TERM if days >= SHORTEST_TERM else Why.MARKER


def _names(words: str) -> set[str]:
    """Return the words without numbers."""
    return {word for word in PARTS.split(words) if word and not _ORDINAL.fullmatch(word)}


def _plain(label: str) -> str:
    return UNIMPORTANT.sub(" ", label.lower().replace("’", "'").replace("–", "-")).strip()
