"""Triage: what the signs found in an item mean together: severity, labels, route and the two scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Target


class Fact(StrEnum):
    """Something a sign says beside its labels; intent and route are decided by these."""

    PRESS = "press"
    CHILD_AT_RISK = "child_at_risk"
    DISCLOSURE = "disclosure"
    HEAD_ACCUSED = "head_accused"
    STAFF_ACCUSED = "staff_accused"
    SITE_THREATENED = "site_threatened"
    STAFF_CONTACT = "staff_contact"
    PRIVATE_CONTACT = "private_contact"
    RECORDS = "records"
    CONFIRMED_ADULT = "confirmed_adult"
    COMPLAINT = "complaint"
    QUERY = "query"
    PRAISE = "praise"
    ADVERT = "advert"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that a rule, or later a model, noticed in the characters ``start:end`` of the original.

    ``abuse`` (0 to 1) is how likely this alone makes the author abusive. A sign without labels and
    facts is a faint one: it moves ``abuse`` a little and is not worth showing to a person. A ``sure``
    sign holds its severity whatever the models think of the text.
    """

    by: str
    start: int
    end: int
    severity: Severity = Severity.NONE
    labels: tuple[Label, ...] = ()
    facts: frozenset[Fact] = frozenset()
    target: Target = Target.UNKNOWN
    abuse: float = 0.0
    sure: bool = False


CONDUCT = frozenset(
    {
        Label.INSULT,
        Label.BULLYING,
        Label.HATE_RACE,
        Label.HATE_RELIGION,
        Label.HATE_LGBT,
        Label.HATE_DISABILITY,
        Label.HATE_SEX,
        Label.PROFANITY,
        Label.DEFAMATION,
        Label.SPAM,
    }
)
"""Labels for what the author does; quoting it is not doing it. The others tell of a risk, whoever writes."""

_ALWAYS_DSL = frozenset({Label.SELF_HARM, Label.GROOMING, Label.EXTREMISM})
_DSL_UNLESS_ADULT = frozenset({Label.BULLYING, Label.THREAT, Label.SEXUAL})
_ABUSE_OF_ADULTS = CONDUCT - {Label.PROFANITY, Label.SPAM} | {Label.THREAT, Label.SEXUAL}
_STAFF_OR_SITE = frozenset({Target.STAFF, Target.HEAD, Target.SCHOOL})
_TARGETS_OF_FACTS = (
    (Fact.CHILD_AT_RISK, Target.CHILD),
    (Fact.HEAD_ACCUSED, Target.HEAD),
    (Fact.STAFF_ACCUSED, Target.STAFF),
    (Fact.STAFF_CONTACT, Target.STAFF),
    (Fact.SITE_THREATENED, Target.SCHOOL),
    (Fact.COMPLAINT, Target.SCHOOL),
    (Fact.RECORDS, Target.SCHOOL),
    (Fact.PRESS, Target.SCHOOL),
)
_FLOOR = (0.05, 0.25, 0.50, 0.70, 0.90)
_ROOM = (0.15, 0.20, 0.18, 0.18, 0.09)
_UNTOUCHED = 0.02


def labels_of(signs: Iterable[Sign]) -> tuple[Label, ...]:
    """Return every label that a sign gave, in the order of the glossary."""
    given = {label for sign in signs for label in sign.labels}
    return tuple(label for label in Label if label in given)


def severity_of(signs: Iterable[Sign]) -> Severity:
    """Return the worst severity among the signs."""
    return max((sign.severity for sign in signs), default=Severity.NONE)


def abuse_of(signs: Iterable[Sign]) -> float:
    """Return the probability that the author is abusive: each rule speaks once, at its loudest."""
    loudest: dict[str, float] = {}
    for sign in signs:
        loudest[sign.by] = max(loudest.get(sign.by, 0.0), sign.abuse)
    return 1.0 - (1.0 - _UNTOUCHED) * prod(1.0 - abuse for abuse in loudest.values())


