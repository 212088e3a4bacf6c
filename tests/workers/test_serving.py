"""The console's first pages, over a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import uvicorn

from config.settings import load
from console.app import StatusView, make_app
from tests.schools import write_settings
from workers.bootstrap import SetUpError, utc_now
from workers.desk import Desk
from workers.serving import console_thread


def test_a_port_that_is_taken_is_one_clear_sentence(desk: Desk, tmp_path: Path) -> None:
    """A host that seems to run but has no console would surprise somebody at the wrong moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        path = write_settings(tmp_path, "http://127.0.0.1:9", ("port = 8080", f"port = {port}"))
        with pytest.raises(SetUpError, match="cannot listen"), console_thread(desk, load(path)):
            pass


def _view() -> StatusView:
    return StatusView(
        at=utc_now(),
        problems=["oakfield-x has not been read since <b>Monday</b>"],
        totals={"items": 3},
        accounts=[
            {
                "account": "oakfield-x",
                "last_read": None,
                "not_read_since": utc_now(),
                "reason": "x",
                "items": 0,
            }
        ],
        loops=[{"loop": "run", "host": "server", "last": utc_now(), "alive": True}],
    )


def _broken() -> StatusView:
    raise OSError("words from the driver")


@pytest.fixture(params=[_view, _broken], ids=["fine", "broken"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Serve the console on a free port; return its address and which kind it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(request.param), port=port, log_level="error"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # tests have their own
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{port}", request.node.callspec.id
    server.should_exit = True
    thread.join(5)


def test_health_readiness_and_status_say_what_is_so(served: tuple[str, str]) -> None:
    """The process is alive either way; it is ready, and has a page, only when the database can be read."""
    url, kind = served
    alive, ready, page = (requests.get(f"{url}{path}", timeout=5) for path in ("/healthz", "/readyz", "/"))
    assert alive.status_code == 200
    assert (ready.status_code, page.status_code) == ((200, 200) if kind == "fine" else (503, 503))
    assert "words from the driver" not in ready.text + page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    if kind == "fine":
        assert "Something needs a person" in page.text
        assert "&lt;b&gt;Monday" in page.text
    assert requests.post(url, timeout=5).status_code == 405
