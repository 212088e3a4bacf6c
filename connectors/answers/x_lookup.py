"""What X says of posts that are asked for by their ids: there, edited, deleted, not for us, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from connectors.answers import fields, x
from connectors.answers.x_errors import last_part
from connectors.base import Identity, found
from moderation.items import Found, Presence, Reference, Sighting

Answer = Mapping[str, object]
Ask = Callable[[Sequence[str]], Answer]
"""Asks X for posts by their ids, at most :data:`TOGETHER` at a time."""

TOGETHER = 100

_PRESENCES = {
    "resource-not-found": Presence.DELETED,
    "not-authorized-for-resource": Presence.INVISIBLE,
}
"""By problem type. What is "unavailable" may be withheld, gone or late: that stays unknown."""

_SUSPENDED = frozenset({"Forbidden", "Authorization Error"})
"""Titles under which X says "resource-not-found" of what is there: its author was suspended."""


def posts_found(references: Sequence[Reference], ask: Ask, me: Identity) -> list[Found]:
    """Return where posts are, in order. An edited one is asked for again by the id of its newest version.

    An item is known by its first version's id, which goes on showing the first words.
    """
    ids = [each.external_id for each in references if _is_id(each.external_id)]
    shown: dict[str, Sighting] = {}
    absent: dict[str, Presence] = {}
    newest: dict[str, str] = {}
    for answer in _answers(ids, ask):
        shown |= _items(answer, me)
        absent |= absences(answer)
        newest |= outdated(answer)
    for first in newest:
        shown.pop(first, None)
    for answer in _answers(newest.values(), ask):
        edited_again = outdated(answer)
        shown |= {first: item for first, item in _items(answer, me).items() if first not in edited_again}
    return [_found(each, shown, absent) for each in references]


def _found(reference: Reference, shown: Mapping[str, Sighting], absent: Mapping[str, Presence]) -> Found:
    item = shown.get(reference.external_id)
    if item is not None:
        return found(reference, item)
    return Found(reference.external_id, absent.get(reference.external_id, Presence.UNKNOWN))


def _answers(ids: Iterable[str], ask: Ask) -> Iterator[Answer]:
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), TOGETHER):
        yield ask(wanted[start : start + TOGETHER])


def _items(answer: Answer, me: Identity) -> dict[str, Sighting]:
    return {item.external_id: item for item in x.page(answer, me).items}


def _is_id(external_id: str) -> bool:
    """One id that is none would make X refuse all of them."""
    return external_id.isascii() and external_id.isdigit() and len(external_id) <= 19


def absences(answer: Answer) -> dict[str, Presence]:
    """Return where the posts are that were asked for and not shown, by the id asked for.

    Trouble with what stands beside the posts, such as the post that one replies to, is left out.
    """
    told: dict[str, Presence] = {}
    for trouble in fields.mappings_in(answer.get("errors")):
        asked = fields.known_identifier(trouble, "resource_id") or fields.known_identifier(trouble, "value")
        if asked is not None and trouble.get("parameter") in (None, "id", "ids"):
            told[asked] = _presence(trouble)
    return told


def _presence(trouble: Answer) -> Presence:
    presence = _PRESENCES.get(last_part(trouble.get("type")), Presence.UNKNOWN)
    is_suspended = presence is Presence.DELETED and trouble.get("title") in _SUSPENDED
    return Presence.INVISIBLE if is_suspended else presence


def outdated(answer: Answer) -> dict[str, str]:
    """Return the newest version's id of each shown post that has a newer one, by its first version's id."""
    newer: dict[str, str] = {}
    for post in fields.mappings_in(answer.get("data")):
        versions = x.known_versions(post)
        if versions and fields.known_identifier(post) != versions[-1]:
            newer[versions[0]] = versions[-1]
    return newer
