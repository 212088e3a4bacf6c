"""YouTube Data API, version 3, and Google's token endpoint: requests in, answers out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from connectors.practice import youtube_acts as acts
from connectors.practice.identities import TOKEN, YOUTUBE_CHANNEL_ID, YOUTUBE_UPLOADS_ID
from connectors.practice.timeline import BEGINNING, Order, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request
from connectors.practice.world import Node, World
from connectors.practice.youtube_call import (
    PAGING,
    Call,
    Sizes,
    by_ids,
    check_names,
    choice,
    error,
    listing,
    none_of,
    one_filter,
    page,
    ranked_page,
    refuse,
    unauthorized,
    upper_bound,
    view,
    visible,
)
from connectors.practice.youtube_moderation import (
    HELD,
    LIKELY_SPAM,
    PUBLISHED,
    REJECTED,
    is_for_owner,
    replies_of,
    shows_comments,
    threads_of,
)
from connectors.practice.youtube_quota import READ_UNITS, WRITE_UNITS, charge
from connectors.practice.youtube_resources import channel, comment, playlist_item, thread, video

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
READ_ONLY_SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
TOKEN_SECONDS = 3599
TESTING_SECONDS = 7 * 24 * 3600
"""How long a sign-in lasts with an app that its makers have not published."""

READ_ONLY_TOKEN = "practice-read-only-token"  # noqa: S105 - opens nothing but the practice server
"""Access and refresh token of a sign-in that left out the comments."""

TESTING_TOKEN = "practice-testing-token"  # noqa: S105 - opens nothing but the practice server
"""Refresh token of a sign-in that ends after seven days."""

_SIGN_INS: dict[str, dict[str, Json]] = {
    TOKEN: {"access_token": TOKEN, "scope": SCOPE},
    READ_ONLY_TOKEN: {"access_token": READ_ONLY_TOKEN, "scope": READ_ONLY_SCOPE},
    TESTING_TOKEN: {
        "access_token": TOKEN,
        "scope": SCOPE,
        "refresh_token_expires_in": TESTING_SECONDS,
    },
}

_STATUSES = frozenset({PUBLISHED, HELD, LIKELY_SPAM, REJECTED})
_FOR_OWNER = frozenset({PUBLISHED, HELD, LIKELY_SPAM})
_ORDERS = frozenset({"time", "relevance", "orderUnspecified"})
_COMMENT_SIZES = Sizes()
_VIDEO_SIZES = Sizes(0, 50, 5)


def answer(world: World, request: Request, now: datetime) -> Answer:
    """Answer one request to ``/youtube/v3/...`` as YouTube would at ``now``."""
    write = _WRITES.get((request.method, request.path))
    if write is None and (request.method != "GET" or request.path not in _ENDPOINTS):
        return error(404, "notFound", "Requested entity was not found.", domain="global")
    refusal = _refusal(request, now, READ_UNITS if write is None else WRITE_UNITS)
    if refusal is not None:
        return refusal
    call = Call(world, request, last_order_at(now), now)
    try:
        return write(call) if write is not None else Answer(200, _ENDPOINTS[request.path](call))
    except RefusedError as refused:
        return refused.answer


def _refusal(request: Request, now: datetime, units: int) -> Answer | None:
    """Return what a request gets that lacks a token, the allowance or the permission, whatever it asks."""
    token = request.token or request.one("access_token") or request.one("key")
    if not token:
        message = "Method doesn't allow unregistered callers."
        return error(403, "forbidden", message, domain="global")
    if token not in {TOKEN, READ_ONLY_TOKEN}:
        return unauthorized()
    if not charge(request.stage, now, units):
        message = "The request cannot be completed because you have exceeded your quota."
        return error(403, "quotaExceeded", message, domain="youtube.quota")
    if token == READ_ONLY_TOKEN and request.path not in _READ_ONLY:
        message = "Request had insufficient authentication scopes."
        return error(403, "insufficientPermissions", message, domain="global")
    return None


def token_answer(request: Request, *, is_expired: bool = False) -> Answer:
    """Answer a request to ``/token``: an access token for a refresh token, or ``invalid_grant``."""
    said = {name: values[-1] for name, values in request.form.items()}
    if request.method != "POST" or said.get("grant_type") != "refresh_token":
        return Answer(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type."})
    refreshing = said.get("refresh_token", "")
    if is_expired or refreshing not in _SIGN_INS:
        reason = "Token has been expired or revoked."
        return Answer(400, {"error": "invalid_grant", "error_description": reason})
    granted: dict[str, Json] = {"expires_in": TOKEN_SECONDS, "token_type": "Bearer"}
    return Answer(200, granted | _SIGN_INS[refreshing])


def _channels(call: Call) -> Json:
    check_names(call, {"part", "mine", "id", *PAGING})
    shown = view(call, ["id", "snippet", "contentDetails"])
    is_own = one_filter(call, "mine", "id") == "mine" or YOUTUBE_CHANNEL_ID in call.request.many("id")
    return listing("channelListResponse", [channel(shown)] if is_own else [], 5)


def _comment_threads(call: Call) -> Json:
    filters = ["allThreadsRelatedToChannelId", "videoId", "id"]
    check_names(call, {"part", "order", "moderationStatus", "textFormat", *filters, *PAGING})
    shown = view(call, ["id", "snippet", "replies"])
    chosen = one_filter(call, *filters)
    if chosen == "id":
        none_of(call, "moderationStatus", "order", *PAGING)
        tops = [node for node in by_ids(call) if node.top is node and is_for_owner(node)]
        return listing("commentThreadListResponse", [thread(top, shown) for top in tops], len(tops))
    order = choice(call, "order", _ORDERS, "time")
    status = choice(call, "moderationStatus", _STATUSES, PUBLISHED)
    shown = replace(shown, status=status)
    only = _video_of(call, chosen)

    def found(last: Order) -> Iterator[Node]:
        tops = threads_of(call.world, status, call.now, BEGINNING, last)
        return (top for top in tops if only is None or top.post is only)

    if order == "relevance":
        return ranked_page(
            call, "commentThreadListResponse", found(call.last), lambda top: thread(top, shown)
        )
    return page(
        call,
        "commentThreadListResponse",
        found(upper_bound(call)),
        lambda top: thread(top, shown),
        _COMMENT_SIZES,
    )


def _video_of(call: Call, chosen: str) -> Node | None:
    """Return the video that is asked for, ``None`` for all of the channel's."""
    value = call.request.one(chosen)
    if chosen != "videoId":
        if value != YOUTUBE_CHANNEL_ID:
            refuse(404, "channelNotFound", "The channel could not be found.", chosen)
        return None
    found = visible(call, value)
    if found is None or found.parent is not None:
        refuse(404, "videoNotFound", "The video could not be found.", "videoId")
    if not shows_comments(found):
        refuse(403, "commentsDisabled", "The video has disabled comments.", "videoId")
    return found


