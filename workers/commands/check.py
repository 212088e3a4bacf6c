"""``check``: is this set-up fit to run?"""

from __future__ import annotations

import argparse
import json

from workers.shell import settings_from

HELP = "Check the set-up without touching any platform: settings, calendars, database, disk."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object per probe")


def run(args: argparse.Namespace) -> int:
    """Run every probe; 0 all is well, 1 something is worth a look, 2 it cannot run like this."""
    from workers.bootstrap import utc_now
    from workers.probes import Verdict, probe

    findings = probe(settings_from(args), utc_now())
    for finding in findings:
        if args.json:
            print(json.dumps({"probe": finding.probe, "verdict": str(finding.verdict), "what": finding.what}))
        else:
            print(f"{finding.verdict:<7} {finding.probe}: {finding.what}")
    worst = max((finding.verdict for finding in findings), key=list(Verdict).index)
    return list(Verdict).index(worst)
