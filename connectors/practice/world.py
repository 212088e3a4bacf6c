"""The practice platforms' memory: who there is and what was said, linked and indexed once, then only read."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connectors.practice.content import Content, Thing, name_of
from connectors.practice.identities import (
    ACCOUNT_IDS,
    HIDDEN,
    SCHOOL,
    SCHOOL_HANDLE,
    SCHOOL_NAME,
    Platform,
)
from connectors.practice.timeline import Order, Timeline, order_of

HANDLE_LENGTH = 15
"""Characters in a handle on X at most; the other platforms get the same ones."""

MADE_POST = "Welcome to our page. Tell us what you think."


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on one platform, the school included."""

    key: str
    id: str
    handle: str
    name: str

    @property
    def is_school(self) -> bool:
        """Whether it is the school's own account."""
        return self.key == SCHOOL

    @property
    def is_hidden(self) -> bool:
        """Whether the platform does not say who this is."""
        return self.key == HIDDEN


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A thing on its platform, linked to what it stands under.

    ``order`` is its place in time. ``id`` is what the platform calls it. ``parent`` is what it stands
    under; ``post`` the post, video or first post of the conversation, itself included; ``top`` the
    top-level comment, itself included, and ``None`` for a post.
    """

    order: Order
    id: str
    thing: Thing = field(repr=False)
    author: Account
    mentions: tuple[Account, ...]
    parent: Node | None = field(repr=False)
    up_to_post: Node | None = field(repr=False)
    up_to_top: Node | None = field(repr=False)

    @property
    def at(self) -> datetime:
        """When it was written (UTC)."""
        return self.thing.at

    @property
    def text(self) -> str:
        """Its words, whole."""
        return self.thing.text

    @property
    def post(self) -> Node:
        """The post, video or first post of the conversation; itself when it is one."""
        return self.up_to_post or self

    @property
    def top(self) -> Node | None:
        """The top-level comment; itself when it is one, ``None`` for a post."""
        return self.up_to_top or (None if self.parent is None else self)

    @property
    def is_reply(self) -> bool:
        """Whether it stands under a comment, not directly under the post."""
        return self.up_to_top is not None


Nodes = Timeline[Node]
Index = Mapping[str, Nodes]
NOTHING: Nodes = Timeline()


@dataclass(frozen=True, slots=True)
class World:
    """One platform: every node by id, and the timelines that its endpoints read.

    ``conversations`` holds a post with everything under it, ``under_post`` the same without the post,
    ``top_level`` only the comments directly under it, ``replies`` what stands under a top-level comment
    (at any depth), each by that node's id.
    ``by_author``, ``naming`` (who is mentioned) and ``answering`` (whose post is replied to) are by
    account id.
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


def build(content: Content, platform: Platform) -> World:
    """Build one platform's world from the content.

    On Facebook and YouTube a comment under nothing is put under the school's newest earlier post; when
    there is none, one is made a minute before the first such comment.
    """
    things = sorted(
        (thing for thing in content.things if thing.platform is platform), key=lambda t: (t.at, t.line)
    )
    if platform is not Platform.X:
        things = _under_posts(things, platform)
    accounts = _Accounts(platform)
    nodes = _nodes(things, accounts, platform)
    return World(
        accounts={account.id: account for account in accounts.by_key.values()},
        handles={account.handle.lower(): account for account in accounts.by_key.values()},
        nodes={name: node for node in nodes for name in _names(node, platform)},
        by_key={node.thing.key: node for node in nodes},
        everything=Timeline(nodes),
        posts=Timeline([node for node in nodes if node.parent is None]),
        comments=Timeline([node for node in nodes if node.parent is not None and not node.is_reply]),
        conversations=_index(nodes, lambda node: [node.post.id]),
        under_post=_index(nodes, lambda node: [node.post.id] if node.parent else []),
        top_level=_index(nodes, lambda node: [node.post.id] if node.parent and not node.is_reply else []),
        replies=_index(nodes, lambda node: [node.up_to_top.id] if node.up_to_top else []),
        by_author=_index(nodes, lambda node: [node.author.id]),
        naming=_index(nodes, lambda node: [named.id for named in node.mentions]),
        answering=_index(nodes, lambda node: [node.parent.author.id] if node.parent else []),
    )


def _names(node: Node, platform: Platform) -> tuple[str, ...]:
    """Return what a node can be asked for by; Facebook knows its own by the last part of their id too."""
    return (node.id, node.id.rpartition("_")[2]) if platform is Platform.FACEBOOK else (node.id,)


def _index(nodes: Iterable[Node], ids: Callable[[Node], Iterable[str]]) -> Index:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for each in ids(node):
            found[each].append(node)
    return {each: Timeline(some) for each, some in found.items()}


