"""``run``: everything for one host."""

from __future__ import annotations

import argparse

from workers.shell import desk_for, settings_from

HELP = "Run everything for one host until it is asked to stop: schedule, workers and console."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; what is in hand is finished or given back."""
    from workers.broker import broker_for
    from workers.running import crew, ring_until_closing, stopping_on_signals
    from workers.serving import console_thread

    settings = settings_from(args)
    with desk_for(args, works=True) as desk:
        broker = broker_for(settings.redis_address)
        with stopping_on_signals(desk), crew(desk, broker), console_thread(desk, settings):
            ring_until_closing(desk, broker, "run")
    return 0
