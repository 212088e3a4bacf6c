"""What a rule is, and how its finds become signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from moderation.abuse.reading import Reading
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact, Sign

_YOU = re.compile(r"\b(?:you|u|ya|your|ur|youre)\b")

CHILD_DISCLOSES = frozenset({Fact.DISCLOSURE, Fact.CHILD_AT_RISK})


class Stance(StrEnum):
    """What it takes for a find to count."""

    CONDUCT = "conduct"
    """What the author does. Quoting, reporting, denying or joking about it is something else."""
    RISK = "risk"
    """What the message reveals, whoever writes. Reported, it becomes a disclosure."""
    THREAT = "threat"
    """A risk that a denial takes away: ``I am not going to hurt you``."""
    OPINION = "opinion"
    """A view, which a denial turns round: ``not disappointed``."""
    PLAIN = "plain"
    """Counts wherever it stands."""


class Aim(StrEnum):
    """What a word of conduct needs before it counts in full."""

    ANYONE = "anyone"
    """Nothing: the word itself demeans."""
    NOUN = "noun"
    """Thrown at somebody: ``you muppet``."""
    ADJECTIVE = "adjective"
    """Said of a person: ``she is so thick``; a stupid rule is no insult."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One small rule. ``about`` says in plain words what it notices; ``example`` is a text it must find.

    It finds single ``words``, ``phrases`` of the small language and whatever ``find`` returns (places
    in ``reading.text``), but says nothing of a text that ``unless`` is true of. A ``sure`` rule needs no
    second opinion: the models cannot overrule it. ``unaimed`` is the severity when ``aim`` is not met;
    ``abuse`` the probability that the author is abusive when it is met. ``target`` is set when the rule
    knows who is meant, ``otherwise`` is who is meant where the words around a find do not show it.
    """

    name: str
    about: str
    example: str
    source: str
    severity: Severity
    labels: tuple[Label, ...] = ()
    facts: frozenset[Fact] = frozenset()
    abuse: float = 0.0
    stance: Stance = Stance.PLAIN
    aim: Aim = Aim.ANYONE
    unaimed: Severity = Severity.NONE
    target: Target | None = None
    otherwise: Target = Target.UNKNOWN
    sure: bool = False
    words: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    find: Callable[[Reading], Iterator[tuple[int, int]]] | None = None
    unless: Callable[[Reading], bool] | None = None

    def weigh(self, reading: Reading, start: int, end: int) -> Sign | None:
        """Return the sign that a find at this place of the reading amounts to, if any."""
        if self._is_excused(reading, start, end):
            return None
        match self.stance:
            case Stance.CONDUCT:
                return _conduct(self, reading, start, end)
            case Stance.OPINION if reading.is_denied(start):
                return None
            case Stance.THREAT if reading.is_denied(start):
                return None
            case Stance.RISK | Stance.THREAT:
                return _risk(self, reading, start, end)
            case _:
                return _sign(self, reading, start, end, _Weight(self.severity, self.abuse))

    def _is_excused(self, reading: Reading, start: int, end: int) -> bool:
        """Say whether a find means nothing: in this text, this set phrase or this name of the school's."""
        if self.unless is not None and self.unless(reading):
            return True
        if self.stance is Stance.PLAIN:
            return False
        return reading.is_idiom(start, end) or reading.is_a_name(start, end)


@dataclass(frozen=True, slots=True)
class _Weight:
    """How much a find counts where it stands."""

    severity: Severity
    abuse: float
    facts: frozenset[Fact] = frozenset()

    def softened(self, share: float) -> _Weight:
        """Return one step of severity less, and a share of the probability."""
        return _Weight(Severity(max(self.severity - 1, 0)), self.abuse * share, self.facts)


def _sign(rule: Rule, reading: Reading, start: int, end: int, weight: _Weight) -> Sign:
    first, last = reading.original_span(start, end)
    counts = weight.severity > Severity.NONE
    return Sign(
        by=rule.name,
        start=first,
        end=last,
        severity=weight.severity,
        labels=rule.labels if counts else (),
        facts=rule.facts | weight.facts if counts or not rule.labels else frozenset(),
        target=rule.target or _target(rule, reading, start, end),
        abuse=weight.abuse,
        sure=rule.sure and weight.severity >= min(rule.severity, Severity.HIGH),
    )


def _target(rule: Rule, reading: Reading, start: int, end: int) -> Target:
    if not rule.labels or (Label.BULLYING in rule.labels and _YOU.search(reading.text, start, end)):
        return Target.UNKNOWN
    shown = reading.target_at(start, end)
    return rule.otherwise if shown is Target.UNKNOWN else shown


def _conduct(rule: Rule, reading: Reading, start: int, end: int) -> Sign | None:
    if reading.is_word_itself(start):
        return None
    if reading.is_quoted(start, end) or reading.is_reported(start):
        return _reported(rule, reading, start, end)
    if reading.is_about_the_writer(start):
        return None
    if rule.aim is not Aim.ANYONE and reading.is_denied(start):
        return None
    return _sign(rule, reading, start, end, _conduct_weight(rule, reading, start, end))


def _conduct_weight(rule: Rule, reading: Reading, start: int, end: int) -> _Weight:
    """Return what the author's own words count: less when aimed at nobody, or said in affection or fun."""
    weight = _Weight(rule.severity, rule.abuse)
    if not _meets_aim(rule.aim, reading, start, end):
        weight = _Weight(rule.unaimed, rule.abuse * 0.5)
    if rule.aim is Aim.ANYONE:
        return weight
    if reading.is_affectionate:
        weight = weight.softened(0.3)
    only_teases = rule.severity is Severity.LOW and rule.aim is Aim.NOUN and reading.is_playful
    return weight.softened(0.3) if only_teases else weight


def _meets_aim(aim: Aim, reading: Reading, start: int, end: int) -> bool:
    match aim:
        case Aim.NOUN:
            return reading.is_aimed(start, end)
        case Aim.ADJECTIVE:
            return reading.names_person_with(start, end)
        case _:
            return True


def _reported(rule: Rule, reading: Reading, start: int, end: int) -> Sign | None:
    """Return the sign of somebody telling what was said: to a child it is a disclosure, else nothing."""
    if rule.severity <= Severity.LOW:
        return None
    child = reading.mentions(Target.CHILD) or (reading.writer_is_victim and not reading.sounds_adult)
    if not child:
        return None
    first, last = reading.original_span(start, end)
    return Sign(
        by=rule.name, start=first, end=last, severity=Severity.LOW, facts=CHILD_DISCLOSES, target=Target.CHILD
    )


def _risk(rule: Rule, reading: Reading, start: int, end: int) -> Sign:
    told = rule.abuse > 0 and (reading.is_reported(start) or reading.is_quoted(start, end))
    weight = _Weight(rule.severity, rule.abuse)
    if told:
        weight = _Weight(min(rule.severity, Severity.HIGH), 0.0, frozenset({Fact.DISCLOSURE}))
    return _sign(rule, reading, start, end, weight)
