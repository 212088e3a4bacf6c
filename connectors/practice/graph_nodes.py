"""How Graph writes a Page, its posts and the comments under them, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from connectors.practice.graph_fields import Fields, plain
from connectors.practice.identities import FACEBOOK_PAGE_ID, SCHOOL_HANDLE, SCHOOL_NAME
from connectors.practice.timeline import BEGINNING, last_order_at
from connectors.practice.wire import Json
from connectors.practice.world import NOTHING, Account, Node, Nodes, World

Known = dict[str, Callable[[Node, World, datetime], Json]]
"""How each field is written. A field that writes ``None`` is left out, as Graph does with empty ones."""

SITE = "https://www.facebook.com"

DEFAULT_PAGE = plain("name", "id")
DEFAULT_POST = plain("created_time", "message", "id")
DEFAULT_COMMENT = plain("created_time", "from", "message", "id")
DEFAULT_REFERENCE = plain("name", "id")

PAGE: Mapping[str, Json] = {
    "id": FACEBOOK_PAGE_ID,
    "name": SCHOOL_NAME,
    "username": SCHOOL_HANDLE,
    "link": f"{SITE}/{SCHOOL_HANDLE}",
    "category": "School",
    "is_published": True,
}


def wire_time(at: datetime) -> str:
    """Write a time as Graph does: UTC, whole seconds, ``+0000``."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def comments_below(node: Node, world: World, *, whole_stream: bool) -> Nodes:
    """Return the timeline behind a node's ``comments``; Facebook puts replies to replies under the top."""
    if node.parent is not None:
        return world.replies.get(node.id, NOTHING)
    return (world.under_post if whole_stream else world.top_level).get(node.id, NOTHING)


def is_empty(value: Json) -> bool:
    """Say whether Graph leaves a value out."""
    return value is None or value == []


def reference(written: Mapping[str, Json], fields: Fields | None, default: Fields) -> Json:
    """Write something that a field leads to: its id, and of the rest what was asked for."""
    wanted = fields if fields is not None else default
    return {name: value for name, value in written.items() if name in wanted or name == "id"}


def author(account: Account) -> Mapping[str, Json] | None:
    """Write who it is from; ``None`` when Facebook does not say."""
    return None if account.is_hidden else {"name": account.name, "id": account.id}


def _number(node: Node) -> str:
    return node.id.rpartition("_")[2]


def _permalink(node: Node, _world: World, _now: datetime) -> str:
    post = f"{SITE}/{FACEBOOK_PAGE_ID}/posts/{_number(node.post)}"
    if node.parent is None:
        return post
    if node.up_to_top is None:
        return f"{post}?comment_id={_number(node)}"
    return f"{post}?comment_id={_number(node.up_to_top)}&reply_comment_id={_number(node)}"


def _tags(node: Node, _world: World, _now: datetime) -> list[Json]:
    """Write who is tagged; somebody whose name does not stand in the text gets a span of no width."""
    return [_tag(account, node.text) for account in node.mentions]


def _tag(account: Account, text: str) -> Json:
    place = text.lower().find(account.name.lower())
    return {
        "id": account.id,
        "name": account.name,
        "type": "page" if account.is_school else "user",
        "offset": max(0, place),
        "length": len(account.name) if place >= 0 else 0,
    }


def _updated(node: Node, world: World, now: datetime) -> str:
    """A post's time moves with every comment under it, and when it is edited."""
    newest = world.under_post.get(node.id, NOTHING).newest(last_order_at(now))
    times = [node.at, node.known.edited_at, newest.at if newest is not None else None]
    return wire_time(max(time for time in times if time is not None))


def _comment_count(node: Node, world: World, now: datetime) -> int:
    return world.replies.get(node.id, NOTHING).count(BEGINNING, last_order_at(now))


def _nothing(_node: Node, _world: World, _now: datetime) -> None:
    return None


def _always(value: Json) -> Callable[[Node, World, datetime], Json]:
    return lambda _node, _world, _now: value


def _not_own(node: Node, _world: World, _now: datetime) -> bool:
    return not node.author.is_school


_SHARED: Known = {
    "id": lambda node, _world, _now: node.id,
    "message": lambda node, _world, _now: node.text,
    "created_time": lambda node, _world, _now: wire_time(node.at),
    "permalink_url": _permalink,
    "message_tags": _tags,
    "is_hidden": lambda node, _world, _now: node.known.hidden,
    "from": lambda node, _world, _now: author(node.author),
    "can_reply_privately": _not_own,
}

POST_FIELDS: Known = (
    _SHARED
    | {
        "updated_time": _updated,
        "is_published": _always(True),
        "is_expired": _always(False),
        "is_popular": _always(False),
        "is_spherical": _always(False),
        "is_inline_created": _always(False),
        "status_type": _always("mobile_status_update"),
        "promotion_status": _always("ineligible"),
        "timeline_visibility": _always("normal"),
        "subscribed": _always(False),
    }
    | dict.fromkeys(
        ["story", "full_picture", "picture", "parent_id", "shares", "admin_creator", "place", "actions"],
        _nothing,
    )
)

COMMENT_FIELDS: Known = (
    _SHARED
    | {
        "comment_count": _comment_count,
        "like_count": _always(0),
        "user_likes": _always(False),
        "can_comment": _always(True),
        "can_like": _always(True),
        "can_hide": _not_own,
        "can_remove": _always(True),
        "is_private": _always(False),
        "object": lambda node, _world, _now: {"id": node.post.id},
    }
    | dict.fromkeys(
        [
            "parent",
            "admin_creator",
            "application",
            "attachment",
            "private_reply_conversation",
            "live_broadcast_timestamp",
        ],
        _nothing,
    )
)
