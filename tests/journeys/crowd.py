"""What people say and do on a practice platform, and what the store has to hold of it in the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, select

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Content, Thing, name_of
from connectors.practice.identities import SCHOOL, Platform
from connectors.practice.listener import Sending
from connectors.practice.server import PracticePlatforms
from connectors.practice.wire import Request, whole_number
from connectors.practice.world import Node
from moderation.items import AccountName, Presence
from store import tables
from store.store import Store

BEGIN = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
"""Tuesday morning: when every history begins."""

WITHHELD = timedelta(seconds=31)
"""What is newer, X's search does not show yet."""

_SIZES = ("limit", "max_results", "maxResults")
_NESTED = re.compile(r"(replies[^{}]*?\.limit\()(\d+)(\))")
_PARENTS = ("ada-moss", "kerry-walsh", "sam-reed", "lou-finch")


class SmallPages(PracticePlatforms):
    """Practice platforms whose pages hold ``most`` things, or the fewest that the platform takes.

    ``before`` is called before every request is answered: what it says and changes happens between pages.
    """

    most = 2

    def __init__(self, content: Content, now: Callable[[], datetime]) -> None:
        super().__init__(content, now)
        self.before: Callable[[Request], None] = lambda request: None

    def _receive(self, request: Request) -> Sending:
        self.before(request)
        return super()._receive(replace(request, query=dict(self._smaller(request))))

    def _smaller(self, request: Request) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, values in request.query.items():
            asked = whole_number(values[-1])
            if name in _SIZES and asked:
                yield name, (str(min(asked, max(self.most, _fewest(request.path)))),)
            elif name == "fields":
                yield name, tuple(_NESTED.sub(rf"\g<1>{self.most}\g<3>", each) for each in values)
            else:
                yield name, values


def _fewest(path: str) -> int:
    """Return how few things a page of X may be asked to hold; elsewhere it is one."""
    if not path.startswith("/2/") or path.endswith("/dm_events"):
        return 1
    return 10 if path.endswith(("/recent", "/quote_tweets")) else 5


