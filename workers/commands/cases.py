"""``cases``: who is owed what, and by when."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from workers.bootstrap import utc_now
from workers.shell import case_from, listing_arguments, reading, severity_cell, show

HELP = "List the cases, what is due first comes first; or show one with its history."

_COLUMNS = ("case", "account", "state", "severity", "labels", "route", "received", "due", "clock", "reasons")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser, words=True)
    parser.add_argument("case", nargs="?", help="one case, for example 2026-0443, with its history")
    parser.add_argument("--open", action="store_true", help="only cases that wait for somebody")
    parser.add_argument("--school", help="the school, where several have a case of that number")


def run(args: argparse.Namespace) -> int:
    """Print the listing or one case."""
    from store import listings

    with reading(args) as connection:
        if args.case is not None:
            return _show_one(connection, args)
        rows = listings.cases(
            connection, now=utc_now(), limit=args.limit, words=args.words, only_open=args.open
        )
    show(rows if args.json else _narrow(rows, words=args.words), as_json=args.json, title="cases")
    return 0


def _show_one(connection: Any, args: argparse.Namespace) -> int:
    from store import listings
    from store.orders import orders_of

    number = case_from(connection, args.case, args.school)
    rows = listings.cases(
        connection, now=utc_now(), limit=1, words=args.words, only_open=False, number=number
    )
    events = listings.history(connection, number)
    orders = orders_of(connection, number)
    if args.json:
        show([{**rows[0], "history": events, "orders": orders}], as_json=True)
        return 0
    show([{"what": name.replace("_", " "), "is": value} for name, value in rows[0].items()], as_json=False)
    show(events, as_json=False, title="history")
    if orders:
        show(orders, as_json=False, title="what was ordered on the platform")
    return 0


def _narrow(rows: Iterable[Mapping[str, Any]], *, words: bool) -> list[dict[str, Any]]:
    """Leave out what does not fit beside the rest on a terminal; ``--json`` has everything."""
    names = (*_COLUMNS, "author", "text") if words else _COLUMNS
    shown = ({**row, "severity": severity_cell(row)} for row in rows)
    return [{name: row[name] for name in names} for row in shown]
