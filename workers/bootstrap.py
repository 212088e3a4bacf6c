"""Putting the parts together: from settings to a desk at which jobs can work. The only place that does so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from config import tables
from config.secret_files import Secret
from config.settings import Settings
from connectors.base import Connector, ConnectorContext, Identity
from connectors.registry import connector_for, sign_in_for
from connectors.sign_in.base import SignIn, SignInContext
from moderation.assessment import SchoolNames
from moderation.escalating import adopt
from moderation.items import AccountName
from moderation.ports import Account, Ports, School
from sla.calendar import CalendarDataError, calendar_for, years_warning
from sla.reminders import StaffedHours
from sla.target import ClockKind, Mode, ResponseTarget
from store.engine import check, only_process, open_engine
from store.migrate import require_current, upgrade
from store.store import Store
from workers.calendars import FirstCalendarError, read_before_work
from workers.desk import Desk, ReportPlan
from workers.schools import Schools, Source, source_of
from workers.scoring import TimeBox, missing_files, scores
from workers.sending import Sender
from workers.standing import write_standing_work
from workers.stored_moves import StoredMoves
from workers.telling import channels_of, people_of, rota_of, rotas_in_files, rules_of
from workers.token_key import FILE as TOKEN_KEY
from workers.token_key import TokenKey
from workers.tokens import AccountTokens, no_token_yet

log = structlog.get_logger()


SCHOOL_TIME = ResponseTarget().zone

NO_TOKEN = "none"  # noqa: S105 - what stands where no token is needed


class SetUpError(Exception):
    """The settings name something that cannot be used. The text says what."""


def utc_now() -> datetime:
    """Return the time of this machine's clock. Everything else is given its time."""
    return datetime.now(UTC)


@contextlib.contextmanager
def open_desk(
    settings: Settings, now: Callable[[], datetime] = utc_now, *, works: bool = True
) -> Iterator[Desk]:
    """Open everything that jobs need, in the order in which it can fail, and close it again.

    1. The database: brought up to date when it is SQLite, refused when it is behind and shared.
    2. The register: schools and accounts are mirrored, standing work is written down, calendars are read.
    3. With ``works``, this process claims tasks: on SQLite it has to be the only one that does.

    A school that names a feed and has never had a calendar is waited for, a minute at most: its first clocks
    must not be counted as if there were no holidays. If the feed fails, the start goes on.

    Raises:
        StoreError: the database cannot be used as it is.
        SetUpError: a calendar file cannot be read, and there is no earlier calendar to go by.
    """
    address = settings.database_address
    if address is None:
        raise ValueError("settings were loaded without secrets")
    engine = open_engine(address.get_secret_value())
    try:
        with only_process(engine) if works else contextlib.nullcontext():
            if works:
                check(engine)
            if engine.dialect.name == "sqlite":
                upgrade(engine)
            else:
                require_current(engine)
            desk = make_desk(settings, Store(engine, now), now)
            desk.store.mirror(desk.ports.schools.values(), desk.ports.accounts.values())
            if works:
                if engine.dialect.name == "sqlite":
                    desk.store.release_all()
                if warning := years_warning(now().date()):
                    log.warning("bank holidays need renewal", warning=warning)
                if missing := missing_files(settings.scoring.mode):
                    log.error("models missing: every message goes to a person", files=missing)
                write_standing_work(desk)
                adopt(desk.ports)
                _read_calendars(desk)
            desk.keep_up()
            yield desk
    finally:
        engine.dispose()


def _read_calendars(desk: Desk) -> None:
    try:
        read_before_work(desk)
    except FirstCalendarError as error:
        raise SetUpError(str(error)) from None


def make_desk(settings: Settings, store: Store, now: Callable[[], datetime]) -> Desk:
    """Return a desk made of ``settings``; nothing is opened or read."""
    rotas = partial(rotas_in_files, settings, SCHOOL_TIME)
    schools = Schools(schools_of(settings, now()), sources_of(settings), rotas)
    moves = StoredMoves()
    tokens = tokens_of(settings, store)
    channels = channels_of(settings, now)
    public_url = settings.alerts.public_url or ""
    sender = Sender(channels, settings.report.folder, public_url)
    return Desk(
        ports=Ports(
            store=store,
            now=now,
            score=TimeBox(scores(settings.scoring.mode, moves)),
            send=sender,
            accounts=accounts_of(settings),
            schools=schools,
            people=people_of(settings),
            channels=tuple(channels),
            ask=sender.ask,
            alerting=rules_of(settings),
        ),
        store=store,
        schools=schools,
        moves=moves,
        connector=partial(_connector, settings, tokens),
        tokens=tokens,
        report=ReportPlan(
            folder=settings.report.folder, weekday=settings.report.weekday, send_at=settings.report.send_at
        ),
        public_url=public_url,
        ping_url=_secret(settings.alerts.ping_url),
        ping_every=timedelta(minutes=settings.alerts.ping_every_minutes),
    )


def _secret(value: Secret | None) -> str | None:
    return None if value is None else value.get_secret_value()


def sources_of(settings: Settings) -> dict[str, Source]:
    """Return where the schools that have named a term calendar keep it."""
    named = {school.id: source_of(school) for school in settings.schools}
    return {school: source for school, source in named.items() if source is not None}


