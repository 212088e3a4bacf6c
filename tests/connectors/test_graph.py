"""Graph itself, for Facebook and Instagram: what is sent where, what usage means, and what stops a client."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from connectors.answers import graph as answers
from connectors.answers.graph import WindowClosed
from connectors.base import (
    AuthExpired,
    BugOrConfig,
    PermissionMissing,
    RateLimited,
    Refused,
    Scope,
    Transient,
    Unsure,
)
from connectors.calls.graph import FACEBOOK_HOST, INSTAGRAM_HOST, Client, Graph, Speaking
from connectors.meter import Meter, Window
from connectors.transport import StatusError
from tests.connectors.wire import NOW, TOKEN

SPEAKING = Speaking("Instagram", "Make a token with instagram_business_basic.")


def _client(host: str = INSTAGRAM_HOST, base_url: str | None = None) -> tuple[Client, Meter]:
    meter = Meter()
    return Client(Graph(TOKEN, "26.0", base_url, host=host, meter=meter), SPEAKING, 5, meter), meter


@responses.activate
def test_each_instance_has_a_host_of_its_own() -> None:
    """The SDK knows one address for all; Facebook and Instagram need two at once."""
    for host in (FACEBOOK_HOST, INSTAGRAM_HOST, "http://127.0.0.1:8088/instagram"):
        responses.get(f"{host}/v26.0/me", json={"id": host})
    facebook, instagram = _client(FACEBOOK_HOST)[0], _client()[0]
    practice = _client(base_url="http://127.0.0.1:8088/instagram/")[0]
    assert facebook.get("me", {}, NOW) == {"id": FACEBOOK_HOST}
    assert instagram.get("me", {}, NOW) == {"id": INSTAGRAM_HOST}
    assert practice.get("me", {}, NOW) == {"id": "http://127.0.0.1:8088/instagram"}


@responses.activate
def test_values_are_written_as_graph_reads_them() -> None:
    """Python's True and dict mean nothing to Graph; what is None is left out."""
    responses.post(f"{INSTAGRAM_HOST}/v26.0/1/messages", json={"ok": True})
    sent = {"a": True, "b": False, "c": {"id": "7"}, "d": [1], "e": None, "f": "words", "g": 5}
    _client()[0].post("1", "messages", sent, NOW)
    request = responses.calls[0].request
    assert TOKEN not in str(request.url)
    assert parse_qs(str(request.body)) == {
        "access_token": [TOKEN],
        "a": ["true"],
        "b": ["false"],
        "c": ['{"id": "7"}'],
        "d": ["[1]"],
        "f": ["words"],
        "g": ["5"],
    }


@responses.activate
def test_deleting_and_posting_to_a_node_itself() -> None:
    """Without an edge the node is meant."""
    responses.delete(f"{INSTAGRAM_HOST}/v26.0/1", json={"success": True})
    responses.post(f"{INSTAGRAM_HOST}/v26.0/1", json={"success": True})
    client, _ = _client()
    assert client.delete("1", None, {}, NOW) == {"success": True}
    assert client.post("1", None, {"hide": True}, NOW) == {"success": True}
    assert parse_qs(urlsplit(str(responses.calls[0].request.url)).query) == {"access_token": [TOKEN]}


@pytest.mark.parametrize("name", ["1/../2", "1?x=2", "1#2", "1%2f2"])
def test_ids_that_would_change_the_address_are_not_sent(name: str) -> None:
    """An id comes from a platform or a database: it may not lead a request elsewhere."""
    client, meter = _client()
    with pytest.raises(BugOrConfig):
        client.delete(name, None, {}, NOW)
    assert meter.calls == 0


def _headers(**more: object) -> dict[str, str]:
    return {name.replace("_", "-"): json.dumps(value) for name, value in more.items()}


def test_usage_headers_become_windows() -> None:
    """The app's is shared, each business's kind has its own, and the highest of the measures counts."""
    headers = _headers(
        x_app_usage={"call_count": 28, "total_time": 75, "total_cputime": 25},
        x_page_usage={"call_count": 3, "total_time": 1, "total_cputime": 1},
        x_business_use_case_usage={
            "104": [
                {"type": "pages", "call_count": 97, "estimated_time_to_regain_access": 19},
                {"type": "messenger", "call_count": 5},
            ],
            "178": [{"type": "instagram", "total_cputime": 60}],
        },
    )
    assert {each.name: each for each in answers.windows(headers, NOW)} == {
        "app": Window("app", 100, 25, None, shared=True),
        "page": Window("page", 100, 97),
        "pages 104": Window("pages 104", 100, 3, NOW + timedelta(minutes=19)),
        "messenger 104": Window("messenger 104", 100, 95),
        "instagram 178": Window("instagram 178", 100, 40),
    }


