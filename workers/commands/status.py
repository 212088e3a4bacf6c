"""``status``: is everything alive, and does anything wait for a person?"""

from __future__ import annotations

import argparse
import json
from functools import partial

from workers.bootstrap import utc_now
from workers.shell import plain, reading, settings_from, show, table

HELP = "Show whether everything is alive and what waits for a person."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--loop", help="only ask whether this loop is alive on this host; 0 if it is")


def run(args: argparse.Namespace) -> int:
    """Print the state of things; 1 when something needs a person."""
    from store.usage import Usage
    from workers.bootstrap import accounts_of, connector_without_token
    from workers.costs import costs
    from workers.health import health, loop_is_alive, model_files

    now, settings = utc_now(), settings_from(args)
    with reading(args) as connection:
        if args.loop is not None:
            return 0 if loop_is_alive(connection, args.loop, now) else 1
        state = health(connection, now, model_files(settings.scoring.mode))
        spent = costs(
            Usage(connection), accounts_of(settings), partial(connector_without_token, settings), now
        )
    if args.json:
        print(json.dumps({**state.as_dict(), "costs": spent}, ensure_ascii=False, default=plain))
    else:
        show([state.totals], as_json=False, title="what is there")
        if state.accounts:
            table(state.accounts, title="accounts")
            table(spent, title="what reading costs: calls and units today, US dollars this month")
        if state.loops:
            table(state.loops, title="loops")
        for problem in state.problems:
            print(f"! {problem}")
        if not state.problems:
            print("Everything works. What waits for an answer: 'cases --open'.")
    return 1 if state.problems else 0
