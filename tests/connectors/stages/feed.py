"""A forum as a stage: a web server on this machine that shows what was written as an RSS feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from connectors.base import Connector
from moderation.actions import ActionKind
from tests.connectors.stages.stage import AT_ONCE, KERRY, ROWAN, LackingError, Place, Said, Stage
from tests.connectors.wire import NOW, connector
from tests.fakes import PassingTime

SCHOOL = "school"
NAMES = {KERRY: "Kerry Walsh", ROWAN: "Rowan Ash", SCHOOL: "Oakfield Academy"}
SPACES = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:thr="http://purl.org/syndication/thread/1.0"'
POSTS = "https://forum.oakfield.example/posts"


class FeedStage(Stage):
    """A forum's feed: what is written, newest first, and nothing else."""

    platform = "feed"

    def __init__(self, address: str) -> None:
        self.address = address
        self.host = address.removeprefix("http://")
        self.is_listed = True
        self._entries: dict[str, tuple[Said, Said | None, datetime]] = {}
        self._time = PassingTime(NOW)

    @property
    def now(self) -> datetime:
        return self._time.at

    def settle(self) -> None:
        self._time.pass_by(minutes=2)

    def reader(self) -> Connector:
        return connector("feed", base_url=self.address)

    def wrong_reader(self) -> Connector:
        raise LackingError("a feed is read without a token")

    def post(self, words: str) -> Said:
        return self._write(words, SCHOOL, None, timedelta(days=2))

    def comment(self, words: str, under: Said, by: str = KERRY, claimed: timedelta = AT_ONCE) -> Said:
        return self._write(words, by, under, claimed)

    def answer(self, words: str, under: Said) -> Said:
        return self._write(words, SCHOOL, under, AT_ONCE)

    def message(self, words: str, by: str = KERRY) -> Said:
        raise LackingError("a feed shows nothing private")

    def edit(self, said: Said, words: str) -> None:
        _, under, at = self._entries[said.key]
        self._entries[said.key] = (Said(said.key, said.external_id, words, said.by), under, at)

    def delete(self, said: Said) -> None:
        del self._entries[said.key]

    @contextmanager
    def unlisted(self) -> Iterator[None]:
        self.is_listed = False
        yield
        self.is_listed = True

    def count(self, kind: ActionKind, said: Said) -> int:
        raise LackingError("nothing can be done through a feed")

    def document(self) -> bytes:
        """Return the feed as it is now."""
        entries = reversed(self._entries.values()) if self.is_listed else ()
        body = "".join(_entry(said, under, at) for said, under, at in entries)
        head = '<?xml version="1.0" encoding="utf-8"?>'
        return (
            f'{head}<rss version="2.0" {SPACES}><channel><title>Forum</title>{body}</channel></rss>'.encode()
        )

    def _write(self, words: str, by: str, under: Said | None, claimed: timedelta) -> Said:
        key = f"{POSTS}/{len(self._entries) + 1}"
        said = Said(key, key, words, by)
        self._entries[key] = (said, under, self.now - claimed)
        return said


def _entry(said: Said, under: Said | None, at: datetime) -> str:
    above = f'<thr:in-reply-to ref="{under.key}"/>' if under else ""
    return (
        f"<item><guid>{said.key}</guid><link>{said.key}</link><title>Re: School</title>"
        f"<dc:creator>{NAMES[said.by]}</dc:creator><description>{escape(said.words)}</description>"
        f"<pubDate>{format_datetime(at, usegmt=True)}</pubDate>{above}</item>"
    )


@contextmanager
def _stage() -> Iterator[Stage]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = stage.document()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *given: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stage = FeedStage(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield stage
        server.shutdown()
        thread.join()


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield _stage
