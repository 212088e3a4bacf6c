"""How Graph writes Instagram's media, comments and messages, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.practice.accounts import Account
from connectors.practice.graph_fields import Fields, plain
from connectors.practice.graph_nodes import wire_time
from connectors.practice.identities import INSTAGRAM_ACCOUNT_ID, SCHOOL_HANDLE, SCHOOL_NAME
from connectors.practice.timeline import BEGINNING, Order
from connectors.practice.wire import Json
from connectors.practice.world import NOTHING, Node, World

Known = Mapping[str, Callable[[Node, World, Order], Json]]
"""How each field is written, for the newest place that is visible. ``None`` is left out, as Graph does."""

USERNAME = SCHOOL_HANDLE.lower()

ACCOUNT: Mapping[str, Json] = {
    "id": INSTAGRAM_ACCOUNT_ID,
    "username": USERNAME,
    "name": SCHOOL_NAME,
    "biography": "",
    "followers_count": 812,
    "media_count": 40,
}
OWN_ACCOUNT = {
    **ACCOUNT,
    "id": "26001002003004005",
    "user_id": INSTAGRAM_ACCOUNT_ID,
    "account_type": "BUSINESS",
}
"""The account as Instagram Login shows it: ``id`` is another one there, for the app alone."""

DEFAULT = plain("id")
DEFAULT_COMMENT = plain("id", "text", "timestamp")
DEFAULT_MESSAGE = plain("id", "created_time")


def username(account: Account) -> str | None:
    """Return the name that Instagram shows; ``None`` when it does not say who this is."""
    if account.is_hidden:
        return None
    return USERNAME if account.is_school else account.handle.lower()


def person(account: Account) -> Mapping[str, Json] | None:
    """Write who something is from; ``None`` when Instagram does not say."""
    return None if account.is_hidden else {"id": account.id, "username": username(account)}


def picked(written: Mapping[str, Json], fields: Fields | None) -> Mapping[str, Json]:
    """Write something that a field leads to: its id, and of the rest what was asked for."""
    return {name: value for name, value in written.items() if name == "id" or (fields and name in fields)}


def permalink(node: Node) -> str:
    """Return the address of the media that a node is or stands under."""
    return f"https://www.instagram.com/p/{node.post.id}/"


def _count(node: Node, world: World, last: Order) -> int:
    return world.under_post.get(node.first_id, NOTHING).count(BEGINNING, last)


def _nothing(_node: Node, _world: World, _last: Order) -> None:
    return None


def _always(value: Json) -> Callable[[Node, World, Order], Json]:
    return lambda _node, _world, _last: value


MEDIA: Known = {
    "id": lambda node, _world, _last: node.id,
    "caption": lambda node, _world, _last: node.text,
    "media_type": _always("IMAGE"),
    "media_product_type": _always("FEED"),
    "permalink": lambda node, _world, _last: permalink(node),
    "timestamp": lambda node, _world, _last: wire_time(node.at),
    "comments_count": _count,
    "is_comment_enabled": _always(True),
    "like_count": _always(0),
    "owner": lambda node, _world, _last: {"id": node.author.id},
    "username": lambda node, _world, _last: username(node.author),
}

COMMENT: Known = {
    "id": lambda node, _world, _last: node.id,
    "text": lambda node, _world, _last: node.text,
    "timestamp": lambda node, _world, _last: wire_time(node.at),
    "username": lambda node, _world, _last: username(node.author),
    "from": lambda node, _world, _last: person(node.author),
    "hidden": lambda node, _world, _last: node.known.hidden,
    "like_count": _always(0),
    "parent_id": lambda node, _world, _last: node.up_to_top.id if node.up_to_top is not None else None,
    "media": lambda node, _world, _last: {"id": node.post.id, "permalink": permalink(node)},
    "user": _nothing,
    "legacy_instagram_comment_id": _nothing,
}

MESSAGE: Known = {
    "id": lambda node, _world, _last: node.id,
    "created_time": lambda node, _world, _last: wire_time(node.at),
    "from": lambda node, _world, _last: person(node.author),
    "message": lambda node, _world, _last: node.text,
    **dict.fromkeys(["attachments", "shares", "is_unsupported", "to", "reactions", "story"], _nothing),
}
