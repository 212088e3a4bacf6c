"""What is said on a practice platform, each thing linked to what it stands under, as it is at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connectors.practice.accounts import Account, Accounts, letters
from connectors.practice.changes import OF_AUTHORS, Change, ChangeKind, State, state_at
from connectors.practice.content import Thing
from connectors.practice.identities import ACCOUNT_IDS, HIDDEN, SCHOOL, SCHOOL_NAME, Platform
from connectors.practice.timeline import Order, order_of

WITH_POSTS = frozenset({Platform.FACEBOOK, Platform.YOUTUBE, Platform.INSTAGRAM})
"""Where everything stands under something of the school's, and goes with it when that is deleted."""

MADE_POST = "Welcome to our page. Tell us what you think."

_MESSAGE_HEADS = {Platform.FACEBOOK: "m_", Platform.INSTAGRAM: "aWdf"}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A thing on its platform, linked to what it stands under.

    ``order`` is its place in time. ``id`` is what the platform calls it. ``parent`` is what it stands
    under; ``post`` the post, video or first post of the conversation, itself included; ``top`` the
    top-level comment, itself included, and ``None`` for a post.
    ``ids`` are all the ids it has had, the newest last: on X every edit gives a new one.
    ``visible_from`` is when it surfaces (UTC), not before what it stands under. ``is_gone`` says that it was
    deleted, ``is_shown`` that it is not held back or rejected; except on X also with what it stands under.
    ``known`` is its state at the moment that the world was built for, ``changes`` what ever happens to it.
    ``partner`` is whom the school talks with in a message, ``conversation`` the id of that talk; both are
    ``None`` for what is public. ``quoted`` is what it quotes.
    """

    order: Order
    id: str
    thing: Thing = field(repr=False)
    author: Account
    mentions: tuple[Account, ...]
    parent: Node | None = field(repr=False)
    up_to_post: Node | None = field(repr=False)
    up_to_top: Node | None = field(repr=False)
    ids: tuple[str, ...]
    visible_from: datetime
    is_gone: bool
    is_shown: bool
    known: State = field(repr=False)
    changes: tuple[Change, ...] = field(default=(), repr=False)
    partner: Account | None = None
    conversation: str | None = None
    quoted: Node | None = field(default=None, repr=False)

    @property
    def at(self) -> datetime:
        """When it was written (UTC), as the platform tells it."""
        return self.thing.at

    @property
    def text(self) -> str:
        """Its words, whole, at the moment that the world was built for."""
        return self.known.text

    @property
    def first_id(self) -> str:
        """What the platform called it at first. On X a conversation keeps the first id of its first post."""
        return self.ids[0]

    def words_of(self, version: str) -> tuple[str, datetime]:
        """Return what it said under one of its ids, and since when (X, where every edit has an id)."""
        place = self.ids.index(version)
        if place == 0:
            return self.thing.text, self.thing.at
        edits = [change for change in self.changes if change.kind is ChangeKind.EDIT]
        return edits[place - 1].text or "", edits[place - 1].at

    def id_at(self, order: Order) -> str:
        """Return what it was called at a place in time (X); before its own, its first id."""
        return next((each for each in reversed(self.ids) if int(each) <= order), self.first_id)

    def state(self, moment: datetime | None) -> State:
        """Return how it is at a moment; ``None`` is as it was first said."""
        return state_at(self.thing.text, self.changes, moment)

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


def under_posts(things: list[Thing], platform: Platform) -> list[Thing]:
    """Put every comment under nothing under the school's newest post before it. ``things`` are in order."""
    linked: list[Thing] = []
    newest: Thing | None = None
    for thing in things:
        if thing.private or thing.review:
            linked.append(thing)
            continue
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


class Past:
    """What has happened to each thing up to a moment."""

    def __init__(self, changes: Iterable[Change], moment: datetime | None) -> None:
        self.moment = moment
        self._by_key: defaultdict[str, list[Change]] = defaultdict(list)
        for change in changes:
            if change.kind not in OF_AUTHORS:
                self._by_key[change.of].append(change)

    def of(self, thing: Thing) -> tuple[Change, ...]:
        """Return everything that ever happens to a thing."""
        return tuple(self._by_key.get(thing.key, ()))

    def edits(self, thing: Thing) -> list[Change]:
        """Return the edits of a thing that have happened."""
        if self.moment is None:
            return []
        return [one for one in self.of(thing) if one.kind is ChangeKind.EDIT and one.at <= self.moment]


