"""Passive checks of a set-up: each probe stands alone, raises nothing and shows no secret."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from config.tables import Account, School
from connectors.base import ConnectorError
from moderation.assessment import Subject
from moderation.duty import gaps_ahead
from moderation.items import AccountName
from notifications.times import span_words
from sla.calendar import PUBLISHED_UNTIL, years_warning
from sla.term_dates import NotACalendarError, check_calendar
from store.engine import StoreError, check, open_engine
from store.migrate import require_current
from store.tokens import StoredToken, Tokens
from workers.bootstrap import SCHOOL_TIME, connector_without_token, key_of, schools_of, sign_in_of
from workers.calendars import term_dates_at
from workers.models import ENCODER_FILES, ModelFileError
from workers.schools import source_of
from workers.scoring import broken_files, missing_files, scorer_in
from workers.telling import people_of, rota_in_file
from workers.token_key import TokenKey
from workers.tokens import words_about

ENOUGH_DISK = 500 * 2**20
"""Bytes that have to be free: below this a database may not be able to finish a write."""


class Verdict(StrEnum):
    """What a probe found, from best to worst; its place is the exit code."""

    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``what`` says what is so and, if need be, what to do."""

    probe: str
    verdict: Verdict
    what: str


def probe(settings: Settings, now: datetime) -> list[Finding]:
    """Look at everything that can be looked at without a platform or a mail server."""
    probes: tuple[Callable[[Settings, datetime], Iterator[Finding]], ...] = (
        _settings,
        _bank_holidays,
        _calendars,
        _accounts,
        _email,
        _texts,
        _duty,
        _database,
        _disk,
        _models,
    )
    return [finding for each in probes for finding in _safely(each, settings, now)]


def _safely(
    each: Callable[[Settings, datetime], Iterator[Finding]], settings: Settings, now: datetime
) -> list[Finding]:
    try:
        return list(each(settings, now))
    except Exception as error:  # noqa: BLE001 - one probe that trips must not hide what the others see
        name = each.__name__.removeprefix("_")
        return [Finding(name, Verdict.LOOK, f"this probe failed itself ({type(error).__name__}): report it")]


def _settings(settings: Settings, now: datetime) -> Iterator[Finding]:
    for warning in settings.warnings:
        yield Finding("settings", Verdict.LOOK, f"{warning.key}: {warning.what} {warning.remedy}")
    if not settings.warnings:
        yield Finding("settings", Verdict.FINE, "complete, and nothing in them looks odd")


def _bank_holidays(settings: Settings, now: datetime) -> Iterator[Finding]:
    warning = years_warning(now.date())
    if warning:
        yield Finding("bank holidays", Verdict.LOOK, warning)
    else:
        yield Finding("bank holidays", Verdict.FINE, f"published up to the end of {PUBLISHED_UNTIL.year}")


def _calendars(settings: Settings, now: datetime) -> Iterator[Finding]:
    for school in settings.schools:
        where = f"calendar of {school.id}"
        source = source_of(school)
        if source is None:
            yield Finding(where, Verdict.LOOK, "no term_calendar: school holidays count as working days")
        elif isinstance(source, Path):
            yield from _calendar(where, source, school, now)
        else:
            yield Finding(where, Verdict.FINE, "is read from its feed; see 'socialduty calendar versions'")


def _calendar(where: str, file: Path, school: School, now: datetime) -> Iterator[Finding]:
    try:
        dates = term_dates_at(file)
    except NotACalendarError as error:
        yield Finding(where, Verdict.BROKEN, f"{file.name} is no calendar: {error}")
        return
    except OSError as error:
        yield Finding(where, Verdict.BROKEN, f"{file.name} cannot be read: {error.strerror}")
        return
    dates = dates.with_cover_days(dict.fromkeys(school.cover_days, "cover day"))
    found = check_calendar(dates, school.nation, now.date())
    for each in found:
        if each.needs_person:
            yield Finding(where, Verdict.LOOK, each.what)
    if not any(each.needs_person for each in found) and dates.last_day is not None:
        yield Finding(where, Verdict.FINE, f"closures are known up to {dates.last_day:%d %B %Y}")


