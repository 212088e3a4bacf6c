"""X, through tweepy: mentions, our own posts, their conversations and quotes, and direct messages.

X renamed its fields in 2026 (``referenced_tweets`` became ``referenced_posts`` and so on). Both sets of
words are read, and a setting chooses which are asked for.

How far back a poll reads is a time, not the newest id seen: posts surface late and out of order, and a
``since_id`` taken from the newest post would never show them (ids of X are times).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from connectors.answers import fields, x_lookup, x_messages, x_prices
from connectors.answers import x as answers
from connectors.answers.x_meter import Bill
from connectors.base import (
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Missing,
    NotFound,
    Page,
    PermissionMissing,
    Proof,
    RateLimited,
    State,
    completed,
    found,
    watermark,
)
from connectors.calls.x_acts import Acts
from connectors.calls.x_client import Answer, Client, read_token
from connectors.calls.x_reading import STREAMS, Limits, Reader, Span
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, Done
from moderation.items import Found, ItemKind, Presence, Reference

MESSAGES_LOOKED_UP = 10
"""Messages that are looked up together; X takes 15 such requests in a quarter of an hour."""

_FIRST = timedelta(days=36_500)

_NEEDS = {
    Capability.READ_COMMENTS: "tweet.read",
    Capability.READ_MENTIONS: "tweet.read",
    Capability.READ_MESSAGES: "dm.read",
    Capability.REPLY: "tweet.write",
    Capability.HIDE: "tweet.moderate.write",
    Capability.UNHIDE: "tweet.moderate.write",
    Capability.DELETE: "tweet.write",
    Capability.BLOCK: "dm.write",
    Capability.UNBLOCK: "dm.write",
}
"""The scope of the token that a capability needs."""


def _price(default: str, description: str) -> Decimal:
    price: Decimal = Field(default=Decimal(default), ge=0, le=10, description=description)
    return price


class Options(ReadingOptions):
    """The settings of an account on X. Prices are US dollars, as X's developer console shows them."""

    sweep_days: int = Field(
        default=7, ge=1, le=7, description="Days that the daily sweep reads again; X searches no further."
    )
    conversation_days: int = Field(
        default=14,
        ge=1,
        le=90,
        description="Days after one of our posts in which its replies and quotes are searched for.",
    )
    vocabulary: Literal["tweet", "post"] = Field(
        default="tweet", description="The field names that X wants to be asked with."
    )
    owns_app: bool = Field(
        default=False,
        description="The account also owns the developer app; X then charges less for its own timelines.",
    )
    price_owned: Decimal = _price("0.001", "Dollars for a mention or an own post where owns_app is true.")
    price_post: Decimal = _price("0.005", "Dollars for any other post read.")
    price_message: Decimal = _price("0.010", "Dollars for a direct message read.")
    price_user: Decimal = _price("0.010", "Dollars for reading our own profile to prove the token.")
    price_reply: Decimal = _price("0.010", "Dollars for a reply to somebody who named us.")
    price_link_reply: Decimal = _price("0.200", "Dollars for a reply with a link in it.")
    price_sent_message: Decimal = _price("0.015", "Dollars for a direct message sent.")
    price_act: Decimal = _price("0.015", "Dollars for hiding, deleting or blocking once.")


