"""``work``: one worker process of several."""

from __future__ import annotations

import argparse

from moderation.tasks import Lane
from workers.shell import Trouble, desk_for, settings_from

HELP = "Do the work of some lanes, woken over Redis; start as many as needed, on as many hosts."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    names = [str(lane) for lane in Lane]
    parser.add_argument("--lanes", nargs="+", choices=names, default=names, help="which lanes (all)")


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; what is in hand is finished or given back."""
    from workers.broker import broker_for
    from workers.running import beat_until_closing, crew, stopping_on_signals

    settings = settings_from(args)
    if not settings.uses_redis:
        raise Trouble("schedule and work talk over Redis: set redis_url, or use 'run' on one host")
    lanes = [Lane(name) for name in args.lanes]
    with desk_for(args, works=True) as desk:
        broker = broker_for(settings.redis_address)
        with stopping_on_signals(desk), crew(desk, broker, lanes):
            beat_until_closing(desk, f"work-{'-'.join(lanes)}" if len(lanes) < len(Lane) else "work")
    return 0
