"""What is public on the practice channel, what waits for its owner, and what has been taken away.

Changes of a content file mean this on YouTube (see :mod:`connectors.practice.changes`):

- of a comment: ``hold`` holds it for review, or takes it for spam when it is done ``by`` :data:`SPAM_FILTER`;
  ``reject`` removes it; ``publish`` shows it again;
- of a video: ``hide`` switches its comments off, ``hold`` makes it private, ``delete`` takes all of it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from connectors.practice.changes import ChangeKind
from connectors.practice.identities import Platform
from connectors.practice.stage import Stage
from connectors.practice.timeline import BEGINNING, Order
from connectors.practice.world import NOTHING, Node, World

SPAM_FILTER = "youtube"
"""Whoever takes comments for spam: the author key of such a hold."""

PUBLISHED, HELD, LIKELY_SPAM, REJECTED = "published", "heldForReview", "likelySpam", "rejected"

_MODERATION = frozenset({ChangeKind.HOLD, ChangeKind.REJECT, ChangeKind.PUBLISH})


def status_of(node: Node, now: datetime) -> str:
    """Return the moderation status of a comment at a moment."""
    if node.known.rejected:
        return REJECTED
    if not node.known.held:
        return PUBLISHED
    holds = [each for each in node.changes if each.kind is ChangeKind.HOLD and each.at <= now]
    return LIKELY_SPAM if holds and holds[-1].by == SPAM_FILTER else HELD


def shows_comments(video: Node) -> bool:
    """Say whether a video is there for everybody and has its comments switched on."""
    return not (video.known.hidden or video.known.held or video.known.rejected)


def is_for_owner(node: Node) -> bool:
    """Say whether a comment can be asked for by id: neither it nor the comment above it was removed."""
    top = node.top
    return top is not None and shows_comments(node.post) and not (node.known.rejected or top.known.rejected)


def threads_of(world: World, status: str, now: datetime, first: Order, last: Order) -> Iterator[Node]:
    """Yield the top-level comments of a listing, newest first.

    A thread is held when its top-level comment is, or any reply to it.
    """
    if status == PUBLISHED:
        yield from (node for node in world.comments.newest_first(first, last) if shows_comments(node.post))
        return
    tops: dict[str, Node] = {}
    for node in (world.rejected if status == REJECTED else world.held).newest_first(BEGINNING, last):
        top = node.top
        if top is not None and status_of(node, now) == status and shows_comments(node.post):
            tops[top.id] = top
    found = [top for top in tops.values() if first <= top.order <= last]
    yield from sorted(found, key=lambda top: top.order, reverse=True)


def replies_of(
    world: World, top: Node, statuses: frozenset[str], now: datetime, last: Order
) -> Iterator[Node]:
    """Yield the replies of these statuses under a top-level comment, newest first."""
    public = world.replies.get(top.id, NOTHING).newest_first(BEGINNING, last)
    return merge(
        public, _held_under(world, top, statuses, now, last), key=lambda node: node.order, reverse=True
    )


def count_of_replies(world: World, top: Node, statuses: frozenset[str], now: datetime, last: Order) -> int:
    """Return how many replies of these statuses are under a top-level comment."""
    public = world.replies.get(top.id, NOTHING).count(BEGINNING, last)
    return public + len(_held_under(world, top, statuses, now, last))


def _held_under(world: World, top: Node, statuses: frozenset[str], now: datetime, last: Order) -> list[Node]:
    """Return the replies that are not public, newest first."""
    found = [*world.held.newest_first(BEGINNING, last), *world.rejected.newest_first(BEGINNING, last)]
    under = [node for node in found if node.up_to_top is top and status_of(node, now) in statuses]
    return sorted(under, key=lambda node: node.order, reverse=True)


def moderations(stage: Stage, now: datetime) -> int:
    """Return how often something was held back, removed or published: page tokens do not outlive one."""
    return sum(
        1
        for change in stage.content.changes
        if change.kind in _MODERATION and change.at <= now and change.platform in {None, Platform.YOUTUBE}
    )