def schools_of(settings: Settings, now: datetime) -> dict[str, School]:
    """Return the schools with the rules that their clocks run by and their rotas, without their term dates.

    Raises:
        SetUpError: the installed bank holidays are out of date.
    """
    try:
        return _schools_of(settings, now)
    except CalendarDataError as error:
        raise SetUpError(str(error)) from None


def _schools_of(settings: Settings, now: datetime) -> dict[str, School]:
    return {
        school.id: School(
            id=school.id,
            name=school.name,
            nation=school.nation,
            target=ResponseTarget(
                hours=school.target.hours,
                mode=Mode(school.target.mode),
                clock=ClockKind(school.target.clock),
                weekend=frozenset(school.target.weekend),
                bank_holidays=school.target.bank_holidays,
                next_day_time=school.target.next_day_time,
                floor=school.target.floor,
                extra_working=frozenset(school.cover_days),
            ),
            calendar=calendar_for(school.nation),
            staffed=StaffedHours(
                school.staffed_hours.start, school.staffed_hours.end, school.staffed_hours.by_weekday
            ),
            auto_ack_counts=school.target.auto_ack_counts,
            rota=rota_of(settings, school, SCHOOL_TIME, now),
            names=names_of(school),
        )
        for school in settings.schools
    }


def names_of(school: tables.School) -> SchoolNames:
    """Return the names that a school goes by, as its settings list them."""
    names = school.names
    return SchoolNames(names.head, names.other_staff, names.houses, (school.name, *names.nicknames))


def accounts_of(settings: Settings) -> dict[AccountName, Account]:
    """Return the register: what is not in it is not polled."""
    return {
        AccountName(account.name): Account(
            name=AccountName(account.name),
            school=account.school,
            platform=account.platform,
            external_id=account.external_id,
            handle=account.handle,
            go_live=account.go_live,
            poll_every_minutes=account.poll_every_minutes,
            responders=frozenset(account.responders),
            staff=frozenset(account.staff_accounts),
            automatic_replies=frozenset(account.automatic_replies),
            longest_gap_minutes=max(account.longest_gap_minutes, account.poll_every_minutes),
            sweep_every_hours=account.sweep_every_hours,
            leave_out=frozenset(account.leave_out),
            may_act=account.may_act,
            app=account.app,
            monthly_budget_dollars=account.monthly_budget_dollars,
            moderators=account.staff,
        )
        for account in settings.accounts
    }


def tokens_of(settings: Settings, store: Store) -> AccountTokens:
    """Return the stored tokens."""
    return AccountTokens(store, key_of(settings), partial(_stored_sign_in, settings))


def key_of(settings: Settings) -> TokenKey:
    """Return the key of the stored tokens. It is not read before it is needed."""
    named = settings.token_key_file
    if named is None:
        return TokenKey(settings.data_folder / TOKEN_KEY)
    return TokenKey(named.path, named.secret.get_secret_value() if named.secret is not None else "")


def sign_in_of(account: tables.Account) -> SignIn | None:
    """Return how an account of the register is signed in; ``None`` where nothing has to be.

    Raises:
        ConnectorError: its settings cannot be used.
    """
    return sign_in_for(
        account.platform,
        SignInContext(
            identity=Identity(account.external_id, account.handle),
            may_act=account.may_act,
            reads_messages="messages" not in account.leave_out,
            base_url=account.base_url,
            options=account.options,
        ),
    )


def _stored_sign_in(settings: Settings, name: str) -> SignIn | None:
    """Return the sign-in of an account whose token is stored: one with a token file has it there."""
    accounts = {account.name: account for account in settings.accounts}
    if name not in accounts or accounts[name].token_file is not None:
        return None
    return sign_in_of(accounts[name])


def connector_without_token(settings: Settings, name: AccountName) -> Connector:
    """Return a connector that can say what its platform offers and costs, and can reach nobody.

    Raises:
        ConnectorError: its settings are wrong.
    """
    account = settings.account(name)
    context = ConnectorContext(Identity(account.external_id, account.handle), token=NO_TOKEN)
    return connector_for(account.platform, account.options, context)


def _connector(settings: Settings, tokens: AccountTokens, name: AccountName) -> Connector:
    account = settings.account(name)
    stored = None if account.token_file is not None else tokens.current(name)
    if stored is None:
        return connector_with(account, *tokens.from_file(name, _own_token(account)))
    return connector_with(account, stored, tokens.keeper(name, stored))


def _own_token(account: tables.Account) -> str:
    """Return the token that an account has without a stored one."""
    if account.token is not None:
        return account.token.get_secret_value()
    if sign_in_of(account) is not None:
        raise no_token_yet(account.name)
    return ""


def connector_with(
    account: tables.Account, token: str, keep_token: Callable[[str], None] = lambda token: None
) -> Connector:
    """Return a connector of an account that uses this token."""
    context = ConnectorContext(
        identity=Identity(account.external_id, account.handle),
        token=token,
        base_url=account.base_url,
        keep_token=keep_token,
    )
    return connector_for(account.platform, account.options, context)
