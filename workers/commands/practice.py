"""``practice``: the practice platforms alone, for a rehearsal: X, Facebook, Instagram and YouTube."""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from workers.shell import Trouble

if TYPE_CHECKING:
    from connectors.practice.content import Content
    from connectors.practice.server import PracticePlatforms

HELP = "Run the practice platforms: X, Facebook, Instagram and YouTube on this computer, until Ctrl-C."

PORT = 8765
"""Where the accounts of the example settings look for them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    from connectors.practice.changes import ChangeKind
    from connectors.practice.faults import MEANINGS

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="FILE.jsonl", help="what is said there (the sample week)"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=PORT,
        help=f"where they listen on 127.0.0.1 ({PORT}); 0 is any free port",
    )
    parser.add_argument("--faults", default="", help="misbehave, such as x:500@3,youtube:quota; see below")
    parser.add_argument(
        "--vocabulary", choices=["2.166", "2.167"], default="2.166", help="the words that X speaks (2.166)"
    )
    parser.add_argument(
        "--begins", type=_moment, metavar="TIME", help="move all of it so that it begins then: a time, or now"
    )
    parser.add_argument(
        "--whole-history", action="store_true", help="lift X's limits: 800 mentions, 7 days of search"
    )
    parser.add_argument(
        "--summoned-only",
        action="store_true",
        help="X takes replies only to those who name or quote the school, as from small apps",
    )
    kinds = "\n".join(f"  {kind:8} {meaning}" for kind, meaning in MEANINGS.items())
    parser.epilog = (
        'content: a line {"change": "edit", "of": ID, "at": TIME, "text": WORDS} changes an earlier one;\n'
        f"change is {', '.join(ChangeKind)}.\n"
        "Lines may also say seen_from (surfaces late), private (a message), review, rating, hidden_author,\n"
        "quotes. What is written to the platforms while they run is kept until they end.\n\n"
        "faults: PLATFORM:KIND[=VALUE][@WHEN], joined by commas; the first one that applies to a request\n"
        "wins. PLATFORM is x, facebook, youtube, instagram or all. WHEN counts the requests to that\n"
        "platform from 1: 3 (the third), 2-4 (the second to the fourth), 5- (from the fifth on); always\n"
        "without it. VALUE is seconds for slow and late, items for short; for 429, quota and 503 what they\n"
        "say about when to come back: absent, negative, date or seconds.\n"
        f"KIND is one of:\n{kinds}"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; 1 when lines of the content could not be used."""
    from connectors.practice.faults import FaultsError
    from connectors.practice.server import PracticePlatforms

    content = _content(args)
    try:
        platforms = PracticePlatforms(
            content,
            now=lambda: datetime.now(UTC),
            faults=args.faults,
            vocabulary=args.vocabulary,
            port=args.port,
            whole_history=args.whole_history,
        )
    except FaultsError as error:
        raise Trouble(f"--faults {error}") from None
    platforms.set_x_rules(summoned_only=args.summoned_only)
    ended = _until_told()
    try:
        platforms.start()
    except OSError as error:
        reason = error.strerror or "it cannot be used"
        raise Trouble(f"port {args.port}: {reason}. Name another one with --port.") from None
    try:
        _say(platforms, content)
        ended.wait()
    finally:
        platforms.stop()
    return 1 if content.rejected else 0


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("is a number from 0 to 65535")
    return port


def _moment(text: str) -> datetime:
    if text == "now":
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("is an ISO 8601 time with an offset, or now") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset from UTC, such as 2026-11-16T08:00:00+00:00")
    return moment.astimezone(UTC)


def _content(args: argparse.Namespace) -> Content:
    """Return what is said on the platforms; lines that cannot be used are named on stderr."""
    from connectors.practice.content import beginning_at, load, sample_week

    try:
        content = load(args.source) if args.source else sample_week()
    except OSError as error:
        raise Trouble(f"{args.source}: {error.strerror}") from None
    for line in content.rejected:
        print(f"{args.source or 'the sample week'}, line {line.line}: {line.reason}", file=sys.stderr)
    try:
        return beginning_at(content, args.begins) if args.begins else content
    except ValueError as error:
        raise Trouble(f"--begins: {error}") from None


def _until_told() -> Event:
    """Return an event that SIGINT and SIGTERM set."""
    ended = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: ended.set())
    return ended


def _say(platforms: PracticePlatforms, content: Content) -> None:
    from connectors.practice.identities import ACCOUNT_IDS, SCHOOL_HANDLE, SCHOOL_NAME, TOKEN, Platform

    print(f"The practice platforms are at {platforms.url} (this computer only; Ctrl-C ends them).")
    print(f"School: {SCHOOL_NAME} (@{SCHOOL_HANDLE}). Access token: {TOKEN}")
    for platform in Platform:
        there = len(platforms.worlds[platform].everything)
        print(
            f"{platform:9} account {ACCOUNT_IDS[platform]}: {there} posts and comments, "
            f"{platforms.visible(platform)} of them visible now"
        )
    print(f"Lines used: {len(content.things)}; rejected: {len(content.rejected)}", end="")
    print(f"; under something that is not in the file: {len(content.loose)}")
    if content.changes:
        print(f"Changes: {len(content.changes)}")
    print("\nAccounts for socialduty.toml:\n")
    accounts = (_account(platform, platforms.base_url(platform)) for platform in Platform)
    print("\n".join(accounts), flush=True)


def _account(platform: str, url: str) -> str:
    from connectors.practice.identities import ACCOUNT_IDS, SCHOOL_HANDLE, Platform

    return f"""[[accounts]]
name = "oakfield-{platform}"
platform = "{platform}"
school = "oakfield"
external_id = "{ACCOUNT_IDS[Platform(platform)]}"
handle = "{SCHOOL_HANDLE}"
approved_by = "Helen Marchetti"
approved_on = 2026-09-07
staff = ["priya", "tom"]
go_live = 2026-11-16T00:00:00Z
base_url = "{url}"
"""