class Crowd:
    """Everybody who says something on one platform, the school included.

    Whom or what an act concerns is chosen by a number, so that a list of numbers is a whole history.
    ``now`` is the platforms' clock, ``pass_by`` moves it: no two things happen at the same moment.
    """

    def __init__(self, platforms: PracticePlatforms, platform: Platform, now: Callable[[], datetime]) -> None:
        self.platforms = platforms
        self.platform = platform
        self._now = now
        self._count = 0
        self.things: list[Thing] = []
        self.welcome = self.post(0)
        """A post that nobody deletes: a Page that shows no posts proves nothing."""

    # Saying something

    def post(self, _: int) -> Thing:
        """The school posts."""
        return self._say(SCHOOL)

    def comment(self, chosen: int) -> Thing:
        """Somebody comments on a post, or on X names the school in a post of their own."""
        if self.platform is Platform.X and chosen % 3 == 0:
            return self._say(self._parent(chosen))
        return self._say(self._parent(chosen), self._pick(chosen, self._posts()))

    def reply(self, chosen: int) -> Thing:
        """Somebody replies to a comment, at any depth."""
        return self._say(self._parent(chosen), self._pick(chosen, self._public()))

    def own_reply(self, chosen: int) -> Thing:
        """The school replies on the platform itself."""
        return self._say(SCHOOL, self._pick(chosen, self._public()))

    def unnamed(self, chosen: int) -> Thing:
        """Somebody comments whom the platform does not name; X names everybody."""
        hidden = self.platform is not Platform.X
        return self._say(f"closed-{self._count}", self._pick(chosen, self._posts()), hidden_author=hidden)

    def quote(self, chosen: int) -> Thing:
        """Somebody quotes the school on X; elsewhere it is a comment."""
        if self.platform is not Platform.X:
            return self.comment(chosen)
        ours = [each for each in self._posts() if each.by == SCHOOL]
        return self._say(self._parent(chosen), quotes=self._pick(chosen, ours).key)

    def review(self, chosen: int) -> Thing:
        """Somebody reviews the Page on Facebook; elsewhere it is a comment."""
        if self.platform is not Platform.FACEBOOK:
            return self.comment(chosen)
        return self._say(self._parent(chosen), review=True, rating=1 + chosen % 5)

    def message(self, chosen: int) -> Thing:
        """Somebody writes a message to the school; YouTube has none, so there it is a comment."""
        if self.platform is Platform.YOUTUBE:
            return self.comment(chosen)
        return self._say(self._parent(chosen), private=True)

    def own_message(self, chosen: int) -> Thing:
        """The school answers a message on the platform itself."""
        messages = [each for each in self._living() if each.private]
        if not messages:
            return self.own_reply(chosen)
        return self._say(SCHOOL, self._pick(chosen, messages), private=True)

    def late(self, chosen: int) -> Thing:
        """Somebody's comment says that it is hours old: it surfaces late, now or within the hour."""
        above = self._pick(chosen, self._public())
        at = max(above.visible_from + timedelta(seconds=1), self._now() - timedelta(hours=1 + chosen % 20))
        seen = max(self._now() + timedelta(minutes=chosen % 4 * 20), at)
        return self._say(self._parent(chosen), above, at=at, seen_from=seen)

    # Changing something

    def edit(self, chosen: int) -> None:
        """Somebody changes words, or changes them back. Of Instagram only captions, of messages none."""
        kinds = self._posts() if self.platform is Platform.INSTAGRAM else self._public()
        thing = self._pick(chosen, kinds)
        text = thing.text if chosen % 4 == 0 else f"{self._words()}, no: otherwise"
        self._change(thing, ChangeKind.EDIT, text=text, by=thing.by)

    def delete(self, chosen: int, *, posts: bool = True) -> None:
        """Somebody deletes something; with what stands under it, everywhere but on X."""
        fit = [each for each in self._living() if each is not self.welcome and not each.review]
        if not posts:
            fit = [each for each in fit if each.under is not None]
        if fit:
            thing = self._pick(chosen, fit)
            self._change(thing, ChangeKind.DELETE, by=thing.by)

    def hide(self, chosen: int) -> None:
        """The school hides a comment on the platform itself; YouTube holds it, or removes it."""
        comments = [each for each in self._public() if each.under is not None and each.by != SCHOOL]
        if not comments:
            return
        kind = ChangeKind.HIDE
        if self.platform is Platform.YOUTUBE:
            kind = (ChangeKind.HOLD, ChangeKind.HOLD, ChangeKind.REJECT)[chosen % 3]
        self._change(self._pick(chosen, comments), kind)

    def unhide(self, chosen: int) -> None:
        """The school shows again what is hidden or held."""
        nodes = [self.node(each) for each in self._living()]
        hidden = [each.thing for each in nodes if each.known.hidden or each.known.held]
        if hidden:
            youtube = self.platform is Platform.YOUTUBE
            kind = ChangeKind.PUBLISH if youtube else ChangeKind.UNHIDE
            self._change(self._pick(chosen, hidden), kind)

    # What is there

    def node(self, thing: Thing) -> Node:
        """Return something as it is now."""
        return self.platforms.world(self.platform).by_key[thing.key]

    def nodes(self) -> list[Node]:
        """Return everything that has ever been to be seen, as it is now."""
        now = self._now()
        world = self.platforms.world(self.platform)
        return [node for node in world.by_key.values() if node.visible_from <= now]

    def _living(self) -> list[Thing]:
        now = self._now()
        nodes = [self.node(each) for each in self.things]
        return [each.thing for each in nodes if not each.is_gone and each.visible_from <= now]

    def _public(self) -> list[Thing]:
        """Return what stands where everybody can read and answer it. What is above it is never gone."""
        fit = [self.node(each) for each in self._living() if not each.private and not each.review]
        return [each.thing for each in fit if each.is_shown and not each.known.hidden and not _broken(each)]

    def _posts(self) -> list[Thing]:
        return [each for each in self._public() if each.under is None]

    @staticmethod
    def _pick(chosen: int, things: list[Thing]) -> Thing:
        return things[chosen % len(things)]

    def _parent(self, chosen: int) -> str:
        return _PARENTS[chosen // 3 % len(_PARENTS)]

    def _words(self) -> str:
        self._count += 1
        return f"Words {self._count}"

    def _say(
        self, by: str, under: Thing | None = None, *, at: datetime | None = None, **more: object
    ) -> Thing:
        said = Thing(
            line=0,
            key="",
            platform=self.platform,
            by=by,
            name=name_of(by),
            text=self._words(),
            at=at or self._now(),
            under=under.key if under is not None else None,
            **more,  # type: ignore[arg-type]
        )
        self.things.append(self.platforms.say(said).thing)
        return self.things[-1]

    def _change(self, thing: Thing, kind: ChangeKind, text: str | None = None, by: str = SCHOOL) -> None:
        self.platforms.change(Change(of=thing.key, kind=kind, at=self._now(), text=text, by=by))


def _broken(node: Node) -> bool:
    """Say whether something above is gone, as it can be on X alone."""
    return node.parent is not None and (node.parent.is_gone or _broken(node.parent))


# What is stored, and what has to be


@dataclass(frozen=True, slots=True)
class Kept:
    """One stored item: its row, the thread's name on the platform, and its versions' words in order."""

    row: Row[tuple[object, ...]]
    thread: str
    versions: tuple[str, ...]


def kept(store: Store, account: AccountName) -> dict[str, Kept]:
    """Return what is stored of an account, by the platform's id."""
    items, words = tables.items, tables.item_versions
    with store.begin() as unit:
        rows = unit.connection.execute(
            select(items, tables.threads.c.external_id.label("thread_name"))
            .join(tables.threads, tables.threads.c.id == items.c.thread)
            .where(items.c.account == account)
        ).all()
        said: dict[int, list[str]] = {}
        for row in unit.connection.execute(select(words).order_by(words.c.item, words.c.number)):
            said.setdefault(row.item, []).append(row.text)
    return {row.external_id: Kept(row, row.thread_name, tuple(said[row.id])) for row in rows}


def rejected(store: Store) -> list[str]:
    """Return why things were rejected."""
    with store.begin() as unit:
        return list(unit.connection.execute(select(tables.rejected_items.c.reason)).scalars())


def stored_id(node: Node) -> str:
    """Return under which id something is stored: on Facebook the part that stays the same."""
    if node.thing.platform is Platform.X:
        return node.first_id
    if node.thing.platform is Platform.FACEBOOK and not node.thing.private and not node.thing.review:
        return node.id.rpartition("_")[2]
    return node.id


def concerns_school(node: Node) -> bool:
    """Say whether something may be stored: videos are no items, nor is talk on X past the school."""
    platform = node.thing.platform
    if platform is Platform.YOUTUBE:
        return node.parent is not None
    if platform is not Platform.X or node.thing.private:
        return True
    ours = node.post.author.is_school or (node.quoted is not None and node.quoted.author.is_school)
    return ours or node.author.is_school or any(each.is_school for each in node.mentions)


def has_to_be_stored(node: Node) -> bool:
    """Say whether the platform shows it to whoever reads everything there is to read now."""
    if node.is_gone or not concerns_school(node):
        return False
    if node.thing.platform is Platform.YOUTUBE:
        return not any(each.known.rejected for each in _upwards(node)) and _can_be_listed(node)
    if node.thing.platform is Platform.X and not node.thing.private:
        told = node.author.is_school or any(each.is_school for each in node.mentions)
        found_by = node.quoted if node.quoted is not None else node.post
        return told or not found_by.is_gone
    return True


def _can_be_listed(node: Node) -> bool:
    """Say whether YouTube lists a reply anywhere: under a comment that is held it does not."""
    return node.up_to_top is None or not node.up_to_top.known.held


def _upwards(node: Node) -> Iterator[Node]:
    above: Node | None = node
    while above is not None:
        yield above
        above = above.parent


def wordings(node: Node) -> list[str]:
    """Return every wording that something has had by now, in order; the same twice in a row counts once."""
    now_known = node.known.version - 1
    edits = [each.text or "" for each in node.changes if each.kind is ChangeKind.EDIT]
    return squeezed([node.thing.text, *edits[:now_known]])


def squeezed(words: Iterable[str]) -> list[str]:
    """Return words without those that only repeat the one before."""
    found: list[str] = []
    for each in words:
        if not found or found[-1] != each:
            found.append(each)
    return found


def is_part_of(some: Iterable[str], whole: Iterable[str]) -> bool:
    """Say whether ``some`` are found in ``whole`` in the same order."""
    left = iter(whole)
    return all(each in left for each in some)


def _thread(node: Node) -> str:
    if node.conversation is not None:
        return node.conversation
    if node.thing.platform is Platform.X:
        return node.post.first_id
    return stored_id(node.top or node)


def presences(node: Node) -> set[Presence]:
    """Return where something may be said to be after everything was read and looked up."""
    if node.is_gone:
        return _presences_of_gone(node)
    if node.thing.platform is Platform.YOUTUBE:
        if node.known.held or node.known.rejected:
            return {Presence.HIDDEN}
        if not node.is_shown:
            return {Presence.PRESENT, Presence.HIDDEN, Presence.UNKNOWN}
    if node.thing.platform is not Platform.X and node.known.hidden:
        return {Presence.HIDDEN}
    return {Presence.PRESENT}


def _presences_of_gone(node: Node) -> set[Presence]:
    """Return what each platform lets us say of what is gone."""
    platform = node.thing.platform
    if node.thing.private:
        only_unknown = platform is Platform.X
        return {Presence.UNKNOWN} if only_unknown else {Presence.DELETED, Presence.UNKNOWN}
    if platform is Platform.INSTAGRAM and node.post.is_gone:
        return {Presence.UNKNOWN}
    if platform is Platform.YOUTUBE and node.post.is_gone:
        return {Presence.INVISIBLE}
    return {Presence.DELETED}


@dataclass(slots=True)
class Difference:
    """What is wrong with what is stored, in words for whoever reads a failed test."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.double or self.invented or self.otherwise)


_OF_REFUSALS = ("does not let", "does not show the comments under it")
"""What a person is told of a part of the platform that a permission was missing for."""


def compare(
    crowd: Crowd, store: Store, account: AccountName, *, at_the_end: bool, was_refused: bool = False
) -> Difference:
    """Compare what is stored with what is there. ``at_the_end``: everything was just read and looked up.

    ``was_refused``: the platform refused something for want of a permission, which people were then told.
    """
    difference = Difference()
    there = {stored_id(node): node for node in crowd.nodes()}
    stored = kept(store, account)
    names: dict[str, str] = {}
    for external_id, item in stored.items():
        node = there.get(external_id) or _under_another_name(crowd, external_id)
        if node is None or not concerns_school(node):
            difference.invented.append(external_id)
            continue
        if node.thing.key in names:
            difference.double.append(f"{node.thing.key}: {external_id}")
        names[node.thing.key] = external_id
        difference.otherwise += [f"{node.thing.key}: {wrong}" for wrong in _wrong(node, item, at_the_end)]
    if at_the_end:
        due = [node for node in there.values() if has_to_be_stored(node)]
        difference.lost = [node.thing.key for node in due if node.thing.key not in names]
        difference.otherwise += [
            reason
            for reason in rejected(store)
            if not (was_refused and any(words in reason for words in _OF_REFUSALS))
        ]
    return difference


def _under_another_name(crowd: Crowd, external_id: str) -> Node | None:
    return next((each for each in crowd.nodes() if external_id in (each.id, *each.ids)), None)


def _wrong(node: Node, item: Kept, at_the_end: bool) -> Iterator[str]:
    row, author = item.row, None if node.author.is_hidden else node.author.id
    if row.is_own is not node.author.is_school:
        yield f"is_own {row.is_own}"
    if row.author_id != author:
        yield f"author {row.author_id}, is {author}"
    if item.thread != _thread(node):
        yield f"thread {item.thread}, is {_thread(node)}"
    if not set(item.versions) <= set(wordings(node)):
        yield f"words {item.versions} that it never had: {wordings(node)}"
    if row.presence == Presence.DELETED and not node.is_gone:
        yield "called deleted, and is there"
    if at_the_end:
        yield from _wrong_at_the_end(node, item)


def _wrong_at_the_end(node: Node, item: Kept) -> Iterator[str]:
    if item.row.presence not in presences(node):
        yield f"presence {item.row.presence}, is {presences(node)}"
    if has_to_be_stored(node) and item.versions[-1] != node.text:
        yield f"newest words {item.versions[-1]}, are {node.text}"
