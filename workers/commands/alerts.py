"""``alerts``: who was told what."""

from __future__ import annotations

import argparse

from workers.shell import listing_arguments, reading, show

_COLUMNS = ("about", "step", "recipient", "because", "channel", "state", "attempts", "send_at", "changed")
"""What fits on a terminal; ``--json`` has everything."""

HELP = "List who was told what, and whether it arrived, newest first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    from store import alert_listings

    with reading(args) as connection:
        rows = alert_listings.alerts(connection, limit=args.limit)
    narrow = [{name: row[name] for name in _COLUMNS} for row in rows]
    show(rows if args.json else narrow, as_json=args.json, title="alerts")
    return 0
