"""The practice server: on this machine only, at the moment it is given, and with whatever text there is."""

from __future__ import annotations

import ast
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import enumerate as threads
from typing import Any

import pytest
import requests

from connectors.practice.identities import TOKEN, X_USER_ID, Platform
from connectors.practice.listener import Listener
from connectors.practice.server import PracticePlatforms
from tests.connectors.practice.rehearsal import A_WEEK, ALL_THREADS, content, get

Serve = Callable[..., PracticePlatforms]

MENTIONS = f"/2/users/{X_USER_ID}/mentions"
THREADS: dict[str, Any] = {"part": "snippet", "textFormat": "plainText", **ALL_THREADS}


def test_it_listens_on_this_machine_only(serve: Serve) -> None:
    """Whatever the settings say: there is no other address in the program."""
    assert serve().url.startswith("http://127.0.0.1:")
    with Listener(0, lambda request: pytest.fail("nobody asked")) as listener:
        assert listener.socket.getsockname() == ("127.0.0.1", listener.server_port)


def test_things_arrive_in_their_time(serve: Serve) -> None:
    """Only what has arrived by the moment of the request is there, on all platforms."""
    moment = [datetime(2026, 11, 16, 6, 0, tzinfo=UTC)]
    platforms = serve(now=lambda: moment[0])

    def seen() -> tuple[int, int, int]:
        post = platforms.external_id("f-1")
        comments = get(platforms.url, f"/v26.0/{post}/comments", filter="stream").json().get("data", [])
        mentions = get(platforms.url, MENTIONS).json()["meta"]["result_count"]
        return (
            len(comments),
            mentions,
            len(get(platforms.url, "/youtube/v3/commentThreads", **THREADS).json()["items"]),
        )

    counts = []
    for hours in (0, 2, 4, 10, 96):
        moment[0] = datetime(2026, 11, 16, 6, 0, tzinfo=UTC) + timedelta(hours=hours)
        counts.append(seen())
    assert counts == [(0, 0, 0), (0, 1, 0), (2, 1, 0), (3, 1, 1), (4, 3, 1)]
    assert sum(platforms.visible(platform) for platform in Platform) == len(A_WEEK)


def test_something_arrives_in_the_very_millisecond(serve: Serve) -> None:
    """Not before, and not later."""
    at = datetime(2026, 11, 18, 7, 0, 0, 250_000, tzinfo=UTC)
    for now, count in ((at - timedelta(milliseconds=1), 1), (at, 2)):
        platforms = serve(now=lambda now=now: now)
        assert get(platforms.url, MENTIONS).json()["meta"]["result_count"] == count


def test_the_date_of_an_answer_is_the_platforms_clock(serve: Serve) -> None:
    """Connectors measure the skew of clocks by it."""
    assert get(serve().url, MENTIONS).headers["date"] == "Fri, 20 Nov 2026 12:00:00 GMT"


HARD_TEXTS = {
    "a megabyte": "school " * 150_000,
    "NUL": "a\x00b",
    "lone surrogates": "\ud83d alone \udc00",
    "an emoji": "\U0001f600",
    "line ends": "a\r\nb\u2028c\x85d",
    "markup": '<b>&amp;"\\u0041',
    "nothing": "",
}


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_every_text_travels_unharmed(serve: Serve, text: str) -> None:
    """What a platform can send, the practice platforms send: escaped in JSON, nothing replaced."""
    lines = [
        {"id": platform, "platform": platform, "text": text, "at": "2026-11-18T08:00:00Z"}
        for platform in Platform
    ]
    platforms = serve(content(*lines))
    post = platforms.external_id("facebook-made-post")
    comments = get(platforms.url, f"/v26.0/{post}/comments").json()["data"]
    assert [
        comment["message"] for comment in comments if comment["id"] == platforms.external_id("facebook")
    ] == [text]
    threads = get(platforms.url, "/youtube/v3/commentThreads", **THREADS).json()["items"]
    assert threads[0]["snippet"]["topLevelComment"]["snippet"]["textDisplay"] == text
    mention = get(platforms.url, MENTIONS, tweet__fields="note_tweet").json()["data"][0]
    assert mention.get("note_tweet", mention)["text"] == text


def test_requests_are_counted_by_platform(serve: Serve) -> None:
    """The token endpoint apart; what belongs to no platform is not counted."""
    platforms = serve()
    get(platforms.url, MENTIONS)
    get(platforms.url, MENTIONS, token=None)
    get(platforms.url, "/v26.0/me")
    requests.post(f"{platforms.url}/token", data={}, timeout=5)
    assert get(platforms.url, "/elsewhere").status_code == 404
    assert platforms.requests == {"x": 2, "facebook": 1, "token": 1}


