"""The promises that every connector keeps; a new file in ``connectors/`` is held to them at once."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import product

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
    Connector,
    ConnectorError,
    Pausing,
    PermissionMissing,
    RateLimited,
    Refused,
    Transient,
)
from moderation.actions import Action, ActionKind
from moderation.items import Presence, Reference
from tests.connectors.wire import COMMENTS, ME, NOW, TOKEN, connector, poll

ANYWHERE = re.compile(r"https?://.*")

_SIGN_IN = re.compile(r"/token$|createSession|refreshSession")
"""The addresses that give out tokens; what is sent there changes nothing that anybody sees."""

PLATFORMS = registry.platforms()
READ = tuple(each for each in PLATFORMS if connector(each).streams())
"""The platforms that are read by program; a place that has no streams is one where people look."""

every_platform = pytest.mark.parametrize("platform", PLATFORMS)
every_read_platform = pytest.mark.parametrize("platform", READ)

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

BROKEN_ANSWERS = (
    *((body, 200) for body in BROKEN_BODIES.values()),
    (b"<html>Bad gateway</html>", 502),
    (b"<html>Blocked by your school's filter</html>", 403),
    (b"<html>Not found</html>", 404),
    (b"", 302),
)

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
    for method in ("GET", "POST", "PUT", "DELETE"):
        mock.add(method, ANYWHERE, body=body, status=status, headers=headers)  # type: ignore[arg-type]


def _failure(platform: str, kind: type[ConnectorError]) -> ConnectorError:
    with pytest.raises(kind) as caught:
        poll(connector(platform))
    return caught.value


@every_platform
def test_connector_is_named_as_its_module(platform: str) -> None:
    """A connector's name is the one in the settings file, and nothing is sent when it is made."""
    assert connector(platform).platform == platform
    assert platform in ME


@every_platform
def test_every_capability_is_declared(platform: str) -> None:
    """What a platform cannot do is said, with a reason and what a person does instead."""
    declared = connector(platform).capabilities()
    assert set(declared) == set(Capability)
    for missing in declared.values():
        if missing is not None:
            assert missing.reason.endswith(".")
            assert missing.manual_way.endswith(".")


@every_read_platform
def test_comments_and_own_replies_can_be_read(platform: str) -> None:
    """The first form reads: comments, and the school's own replies, which stop the clock."""
    declared = connector(platform).capabilities()
    comments = declared[Capability.READ_COMMENTS]
    assert comments is None or comments.partly
    assert declared[Capability.SEE_OWN_REPLIES] is None


@every_read_platform
def test_streams_are_named_and_unknown_ones_refused(platform: str) -> None:
    """Each stream has one name; another name is a mistake in our own code or settings."""
    reader = connector(platform)
    assert len(set(reader.streams())) == len(reader.streams()) > 0
    with pytest.raises(BugOrConfig):
        poll(reader, "no-such-stream")
    with pytest.raises(BugOrConfig):
        list(reader.sweep("no-such-stream", NOW - timedelta(days=1), NOW))


@every_platform
def test_settings_have_defaults_and_explanations(platform: str) -> None:
    """An account needs no settings of its own, and every one there is has a sentence of help."""
    options = registry.options_for(platform)
    assert issubclass(options, BaseModel)
    assert options() == options.model_validate({})
    for name, setting in options.model_fields.items():
        assert (setting.description or "").endswith("."), name


@every_read_platform
@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_answer_of_wrong_shape_is_a_bad_response(
    platform: str, body: bytes, recorded: responses.RequestsMock
) -> None:
    """Status 200 alone says nothing: a page, an empty or a cut body move no cursor and are asked once."""
    _answer_with(recorded, body)
    _failure(platform, BadResponse)
    assert len(recorded.calls) == 1


@every_read_platform
@pytest.mark.parametrize("error", FAILURES.values(), ids=FAILURES)
def test_network_failure_is_transient_and_not_retried(
    platform: str, error: Exception, recorded: responses.RequestsMock
) -> None:
    """Below HTTP everything is worth another poll, and nothing is tried again inside the connector."""
    _answer_with(recorded, error)
    problem = _failure(platform, Transient)
    assert isinstance(problem, BadResponse) == ("a cut" in str(problem) or "cut off" in str(problem))
    assert len(recorded.calls) == 1


@every_read_platform
@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"{}", b""])
def test_trouble_at_the_platform_is_transient(
    platform: str, status: int, body: bytes, recorded: responses.RequestsMock
) -> None:
    """Server errors wait for the next poll, whatever is in their body."""
    _answer_with(recorded, body, status)
    assert type(_failure(platform, Transient)) is Transient
    assert len(recorded.calls) == 1


@every_read_platform
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


@every_read_platform
def test_refused_token_is_expired(platform: str, recorded: responses.RequestsMock) -> None:
    """A dead token is a person's to renew."""
    _answer_with(recorded, b'{"error": {"code": 190}, "title": "Unauthorized"}', 401)
    _failure(platform, AuthExpired)


