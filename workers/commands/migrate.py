"""``migrate``: bring the database's tables up to date."""

from __future__ import annotations

import argparse
import sys

from workers.shell import Trouble, settings_from

HELP = "Bring the database up to date; back it up first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Take every missing step."""
    from store.engine import StoreError, open_engine
    from store.migrate import head, upgrade

    address = settings_from(args).database_address
    engine = open_engine(address.get_secret_value() if address else "")
    try:
        changed = upgrade(engine)
    except StoreError as error:
        raise Trouble(str(error)) from None
    finally:
        engine.dispose()
    print(f"The database is at step {head()}." if changed else "Nothing to do.", file=sys.stderr)
    return 0
