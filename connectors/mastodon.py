"""Mastodon, through Mastodon.py: mentions, replies, quotes, private mentions, whole threads and own posts.

There is no separate post box: a private message is a status that only the people named in it may read. The
account's own filter keeps notifications back from just those who write to a school for the first time, so
what it keeps back is read too, and the list of conversations shows what it drops altogether.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from mastodon import Mastodon
from pydantic import Field

from connectors.answers import fields
from connectors.answers import mastodon as answers
from connectors.answers import mastodon_memory as memory
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Missing,
    NotFound,
    Page,
    Proof,
    State,
    completed,
    watermark,
)
from connectors.calls.mastodon_acts import Acts
from connectors.calls.mastodon_lookup import Lookup
from connectors.calls.mastodon_proof import prove
from connectors.calls.mastodon_server import Server
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, Done
from moderation.items import Found, Reference

TYPES = ["mention", "quote", "update"]
"""The notifications that hold somebody's words."""

WALKS_AT_ONCE = 100
"""Threads that one poll walks at most, so that 300 requests in five minutes are enough for all streams."""

WALK_EVERY = timedelta(hours=1)
"""How often the thread of a post older than a day is walked again."""

QUESTIONS = 60
"""Conversations that one poll asks for at most. Further replies are put under what they reply to."""

Answer = Mapping[str, object]


class Options(ReadingOptions):
    """The settings of an account on Mastodon."""

    server: str = Field(
        default="",
        pattern=r"^(https://[A-Za-z0-9.-]+(:\d{1,5})?/?)?$",
        description='Address of the account\'s server, such as "https://mastodon.example". Without it the '
        "account's base_url is taken.",
    )
    conversation_days: int = Field(
        default=14, ge=1, le=90, description="Days after one of our posts in which its thread is walked."
    )
    forward_reports: bool = Field(
        default=False, description="Whether a report also goes, without our name, to the author's own server."
    )


