"""What the commands share: settings, an open desk, listings, and logs on stderr.

The rooms are imported only where they are needed: a filter such as ``due`` starts at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from config.settings import Settings
    from moderation.alerts import Person
    from moderation.cases import CaseId
    from workers.desk import Desk


class Trouble(Exception):
    """The command cannot go on. The text says why and what to do."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def settings_from(args: argparse.Namespace) -> Settings:
    """Return the settings that the command was given.

    Raises:
        Trouble: they are missing or wrong; all problems are listed.
    """
    from config.settings import SettingsError, load

    try:
        settings = load(args.settings)
    except SettingsError as error:
        lines = [f"{args.settings}: {len(error.problems)} problem(s)"]
        lines += [f"  {each.key}: {each.what} {each.remedy}" for each in error.problems]
        raise Trouble("\n".join(lines)) from None
    if args.log_level is None:
        log_to_stderr(settings.log_level)
    return settings


@contextlib.contextmanager
def desk_for(args: argparse.Namespace, *, works: bool) -> Iterator[Desk]:
    """Open the desk of the settings; ``works`` says that this process will claim tasks.

    Raises:
        Trouble: the set-up, the database or the broker cannot be used as it is.
    """
    from store.engine import StoreError
    from workers.bootstrap import SetUpError, open_desk
    from workers.broker import BrokerError

    settings = settings_from(args)
    try:
        with open_desk(settings, works=works) as desk:
            yield desk
    except (SetUpError, StoreError, BrokerError) as error:
        raise Trouble(str(error)) from None


@contextlib.contextmanager
def reading(args: argparse.Namespace) -> Iterator[Connection]:
    """Open a connection for a listing, on tables that are up to date.

    Raises:
        Trouble: there is no database yet, or it does not fit this version.
    """
    from store.engine import StoreError, open_engine
    from store.migrate import require_current

    address = settings_from(args).database_address
    engine = open_engine(address.get_secret_value() if address else "")
    try:
        require_current(engine)
        with engine.connect() as connection:
            yield connection
    except StoreError as error:
        raise Trouble(str(error)) from None
    finally:
        engine.dispose()


def person_from(settings: Settings, name: str) -> Person:
    """Return the person whom ``--as`` names. Raises Trouble when the settings know nobody of that name."""
    from workers.telling import people_of

    people = people_of(settings)
    if name not in people:
        raise Trouble(f"nobody is called {name!r}: use one of {', '.join(sorted(people))}")
    return people[name]


def case_from(connection: Connection, reference: str, school: str | None) -> CaseId:
    """Return the case that people call ``reference``.

    Raises:
        Trouble: there is none, or several schools have one: say which with ``--school``.
    """
    from store.listings import case_number

    found = case_number(connection, reference, school)
    if not found:
        raise Trouble(f"there is no case {reference}")
    if len(found) > 1:
        raise Trouble(f"several schools have a case {reference}: say which with --school")
    return found[0]


class _WithoutWords(logging.Formatter):
    """Says which library spoke and what kind of error it met: the texts of both may quote people."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging names it so
        return str(ei[0].__name__) if ei and ei[0] else ""


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment: whoever started us may have put another stream there since."""

    @property
    def stream(self) -> TextIO:
        """The stream of the moment."""
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """Take no other one."""


def log_to_stderr(level: str | None) -> None:
    """Send one JSON line per event to stderr: ids and words of ours only, never what people wrote."""
    chosen = getattr(logging, (level or "warning").upper())
    libraries = _ToStderr()
    libraries.setFormatter(_WithoutWords("%(levelname)s %(name)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        # Asked for at every line: whoever started us may have put another stream in its place since.
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def reason(words: str) -> str:
    """Take free words of a person for the record: one line, so that every listing can show them."""
    if len(words) > _LONGEST_REASON:
        raise argparse.ArgumentTypeError(f"that is longer than {_LONGEST_REASON:,} characters")
    if not words.isprintable():
        raise argparse.ArgumentTypeError("write it on one line, without control characters")
    return words


_LONGEST_REASON = 1_000


def listing_arguments(parser: argparse.ArgumentParser, *, words: bool = False) -> None:
    """Add what every listing takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--limit", type=int, default=200, help="most rows to show (%(default)s)")
    if words:
        parser.add_argument(
            "--words", action="store_true", help="also show what people wrote, and who they are"
        )


def show(rows: Iterable[Mapping[str, Any]], *, as_json: bool, title: str = "") -> None:
    """Print rows as a table for people, or one JSON object per line for scripts."""
    everything = list(rows)
    if as_json:
        for row in everything:
            print(json.dumps(row, ensure_ascii=False, default=plain))
    else:
        table(everything, title=title)


def table(rows: Sequence[Mapping[str, Any]], *, title: str = "") -> None:
    """Print rows as a table whose columns are the first row's keys; say that there are none where so."""
    if not rows:
        print(f"No {title}." if title else "Nothing.")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(title=title.capitalize() or None, title_justify="left", header_style="bold")
    for name in rows[0]:
        drawn.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(_cell(value)) for value in row.values()))
    wide = Console()
    Console(width=None if wide.is_terminal else 160).print(drawn)


def severity_cell(row: Mapping[str, Any]) -> str | None:
    """Return how severe the thing in a row of a listing is, as people see it: ``medium?`` where in doubt."""
    severity = row["severity"]
    return f"{severity}?" if severity is not None and row["uncertain"] else severity


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.strftime("%a %d %b %H:%M UTC")
        case list() | tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)


def plain(value: Any) -> str:
    """Return a value as JSON text: times in ISO 8601 UTC."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)
