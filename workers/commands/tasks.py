"""``tasks``: the work that is due, waiting, done or set aside."""

from __future__ import annotations

import argparse

from moderation.tasks import TaskState
from workers.shell import listing_arguments, reading, show

HELP = "List the system's own work, what is due next comes first."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    listing_arguments(parser)
    parser.add_argument(
        "--state", choices=[str(state) for state in TaskState], help="only tasks in this state"
    )


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    from store import listings

    with reading(args) as connection:
        rows = listings.tasks(connection, limit=args.limit, state=args.state)
    show(rows, as_json=args.json, title="tasks")
    return 0
