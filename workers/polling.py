"""Polling one account: read it, remember how that went and what it cost, and say when it is read next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from connectors.base import (
    AuthExpired,
    Connector,
    ConnectorError,
    NeedsPerson,
    Pausing,
    QuotaExhausted,
    RateLimited,
    Transient,
    Unexpected,
)
from connectors.meter import Meter
from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.items import AccountName
from moderation.ports import Account
from moderation.tasks import Claim, LeaseLost
from sla.messages import BELIEVED_SKEW
from store.store import Unit
from workers import allowances
from workers.desk import Desk
from workers.pace import ASK_AGAIN, next_try
from workers.reading import Reading, read_account, worst
from workers.sweeping import due_streams, sweep

log = structlog.get_logger()

ALARM_AFTER = timedelta(minutes=30)
"""How long an account may fail for reasons that pass before people are told that nobody is watching."""

ALARM_AGAIN = timedelta(days=1)
"""How often people are told again while it goes on."""

LONGEST_PAUSE = timedelta(minutes=30)
"""An account is tried again after this at the latest, whatever the platform asks for."""

PROVE_EVERY = timedelta(days=1)
"""How often the platform is asked whether the token is still the right one, and when it ends."""

AFTER_OTHERS = timedelta(seconds=20)
"""When an account is looked at again that found another one of its app, or itself, being read."""

LOOK_AGAIN = timedelta(days=1)
"""When it is seen again whether a program can read by now what only people read."""

TOKEN_WARNINGS = (timedelta(days=14), timedelta(days=7), timedelta(days=1))
"""How long before a token ends the network manager is told, once each."""

LEASE_SECONDS = 900.0

_busy: set[tuple[int, str]] = set()
_busy_lock = threading.Lock()


def poll_account(desk: Desk, claim: Claim) -> None:
    """Read an account once, then put the task back until its next turn.

    1. Prove once a day that the token is the right one, then read every stream; each page is its own
       transaction. A dead token is renewed once, where it can be.
    2. A stream that breaks off keeps its cursor: the next poll reads the same again.
    3. Once a day everything of the last days is read again, and what is not shown any more is looked up.
    4. What the platform refuses is remembered, and told when it lasts or when only a person can help.

    One account's failure is its own: no other account waits for it, and one that hangs holds one thread. One
    that has left the register is not read; it is looked for there again after a while.
    """
    started = desk.ports.now()
    account = desk.ports.accounts.get(AccountName(claim.subject))
    if account is None:
        with desk.store.continuing(claim, started + LONGEST_PAUSE):
            return
    if _rests(desk, claim, account, started):
        return
    with _alone(desk, account) as mine:
        if mine:
            _poll(desk, claim, account, started)
            return
    with desk.store.continuing(claim, started + AFTER_OTHERS) as unit:
        last = unit.watching.last_read_at(account.name)
        if last is not None and started - last > account.allowed_gap:
            _not_read(desk, unit, account, Transient.reason, started, at_once=False)
        log.info("account waits for another reading", account=account.name)


@contextmanager
def _alone(desk: Desk, account: Account) -> Iterator[bool]:
    """Let one thread at a time read an account, and the accounts of one named app one after the other.

    What hangs must not take one thread after the other, and platforms count what comes at once.
    """
    keys: set[tuple[int, str]] = {(id(desk.store), account.name)}
    if account.app is not None:
        keys.add((id(desk.store), f"app {account.platform} {account.app}"))
    with _busy_lock:
        mine = _busy.isdisjoint(keys)
        if mine:
            _busy.update(keys)
    try:
        yield mine
    finally:
        if mine:
            with _busy_lock:
                _busy.difference_update(keys)


def _rests(desk: Desk, claim: Claim, account: Account, now: datetime) -> bool:
    """Put an account back that has to wait, for itself or with its whole app; it is not read meanwhile."""
    with desk.store.begin() as unit:
        pause = unit.usage.pause_of(account.name)
    if pause is None or pause[0] <= now:
        return False
    with desk.store.continuing(claim, pause[0]) as unit:
        _not_read(desk, unit, account, pause[1], now, at_once=False)
    return True


def _poll(desk: Desk, claim: Claim, account: Account, started: datetime) -> None:
    reading, connectors = Reading(), list[Connector]()
    error = _try(desk, claim, account, started, reading, connectors)
    if isinstance(error, AuthExpired) and desk.renew_token(account.name):
        error = _try(desk, claim, account, started, reading, connectors)
    now = desk.ports.now()
    with desk.store.begin() as unit:
        for number, connector in enumerate(connectors):
            counted = reading if number == 0 else Reading()
            allowances.keep(unit, account, connector.meter, counted, now)
            _warn_of_clocks(account, connector.meter, now)
        _note_streams(desk, unit, account, reading, now)
    if error is not None:
        _failed(desk, claim, account, error)
        return
    if not (reading.read or reading.failed or reading.skipped):
        with desk.store.continuing(claim, started + LOOK_AGAIN) as unit:
            unit.watching.read_by_hand(account.name)
        return
    wait = allowances.next_wait(desk, account, now)
    with desk.store.continuing(claim, started + wait) as unit:
        missed_since = unit.watching.read(account.name, now, account.allowed_gap)
        if missed_since is not None:
            _tell(desk, unit, account, AlertStep.WATCHED_AGAIN, f"read@{missed_since}")
    log.info("account polled", account=account.name, new=reading.found, by_sweep=reading.found_by_sweep)


def _try(
    desk: Desk,
    claim: Claim,
    account: Account,
    started: datetime,
    reading: Reading,
    connectors: list[Connector],
) -> ConnectorError | None:
    """Read the account; return why it counts as not read, whatever went wrong."""
    try:
        return _read(desk, claim, account, started, reading, connectors)
    except LeaseLost:
        raise
    except ConnectorError as error:
        return error
    except OperationalError:
        return Transient("Our own database was busy. The next poll tries again.")
    except Exception as surprise:  # noqa: BLE001 - one account's surprise must not end its polling for ever
        log.warning("poll broke off", account=account.name, error=type(surprise).__name__)
        return Unexpected(f"{type(surprise).__name__} while polling: report it")


def _read(
    desk: Desk,
    claim: Claim,
    account: Account,
    started: datetime,
    reading: Reading,
    connectors: list[Connector],
) -> ConnectorError | None:
    """Read and, when it is time, sweep; return why the account counts as not read."""
    connector = desk.connector(account.name)
    connectors.append(connector)
    keep = _keeper(desk, claim)
    _prove(desk, account, connector, started)
    brought = read_account(desk, account, connector, started, keep)
    reading.found += brought.found
    reading.first, reading.read = brought.first, brought.read
    reading.failed, reading.skipped = brought.failed, brought.skipped
    _sweep(desk, account, connector, reading, keep)
    return worst(reading)


def _sweep(
    desk: Desk, account: Account, connector: Connector, reading: Reading, keep: Callable[[], None]
) -> None:
    """Sweep what was read and is due. That it breaks off makes no account unread: it is tried again later."""
    streams = due_streams(desk, account, reading, desk.ports.now())
    if not streams:
        return
    try:
        sweep(desk, account, connector, reading, streams, keep)
    except ConnectorError as error:
        log.warning("sweep broke off", account=account.name, reason=error.reason)
        with desk.store.begin() as unit:
            allowances.pause(unit, account, error, desk.ports.now())
    except LeaseLost:
        raise
    except Exception as surprise:  # noqa: BLE001 - what was read stays read, whatever the sweep stumbles over
        log.warning("sweep broke off", account=account.name, error=type(surprise).__name__)


def _warn_of_clocks(account: Account, meter: Meter, now: datetime) -> None:
    """Say that the platform's clock and ours differ: times near a deadline may then be doubtful."""
    if meter.server_time is not None and abs(meter.server_time - now) > BELIEVED_SKEW:
        apart = round((meter.server_time - now).total_seconds())
        log.warning("the platform's clock differs from ours", account=account.name, seconds=apart)


