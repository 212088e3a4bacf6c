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
from connectors.base import BugOrConfig, Identity, Missed, NotFound, Page, State
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

QUOTED_AT_ONCE = 60
"""Posts whose quotes one poll asks for; X takes 75 such requests in a quarter of an hour."""


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
    """One of our posts: the conversation it began, its versions, and whether anybody quoted it."""

    conversation: str
    versions: tuple[str, ...]
    quoted: bool


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
        """Read what quotes our recent posts, newest post first; what is too much waits for the next poll.

        X tells how often a post was quoted: a poll asks for those only that were, a sweep for the newest all.
        """
        listed = {root.conversation: root for root in self._roots(span) if root.quoted or span.thorough}
        roots = tuple(listed.values())
        after = span.state.get("quotes_read_to")
        begin = next((place + 1 for place, root in enumerate(roots) if root.conversation == after), 0)
        asked = roots[begin : begin + QUOTED_AT_ONCE]
        for root in asked:
            for version in root.versions:
                yield from self._quotes_of(version, span)
        rest = begin + len(asked) < len(roots)
        return {"quotes_read_to": asked[-1].conversation} if rest and asked else {}

    def _quotes_of(self, post_id: str, span: Span) -> Iterator[Page]:
        try:
            for answer in self._answers(self._client.quotes(post_id), self._prices.post, span):
                yield answers.page(answer, self._me)
        except NotFound:
            return  # Our post was deleted since it was listed

    def _messages(self, span: Span) -> Reading:
        """Read the messages of both directions. X has no lower bound, so we stop at a page before it."""
        yield from span.out_of_reach(MESSAGE_WINDOW, "X lists direct messages only 30 days back")
        soon = span.last is not None and span.now - span.last <= _A_LITTLE_WHILE
        call = self._client.messages(together=_FEW_MESSAGES if soon else _MANY_MESSAGES)
        for answer in self._answers(call, self._prices.message, span):
            page = x_messages.page(answer, self._me)
            yield page
            if x_messages.all_before(page, span.since):
                break
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
            yield _Root(conversation, tuple(versions), quoted=_quotes_counted(post) != 0)


def _quotes_counted(post: Mapping[str, object]) -> object:
    """Return how often a post was quoted, ``None`` when X does not say."""
    counts = post.get("public_metrics")
    return counts.get("quote_count") if isinstance(counts, Mapping) else None


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