def linked_nodes(things: Iterable[Thing], accounts: Accounts, past: Past, platform: Platform) -> list[Node]:
    """Link the things; they come in order of time, so what one stands under is already there."""
    by_key: dict[str, Node] = {}
    for thing in things:
        accounts.add(thing.by, thing.name)
    for thing in things:
        by_key[thing.key] = _linked(thing, by_key, accounts, past, platform)
    return list(by_key.values())


def _linked(
    thing: Thing, by_key: Mapping[str, Node], accounts: Accounts, past: Past, platform: Platform
) -> Node:
    parent = by_key[thing.under] if thing.under is not None else None
    first = order_of(thing.at, thing.line)
    ids = [_node_id(thing, first, parent, platform)]
    order = first
    if platform is Platform.X and not thing.private:
        for edit in past.edits(thing):
            order = order_of(edit.at, edit.line)
            ids.append(str(order))
    partner = _partner(thing, parent, accounts) if thing.private else None
    known = state_at(thing.text, past.of(thing), past.moment)
    goes_with = parent if platform in WITH_POSTS and not thing.private else None
    return Node(
        order=order,
        id=ids[-1],
        thing=thing,
        author=accounts.add(HIDDEN) if thing.hidden_author else accounts.by_key[thing.by],
        mentions=_mentioned(thing, parent, accounts, platform),
        parent=parent,
        up_to_post=parent.post if parent else None,
        up_to_top=parent.top if parent else None,
        ids=tuple(ids),
        visible_from=max(thing.visible_from, parent.visible_from) if parent else thing.visible_from,
        is_gone=known.deleted or (goes_with is not None and goes_with.is_gone),
        is_shown=not (known.held or known.rejected) and (goes_with is None or goes_with.is_shown),
        known=known,
        changes=past.of(thing),
        partner=partner,
        conversation=_conversation(partner, accounts, platform) if partner is not None else None,
        quoted=by_key.get(thing.quotes) if thing.quotes is not None else None,
    )


def _partner(thing: Thing, parent: Node | None, accounts: Accounts) -> Account:
    """Return whom the school talks with: whoever wrote, else of the message or comment it answers."""
    if thing.by != SCHOOL:
        return accounts.by_key[thing.by]
    if parent is not None:
        return parent.partner or parent.author
    return accounts.add(thing.mentions[0] if thing.mentions else HIDDEN)


def _conversation(partner: Account, accounts: Accounts, platform: Platform) -> str:
    school = accounts.by_key[SCHOOL]
    if platform is Platform.X:
        return "-".join(sorted([partner.id, school.id], key=int))
    if platform is Platform.FACEBOOK:
        return f"t_{partner.id}"
    return "aWdf" + letters(f"conversation {partner.key}", 36)


def _mentioned(
    thing: Thing, parent: Node | None, accounts: Accounts, platform: Platform
) -> tuple[Account, ...]:
    """On X a reply names whoever it answers, and a post of a stranger the school, said or not.

    A stranger's quote is found by what it quotes, so it names nobody but whom it says.
    """
    named = [accounts.add(key) for key in thing.mentions]
    if platform is Platform.X and parent is not None:
        named.append(parent.author)
    if platform is Platform.X and parent is None and thing.by != SCHOOL and thing.quotes is None:
        named.append(accounts.add(SCHOOL))
    return tuple(account for account in dict.fromkeys(named) if account.key != thing.by)


def _node_id(thing: Thing, order: Order, parent: Node | None, platform: Platform) -> str:
    if thing.private and platform is not Platform.X:
        return _MESSAGE_HEADS.get(platform, "") + letters(f"message {thing.key}", 40)
    match platform:
        case Platform.X:
            return str(order)
        case Platform.FACEBOOK:
            return f"{_facebook_root(parent)}_{900_000_000_000_000 + thing.line}"
        case Platform.INSTAGRAM:
            return str(17_900_000_000_000_000 + thing.line)
        case Platform.YOUTUBE:
            return _youtube_id(thing, parent)


def _youtube_id(thing: Thing, parent: Node | None) -> str:
    if parent is None:
        return letters(f"video {thing.key}", 11)
    if parent.top is None:
        return "Ug" + letters(f"comment {thing.key}", 17) + "4AaABAg"
    return f"{parent.top.id}.{letters(f'reply {thing.key}', 22)}"


def _facebook_root(parent: Node | None) -> str:
    return parent.post.id.rpartition("_")[2] if parent else ACCOUNT_IDS[Platform.FACEBOOK]
