"""YouTube Data API, version 3, and Google's token endpoint: requests in, answers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connectors.practice.identities import TOKEN, YOUTUBE_CHANNEL_ID, YOUTUBE_UPLOADS_ID
from connectors.practice.timeline import BEGINNING, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request
from connectors.practice.world import NOTHING, Nodes, World
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
    refuse,
    unauthorized,
    upper_bound,
    view,
    visible,
)
from connectors.practice.youtube_resources import channel, comment, playlist_item, thread

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
TOKEN_SECONDS = 3599

_STATUSES = frozenset({"published", "heldForReview", "likelySpam", "rejected"})
_ORDERS = frozenset({"time", "relevance", "orderUnspecified"})
_COMMENT_SIZES = Sizes()
_VIDEO_SIZES = Sizes(0, 50, 5)


def answer(world: World, request: Request, now: datetime) -> Answer:
    """Answer one request to ``/youtube/v3/...`` as YouTube would at ``now``."""
    endpoint = _ENDPOINTS.get(request.path) if request.method == "GET" else None
    if endpoint is None:
        return error(404, "notFound", "Requested entity was not found.", domain="global")
    token = request.token or request.one("access_token") or request.one("key")
    if not token:
        message = "Method doesn't allow unregistered callers."
        return error(403, "forbidden", message, domain="global")
    if token != TOKEN:
        return unauthorized()
    try:
        return Answer(200, endpoint(Call(world, request, last_order_at(now))))
    except RefusedError as refused:
        return refused.answer


def token_answer(request: Request, *, is_expired: bool = False) -> Answer:
    """Answer a request to ``/token``: an access token for a refresh token, or ``invalid_grant``."""
    said = {name: values[-1] for name, values in request.form.items()}
    if request.method != "POST" or said.get("grant_type") != "refresh_token":
        return Answer(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type."})
    if is_expired or said.get("refresh_token") != TOKEN:
        reason = "Token has been expired or revoked."
        return Answer(400, {"error": "invalid_grant", "error_description": reason})
    granted = {"access_token": TOKEN, "expires_in": TOKEN_SECONDS, "scope": SCOPE, "token_type": "Bearer"}
    return Answer(200, granted)


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
        tops = [node for node in by_ids(call) if node.top is node]
        return listing("commentThreadListResponse", [thread(top, shown) for top in tops], len(tops))
    choice(call, "order", _ORDERS, "time")
    shown = replace(shown, status=choice(call, "moderationStatus", _STATUSES, "published"))
    threads = _threads_of(call, chosen) if shown.status == "published" else NOTHING
    found = threads.newest_first(BEGINNING, upper_bound(call))
    return page(call, "commentThreadListResponse", found, lambda top: thread(top, shown), _COMMENT_SIZES)


def _threads_of(call: Call, chosen: str) -> Nodes:
    value = call.request.one(chosen)
    if chosen == "videoId":
        video = visible(call, value)
        if video is None or video.parent is not None:
            refuse(404, "videoNotFound", "The video could not be found.", "videoId")
        return call.world.top_level.get(video.id, NOTHING)
    if value != YOUTUBE_CHANNEL_ID:
        refuse(404, "channelNotFound", "The channel could not be found.", chosen)
    return call.world.comments


def _comments(call: Call) -> Json:
    check_names(call, {"part", "parentId", "id", "textFormat", *PAGING})
    shown = view(call, ["id", "snippet"])
    if one_filter(call, "parentId", "id") == "id":
        none_of(call, *PAGING)
        named = [node for node in by_ids(call) if node.parent is not None]
        return listing("commentListResponse", [comment(node, shown) for node in named], len(named))
    top = visible(call, call.request.one("parentId"))
    if top is None or top.top is not top:
        refuse(404, "commentNotFound", "The parent comment could not be found.", "parentId")
    shown = replace(shown, status="published")
    found = call.world.replies.get(top.id, NOTHING).newest_first(BEGINNING, upper_bound(call))
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


_ENDPOINTS: dict[str, Callable[[Call], Json]] = {
    "/youtube/v3/channels": _channels,
    "/youtube/v3/commentThreads": _comment_threads,
    "/youtube/v3/comments": _comments,
    "/youtube/v3/playlistItems": _playlist_items,
}
