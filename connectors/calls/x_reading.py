"""The streams of an account on X: what each of them asks for, and how far back."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from connectors.answers import fields, x_messages
from connectors.answers import x as answers
from connectors.answers.x_meter import Bill, time_of
from connectors.answers.x_prices import Prices
from connectors.base import (
    BugOrConfig,
    Identity,
    Missed,
    NotFound,
    Page,
    RateLimited,
    Scope,
    State,
)
from connectors.calls.x_client import Answer, Bound, Call, Client, by_id, by_time

STREAMS = ("mentions", "own", "conversations", "quotes", "messages")

QUERY_LENGTH = 512
"""Characters that X takes in one search query."""

SEARCH_WINDOW = timedelta(days=7) - timedelta(minutes=5)
"""How far back X searches; it refuses an older ``since_id``, so we stay a little inside."""

MESSAGE_WINDOW = timedelta(days=30)
"""How far back X lists direct messages."""

MENTIONS_DEPTH = 800
"""Mentions that X lists at most; it says nothing when there were more."""

_NEARLY = 0.95
"""The part of the depth from which a listing may have ended for it: X leaves deleted posts out of a page."""

MESSAGES_DEPTH = 10
"""Pages of messages after which being asked to slow down is no chance: X gives 15 in a quarter of an hour."""

QUOTED_AT_ONCE = 50
"""Posts whose quotes one poll asks for at most; X takes 75 such requests in a quarter of an hour."""

QUOTED_IN_TURN = 5
"""Posts whose quotes a poll asks for although X counts no new ones; so six polls leave room for a sweep."""

QUOTED_SWEPT = 40
"""Posts whose quotes a sweep asks for: the newest ones."""


@dataclass(frozen=True, slots=True)
class Span:
    """What one reading of a stream covers: from ``since`` to ``now``.

    ``last`` is when the last complete poll began, ``None`` before the first and for sweeps, which are
    ``thorough``. ``state`` is the stream's own.
    """

    since: datetime
    now: datetime
    last: datetime | None = None
    thorough: bool = False
    state: State = field(default_factory=dict)

    @property
    def bound(self) -> Bound:
        """Where the listing ends. A sweep asks in another way, so that it proves the polls."""
        return by_time(self.since) if self.thorough else by_id(self.since)

    def out_of_reach(self, window: timedelta, reason: str) -> Iterator[Page]:
        """Yield what was missed when nobody looked for longer than X looks back."""
        reach = self.now - window
        if self.last is not None and self.last < reach:
            yield Page(missed=(Missed(self.last, reach, reason),))


Reading = Generator[Page, None, Mapping[str, object]]
"""The pages of a stream, and at the end what its state keeps for the next poll."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings say of reading: pages of a listing, and days for which conversations are searched."""

    max_pages: int
    conversation_days: int


@dataclass(frozen=True, slots=True)
class _Root:
    """One of our posts: the conversation it began, its versions, and how often X says it was quoted.

    ``quotes`` is ``None`` where X does not say.
    """

    conversation: str
    versions: tuple[str, ...]
    quotes: int | None


_A_LITTLE_WHILE = timedelta(minutes=30)
_FEW_MESSAGES, _MANY_MESSAGES = 25, 100
"""Messages on a page where a poll came a little while ago, and otherwise: 15 pages is all X gives at once."""


