"""A calendar feed is fetched from a real server; whatever goes wrong is said without its address."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import responses
from pydantic import TypeAdapter

from config.values import FeedUrl
from connectors.base import BadResponse, BugOrConfig, ConnectorError, NotFound, Transient
from workers import calendar_feed
from workers.calendar_feed import fetch

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
KEY = "private-key-77"


_LEADS_TO = {
    "/circle": "/circle",
    "/moved": "/terms.ics",
    "/to-plain": "http://school.invalid/terms.ics",
    "/to-nowhere": "https://[school/terms.ics",
}


class _Pages(BaseHTTPRequestHandler):
    """Answers by path, as servers of schools and councils do."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/status/"):
            self._answer(int(path.rpartition("/")[2]), b"no")
        elif path in _LEADS_TO:
            self._answer(302, b"", location=_LEADS_TO[path])
        elif path.startswith("/slow/"):
            self._trickle(path.rpartition("/")[2])
        elif path == "/large":
            self._answer(200, b"x" * 2048)
        elif path == "/cut":
            self._answer(200, CALENDAR, promised=len(CALENDAR) + 50)
        else:
            self._answer(200, CALENDAR)

    def _answer(self, status: int, body: bytes, location: str = "", promised: int | None = None) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body) if promised is None else promised))
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self, what: str) -> None:
        """Send a byte now and then, for far longer than anybody should listen."""
        begun = b"HTTP/1.1 200 OK\r\n"
        rest = {
            "headers": [b"X-%d: y\r\n" % number for number in range(60)],
            "measured": [b"Content-Length: 60\r\n\r\n", *[b"x"] * 60],
            "endless": [b"Connection: close\r\n\r\n", *[b"x"] * 60],
            "chunked": [b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 60],
        }[what]
        for part in (begun, *rest):
            try:
                self.wfile.write(part)
            except OSError:
                return  # nobody listens any more: that is what was asked for
            time.sleep(0.1)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server with the pages above."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.mark.parametrize("path", ["/terms.ics", "/moved"])
def test_what_is_published_comes_back_byte_for_byte(server: str, path: str) -> None:
    """A page that has moved is followed."""
    assert fetch(f"{server}{path}?key={KEY}") == CALENDAR


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/status/404", NotFound),
        ("/status/410", NotFound),
        ("/status/401", BugOrConfig),
        ("/status/403", BugOrConfig),
        ("/status/500", Transient),
        ("/status/429", Transient),
        ("/circle", BadResponse),
        ("/to-plain", BugOrConfig),
        ("/to-nowhere", BadResponse),
        ("/cut", Transient),
    ],
)
def test_what_goes_wrong_has_a_name_and_never_quotes_the_address(
    server: str, path: str, error: type[ConnectorError]
) -> None:
    """The address may hold a key; the chain of errors is as silent as the error."""
    with pytest.raises(error) as caught:
        fetch(f"{server}{path}?key={KEY}")
    seen: BaseException | None = caught.value
    while seen is not None:
        assert KEY not in str(seen)
        seen = seen.__cause__ or seen.__context__


def test_nobody_at_the_address_is_trouble_that_passes() -> None:
    """A server that is down today is asked again."""
    with pytest.raises(Transient):
        fetch("http://127.0.0.1:9/terms.ics")


def test_an_address_without_protection_is_refused_before_anything_is_sent() -> None:
    """Whoever is on the way could change the school's holidays."""
    with pytest.raises(BugOrConfig, match="https"):
        fetch("http://school.invalid/terms.ics")


def test_what_is_larger_than_any_calendar_is_not_read_to_its_end(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film at the address fills no memory."""
    monkeypatch.setattr(calendar_feed, "MOST_BYTES", 1024)
    with pytest.raises(BadResponse, match="larger"):
        fetch(f"{server}/large")


@pytest.mark.parametrize("what", ["headers", "measured", "endless", "chunked"])
def test_a_server_that_trickles_is_not_waited_for(
    server: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """However many bytes still come, and wherever, the time for one calendar is limited."""
    monkeypatch.setattr(calendar_feed, "MOST_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(Transient, match="slowly"):
        fetch(f"{server}/slow/{what}")
    assert time.monotonic() - begun < 1.5


def test_no_watch_outlives_its_calendar(server: str) -> None:
    """Four calendars a day for years leave no thread behind."""
    fetch(f"{server}/terms.ics")
    timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    assert all(each.finished.is_set() for each in timers)


@responses.activate
def test_every_address_of_this_computer_is_this_computer() -> None:
    """The settings and the fetching take the same ones: a rehearsal may listen on any of them."""
    address = "http://127.0.0.2/terms.ics"
    responses.get(address, body=CALENDAR)
    assert TypeAdapter(FeedUrl).validate_python(address) == address
    assert fetch(address) == CALENDAR


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@responses.activate
def test_nobody_outside_sends_us_to_this_computer(host: str) -> None:
    """What listens here without protection is not meant for a stranger's redirect."""
    away = "https://school.example/terms.ics"
    responses.get(away, status=302, headers={"Location": f"http://{host}/terms.ics"})
    here = responses.get(f"http://{host}/terms.ics", body=CALENDAR)
    with pytest.raises(BugOrConfig, match="https"):
        fetch(away)
    assert here.call_count == 0
