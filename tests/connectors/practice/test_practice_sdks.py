"""The real SDKs against the practice platforms: each sends and gets what it would with the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import facebook
import google_auth_httplib2
import httplib2
import pytest
import requests
import tweepy
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from requests.adapters import HTTPAdapter

from connectors.practice.identities import (
    EXPIRED_TOKEN,
    FACEBOOK_PAGE_ID,
    TOKEN,
    USER_TOKEN,
    X_USER_ID,
    YOUTUBE_CHANNEL_ID,
)
from connectors.practice.server import PracticePlatforms
from tests.connectors.practice.rehearsal import ALL_THREADS, content

Serve = Callable[..., PracticePlatforms]

MANY = [
    {"id": "f", "platform": "facebook", "by": "school", "text": "post", "at": "2026-11-16T08:00:00Z"},
    {"id": "x", "platform": "x", "by": "school", "text": "post", "at": "2026-11-16T08:00:00Z"},
    {"id": "y", "platform": "youtube", "by": "school", "text": "video", "at": "2026-11-16T08:00:00Z"},
    *(
        {"text": f"comment {each}", "under": "fxy"[each % 3], "at": "2026-11-17T08:00:00Z"}
        for each in range(90)
    ),
]


class ToPractice(HTTPAdapter):
    """Sends what goes to X to the practice platforms instead."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("https://api.twitter.com", self.url, 1)
        return super().send(request, *args, **options)


class Graph(facebook.GraphAPI):  # type: ignore[misc]
    """facebook-sdk at a living version and another address."""

    def __init__(self, token: str, url: str) -> None:
        super().__init__(token, timeout=5)
        self.version = "v26.0"
        self.url = url

    def request(
        self, path: str, args: Any = None, post_args: Any = None, files: Any = None, method: Any = None
    ) -> Any:
        before = facebook.FACEBOOK_GRAPH_URL
        facebook.FACEBOOK_GRAPH_URL = f"{self.url}/"
        try:
            return super().request(path, args, post_args, files, method)
        finally:
            facebook.FACEBOOK_GRAPH_URL = before


def x_client(url: str, token: str = TOKEN) -> tweepy.Client:
    """Return tweepy's client, pointed at the practice platforms."""
    client = tweepy.Client(bearer_token=token, return_type=dict)
    client.session.mount("https://api.twitter.com", ToPractice(url))
    return client


def youtube_service(url: str, refresh_token: str = TOKEN) -> Any:
    """Return Google's client, pointed at the practice platforms for the sign-in too."""
    credentials = Credentials(  # type: ignore[no-untyped-call]
        None, refresh_token=refresh_token, token_uri=f"{url}/token", client_id="a", client_secret="b"
    )
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=httplib2.Http(timeout=5))
    return build("youtube", "v3", http=http, client_options={"api_endpoint": url}, cache_discovery=False)


@pytest.fixture
def platforms(serve: Serve) -> PracticePlatforms:
    """Return platforms with thirty comments each."""
    return serve(content(*MANY))


@pytest.fixture
def youtube(platforms: PracticePlatforms) -> Iterator[Any]:
    """Return YouTube's client, closed after the test."""
    with youtube_service(platforms.url) as service:
        yield service


def test_tweepy_pages_through_mentions(platforms: PracticePlatforms) -> None:
    """Its own paginator finds the end, with all that a connector asks for."""
    client = x_client(platforms.url)
    with client.session:
        assert client.get_me(user_auth=False)["data"]["username"] == "OakfieldAcademy"
        pages = tweepy.Paginator(
            client.get_users_mentions,
            X_USER_ID,
            max_results=7,
            tweet_fields=["author_id", "conversation_id", "created_at", "referenced_tweets", "note_tweet"],
            expansions=["author_id", "referenced_tweets.id"],
            user_fields=["username", "name"],
        )
        found = [post for page in pages for post in page["data"]]
    assert len({post["id"] for post in found}) == 30
    assert {post["conversation_id"] for post in found} == {platforms.external_id("x")}


def test_tweepy_understands_posts_as_its_own_objects(platforms: PracticePlatforms) -> None:
    """Times, references and users are read by tweepy's models too."""
    client = x_client(platforms.url)
    client.return_type = tweepy.Response
    with client.session:
        answer = client.get_users_mentions(
            X_USER_ID, tweet_fields=["created_at", "referenced_tweets"], expansions=["author_id"]
        )
        assert answer.data[0].created_at.isoformat() == "2026-11-17T08:00:00+00:00"
        assert answer.data[0].referenced_tweets[0].type == "replied_to"
        assert answer.includes["users"][0].username.startswith("visitor")


