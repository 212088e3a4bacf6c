"""How connectors talk HTTP, on real sockets: an answer has its time, and comes whole or not at all."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from connectors import sessions, transport
from connectors.base import BadResponse, Transient

Speak = Callable[[socket.socket], None]


@contextmanager
def server(speak: Speak) -> Iterator[str]:
    """Listen on this machine, answer one request by ``speak``, and give the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                try:
                    speak(connection)
                except OSError:
                    return  # who asked has gone

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


def ask(address: str) -> dict[str, object]:
    """Ask as a connector does."""
    opened = sessions.open_session(address)
    with opened:
        return transport.ask(
            "Oakfield",
            lambda: transport.json_answer(opened.get(address, timeout=(2, 2)), "Oakfield"),
            lambda refusal: transport.by_status("Oakfield", refusal, pytest.fail("no error was sent")),
        )


def test_an_answer_that_drips_is_given_up_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte comes in time, the whole never does: no thread is held for hours."""
    monkeypatch.setattr(sessions, "LONGEST_ANSWER", 0.5)

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.05)

    begun = time.monotonic()
    with server(drip) as address, pytest.raises(Transient):
        ask(address)
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_whole_answer_is_read_however_it_is_sent(packed: bool, chunked: bool) -> None:
    """With its length or in chunks, packed or not, in as many pieces as the network likes."""
    content = {"words": "ä" * 50_000}
    body = json.dumps(content).encode()
    body = gzip.compress(body) if packed else body
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: gzip\r\n" if packed else b"")

    def speak(connection: socket.socket) -> None:
        if not chunked:
            connection.sendall(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            return
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(body), 7_001):
            part = body[start : start + 7_001]
            connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    with server(speak) as address:
        assert ask(address) == content


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Length: 100\r\n\r\n{",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nno packing",
    ],
    ids=["too short", "a cut chunk", "badly packed"],
)
def test_a_cut_answer_is_a_bad_one(raw: bytes) -> None:
    """What is not whole is read again by the next poll, and never believed."""
    speak: Speak = lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + raw)  # noqa: E731
    with server(speak) as address, pytest.raises(BadResponse):
        ask(address)


def test_an_answer_without_a_body_has_none() -> None:
    """Some platforms answer an act with nothing at all."""
    with server(lambda connection: connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")) as address:
        assert sessions.open_session(address).get(address, timeout=2).content == b""


def test_a_silent_platform_costs_its_timeout_only() -> None:
    """Connected, asked, and nothing comes."""
    late = requests.exceptions.ReadTimeout
    with server(lambda connection: time.sleep(0.8)) as address, pytest.raises(late):
        sessions.open_session(address).get(address, timeout=(1, 0.3))
