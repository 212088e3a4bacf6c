"""A judgement: what a person says of an item's scoring, and what would have been right. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target
from moderation.cases import needs_a_person
from moderation.items import ItemId


class Mark(StrEnum):
    """What a person says of an assessment: an alarm about nothing, a miss, another mistake, or none."""

    FALSE_ALARM = "false_alarm"
    MISSED = "missed"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right by a person's word; None where they have not said."""

    severity: Severity | None = None
    labels: tuple[Label, ...] | None = None
    intent: Intent | None = None
    route: Route | None = None
    target: Target | None = None
    abuse: bool | None = None

    @property
    def known(self) -> tuple[str, ...]:
        """The names of what a person has said, in the order of the fields."""
        return tuple(name for name in self.__slots__ if getattr(self, name) is not None)


UNSAID = Correction()
"""What is right where a person has said nothing but a mark."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of what scoring ``said`` of one version of an item.

    It is never changed: whoever thinks again judges again, and the newest judgement of a person counts.
    ``why`` is the person's own words, which may quote somebody; "" where they gave none.
    """

    item: ItemId
    version: int
    mark: Mark
    said: Assessment
    right: Correction
    why: str
    by: str
    at: datetime


class NotFitting(Exception):
    """The judgement cannot be right as it is given. The text says why, and what to say instead."""


def completed(said: Assessment, mark: Mark | None, given: Correction) -> tuple[Mark, Correction]:
    """Return the mark that fits what a person said, and everything that follows from it.

    A false alarm has no severity, no labels and no abuse unless the person says otherwise; a miss is medium
    at least. Without a mark, the severity tells: an alarm below medium is a false one, and so on.

    Raises:
        NotFitting: the person said nothing, or things that contradict each other or what scoring said.
    """
    match mark:
        case Mark.FALSE_ALARM:
            return mark, _of_a_false_alarm(said, given)
        case Mark.MISSED:
            return mark, _of_a_miss(said, given)
        case Mark.RIGHT:
            if given.known:
                raise NotFitting("what is right needs no correction: leave the others out")
            return mark, _what_was_said(said)
        case _:
            if not given.known:
                raise NotFitting("say what is right: a false alarm, a miss, or a correction")
            return _mark_of(said, given), given


def _of_a_false_alarm(said: Assessment, given: Correction) -> Correction:
    if not (said.severity > Severity.NONE or said.labels or needs_a_person(said)):
        raise NotFitting("no alarm was raised about it: say what is wrong with --severity or --labels")
    severity = Severity.NONE if given.severity is None else given.severity
    if severity >= Severity.MEDIUM:
        raise NotFitting("a false alarm is none or low: leave the severity out")
    return replace(
        given,
        severity=severity,
        labels=() if given.labels is None else given.labels,
        abuse=False if given.abuse is None else given.abuse,
    )


def _of_a_miss(said: Assessment, given: Correction) -> Correction:
    severity = Severity.MEDIUM if given.severity is None else given.severity
    if severity < Severity.MEDIUM:
        raise NotFitting("what was missed is medium at least: say --severity without --missed")
    if severity <= said.severity:
        raise NotFitting(f"it was called {said.severity.word} already: say how severe it is with --severity")
    return replace(given, severity=severity)


def _what_was_said(said: Assessment) -> Correction:
    abuse = said.abuse >= EVEN_CHANCE
    return Correction(said.severity, said.labels, said.intent, said.route, said.target, abuse)


EVEN_CHANCE = 0.5
"""From which probability of abuse on scoring is taken to have called a text abusive."""


def _mark_of(said: Assessment, given: Correction) -> Mark:
    """Return what a correction without a mark comes to."""
    stated = _what_was_said(said)
    differs = [name for name in given.known if _plain(getattr(given, name)) != _plain(getattr(stated, name))]
    if not differs:
        return Mark.RIGHT
    if given.severity is not None:
        was_urgent, is_urgent = (each >= Severity.MEDIUM for each in (said.severity, given.severity))
        if was_urgent and not is_urgent:
            return Mark.FALSE_ALARM
        if is_urgent and not was_urgent:
            return Mark.MISSED
    return Mark.WRONG


def _plain(value: object) -> object:
    """Return a value that can be compared: labels in any order are the same labels."""
    return frozenset(value) if isinstance(value, tuple) else value


def of_the_words(right: Correction, said: Assessment, own: Assessment) -> Correction:
    """Return what a person's word about an item that its thread raised tells of its words by themselves.

    ``said`` is what it was raised to, ``own`` what was said of its words. To agree with what the thread made
    of it says nothing about the words.
    """
    stated, alone = _what_was_said(said), _what_was_said(own)
    agreed = [
        name
        for name in right.known
        if getattr(stated, name) != getattr(alone, name)
        and _plain(getattr(right, name)) == _plain(getattr(stated, name))
    ]
    return replace(right, **dict.fromkeys(agreed))


def agree(judged: Sequence[Judgement]) -> bool:
    """Say whether people said the same: one mark, and no two answers to one question."""
    answers: dict[str, set[object]] = {"mark": {each.mark for each in judged}}
    for each in judged:
        for name in each.right.known:
            answers.setdefault(name, set()).add(_plain(getattr(each.right, name)))
    return all(len(given) == 1 for given in answers.values())


def as_judged(said: Assessment, right: Correction) -> Assessment:
    """Return what scoring should have said: a person's word, and where they left it open, what was said.

    Somebody who calls a thing high or worse that nobody was to see, and names no desk, means a child first:
    it is for the safeguarding lead.
    """
    severity = said.severity if right.severity is None else right.severity
    nobody_named = right.route is None and said.route is Route.MODERATOR
    return replace(
        said,
        severity=severity,
        labels=said.labels if right.labels is None else right.labels,
        intent=right.intent or said.intent,
        route=Route.DSL if nobody_named and severity >= Severity.HIGH else right.route or said.route,
        target=right.target or said.target,
        uncertain=False,
    )


def is_louder(said: Assessment, judged: Assessment) -> bool:
    """Say whether somebody has to be told who was not: it is worse than was said, or for another desk."""
    return needs_a_person(judged) and (judged.severity > said.severity or judged.route is not said.route)


def is_quieter(said: Assessment, judged: Assessment) -> bool:
    """Say whether a judgement takes weight from an item: it is less severe, or no longer for that desk."""
    return judged.severity < said.severity or judged.route is not said.route


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements that count, of ``judgements`` in the order in which they were made.

    Of every person the newest about a version counts. So whoever errs judges again.
    """
    newest: dict[tuple[ItemId, int, str], Judgement] = {}
    for each in judgements:
        key = (each.item, each.version, each.by)
        newest.pop(key, None)  # taken out first, so that the order stays that of the newest
        newest[key] = each
    return list(newest.values())
