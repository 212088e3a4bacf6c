"""The promises that every connector keeps; a new file in ``connectors/`` is held to them at once."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import responses
from pydantic import BaseModel

from connectors import registry
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capability,
    ConnectorError,
    Pausing,
    PermissionMissing,
    RateLimited,
    Transient,
)
from tests.connectors.wire import ME, NOW, TOKEN, connector, poll

ANYWHERE = re.compile(r"https?://.*")

pytestmark = pytest.mark.parametrize("platform", registry.platforms())

BROKEN_BODIES = {
    "a page": b"<!DOCTYPE html><html><body>Sign in to the school's network</body></html>",
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "a number": b"12345678901234567890",
    "an empty object": b"{}",
    "a cut object": b'{"data": [{"id": "1", "text": "When is',
    "wrong lists": b'{"data": "x", "items": {}, "meta": [], "id": true}',
    "bytes": b"\xff\xfe\x00\x01",
    "deep nesting": b"[" * 100_000,
}

FAILURES = {
    "no answer": requests.exceptions.ReadTimeout(f"...access_token={TOKEN}"),
    "no connection": requests.exceptions.ConnectionError(f"...access_token={TOKEN}"),
    "no such name": requests.exceptions.ConnectTimeout(f"...access_token={TOKEN}"),
    "no certificate": requests.exceptions.SSLError(f"...access_token={TOKEN}"),
    "no proxy": requests.exceptions.ProxyError(f"...access_token={TOKEN}"),
    "a cut answer": requests.exceptions.ChunkedEncodingError(f"...access_token={TOKEN}"),
    "broken compression": requests.exceptions.ContentDecodingError(f"...access_token={TOKEN}"),
}


@pytest.fixture(autouse=True)
def recorded() -> Iterator[responses.RequestsMock]:
    """Answer every request from recordings; one that has none fails."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def _answer_with(mock: responses.RequestsMock, body: object, status: int = 200, **headers: str) -> None:
    for method in ("GET", "POST"):
        mock.add(method, ANYWHERE, body=body, status=status, headers=headers)  # type: ignore[arg-type]


def _failure(platform: str, kind: type[ConnectorError]) -> ConnectorError:
    with pytest.raises(kind) as caught:
        poll(connector(platform))
    return caught.value


def test_connector_is_named_as_its_module(platform: str) -> None:
    """A connector's name is the one in the settings file, and nothing is sent when it is made."""
    assert connector(platform).platform == platform
    assert platform in ME


def test_every_capability_is_declared(platform: str) -> None:
    """What a platform cannot do is said, with a reason and what a person does instead."""
    declared = connector(platform).capabilities()
    assert set(declared) == set(Capability)
    for missing in declared.values():
        if missing is not None:
            assert missing.reason.endswith(".")
            assert missing.manual_way.endswith(".")


def test_comments_and_own_replies_can_be_read(platform: str) -> None:
    """The first form reads: comments, and the school's own replies, which stop the clock."""
    declared = connector(platform).capabilities()
    assert declared[Capability.READ_COMMENTS] is None
    assert declared[Capability.SEE_OWN_REPLIES] is None


def test_streams_are_named_and_unknown_ones_refused(platform: str) -> None:
    """Each stream has one name; another name is a mistake in our own code or settings."""
    reader = connector(platform)
    assert len(set(reader.streams())) == len(reader.streams()) > 0
    with pytest.raises(BugOrConfig):
        poll(reader, "no-such-stream")


def test_settings_have_defaults_and_explanations(platform: str) -> None:
    """An account needs no settings of its own, and every one there is has a sentence of help."""
    options = registry.options_for(platform)
    assert issubclass(options, BaseModel)
    assert options() == options.model_validate({})
    for name, setting in options.model_fields.items():
        assert (setting.description or "").endswith("."), name


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_answer_of_wrong_shape_is_a_bad_response(
    platform: str, body: bytes, recorded: responses.RequestsMock
) -> None:
    """Status 200 alone says nothing: a page, an empty or a cut body move no cursor and are asked once."""
    _answer_with(recorded, body)
    _failure(platform, BadResponse)
    assert len(recorded.calls) == 1


@pytest.mark.parametrize("error", FAILURES.values(), ids=FAILURES)
def test_network_failure_is_transient_and_not_retried(
    platform: str, error: Exception, recorded: responses.RequestsMock
) -> None:
    """Below HTTP everything is worth another poll, and nothing is tried again inside the connector."""
    _answer_with(recorded, error)
    problem = _failure(platform, Transient)
    assert isinstance(problem, BadResponse) == ("a cut" in str(problem) or "cut off" in str(problem))
    assert len(recorded.calls) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"{}", b""])
def test_trouble_at_the_platform_is_transient(
    platform: str, status: int, body: bytes, recorded: responses.RequestsMock
) -> None:
    """Server errors wait for the next poll, whatever is in their body."""
    _answer_with(recorded, body, status)
    assert type(_failure(platform, Transient)) is Transient
    assert len(recorded.calls) == 1


