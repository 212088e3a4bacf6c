"""X, through tweepy: posts that mention the school, its own posts, and replies in its conversations.

X renamed its fields in 2026 (``referenced_tweets`` became ``referenced_posts`` and so on). Both sets of
words are read, and ``return_type=dict`` keeps tweepy from losing what it does not know.

How far back a poll reads is a time, not the newest id seen: posts surface late and out of order, and a
``since_id`` taken from the newest post would never show them (ids of X are times, see :func:`id_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

import tweepy
from pydantic import BaseModel, ConfigDict, Field

from connectors import transport
from connectors.answers import fields
from connectors.answers import x as answers
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    ConnectorError,
    Identity,
    Missing,
    Page,
    State,
    completed,
    watermark,
)

SDK_HOST = "https://api.twitter.com"
"""The address that tweepy has built in."""

QUERY_LENGTH = 512
"""Characters that X takes in one search query."""

SEARCH_WINDOW = timedelta(days=7) - timedelta(minutes=5)
"""How far back X searches; it refuses an older ``since_id``, so we stay a little inside."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_288_834_974_657)

Answer = Mapping[str, object]
Call = Callable[[str | None], Any]
"""One listing: given the page's token, ``None`` for the first page, it asks tweepy."""


class Options(BaseModel):
    """The settings of an account on X."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    overlap_hours: float = Field(
        default=2, ge=0.1, le=168, description="Hours before the last complete poll that are read again."
    )
    first_poll_days: int = Field(
        default=30, ge=1, le=365, description="Days that the very first poll reads back."
    )
    conversation_days: int = Field(
        default=14,
        ge=1,
        le=90,
        description="Days after one of our posts in which its replies are searched for.",
    )
    vocabulary: Literal["tweet", "post"] = Field(
        default="tweet", description="The field names that X wants to be asked with."
    )
    max_pages: int = Field(default=500, ge=1, description="Pages after which a listing counts as endless.")


def id_at(moment: datetime) -> str:
    """Return the smallest id that X can give to a post made at ``moment``."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return str(max(1, milliseconds << 22))


