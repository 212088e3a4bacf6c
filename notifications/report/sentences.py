"""The sentences of the weekly report. They are read aloud: the news first, counts before percent."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.cleaning import clean_line
from notifications.times import duration_words
from sla.figures import NO_REASON, CoverageLine, Headline, WeeklyFigures, check

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
    known, head = known_words(figures), figures.headline
    if head.due == 0:
        return f"Nothing{known} was due. {coverage_sentence(figures)}"
    if head.decided == 0:
        return (
            f"{counted(head.running, 'reply', 'replies')}{known} {_are(head.running)} due, none of them yet."
        )
    return f"{_kept(head, known)}{percent_words(head, known)}."


def known_words(figures: WeeklyFigures) -> str:
    """Return what is added to a count that may not hold everything; nothing when all was seen."""
    return " that we know of" if figures.blind or figures.unmeasured else ""


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


def percent_words(head: Headline, known: str) -> str:
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
        tail = "It waits no longer." if late == 1 else "None of them waits any longer."
    elif waiting == late:
        tail = "It still waits for an answer." if late == 1 else "All of them still wait for an answer."
    else:
        tail = f"{waiting} of them still {_waits(waiting)} for an answer."
    return f"{counted(late, 'reply', 'replies')} {_were(late)} late. {tail}"


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


def attention(figures: WeeklyFigures) -> tuple[str, ...]:
    """Say what needs the leadership team; the gravest first."""
    waiting = sum(not line.is_answered for line in figures.late)
    silent = sum(line.reason == NO_REASON for line in figures.late)
    needs = [f"These figures do not add up: {problem}. Do not rely on them." for problem in check(figures)]
    if waiting:
        needs.append(
            f"{counted(waiting, 'late reply', 'late replies')} still {_waits(waiting)} for an answer."
        )
    if figures.without_deadline:
        needs.append(_without_deadline(figures.without_deadline))
    needs += [f"{_blind_words(line)}. That time is not measured." for line in figures.blind]
    needs += [f"How {clean_line(each, 60)} was read is not measured." for each in figures.unmeasured]
    if silent:
        needs.append(f"{counted(silent, 'late reply has', 'late replies have')} no reason given.")
    return tuple(needs)


def _without_deadline(number: int) -> str:
    which, after = ("1 message has", "it") if number == 1 else (f"{number} messages have", "them")
    return f"{which} no due time: the school's calendar has no working day after {after}. Check its closures."


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