@every_read_platform
def test_forbidden_is_a_missing_permission(platform: str, recorded: responses.RequestsMock) -> None:
    """A token that may not read is a person's to renew, with other permissions."""
    _answer_with(recorded, b'{"error": {"code": 200}, "title": "Forbidden"}', 403)
    _failure(platform, PermissionMissing)


@every_read_platform
def test_forbidding_page_of_a_filter_is_not_a_missing_permission(
    platform: str, recorded: responses.RequestsMock
) -> None:
    """A network filter's page looks like a refusal of the platform and is none."""
    _answer_with(recorded, b"<html>Blocked by your school's filter</html>", 403)
    _failure(platform, BadResponse)


@every_read_platform
def test_redirect_is_not_followed(platform: str, recorded: responses.RequestsMock) -> None:
    """A platform's API never redirects; a sign-in page of the network does, and must not get the token."""
    _answer_with(recorded, b"", 302, Location="https://login.oakfield.example/")
    _failure(platform, BadResponse)
    assert len(recorded.calls) == 1


@every_read_platform
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


@every_read_platform
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


@every_read_platform
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


@every_read_platform
def test_every_request_has_a_timeout(platform: str, recorded: responses.RequestsMock) -> None:
    """A platform that hangs costs half a minute, not for ever."""
    _answer_with(recorded, b"{}", 500)
    _failure(platform, Transient)
    asked = recorded.calls[0].request.req_kwargs["timeout"]  # type: ignore[attr-defined]
    assert asked == (5.0, 30.0)


@every_read_platform
@pytest.mark.parametrize("token", ["two\nlines", "wörds", "\ud800"])
def test_token_file_with_odd_content_is_never_quoted(platform: str, token: str) -> None:
    """A token with a line break or letters that no header takes ends in an error of ours without it."""
    with pytest.raises(ConnectorError) as caught:
        poll(connector(platform, token=token, base_url="http://127.0.0.1:9"))
    assert token not in _everything_said_by(caught.value)


@every_read_platform
def test_address_without_scheme_is_a_setting_to_mend(platform: str) -> None:
    """A mistyped address is a setting, not an outage."""
    with pytest.raises(BugOrConfig):
        poll(connector(platform, base_url="localhost:8088"))


@every_read_platform
def test_wrong_settings_are_named_without_their_values(platform: str) -> None:
    """All wrong settings at once, by name; the values stay out of the text."""
    with pytest.raises(BugOrConfig, match=r"surprise: .*max_pages: |max_pages: .*surprise: ") as caught:
        connector(platform, surprise="value-of-surprise", max_pages="value-of-pages")
    assert "value-of" not in str(caught.value)


@every_read_platform
def test_reset_header_is_read_where_it_is_sent(platform: str, recorded: responses.RequestsMock) -> None:
    """A reset time in Unix seconds counts like Retry-After; the later of the two holds."""
    reset = NOW + timedelta(minutes=11)
    _answer_with(
        recorded, b"{}", 429, **{"x-rate-limit-reset": str(int(reset.timestamp())), "Retry-After": "5"}
    )
    problem = _failure(platform, RateLimited)
    assert isinstance(problem, Pausing)
    assert problem.until == reset.astimezone(UTC)


# Looking up, acting and proving


def _action(kind: ActionKind, item: Reference) -> Action:
    return Action(kind, item, "ours-1", NOW - timedelta(minutes=1), "At four, in the hall.")


def _about(platform: str) -> list[Reference]:
    """Return somebody's comment as it is remembered, and the same as if it were the school's own."""
    comment = COMMENTS[platform]
    return [comment, replace(comment, author_id=ME[platform].external_id)]


def _writes(recorded: responses.RequestsMock) -> list[str]:
    """Return the addresses of what was sent and may have changed something."""
    sent = [each.request for each in recorded.calls]
    return [str(each.url) for each in sent if each.method != "GET" and not _SIGN_IN.search(str(each.url))]


@every_platform
def test_what_is_not_offered_is_refused_with_the_way_by_hand(
    platform: str, recorded: responses.RequestsMock
) -> None:
    """An act that the platform does not have is refused in the declared words before anything is sent."""
    reader = connector(platform)
    _answer_with(recorded, b"{}")
    for kind in ActionKind:
        missing = reader.capabilities()[Capability(str(kind))]
        if missing is None or missing.partly:
            continue  # some items have it: what is done then is proven on a stage
        with pytest.raises(Refused) as caught:
            reader.act(_action(kind, COMMENTS[platform]), NOW)
        assert missing.reason in str(caught.value)
        assert missing.manual_way in str(caught.value)
    assert len(recorded.calls) == 0


@every_platform
@pytest.mark.parametrize(("body", "status"), BROKEN_ANSWERS)
def test_broken_answer_never_declares_an_item_gone(
    platform: str, body: bytes, status: int, recorded: responses.RequestsMock
) -> None:
    """Gone is what the platform says, not what it fails to say."""
    _answer_with(recorded, body, status)
    for reference in _about(platform):
        try:
            found = connector(platform).lookup([reference], NOW)
        except ConnectorError:
            continue
        assert [each.external_id for each in found] == [reference.external_id]
        assert {each.presence for each in found} <= {Presence.UNKNOWN, Presence.INVISIBLE}


