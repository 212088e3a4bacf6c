"""``items``: what was received."""

from __future__ import annotations

import argparse

from workers.shell import listing_arguments, reading, show

HELP = "List what was received on the accounts, newest first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser, words=True)
    parser.add_argument("--account", help="only this account")


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    from store import listings

    with reading(args) as connection:
        rows = listings.items(connection, limit=args.limit, words=args.words, account=args.account)
    show(rows, as_json=args.json, title="items")
    return 0
