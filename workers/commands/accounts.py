"""``accounts``: the register, and whether each account is being read."""

from __future__ import annotations

import argparse

from workers.shell import listing_arguments, reading, show

HELP = "List the accounts of the register and whether each is being read."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the listing; 1 when an account cannot be read."""
    from store import listings

    with reading(args) as connection:
        rows = listings.accounts(connection)
    show(rows[: args.limit], as_json=args.json, title="accounts")
    return 1 if any(row["not_read_since"] for row in rows) else 0
