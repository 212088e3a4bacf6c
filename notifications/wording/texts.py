"""What a text message says: one segment, without a name, a quote or a category."""

from __future__ import annotations

from moderation.alerts import (
    AccountNotice,
    AlertStep,
    CaseNotice,
    DrillNotice,
    DutyNotice,
    Notice,
    StormNotice,
    SystemNotice,
)
from notifications.times import near_words, short_deadline_words
from notifications.wording.alphabet import ALPHABET, one_segment, plain
from notifications.wording.cases import NOTHING_TO_TAKE
from notifications.wording.lanes import reference_of
from notifications.wording.taking import how_many

PRACTICE = "PRACTICE"
_LONGEST_ADDRESS = 100
"""A longer address would leave no room to say what the message is about."""

_URGENT = (AlertStep.URGENT, AlertStep.MORE, AlertStep.WAITING)
_IN_EMAIL = "See your email"


def text_words(notices: tuple[Notice, ...], more: int = 0, address: str = "") -> str:
    """Return the text message about ``notices`` and ``more`` cases that are only counted.

    ``address`` is the page that takes what it tells of: it is there whole, or not at all.
    """
    usable = address if len(address) <= _LONGEST_ADDRESS and set(address) <= ALPHABET else ""
    first = notices[0]
    cases = tuple(notice for notice in notices if isinstance(notice, CaseNotice))
    start = f"{PRACTICE} " if isinstance(first, DrillNotice) else ""
    if (count := how_many(cases, more)) > 1:
        return one_segment(start, first.school_name, _several_cases(cases, count, usable))
    return one_segment(start, first.school_name, _sentences(first, len(notices), usable))


def _sentences(notice: Notice, count: int, address: str) -> tuple[str, ...]:
    """Return ways to say the same, the fullest first."""
    match notice:
        case CaseNotice():
            return _one_case(notice, address)
        case AccountNotice():
            return (_accounts(notice, count),)
        case DrillNotice():
            answer = address or f"socialduty drill answered {plain(notice.number)[:20]}"
            return (f"nothing has happened. Answer this practice alert: {answer}", f"Answer: {answer}")
        case _:
            return (_other(notice),)


def _other(notice: Notice) -> str:
    match notice:
        case DutyNotice():
            return _duty(notice)
        case StormNotice():
            since = near_words(notice.since, notice.now)
            return f"{notice.cases:,} social media cases since {since}. {_IN_EMAIL}."
        case SystemNotice(step=AlertStep.NOT_DELIVERED):
            return f"a social media alert reached nobody. See message {notice.number}: socialduty alerts"
        case _:
            return f"there is a message about social media. {_IN_EMAIL}."


def _one_case(case: CaseNotice, address: str) -> tuple[str, ...]:
    number = plain(reference_of(case))
    if case.step is AlertStep.STILL_OPEN:
        return (f"social media case {number} was taken and is still open. Answer it or close it.",)
    if case.step in NOTHING_TO_TAKE:
        return (f"social media case {number} needs you. {_IN_EMAIL}.",)
    now = " now" if case.step in _URGENT else ""
    take = f"Take it{now}: {address or f'socialduty take {number}'}"
    return (f"{_about(case, number)}. {take}", f"case {number}. {take}", take)


def _about(case: CaseNotice, number: str) -> str:
    if case.step is AlertStep.WAITING:
        return f"nobody has taken social media case {number} yet"
    if case.step in _URGENT:
        return f"urgent social media case {number}"
    if case.due_at is not None and case.due_at > case.now:
        return f"social media case {number} is due {short_deadline_words(case.due_at, case.now)}"
    return f"social media case {number} is waiting"


def _several_cases(cases: tuple[CaseNotice, ...], count: int, address: str) -> tuple[str, ...]:
    is_urgent = all(case.step in _URGENT for case in cases)
    what = f"{count:,} {'urgent ' if is_urgent else ''}social media cases"
    if not address:
        return (f"{what}. See them: socialduty cases --open",)
    return (f"{what}. Take them{' now' if is_urgent else ''}: {address}", f"{count:,} cases: {address}")


def _accounts(notice: AccountNotice, count: int) -> str:
    what = "a social media account" if count == 1 else f"{count:,} social media accounts"
    one = count == 1
    match notice.step:
        case AlertStep.NOT_WATCHED:
            since = near_words(notice.since, notice.now)
            return f"{what} {'has' if one else 'have'} not been read since {since}. {_IN_EMAIL}."
        case AlertStep.WATCHED_AGAIN:
            return f"{what} {'is' if one else 'are'} being read again."
        case _:
            return f"{what} {'needs' if one else 'need'} you. {_IN_EMAIL}."


def _duty(notice: DutyNotice) -> str:
    who = "somebody who is needed is away" if notice.roles else "nobody is on duty for social media"
    since = f" from {near_words(notice.gaps[0][0], notice.now)}" if notice.gaps else ""
    return f"{who}{since}. {_IN_EMAIL}."