@every_platform
@pytest.mark.parametrize(("body", "status"), BROKEN_ANSWERS)
def test_broken_answer_never_confirms_anything(
    platform: str, body: bytes, status: int, recorded: responses.RequestsMock
) -> None:
    """An act is sent once at most, and what a broken answer leaves open is said or is an error."""
    _answer_with(recorded, body, status)
    reader = connector(platform)
    for reference, kind in product(_about(platform), ActionKind):
        begun = len(_writes(recorded))
        try:
            done = reader.act(_action(kind, reference), NOW)
        except ConnectorError:
            pass
        else:
            assert not done.confirmed
            assert done.remark
        assert len(_writes(recorded)) - begun <= 1
        try:
            seen = reader.verify(_action(kind, reference), NOW)
        except ConnectorError:
            continue
        assert seen is None


@every_read_platform
def test_network_failure_ends_everything_in_an_error_of_ours(
    platform: str, recorded: responses.RequestsMock
) -> None:
    """Sweeping, looking up, reading back and proving wait like polling, say no token, and ask once."""
    for error in FAILURES.values():
        recorded.reset()
        _answer_with(recorded, error)
        for call in _calls(connector(platform), COMMENTS[platform]):
            begun = len(recorded.calls)
            problem = _problem_of(call)
            assert isinstance(problem, Transient | Refused | None)
            assert len(recorded.calls) - begun <= 1


@every_read_platform
@pytest.mark.parametrize(("body", "status"), BROKEN_ANSWERS)
def test_broken_answer_ends_everything_in_an_error_of_ours(
    platform: str, body: bytes, status: int, recorded: responses.RequestsMock
) -> None:
    """No answer, however broken, gets through as an error of Python or of a library, or proves a token."""
    _answer_with(recorded, body, status)
    reader = connector(platform)
    for call in _calls(reader, COMMENTS[platform]):
        _problem_of(call)
    with pytest.raises(ConnectorError):
        reader.prove(NOW)


def _problem_of(call: Callable[[], object]) -> ConnectorError | None:
    """Return the error in which a call ends; one that is not ours fails the test, as one with a token."""
    try:
        call()
    except ConnectorError as error:
        problem = error
    else:
        return None
    assert TOKEN not in _everything_said_by(problem)
    return problem


def _calls(reader: Connector, item: Reference) -> list[Callable[[], object]]:
    """Return the questions that a connector can be asked beside polling."""
    since = NOW - timedelta(days=7)
    return [
        partial(reader.lookup, [item], NOW),
        partial(reader.prove, NOW),
        *(partial(_sweep, reader, stream, since) for stream in reader.streams()),
        *(partial(reader.verify, _action(kind, item), NOW) for kind in ActionKind),
    ]


def _sweep(reader: Connector, stream: str, since: datetime) -> None:
    for _ in reader.sweep(stream, since, NOW):
        pass


@every_read_platform
def test_every_request_is_counted(platform: str, recorded: responses.RequestsMock) -> None:
    """What was asked is on the meter, also when the answer was an error."""
    _answer_with(recorded, b"{}", 500, Date="Fri, 20 Nov 2026 12:00:03 GMT")
    reader = connector(platform)
    assert reader.meter.calls == 0
    for stream in reader.streams():
        with pytest.raises(Transient):
            poll(reader, stream)
    assert reader.meter.calls == len(recorded.calls) > 0
    assert reader.meter.server_time == NOW + timedelta(seconds=3)


@every_platform
def test_month_has_a_price(platform: str) -> None:
    """What reading will cost is told before it is spent; nothing is cheaper for being more."""
    reader = connector(platform)
    assert 0 <= reader.monthly_estimate(0) <= reader.monthly_estimate(10) <= reader.monthly_estimate(1000)


# Places that no program reads


@every_platform
def test_place_without_streams_is_for_people_alone(platform: str, recorded: responses.RequestsMock) -> None:
    """Without streams nothing is read, nothing is offered and nothing is known, and nobody is asked."""
    reader = connector(platform)
    if reader.streams():
        assert reader.sweep_days() > 0
        return
    assert reader.sweep_days() == 0
    assert all(missing is not None and not missing.partly for missing in reader.capabilities().values())
    for call in (partial(poll, reader, "any"), lambda: list(reader.sweep("any", NOW, NOW))):
        with pytest.raises(BugOrConfig):
            call()
    (found,) = reader.lookup([COMMENTS[platform]], NOW)
    assert found.presence is Presence.UNKNOWN
    assert reader.verify(_action(ActionKind.REPLY, COMMENTS[platform]), NOW) is None
    assert reader.prove(NOW).expires_at is None
    assert len(recorded.calls) == 0