def test_repeated_keys_keep_the_worse_state() -> None:
    """Graph's JSON may name an id twice: an ordinary reader would forget the first."""
    header = '{"1":[{"type":"pages","call_count":99}],"1":[{"type":"pages","call_count":2}]}'
    (window,) = answers.windows({"x-business-use-case-usage": header}, NOW)
    assert window.used == pytest.approx(0.99)


@pytest.mark.parametrize(
    "header",
    ["", "x", "[]", "7", '{"1":7}', '{"1":[7]}', '{"1":[{"call_count":NaN}]}', "[" * 100_000, "{" * 9],
)
def test_odd_usage_headers_do_no_harm(header: str) -> None:
    """They only come after some traffic, and they are not what the answer is about."""
    found = list(answers.windows({"x-app-usage": header, "x-business-use-case-usage": header}, NOW))
    assert all(0 <= each.remaining <= 100 for each in found)


@pytest.mark.parametrize("value", ["1e999", "1" + "0" * 400, "-5", "true", '"7"', "[1]"])
def test_odd_percentages_stay_within_reason(value: str) -> None:
    """Whatever number stands there, the window is one that can be reckoned with."""
    header = f'{{"1":[{{"type":"pages","call_count":{value},"estimated_time_to_regain_access":{value}}}]}}'
    (window,) = answers.windows({"x-business-use-case-usage": header}, NOW)
    assert -900 <= window.remaining <= 100
    assert window.resets_at is None or window.resets_at <= NOW + timedelta(days=1)


def _usage(percent: int, kind: str = "pages") -> dict[str, str]:
    told = {"type": kind, "call_count": percent, "estimated_time_to_regain_access": 7}
    return _headers(x_business_use_case_usage={"1": [told]})


@responses.activate
@pytest.mark.parametrize(
    ("headers", "scope"),
    [
        (_usage(100), Scope.ACCOUNT),
        (_usage(100, "instagram"), Scope.ACCOUNT),
        (_headers(x_app_usage={"call_count": 100}), Scope.APP),
    ],
)
def test_nothing_is_asked_once_an_allowance_is_spent(headers: dict[str, str], scope: Scope) -> None:
    """Calls that are refused keep counting: the next one is not even sent."""
    responses.get(f"{INSTAGRAM_HOST}/v26.0/me", json={"id": "1"}, headers=headers)
    client, meter = _client()
    client.get("me", {}, NOW)
    with pytest.raises(RateLimited) as caught:
        client.post("1", "comments", {"message": "Yes"}, NOW)
    assert (caught.value.scope, meter.calls) == (scope, 1)
    assert caught.value.until == (NOW + timedelta(minutes=7) if scope is Scope.ACCOUNT else None)


@responses.activate
@pytest.mark.parametrize("headers", [_usage(99), _usage(100, "messenger"), _usage(100, "ads_management"), {}])
def test_what_is_left_may_be_used(headers: dict[str, str]) -> None:
    """A spent allowance for messages or ads stops neither comments nor reviews."""
    responses.get(f"{INSTAGRAM_HOST}/v26.0/me", json={"id": "1"}, headers=headers)
    client, meter = _client()
    client.get("me", {}, NOW)
    client.get("me", {}, NOW + timedelta(seconds=1))
    assert meter.calls == 2


@responses.activate
def test_usage_is_noted_from_errors_too() -> None:
    """The answer that refuses says how full the allowance is."""
    error = {"error": {"code": 80002, "message": "words"}}
    responses.get(f"{INSTAGRAM_HOST}/v26.0/me", json=error, status=400, headers=_usage(100, "instagram"))
    client, meter = _client()
    with pytest.raises(RateLimited):
        client.get("me", {}, NOW)
    assert meter.windows["instagram 1"].used_at(NOW) == 1


