"""The sentences of the weekly report. They are read aloud: the news first, counts before percent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from notifications.cleaning import clean_line
from notifications.times import duration_words
from sla.figures import CoverageLine, Headline, OtherReading, Waiting, WeeklyFigures, check

PROMISE = (
    "The promise: every comment, query or complaint is answered within 24 hours, or on the next working day "
    "if it was received at a weekend or on another day when the school is closed."
)
READINGS = {
    "strict": "24 hours as they pass; only what arrives on a closed day waits for the next working day",
    "pause": "24 hours of working days; the clock stands still on closed days",
    "carry": "24 hours; if they end on a closed day, the end of the next working day",
    "ignore_calendar": "24 hours as they pass, whatever the day",
}
NOT_MEASURED = "not measured"

_LABELS = {
    "hate_race": "hate: race",
    "hate_religion": "hate: religion",
    "hate_lgbt": "hate: LGBT",
    "hate_disability": "hate: disability",
    "hate_sex": "hate: sex",
    "self_harm": "self-harm",
    "dsl": "DSL",
    "slt": "SLT",
}


def headline_sentence(figures: WeeklyFigures) -> str:
    """Say in one sentence how the promise was kept; blind time never reads like a good week."""
    known = " that we know of" if figures.blind or figures.unmeasured else ""
    head = figures.headline
    if head.due == 0:
        return f"Nothing{known} was due. {coverage_sentence(figures)}"
    if head.decided == 0:
        return (
            f"{counted(head.running, 'reply', 'replies')}{known} {_are(head.running)} due, none of them yet."
        )
    return f"{_kept(head, known)}{_percent(head, known)}."


def _kept(head: Headline, known: str) -> str:
    total = counted(head.decided, "reply", "replies")
    which = known or f" that {_were(head.decided)} due"
    if head.decided == 1:
        return f"The one reply{which} was {'late' if head.late else 'in time'}"
    if head.late == 0:
        return f"All {total}{which} were in time"
    if head.met == 0:
        return f"None of the {total}{which} was in time"
    return f"{head.met} of {total}{known} {_were(head.met)} in time"


def _percent(head: Headline, known: str) -> str:
    """Return the percent; not for fewer than five, and never a full 100 for a week that was partly unseen."""
    if head.percent is None or (known and head.late == 0):
        return ""
    if head.percent == 0 and head.met:
        return " (less than 1%)"
    return f" ({head.percent}%{' of what was measured' if known else ''})"


def short_headline(head: Headline | None) -> str:
    """Say a headline in a few words, as for last week."""
    if head is None:
        return NOT_MEASURED
    if head.decided == 0:
        return "nothing was due" if head.due == 0 else f"{head.running} not due yet"
    percent = "" if head.percent is None else f" ({head.percent}%)"
    return f"{head.met} of {head.decided} in time{percent}"


def late_sentence(figures: WeeklyFigures) -> str:
    """Say how many were late and how many of them still wait; empty when none was."""
    late = figures.headline.late
    if late == 0:
        return ""
    waiting = sum(not line.is_answered for line in figures.late)
    if waiting == 0:
        tail = "It was answered since." if late == 1 else "All of them were answered since."
    elif waiting == late:
        tail = "It still waits for an answer." if late == 1 else "All of them still wait for an answer."
    else:
        tail = f"{waiting} of them still {_waits(waiting)} for an answer."
    return f"{counted(late, 'reply', 'replies')} {_were(late)} late. {tail}"


def beside_sentence(head: Headline) -> str:
    """Say what fell due but owed no answer; empty when there was none."""
    parts = [
        f"{head.not_needed} needed no reply" if head.not_needed else "",
        f"{head.withdrawn} {_were(head.withdrawn)} withdrawn by {_their(head.withdrawn)}"
        if head.withdrawn
        else "",
        f"{head.held} {_are(head.held)} held by the media policy" if head.held else "",
    ]
    said = [part for part in parts if part]
    return f"Not counted in this: {', '.join(said)}." if said else ""


def other_reading_sentence(other: OtherReading | None) -> str:
    """Say how many late replies would be in time under the reading that is not in force."""
    if other is None or other.late == 0:
        return ""
    name = clean_line(other.name, 30)
    return (
        f"Under the other reading of the rule ({name}), {other.late_in_time} of "
        f"{counted(other.late, 'late reply', 'late replies')} would be in time."
    )


def coverage_sentence(figures: WeeklyFigures) -> str:
    """Say whether the accounts were read all week, and if not, which were not."""
    if not figures.coverage:
        return "How the accounts were read is not measured."
    unseen = [*map(_blind_words, figures.blind)]
    unseen += [f"how {clean_line(account, 60)} was read is not measured" for account in figures.unmeasured]
    if not unseen:
        number = len(figures.coverage)
        return (
            "The one account was read all week."
            if number == 1
            else f"All {number} accounts were read all week."
        )
    sentence = joined(unseen)
    return f"{sentence[0].upper() + sentence[1:] if sentence.startswith('how ') else sentence}."


def _blind_words(line: CoverageLine) -> str:
    account = clean_line(line.account, 60)
    return f"{account} was not read {'all week' if line.is_blind_all_week else f'for {blind_words(line)}'}"


def blind_words(line: CoverageLine) -> str:
    """Say how long an account was not read."""
    return duration_words(line.blind_for)


def watched_words(line: CoverageLine | None) -> str:
    """Say in a table cell how an account was watched."""
    if line is None or line.is_blind_all_week:
        return NOT_MEASURED
    return "all week" if line.blind_minutes == 0 else f"not read for {blind_words(line)}"


def waiting_sentence(waiting: Waiting) -> str:
    """Say how long people waited."""
    if waiting.median_hours is None or waiting.longest_hours is None:
        return "Nobody was due an answer, so there are no waiting times."
    still = (
        f" {counted(waiting.unanswered, 'person', 'people')} still {_waits(waiting.unanswered)}."
        if waiting.unanswered
        else ""
    )
    return (
        f"Half of the people waited {hours_words(waiting.median_hours)} or less. "
        f"The longest wait was {hours_words(waiting.longest_hours)}.{still}"
    )


def hours_words(hours: float) -> str:
    """Say elapsed hours: ``40 minutes``, ``3.5 hours``, ``51 hours``."""
    if hours < 1:
        return duration_words(timedelta(hours=hours))
    rounded = round(hours, 1)
    number = f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded}"
    return f"{number} hour" if number == "1" else f"{number} hours"


def attention(figures: WeeklyFigures) -> tuple[str, ...]:
    """Say what needs the leadership team; the gravest first."""
    waiting = sum(not line.is_answered for line in figures.late)
    silent = sum(line.reason == "no reason given" for line in figures.late)
    needs = [f"These figures do not add up: {problem}. Do not rely on them." for problem in check(figures)]
    if waiting:
        needs.append(
            f"{counted(waiting, 'late reply', 'late replies')} still {_waits(waiting)} for an answer."
        )
    needs += [f"{_blind_words(line)}. That time is not measured." for line in figures.blind]
    needs += [f"How {clean_line(each, 60)} was read is not measured." for each in figures.unmeasured]
    if silent:
        needs.append(f"{counted(silent, 'late reply has', 'late replies have')} no reason given.")
    return tuple(needs)


def ahead_sentence(figures: WeeklyFigures) -> str:
    """Say what is already known of next week."""
    number = figures.due_next_week
    if number == 0:
        return "Nothing is due next week so far."
    return f"{counted(number, 'reply', 'replies')} {_are(number)} due next week so far."


def counted(number: int, one: str, many: str) -> str:
    """Return the number with the right form of its noun."""
    return f"{number} {one if number == 1 else many}"


def joined(parts: Sequence[str]) -> str:
    """Join clauses into one sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def readable(word: str) -> str:
    """Return a stable word, such as ``hate_race``, as people read it."""
    return _LABELS.get(word, clean_line(word.replace("_", " "), 60))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _waits(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _their(number: int) -> str:
    return "its author" if number == 1 else "their authors"


HOW_WE_COUNT = (
    "In time means: a person at the school answered, or recorded how it was dealt with, no later than "
    "the last second of the time allowed. Late means after that, or not at all. A reply that nobody "
    "has given counts as late, not as missing.",
    "The headline counts replies by the week in which they were due, so that each is counted once and "
    "none can drift out of sight. Messages by one person in one thread that wait for the same answer "
    "count as one.",
    "The tables count every item by the week in which it was received: received = in time + late + "
    "open + withdrawn + no reply needed + held.",
    "Withdrawn means that the author deleted it before it was due. No reply needed means that a "
    "person said so before it was due, or that there was nothing in it to answer. Held means that the "
    "media policy comes first.",
    "Time runs from when the person wrote, by the platform's clock, even when we saw it later. "
    "Waiting times are hours as they pass, closed days included; whoever still waits has waited until "
    "the report was made. The median is the middle one.",
    "Not measured means that the account could not be read. What arrived then may be missing from "
    "every figure until it is read. No percentage is given for fewer than 5 replies, and percentages "
    "are rounded down.",
    "An inset day is a working day. A late reply without a recorded reason is shown with no reason "
    "given. The severity is the system's suggestion for who looks first; it is not a judgement of a "
    "person.",
)