def _keeper(desk: Desk, claim: Claim) -> Callable[[], None]:
    """Return what holds the task a little longer, now and then: a backlog may take hours to read."""
    held_at = desk.ports.now()

    def keep() -> None:
        nonlocal held_at
        if desk.ports.now() - held_at > timedelta(seconds=LEASE_SECONDS / 3):
            held_at = desk.ports.now()
            desk.store.renew([claim], LEASE_SECONDS)

    return keep


def _prove(desk: Desk, account: Account, connector: Connector, now: datetime) -> None:
    """Once a day: make sure that the token is the right one, and warn before it ends."""
    with desk.store.begin() as unit:
        proved_at = unit.watching.proved_at(account.name)
        proved_before = unit.watching.was_read(account.name)
    if proved_at is not None and now - proved_at < PROVE_EVERY:
        return
    try:
        proof = connector.prove(now)
    except Pausing as error:
        if proved_before:
            log.warning("token not proved", account=account.name, reason=error.reason)
            return  # it was read before: what passes must not keep it from being read now
        raise
    with desk.store.begin() as unit:
        ends = proof.expires_at or _stored_end(unit, account)
        unit.watching.proved(account.name, now, ends, [str(each) for each in proof.lacking])
        due = [] if ends is None else [days for days in TOKEN_WARNINGS if ends - now <= days]
        if ends is not None and due:
            # By its day: some platforms count the seconds that are left anew each time.
            day = datetime(ends.year, ends.month, ends.day, tzinfo=UTC)
            occasion = f"{min(due).days}@{day.isoformat()}"
            topic = Topic("account", account.name, AlertStep.TOKEN_ENDING, occasion)
            plan_for_role(desk.ports, unit, account.school, Role.NETWORK_MANAGER, topic)