@pytest.mark.parametrize(
    ("value", "until"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("7.5", NOW + timedelta(seconds=7.5)),
        (format_datetime(NOW + timedelta(minutes=9), usegmt=True), NOW + timedelta(minutes=9)),
        (format_datetime(NOW - timedelta(minutes=9), usegmt=True), None),
        ("99999999999999", NOW + timedelta(days=1)),
        ("0", None),
        ("-30", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_rate_limit_names_the_time_the_platform_gave(
    platform: str, value: str | None, until: datetime | None, recorded: responses.RequestsMock
) -> None:
    """Retry-After is honoured as seconds and as a date; absent, past, negative and odd ones are not said."""
    _answer_with(recorded, b"{}", 429, **({} if value is None else {"Retry-After": value}))
    problem = _failure(platform, RateLimited)
    assert isinstance(problem, Pausing)
    assert problem.until == until
    assert len(recorded.calls) == 1


def test_refused_token_is_expired(platform: str, recorded: responses.RequestsMock) -> None:
    """A dead token is a person's to renew."""
    _answer_with(recorded, b'{"error": {"code": 190}, "title": "Unauthorized"}', 401)
    _failure(platform, AuthExpired)


def test_forbidden_is_a_missing_permission(platform: str, recorded: responses.RequestsMock) -> None:
    """A token that may not read is a person's to renew, with other permissions."""
    _answer_with(recorded, b'{"error": {"code": 200}, "title": "Forbidden"}', 403)
    _failure(platform, PermissionMissing)


def test_forbidding_page_of_a_filter_is_not_a_missing_permission(
    platform: str, recorded: responses.RequestsMock
) -> None:
    """A network filter's page looks like a refusal of the platform and is none."""
    _answer_with(recorded, b"<html>Blocked by your school's filter</html>", 403)
    _failure(platform, BadResponse)


def test_redirect_is_not_followed(platform: str, recorded: responses.RequestsMock) -> None:
    """A platform's API never redirects; a sign-in page of the network does, and must not get the token."""
    _answer_with(recorded, b"", 302, Location="https://login.oakfield.example/")
    _failure(platform, BadResponse)
    assert len(recorded.calls) == 1


@pytest.mark.parametrize("status", [200, 302, 400, 401, 402, 403, 404, 410, 418, 429, 500])
def test_errors_hold_neither_token_nor_words(
    platform: str, status: int, recorded: responses.RequestsMock
) -> None:
    """An exception travels into logs and queues: text, causes and context hold no token and no words."""
    words = f"Zeta wrote this about {TOKEN}"
    error = {"message": words, "code": 999, "errors": [{"reason": words, "message": words}]}
    body = json.dumps(
        {"title": words, "detail": words, "error": error, "data": words, "errors": [{"detail": words}]}
    )
    _answer_with(recorded, body, status)
    shown = _everything_said_by(_failure(platform, ConnectorError))
    assert TOKEN not in shown
    assert "Zeta" not in shown


@pytest.mark.parametrize("error", FAILURES.values(), ids=FAILURES)
def test_network_errors_hold_no_token(
    platform: str, error: Exception, recorded: responses.RequestsMock
) -> None:
    """The network library's own errors quote the address, which has the token in it; ours do not."""
    _answer_with(recorded, error)
    problem = _failure(platform, ConnectorError)
    assert TOKEN not in _everything_said_by(problem)
    assert problem.__context__ is None
    assert problem.__cause__ is None


def _everything_said_by(problem: BaseException) -> str:
    lines = traceback.format_exception(problem, chain=True)
    return "".join(line for line in lines if 'File "' not in line) + repr(problem) + str(vars(problem))


def test_connector_says_nothing_of_its_token(
    platform: str, recorded: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    """At no log level and in no representation is the token to be seen."""
    caplog.set_level(logging.DEBUG)
    _answer_with(recorded, b"{}", 500)
    reader = connector(platform)
    with pytest.raises(Transient):
        poll(reader)
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(reader) + repr(vars(reader))


def test_every_request_has_a_timeout(platform: str, recorded: responses.RequestsMock) -> None:
    """A platform that hangs costs half a minute, not for ever."""
    _answer_with(recorded, b"{}", 500)
    _failure(platform, Transient)
    asked = recorded.calls[0].request.req_kwargs["timeout"]  # type: ignore[attr-defined]
    assert asked == (5.0, 30.0)


@pytest.mark.parametrize("token", ["two\nlines", "wörds", "\ud800"])
def test_token_file_with_odd_content_is_never_quoted(platform: str, token: str) -> None:
    """A token with a line break or letters that no header takes ends in an error of ours without it."""
    with pytest.raises(ConnectorError) as caught:
        poll(connector(platform, token=token, base_url="http://127.0.0.1:9"))
    assert token not in _everything_said_by(caught.value)


def test_address_without_scheme_is_a_setting_to_mend(platform: str) -> None:
    """A mistyped address is a setting, not an outage."""
    with pytest.raises(BugOrConfig):
        poll(connector(platform, base_url="localhost:8088"))


def test_wrong_settings_are_named_without_their_values(platform: str) -> None:
    """All wrong settings at once, by name; the values stay out of the text."""
    with pytest.raises(BugOrConfig, match=r"surprise: .*max_pages: |max_pages: .*surprise: ") as caught:
        connector(platform, surprise="value-of-surprise", max_pages="value-of-pages")
    assert "value-of" not in str(caught.value)


def test_reset_header_is_read_where_it_is_sent(platform: str, recorded: responses.RequestsMock) -> None:
    """A reset time in Unix seconds counts like Retry-After; the later of the two holds."""
    reset = NOW + timedelta(minutes=11)
    _answer_with(
        recorded, b"{}", 429, **{"x-rate-limit-reset": str(int(reset.timestamp())), "Retry-After": "5"}
    )
    problem = _failure(platform, RateLimited)
    assert isinstance(problem, Pausing)
    assert problem.until == reset.astimezone(UTC)
