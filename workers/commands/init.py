"""``init``: a settings file to edit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from workers.shell import Trouble

HELP = "Write a commented settings file to edit; an existing one is never touched."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes: nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Copy the example, and the calendar that it names, to where the settings are looked for."""
    from workers.example import write_example

    target: Path = args.settings
    try:
        write_example(target)
    except FileExistsError:
        raise Trouble(f"{target} is there already: edit it, or name another file with --settings") from None
    except OSError as error:
        raise Trouble(f"{target} cannot be written: {error.strerror}") from None
    print(
        f"Wrote {target} for an invented school. Put your own in its place, then run 'check'.",
        file=sys.stderr,
    )
    return 0
