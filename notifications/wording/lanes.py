"""What a reader may see of a case, and how it has to be dealt with. When in doubt, less is shown."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.alerts import CaseNotice
from moderation.assessment import GRAVEST_FIRST, Intent, Label, Route, Severity

_NO_WORDS = frozenset({Label.SEXUAL, Label.GROOMING, Label.SELF_HARM})
_NO_REPLY = frozenset(
    {
        Label.BULLYING,
        Label.THREAT,
        Label.HATE_RACE,
        Label.HATE_RELIGION,
        Label.HATE_LGBT,
        Label.HATE_DISABILITY,
        Label.HATE_SEX,
        Label.SEXUAL,
        Label.GROOMING,
        Label.EXTREMISM,
    }
)

_THINGS = {
    Label.SELF_HARM: "possible self-harm",
    Label.GROOMING: "a child may be at risk",
    Label.SEXUAL: "sexual content",
    Label.THREAT: "possible threat",
    Label.EXTREMISM: "possible extremism",
    Label.HATE_RACE: "possible hate",
    Label.HATE_RELIGION: "possible hate",
    Label.HATE_LGBT: "possible hate",
    Label.HATE_DISABILITY: "possible hate",
    Label.HATE_SEX: "possible hate",
    Label.BULLYING: "possible bullying",
    Label.PERSONAL_DATA: "personal details",
    Label.IMPERSONATION: "possible impostor",
    Label.DEFAMATION: "accusation",
    Label.INSULT: "possible insult",
    Label.PROFANITY: "swearing",
    Label.SPAM: "possible spam",
}
_INTENTS = {
    Intent.PRAISE: "praise",
    Intent.COMMENT: "comment",
    Intent.QUERY: "query",
    Intent.COMPLAINT: "complaint",
    Intent.JOURNALIST: "journalist",
    Intent.DISCLOSURE: "a child may need help",
    Intent.SPAM: "possible spam",
    Intent.REACTION: "reaction",
    Intent.CONTACT_ATTEMPT: "contact with staff",
}
_PLATFORMS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "youtube": "YouTube",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "feed": "forum",
    "manual": "by-hand",
}


@dataclass(frozen=True, slots=True)
class Lane:
    """How one case is handled in a message.

    ``life_at_risk``: somebody may be in danger now. ``sealed``: nobody may open or copy it. ``press``: the
    media policy comes first. ``no_reply``: staff never respond. ``shows_words``: masked words may be shown.
    ``shows_link``: the reader may open the item from the message. ``thing`` says what it is about.
    """

    life_at_risk: bool
    sealed: bool
    press: bool
    no_reply: bool
    shows_words: bool
    shows_link: bool
    thing: str


def lane_of(notice: CaseNotice) -> Lane:
    """Decide how ``notice`` may be told."""
    labels = frozenset(notice.labels)
    child = bool(labels & _NO_WORDS) or notice.intent is Intent.DISCLOSURE or notice.route is Route.DSL
    open_to_read = not child and notice.severity < Severity.HIGH
    return Lane(
        life_at_risk=_life_at_risk(notice, labels),
        sealed=Label.SEXUAL in labels,
        press=notice.intent is Intent.JOURNALIST or notice.route is Route.MEDIA,
        no_reply=bool(labels & _NO_REPLY),
        shows_words=open_to_read and not notice.uncertain and not notice.private,
        shows_link=open_to_read,
        thing=thing_of(notice),
    )


def _life_at_risk(notice: CaseNotice, labels: frozenset[Label]) -> bool:
    if notice.severity is Severity.CRITICAL or Label.SELF_HARM in labels:
        return True
    return Label.THREAT in labels and notice.severity is Severity.HIGH


def accuses_over_a_child(notice: CaseNotice) -> bool:
    """Say whether an adult is accused where a child may be at risk, and nothing graver leads."""
    graver = {Label.GROOMING, Label.SELF_HARM, Label.THREAT} & set(notice.labels)
    accused = Label.DEFAMATION in notice.labels and notice.route is Route.DSL
    return accused and not graver and notice.severity is not Severity.CRITICAL


def thing_of(notice: CaseNotice) -> str:
    """Say in a few words what the case is about: the gravest label, or else what the author wants."""
    if notice.severity is Severity.CRITICAL and not {Label.GROOMING, Label.SEXUAL} & set(notice.labels):
        return "possible danger to life"
    if accuses_over_a_child(notice):
        return "a child may be at risk"
    graver = [_THINGS[label] for label in GRAVEST_FIRST if label in notice.labels]
    if graver and not (notice.intent is Intent.COMPLAINT and notice.severity <= Severity.LOW):
        return graver[0]
    if notice.uncertain and notice.intent in (Intent.COMMENT, Intent.REACTION):
        return "something to check"
    return _INTENTS[notice.intent]


def all_things(notice: CaseNotice) -> str:
    """Name everything that was found, gravest first, for the facts of a message."""
    things = dict.fromkeys(_THINGS[label] for label in GRAVEST_FIRST if label in notice.labels)
    return ", ".join([*things, *([] if _INTENTS[notice.intent] in things else [_INTENTS[notice.intent]])])


def platform_words(platform: str) -> str:
    """Return a platform's name as people write it."""
    return _PLATFORMS.get(platform, platform.capitalize() or "social media")


def reference_of(notice: CaseNotice) -> str:
    """Return the number of a case, without anything that could be more than a number."""
    kept = (character for character in notice.reference if character.isalnum() or character in "-_")
    return "".join(kept)[:20]
