"""Serving the console beside, or without, the workers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import uvicorn

from config.settings import Settings
from console.app import StatusView, make_app
from workers.bootstrap import SetUpError
from workers.desk import Desk
from workers.health import health
from workers.link_desk import link_desk


@contextlib.contextmanager
def console_thread(desk: Desk, settings: Settings) -> Iterator[None]:
    """Serve the console while the block runs, from a thread of its own.

    Raises:
        SetUpError: it cannot listen where the settings say.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(
                lambda: _status(desk), link_desk(desk.ports), secure=desk.public_url.startswith("https:")
            ),
            host=settings.console.host,
            port=settings.console.port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the process stops on its own
    thread = threading.Thread(target=_run, args=(server,), name="console", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            where = f"{settings.console.host}:{settings.console.port}"
            raise SetUpError(f"the console cannot listen on {where}: free the port, or set another")
        thread.join(timeout=0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=5)


def _run(server: uvicorn.Server) -> None:
    """Serve; a server that cannot listen wants to end the whole process, which is not its business."""
    with contextlib.suppress(SystemExit):
        server.run()


def _status(desk: Desk) -> StatusView:
    with desk.store.begin() as unit:
        state = health(unit.connection, desk.ports.now())
    return StatusView(state.at, state.problems, state.totals, state.accounts, state.loops)
