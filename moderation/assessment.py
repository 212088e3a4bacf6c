"""An assessment: what scoring and triage say about one version of an item, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How urgent an item is for a person, from an ordinary reply to danger to life."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word on screens and in listings: ``none`` to ``critical``."""
        return self.name.lower()


class Label(StrEnum):
    """What is wrong with an item, or what it reveals. Section 4 of the glossary in docs defines each."""

    INSULT = "insult"
    BULLYING = "bullying"
    THREAT = "threat"
    HATE_RACE = "hate_race"
    HATE_RELIGION = "hate_religion"
    HATE_LGBT = "hate_lgbt"
    HATE_DISABILITY = "hate_disability"
    HATE_SEX = "hate_sex"
    SEXUAL = "sexual"
    SELF_HARM = "self_harm"
    GROOMING = "grooming"
    PERSONAL_DATA = "personal_data"
    DEFAMATION = "defamation"
    PROFANITY = "profanity"
    SPAM = "spam"
    EXTREMISM = "extremism"
    IMPERSONATION = "impersonation"


GRAVEST_FIRST = (
    Label.SELF_HARM,
    Label.GROOMING,
    Label.SEXUAL,
    Label.THREAT,
    Label.EXTREMISM,
    Label.HATE_RACE,
    Label.HATE_RELIGION,
    Label.HATE_LGBT,
    Label.HATE_DISABILITY,
    Label.HATE_SEX,
    Label.BULLYING,
    Label.PERSONAL_DATA,
    Label.IMPERSONATION,
    Label.DEFAMATION,
    Label.INSULT,
    Label.PROFANITY,
    Label.SPAM,
)
"""Which of several labels says what a message is about."""


class Intent(StrEnum):
    """What the author wants."""

    PRAISE = "praise"
    COMMENT = "comment"
    QUERY = "query"
    COMPLAINT = "complaint"
    JOURNALIST = "journalist"
    DISCLOSURE = "disclosure"
    SPAM = "spam"
    REACTION = "reaction"
    CONTACT_ATTEMPT = "contact_attempt"


class Route(StrEnum):
    """Whose desk an item belongs on."""

    MEDIA = "media"
    DSL = "dsl"
    GOVERNORS = "governors"
    HEADTEACHER = "headteacher"
    DATA_PROTECTION = "data_protection"
    SLT = "slt"
    MODERATOR = "moderator"


class Target(StrEnum):
    """Whom an item is about, as far as the words show it."""

    CHILD = "child"
    STAFF = "staff"
    HEAD = "head"
    ADULT = "adult"
    GROUP = "group"
    SCHOOL = "school"
    UNKNOWN = "unknown"


class Lack(StrEnum):
    """Why the trained models had no say: the first word of what a finding about them says."""

    NOT_LOADED = "not loaded"
    TOO_SLOW = "too slow"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason: the rule or model that spoke, its label, and which characters of the original."""

    by: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SchoolNames:
    """The names that a school goes by among those who write to it. Pupils' names are never among them.

    ``head`` and ``staff`` are names and nicknames of people, ``houses`` also of forms, buildings and places,
    ``school`` what the school is called. They tell who is meant; they are never shown, stored or logged.
    """

    head: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    school: tuple[str, ...] = ()


NO_NAMES = SchoolNames()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is scored: an item's words and where they stood, and the names of the school it was sent to."""

    text: str
    platform: str = ""
    kind: str = "comment"
    author_name: str = ""
    names: SchoolNames = field(default=NO_NAMES, repr=False)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of scoring one text.

    ``score`` (0 to 1) orders the queue and is at least 0.5 exactly when ``severity`` is medium or worse.
    ``abuse`` (0 to 1) is the probability that the author is being abusive, whoever reads it.
    ``uncertain`` says that a part of the scoring failed or the parts disagree: a person must look.
    ``target`` is whom it is about; in a disclosure, the one at risk.
    ``model`` names the version that produced it.
    """

    score: float
    abuse: float
    severity: Severity
    labels: tuple[Label, ...]
    intent: Intent
    route: Route
    findings: tuple[Finding, ...]
    model: str
    uncertain: bool = False
    target: Target = Target.UNKNOWN

    @property
    def may_be_hidden(self) -> bool:
        """Whether hiding may be suggested to a person: open abuse; complaints and criticism are shielded.

        Nothing is ever hidden by itself. What only may be criticism, a disclosure, an accusation (it may be
        true) and what is uncertain are never suggested either.
        """
        return (
            self.severity >= Severity.MEDIUM
            and self.abuse >= _ABUSIVE_BEYOND_DOUBT
            and self.intent not in SHIELDED
            and Label.DEFAMATION not in self.labels
            and not self.uncertain
            and all(finding.by != SHIELD for finding in self.findings)
        )

    @property
    def lacks(self) -> Lack | None:
        """Why the trained models had no say in this, as the findings tell; ``None`` where they had one."""
        told = {finding.label.partition(":")[0] for finding in self.findings if finding.by in _SCORERS}
        return next((lack for lack in Lack if lack in told), None)


SHIELD = "shield"
"""What the finding is named by that keeps possible criticism from being suggested for hiding."""

SHIELDED = frozenset({Intent.COMPLAINT, Intent.DISCLOSURE, Intent.QUERY, Intent.JOURNALIST})
"""Intents that are never suggested for hiding."""

_SCORERS = frozenset({"model", "scorer"})
_ABUSIVE_BEYOND_DOUBT = 0.8
