"""A Facebook Page with Messenger, through facebook-sdk: posts, comments, mentions, reviews and messages.

Graph has no list of new comments, so a poll lists the posts, and reads again the comments of every post
that is recent or whose time or number of comments changed. Photos and videos are listed too, because each
photo of an album has comments of its own that no post shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import ClassVar

from pydantic import Field

from connectors.answers import facebook as answers
from connectors.answers import fields
from connectors.answers.facebook_words import CAPABILITIES, lacking_without
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capabilities,
    ConnectorContext,
    NotFound,
    Page,
    PermissionMissing,
    Proof,
    State,
    completed,
    unsupported,
    watermark,
)
from connectors.calls.facebook_acts import Acts
from connectors.calls.facebook_inbox import Inbox
from connectors.calls.facebook_lookup import COMMENT_FIELDS, COUNT, POST_FIELDS, REVIEW_FIELDS, Lookup
from connectors.calls.graph import REFUSALS, Client, Graph, Refusals, Speaking, was_shown
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, ActionKind, Done
from moderation.items import Found, Reference, Rejected

_SPEAKING = Speaking(
    "Facebook",
    "Make a Page token with pages_read_engagement and pages_read_user_content, with pages_manage_engagement "
    "to act, and with pages_messaging for messages.",
)
_REVIEWS, _MESSAGES = "reviews", "messages"


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where Graph lists things with comments under them. ``asked`` are its own parameters."""

    name: str
    fields: str = f"{POST_FIELDS},{COUNT}"
    asked: Mapping[str, object] = field(default_factory=dict)


EDGES = {
    "page_posts": _Edge("published_posts"),
    "visitor_posts": _Edge("feed", asked={"include_hidden": True}),
    "tagged": _Edge("tagged"),
    "photos": _Edge("photos", f"id,created_time,updated_time,{COUNT}", {"type": "uploaded"}),
    "videos": _Edge("videos", f"id,created_time,updated_time,{COUNT}", {"type": "uploaded"}),
    "ads_posts": _Edge("ads_posts", asked={"include_inline_create": True}),
}
"""The streams of what has comments. The feed has both kinds of post; of it we take the visitors'."""


_NOT_FOR_ALL = frozenset({"tagged", "photos", "videos", _REVIEWS})
"""Streams that Facebook does not offer for every Page, whatever permissions its token has."""

_NOT_OFFERED = (
    "{stream}: Facebook does not let this Page's token read them, so no program watches them; look at them "
    "on the Page"
)
_NOT_SHOWN = "comments: Facebook lists this post and does not show the comments under it"


class Options(ReadingOptions):
    """The settings of a Facebook Page."""

    api_version: str = Field(
        default="26.0", pattern=r"^\d{1,3}\.\d{1,2}$", description="The version of Facebook's Graph to speak."
    )
    overlap_hours: float = Field(
        default=48,
        ge=0.1,
        le=720,
        description="What moved within these hours before the last complete poll is read again.",
    )
    first_poll_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="The very first poll reads the comments of posts this recent; comments under reviews are "
        "read for as long.",
    )
    post_days: int = Field(
        default=365, ge=1, description="Age of a post, in days, up to which new comments on it are noticed."
    )
    ads: bool = Field(
        default=False,
        description="Read the comments on advertisements too; the token then needs a permission for ads.",
    )
    conversations_updated_after: bool = Field(
        default=False,
        description="Ask Facebook for the conversations that moved only, which version 26 offers unproven.",
    )
    human_agent: bool = Field(
        default=False,
        description="Facebook allows this app the human agent tag: messages can be answered for 7 days, not "
        "24 hours.",
    )