class Connector:
    """One account on X. Needs a user token with the scopes tweet.read and users.read."""

    platform: ClassVar[str] = "x"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._me = context.identity
        self._client = tweepy.Client(bearer_token=context.token, return_type=dict, wait_on_rate_limit=False)
        session = transport.open_session(context.base_url, SDK_HOST)
        session.hooks["response"].append(_check)
        self._client.session = session

    def capabilities(self) -> Capabilities:
        """Reading works; acts are done by hand on X in this version."""
        unbuilt = "This version reads X and does not write to it yet."
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: None,
            Capability.READ_MESSAGES: Missing(
                "Direct messages are not read yet.", "Look into the account's messages on X every school day."
            ),
            Capability.SEE_OWN_REPLIES: None,
            Capability.REPLY: Missing(
                unbuilt, "Open the item's link and reply there; the next poll recognises the reply."
            ),
            Capability.HIDE: Missing(
                unbuilt, "Open the item's link and choose Hide reply; X offers it under our own posts."
            ),
            Capability.DELETE: Missing(
                "X lets nobody delete another account's post.", "Open the item's link and hide or report it."
            ),
            Capability.BLOCK: Missing(
                "X offers blocking by program to enterprises only.",
                "Open the item's link and block the author there.",
            ),
            Capability.REPORT: Missing(
                "X takes no reports by program.", "Open the item's link and choose Report post."
            ),
        }

    def streams(self) -> tuple[str, ...]:
        """Mentions first (children at risk wait for nobody), then our own posts, then conversations."""
        return ("mentions", "own", "conversations")

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream from its overlap to the end. Costs one request per 100 posts."""
        since = watermark(
            state,
            now,
            timedelta(hours=self._options.overlap_hours),
            timedelta(days=self._options.first_poll_days),
        )
        match stream:
            case "mentions":
                listing = self._listing(self._mentions(since), now)
            case "own":
                listing = self._listing(self._own_posts(since), now)
            case "conversations":
                listing = self._conversations(max(since, now - SEARCH_WINDOW), now)
            case _:
                raise BugOrConfig(f"X has no stream of this name; it has {', '.join(self.streams())}.")
        for answer in listing:
            yield answers.page(answer, self._me)
        yield Page(cursor=completed(now))

    def _mentions(self, since: datetime) -> Call:
        def call(token: str | None) -> Any:
            return self._client.get_users_mentions(
                self._me.external_id,
                since_id=id_at(since),
                max_results=100,
                **self._asking_for(),
                **_given(pagination_token=token),
            )

        return call

    def _own_posts(self, since: datetime) -> Call:
        def call(token: str | None) -> Any:
            return self._client.get_users_tweets(
                self._me.external_id,
                since_id=id_at(since),
                exclude=["retweets"],
                max_results=100,
                **self._asking_for(),
                **_given(pagination_token=token),
            )

        return call

    def _search(self, query: str, since: datetime) -> Call:
        def call(token: str | None) -> Any:
            return self._client.search_recent_tweets(
                query,
                since_id=id_at(since),
                sort_order="recency",
                max_results=100,
                **self._asking_for(),
                **_given(next_token=token),
            )

        return call

    def _conversations(self, since: datetime, now: datetime) -> Iterator[Answer]:
        """Search the conversations under our recent posts for what the mentions do not show.

        Several conversations share one query, and what mentions us or is our own is left out of it,
        because X charges for every post it returns and the other two streams read those.
        """
        begun = now - timedelta(days=self._options.conversation_days)
        roots: dict[str, None] = {}
        for answer in self._listing(self._own_posts(begun), now):
            for post in fields.mappings_in(answer.get("data")):
                root = fields.known_identifier(post, "conversation_id")
                if root is not None and root in (answers.first_id(post), post.get("id")):
                    roots[root] = None
        for query in queries(tuple(roots), self._me):
            yield from self._listing(self._search(query, since), now)

    def _asking_for(self) -> dict[str, object]:
        """Return the fields to ask for: those that we use, no others."""
        shared = ["attachments", "conversation_id", "created_at", "entities"]
        asked: dict[str, object] = {"user_fields": ["name", "username"], "media_fields": ["type"]}
        if self._options.vocabulary == "post":
            expansions = ["author_id", "referenced_posts", "in_reply_to_user_id", "edit_history_post_ids"]
            return {
                **asked,
                "post.fields": [*shared, "note_post"],
                "expansions": [*expansions, "attachments.media_keys"],
            }
        return {
            **asked,
            "tweet_fields": [
                *shared,
                "author_id",
                "edit_history_tweet_ids",
                "in_reply_to_user_id",
                "note_tweet",
                "referenced_tweets",
            ],
            "expansions": ["author_id", "referenced_tweets.id", "attachments.media_keys"],
        }

    def _listing(self, call: Call, now: datetime) -> Iterator[Answer]:
        """Yield every answer of a listing, to its end. An empty answer is not the end, a missing token is."""
        seen: set[str] = set()
        token: str | None = None
        while True:
            answer = self._ask(call, token, now)
            meta = answer.get("meta")
            if not isinstance(meta, Mapping):
                raise BadResponse(
                    "X answered without saying whether the listing ends. The next poll tries again."
                )
            yield answer
            token = transport.next_page("X", meta.get("next_token"), seen, self._options.max_pages)
            if token is None:
                return

    def _ask(self, call: Call, token: str | None, now: datetime) -> Answer:
        def explain(refusal: transport.StatusError) -> ConnectorError:
            return answers.problem(refusal, now, mid_listing=token is not None)

        answer = transport.ask("X", lambda: call(token), explain)
        if "data" not in answer and "meta" not in answer:
            raise answers.problem_without_data(answer)
        return answer


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


def _given(**parameters: str | None) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


def _check(response: Any, *_: object, **__: object) -> None:
    """Judge an answer before tweepy does: its own errors lose the body and stumble over odd headers."""
    transport.json_answer(response, "X")
