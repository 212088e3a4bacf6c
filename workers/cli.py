"""The command line: ``socialduty COMMAND ...``. Results go to stdout, everything else to stderr.

Exit codes: 0 fine, 1 something needs a person, 2 wrong use or broken set-up.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

COMMANDS = (
    "demo",
    "init",
    "check",
    "drill",
    "run",
    "schedule",
    "work",
    "console",
    "poll",
    "practice",
    "status",
    "items",
    "cases",
    "alerts",
    "accounts",
    "tasks",
    "take",
    "give-back",
    "false-alarm",
    "answered",
    "close",
    "act",
    "note",
    "judge",
    "feedback",
    "thresholds",
    "messages",
    "intake",
    "report",
    "migrate",
    "score",
    "due",
    "calendar",
    "clocks",
)
"""Every command, in the order in which people meet them."""

DEFAULT_SETTINGS = Path("socialduty.toml")

FINE, NEEDS_PERSON, BROKEN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    name = next((word for word in words if word in COMMANDS), None)
    parser = _parser(name)
    args = parser.parse_args(words)
    if args.command is None:
        parser.print_help(sys.stderr)
        return BROKEN
    with contextlib.suppress(BrokenPipeError):
        return _run(_module(args.command), args)
    # Whoever read our output has gone: there is nobody left to tell.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE


def _run(command: ModuleType, args: argparse.Namespace) -> int:
    from workers.shell import Trouble, log_to_stderr

    log_to_stderr(args.log_level)
    try:
        code: int = command.run(args)
        sys.stdout.flush()
        return code
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return BROKEN
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a person gets a line; its text may quote what people wrote
        traceback.print_tb(error.__traceback__)
        print(f"{type(error).__name__}: this is a fault in socialduty, please report it", file=sys.stderr)
        return BROKEN


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the wanted command's own arguments are loaded, so that start-up stays quick."""
    parser = argparse.ArgumentParser(
        prog="socialduty",
        description="Watches a school's own accounts and sees that everybody is answered on time.",
    )
    parser.add_argument(
        "--settings", type=Path, default=DEFAULT_SETTINGS, help="the settings file (%(default)s)"
    )
    parser.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), help="how much to say on stderr"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        if wanted not in (None, name):
            commands.add_parser(name)
            continue
        module = _module(name)
        own = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(own)
    return parser


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"workers.commands.{name.replace('-', '_')}")


def _speak_utf8() -> None:
    """Read and write UTF-8 whatever the machine's locale, and never fail on a lone surrogate."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace"), (sys.stderr, "replace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


if __name__ == "__main__":
    raise SystemExit(main())