class Reader:
    """Reads one account's streams. Lists our posts once for conversations and quotes of the same poll."""

    def __init__(self, client: Client, me: Identity, bill: Bill, prices: Prices, limits: Limits) -> None:
        self._client = client
        self._me = me
        self._bill = bill
        self._prices = prices
        self._limits = limits
        self._listed: dict[tuple[datetime, bool], tuple[_Root, ...]] = {}

    def read(self, stream: str, span: Span) -> Reading:
        """Read one stream. Raises :class:`BugOrConfig` for a name that is none."""
        match stream:
            case "mentions":
                return self._mentions(span)
            case "own":
                return self._own(span)
            case "conversations":
                return self._conversations(span)
            case "quotes":
                return self._quotes(span)
            case "messages":
                return self._messages(span)
        raise BugOrConfig(f"X has no stream of this name; it has {', '.join(STREAMS)}.")

    def _mentions(self, span: Span) -> Reading:
        read, oldest = 0, span.now
        for answer in self._answers(self._client.mentions(span.bound), self._prices.timeline, span):
            times = [time for each in answers.ids(answer) if (time := time_of(each)) is not None]
            read, oldest = read + len(times), min([oldest, *times])
            yield answers.page(answer, self._me)
        began = span.last or span.since
        if read >= MENTIONS_DEPTH * _NEARLY and oldest > began and not span.thorough:
            reason = f"X lists only the newest {MENTIONS_DEPTH} mentions, and more may have come"
            yield Page(missed=(Missed(began, oldest, reason),))
        if span.thorough:
            names = [f"to:{self._me.external_id}", *([f"@{self._me.handle}"] if self._me.handle else [])]
            query = _query(names, f" -from:{self._me.external_id} -is:retweet")
            yield from self._found(query, span)
        return {}

    def _own(self, span: Span) -> Reading:
        for answer in self._answers(self._client.own_posts(span.bound), self._prices.timeline, span):
            yield answers.page(answer, self._me)
        return {}

    def _conversations(self, span: Span) -> Reading:
        """Search the conversations under our recent posts for what the mentions do not show.

        Several conversations share one query, and what mentions us or is our own is left out of it,
        because X charges for every post it returns and the other streams read those.
        """
        yield from span.out_of_reach(SEARCH_WINDOW, "X searches conversations only seven days back")
        roots = dict.fromkeys(root.conversation for root in self._roots(span))
        for query in queries(tuple(roots), self._me):
            yield from self._found(query, span)
        return {}

    def _found(self, query: str, span: Span) -> Iterator[Page]:
        start = max(span.since, span.now - SEARCH_WINDOW)
        bound = by_time(start) if span.thorough else by_id(start)
        for answer in self._answers(self._client.search(query, bound), self._prices.post, span):
            yield answers.page(answer, self._me)

    def _quotes(self, span: Span) -> Reading:
        """Read what quotes our recent posts, newest post first, without using up what X gives for that.

        A poll asks for the posts of which X counts another number of quotes than when they were last read,
        and for a few others in turn, because the number may be ahead of the list. A sweep asks for the
        newest, quoted or not.
        """
        roots = {root.conversation: root for root in self._roots(span) if span.thorough or root.quotes != 0}
        if span.thorough:
            yield from self._quotes_until_told(tuple(roots.values())[:QUOTED_SWEPT], span)
            return {}
        before = span.state.get("quotes_counted")
        before = before if isinstance(before, Mapping) else {}
        plan = plan_quotes(tuple(roots.values()), before, span.state.get("quotes_read_to"))
        read = yield from self._quotes_until_told((*plan.counted_anew, *plan.in_turn), span)
        counted = {name: before[name] for name in roots if name in before}
        return plan.kept(counted | {root.conversation: root.quotes for root in read}, read)

    def _quotes_until_told(
        self, roots: Sequence[_Root], span: Span
    ) -> Generator[Page, None, tuple[_Root, ...]]:
        """Read quotes until X asks us to slow down; return the posts that were read.

        What was read counts, so that the next reading begins behind it. One post with more quotes than X
        gives at once does not bar the others.
        """
        read: list[_Root] = []
        pages = 0
        for root in roots:
            try:
                for version in root.versions:
                    for page in self._quotes_of(version, span):
                        pages += 1
                        yield page
            except RateLimited as limit:
                if not pages or limit.scope is not Scope.STREAM:
                    raise
                return tuple(read or [root])
            read.append(root)
        return tuple(read)

    def _quotes_of(self, post_id: str, span: Span) -> Iterator[Page]:
        try:
            for answer in self._answers(self._client.quotes(post_id), self._prices.post, span):
                yield answers.page(answer, self._me)
        except NotFound:
            return  # Our post was deleted since it was listed

    def _messages(self, span: Span) -> Reading:
        """Read the messages of both directions. X has no lower bound, so we stop at a page before it.

        More than X gives at once can never be read to the end: that is told, and the newest are kept.
        """
        yield from span.out_of_reach(MESSAGE_WINDOW, "X lists direct messages only 30 days back")
        soon = span.last is not None and span.now - span.last <= _A_LITTLE_WHILE
        call = self._client.messages(together=_FEW_MESSAGES if soon else _MANY_MESSAGES)
        pages, oldest = 0, span.now
        try:
            for answer in self._answers(call, self._prices.message, span):
                page = x_messages.page(answer, self._me)
                pages += 1
                oldest = min([oldest, *(item.created_at for item in page.items if item.created_at)])
                yield page
                if x_messages.all_before(page, span.since):
                    break
        except RateLimited as limit:
            if pages < MESSAGES_DEPTH or limit.scope is not Scope.STREAM:
                raise
            began = span.last or span.since
            if oldest > began and not span.thorough:
                reason = "X gives so many direct messages at once and no more; those before were not read"
                yield Page(missed=(Missed(began, oldest, reason),))
        return {}

    def _roots(self, span: Span) -> tuple[_Root, ...]:
        """Return our posts of the last days that began conversations, newest first; listed once a poll."""
        key = (span.now, span.thorough)
        if key not in self._listed:
            begun = span.now - timedelta(days=self._limits.conversation_days)
            bound = by_time(begun) if span.thorough else by_id(begun)
            listing = self._answers(self._client.roots(bound), self._prices.timeline, span)
            self._listed[key] = tuple(root for answer in listing for root in _roots_in(answer))
        return self._listed[key]

    def _answers(self, call: Call, price: Decimal, span: Span) -> Iterator[Answer]:
        for answer in self._client.listing(call, span.now, self._limits.max_pages):
            self._bill.read(answers.ids(answer), price, span.now, span.last)
            yield answer


