"""The practice platforms' memory: what was said, indexed once for a moment, then only read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.practice.accounts import Account, Accounts
from connectors.practice.changes import Change, ChangeKind, in_order
from connectors.practice.content import Content
from connectors.practice.identities import Platform
from connectors.practice.nodes import WITH_POSTS, Node, Past, linked_nodes, under_posts
from connectors.practice.timeline import Timeline

__all__ = ["NOTHING", "Account", "Index", "Node", "Nodes", "World", "build", "turning_points"]

Nodes = Timeline[Node]
Index = Mapping[str, Nodes]
NOTHING: Nodes = Timeline()


@dataclass(frozen=True, slots=True)
class World:
    """One platform: every node by id, and the timelines that its endpoints read.

    ``conversations`` holds a post with everything under it, ``under_post`` the same without the post,
    ``top_level`` only the comments directly under it, ``replies`` what stands under a top-level comment
    (at any depth), each by that node's (first) id.
    ``by_author``, ``naming`` (who is mentioned) and ``answering`` (whose post is replied to) are by
    account id. ``quoting`` is by the (first) id of what is quoted.

    A world is that of a moment (``None``: everything there will ever be, as first said). Then:

    - the timelines hold what is public: nothing deleted, held back, rejected, not yet surfaced or private.
      What is hidden is still in them, for each platform treats that differently;
    - ``held`` and ``rejected`` are what waits for review or was rejected, ``reviews`` the reviews (which
      are neither posts nor comments), ``messages`` the private messages, ``talks`` these by conversation;
    - ``nodes`` is what can be looked up by id: the public, the held, the rejected and the messages.
      ``gone`` is what could be and has been deleted;
    - ``by_key`` is everything by the id of its line, visible or not;
    - ``banned`` and ``muted`` are author keys.
    """

    accounts: Mapping[str, Account]
    handles: Mapping[str, Account]
    nodes: Mapping[str, Node]
    by_key: Mapping[str, Node]
    everything: Nodes
    posts: Nodes
    comments: Nodes
    conversations: Index
    under_post: Index
    top_level: Index
    replies: Index
    by_author: Index
    naming: Index
    answering: Index
    quoting: Index
    held: Nodes
    rejected: Nodes
    reviews: Nodes
    messages: Nodes
    talks: Index
    gone: Mapping[str, Node]
    banned: frozenset[str]
    muted: frozenset[str]


def turning_points(content: Content, platform: Platform) -> list[datetime]:
    """Return the moments at which a platform's world becomes another one, in order.

    Things that arrive in their time are not among them: the timelines are cut at any moment anyway.
    """
    late = {thing.visible_from for thing in content.things if thing.platform is platform and thing.seen_from}
    changed = {change.at for change in content.changes if change.platform in {None, platform}}
    return sorted(late | changed)


def build(content: Content, platform: Platform, moment: datetime | None = None) -> World:
    """Build one platform's world from the content, as it is at ``moment``; ``None``: as first said, and all.

    On Facebook, Instagram and YouTube a comment under nothing is put under the school's newest earlier
    post; when there is none, one is made a minute before the first such comment.
    """
    things = sorted(
        (thing for thing in content.things if thing.platform is platform), key=lambda t: (t.at, t.line)
    )
    if platform in WITH_POSTS:
        things = under_posts(things, platform)
    accounts = Accounts(platform)
    changes = in_order(change for change in content.changes if change.platform in {None, platform})
    every = linked_nodes(things, accounts, Past(changes, moment), platform)
    # What comes in its time stays: timelines are cut at any moment, until the next turn.
    there = [
        node
        for node in every
        if moment is None or node.visible_from == node.at or node.visible_from <= moment
    ]
    gone = [node for node in there if node.is_gone]
    living = [node for node in there if not node.is_gone]
    private = [node for node in living if node.conversation is not None]
    nodes = [node for node in living if node.conversation is None and node.is_shown]
    written = [node for node in nodes if not node.thing.review]
    below = [node for node in nodes if node.parent is not None]
    direct = [node for node in below if not node.is_reply]
    return World(
        accounts={account.id: account for account in accounts.by_key.values()},
        handles={account.handle.lower(): account for account in accounts.by_key.values()},
        nodes={name: node for node in living for name in _names(node, platform)},
        by_key={node.thing.key: node for node in every},
        everything=Timeline(nodes),
        posts=Timeline([node for node in written if node.parent is None]),
        comments=Timeline(direct),
        conversations=_index(nodes, lambda node: [node.post.first_id]),
        under_post=_index(below, lambda node: [node.post.first_id]),
        top_level=_index(direct, lambda node: [node.post.first_id]),
        replies=_index(nodes, lambda node: [node.up_to_top.first_id] if node.up_to_top else []),
        by_author=_index(nodes, lambda node: [node.author.id]),
        naming=_index(nodes, lambda node: [named.id for named in node.mentions]),
        answering=_index(nodes, lambda node: [node.parent.author.id] if node.parent else []),
        quoting=_index(nodes, lambda node: [node.quoted.first_id] if node.quoted else []),
        held=Timeline([node for node in living if node.known.held]),
        rejected=Timeline([node for node in living if node.known.rejected]),
        reviews=Timeline([node for node in nodes if node.thing.review]),
        messages=Timeline(private),
        talks=_index(private, lambda node: [node.conversation] if node.conversation else []),
        gone={name: node for node in gone for name in _names(node, platform)},
        banned=_authors(changes, every, moment, ChangeKind.BAN, ChangeKind.UNBAN),
        muted=_authors(changes, every, moment, ChangeKind.MUTE, ChangeKind.UNMUTE),
    )


def _authors(
    changes: Iterable[Change], nodes: Iterable[Node], moment: datetime | None, on: ChangeKind, off: ChangeKind
) -> frozenset[str]:
    """Return the author keys that are banned (or muted) at a moment."""
    if moment is None:
        return frozenset()
    by = {node.thing.key: node.thing.by for node in nodes}
    found: set[str] = set()
    for change in changes:
        author = by.get(change.of, change.of)
        if change.at <= moment and change.kind is on:
            found.add(author)
        elif change.at <= moment and change.kind is off:
            found.discard(author)
    return frozenset(found)


def _names(node: Node, platform: Platform) -> tuple[str, ...]:
    """Return what a node can be asked for by; Facebook knows its own by the last part of their id too."""
    return (node.id, node.id.rpartition("_")[2]) if platform is Platform.FACEBOOK else node.ids


def _index(nodes: Iterable[Node], ids: Callable[[Node], Iterable[str]]) -> Index:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for each in ids(node):
            found[each].append(node)
    return {each: Timeline(some) for each, some in found.items()}
