"""What is said about several cases at once: counts first, then one line for each. Never words of a post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from itertools import groupby

from moderation.alerts import AlertStep, CaseNotice
from moderation.assessment import Severity
from notifications.cleaning import clean_line
from notifications.times import deadline_words, is_due_today, near_words, short_deadline_words
from notifications.wording.cases import NOTHING_TO_TAKE, first_words
from notifications.wording.lanes import lane_of, platform_words, reference_of
from notifications.wording.letter import Letter, Section, Way, fitting
from notifications.wording.others import why_you
from notifications.wording.standing import what_follows
from notifications.wording.taking import how_many, way_to_take

LINES = 20
"""Lines that a digest shows at most. What has no line is counted."""

URGENT_STEPS = frozenset({AlertStep.URGENT, AlertStep.MORE})
_MANY = 10
_REASONS_SHOWN = 3


class _Kind(Enum):
    """Why a case stands in a digest: its words in the subject, and the title of its list. In this order."""

    URGENT = ("urgent", "Urgent")
    LATE = ("late", "Late")
    DUE_TODAY = ("due today", "Due today")
    NOT_TAKEN = ("not taken", "Taken by nobody yet")
    STILL_OPEN = ("still open", "Taken and still open")
    NEW = ("new", "New")
    OTHER = ("waiting", "Also waiting")


_BY_STEP = {
    AlertStep.WAITING: _Kind.NOT_TAKEN,
    AlertStep.STILL_OPEN: _Kind.STILL_OPEN,
    AlertStep.NEW: _Kind.NEW,
}
_ORDER = list(_Kind)


def digest_letter(cases: tuple[CaseNotice, ...], more: int = 0, address: str = "") -> Letter:
    """Write about several cases at once, and ``more`` that are only counted.

    ``address`` is the page that takes them. Where all are urgent, it is a summary of counts by place.
    """
    ordered = tuple(sorted(cases, key=lambda case: _ORDER.index(_kind_of(case))))
    sections, shown = _sections(ordered)
    hidden = how_many(ordered, more) - shown
    subjects = _summary_subjects(ordered, more) if _is_summary(ordered) else _subjects(ordered, more)
    return Letter(
        subject=fitting(*subjects),
        preview="Words hidden. Begin at the top: what is most pressing comes first.",
        headline=f"{subjects[0]}.",
        first=first_words(ordered),
        news=_news(ordered),
        facts=_by_place(ordered) if _is_summary(ordered) and len(ordered) <= LINES else (),
        sections=sections,
        rest=f"And {hidden:,} more. All of them are listed by: socialduty cases --open" if hidden else "",
        hidden="No words of any message are shown here. They stay on the school's own server.",
        steps=(
            "Begin at the top: what is most pressing comes first.",
            "See what a case asks for: socialduty cases, then its number.",
        ),
        way=_way(ordered, more, address),
        notes=_why_you(cases),
    )


def _is_summary(cases: tuple[CaseNotice, ...]) -> bool:
    return all(case.step in URGENT_STEPS for case in cases)


def _kind_of(case: CaseNotice) -> _Kind:
    if case.step in URGENT_STEPS:
        return _Kind.URGENT
    if case.step in (AlertStep.LATE, AlertStep.STILL_LATE) or (case.due_at and case.due_at < case.now):
        return _Kind.LATE
    if case.due_at is not None and is_due_today(case.due_at, case.now):
        return _Kind.DUE_TODAY
    return _BY_STEP.get(case.step, _Kind.OTHER)


def _counted(cases: Iterable[CaseNotice]) -> int:
    return how_many(tuple(cases))


def _subjects(cases: tuple[CaseNotice, ...], more: int) -> tuple[str, ...]:
    """Return how many of what, the longest first. Counts come before all else: they are the news."""
    counts = [
        f"{_counted(together):,} {kind.value[0]}" for kind, together in groupby(cases, key=_kind_of)
    ] + ([f"{more:,} more"] if more else [])
    is_grave = max(case.severity for case in cases) >= Severity.HIGH
    start = "Urgent: " if is_grave and _kind_of(cases[0]) is not _Kind.URGENT else ""
    return (
        f"{start}{', '.join(counts)} on social media",
        f"{start}{', '.join(counts)}",
        f"{start}{', '.join(counts[:2])}, {how_many(cases, more):,} social media messages in all",
        f"{start}{', '.join(counts[:2])}, {how_many(cases, more):,} messages in all",
        f"{start}{counts[0]}, {how_many(cases, more):,} messages in all",
        f"{start}{how_many(cases, more):,} social media messages",
    )


def _summary_subjects(cases: tuple[CaseNotice, ...], more: int) -> tuple[str, ...]:
    places = Counter[str]()
    for case in cases:
        places[_where(case)] += 1 + case.more
    total = how_many(cases, more)
    start = f"{'Many' if total > _MANY else total} urgent cases"
    named = [f"{count:,} on {where}" for where, count in places.most_common()]
    elsewhere = total - places.most_common(1)[0][1]
    return (
        f"{start}: {', '.join([*named, *([f'{more:,} more'] if more else [])])}",
        f"{start}: {named[0]}, {elsewhere:,} more",
        f"Many urgent cases: {total:,}",
    )


def _by_place(cases: tuple[CaseNotice, ...]) -> tuple[tuple[str, str], ...]:
    places: dict[str, Counter[str]] = {}
    for case in cases:
        places.setdefault(_where(case), Counter())[lane_of(case).thing] += 1 + case.more
    return tuple(
        (where, ", ".join(f"{count:,} {thing}" for thing, count in things.most_common()))
        for where, things in sorted(places.items(), key=lambda place: -place[1].total())
    )


def _news(cases: tuple[CaseNotice, ...]) -> tuple[str, ...]:
    """Say who is told next if nobody takes the first, and which account could not be read."""
    climbing = [case for case in cases if case.next_at is not None]
    soonest = min(climbing, key=lambda case: case.next_at or case.now, default=None)
    follows = what_follows(soonest, f"case {reference_of(soonest)}") if soonest else ""
    blind = dict.fromkeys(
        f"Our {_where(case)} account has not been read since {near_words(case.blind_since, case.now)}, so "
        "answers there may not have been seen."
        for case in cases
        if case.blind_since is not None
    )
    return (*([follows] if follows else []), *list(blind)[:_REASONS_SHOWN])


def _sections(cases: tuple[CaseNotice, ...]) -> tuple[tuple[Section, ...], int]:
    """Return the lists, at most :data:`LINES` lines together, and how many cases these stand for."""
    groups = _groups(cases)[:LINES]
    schools = len({case.school_name for case in cases})
    sections = tuple(
        Section(kind.value[1], tuple(_row(group, schools) for group in together))
        for kind, together in groupby(groups, key=lambda group: _kind_of(group[0]))
    )
    return sections, sum(_counted(group) for group in groups)


def _groups(cases: tuple[CaseNotice, ...]) -> list[list[CaseNotice]]:
    """Return the cases one by one; where there are too many, those of the same kind and place together."""
    if len(cases) <= LINES:
        return [[case] for case in cases]
    groups: dict[tuple[_Kind, str, str, str], list[CaseNotice]] = {}
    for case in cases:
        key = (_kind_of(case), _where(case), lane_of(case).thing, case.school_name)
        groups.setdefault(key, []).append(case)
    return sorted(
        groups.values(), key=lambda group: (_ORDER.index(_kind_of(group[0])), -group[0].severity, -len(group))
    )


def _row(group: list[CaseNotice], schools: int) -> tuple[str, str]:
    """Return what a line is called by, and what it says of one case, or of several of a kind."""
    case = group[0]
    lane, reference = lane_of(case), reference_of(case)
    about = f"{lane.thing[0].upper()}{lane.thing[1:]} on {_where(case)}"
    end = ", do not reply" if lane.no_reply and case.due_at is not None else ""
    end += f" ({clean_line(case.school_name, 40)})" if schools > 1 else ""
    if len(group) > 1:
        return f"{_counted(group):,} cases", f"{about}. The first is {reference}, {_due(case)}{end}"
    like_it = f", with {case.more:,} more like it" if case.more > 0 else ""
    return reference, f"{about}{like_it}, {_due(case)}{end}"


def _due(case: CaseNotice) -> str:
    if case.due_at is None:
        return "no reply owed"
    if case.due_at < case.now:
        return f"was due {deadline_words(case.due_at, case.now)}"
    return f"due {short_deadline_words(case.due_at, case.now)}"


def _way(cases: tuple[CaseNotice, ...], more: int, address: str) -> Way | None:
    open_to_take = tuple(case for case in cases if case.step not in NOTHING_TO_TAKE)
    return way_to_take(open_to_take, how_many(open_to_take, more), address) if open_to_take else None


def _where(case: CaseNotice) -> str:
    return platform_words(clean_line(case.platform, 20))


def _why_you(cases: tuple[CaseNotice, ...]) -> tuple[str, ...]:
    reasons = dict.fromkeys(line for case in cases for line in why_you(case.because, case.school_name))
    return tuple(reasons)[:_REASONS_SHOWN]
