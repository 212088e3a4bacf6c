"""``schedule``: the bell that wakes the workers of several hosts."""

from __future__ import annotations

import argparse

from workers.shell import Trouble, desk_for, settings_from

HELP = "Ring for due work so that the workers of several hosts do it; needs Redis and PostgreSQL."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Ring until SIGTERM or SIGINT. While Redis is away, alerts are sent from here."""
    from workers.broker import broker_for
    from workers.jobs import declare
    from workers.running import ring_until_closing, stopping_on_signals

    settings = settings_from(args)
    if not settings.uses_redis:
        raise Trouble("schedule and work talk over Redis: set redis_url, or use 'run' on one host")
    with desk_for(args, works=True) as desk:
        broker = broker_for(settings.redis_address)
        declare(broker, desk)
        with stopping_on_signals(desk):
            ring_until_closing(desk, broker, "schedule")
        broker.close()
    return 0