class Connector:
    """One Page. Needs the Page's own token; what permission each capability takes is in ``SCOPES``."""

    platform: ClassVar[str] = "facebook"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._page = context.identity.external_id
        self.meter = Meter()
        graph = Graph(context.token, options.api_version, context.base_url, meter=self.meter)
        self._client = Client(graph, _SPEAKING, options.max_pages, self.meter)
        self._inbox = Inbox(self._client, self._page, updated_after=options.conversations_updated_after)
        self._is_proven = False

    def capabilities(self) -> Capabilities:
        """Everything works but reports; what works for a part of the kinds only is said."""
        return CAPABILITIES

    def streams(self) -> tuple[str, ...]:
        """Name the streams: what everybody can read first, messages last."""
        public = tuple(name for name in EDGES if name != "ads_posts" or self._options.ads)
        return (*public, _REVIEWS, _MESSAGES)

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back."""
        return self._options.sweep_days

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return nothing: Facebook charges nothing for reading."""
        return Decimal(0)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream: 1. prove whose token it is, 2. list, 3. read comments that may be new.

        A stream that Facebook does not offer for every Page, and never showed of this one, is no failure: a
        row says so once. When it was shown before, the refusal is raised.
        """
        self._check(stream)
        self._prove_page(now)
        try:
            yield from self._poll(stream, state, now)
        except REFUSALS:
            if stream not in _NOT_FOR_ALL or was_shown(state):
                raise
            yield Page(rejected=(Rejected(None, _NOT_OFFERED.format(stream=stream)),))

    def _poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        overlap = timedelta(hours=self._options.overlap_hours)
        first = timedelta(days=self._options.first_poll_days)
        if stream == _MESSAGES:
            yield from self._inbox.poll(state, now, overlap, first)
        elif stream == _REVIEWS:
            yield from self._reviews(now - first, now)
            yield Page(cursor=completed(now))
        else:
            known = state.get("posts")
            known = known if isinstance(known, Mapping) else None
            marks: dict[str, list[object]] = {}
            refused = Refusals(_NOT_SHOWN, is_shown=stream == "tagged" or was_shown(state))
            since = watermark(state, now, overlap, first)
            yield from self._posts(stream, since, known, marks, refused, now)
            yield Page(cursor=completed(now, posts=marks, shown=refused.is_shown))

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read again the comments of every post that is as young as on a first poll, or moved ``since``.

        Reviews are read with the comments under them, conversations as far as Facebook still tells them. What
        Facebook does not offer for every Page is left out where it is refused: the polls tell of that.
        """
        self._check(stream)
        self._prove_page(now)
        try:
            yield from self._sweep(stream, since, now)
        except REFUSALS:
            if stream not in _NOT_FOR_ALL:
                raise

    def _sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        recent = min(since, now - timedelta(days=self._options.first_poll_days))
        if stream == _MESSAGES:
            yield from self._inbox.sweep(since, now)
        elif stream == _REVIEWS:
            yield from self._reviews(recent, now)
        else:
            yield from self._posts(stream, recent, None, {}, Refusals(_NOT_SHOWN), now)

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say where each item is. Gone is only what Facebook leaves out of a list that it does show."""
        self._prove_page(now)
        lookup = Lookup(self._client, self._page, now, references)
        return [lookup.where(reference) for reference in references]

    def act(self, action: Action, now: datetime) -> Done:
        """Reply, hide, delete or block once, and read back what came of it."""
        if action.kind is ActionKind.REPORT:
            raise unsupported(action, self.capabilities())  # before anything is asked of Facebook
        return self._acts(now).act(action)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Look whether an action whose answer was lost was done. Blocks of message senders do not show."""
        return self._acts(now).verify(action)

    def _acts(self, now: datetime) -> Acts:
        self._prove_page(now)
        return Acts(
            self._client,
            self._page,
            self.capabilities(),
            now,
            may_use_human_agent=self._options.human_agent,
        )

    def prove(self, now: datetime) -> Proof:
        """Make sure that the token is the Page's own and that the Page is there for everybody.

        ``debug_token`` tells when it ends and what it may do. Where Facebook refuses that, both are unknown.
        """
        self._prove_page(now)
        page = self._client.get(self._page, {"fields": "id,is_published"}, now)
        if page.get("is_published") is False:
            raise NotFound(
                "The Page is not published: nobody sees it, and Facebook shows no comments. Publish it, or "
                "take the account out of the settings."
            )
        facts = self._client.debug_token(now)
        return Proof(facts.expires_at, facts.scopes, lacking_without(facts.scopes))

    def _check(self, stream: str) -> None:
        if stream not in (*EDGES, _REVIEWS, _MESSAGES):
            known = ", ".join(self.streams())
            raise BugOrConfig(f"Facebook has no stream of this name; it has {known}.")

    def _prove_page(self, now: datetime) -> None:
        """Make sure, once, that the token is the Page's own: with a person's, Graph just lists nothing."""
        if self._is_proven:
            return
        owner = fields.known_identifier(self._client.get("me", {"fields": "id"}, now))
        if owner is None:
            raise BadResponse("Facebook did not say whose token this is. The next poll tries again.")
        if owner != self._page:
            raise PermissionMissing(
                "The token is not the Page's own, so Facebook would show no comments. Put the Page access "
                "token (not a person's) in the account's token file, and see that the Page id in the "
                "settings is right."
            )
        self._is_proven = True

    def _posts(
        self,
        stream: str,
        since: datetime,
        known: Mapping[str, object] | None,
        marks: dict[str, list[object]],
        refused: Refusals,
        now: datetime,
    ) -> Iterator[Page]:
        """Yield posts and the comments that may be new; note in ``marks`` how each post stands."""
        for listing in self._listed(stream, now):
            posts = [post for post in listing if self._belongs(stream, post)]
            yield self._items(stream, posts)
            for post in fields.mappings_in(posts):
                post_id = fields.known_identifier(post)
                if post_id is None:
                    continue  # it waits for a person already
                mark = answers.mark(post)
                if answers.moved_since(post, since) or (known is not None and known.get(post_id) != mark):
                    try:
                        yield from self._comments(stream, post_id, now)
                    except REFUSALS as error:
                        yield refused.one(answers.own_part(post_id), error)
                        continue  # without a mark, so that the next poll asks again
                    refused.shown()
                marks[post_id] = mark
        refused.check()

    def _listed(self, stream: str, now: datetime) -> Iterator[list[object]]:
        """Yield the posts, newest first, until all of an answer's are older than we look."""
        edge = EDGES[stream]
        horizon = now - timedelta(days=self._options.post_days)
        asked = {"fields": edge.fields, "limit": 100, **edge.asked}
        for posts in self._client.listing(self._page, edge.name, asked, now):
            yield posts
            if posts and not any(answers.moved_since(post, horizon) for post in posts):
                return

    def _belongs(self, stream: str, post: object) -> bool:
        """Say whether a post is this stream's: visitors' posts among the feed, posts elsewhere among tags."""
        if stream == "visitor_posts":
            return answers.author_id(post) != self._page
        name = fields.known_identifier(post) or ""
        return stream != "tagged" or not answers.is_on_page(name, self._page)

    def _items(self, stream: str, posts: list[object]) -> Page:
        match stream:
            case "photos" | "videos":
                return Page()  # they are posts already; only the comments under them are new
            case "tagged":
                read = partial(answers.mention, page=self._page)
                return Page(*fields.sort_out(posts, read))
            case _:
                by_page = stream != "visitor_posts"
                reading = partial(answers.post, page=self._page, by_page=by_page)
                return Page(*fields.sort_out(posts, reading, answers.id_of_broken))

    def _comments(self, stream: str, post_id: str, now: datetime) -> Iterator[Page]:
        """Yield all comments under a post, at every level; elsewhere only our own, and only if shown."""
        elsewhere = stream == "tagged"
        name = post_id if elsewhere or stream == _REVIEWS else answers.own_part(post_id)
        threads: dict[str, str] = {}
        of_others = stream in ("visitor_posts", "tagged", _REVIEWS)
        read = partial(answers.comment, page=self._page, post_id=name, threads=threads, of_others=of_others)
        asked = {
            "filter": "stream",
            "order": "chronological",
            "live_filter": "no_filter",
            "fields": COMMENT_FIELDS,
            "limit": 100,
        }
        try:
            for comments in self._client.listing(post_id, "comments", asked, now):
                shown = [each for each in comments if not elsewhere or answers.author_id(each) == self._page]
                yield Page(*fields.sort_out(shown, read, answers.id_of_broken))
        except (NotFound, PermissionMissing):
            if not elsewhere:
                raise

    def _reviews(self, recent: datetime, now: datetime) -> Iterator[Page]:
        """Yield every review, and the comments under those that are recent."""
        read = partial(answers.review, page=self._page)
        asked = {"fields": REVIEW_FIELDS, "limit": 50}
        for reviews in self._client.listing(self._page, "ratings", asked, now):
            items, rejected = fields.sort_out(reviews, read, answers.id_of_broken_review)
            yield Page(items, rejected)
            for review in items:
                if review.created_at is None or review.created_at >= recent:
                    try:
                        yield from self._comments(_REVIEWS, review.external_id, now)
                    except REFUSALS as error:
                        yield Refusals(_NOT_SHOWN).one(review.external_id, error)
