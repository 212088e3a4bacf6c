"""``items``: what was received."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from workers.shell import listing_arguments, reading, severity_cell, show

HELP = "List what was received on the accounts, newest first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser, words=True)
    parser.add_argument("--account", help="only this account")
    parser.add_argument(
        "--rejected", action="store_true", help="what could not be read: look on the platform"
    )


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    from store import listings

    with reading(args) as connection:
        if args.rejected:
            unread = listings.rejected(connection, limit=args.limit, account=args.account)
            show(unread, as_json=args.json, title="items that could not be read")
            return 0
        rows = listings.items(connection, limit=args.limit, words=args.words, account=args.account)
    show(rows if args.json else _narrow(rows, words=args.words), as_json=args.json, title="items")
    return 0


def _narrow(rows: Iterable[Mapping[str, Any]], *, words: bool) -> list[dict[str, Any]]:
    """Leave out what does not fit beside the rest on a terminal; ``--json`` has everything."""
    names = ("item", "account", "own", "received", "severity", "labels", "intent", "route", "case", "reasons")
    with_words = ("item", "account", "received", "severity", "case", "author", "text")
    shown = ({**row, "severity": severity_cell(row)} for row in rows)
    return [{name: row[name] for name in (with_words if words else names)} for row in shown]
