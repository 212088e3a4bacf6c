"""``thresholds``: from which probability on an item is called serious, the guard rails, and who moved it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from moderation.assessment import Severity
from workers.shell import Trouble, desk_for, person_from, reading, reason, settings_from, show

if TYPE_CHECKING:
    from moderation.abuse.verdict import Cuts
    from moderation.threshold_moves import Move

HELP = "Show from which probability on items are called serious, or move one of these cuts."

_AS_SHIPPED = "shipped"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP + " A lower cut tells more people more often, a higher one less often. The cuts hold for every "
        "school of this installation, can only be moved within guard rails, and every move is recorded: "
        "--set high=0.45 --as PERSON --why REASON, or --set high=shipped to put it back."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object for each step, with its moves")
    parser.add_argument(
        "--set", dest="wish", type=_wish, metavar="STEP=CUT", help="move the cut of medium, high or critical"
    )
    parser.add_argument("--as", dest="person", metavar="PERSON", help="--set: your short name")
    parser.add_argument(
        "--why", type=reason, metavar="REASON", help="--set: the reason, which is kept with the move"
    )


def _wish(words: str) -> tuple[Severity, float | None]:
    name, _, value = words.partition("=")
    try:
        return Severity[name.strip().upper()], None if value.strip() == _AS_SHIPPED else float(value)
    except (KeyError, ValueError):
        raise argparse.ArgumentTypeError("write it like high=0.45 or high=shipped") from None


def run(args: argparse.Namespace) -> int:
    """List the cuts with their moves, or move one; 1 when the move is refused."""
    model, shipped = _shipped(settings_from(args).scoring.mode)
    if args.wish is not None:
        return _move(args, model, shipped)
    if args.person is not None or args.why is not None:
        raise Trouble("--as and --why belong to --set STEP=CUT: nothing was moved")
    with reading(args) as connection:
        from store.feedback import Thresholds

        moves = Thresholds(connection).moves()
    steps = _steps(shipped, moves)
    if args.json:
        for row in steps:
            row["moves"] = [_shown(each) for each in moves if each.step.word == row["step"]]
        show(steps, as_json=True)
    else:
        show(steps, as_json=False, title="thresholds")
        show([_shown(each) for each in reversed(moves)], as_json=False, title="moves")
    return 0


def _shipped(mode: str) -> tuple[str, Cuts]:
    """Return the models' name and cuts. Raises Trouble where nothing is scored by cuts."""
    from workers.models import shipped_cuts

    if mode == "rules":
        raise Trouble('there are no thresholds: with mode = "rules" in [scoring] no model has a say')
    try:
        return shipped_cuts(with_encoder=mode == "encoder")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Trouble("the trained models are not there or broken, so nothing is cut: run 'check'") from None


def _steps(shipped: Cuts, moves: Sequence[Move]) -> list[dict[str, Any]]:
    from moderation.threshold_moves import cuts_set
    from moderation.thresholds import STEPS, moved, rail

    in_force = moved(shipped, cuts_set(moves)).severity
    return [
        {
            "step": step.word,
            "in_force": in_force[step],
            "shipped": shipped.severity[step],
            "lowest": rail(step, shipped.severity[step]).lowest,
            "highest": rail(step, shipped.severity[step]).highest,
        }
        for step in STEPS
    ]


def _shown(move: Move) -> dict[str, Any]:
    return {
        "move": move.number,
        "step": move.step.word,
        "from": move.old,
        "to": _AS_SHIPPED if move.new is None else move.new,
        "by": move.by,
        "at": move.at,
        "why": move.why,
        "model": move.model,
    }


def _move(args: argparse.Namespace, model: str, shipped: Cuts) -> int:
    from moderation.thresholds import MayNotMove, Wish, move

    if args.person is None or args.why is None:
        raise Trouble("say who moves it and why: --as PERSON --why REASON")
    person = person_from(settings_from(args), args.person)
    step, new = args.wish
    with desk_for(args, works=False) as desk:
        try:
            made = move(desk.ports, shipped, model, Wish(step, new, args.why), person)
        except MayNotMove as refused:
            raise Trouble(f"Nothing is changed: {refused}.", exit_code=1) from None
    cut = shipped.severity[step] if made.new is None else made.new
    print(
        f"The cut of {step.word} is {cut:g} now; it was {made.old:g} (move {made.number}). "
        "While socialduty runs, it counts within a minute.",
        file=sys.stderr,
    )
    return 0