def _stored_end(unit: Unit, account: Account) -> datetime | None:
    """Return when a token ends that the sign-in stored and nothing renews; ``None`` where none is near."""
    stored = unit.tokens.get(account.name)
    if stored is None or stored.token.renew_before is not None:
        return None
    return stored.token.expires_at


def _note_streams(desk: Desk, unit: Unit, account: Account, reading: Reading, now: datetime) -> None:
    """Remember which streams could not be read; one that only a person can mend is told by itself."""
    for stream, error in reading.failed.items():
        since = unit.streams.failed(account.name, stream, now, error.reason, str(error))
        lasts = isinstance(error, NeedsPerson) or now - since >= ALARM_AFTER
        if worst(reading) is None and lasts and unit.streams.alarm(account.name, stream, now, ALARM_AGAIN):
            again = "" if now - since < ALARM_AGAIN else f"@{now:%Y%m%d}"
            occasion = f"{error.reason}@{since.isoformat()}#{stream}{again}"
            _tell(desk, unit, account, AlertStep.NOT_WATCHED, occasion)


def _failed(desk: Desk, claim: Claim, account: Account, error: ConnectorError) -> None:
    now = desk.ports.now()
    with desk.store.begin() as unit:
        known = unit.watching.not_watched(account.name)
    failing_for = timedelta() if known is None else now - known[1]
    with desk.store.continuing(claim, _next_try(account, error, now, failing_for)) as unit:
        allowances.pause(unit, account, error, now)
        unit.watching.failed(account.name, now, error.reason, str(error))
        _not_read(desk, unit, account, error.reason, now, at_once=isinstance(error, NeedsPerson))
    log.warning("account not read", account=account.name, reason=error.reason)


def _not_read(desk: Desk, unit: Unit, account: Account, reason: str, now: datetime, *, at_once: bool) -> None:
    """Write down that nobody sees what arrives, and tell people at once or when it lasts, once a day."""
    since = unit.watching.failed(account.name, now, reason)
    if (at_once or now - since >= ALARM_AFTER) and unit.watching.alarm(account.name, now, ALARM_AGAIN):
        again = "" if now - since < ALARM_AGAIN else f"#@{now:%Y%m%d}"
        _tell(desk, unit, account, AlertStep.NOT_WATCHED, f"{reason}@{since.isoformat()}{again}")


def _next_try(account: Account, error: ConnectorError, now: datetime, failing_for: timedelta) -> datetime:
    if not isinstance(error, Pausing):
        return now + max(timedelta(minutes=account.poll_every_minutes), ASK_AGAIN)
    if isinstance(error, RateLimited | QuotaExhausted) or error.until is not None:
        usual = now + timedelta(minutes=account.poll_every_minutes)
        return min(max(error.until or now + allowances.UNSAID_PAUSE, usual), now + LONGEST_PAUSE)
    return now + next_try(account.name, now, failing_for)


def _tell(desk: Desk, unit: Unit, account: Account, step: AlertStep, occasion: str) -> None:
    """Tell the network manager, who can mend it, and the leadership, who must know that nobody watches."""
    for role in (Role.NETWORK_MANAGER, Role.SLT):
        plan_for_role(desk.ports, unit, account.school, role, Topic("account", account.name, step, occasion))
