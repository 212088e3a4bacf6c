"""The verdict on a text: the rules' assessment and the models' opinion made into one assessment.

The models set the level; a rule can raise it, never silently lower it. Where the two disagree about
something serious, or a part could not work, the verdict is *uncertain* and a person looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from moderation.abuse.opinion import Opinion
from moderation.assessment import SHIELD, SHIELDED, Assessment, Finding, Intent, Label, Route, Severity

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
    doubt: float = 0.3


_FLOOR = {Severity.MEDIUM: 0.5, Severity.HIGH: 0.7, Severity.CRITICAL: 0.9}
_ROOM = {Severity.MEDIUM: 0.199, Severity.HIGH: 0.199, Severity.CRITICAL: 0.1}


def verdict(rules: Assessment, sure: Severity, opinion: Opinion, cuts: Cuts) -> Assessment:
    """Return the assessment that rules and models add up to.

    ``rules`` is what the rules alone made of the text, ``sure`` the worst severity that a rule which needs
    no second opinion gave it.
    """
    severity = max(_thought(opinion, cuts), sure)
    if rules.severity > severity and opinion.urgent >= cuts.doubt * cuts.severity[Severity.MEDIUM]:
        severity = rules.severity
    doubtful = severity < Severity.MEDIUM and (
        rules.severity >= Severity.HIGH or opinion.severity[Severity.HIGH] >= cuts.severity[Severity.HIGH]
    )
    labels = _labels(rules, opinion, cuts, severity, sure=sure >= Severity.MEDIUM)
    intent = max(opinion.intent, key=lambda each: opinion.intent[each])
    return Assessment(
        score=round(_score(severity, opinion.urgent, cuts.severity[Severity.MEDIUM]), 4),
        abuse=round(opinion.abuse, 4),
        severity=severity,
        labels=labels,
        intent=intent,
        route=rules.route if _holds_its_desk(rules, severity, sure) else _route(opinion, intent),
        findings=_findings(rules, opinion, cuts, labels, severity),
        model=rules.model,
        uncertain=rules.uncertain or doubtful or opinion.parts_differ,
        target=max(opinion.target, key=lambda each: opinion.target[each]),
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


def _route(opinion: Opinion, intent: Intent) -> Route:
    """Return the likeliest desk; a journalist is for the media desk whatever else is said."""
    if intent is Intent.JOURNALIST:
        return Route.MEDIA
    desks = {route: chance for route, chance in opinion.route.items() if route is not Route.MEDIA}
    return max(desks, key=lambda each: desks[each])


def _thought(opinion: Opinion, cuts: Cuts) -> Severity:
    """Return how severe the models find it: the steps above medium count only where it is urgent at all.

    Only a danger to life may speak for itself: to miss one costs most.
    """
    if opinion.severity[Severity.CRITICAL] >= cuts.severity[Severity.CRITICAL]:
        return Severity.CRITICAL
    if opinion.urgent >= cuts.severity[Severity.MEDIUM]:
        high = opinion.severity[Severity.HIGH] >= cuts.severity[Severity.HIGH]
        return Severity.HIGH if high else Severity.MEDIUM
    return Severity.LOW if opinion.severity[Severity.LOW] >= cuts.severity[Severity.LOW] else Severity.NONE


def _score(severity: Severity, urgent: float, cut: float) -> float:
    """Return the place in the queue.

    Below medium it is the chance of being urgent, drawn out so that the cut stands at 0.5; from medium on
    each severity has a band of its own, ordered inside by that chance.
    """
    if severity < Severity.MEDIUM:
        return min(_JUST_BELOW, 0.5 * urgent / cut)
    return _FLOOR[severity] + _ROOM[severity] * urgent


_JUST_BELOW = 0.4999


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
    """Say whether rules or models hold it possible that somebody complains, asks or tells of harm."""
    chance = sum(opinion.intent[intent] for intent in SHIELDED)
    return rules.intent in SHIELDED or chance >= _POSSIBLY_CRITICISM


_POSSIBLY_CRITICISM = 0.1


def without_models(rules: Assessment, why: str) -> Assessment:
    """Return the rules' assessment as an uncertain one: the models could not be asked, so a person looks."""
    return replace(rules, findings=(*rules.findings, Finding(MODEL, why, 0, 0)), uncertain=True)