class Connector:
    """One account on Mastodon, or on a server that speaks like it."""

    platform: ClassVar[str] = "mastodon"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self.meter = Meter()
        self._options = options
        self._me = context.identity
        self._server = Server(_address(options, context), context, self.meter)
        self._roots = memory.Roots({})
        self._questions = QUESTIONS
        self._acts = Acts(
            self._server,
            self._me.external_id,
            forward=options.forward_reports,
            capabilities=self.capabilities(),
        )

    def capabilities(self) -> Capabilities:
        """All but hiding, which Mastodon has not, and other people's posts, which only servers delete."""
        no_hiding = "Mastodon cannot hide a reply from others."
        block = "Open the item's link and block the author, or report the post to the server."
        late = "What is changed or deleted on another server may reach ours late or never."
        look = "Open the item's link, which leads to the author's own server."
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: None,
            Capability.READ_MESSAGES: None,
            Capability.READ_REVIEWS: Missing("Mastodon has no reviews.", "Nothing has to be done."),
            Capability.SEE_OWN_REPLIES: None,
            Capability.SEE_EDITS: Missing(late, look, partly=True),
            Capability.SEE_DELETIONS: Missing(late, look, partly=True),
            Capability.REPLY: None,
            Capability.HIDE: Missing(no_hiding, block),
            Capability.UNHIDE: Missing(no_hiding, "Nothing has to be done."),
            Capability.DELETE: Missing(
                "Mastodon lets nobody delete another account's post.",
                "Report the post: its server can delete it.",
                partly=True,
            ),
            Capability.BLOCK: None,
            Capability.UNBLOCK: None,
            Capability.REPORT: None,
        }

    def streams(self) -> tuple[str, ...]:
        """What is said to us, what the filter kept back, what only the threads show; ours; messages last."""
        return ("notifications", "filtered", "threads", "own", "messages")

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream. Costs a few requests, and for threads one for each of our recent posts."""
        self._begin(stream, state, now)
        since = watermark(state, now, self._overlap, timedelta(days=self._options.first_poll_days))
        kept: dict[str, object] = {}
        if stream == "notifications":
            for listed in self._new_notifications(state, since, now, kept):
                yield self._reading(now).notifications(listed)
        elif stream == "threads":
            begun = now - timedelta(days=self._options.conversation_days)
            yield from self._threads(begun, memory.texts(state.get("walked")), now, kept)
        else:
            yield from self._pages(stream, since, now)
        kept["roots"] = self._roots.kept()
        yield Page(cursor=completed(now, **kept))

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back."""
        return self._options.sweep_days

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read all of one stream since then; the threads of all our posts since then."""
        self._begin(stream, {}, now)
        if stream == "threads":
            yield from self._threads(since, {}, now, {}, most=self._options.max_pages)
        else:
            yield from self._pages(stream, since, now)
        yield Page()

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Ask for each status, and for those not shown why. Other servers' deletions may never arrive."""
        self._server.owner(now)
        return Lookup(self._server, self._me, now).find(references)

    def act(self, action: Action, now: datetime) -> Done:
        """Reply in the same circle of readers, delete own posts, block, unblock, report."""
        return self._acts.act(action, now)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Look for our reply, for the post, for the block. A report shows nowhere."""
        self._server.owner(now)
        return self._acts.verify(action, now)

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Mastodon costs nothing."""
        return Decimal(0)

    def prove(self, now: datetime) -> Proof:
        """Make sure that the token is the account's own and may read. Mastodon's tokens have no end."""
        return prove(self._server, now)

    @property
    def _overlap(self) -> timedelta:
        return timedelta(hours=self._options.overlap_hours)

    def _begin(self, stream: str, state: State, now: datetime) -> None:
        if stream not in self.streams():
            raise BugOrConfig(f"Mastodon has no stream of this name; it has {', '.join(self.streams())}.")
        self._server.owner(now)
        self._roots.recall(state)

    def _reading(self, now: datetime) -> answers.Reading:
        return answers.Reading(self._me, now, lambda status: self._root(status, now))

    def _root(self, status: Answer, now: datetime) -> str:
        """Return the conversation of a status; ask the server once for each that nothing is known of."""
        known = self._roots.of(status)
        if known is not None:
            return known
        own = fields.identifier(status, "id")
        parent = fields.identifier(status, "in_reply_to_id")
        context: Answer = {}
        if self._questions > 0:
            self._questions -= 1
            context = self._context(own, now) or {}
        root = self._roots.learn(context, own, parent)
        if context.get("ancestors") and self._questions > 0:
            self._questions -= 1
            self._roots.learn(self._context(root, now) or {}, root, root)  # so the others need no question
        return root

    def _context(self, status: str, now: datetime) -> Answer | None:
        try:
            return self._server.read_object(lambda client: client.status_context(status), now)
        except NotFound:
            return None

    # What is listed

    def _pages(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        reading = self._reading(now)
        match stream:
            case "notifications":
                for listed in self._notifications(since, now):
                    yield reading.notifications(listed)
            case "filtered":
                for account in self._kept_back(since, now):
                    for listed in self._notifications(since, now, account):
                        yield reading.notifications(listed)
            case "own":
                for listed in self._own(since, now):
                    yield reading.statuses(listed)
            case _:
                yield from self._conversations(since, now)

    def _notifications(
        self, since: datetime, now: datetime, account: str | None = None
    ) -> Iterator[list[object]]:
        """List notifications, newest first; with ``account`` all of one person, kept back or not."""
        pages = self._server.listing(
            lambda client, below: client.notifications(
                account_id=account, max_id=below, limit=80, types=list(TYPES)
            ),
            now,
            self._options.max_pages,
        )
        yield from memory.until(pages, since)

    def _new_notifications(
        self, state: State, since: datetime, now: datetime, kept: dict[str, object]
    ) -> Iterator[list[object]]:
        """List notifications upwards from a known one, the longest waiting first.

        The known one is older than the overlap. Where nothing stands above it, the newest are listed by
        their time: ids begin again when a server is set up afresh, and nothing would ever be above it.
        """
        start = memory.text(state.get("from"))
        newest = memory.text(state.get("next"))
        count = 0
        for listed in self._upwards(start, now) if start else ():
            count += len(listed)
            newest = max((newest, memory.newest(listed)), key=answers.key)
            yield listed
        if not count:
            for listed in self._notifications(since, now):
                newest = max((newest, memory.newest(listed)), key=answers.key)
                yield listed
        kept.update(memory.marks(state, newest, now, self._overlap))

    def _upwards(self, start: str, now: datetime) -> Iterator[list[object]]:
        above = start
        for _ in range(self._options.max_pages):
            listed = self._above(above, now)
            if not listed:
                return
            yield listed
            highest = memory.newest(listed)
            if answers.key(highest) <= answers.key(above):
                break
            above = highest
        raise BadResponse("The Mastodon server's listing does not end. The next poll starts again.")

    def _above(self, known: str, now: datetime) -> list[object]:
        def call(client: Mastodon) -> object:
            return client.notifications(min_id=known, limit=80, types=list(TYPES))

        return answers.entries(self._server.read(call, now))

    def _kept_back(self, since: datetime, now: datetime) -> list[str]:
        """Return whose notifications the account's filter kept back since then."""
        found: dict[str, None] = {}
        pages = self._server.listing(
            lambda client, below: client.notification_requests(max_id=below, limit=80),
            now,
            self._options.max_pages,
        )
        for listed in _if_any(pages):
            for request in fields.mappings_in(listed):
                moved = answers.time_of(request, "updated_at")
                account = fields.known_identifier(request.get("account"))
                if account and (moved is None or moved >= since):
                    found[account] = None
        return list(found)

    def _own(self, since: datetime, now: datetime) -> Iterator[list[object]]:
        pages = self._server.listing(
            lambda client, below: client.account_statuses(self._me.external_id, max_id=below, limit=40),
            now,
            self._options.max_pages,
        )
        yield from memory.until(pages, since)

    def _conversations(self, since: datetime, now: datetime) -> Iterator[Page]:
        """Read the private conversations that moved since then, each with what was said before in private."""
        reading = self._reading(now)
        pages = self._server.listing(
            lambda client, below: client.conversations(max_id=below, limit=40), now, self._options.max_pages
        )
        for listed in _if_any(pages):
            last = answers.last_statuses(listed)
            moved = [each for each in last if (answers.time_of(each) or now) >= since]
            for status in moved:
                known = fields.known_identifier(status)
                context = self._context(known, now) if known else None
                before = fields.mappings_in((context or {}).get("ancestors"))
                private = [each for each in before if each.get("visibility") == "direct"]
                yield reading.statuses([*private, status])
            if last and not moved:
                return

    def _threads(
        self,
        begun: datetime,
        walked: Mapping[str, str],
        now: datetime,
        kept: dict[str, object],
        most: int = WALKS_AT_ONCE,
    ) -> Iterator[Page]:
        """Walk the threads below our posts since ``begun``, the one that waited longest first."""
        ours = [each for listed in self._own(begun, now) for each in fields.mappings_in(listed)]
        made = {key: each for each in ours if (key := fields.known_identifier(each))}
        done = {key: moment for key, moment in walked.items() if key in made}
        resting = {key for key in done if not _due(made[key], done[key], now)}
        waiting = sorted(made.keys() - resting, key=lambda key: (done.get(key, ""), answers.key(key)))
        for status in waiting[:most]:
            done[status] = now.isoformat()
            root = self._roots.known.get(status, status)
            if root != status and root in made:
                continue  # It stands in the thread of another post of ours, which is walked
            context = self._context(status, now)
            if context is not None:
                parent = fields.known_identifier(made[status], "in_reply_to_id")
                self._roots.learn(context, status, parent or status)
                below = answers.entries(context.get("descendants"))
                yield self._reading(now).statuses(below)
        kept["walked"] = done


def _address(options: Options, context: ConnectorContext) -> str:
    address = context.base_url or options.server.rstrip("/")
    if not address:
        raise BugOrConfig(
            "The Mastodon account's server is missing. Write its address into the account's options: "
            'server = "https://...".'
        )
    return address


def _if_any(pages: Iterator[list[object]]) -> Iterator[list[object]]:
    """Yield the pages of what only newer servers, and not all that speak like Mastodon, have."""
    try:
        yield from pages
    except NotFound:
        return


def _due(status: Answer, walked_at: str, now: datetime) -> bool:
    made = answers.time_of(status) or now
    return made > now - timedelta(days=1) or walked_at <= (now - WALK_EVERY).isoformat()
