"""Reading a school's settings: one TOML file in, one frozen value out, or all that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from config import advice, rules
from config.connections import DatabaseFile, DatabaseUrl, KeyFile, RedisFile, RedisUrl
from config.duty_tables import Alerts, Escalation, Rota, Sms
from config.explain import explained
from config.people import Person
from config.problems import Problem, SettingsError
from config.secret_files import Secret
from config.tables import Account, Console, Email, LogLevel, Report, School, Scoring, Table
from config.values import Folder

MAX_BYTES = 1_000_000
"""The largest file that is read as settings."""

_LEFT_OUT: dict[str, Any] = {"scoring": {}, "email": {}, "report": {}, "console": {}}
"""Tables that may be left out; read as empty ones, so that their folders too start from the file's folder."""

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_SHORT_TIME = re.compile(r"=\s*\d\d?:\d\d\s*(?:#|$)")

__all__ = ["Problem", "Settings", "SettingsError", "load", "parse"]


class Settings(Table):
    """Everything a school has set. Rooms are given values from it, never the whole."""

    data_folder: Folder = Field(
        default=Path("data"), description="Where socialduty keeps its data, the SQLite database included."
    )
    database_url: DatabaseUrl | None = Field(
        default=None, description="The database; left out: a SQLite file in data_folder. No password here."
    )
    database_url_file: DatabaseFile | None = Field(
        default=None, description="File with the database's address, for one that holds a password."
    )
    redis_url: RedisUrl | None = Field(
        default=None,
        description="The Redis server that wakes the workers of several hosts; left out: none is needed.",
    )
    redis_url_file: RedisFile | None = Field(
        default=None, description="File with the Redis server's address, for one that holds a password."
    )
    token_key_file: KeyFile | None = Field(
        default=None,
        description="File with the key that encrypts the stored tokens; left out: token.key in data_folder, "
        "made by the first 'accounts connect'. Several hosts need the same key.",
    )
    log_level: LogLevel = Field(default="info", description="How much is written to the log.")
    schools: tuple[School, ...] = Field(
        min_length=1, description="The schools; one [[schools]] table for each."
    )
    people: tuple[Person, ...] = Field(min_length=1, description="The people; one [[people]] table for each.")
    accounts: tuple[Account, ...] = Field(
        default=(), description="The account register; one [[accounts]] table for each."
    )
    scoring: Scoring = Field(default_factory=Scoring, description="How messages are judged.")
    rota: tuple[Rota, ...] = Field(
        default=(), description="Who is on duty when; one [[rota]] table for each turn."
    )
    email: Email = Field(default_factory=Email, description="How email leaves.")
    sms: Sms = Field(default_factory=Sms, description="How text messages leave.")
    alerts: Alerts = Field(default_factory=Alerts, description="How people are told.")
    escalation: Escalation = Field(default_factory=Escalation, description="Who is told next.")
    report: Report = Field(default_factory=Report, description="The weekly report.")
    console: Console = Field(default_factory=Console, description="The pages on which moderators work.")

    @property
    def database_address(self) -> Secret | None:
        """The database's URL; ``None`` when it stands in a file and secrets were not read."""
        if self.database_url_file is not None:
            return self.database_url_file.secret
        return Secret(self.database_url or f"sqlite:///{(self.data_folder / 'socialduty.db').as_posix()}")

    @property
    def redis_address(self) -> Secret | None:
        """The Redis server's URL; ``None`` when there is none, or secrets were not read."""
        if self.redis_url_file is not None:
            return self.redis_url_file.secret
        return Secret(self.redis_url) if self.redis_url else None

    @property
    def uses_redis(self) -> bool:
        """Whether jobs are woken over Redis, known also when secrets were not read."""
        return self.redis_url is not None or self.redis_url_file is not None

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What works but is worth a look, for ``check`` and for the log at the start."""
        return tuple(advice.about(self))

    def school(self, school_id: str) -> School:
        """Return the school with this id. Raises :class:`KeyError` when there is none."""
        return {school.id: school for school in self.schools}[school_id]

    def account(self, name: str) -> Account:
        """Return the account with this short name. Raises :class:`KeyError` when there is none."""
        return {account.name: account for account in self.accounts}[name]

    def person(self, name: str) -> Person:
        """Return the person with this short name. Raises :class:`KeyError` when there is none."""
        return {person.name: person for person in self.people}[name]

    def schools_of(self, person: Person) -> tuple[str, ...]:
        """Return the ids of the schools in which ``person`` has their roles."""
        return person.schools or tuple(school.id for school in self.schools)

    def people_of(self, school_id: str) -> tuple[Person, ...]:
        """Return the people who have a role at this school, in the order of the file."""
        return tuple(person for person in self.people if school_id in self.schools_of(person))


def load(path: Path, *, secrets: bool = True) -> Settings:
    """Read the settings file at ``path``; relative paths in it are relative to its folder.

    With ``secrets=False`` no secret file is opened: their values stay ``None``.

    Raises:
        SettingsError: something is wrong; ``problems`` holds all of it, and nothing was taken over.
    """
    return parse(_text_of(path), path.absolute().parent, secrets=secrets, name=path.name)


def parse(text: str, folder: Path, *, secrets: bool = True, name: str = "settings") -> Settings:
    """Read settings from ``text`` as :func:`load` does; ``folder`` is what its relative paths start from.

    Raises:
        SettingsError: something is wrong; ``problems`` holds all of it.
    """
    raw = _LEFT_OUT | _toml(text, name)
    context = {"folder": folder, "secrets": secrets}
    try:
        settings, errors = Settings.model_validate(raw, context=context), []
    except ValidationError as error:
        settings, errors = None, error.errors(include_url=False, include_input=False)
    failed = frozenset(error["loc"] for error in errors)
    problems = [*explained(errors, Settings), *rules.broken(raw, failed)]
    if problems or settings is None:
        raise SettingsError(problems)
    return settings


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(
            path.name,
            "There is no such settings file.",
            "Copy config/example.toml to socialduty.toml and edit it, or name another file with --settings.",
        ) from None
    except (OSError, ValueError) as error:
        raise _unreadable(
            path.name,
            f"The settings file cannot be read ({type(error).__name__}).",
            "Check that it is a file and that this user may read it.",
        ) from None
    if len(content) > MAX_BYTES:
        raise _unreadable(
            path.name, "The settings file is larger than 1 MB.", "Check that this is the right file."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(
            path.name, "The settings file is not UTF-8 text.", "Save it again as UTF-8."
        ) from None


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, remedy = _syntax(str(error), text)
    except (ValueError, RecursionError):
        what = "The file holds a number or a nesting beyond all measure."
        remedy = "Compare it with config/example.toml."
    raise _unreadable(name, what, remedy)


def _syntax(said: str, text: str) -> tuple[str, str]:
    """Say where the file breaks TOML's rules, quoting nothing of it, and name the likely slip."""
    remedy = 'Look for a missing quote, bracket or equals sign; texts stand in quotes: name = "text".'
    place = _PLACE.search(said)
    if place is None:
        return "At the end of the file something is unfinished or stands there twice.", remedy
    line = text.split("\n")[int(place[1]) - 1]
    if _SHORT_TIME.search(line):
        remedy = 'Put a time of day without seconds in quotes: send_at = "07:00".'
    return f"The file breaks the rules of TOML at line {place[1]}, column {place[2]}.", remedy


def _unreadable(name: str, what: str, remedy: str) -> SettingsError:
    return SettingsError([Problem(name, what, remedy)])
