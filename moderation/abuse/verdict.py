"""The verdict on a text: the rules' assessment and the models' opinion made into one assessment.

The models set the level; a rule can raise it, never silently lower it. Where the two disagree about
something serious, or a part could not work, the verdict is *uncertain* and a person looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from moderation.abuse.opinion import Opinion
from moderation.assessment import (
    SHIELD,
    SHIELDED,
    Assessment,
    Finding,
    Intent,
    Label,
    Route,
    Severity,
    Target,
)

MODEL = "model"
"""What findings of the trained models are named by."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """From which probability on a thing is said.

    ``severity`` holds one for each step, ``labels`` one for each label. ``doubt`` is the share of the cut of
    medium from which on a rule that is not sure of itself may raise the severity by its own word.
    """

    severity: Mapping[Severity, float]
    labels: Mapping[Label, float]
    doubt: float = 0.6


def verdict(rules: Assessment, sure: Severity, opinion: Opinion, cuts: Cuts) -> Assessment:
    """Return the assessment that rules and models add up to.

    ``rules`` is what the rules alone made of the text, ``sure`` the worst severity that a rule which needs
    no second opinion gave it.
    """
    # What a rule wants noted is noted: below medium there is no doubt to weigh against it
    severity = max(_thought(opinion, cuts), sure, min(rules.severity, Severity.LOW))
    if rules.severity > severity and opinion.urgent >= cuts.doubt * cuts.severity[Severity.MEDIUM]:
        severity = rules.severity
    overruled = severity < Severity.MEDIUM <= rules.severity
    likely = opinion.severity[Severity.HIGH] >= cuts.severity[Severity.HIGH]
    uncertain = (
        rules.uncertain or overruled or opinion.parts_differ or (likely and severity < Severity.MEDIUM)
    )
    labels = _labels(rules, opinion, cuts, severity, sure=sure >= Severity.MEDIUM)
    intent = rules.intent if overruled else _intent(opinion, severity)
    if _thought_faintly(severity, labels, intent) and rules.severity is Severity.NONE:
        severity = Severity.NONE
    keeps_desk = overruled or _holds_its_desk(rules, severity, sure)
    score = _score(severity, opinion.urgent, cuts.severity[Severity.MEDIUM])
    return Assessment(
        score=round(max(score, _OVERRULED) if overruled else score, 4),
        abuse=round(opinion.abuse, 4),
        severity=severity,
        labels=labels,
        intent=intent,
        route=rules.route if keeps_desk else _route(opinion, intent, severity, labels),
        findings=_findings(rules, opinion, cuts, labels, severity),
        model=rules.model,
        uncertain=uncertain,
        target=_target(rules, opinion),
    )


def _labels(
    rules: Assessment, opinion: Opinion, cuts: Cuts, severity: Severity, *, sure: bool
) -> tuple[Label, ...]:
    """Return the labels that either side gives: those of sure rules all, of others where not unthinkable.

    Something urgent has at least the likeliest label of all.
    """
    if severity is Severity.NONE:
        return ()
    given = {label for label, chance in opinion.labels.items() if chance >= cuts.labels[label]}
    if severity is Severity.LOW and _intent(opinion, severity) is not Intent.DISCLOSURE:
        given.discard(Label.GROOMING)  # an approach to a pupil is never low, only an old report of one
    if severity >= Severity.MEDIUM or rules.severity <= severity:
        given |= {label for label in rules.labels if sure or opinion.labels[label] >= _THINKABLE}
    if severity >= Severity.MEDIUM and not given and opinion.intent[Intent.COMPLAINT] < 0.5:
        likeliest = max(opinion.labels, key=lambda each: opinion.labels[each])
        given = {likeliest} if opinion.labels[likeliest] >= _LIKELY_ENOUGH else set()
    return tuple(label for label in Label if label in given)


_LIKELY_ENOUGH = 0.2
_THINKABLE = 0.04


def _holds_its_desk(rules: Assessment, severity: Severity, sure: Severity) -> bool:
    """Say whether the rules' desk holds: a child at risk or an accused head must not go to another.

    Any desk that a sure rule names holds too.
    """
    named = rules.route in (Route.DSL, Route.GOVERNORS) and rules.severity >= Severity.MEDIUM
    return sure >= Severity.MEDIUM or (named and severity >= Severity.MEDIUM)


def _intent(opinion: Opinion, severity: Severity) -> Intent:
    """Return the likeliest intent; nobody is thanked for something urgent."""
    wants = dict(opinion.intent)
    if severity >= Severity.MEDIUM:
        wants.pop(Intent.PRAISE, None)
    return max(wants, key=lambda each: wants[each])


def _route(opinion: Opinion, intent: Intent, severity: Severity, labels: tuple[Label, ...]) -> Route:
    """Return whose desk it belongs on.

    A journalist is for the media desk whatever else is said. A child at risk is for the DSL, and nothing
    grave for a moderator alone; else it is the likeliest desk.
    """
    if intent is Intent.JOURNALIST:
        return Route.MEDIA
    if severity >= Severity.MEDIUM and not _ALWAYS_DSL.isdisjoint(labels):
        return Route.DSL
    desks = {route: chance for route, chance in opinion.route.items() if route is not Route.MEDIA}
    if severity >= Severity.HIGH:
        desks.pop(Route.MODERATOR, None)
    return max(desks, key=lambda each: desks[each])


_ALWAYS_DSL = frozenset({Label.SELF_HARM, Label.GROOMING})


def _target(rules: Assessment, opinion: Opinion) -> Target:
    """Return whom it is about: the head or staff where the words name them, else the likeliest."""
    if rules.target in (Target.HEAD, Target.STAFF):
        return rules.target
    return max(opinion.target, key=lambda each: opinion.target[each])


def _thought(opinion: Opinion, cuts: Cuts) -> Severity:
    """Return how severe the models find it: the steps above medium count only where it is urgent at all.

    Only a danger to life may speak for itself, since to miss one costs most: half its cut makes it high.
    """
    danger, cut = opinion.severity[Severity.CRITICAL], cuts.severity[Severity.CRITICAL]
    if danger >= cut:
        return Severity.CRITICAL
    if danger >= cut / 2:
        return Severity.HIGH
    if opinion.urgent >= cuts.severity[Severity.MEDIUM]:
        high = opinion.severity[Severity.HIGH] >= cuts.severity[Severity.HIGH]
        return Severity.HIGH if high else Severity.MEDIUM
    return Severity.LOW if opinion.severity[Severity.LOW] >= cuts.severity[Severity.LOW] else Severity.NONE


def _thought_faintly(severity: Severity, labels: tuple[Label, ...], intent: Intent) -> bool:
    """Say whether low names nothing: low is for what has to be tidied or noted."""
    return severity is Severity.LOW and not labels and intent is not Intent.DISCLOSURE


def _score(severity: Severity, urgent: float, cut: float) -> float:
    """Return the place in the queue, by the chance of being urgent, drawn out so that the cut stands at 0.5.

    From medium on severity counts for two fifths of it.
    """
    if severity < Severity.MEDIUM:
        return min(_JUST_BELOW, 0.5 * urgent / cut)
    beyond = max(0.0, urgent - cut) / (1 - cut)
    return 0.5 + 0.3 * beyond + 0.1 * (severity - Severity.MEDIUM)


_JUST_BELOW = 0.4999
_OVERRULED = 0.45


def _findings(
    rules: Assessment, opinion: Opinion, cuts: Cuts, labels: tuple[Label, ...], severity: Severity
) -> tuple[Finding, ...]:
    """Return the reasons: what the rules found, then what the models read out of it."""
    read = [str(label) for label in labels if opinion.labels[label] >= cuts.labels[label]]
    if severity >= Severity.MEDIUM and not rules.findings and not read:
        read = ["serious"]
    start, end = opinion.loudest() if read else (0, 0)
    more = [Finding(MODEL, "the models disagree", 0, 0)] if opinion.parts_differ else []
    if severity >= Severity.MEDIUM and _may_be_criticism(rules, opinion):
        more.append(Finding(SHIELD, "may be criticism", 0, 0))
    return (*rules.findings, *(Finding(MODEL, label, start, end) for label in read), *more)


def _may_be_criticism(rules: Assessment, opinion: Opinion) -> bool:
    """Say whether rules or models hold it possible that somebody complains, asks or tells of harm.

    What may be about the school or a decision of its is criticism too.
    """
    chance = sum(opinion.intent[intent] for intent in SHIELDED) + opinion.target[Target.SCHOOL]
    return rules.intent in SHIELDED or chance >= _POSSIBLY_CRITICISM


_POSSIBLY_CRITICISM = 0.05


def without_models(rules: Assessment, why: str) -> Assessment:
    """Return the rules' assessment as an uncertain one: the models could not be asked, so a person looks."""
    return replace(rules, findings=(*rules.findings, Finding(MODEL, why, 0, 0)), uncertain=True)
