"""A calendar feed is fetched from a real server; whatever goes wrong is said without its address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.base import BadResponse, BugOrConfig, ConnectorError, NotFound, Transient
from workers import calendar_feed
from workers.calendar_feed import fetch

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
KEY = "private-key-77"


class _Pages(BaseHTTPRequestHandler):
    """Answers by path, as servers of schools and councils do."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/status/"):
            self._answer(int(path.rpartition("/")[2]), b"no")
        elif path == "/circle":
            self._answer(302, b"", location="/circle")
        elif path == "/moved":
            self._answer(301, b"", location="/terms.ics")
        elif path == "/to-plain":
            self._answer(302, b"", location="http://school.invalid/terms.ics")
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


def test_a_server_that_trickles_is_not_waited_for(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many bytes still come, the time for one calendar is limited."""
    monkeypatch.setattr(calendar_feed, "MOST_SECONDS", 0.0)
    with pytest.raises(Transient, match="slowly"):
        fetch(f"{server}/large")
