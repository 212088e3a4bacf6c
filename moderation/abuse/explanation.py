"""Why an assessment says what it says: a few plain sentences, the gravest first.

They are the same in an alert, a listing and the ``score`` command. They name kinds of things only: never
a word of the author's, never a name, never a bare number.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from moderation.assessment import Assessment, Finding, Lack, Severity, Target

MOST = 4
"""How many reasons are worth reading."""

_READS_LIKE = {
    "insult": "reads like an insult",
    "bullying": "reads like bullying",
    "threat": "reads like a threat",
    "hate_race": "reads like racist hate",
    "hate_religion": "reads like hate of a religion",
    "hate_lgbt": "reads like hate of gay, lesbian, bisexual or trans people",
    "hate_disability": "reads like hate of disabled people",
    "hate_sex": "reads like contempt for women and girls, or for men and boys",
    "sexual": "reads sexual, or tells of something sexual",
    "self_harm": "reads like a sign of self-harm or suicide",
    "grooming": "reads like somebody moving a pupil towards private contact",
    "personal_data": "seems to show or fish for somebody's personal details",
    "defamation": "reads like a damaging claim about a person",
    "profanity": "strong swearing",
    "spam": "reads like advertising or a scam",
    "extremism": "reads like extremism, or worry about it",
    "impersonation": "somebody may be posing as somebody else",
    "serious": "as a whole it reads as if somebody has to act today",
}
"""What findings of the models say, by their label. The gravest labels are named first below."""

_GRAVITY = (
    "self_harm", "grooming", "threat", "sexual", "extremism", "hate_race", "hate_religion", "hate_lgbt",
    "hate_disability", "hate_sex", "bullying", "personal_data", "impersonation", "defamation", "insult",
    "serious", "profanity", "spam",
)  # fmt: skip

_WHOM = {
    Target.CHILD: "a pupil",
    Target.STAFF: "a member of staff",
    Target.HEAD: "the head",
    Target.ADULT: "an adult",
    Target.GROUP: "a group of people",
}
_JOINED_BY = {"insult": "to", "bullying": "of", "threat": "to"}

_UNCERTAIN = {
    "nothing to read": "uncertain: there are no words to judge, perhaps only a picture",
    "only the beginning was read": "uncertain: it is very long, and only its beginning was judged",
    "letters that the rules cannot read": "uncertain: not enough of it is English to judge",
    "a language that is hardly understood": "uncertain: hardly any of it is English",
    "only parts of it were read": "uncertain: it is long, and the trained models read only parts of it",
    "may be criticism": "it may be criticism, which is never suggested for hiding",
    "the models disagree": "uncertain: the parts of the scoring disagree about it",
    "too many finds": "uncertain: it holds more signs than could be weighed",
    Lack.TOO_SLOW: "uncertain: judging it took too long, so only the rules looked at it",
    Lack.NOT_LOADED: "uncertain: the trained models could not be loaded, so only the rules looked at it",
    Lack.FAILED: "uncertain: a part of the scoring failed on it",
}
"""What is said of findings about the scoring itself, by the first words of their label."""

_DOUBT = "uncertain: the rules see something serious in it and the models do not"
_SOMETHING = "somebody should look at it"


def why(finding: Finding, target: Target = Target.UNKNOWN) -> str:
    """Return what one finding means, as the beginning of a sentence in lower case.

    ``target`` is whom the assessment is about; it is named where that helps.
    """
    if (doubt := _UNCERTAIN.get(finding.label.partition(":")[0])) is not None:
        return doubt
    if finding.by in _rules():
        return _rules()[finding.by][1]
    if finding.label in _READS_LIKE:
        return _READS_LIKE[finding.label] + _at_whom(finding.label, target)
    if finding.by == "thread":
        return finding.label
    return _SOMETHING


def _at_whom(label: str, target: Target) -> str:
    return f" {_JOINED_BY[label]} {_WHOM[target]}" if label in _JOINED_BY and target in _WHOM else ""


def reasons(
    findings: Iterable[Finding], *, uncertain: bool, target: Target = Target.UNKNOWN
) -> tuple[str, ...]:
    """Return at most :data:`MOST` different reasons, the gravest first; why it is uncertain comes last.

    What merely says what kind of message it is (a question, praise) is left out beside something graver.
    """
    ranked = sorted(findings, key=_rank)
    doubts = [why(each) for each in ranked if _is_doubt(each)] or ([_DOUBT] if uncertain else [])
    telling = [each for each in ranked if not _is_doubt(each)]
    grave = [each for each in telling if _rank(each)[0] < _KIND]
    said = dict.fromkeys(why(each, target) for each in grave or telling)
    return (*list(said)[: MOST - len(doubts[:1])], *doubts[:1])


def reasons_of(assessment: Assessment) -> tuple[str, ...]:
    """Return the reasons for an assessment, as :func:`reasons` does."""
    return reasons(assessment.findings, uncertain=assessment.uncertain, target=assessment.target)


def _is_doubt(finding: Finding) -> bool:
    return finding.label.partition(":")[0] in _UNCERTAIN


_KIND = 10
"""The rank of what says only what kind of message it is."""


def _rank(finding: Finding) -> tuple[int, int]:
    """Return a rank to sort by: rules by their severity, a thread among the grave, models after the rules."""
    if finding.by in _rules():
        severity = _rules()[finding.by][0]
        return (_KIND if severity is Severity.NONE else 4 - severity, finding.start)
    if finding.by == "thread":
        return (2, 0)
    if finding.label in _READS_LIKE:
        return (3, _GRAVITY.index(finding.label))
    return (_KIND, 0)


@cache
def _rules() -> dict[str, tuple[Severity, str]]:
    """Return the severity of each rule and what it notices, as the beginning of a sentence."""
    from moderation.abuse.ruleset import RULES  # reading all rules takes a while; few commands need them

    return {rule.name: (rule.severity, _uncapitalised(rule.about)) for rule in RULES}


def _uncapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
