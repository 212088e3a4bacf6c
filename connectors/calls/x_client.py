"""Asking X through tweepy: every request of ours in one place, in either of X's vocabularies.

``return_type=dict`` keeps tweepy from losing what it does not know, and the session judges answers before
tweepy does. A method here makes one request, or returns the call that :meth:`Client.listing` repeats.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import requests
import tweepy

from connectors import sessions, transport
from connectors.answers import x_errors, x_meter
from connectors.base import BadResponse, BugOrConfig, ConnectorContext, ConnectorError
from connectors.meter import Meter

SDK_HOST = "https://api.twitter.com"
"""The address that tweepy has built in."""

Answer = Mapping[str, object]
Call = Callable[[str | None], Any]
"""One listing: given the page's token, ``None`` for the first page, it asks tweepy."""

Bound = Mapping[str, object]
"""Where a listing ends: made by :func:`by_id` or :func:`by_time`."""

_ON_THE_WIRE = {
    "user_fields": "user.fields",
    "media_fields": "media.fields",
    "dm_event_fields": "dm_event.fields",
}
"""What tweepy calls parameters, and X; only needed where tweepy has no method."""

Explain = Callable[[transport.StatusError], ConnectorError]


def by_id(since: datetime) -> Bound:
    """Read from a time on, said as an id: ids of X are times."""
    return {"since_id": x_meter.id_at(since)}


def by_time(since: datetime) -> Bound:
    """Read from a time on, said as one. X finds these posts another way, so it proves the other."""
    return {"start_time": since}


def read_token(text: str) -> tuple[str, datetime | None, tuple[str, ...] | None]:
    """Return the access token, when it dies for good, and its scopes: ``None`` where nobody knows.

    ``text`` is a bare token or the JSON of the sign-in. With a refresh token the access token is renewed
    every two hours, and its own end says nothing. Raises :class:`BugOrConfig` for JSON without a token.
    """
    if not text.lstrip().startswith("{"):
        return text, None, None
    try:
        said = json.loads(text)
        token, ends, scope = said["access_token"], said.get("expires_at"), said.get("scope")
    except (ValueError, KeyError, RecursionError):
        token, ends, scope = None, None, None
        said = {}
    if not isinstance(token, str) or not token:
        raise BugOrConfig("The account's token cannot be read. Connect the account again.")
    scopes = tuple(scope.split()) if isinstance(scope, str) and scope.strip() else None
    return token, None if said.get("refresh_token") else _moment(ends), scopes


