"""``alerts``: who was told what."""

from __future__ import annotations

import argparse

from workers.shell import listing_arguments, reading, show

HELP = "List who was told what, and whether it arrived, newest first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    from store import listings

    with reading(args) as connection:
        rows = listings.alerts(connection, limit=args.limit)
    show(rows, as_json=args.json, title="alerts")
    return 0