def score_of(severity: Severity, abuse: float, signs: int) -> float:
    """Return the place in the queue, 0 to 1: a band for each severity, ordered inside by the evidence.

    The bands of medium and worse start at 0.5, so the score alone tells urgent from not urgent.
    """
    weight = 0.7 * abuse + 0.3 * min(signs, 4) / 4
    return _FLOOR[severity] + _ROOM[severity] * weight


def route_of(signs: Sequence[Sign], intent: Intent) -> Route:
    """Return whose desk it belongs on; the first that matches wins, whatever the severity."""
    facts = {fact for sign in signs for fact in sign.facts}
    if intent is Intent.JOURNALIST:
        return Route.MEDIA
    site = Fact.SITE_THREATENED in facts
    if Fact.CHILD_AT_RISK in facts or any(_puts_child_at_risk(sign, site_threatened=site) for sign in signs):
        return Route.DSL
    if Fact.HEAD_ACCUSED in facts:
        return Route.GOVERNORS
    if facts & {Fact.STAFF_ACCUSED, Fact.SITE_THREATENED, Fact.STAFF_CONTACT}:
        return Route.HEADTEACHER
    if any(Label.THREAT in sign.labels and sign.target in _STAFF_OR_SITE for sign in signs):
        return Route.HEADTEACHER
    return _route_of_the_rest(facts, set(labels_of(signs)), intent)


def target_of(signs: Sequence[Sign]) -> Target:
    """Return whom it is about: as the most severe sign shows it, else as the facts or hate at a group do."""
    shown = [sign for sign in signs if sign.target is not Target.UNKNOWN and (sign.labels or sign.facts)]
    if shown:
        return max(shown, key=lambda sign: (sign.severity, -sign.start)).target
    facts = {fact for sign in signs for fact in sign.facts}
    return next((target for fact, target in _TARGETS_OF_FACTS if fact in facts), Target.UNKNOWN)


def _route_of_the_rest(facts: set[Fact], labels: set[Label], intent: Intent) -> Route:
    if Fact.RECORDS in facts or Label.PERSONAL_DATA in labels:
        return Route.DATA_PROTECTION
    if intent is Intent.COMPLAINT or labels & _ABUSE_OF_ADULTS or Label.IMPERSONATION in labels:
        return Route.SLT
    return Route.MODERATOR


def _puts_child_at_risk(sign: Sign, *, site_threatened: bool) -> bool:
    """Say whether a sign is about a child, or may be: an unknown victim counts as one, to be safe.

    Where the school itself is threatened, an unknown victim is the school.
    """
    labels = set(sign.labels)
    if labels & _ALWAYS_DSL:
        return True
    if labels & _DSL_UNLESS_ADULT and sign.target is Target.UNKNOWN:
        return not site_threatened
    return sign.target is Target.CHILD and bool(labels - {Label.PROFANITY, Label.SPAM})


def judge(signs: Sequence[Sign], intent: Intent, model: str, trouble: Sequence[Finding] = ()) -> Assessment:
    """Return the assessment that the signs add up to.

    ``trouble`` are findings about the scoring itself (a rule that failed, words that could not be
    read): with any of them the assessment is uncertain and a person must look.
    """
    severity = severity_of(signs)
    abuse = abuse_of(signs)
    telling = [sign for sign in signs if sign.labels or sign.facts]
    reasons = {
        Finding(by=sign.by, label=str(reason), start=sign.start, end=sign.end)
        for sign in telling
        for reason in (sign.labels or sorted(sign.facts))
    }
    return Assessment(
        score=round(score_of(severity, abuse, len({sign.by for sign in telling})), 4),
        abuse=round(abuse, 4),
        severity=severity,
        labels=labels_of(signs),
        intent=intent,
        route=route_of(signs, intent),
        findings=(*sorted(reasons, key=lambda f: (f.start, f.end, f.by, f.label)), *trouble),
        model=model,
        uncertain=bool(trouble),
        target=target_of(signs),
    )