def _roots_in(answer: Answer) -> Iterator[_Root]:
    for post in fields.mappings_in(answer.get("data")):
        versions, conversation = (
            answers.known_versions(post),
            fields.known_identifier(post, "conversation_id"),
        )
        if conversation is not None and conversation in versions:
            yield _Root(conversation, tuple(versions), _quotes_counted(post))


def _quotes_counted(post: Mapping[str, object]) -> int | None:
    """Return how often a post was quoted, ``None`` when X does not say."""
    counts = post.get("public_metrics")
    count = counts.get("quote_count") if isinstance(counts, Mapping) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


@dataclass(frozen=True, slots=True)
class QuotesPlan:
    """Which posts' quotes a poll asks for: those that X counts anew, and the next few of the others.

    ``after`` is where the turn stood before, ``is_last_turn`` says that it comes to its end now.
    """

    counted_anew: tuple[_Root, ...]
    in_turn: tuple[_Root, ...]
    after: str | None
    is_last_turn: bool

    def kept(self, counted: Mapping[str, object], read: Sequence[_Root]) -> Mapping[str, object]:
        """Return what the state keeps when ``read`` was read: the numbers, and where the turn stands."""
        in_turn = [root.conversation for root in read if root in self.in_turn]
        is_through = self.is_last_turn and len(in_turn) == len(self.in_turn)
        stands = None if is_through else [self.after, *in_turn][-1]
        kept = {"quotes_counted": counted, "quotes_read_to": stands}
        return {name: value for name, value in kept.items() if value}


def plan_quotes(roots: Sequence[_Root], before: Mapping[str, object], read_to: object) -> QuotesPlan:
    """Plan a poll of quotes. ``before`` holds the numbers counted when each post was last read."""
    anew = [root for root in roots if before.get(root.conversation, "never") != root.quotes]
    anew = anew[:QUOTED_AT_ONCE]
    begin = next((place + 1 for place, root in enumerate(roots) if root.conversation == read_to), 0)
    others = [root for root in roots[begin:] if root.conversation in before and root not in anew]
    most = max(0, QUOTED_IN_TURN - len(anew))
    after = read_to if begin and isinstance(read_to, str) else None
    return QuotesPlan(tuple(anew), tuple(others[:most]), after, len(others) <= most)


def queries(conversations: Sequence[str], me: Identity) -> Iterator[str]:
    """Yield as few search queries as hold all ``conversations``, each within what X takes."""
    but = f" -from:{me.external_id}" + (f" -@{me.handle}" if me.handle else "")
    batch: list[str] = []
    for conversation in conversations:
        longer = [*batch, f"conversation_id:{conversation}"]
        if batch and len(_query(longer, but)) > QUERY_LENGTH:
            yield _query(batch, but)
            longer = longer[-1:]
        batch = longer
    if batch:
        yield _query(batch, but)


def _query(terms: Sequence[str], but: str) -> str:
    return f"({' OR '.join(terms)}){but}"