def test_many_may_ask_at_once(serve: Serve) -> None:
    """A school's workers poll side by side."""
    platforms = serve()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: get(platforms.url, MENTIONS).status_code, range(64)))
    assert codes == [200] * 64
    assert platforms.requests["x"] == 64


def test_a_stopped_platform_refuses_connections_and_comes_back(serve: Serve) -> None:
    """At the same address, open connections included."""
    platforms = serve()
    with requests.Session() as session:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert session.get(platforms.url + MENTIONS, headers=headers, timeout=5).status_code == 200
        platforms.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(platforms.url + MENTIONS, headers=headers, timeout=5)
        platforms.stop()
        address = platforms.url
        platforms.start()
        assert platforms.url == address
        assert session.get(platforms.url + MENTIONS, headers=headers, timeout=5).status_code == 200


def test_stopping_leaves_nothing_behind(serve: Serve) -> None:
    """No thread stays, not that of an idle connection either."""
    before = set(threads())
    platforms = serve()
    with requests.Session() as session:
        session.get(platforms.url + MENTIONS, timeout=5)
        platforms.stop()
    assert set(threads()) == before


def test_a_port_that_is_taken_is_said(serve: Serve) -> None:
    """Two rehearsals cannot share an address."""
    port = int(serve().url.rpartition(":")[2])
    with pytest.raises(OSError):
        serve(port=port)


def test_the_vocabulary_of_x_is_a_setting(serve: Serve) -> None:
    """Either version; another one is refused at once."""
    older, newer = (get(serve(vocabulary=each).url, MENTIONS).json() for each in ("2.166", "2.167"))
    assert "edit_history_tweet_ids" in older["data"][0]
    assert "edit_history_post_ids" in newer["data"][0]
    with pytest.raises(ValueError, match=r"2\.168"):
        serve(vocabulary="2.168")


def test_the_whole_history_is_a_setting(serve: Serve) -> None:
    """Without it, X's mentions end after 800."""
    many = content(
        *({"platform": "x", "text": f"{each}", "at": "2026-11-18T08:00:00Z"} for each in range(801))
    )
    for whole, count in ((False, 800), (True, 801)):
        platforms = serve(many, whole_history=whole)
        found, token = 0, dict[str, str]()
        while True:
            meta = get(platforms.url, MENTIONS, max_results=100, **token).json()["meta"]
            found += meta["result_count"]
            if "next_token" not in meta:
                break
            token = {"pagination_token": meta["next_token"]}
        assert found == count


def test_nothing_of_a_request_is_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Addresses hold tokens, texts hold people; only the name of an error's class is written."""
    caplog.set_level(logging.DEBUG, logger="connectors")

    def broken() -> datetime:
        raise RuntimeError("words of a comment")

    get(serve().url, MENTIONS, token="secret-token")
    with pytest.raises(requests.ConnectionError):
        get(serve(now=broken).url, MENTIONS)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("connectors")] == [
        "practice answer failed error=RuntimeError"
    ]
    written = capfd.readouterr()
    assert "secret-token" not in written.out + written.err
    assert "words of a comment" not in written.out + written.err


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"POST /token HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\n",
        b"POST /token HTTP/1.1\r\nhost: a\r\ncontent-length: many\r\n\r\n",
        b"GET /2/%ff%00?query=%ed%a0%80 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"BREW /2/users/me HTTP/1.1\r\nhost: a\r\n\r\n",
    ],
)
def test_nonsense_does_not_stop_it(serve: Serve, sent: bytes) -> None:
    """A broken client gets a refusal; the next one is served."""
    platforms = serve()
    with socket.create_connection(
        ("127.0.0.1", int(platforms.url.rpartition(":")[2])), timeout=5
    ) as connection:
        connection.sendall(sent)
        assert connection.recv(100)
    assert get(platforms.url, MENTIONS).status_code == 200


def test_a_client_that_leaves_disturbs_nobody(serve: Serve) -> None:
    """In the middle of its request, or before the answer has been read."""
    platforms = serve(content({"platform": "x", "text": "long " * 2_000_000, "at": "2026-11-18T08:00:00Z"}))
    for sent in (b"GET /2/us", b"GET " + MENTIONS.encode() + b"?tweet.fields=note_tweet HTTP/1.1\r\n\r\n"):
        with socket.create_connection(
            ("127.0.0.1", int(platforms.url.rpartition(":")[2])), timeout=5
        ) as connection:
            connection.sendall(sent)
    assert get(platforms.url, MENTIONS).status_code == 200


def test_connectors_do_not_lean_on_the_practice_platforms(root: Path) -> None:
    """They are pointed at them by their settings, as at any platform."""
    for module in (root / "connectors").glob("*.py"):
        imported = [
            name
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            + ([each.name for each in node.names] if isinstance(node, ast.Import) else [])
        ]
        assert not [name for name in imported if name.startswith("connectors.practice")], module
