"""An Instagram professional account, through Meta's Graph: comments, media that tag it, and its inbox.

Instagram has no list of new comments, so a poll lists the media, and reads again all comments under every
one that is recent or whose number of comments changed. Replies stand under the comment they belong to.

Meta offers two ways, and an app has one of them. Facebook Login: the account belongs to a Page, and the
Page's token reads it on graph.facebook.com. Instagram Login: the account's own token, which lives for 60
days, on graph.instagram.com.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from connectors.answers import fields
from connectors.answers import instagram as answers
from connectors.answers.instagram_memory import Memory
from connectors.answers.instagram_words import capabilities, lacking_without
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Page,
    PermissionMissing,
    Proof,
    State,
    completed,
    unsupported,
    watermark,
)
from connectors.calls.graph import (
    FACEBOOK_HOST,
    INSTAGRAM_HOST,
    REFUSALS,
    Client,
    Graph,
    Refusals,
    Speaking,
    was_shown,
)
from connectors.calls.instagram_acts import Acts
from connectors.calls.instagram_lookup import Lookup
from connectors.calls.instagram_reader import Reader
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, Done
from moderation.items import Found, Reference, Rejected

EDGES = {"comments": "media", "stories": "stories", "live": "live_media"}
"""The streams of comments, and where Instagram lists the media of each; stories go after a day."""

_NOT_FOR_ALL = frozenset({"stories", "live", "mentions"})
"""Streams that Instagram does not offer every account, whatever permissions its token has."""

_NOT_OFFERED = "{stream}: Instagram does not let this token read them, so no program watches them; look there"
_NOT_SHOWN = "comments: Instagram lists this media and does not show the comments under it"

_PERMISSIONS = {
    "facebook": Speaking(
        "Instagram",
        "Make a token of the account's Page with instagram_basic, instagram_manage_comments, "
        "instagram_manage_messages, pages_show_list and pages_read_engagement.",
    ),
    "instagram": Speaking(
        "Instagram",
        "Make a token with instagram_business_basic, instagram_business_manage_comments and "
        "instagram_business_manage_messages.",
    ),
}
Answer = Mapping[str, object]


class Options(ReadingOptions):
    """The settings of an Instagram account."""

    login: Literal["facebook", "instagram"] = Field(
        default="facebook",
        description="How the app signs in: with Facebook Login (the token is that of the account's Page) or "
        "with Instagram Login (the token is the account's own).",
    )
    api_version: str = Field(
        default="26.0", pattern=r"^\d{1,3}\.\d{1,2}$", description="The version of Meta's Graph to speak."
    )
    overlap_hours: float = Field(
        default=48,
        ge=0.1,
        le=720,
        description="Media and conversations of these hours before the last complete poll are read again.",
    )
    first_poll_days: int = Field(
        default=30, ge=1, le=365, description="The very first poll reads media and messages this recent."
    )
    post_days: int = Field(
        default=365, ge=1, description="Age of media, in days, up to which new comments on it are noticed."
    )


class Connector:
    """One professional account. Its token is proved once for each connector."""

    platform: ClassVar[str] = "instagram"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._id = context.identity.external_id
        self.meter = Meter()
        self._by_page = options.login == "facebook"
        host = FACEBOOK_HOST if self._by_page else INSTAGRAM_HOST
        self._token = graph = Graph(
            context.token, options.api_version, context.base_url, host=host, meter=self.meter
        )
        self._graph = Client(graph, _PERMISSIONS[options.login], options.max_pages, self.meter)
        self._proved: answers.School | None = None

    def capabilities(self) -> Capabilities:
        """Comments work, mentions and messages in part; the rest is done by hand."""
        return capabilities(by_page=self._by_page)

    def streams(self) -> tuple[str, ...]:
        """Name the comments under each sort of media, then media that tag the school, then its inbox."""
        return (*EDGES, "mentions", "messages")

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Reading Instagram costs nothing."""
        return Decimal(0)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream: 1. prove whose token it is, 2. list, 3. read what may be new.

        A stream that Instagram does not offer every account, and never showed of this one, is no failure: a
        row says so once. When it was shown before, the refusal is raised.
        """
        self._check_stream(stream)
        self._school(now)
        try:
            yield from self._poll(stream, state, now)
        except REFUSALS:
            if stream not in _NOT_FOR_ALL or was_shown(state):
                raise
            yield Page(rejected=(Rejected(None, _NOT_OFFERED.format(stream=stream)),))

    def _poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        since = watermark(
            state,
            now,
            timedelta(hours=self._options.overlap_hours),
            timedelta(days=self._options.first_poll_days),
        )
        if stream in EDGES:
            yield from self._poll_comments(EDGES[stream], state, since, now)
            return
        if stream == "mentions":
            yield from self._reader(now).mentions()
        else:
            last = watermark(state, now, timedelta(0), timedelta(0))
            yield from self._reader(now).messages(since, last if last < now else None)
        yield Page(cursor=completed(now))

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back."""
        return self._options.sweep_days

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read all comments under all media that have any, all tags, and all conversations since ``since``.

        A reply may be new under an old comment of old media, so nothing of these is left out for its age.
        """
        self._check_stream(stream)
        self._school(now)
        try:
            yield from self._sweep(stream, since, now)
        except REFUSALS:
            if stream not in _NOT_FOR_ALL:
                raise  # of the others the polls tell

    def _sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        reader = self._reader(now)
        if stream == "mentions":
            yield from reader.mentions()
        elif stream == "messages":
            yield from reader.messages(since, None)
        else:
            refused = Refusals(_NOT_SHOWN)
            for listing in reader.media(EDGES[stream], now - timedelta(days=self._options.post_days)):
                yield reader.posts(listing)
                for entry in fields.mappings_in(listing):
                    media = answers.media_of(entry)
                    if media and (answers.made_since(entry, since) or answers.mark(entry) != 0):
                        yield from reader.comments(media, refused)
            refused.check()

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say where each item is. Gone is only what Instagram leaves out of a list that it does show."""
        lookup = Lookup(self._graph, self._school(now), now)
        return [lookup.where(reference) for reference in references]

    def act(self, action: Action, now: datetime) -> Done:
        """Do it once and read it back. Answers to replies stand under the comment above: that is remarked."""
        done = None
        if self._offers(action):
            done = Acts(self._graph, self._school(now)).do(action, now)
        if done is None:
            raise unsupported(action, self.capabilities())
        return done

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Look whether an act whose answer was lost was done. A block is shown nowhere."""
        return Acts(self._graph, self._school(now)).verify(action, now) if self._offers(action) else None

    def prove(self, now: datetime) -> Proof:
        """Make sure that the token opens this account. Only a Page's token tells its end and scopes."""
        self._proved = None
        self._school(now)
        if not self._by_page:
            return Proof()
        facts = self._graph.debug_token(now)
        return Proof(facts.expires_at, facts.scopes, lacking_without(facts.scopes))

    def _check_stream(self, stream: str) -> None:
        if stream not in self.streams():
            raise BugOrConfig(f"Instagram has no stream of this name; it has {', '.join(self.streams())}.")

    def _offers(self, action: Action) -> bool:
        missing = self.capabilities()[Capability(str(action.kind))]
        return missing is None or missing.partly

    def _school(self, now: datetime) -> answers.School:
        """Return the account that the token opens, which has to be the one in the settings."""
        if self._proved is None:
            self._proved = self._ask_for_page(now) if self._by_page else self._ask_for_account(now)
        return self._proved

    def _ask_for_page(self, now: datetime) -> answers.School:
        try:
            page = self._graph.get("me", {"fields": "id,instagram_business_account{id,username}"}, now)
        except BugOrConfig:
            if not self._token.headers:
                raise  # nothing was sent
            problem = PermissionMissing(
                "The token is not that of a Page. Put the token of the Instagram account's Page (not a "
                "person's) in the token file, or set login = \"instagram\" if it is Instagram's own."
            )
        else:
            return self._own(fields.known_identifier(page), page.get("instagram_business_account"), "id")
        raise problem

    def _ask_for_account(self, now: datetime) -> answers.School:
        account = self._graph.get("me", {"fields": "user_id,username"}, now)
        return self._own(fields.known_identifier(account, "user_id"), account, "user_id")

    def _own(self, inbox: str | None, account: object, named: str) -> answers.School:
        if inbox is None:
            raise BadResponse("Instagram did not say whose token this is. The next poll tries again.")
        if fields.known_identifier(account, named) != self._id or not isinstance(account, Mapping):
            raise PermissionMissing(
                "The token does not open this Instagram account. See that it is a professional account, "
                "that the token's Page is connected with it and the token has instagram_basic, and that the "
                "id in the settings is right."
            )
        username = account.get("username")
        return answers.School(self._id, username if isinstance(username, str) else "", inbox)

    def _reader(self, now: datetime) -> Reader:
        return Reader(self._graph, self._school(now), now)

    def _poll_comments(self, edge: str, state: State, since: datetime, now: datetime) -> Iterator[Page]:
        reader = self._reader(now)
        memory, refused = Memory(state), Refusals(_NOT_SHOWN, is_shown=was_shown(state))
        for listing in reader.media(edge, now - timedelta(days=self._options.post_days)):
            yield reader.posts(listing)
            for media in memory.to_read(listing, since):
                for page in reader.comments(media, refused):
                    memory.saw(page)
                    yield page
        refused.check()
        for comment in memory.unlisted():
            page = reader.alone(comment)
            memory.saw(page)
            yield page
        yield Page(cursor=completed(now, shown=refused.is_shown, **memory.state()))