def _moment(value: object) -> datetime | None:
    """Read a time that is written as Unix seconds or as text with an offset."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        return read.astimezone(UTC) if read is not None and read.tzinfo is not None else None
    except (ValueError, OverflowError, OSError):
        return None


class Client:
    """tweepy's client for one account, with an OAuth 2.0 user token."""

    def __init__(
        self, context: ConnectorContext, token: str, meter: Meter, vocabulary: Literal["tweet", "post"]
    ) -> None:
        self._id = context.identity.external_id
        self._vocabulary = vocabulary
        self._tweepy = tweepy.Client(bearer_token=token, return_type=dict, wait_on_rate_limit=False)
        session = sessions.open_session(context.base_url, SDK_HOST, meter)
        session.hooks["response"] += [_noting(meter), _check]
        self._tweepy.session = session

    # Listings

    def mentions(self, bound: Bound) -> Call:
        """List what names us, newest first, at most 800."""
        return lambda token: self._tweepy.get_users_mentions(
            self._id, max_results=100, **bound, **self._of_posts(), **_given(pagination_token=token)
        )

    def own_posts(self, bound: Bound) -> Call:
        """List what we wrote, replies too, newest first."""
        return lambda token: self._tweepy.get_users_tweets(
            self._id,
            exclude=["retweets"],
            max_results=100,
            **bound,
            **self._of_posts(),
            **_given(pagination_token=token),
        )

    def roots(self, bound: Bound) -> Call:
        """List the posts with which we began conversations, and how often they were quoted."""
        return lambda token: self._tweepy.get_users_tweets(
            self._id,
            exclude=["retweets", "replies"],
            max_results=100,
            **bound,
            **self._of_posts("public_metrics"),
            **_given(pagination_token=token),
        )

    def search(self, query: str, bound: Bound) -> Call:
        """Search the last seven days."""
        return lambda token: self._tweepy.search_recent_tweets(
            query,
            sort_order="recency",
            max_results=100,
            **bound,
            **self._of_posts(),
            **_given(next_token=token),
        )

    def quotes(self, post_id: str) -> Call:
        """List what quotes a post; X has no lower bound for it."""
        return lambda token: self._tweepy.get_quote_tweets(
            post_id, max_results=100, **self._of_posts(), **_given(pagination_token=token)
        )

    def messages(self, conversation: str | None = None, together: int = 100) -> Call:
        """List the direct messages of the last 30 days, of one conversation or all, newest first.

        ``together`` on a page: X has no lower bound here and charges for the whole of the last page.
        """
        return lambda token: self._tweepy.get_direct_message_events(
            dm_conversation_id=conversation,
            event_types=["MessageCreate"],
            max_results=together,
            user_auth=False,
            **self._of_messages(),
            **_given(pagination_token=token),
        )

    def listing(self, call: Call, now: datetime, most: int) -> Iterator[Answer]:
        """Yield every answer of a listing, to its end. An empty answer is not the end, a missing token is.

        Raises :class:`BadResponse` when it runs in a circle or over more than ``most`` pages.
        """
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
            token = transport.next_page("X", meta.get("next_token"), seen, most)
            if token is None:
                return

    def _ask(self, call: Call, token: str | None, now: datetime) -> Answer:
        def explain(refusal: transport.StatusError) -> ConnectorError:
            return x_errors.problem(refusal, now, mid_listing=token is not None)

        answer = transport.ask("X", lambda: call(token), explain)
        if "data" not in answer and "meta" not in answer:
            raise x_errors.problem_without_data(answer)
        return answer

    # Single things

    def posts(self, ids: Sequence[str], now: datetime) -> Answer:
        """Ask for up to 100 posts by their ids. The answer says of each that is not there why not."""

        def explain(refusal: transport.StatusError) -> ConnectorError:
            return x_errors.problem(refusal, now)

        answer = transport.ask("X", lambda: self._tweepy.get_tweets(list(ids), **self._of_posts()), explain)
        if not isinstance(answer.get("data"), list) and not isinstance(answer.get("errors"), list):
            raise x_errors.problem_without_data(answer)
        return answer

    def message(self, event_id: str, now: datetime) -> Answer:
        """Ask for one direct message. Raises :class:`NotFound` when X does not show it."""
        asked = self._of_messages().items()
        wanted = {_ON_THE_WIRE.get(name, name): ",".join(values) for name, values in asked}
        return self._ask(
            lambda _: self._tweepy.request("GET", f"/2/dm_events/{event_id}", params=wanted).json(), None, now
        )

    def me(self, now: datetime) -> Answer:
        """Ask whose token this is."""
        return self._ask(lambda _: self._tweepy.get_me(user_auth=False), None, now)

    # Changing something

    def reply(self, post_id: str, words: str, explain: Explain) -> Answer:
        """Reply to a post."""
        return transport.write(
            "X",
            lambda: self._tweepy.create_tweet(text=words, in_reply_to_tweet_id=post_id, user_auth=False),
            explain,
        )

    def send(self, conversation: str, words: str, explain: Explain) -> Answer:
        """Write a direct message into a conversation."""
        return transport.write(
            "X",
            lambda: self._tweepy.create_direct_message(
                dm_conversation_id=conversation, text=words, user_auth=False
            ),
            explain,
        )

    def hide(self, post_id: str, explain: Explain, *, hidden: bool) -> Answer:
        """Hide a reply, or show it again."""
        call = self._tweepy.hide_reply if hidden else self._tweepy.unhide_reply
        return transport.write("X", lambda: call(post_id, user_auth=False), explain)

    def delete(self, post_id: str, explain: Explain) -> Answer:
        """Delete one of our posts."""
        return transport.write("X", lambda: self._tweepy.delete_tweet(post_id, user_auth=False), explain)

    def block_messages(self, user_id: str, explain: Explain, *, blocked: bool) -> Answer:
        """Take no more direct messages from somebody, or take them again. tweepy has no word for it."""
        route = f"/2/users/{user_id}/dm/{'block' if blocked else 'unblock'}"
        return transport.write("X", lambda: self._tweepy.request("POST", route).json(), explain)

    # What is asked for: the fields that we use, no others

    def _of_posts(self, *more: str) -> dict[str, list[str]]:
        shared = ["attachments", "conversation_id", "created_at", "entities", *more]
        asked = {"user_fields": ["name", "username"], "media_fields": ["type"]}
        if self._vocabulary == "post":
            expansions = ["author_id", "referenced_posts", "in_reply_to_user_id", "edit_history_post_ids"]
            return {
                **asked,
                "post.fields": [*shared, "note_post"],
                "expansions": [*expansions, "attachments.media_keys"],
            }
        only_here = [
            "author_id",
            "edit_history_tweet_ids",
            "in_reply_to_user_id",
            "note_tweet",
            "referenced_tweets",
        ]
        return {
            **asked,
            "tweet_fields": [*shared, *only_here],
            "expansions": ["author_id", "referenced_tweets.id", "attachments.media_keys"],
        }

    def _of_messages(self) -> dict[str, list[str]]:
        shared = ["attachments", "created_at", "dm_conversation_id", "event_type", "id", "text"]
        older = [] if self._vocabulary == "post" else ["sender_id"]
        return {
            "user_fields": ["name", "username"],
            "media_fields": ["type"],
            "dm_event_fields": [*shared, *older],
            "expansions": ["sender_id", "attachments.media_keys"],
        }


def _given(**parameters: str | None) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


def _noting(meter: Meter) -> Callable[..., None]:
    def note(response: requests.Response, *_: object, **__: object) -> None:
        name = x_meter.address_name(response.request.method or "", response.request.url or "")
        for window in x_meter.windows(response.headers, name):
            meter.note(window)

    return note


def _check(response: requests.Response, *_: object, **__: object) -> None:
    """Judge an answer before tweepy does: its own errors lose the body and stumble over odd headers."""
    transport.json_answer(response, "X")
