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
    import config

    root = Path(config.__file__).resolve().parent
    target: Path = args.settings
    calendar = target.parent / "config" / "calendars" / "oakfield-2025-27.csv"
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write((root / "example.toml").read_text(encoding="utf-8"))
        if not calendar.exists():
            calendar.parent.mkdir(parents=True, exist_ok=True)
            calendar.write_bytes((root / "calendars" / calendar.name).read_bytes())
    except FileExistsError:
        raise Trouble(f"{target} is there already: edit it, or name another file with --settings") from None
    except OSError as error:
        raise Trouble(f"{target} cannot be written: {error.strerror}") from None
    print(
        f"Wrote {target} for an invented school. Put your own in its place, then run 'check'.",
        file=sys.stderr,
    )
    return 0
