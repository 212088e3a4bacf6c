"""What a thread adds to its items: mild remarks that are bullying together are raised together.

One remark that a person would shrug off is no case for anybody. Ten of them at one pupil, or five by one
person, are bullying. Only the messages around one item are looked at: those of its own thread or under the
same post, within :data:`WINDOW`. No words are read, and nothing is kept about anybody.

Anger at the school or at a decision never counts, however many are angry; nor do praise and banter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Target
from moderation.items import ItemId
from moderation.triage import score_of

WINDOW = timedelta(hours=24)
"""How far from an item, before and after it, its thread is looked at."""

THREAD = "thread"
"""What findings of this module are named by."""

RAISED = "+thread-"
"""What stands in the model of an assessment that a thread raised, before how far."""

_LONGEST_MODEL = 64

_MILD, _VEILED, _SURE = 0.25, 0.40, 0.50
"""From which ``abuse`` on a remark counts: one of low severity, one of none, and one that is shielded."""

_REMARKS = frozenset({Intent.COMMENT, Intent.REACTION})
"""What is said of people in passing. Whoever complains, asks, praises or tells of harm is shielded."""

_AT_NOBODY = frozenset({Label.PROFANITY, Label.SPAM})

_MANY = 8
_MANY_MEAN_A_CHILD = 3
_HOUR = timedelta(hours=1)
_SUDDEN = "a sudden burst of unkind remarks"
_BURST, _BURST_AUTHORS, _BURST_PACE = 6, 3, 4


@dataclass(frozen=True, slots=True)
class _Enough:
    """How much makes remarks at one kind of target bullying.

    ``authors`` different people, and at least the ``share`` of all who write there, so that a busy thread
    with a few remarks in it stays what it is; or ``times`` by one person.
    """

    authors: int
    share: float
    times: int
    words: str


_ENOUGH = {
    Target.CHILD: _Enough(3, 1 / 20, 4, "a pupil"),
    Target.STAFF: _Enough(3, 1 / 8, 4, "a member of staff"),
    Target.HEAD: _Enough(3, 1 / 8, 4, "the head"),
    Target.ADULT: _Enough(3, 1 / 8, 4, "an adult"),
    # Rival teams and nobody in particular: banter looks like that, so it takes more.
    Target.GROUP: _Enough(5, 1 / 8, 5, "a group of people"),
    Target.UNKNOWN: _Enough(5, 1 / 8, 5, "somebody"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One scored item as its thread sees it: who wrote it when, and what scoring says of it.

    ``author`` tells authors apart; one whom the platform hides is nobody else. ``said`` is the newest
    assessment, of the item's ``version``.
    """

    item: ItemId
    version: int
    thread: int
    author: str
    received_at: datetime
    said: Assessment