def _accounts(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.accounts:
        yield Finding("accounts", Verdict.LOOK, "the register is empty: nothing is read")
    stored = _stored_tokens(settings)
    key = key_of(settings)
    for account in settings.accounts:
        yield Finding(f"account {account.name}", *_account(account, stored.get(account.name), key, now))
        yield from _options(settings, account)


def _options(settings: Settings, account: Account) -> Iterator[Finding]:
    """Say what is wrong with the settings that only the platform's connector understands."""
    where = f"account {account.name}"
    try:
        streams = connector_without_token(settings, AccountName(account.name)).streams()
    except ConnectorError as error:
        yield Finding(where, Verdict.BROKEN, str(error))
        return
    for name in account.leave_out:
        if name not in streams:
            known = ", ".join(streams) or "none"
            yield Finding(where, Verdict.BROKEN, f"leave_out: there is no stream {name!r}; there is {known}")


def _account(account: Account, row: StoredToken | None, key: TokenKey, now: datetime) -> tuple[Verdict, str]:
    """Say how an account would be signed in, without asking its platform."""
    if account.token_file is not None:
        return Verdict.FINE, "token is there; approved, with two staff"
    if sign_in_of(account) is None:
        return Verdict.FINE, "needs no token; approved, with two staff"
    if row is None and account.is_practice:
        return Verdict.LOOK, "reads the practice platforms"
    try:
        if row is not None:
            key.open(account.name, row.token.sealed)
    except ConnectorError as error:
        return Verdict.BROKEN, str(error)
    well, words = words_about(row, account.name, now)
    return Verdict.FINE if well else Verdict.LOOK, words


def _stored_tokens(settings: Settings) -> dict[str, StoredToken]:
    """Return the stored tokens by account; none where the database cannot be read: its own probe says so."""
    address = settings.database_address
    url = "" if address is None else address.get_secret_value()
    if not url or (url.startswith("sqlite") and not Path(url.partition(":///")[2]).exists()):
        return {}
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return {row.account: row for row in Tokens(connection).all()}
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()


def _email(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.email.transport == "outbox":
        yield Finding(
            "email", Verdict.LOOK, f"nobody is emailed: messages become files in {settings.email.folder}"
        )
    else:
        yield Finding("email", Verdict.FINE, f"goes out through the mail server, port {settings.email.port}")


def _texts(settings: Settings, now: datetime) -> Iterator[Finding]:
    match settings.sms.providers:
        case ():
            yield Finding("sms", Verdict.LOOK, "nobody is texted: urgent alerts go by email alone")
        case ("outbox", *_):
            yield Finding("sms", Verdict.LOOK, f"texts become files in {settings.email.folder}")
        case (first, *rest):
            beside = f", or {rest[0]} while that fails" if rest else ""
            yield Finding("sms", Verdict.FINE, f"texts go out through {first}{beside}")
    yield _links(settings)


def _links(settings: Settings) -> Finding:
    chosen = settings.alerts
    if chosen.public_url is None:
        return Finding("links", Verdict.LOOK, "messages have no button to take a case: set public_url")
    if chosen.require_sign_in_to_take:
        return Finding(
            "links", Verdict.LOOK, "a button takes no case (require_sign_in_to_take): use the shell"
        )
    return Finding("links", Verdict.FINE, f"the button in messages leads to {chosen.public_url}")


def _duty(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Say what nobody covers in the days ahead, and what a rota file leaves unclear."""
    people, schools = people_of(settings), schools_of(settings, now)
    for table in settings.schools:
        where = f"duty at {table.id}"
        yield from _rota_file(settings, table, where, now)
        gaps = gaps_ahead(people, schools[table.id], now)
        for gap in gaps:
            roles = " or ".join(role.replace("_", " ") for role in gap.roles)
            who = f"no {roles}" if roles else "nobody on the rota"
            day, rest = span_words(*gap.spans[0])
            more = f", and {len(gap.spans) - 1} more" if len(gap.spans) > 1 else ""
            yield Finding(where, Verdict.LOOK, f"{who}: {day}, {rest}{more}")
        if not gaps:
            yield Finding(where, Verdict.FINE, "somebody is there in the days ahead")


def _rota_file(settings: Settings, school: School, where: str, now: datetime) -> Iterator[Finding]:
    if school.rota_file is None:
        return
    try:
        rejected = rota_in_file(settings, school, SCHOOL_TIME, now)[1]
    except NotACalendarError as error:
        yield Finding(where, Verdict.BROKEN, f"rota_file is no calendar: {error}; nobody is on duty by it")
        return
    except OSError as error:
        what = f"rota_file cannot be read: {error.strerror}; nobody is on duty by it"
        yield Finding(where, Verdict.BROKEN, what)
        return
    for each in rejected[:5]:
        yield Finding(where, Verdict.LOOK, f"rota_file: {each.reason}")


def _step_of(engine: Engine) -> Finding:
    """Say whether the tables are this version's. Raises StoreError where a person has to see to it."""
    try:
        require_current(engine)
    except StoreError:
        if engine.dialect.name == "postgresql":
            raise
        words = "of an older version: back it up; 'migrate', or the next start, brings it up to date"
        return Finding("database", Verdict.LOOK, words)
    return Finding("database", Verdict.FINE, f"{engine.dialect.name}, sound and up to date")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    address = settings.database_address
    if address is None:
        return
    url = address.get_secret_value()
    if url.startswith("sqlite") and not (settings.data_folder / "socialduty.db").exists():
        yield Finding("database", Verdict.FINE, "will be made at the first start")
        return
    engine = open_engine(url)
    try:
        check(engine)
        yield _step_of(engine)
    except StoreError as error:
        yield Finding("database", Verdict.BROKEN, str(error))
    except Exception as error:  # noqa: BLE001 - drivers raise what they like when a server is away
        yield Finding(
            "database", Verdict.BROKEN, f"cannot be reached ({type(error).__name__}): is it running?"
        )
    finally:
        engine.dispose()


def _disk(settings: Settings, now: datetime) -> Iterator[Finding]:
    folder = settings.data_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    verdict = Verdict.FINE if free >= ENOUGH_DISK else Verdict.BROKEN
    yield Finding("disk", verdict, f"{free // 2**20} MB free where the data is kept")


def _models(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Load what judges messages as the workers will, and let it judge one."""
    mode = settings.scoring.mode
    missing, broken = missing_files(mode), broken_files(mode)
    if missing or broken:
        told = [f"{' and '.join(missing)} missing"] if missing else []
        told += [str(ModelFileError(*broken))] if broken else []
        yield _unfit("; ".join(told), mode, (*missing, *broken))
        return
    began = time.perf_counter()
    try:
        scorer = scorer_in(mode)
        loaded = time.perf_counter() - began
        said = scorer.assess(Subject("Is the hall open tonight?"))
    except ModelFileError as error:
        yield _unfit(str(error), mode, error.files)
        return
    except Exception as error:  # noqa: BLE001 - a broken library can fail in any way
        yield _unfit(f"the library that runs them cannot be loaded ({type(error).__name__})", mode)
        return
    if said.lacks is not None:
        yield _unfit(f"they were asked and had no say ({said.lacks})", mode)
    elif mode == "rules":
        yield Finding("models", Verdict.LOOK, 'not used (mode = "rules"): the rules alone miss a good deal')
    else:
        yield Finding("models", Verdict.FINE, f"{scorer.version}, mode {mode}, loaded in {loaded:.1f} s")


def _unfit(what: str, mode: str, files: Sequence[str] = ()) -> Finding:
    """Say that the models cannot judge, and what to do; ``files`` are those at fault, where that is known.

    The small model needs every file but the encoder's: it is advised only where one of these is at fault.
    """
    remedy = f"Install socialduty again{', which puts the files back' if files else ''}"
    if mode == "encoder" and set(files) <= set(ENCODER_FILES):
        when = "until then" if files else "on a machine with little memory"
        remedy += f'; {when} mode = "linear" in [scoring] does without the large model'
    until = "until this is put right the rules judge alone and every message goes to a person"
    return Finding("models", Verdict.BROKEN, f"{what}: {until}. {remedy}")
