"""What the school's channel can change on the practice YouTube: reply, hold back, publish, remove, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing
from connectors.practice.identities import SCHOOL, SCHOOL_NAME, Platform
from connectors.practice.timeline import last_order_at
from connectors.practice.wire import HTML_TYPE, Answer, Json
from connectors.practice.youtube_call import Call, check_names, refuse, view, visible
from connectors.practice.youtube_moderation import (
    HELD,
    PUBLISHED,
    REJECTED,
    is_for_owner,
    shows_comments,
    status_of,
)
from connectors.practice.youtube_resources import View, comment

LONGEST_COMMENT = 10_000
MOST_MODERATED = 50

_DONE = Answer(204, "", content_type=HTML_TYPE)
"""No content, and so no JSON either."""

_KINDS = {HELD: ChangeKind.HOLD, PUBLISHED: ChangeKind.PUBLISH, REJECTED: ChangeKind.REJECT}
_SPOKEN = {"true": True, "false": False}


def insert(call: Call) -> Answer:
    """Add a reply of the school under a top-level comment, and answer with it."""
    check_names(call, {"part"})
    shown = view(call, ["id", "snippet"])
    parent, words = _reply_of(call.request.body)
    top = visible(call, parent)
    if top is None or top.top is not top or top.known.rejected:
        refuse(404, "parentCommentNotFound", "The specified parent comment could not be found.", "parentId")
    if not shows_comments(top.post):
        refuse(403, "commentsDisabled", "The video has disabled comments.")
    if status_of(top, call.now) != PUBLISHED:
        refuse(400, "parentCommentIsPrivate", "The specified parent comment is private.", "parentId")
    said = call.request.stage.say(
        Thing(0, "", Platform.YOUTUBE, SCHOOL, SCHOOL_NAME, words, call.now, under=top.thing.key)
    )
    world = call.request.stage.world(Platform.YOUTUBE, call.now)
    made = View(world, last_order_at(call.now), call.now, shown.parts, shown.is_html)
    return Answer(200, comment(said, made))


def _reply_of(body: Json) -> tuple[str, str]:
    """Return the parent and the words that a reply's body says."""
    snippet = _fields(body, {"snippet", "id", "kind", "etag"}).get("snippet")
    told = _fields(snippet, {"parentId", "textOriginal", "channelId", "videoId"})
    parent, words = told.get("parentId"), told.get("textOriginal")
    if not isinstance(parent, str) or not parent:
        refuse(400, "parentIdMissing", "The comment must specify a parent.", "parentId")
    if not isinstance(words, str) or not words.strip():
        refuse(400, "commentTextRequired", "The comment text is missing.", "textOriginal")
    if len(words) > LONGEST_COMMENT:
        refuse(400, "commentTextTooLong", "The comment text is too long.", "textOriginal")
    return parent, words


def _fields(value: Json, known: set[str]) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        refuse(400, "invalidCommentMetadata", "The request metadata is invalid.")
    for name in value:
        if name not in known:
            refuse(400, "badRequest", f'Invalid JSON payload received. Unknown name "{name}".')
    return value


def set_moderation_status(call: Call) -> Answer:
    """Hold back, publish or remove comments, and ban their authors when that is asked for as well."""
    check_names(call, {"id", "moderationStatus", "banAuthor"})
    names = dict.fromkeys(call.request.many("id"))
    status = call.request.one("moderationStatus")
    ban = _SPOKEN.get(call.request.one("banAuthor", "false"))
    if not 1 <= len(names) <= MOST_MODERATED:
        refuse(400, "invalidParameter", f"Between 1 and {MOST_MODERATED} ids are allowed", "id")
    if status not in _KINDS or ban is None:
        refuse(
            400, "invalidParameter", "Invalid value", "moderationStatus" if ban is not None else "banAuthor"
        )
    if ban and status != REJECTED:
        refuse(400, "banWithoutReject", "An author is banned only with a rejected comment.", "banAuthor")
    for name in names:
        _check_moderated(call, name, status)
    for name in names:
        _moderate(call, name, _KINDS[status], ban=ban)
    return _DONE


def _check_moderated(call: Call, name: str, status: str) -> None:
    if name in call.world.gone:
        _forbid()
    node = visible(call, name)
    if node is None or node.parent is None:
        refuse(404, "commentNotFound", "The comment could not be found.", "id")
    if node.known.rejected and status == PUBLISHED:
        refuse(400, "processingFailure", "The API server failed to successfully process the request.")


def _moderate(call: Call, name: str, kind: ChangeKind, *, ban: bool) -> None:
    node = call.world.nodes[name]
    stage = call.request.stage
    stage.change(Change(node.thing.key, kind, call.now, platform=Platform.YOUTUBE))
    if not ban:
        return
    stage.change(Change(node.thing.by, ChangeKind.BAN, call.now, platform=Platform.YOUTUBE))
    for thing in stage.content.things:
        if thing.platform is Platform.YOUTUBE and thing.by == node.thing.by and thing.at > call.now:
            stage.change(Change(thing.key, ChangeKind.REJECT, thing.at))


def delete(call: Call) -> Answer:
    """Delete a comment of the school; YouTube deletes nobody else's."""
    check_names(call, {"id"})
    node = visible(call, call.request.one("id"))
    if node is None or not is_for_owner(node):
        refuse(404, "commentNotFound", "The comment could not be found.", "id")
    if not node.author.is_school:
        _forbid()
    call.request.stage.change(Change(node.thing.key, ChangeKind.DELETE, call.now))
    return _DONE


def _forbid() -> NoReturn:
    refuse(403, "forbidden", "The request might not be properly authorized.", "id")