@dataclass(frozen=True, slots=True)
class ThreadVerdict:
    """What a thread makes of its newest item: ``assessment``, the item's own one where it adds nothing.

    ``raised`` are the other items that are raised with it, each with its new assessment. ``joins`` are those
    that were raised as far for the same reason before: who was told of one of them may know of this.
    """

    assessment: Assessment
    raised: tuple[Remark, ...] = ()
    joins: tuple[ItemId, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Reason:
    """Why remarks are raised, and how far. Of two reasons for one remark the greater one holds."""

    severity: Severity
    rank: int
    about: Target
    words: str


def is_jibe(said: Assessment) -> bool:
    """Say whether a remark is unkind enough to count when others join in, mild as it may be by itself.

    This is the criticism shield of threads: what is about the school never counts, and a complaint, a
    question, praise or swearing at nobody only when it is more likely than not abuse of a person.
    """
    if said.target is Target.SCHOOL:
        return False
    is_remark = said.intent in _REMARKS
    if said.severity is Severity.NONE and not is_remark:
        return False
    if not is_remark or (said.labels and set(said.labels) <= _AT_NOBODY):
        return said.abuse >= _SURE
    return said.abuse >= (_VEILED if said.severity is Severity.NONE else _MILD)


def raised_to(said: Assessment) -> Severity | None:
    """Return how far a thread raised this assessment; None for what was said of the item alone."""
    _, mark, word = said.model.rpartition(RAISED)
    return Severity[word.upper()] if mark else None


def with_thread(new: Remark, others: Iterable[Remark]) -> ThreadVerdict:
    """Return what ``new`` and the ``others`` of its thread are together, whatever their order.

    ``new.said`` is what was said of the item alone. More abuse never makes less of a thread, and what was
    raised as far before is not raised again.
    """
    if not is_jibe(new.said):
        return ThreadVerdict(new.said)
    near = {each.item: each for each in others if abs(each.received_at - new.received_at) <= WINDOW}
    near[new.item] = new
    reasons: dict[ItemId, _Reason] = {}
    for members, reason in _joined_with(new, list(near.values())):
        for each in members:
            reasons[each.item] = max(reasons.get(each.item, reason), reason)
    if not reasons:
        return ThreadVerdict(new.said)
    reason = reasons[new.item]
    beside = [near[item] for item in sorted(reasons) if item != new.item]
    raised = [
        replace(each, said=_raised(each.said, reasons[each.item]))
        for each in beside
        if (raised_to(each.said) or Severity.NONE) < reasons[each.item].severity
    ]
    joins = tuple(each.item for each in beside if _covers(each.said, reason))
    return ThreadVerdict(_raised(new.said, reason), tuple(raised), joins)


def why_raised(said: Assessment) -> str:
    """Return in plain words why a thread raised an item, for its case's history; "" where it did not."""
    return next((each.label for each in said.findings if each.by == THREAD), "")


def _covers(said: Assessment, reason: _Reason) -> bool:
    """Say whether who was told of ``said`` knows of ``reason``: as far raised, and at the same target.

    Whether several do it or one does it often is no news, and a burst is none after anything else.
    """
    if (raised_to(said) or Severity.NONE) < reason.severity:
        return False
    return reason.words == _SUDDEN or _at_whom(why_raised(said)) == _at_whom(reason.words)


def _at_whom(words: str) -> str:
    return words.rpartition(" against ")[2]


def _joined_with(new: Remark, near: Sequence[Remark]) -> Iterator[tuple[list[Remark], _Reason]]:
    """Yield the remarks that are bullying together with ``new``, under the whole post and in its thread.

    A thread under a busy post is looked at by itself too, or the post would drown it.
    """
    jibes = [each for each in near if is_jibe(each.said)]
    yield from _camps(new, jibes, len({each.author for each in near}))
    yield from _burst(new, jibes, near)
    thread = [each for each in near if each.thread == new.thread]
    if len(thread) < len(near):
        jibes = [each for each in jibes if each.thread == new.thread]
        yield from _camps(new, jibes, len({each.author for each in thread}))
        yield from _burst(new, jibes, thread)


def _camps(new: Remark, jibes: Sequence[Remark], people: int) -> Iterator[tuple[list[Remark], _Reason]]:
    """Yield the remarks at each kind of target that are bullying: by several people, or by one, repeatedly.

    Remarks at nobody whom the words show count with those at somebody. ``people`` is how many write there.
    """
    for rank, (target, enough) in enumerate(reversed(_ENOUGH.items())):
        if new.said.target not in (target, Target.UNKNOWN):
            continue
        camp = [each for each in jibes if each.said.target in (target, Target.UNKNOWN)]
        plain = {each.author for each in camp if each.said.target is target}
        authors = {each.author for each in camp}
        if plain and len(authors) >= max(enough.authors, people * enough.share):
            many = target is Target.CHILD and len(authors) >= _MANY and len(plain) >= _MANY_MEAN_A_CHILD
            severity, who = (Severity.HIGH, "many") if many else (Severity.MEDIUM, "several")
            yield camp, _Reason(severity, rank, target, f"{who} people against {enough.words}")
        theirs = [each for each in camp if each.author == new.author]
        if new.author in plain and len(theirs) >= enough.times:
            words = f"one person again and again against {enough.words}"
            yield theirs, _Reason(Severity.MEDIUM, rank, target, words)


def _burst(
    new: Remark, jibes: Sequence[Remark], place: Sequence[Remark]
) -> Iterator[tuple[list[Remark], _Reason]]:
    """Yield the remarks of an hour around ``new`` far above the usual pace, where a good part is unkind.

    That part is held against a third, not against the part before: else unkindness would excuse unkindness.
    """
    if len(jibes) < _BURST:
        return
    ordered = sorted(jibes, key=lambda each: (each.received_at, each.item))
    jibe_times = [each.received_at for each in ordered]
    times = sorted(each.received_at for each in place)
    beside = max((times[-1] - times[0]) / _HOUR - 1, 1.0)
    hot: list[int] = []
    for start in jibe_times[bisect_left(jibe_times, new.received_at - _HOUR) :]:
        if start > new.received_at:
            break
        messages = bisect_right(times, start + _HOUR) - bisect_left(times, start)
        first, last = bisect_left(jibe_times, start), bisect_right(jibe_times, start + _HOUR)
        usual = (len(times) - messages) / beside
        if last - first < max(_BURST, messages / 3) or messages < _BURST_PACE * usual:
            continue
        if _are_several(ordered, first, last):
            hot += (first, last)
    if hot:
        # Every such hour holds the new remark, so together they are one stretch.
        yield ordered[min(hot) : max(hot)], _Reason(Severity.MEDIUM, -1, Target.UNKNOWN, _SUDDEN)


def _are_several(ordered: Sequence[Remark], first: int, last: int) -> bool:
    authors: set[str] = set()
    for place in range(first, last):
        authors.add(ordered[place].author)
        if len(authors) >= _BURST_AUTHORS:
            return True
    return False


def _raised(said: Assessment, reason: _Reason) -> Assessment:
    """Return an assessment raised to what the thread makes of it; ``abuse`` stays that of the one text."""
    findings = (
        *(each for each in said.findings if each.by != THREAD),
        Finding(THREAD, reason.words, 0, 0),
    )
    severity, rises = max(said.severity, reason.severity), reason.severity > said.severity
    labels = {*said.labels, Label.BULLYING}
    suffix = f"{RAISED}{reason.severity.word}"
    return replace(
        said,
        score=round(score_of(severity, said.abuse, len(findings)), 4) if rises else said.score,
        severity=severity,
        labels=tuple(label for label in Label if label in labels),
        route=_route(said, reason.about),
        findings=findings,
        model=said.model.partition(RAISED)[0][: _LONGEST_MODEL - len(suffix)] + suffix,
    )


def _route(said: Assessment, about: Target) -> Route:
    """Return whose desk it belongs on now: bullying of a pupil, or of who may be one, is for the DSL."""
    target = about if said.target is Target.UNKNOWN else said.target
    if said.route is Route.MEDIA:
        return said.route
    if target in (Target.CHILD, Target.UNKNOWN):
        return Route.DSL
    return Route.SLT if said.route is Route.MODERATOR else said.route
