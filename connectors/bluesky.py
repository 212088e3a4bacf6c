"""Bluesky, through atproto: replies, mentions, quotes, whole threads, own posts, and private messages.

Bluesky orders what it lists by the earlier of the author's own date and the time it was seen, and tells a
thread's owner of shallow replies only. A post that is dated back sinks below everything that a poll reads,
and a deep one is never announced. So every poll also walks the threads of our recent posts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from connectors import transport
from connectors.answers import bluesky as answers
from connectors.answers import bluesky_messages as messages
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
    Refused,
    State,
    completed,
    watermark,
)
from connectors.calls.bluesky_acts import Acts
from connectors.calls.bluesky_presence import look_up
from connectors.calls.bluesky_service import CHAT, Service
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, Done
from moderation.items import Found, ItemKind, Presence, Reference

DEPTH = 80
"""Levels of a thread that one question asks for. Bluesky would send 1,000, and the SDK reads 100 at most."""

REMEMBERED = 1_000
"""Replies to replies that are remembered, to find what stands below one that was deleted."""

POSTS_AT_ONCE = 25
"""Posts that one question may name."""

WITHOUT_MESSAGES = "com.atproto.appPass"
"""The scope of a session whose app password may not read private messages."""

Answer = Mapping[str, object]

Below = Mapping[str, Sequence[str]]
"""Replies to replies, by the post from which their thread is walked."""


class Options(ReadingOptions):
    """The settings of an account on Bluesky."""

    conversation_days: int = Field(
        default=14, ge=1, le=90, description="Days after one of our posts in which its thread is walked."
    )
    report_as: Literal["rude", "spam", "violation", "misleading", "sexual", "other"] = Field(
        default="rude", description="The reason that Bluesky's moderators are given with a report."
    )


class Connector:
    """One account on Bluesky. Needs an app password, for private messages one that may read them."""

    platform: ClassVar[str] = "bluesky"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self.meter = Meter()
        self._options = options
        self._me = context.identity
        self._service = Service(context, self.meter)
        self._acts = Acts(self._service, self._me, options.report_as)

    def capabilities(self) -> Capabilities:
        """All but what Bluesky gives nobody: deleting other people's posts, hiding outside own threads."""
        open_it = "Open the item's link and"
        elsewhere = "Bluesky hides replies only under our own posts."
        gone = "What stood below a deleted reply is found only if it was seen before."
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: None,
            Capability.READ_MESSAGES: None,
            Capability.READ_REVIEWS: Missing("Bluesky has no reviews.", "Nothing has to be done."),
            Capability.SEE_OWN_REPLIES: None,
            Capability.SEE_EDITS: None,
            Capability.SEE_DELETIONS: Missing(gone, f"{open_it} look through the thread.", partly=True),
            Capability.REPLY: None,
            Capability.HIDE: Missing(
                elsewhere, f"{open_it} report the post or block its author.", partly=True
            ),
            Capability.UNHIDE: Missing(elsewhere, f"{open_it} see whether it is shown.", partly=True),
            Capability.DELETE: Missing(
                "Bluesky lets nobody delete another account's post.",
                f"{open_it} hide or report it.",
                partly=True,
            ),
            Capability.BLOCK: None,
            Capability.UNBLOCK: None,
            Capability.REPORT: None,
        }

    def streams(self) -> tuple[str, ...]:
        """What is said to us in public first, then what only walking the threads shows; messages last."""
        return ("notifications", "threads", "own", "messages")

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream from its overlap to the end. Threads cost one request per own recent post."""
        since = watermark(
            state,
            now,
            timedelta(hours=self._options.overlap_hours),
            timedelta(days=self._options.first_poll_days),
        )
        if stream == "threads":
            begun = now - timedelta(days=self._options.conversation_days)
            yield from self._threads(begun, _remembered(state), now)
            return
        yield from self._pages(stream, since, now)
        yield Page(cursor=completed(now))

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back."""
        return self._options.sweep_days

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read all of one stream since then. Threads are walked as far back as every poll walks them."""
        if stream == "threads":
            begun = min(since, now - timedelta(days=self._options.conversation_days))
            for page in self._threads(begun, {}, now):
                yield Page(page.items, page.rejected)
            return
        yield from self._pages(stream, since, now)

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say of each item where it is. Our own are asked of our own server, the others of Bluesky."""
        threads = [each for each in references if each.kind is not ItemKind.MESSAGE]
        found = {each.external_id: each for each in look_up(self._service, self._me, threads, now)}
        for each in references:
            if each.kind is ItemKind.MESSAGE:
                found[each.external_id] = self._look_up_message(each, now)
        return [found[each.external_id] for each in references]

    def act(self, action: Action, now: datetime) -> Done:
        """Do what was decided. Replies and blocks have keys of ours: sent twice, they are there once."""
        return self._acts.do(action, now, self.capabilities())

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Read back whether ``action`` was done; a report cannot be read back."""
        return self._acts.done(action, now)

    def prove(self, now: datetime) -> Proof:
        """Ask whose the session is, and read from it whether it may see private messages."""
        answer = self._service.ask("com.atproto.server.getSession", {}, now)
        session = self._service.session(now)
        if answer.get("did") != self._me.external_id:
            raise BugOrConfig(
                "The session belongs to another Bluesky account than the settings name. Sign in again, or "
                "correct the account's id (its did) in the settings."
            )
        if answer.get("active") is False:
            raise Refused("Bluesky has shut or paused the account. Sign in at bsky.app and see what it says.")
        scope = session.access_jwt_payload.scope
        ends = session.refresh_jwt_payload.exp
        return Proof(
            expires_at=None if ends is None else datetime.fromtimestamp(ends, UTC),
            scopes=None if scope is None else (scope,),
            lacking=(Capability.READ_MESSAGES,) if scope == WITHOUT_MESSAGES else (),
        )

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return what a month of ``items_per_day`` costs in US dollars: Bluesky takes no money."""
        return Decimal(0)

    def _pages(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        match stream:
            case "notifications":
                return self._notifications(since, now)
            case "own":
                return (answers.records(each, self._me) for each in self._own(since, now))
            case "messages":
                return self._messages(since, now)
            case _:
                raise BugOrConfig(f"Bluesky has no stream of this name; it has {', '.join(self.streams())}.")

    def _notifications(self, since: datetime, now: datetime) -> Iterator[Page]:
        """Read who replied, named or quoted us, newest first.

        ``priority`` is said because an account may be set to leave most people out. What was read before
        is never marked as seen: that would change the account for the people who use it.
        """
        asked = {"limit": 100, "reasons": ["reply", "mention", "quote"], "priority": False}
        for answer in self._listing("app.bsky.notification.listNotifications", asked, now):
            yield answers.notifications(answer, self._me)
            if _all_before(since, answer.get("notifications"), "indexedAt"):
                return

    def _own(self, since: datetime, now: datetime) -> Iterator[Answer]:
        """Read our own posts and replies from our own server: at once, and whatever Bluesky filters."""
        asked = {"repo": self._me.external_id, "collection": answers.POST, "limit": 100}
        for answer in self._listing("com.atproto.repo.listRecords", asked, now):
            yield answer
            keys = [answers.address(answers.name_of(each)) for each in answers.entries(answer, "records")]
            times = [answers.time_of(each.key) for each in keys if each is not None]
            if times and all(each is not None and each < since for each in times):
                return

    def _threads(self, begun: datetime, remembered: Below, now: datetime) -> Iterator[Page]:
        """Walk the threads of our posts since ``begun``, then what was in them and is no longer reached.

        A deleted or blocked reply takes everything below it out of the thread, though it is still there. Of
        a thread that is not walked any more nothing is remembered.
        """
        seen: set[str] = set()
        below: dict[str, list[str]] = {}
        for anchor in self._anchors(begun, now):
            kept = below.setdefault(anchor, [])
            for walked in self._walk(anchor, now):
                seen.update(item.external_id for item in walked.items)
                kept.extend(walked.below)
                yield walked.page
        for anchor, kept in below.items():
            yield from self._lost(remembered.get(anchor, ()), seen, kept, now)
        yield Page(cursor=completed(now, below=_newest(below)))

    def _lost(
        self, remembered: Sequence[str], seen: set[str], kept: list[str], now: datetime
    ) -> Iterator[Page]:
        """Ask for what a thread showed before and does not show now, and walk on from there."""
        lost = [each for each in remembered if each not in seen]
        for first in range(0, len(lost), POSTS_AT_ONCE):
            asked = {"uris": lost[first : first + POSTS_AT_ONCE]}
            answer = self._service.ask("app.bsky.feed.getPosts", asked, now)
            page = answers.posts(answer, self._me)
            yield page
            kept.extend(item.external_id for item in page.items)
            for anchor in _with_replies(answer):
                if anchor not in seen:
                    for walked in self._walk(anchor, now):
                        seen.update(item.external_id for item in walked.items)
                        kept.extend(item.external_id for item in walked.items)
                        yield walked.page

    def _anchors(self, begun: datetime, now: datetime) -> list[str]:
        """Return the posts to walk from: the first ones of our own threads, else our own replies."""
        anchors: dict[str, None] = {}
        for answer in self._own(begun, now):
            for item in answers.records(answer, self._me).items:
                made = answers.time_of(item.external_id.rpartition("/")[2]) or item.created_at
                if made is None or made >= begun:
                    anchors[item.post_id or item.external_id] = None
        return list(anchors)

    def _walk(self, anchor: str, now: datetime) -> Iterator[answers.Walked]:
        """Read the thread below one post, going on where it was cut off for depth."""
        waiting, begun = [anchor], {anchor}
        while waiting:
            asked = {"uri": waiting.pop(0), "depth": DEPTH, "parentHeight": 0}
            try:
                answer = self._service.ask("app.bsky.feed.getPostThread", asked, now)
            except NotFound:
                continue  # Too new for Bluesky to have seen it, or gone since
            walked = answers.thread(answer, self._me, level=0 if asked["uri"] == anchor else DEPTH)
            further = [each for each in walked.cut if each not in begun]
            waiting.extend(further)
            begun.update(further)
            if len(begun) > self._options.max_pages:
                raise BadResponse(
                    f"A thread on Bluesky did not end within {self._options.max_pages} questions. If this "
                    "goes on, raise max_pages in the account's settings."
                )
            yield walked

    def _messages(self, since: datetime, now: datetime) -> Iterator[Page]:
        if self._service.session(now).access_jwt_payload.scope == WITHOUT_MESSAGES:
            raise answers.without_messages()
        for answer in self._listing("chat.bsky.convo.listConvos", {"limit": 100}, now, CHAT):
            for conversation in answers.entries(answer, "convos"):
                if not messages.is_older(conversation, since):
                    yield from self._conversation(conversation, since, now)

    def _conversation(self, conversation: object, since: datetime, now: datetime) -> Iterator[Page]:
        talk = messages.talk(conversation)
        if talk is None:
            yield messages.unreadable()
            return
        for answer in self._messages_of(talk.id, since, now):
            yield messages.page(answer, talk, self._me)

    def _look_up_message(self, reference: Reference, now: datetime) -> Found:
        since = reference.created_at or now
        try:
            return messages.look_up(reference, self._messages_of(reference.thread_id, since, now), self._me)
        except NotFound:  # The conversation was left or closed; the message may be there for the others
            return Found(reference.external_id, Presence.UNKNOWN)

    def _messages_of(self, conversation: str, since: datetime, now: datetime) -> Iterator[Answer]:
        """Read the messages of a conversation, newest first, back to ``since``."""
        asked = {"convoId": conversation, "limit": 100}
        for answer in self._listing("chat.bsky.convo.getMessages", asked, now, CHAT):
            yield answer
            if _all_before(since, answer.get("messages"), "sentAt"):
                return

    def _listing(
        self, method: str, asked: Mapping[str, object], now: datetime, headers: Mapping[str, str] = {}
    ) -> Iterator[Answer]:
        """Yield every answer of a listing. An empty answer is not the end, a missing cursor is."""
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            given = {} if cursor is None else {"cursor": cursor}
            answer = self._service.ask(method, {**asked, **given}, now, headers)
            yield answer
            cursor = transport.next_page("Bluesky", answer.get("cursor"), seen, self._options.max_pages)
            if cursor is None:
                return


def _all_before(since: datetime, listed: object, clock: str) -> bool:
    """Say whether all of a page is older; what has no time says nothing, and an empty page neither."""
    times = [answers.clock_of(each, clock) for each in listed] if isinstance(listed, list) else []
    return bool(times) and all(each is not None and each < since for each in times)


def _with_replies(answer: Answer) -> Iterator[str]:
    for entry in answers.entries(answer, "posts"):
        known = answers.name_of(entry)
        if known is not None and isinstance(entry, Mapping) and entry.get("replyCount"):
            yield known


def _newest(below: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what is worth keeping: by thread, those of the newest threads first."""
    kept: dict[str, list[str]] = {}
    left = REMEMBERED
    for anchor, posts in below.items():
        some = [each for each in dict.fromkeys(posts) if len(each) < 200][:left]
        if some:
            kept[anchor] = some
            left -= len(some)
    return kept


def _remembered(state: State) -> Below:
    """Return the replies to replies that earlier polls saw; what cannot be read is not remembered."""
    kept = state.get("below")
    entries = kept.items() if isinstance(kept, Mapping) else ()
    return {
        str(anchor): tuple(each for each in posts if answers.address(each))
        for anchor, posts in entries
        if isinstance(posts, list)
    }