def _problem(code: int, subcode: int | None = None) -> Exception:
    error: dict[str, Any] = {"code": code, "message": "words"}
    if subcode is not None:
        error["error_subcode"] = subcode
    return answers.problem(
        StatusError(400, {}, {"error": error}), NOW, SPEAKING.platform, SPEAKING.permissions
    )


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        (4, Scope.APP),
        (341, Scope.APP),
        *((each, Scope.ACCOUNT) for each in (17, 32, 613, 80001, 80002)),
        (80006, Scope.STREAM),
    ],
)
def test_limits_say_who_has_to_wait(code: int, scope: Scope) -> None:
    """An app's limit stops all of its accounts, a Page's only the Page, the inbox's only the inbox."""
    problem = _problem(code)
    assert isinstance(problem, RateLimited)
    assert problem.scope is scope


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "words"),
    [
        (190, 463, AuthExpired, "expired"),
        (190, 467, AuthExpired, "withdrawn"),
        (190, 460, AuthExpired, "password"),
        (190, 458, AuthExpired, "removed the app"),
        (190, 459, AuthExpired, "confirm"),
        (190, 464, AuthExpired, "confirm"),
        (190, 492, PermissionMissing, "role"),
        (10, None, PermissionMissing, "90 days"),
        (10, None, PermissionMissing, "instagram_business_basic"),
        (10, 2018278, WindowClosed, "24 hours"),
        (551, None, Refused, "another way"),
        (368, None, Refused, "Write nothing more"),
        (506, None, Refused, "same words"),
        (1609005, None, Refused, "link"),
    ],
)
def test_errors_say_what_to_do(code: int, subcode: int | None, kind: type[Exception], words: str) -> None:
    """Each class has a sentence of its own for a person, with the platform's name."""
    problem = _problem(code, subcode)
    assert type(problem) is kind
    assert words in str(problem)


@responses.activate
@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (502, b""), (200, b"{"), (500, b"{}")])
def test_write_whose_answer_is_lost_is_unsure(status: int, body: bytes) -> None:
    """It may have been done: sent once, and only reading back can tell."""
    responses.post(f"{INSTAGRAM_HOST}/v26.0/1/comments", body=body, status=status)
    with pytest.raises(Unsure):
        _client()[0].post("1", "comments", {"message": "Yes"}, NOW)
    assert len(responses.calls) == 1


@responses.activate
def test_token_is_asked_about_and_shows_nowhere() -> None:
    """``debug_token`` is asked with the token itself; a dead one is a person's to renew."""
    responses.get(f"{FACEBOOK_HOST}/v26.0/debug_token", json={"data": {"is_valid": False}})
    client, _ = _client(FACEBOOK_HOST)
    with pytest.raises(AuthExpired) as caught:
        client.debug_token(NOW)
    assert parse_qs(urlsplit(str(responses.calls[0].request.url)).query)["input_token"] == [TOKEN]
    assert TOKEN not in repr(client) + repr(vars(client)) + repr(caught.value)


@responses.activate
def test_page_that_is_too_large_for_graph_is_asked_for_in_halves() -> None:
    """Code 1 with these words does not pass by waiting; so the listing is read, and nothing is left out."""
    path = re.compile(r"https://graph\.facebook\.com/v26\.0/1/feed.*")
    large = {"error": {"code": 1, "message": "Please reduce the amount of data you're asking for"}}
    following = f"{FACEBOOK_HOST}/v26.0/1/feed?after=A&limit=50"
    for body, status in [
        ({"data": [1], "paging": {"next": following}}, 200),
        (large, 500),
        (large, 500),
        ({"data": [2]}, 200),
    ]:
        responses.get(path, json=body, status=status)
    client, _ = _client(FACEBOOK_HOST)
    pages = list(client.listing("1", "feed", {"fields": "id", "limit": 50}, NOW))
    asked = [parse_qs(urlsplit(str(call.request.url)).query) for call in responses.calls]
    assert pages == [[1], [2]]
    assert [each["limit"] for each in asked] == [["50"], ["50"], ["25"], ["12"]]
    assert [each.get("after") for each in asked] == [None, ["A"], ["A"], ["A"]]


@responses.activate
def test_page_that_is_too_large_however_small_is_trouble() -> None:
    """A handful of entries that Graph cannot gather: the next poll tries again."""
    path = re.compile(r"https://graph\.facebook\.com/v26\.0/1/feed.*")
    large = {"error": {"code": 1, "message": "Please reduce the amount of data you're asking for"}}
    responses.get(path, json=large, status=500)
    client, _ = _client(FACEBOOK_HOST)
    with pytest.raises(Transient):
        list(client.listing("1", "feed", {"limit": 50}, NOW))
    assert len(responses.calls) == 4
    with pytest.raises(Transient):
        list(client.listing("1", "feed", {}, NOW))


def test_odd_headers_do_not_bring_the_token_into_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    """The library below warns of them with the whole address, in which facebook-sdk has the token."""
    broken = b'HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 10\r\n\r\n{"id":"5"}'
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(10_000)
                line.sendall(broken)

        answering = threading.Thread(target=answer)
        answering.start()
        graph = Graph(TOKEN, "26.0", f"http://127.0.0.1:{server.getsockname()[1]}")
        with caplog.at_level(logging.DEBUG):
            assert graph.request("v26.0/me") == {"id": "5"}
        answering.join()
    assert TOKEN not in caplog.text