def _under_posts(things: list[Thing], platform: Platform) -> list[Thing]:
    """Put every comment under nothing under the school's newest post before it. ``things`` are in order."""
    linked: list[Thing] = []
    newest: Thing | None = None
    for thing in things:
        if thing.under is None and thing.by != SCHOOL:
            if newest is None:
                newest = _made_post(thing.at - timedelta(minutes=1), platform)
                linked.append(newest)
            linked.append(replace(thing, under=newest.key))
            continue
        if thing.under is None:
            newest = thing
        linked.append(thing)
    return linked


def _made_post(at: datetime, platform: Platform) -> Thing:
    key = f"{platform}-made-post"
    return Thing(line=0, key=key, platform=platform, by=SCHOOL, name=SCHOOL_NAME, text=MADE_POST, at=at)


def _nodes(things: Iterable[Thing], accounts: _Accounts, platform: Platform) -> list[Node]:
    """Link the things; they come in order of time, so what one stands under is already there."""
    by_key: dict[str, Node] = {}
    for thing in things:
        accounts.add(thing.by, thing.name)
    for thing in things:
        parent = by_key[thing.under] if thing.under is not None else None
        order = order_of(thing.at, thing.line)
        by_key[thing.key] = Node(
            order=order,
            id=_node_id(thing, order, parent, platform),
            thing=thing,
            author=accounts.by_key[thing.by],
            mentions=_mentioned(thing, parent, accounts, platform),
            parent=parent,
            up_to_post=parent.post if parent else None,
            up_to_top=parent.top if parent else None,
        )
    return list(by_key.values())


def _mentioned(
    thing: Thing, parent: Node | None, accounts: _Accounts, platform: Platform
) -> tuple[Account, ...]:
    """On X a reply names whoever it answers, and a post of a stranger the school, said or not."""
    named = [accounts.add(key) for key in thing.mentions]
    if platform is Platform.X and parent is not None:
        named.append(parent.author)
    if platform is Platform.X and parent is None and thing.by != SCHOOL:
        named.append(accounts.add(SCHOOL))
    return tuple(account for account in dict.fromkeys(named) if account.key != thing.by)


def _node_id(thing: Thing, order: Order, parent: Node | None, platform: Platform) -> str:
    match platform:
        case Platform.X:
            return str(order)
        case Platform.FACEBOOK:
            number = f"{900_000_000_000_000 + thing.line}"
            return f"{_facebook_root(parent)}_{number}"
        case Platform.YOUTUBE:
            if parent is None:
                return _letters(f"video {thing.key}", 11)
            if parent.top is None:
                return "Ug" + _letters(f"comment {thing.key}", 17) + "4AaABAg"
            return f"{parent.top.id}.{_letters(f'reply {thing.key}', 22)}"


def _facebook_root(parent: Node | None) -> str:
    return parent.post.id.rpartition("_")[2] if parent else ACCOUNT_IDS[Platform.FACEBOOK]


def _letters(seed: str, length: int) -> str:
    """Return letters and digits that look drawn by lot and are the same each time."""
    drawn = urlsafe_b64encode(_digest(seed)).decode()
    return drawn.replace("-", "x").replace("_", "y")[:length]


def _digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()


class _Accounts:
    """Everybody on one platform, each added once; the first name seen stays."""

    def __init__(self, platform: Platform) -> None:
        self.by_key: dict[str, Account] = {}
        self._platform = platform
        self._handles: set[str] = set()
        self.add(SCHOOL)

    def add(self, key: str, name: str | None = None) -> Account:
        """Return the account of an author key; make it when it is not there yet."""
        if key not in self.by_key:
            handle = SCHOOL_HANDLE if key == SCHOOL else self._free_handle(key)
            self._handles.add(handle.lower())
            shown = SCHOOL_NAME if key == SCHOOL else name or name_of(key)
            self.by_key[key] = Account(key, self._id(key), handle, shown)
        return self.by_key[key]

    def _id(self, key: str) -> str:
        if key == SCHOOL:
            return ACCOUNT_IDS[self._platform]
        if self._platform is Platform.YOUTUBE:
            return "UC" + _letters(f"channel {key}", 22)
        number = int.from_bytes(_digest(f"{self._platform} {key}")[:8])
        return str(10**15 + number % (9 * 10**15))

    def _free_handle(self, key: str) -> str:
        plain = re.sub("[^A-Za-z0-9_]", "", key)[:HANDLE_LENGTH]
        if plain and plain.lower() not in self._handles:
            return plain
        return f"{plain[:6]}_{_letters(f'handle {key}', 8)}"
