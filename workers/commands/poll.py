"""``poll``: read the accounts once, do all work that is due, and end."""

from __future__ import annotations

import argparse
import sys

from workers.shell import Trouble, desk_for, show

HELP = "Read the accounts once, do all work that is due, and end."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--account", help="only this account")
    parser.add_argument("--json", action="store_true", help="the counts as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Poll and drain; 1 when an account cannot be read or work waits for a person."""
    from moderation.items import AccountName
    from moderation.tasks import TaskKind
    from store import listings
    from workers.broker import LocalBroker
    from workers.running import crew, drain

    with desk_for(args, works=True) as desk:
        names = [AccountName(args.account)] if args.account else list(desk.ports.accounts)
        if args.account and names[0] not in desk.ports.accounts:
            raise Trouble(f"there is no account {args.account} in the register")
        with desk.store.begin() as unit:
            unit.tasks.hurry(TaskKind.POLL_ACCOUNT, names, desk.ports.now())
        broker = LocalBroker()
        with crew(desk, broker):
            drain(desk, broker)
        with desk.store.begin() as unit:
            totals = listings.totals(unit.connection)
            accounts = listings.accounts(unit.connection)
            waiting = listings.waiting(unit.connection, desk.ports.now())
    show([totals], as_json=args.json, title="what is there")
    blind = [row for row in accounts if row["not_read_since"]]
    for row in blind:
        why = row["detail"] or row["reason"]
        print(f"{row['account']} could not be read: {why}", file=sys.stderr)
    if totals["rejected"]:
        print(f"{totals['rejected']} item(s) could not be read: see 'items --rejected'", file=sys.stderr)
    return 1 if blind or waiting["set_aside"] else 0