def test_tweepy_sends_the_newer_words_too(platforms: PracticePlatforms) -> None:
    """What it does not know it passes on, with a warning in its own outdated way."""
    client = x_client(platforms.url)
    with client.session, pytest.warns(DeprecationWarning, match="warn"):
        answer = client.search_recent_tweets(
            f"conversation_id:{platforms.external_id('x')}",
            **{"post.fields": ["created_at"], "expansions": ["author_id"]},
        )
    assert "edit_history_post_ids" in answer["data"][0]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("x:429", tweepy.TooManyRequests),
        ("x:500", tweepy.TwitterServerError),
        ("x:expired", tweepy.Unauthorized),
        ("x:denied", tweepy.Forbidden),
        ("x:quota", tweepy.TooManyRequests),
        ("x:html", requests.JSONDecodeError),
        ("x:half", requests.JSONDecodeError),
        ("x:cut", requests.exceptions.ChunkedEncodingError),
        ("x:down", requests.ConnectionError),
    ],
)
def test_tweepy_raises_what_it_raises_for_x(
    platforms: PracticePlatforms, fault: str, error: type[Exception]
) -> None:
    """Its own error classes, by status."""
    platforms.set_faults(fault)
    client = x_client(platforms.url)
    with client.session, pytest.raises(error):
        client.get_users_mentions(X_USER_ID)


def test_facebook_sdk_pages_through_comments(platforms: PracticePlatforms) -> None:
    """Its own paging follows the address of the next page, token and all."""
    graph = Graph(TOKEN, platforms.url)
    with graph.session:
        assert graph.get_object("me", fields="id")["id"] == FACEBOOK_PAGE_ID
        posts = graph.get_connections(FACEBOOK_PAGE_ID, "published_posts", fields="id,updated_time")["data"]
        fields = "id,message,created_time,from{id,name},parent{id}"
        found = list(
            graph.get_all_connections(posts[0]["id"], "comments", filter="stream", limit=7, fields=fields)
        )
    assert len({comment["id"] for comment in found}) == 30
    assert all(comment["from"]["name"].startswith("Visitor") for comment in found)


@pytest.mark.parametrize(("token", "code"), [(EXPIRED_TOKEN, 190), ("nonsense", 190)])
def test_facebook_sdk_reads_the_errors(platforms: PracticePlatforms, token: str, code: int) -> None:
    """Code and subcode come through."""
    graph = Graph(token, platforms.url)
    with graph.session, pytest.raises(facebook.GraphAPIError) as refused:
        graph.get_object("me")
    assert refused.value.code == code
    assert refused.value.result["error"]["fbtrace_id"]


def test_facebook_sdk_with_a_users_token_sees_nothing(platforms: PracticePlatforms) -> None:
    """No error, no comments: the trap that a connector has to notice."""
    graph = Graph(USER_TOKEN, platforms.url)
    with graph.session:
        assert graph.get_connections(platforms.external_id("f"), "comments") == {"data": []}
        assert graph.get_object("me")["id"] != FACEBOOK_PAGE_ID


def test_googles_client_signs_in_and_pages_through_threads(
    platforms: PracticePlatforms, youtube: Any
) -> None:
    """The refresh token first, then ``list_next`` to the end."""
    assert youtube.channels().list(part="id", mine=True).execute()["items"][0]["id"] == YOUTUBE_CHANNEL_ID
    listing = youtube.commentThreads()
    asked = listing.list(
        part="snippet,replies", maxResults=7, textFormat="plainText", order="time", **ALL_THREADS
    )
    found = []
    while asked is not None:
        answer = asked.execute()
        found += [thread["id"] for thread in answer["items"]]
        asked = listing.list_next(asked, answer)
    assert len(set(found)) == len(found) == 30
    assert platforms.requests["token"] == 1


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ("youtube:quota", 403, "quotaExceeded"),
        ("youtube:429", 403, "rateLimitExceeded"),
        ("youtube:500", 500, "backendError"),
        ("youtube:denied", 403, "insufficientPermissions"),
    ],
)
def test_googles_client_reads_the_errors(
    platforms: PracticePlatforms, youtube: Any, fault: str, status: int, reason: str
) -> None:
    """Status and reason come through."""
    platforms.set_faults(fault)
    with pytest.raises(HttpError) as refused:
        youtube.commentThreads().list(part="id", **ALL_THREADS).execute(num_retries=0)
    assert refused.value.status_code == status
    assert refused.value.error_details[0]["reason"] == reason


def test_googles_client_notices_a_dead_sign_in(platforms: PracticePlatforms) -> None:
    """A refresh token that is no good, and one that dies later."""
    with (
        youtube_service(platforms.url, EXPIRED_TOKEN) as dead,
        pytest.raises(RefreshError, match="invalid_grant"),
    ):
        dead.channels().list(part="id", mine=True).execute()
    with youtube_service(platforms.url) as dying:
        dying.channels().list(part="id", mine=True).execute()
        platforms.set_faults("youtube:expired")
        with pytest.raises(RefreshError, match="invalid_grant"):
            dying.channels().list(part="id", mine=True).execute()