class Connector:
    """One account on X. Needs a user token with the scopes tweet.read, users.read and dm.read."""

    platform: ClassVar[str] = "x"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._me = context.identity
        self.meter = Meter()
        token, self._expires_at, self._scopes = read_token(context.token)
        self._client = Client(context, token, self.meter, options.vocabulary)
        self._bill = Bill(self.meter)
        self._prices = x_prices.Prices(
            timeline=options.price_owned if options.owns_app else options.price_post,
            post=options.price_post,
            message=options.price_message,
            user=options.price_user,
            reply=options.price_reply,
            link=options.price_link_reply,
            sent_message=options.price_sent_message,
            act=options.price_act,
        )
        self._acts = Acts(self._client, self._me, self._bill, self._prices, self._scopes)
        limits = Limits(options.max_pages, options.conversation_days)
        self._reader = Reader(self._client, self._me, self._bill, self._prices, limits)

    def capabilities(self) -> Capabilities:
        """Reading works; of writing, X keeps parts for itself."""
        by_link = "Open the item's link"
        only_under_ours = Missing(
            "X hides and shows again only replies in conversations that our own posts began.",
            f"{by_link} and mute or report it there.",
            partly=True,
        )
        only_messages = Missing(
            "X lets programs of schools block and unblock direct messages only, not accounts.",
            f"{by_link}, then the author's profile, and block or unblock the author there.",
            partly=True,
        )
        return {
            Capability.READ_COMMENTS: Missing(
                "Replies that do not name the school are found only under its posts of the last "
                f"{self._options.conversation_days} days, and protected accounts show theirs to nobody else.",
                "Look through the replies to older posts on X where one draws attention again.",
                partly=True,
            ),
            Capability.READ_MENTIONS: None,
            Capability.READ_MESSAGES: Missing(
                "X's encrypted chats cannot be read by program; the other direct messages are read.",
                "Look into the account's encrypted chats on X every school day.",
                partly=True,
            ),
            Capability.READ_REVIEWS: Missing("X has no reviews.", "Nothing needs to be done."),
            Capability.SEE_OWN_REPLIES: None,
            Capability.SEE_EDITS: None,
            Capability.SEE_DELETIONS: Missing(
                "X says that a post was deleted, but not that a direct message was.",
                "Look at the conversation on X before you speak of a message that may be gone.",
                partly=True,
            ),
            Capability.REPLY: Missing(
                "X takes replies by program only where the author names or quotes the school.",
                f"{by_link} and reply there; the next poll recognises the reply.",
                partly=True,
            ),
            Capability.HIDE: only_under_ours,
            Capability.UNHIDE: only_under_ours,
            Capability.DELETE: Missing(
                "X lets nobody delete another account's post; the school's own posts can be deleted.",
                f"{by_link} and hide or report it.",
                partly=True,
            ),
            Capability.BLOCK: only_messages,
            Capability.UNBLOCK: only_messages,
            Capability.REPORT: Missing(
                "X takes no reports by program.", f"{by_link} and choose Report post."
            ),
        }

    def streams(self) -> tuple[str, ...]:
        """Mentions first (children at risk wait for nobody), then what is ours, messages last."""
        return STREAMS

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back, at most the seven that X searches."""
        return self._options.sweep_days

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return what a month of reading will cost in US dollars, when so many items come in a day."""
        habits = x_prices.Habits(
            overlap=min(Decimal(1), Decimal(str(self._options.overlap_hours)) / 24),
            sweep=self._options.sweep_days,
            conversation=self._options.conversation_days,
        )
        return x_prices.monthly(items_per_day, self._prices, habits)

    # Reading

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream from its overlap to the end. Costs one request per 100 posts, and the posts."""
        overlap = timedelta(hours=self._options.overlap_hours)
        since = watermark(state, now, overlap, timedelta(days=self._options.first_poll_days))
        last = watermark(state, now, timedelta(), _FIRST)
        kept = yield from self._reader.read(
            stream, Span(since, now, last if last > now - _FIRST else None, state=state)
        )
        yield Page(cursor=completed(now, **kept))

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read one stream again by other ways: by time instead of by id, and mentions by search too."""
        yield from self._reader.read(stream, Span(since, now, thorough=True))

    # Single items

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say of each item where it is. X never says which replies are hidden, nor that a message is gone."""

        def ask(ids: Sequence[str]) -> Answer:
            answer = self._client.posts(ids, now)
            self._bill.read(answers.ids(answer), self._prices.post, now)
            return answer

        messages = [each for each in references if each.kind is ItemKind.MESSAGE]
        posts = [each for each in references if each.kind is not ItemKind.MESSAGE]
        told = dict(zip(posts, x_lookup.posts_found(posts, ask, self._me), strict=True))
        told |= self._messages_found(messages[:MESSAGES_LOOKED_UP], now)
        return [told.get(each) or Found(each.external_id, Presence.UNKNOWN) for each in references]

    def _messages_found(self, references: Sequence[Reference], now: datetime) -> dict[Reference, Found]:
        told: dict[Reference, Found] = {}
        for reference in references:
            try:
                answer = self._client.message(reference.external_id, now)
            except (NotFound, PermissionMissing):
                continue  # Deleted, older than X shows, or moved to encrypted chat: X does not say which
            except RateLimited:
                break
            self._bill.read([reference.external_id], self._prices.message, now)
            for item in x_messages.page_of_one(answer, self._me):
                told[reference] = found(reference, item)
        return told

    def act(self, action: Action, now: datetime) -> Done:
        """Do it once, and read back what X shows of it."""
        return self._acts.act(action, now, self.capabilities())

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Look for a reply with the same words, or for a deleted post. X shows nobody what is hidden."""
        return self._acts.verify(action, now)

    def prove(self, now: datetime) -> Proof:
        """Ask X whose token this is; one of the app alone is refused there."""
        answer = self._client.me(now)
        self._bill.read([self._me.external_id], self._prices.user, now)
        if fields.known_identifier(answer.get("data")) != self._me.external_id:
            raise BugOrConfig(
                "The token belongs to another account on X than the one in the settings. Sign in on X as "
                "the school's account, connect it again, or put the right external_id in the settings."
            )
        scopes = self._scopes
        lacking = () if scopes is None else tuple(each for each, need in _NEEDS.items() if need not in scopes)
        return Proof(expires_at=self._expires_at, scopes=scopes, lacking=lacking)
