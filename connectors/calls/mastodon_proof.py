"""Whether a Mastodon token is the account's own, what it may do, and whether the account hears everybody."""

from __future__ import annotations

from datetime import datetime

from connectors.base import BugOrConfig, Capability, NotFound, PermissionMissing, Proof
from connectors.calls.mastodon_server import Server

NEEDED = {
    Capability.READ_COMMENTS: "read:statuses",
    Capability.READ_MENTIONS: "read:notifications",
    Capability.READ_MESSAGES: "read:statuses",
    Capability.SEE_OWN_REPLIES: "read:statuses",
    Capability.SEE_EDITS: "read:statuses",
    Capability.SEE_DELETIONS: "read:follows",
    Capability.REPLY: "write:statuses",
    Capability.DELETE: "write:statuses",
    Capability.BLOCK: "write:blocks",
    Capability.UNBLOCK: "write:blocks",
    Capability.REPORT: "write:reports",
}
"""The permission that each capability needs. How an author stands to us tells whether a post is gone."""

_FOLLOW = frozenset({"read:follows", "write:follows", "read:blocks", "write:blocks"})

_HEARD = {
    Capability.READ_MESSAGES: ("for_private_mentions",),
    Capability.READ_MENTIONS: (
        "for_not_following",
        "for_not_followers",
        "for_new_accounts",
        "for_limited_accounts",
    ),
}
"""Whom the account's own filter may drop unseen, and what is then lost."""


def prove(server: Server, now: datetime) -> Proof:
    """Ask who the token belongs to, read one notification, and see what is granted and what is dropped.

    The scopes are those of the app: a token can have fewer, never more. Raises :class:`NeedsPerson`.
    """
    server.owner(now)
    server.read(lambda client: client.notifications(limit=1), now)
    scopes = _scopes(server, now)
    deaf = _deaf_to(server, now)
    lacking = [
        capability
        for capability in Capability
        if capability in deaf or (scopes is not None and not _granted(NEEDED.get(capability), scopes))
    ]
    return Proof(scopes=scopes, lacking=tuple(lacking))


def _scopes(server: Server, now: datetime) -> tuple[str, ...] | None:
    try:
        told = server.read_object(lambda client: client.app_verify_credentials(), now).get("scopes")
    except (NotFound, PermissionMissing, BugOrConfig):
        return None
    if isinstance(told, str):
        return tuple(told.split())
    return tuple(each for each in told if isinstance(each, str)) if isinstance(told, list) else None


def _granted(needed: str | None, scopes: tuple[str, ...]) -> bool:
    if needed is None or needed in scopes or needed.partition(":")[0] in scopes:
        return True
    return needed in _FOLLOW and "follow" in scopes


def _deaf_to(server: Server, now: datetime) -> set[Capability]:
    """Return what the account's filter drops before anybody can read it."""
    try:
        policy = server.read_object(lambda client: client.notifications_policy(), now)
    except (NotFound, PermissionMissing, BugOrConfig):
        return set()
    return {
        capability
        for capability, names in _HEARD.items()
        if any(policy.get(name) == "drop" for name in names)
    }
