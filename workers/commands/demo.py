"""``demo``: a whole week on the practice platforms, from comments to the report, in one command."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.shell import Trouble, plain, severity_cell, table

if TYPE_CHECKING:
    from workers.demo import Played

HELP = "Play a sample week on the practice platforms: comments, alerts, answers and the weekly report."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="FILE.jsonl", help="play this content instead"
    )
    parser.add_argument("--json", action="store_true", help="counts and cases as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Play the week and say what came of it.

    Return 1 when its report does not add up, lines were not readable or the models could not be loaded.
    """
    from connectors.practice.content import load, sample_week
    from moderation.assessment import Lack
    from sla.figures import check
    from store.engine import StoreError
    from workers.demo import plan_for, play

    try:
        content = load(args.source) if args.source else sample_week()
    except OSError as error:
        raise Trouble(f"{args.source} cannot be read: {error.strerror}") from None
    for line in content.rejected:
        print(f"{args.source}, line {line.line}: {line.reason}", file=sys.stderr)
    try:
        played = play(plan_for(content, Path.cwd()), lambda words: print(words, file=sys.stderr))
    except StoreError as error:
        raise Trouble(str(error)) from None
    _say(played, as_json=args.json)
    faulty = check(played.figures) or content.rejected or Lack.NOT_LOADED in played.without_models
    return 1 if faulty or not played.is_complete else 0


def _say(played: Played, *, as_json: bool) -> None:
    total = played.figures.total
    outcomes = {
        name: getattr(total, name)
        for name in ("received", "met", "late", "open", "withdrawn", "not_needed", "held")
    }
    if as_json:
        shown = {
            "totals": played.totals,
            "outcomes": outcomes,
            "without_models": played.without_models,
            "cases": played.cases,
        }
        print(json.dumps(shown, ensure_ascii=False, default=plain))
        return
    if played.was_resumed:
        print("Went on from where an earlier run had stopped.\n", file=sys.stderr)
    cases = [_case(case) for case in played.cases if _is_worth_a_line(case)]
    if cases:
        table(cases, title="cases, what is due first")
    else:
        print("No case was more than routine that was answered in time.")
    table([played.totals], title="what went through each stage")
    table([outcomes], title="what became of what was received in the week")
    headline = played.figures.headline
    print(f"{headline.met} of {headline.decided} replies that fell due in the week were given in time.")
    for lack, count in played.without_models.items():
        print(
            f"! The trained models had no say ({lack}) in {count} of {played.totals['scored']} messages: the "
            "rules judged these alone, and each is marked uncertain. Install socialduty again."
        )
    print(f"Alerts (open any .eml file):  {played.outbox}")
    print(f"Weekly report (PDF, HTML, XLSX):  {played.report}")
    print("Look closer: 'python3 run.py --settings demo/socialduty.toml cases --open' (or items, judge, ...)")
    print("Next: 'python3 run.py init' writes settings to fill in for your own school.")


def _is_worth_a_line(case: Mapping[str, Any]) -> bool:
    """Leave routine cases that were answered in time to the counts: a screen holds about thirty lines."""
    return case["severity"] not in ("none", "low") or case["clock"] != "met"


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case": case["case"],
        "on": str(case["account"]).rpartition("-")[2],
        "severity": severity_cell(case),
        "goes_to": case["route"],
        "clock": case["clock"] or "no reply owed",
        "why": case["why"] or "",
    }