def _comments(call: Call) -> Json:
    check_names(call, {"part", "parentId", "id", "textFormat", *PAGING})
    shown = view(call, ["id", "snippet"])
    if one_filter(call, "parentId", "id") == "id":
        none_of(call, *PAGING)
        named = [node for node in by_ids(call) if is_for_owner(node)]
        return listing("commentListResponse", [comment(node, shown) for node in named], len(named))
    top = visible(call, call.request.one("parentId"))
    if top is None or top.top is not top or not is_for_owner(top):
        refuse(404, "commentNotFound", "The parent comment could not be found.", "parentId")
    shown = replace(shown, status=PUBLISHED)
    found = replies_of(call.world, top, _FOR_OWNER, call.now, upper_bound(call))
    return page(call, "commentListResponse", found, lambda node: comment(node, shown), _COMMENT_SIZES)


def _playlist_items(call: Call) -> Json:
    check_names(call, {"part", "playlistId", *PAGING})
    shown = view(call, ["id", "snippet", "contentDetails"])
    one_filter(call, "playlistId")
    if call.request.one("playlistId") != YOUTUBE_UPLOADS_ID:
        refuse(404, "playlistNotFound", "The playlist cannot be found.", "playlistId")
    videos = call.world.posts
    return page(
        call,
        "playlistItemListResponse",
        videos.newest_first(BEGINNING, upper_bound(call)),
        lambda video: playlist_item(video, shown, videos.count(video.order + 1, call.last)),
        _VIDEO_SIZES,
    )


def _videos(call: Call) -> Json:
    check_names(call, {"part", "id"})
    shown = view(call, ["id", "snippet", "status"])
    one_filter(call, "id")
    found = [node for node in by_ids(call) if node.parent is None]
    return listing("videoListResponse", [video(node, shown) for node in found], len(found))


_ENDPOINTS: dict[str, Callable[[Call], Json]] = {
    "/youtube/v3/channels": _channels,
    "/youtube/v3/commentThreads": _comment_threads,
    "/youtube/v3/comments": _comments,
    "/youtube/v3/playlistItems": _playlist_items,
    "/youtube/v3/videos": _videos,
}

_READ_ONLY = frozenset({"/youtube/v3/channels", "/youtube/v3/playlistItems", "/youtube/v3/videos"})

_WRITES: dict[tuple[str, str], Callable[[Call], Answer]] = {
    ("POST", "/youtube/v3/comments"): acts.insert,
    ("DELETE", "/youtube/v3/comments"): acts.delete,
    ("POST", "/youtube/v3/comments/setModerationStatus"): acts.set_moderation_status,
}
