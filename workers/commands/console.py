"""``console``: the pages, as a process of their own."""

from __future__ import annotations

import argparse

from workers.shell import desk_for, settings_from

HELP = "Serve the status page and the health checks."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    from workers.running import beat_until_closing, stopping_on_signals
    from workers.serving import console_thread

    settings = settings_from(args)
    with desk_for(args, works=False) as desk, stopping_on_signals(desk), console_thread(desk, settings):
        beat_until_closing(desk, "console")
    return 0
