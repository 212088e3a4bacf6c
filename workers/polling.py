"""Polling one account: every stream to its end, every page stored before the next is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from connectors.base import ConnectorError, NeedsPerson, Pausing, RateLimited, Unexpected
from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.intake import Arrival, receive
from moderation.items import AccountName
from moderation.ports import Account, Unit
from moderation.tasks import Claim, LeaseLost
from workers.desk import Desk

log = structlog.get_logger()


ALARM_AFTER = timedelta(minutes=30)
"""How long an account may fail for reasons that pass before people are told that nobody is watching."""

UNSAID_PAUSE = timedelta(minutes=15)
"""How long to wait when a platform asks us to slow down and does not say for how long."""

LONGEST_PAUSE = timedelta(minutes=30)
"""An account is tried again after this at the latest, whatever the platform asks for."""


def poll_account(desk: Desk, claim: Claim) -> None:
    """Read an account once, then put the task back until its next turn.

    1. Every stream is read from its overlap to the end; each page is its own transaction.
    2. A stream that breaks off keeps its cursor: the next poll reads the same again.
    3. What the platform refuses is remembered, and told when it lasts or when only a person can help.

    One account's failure is its own: no other account waits for it. One that has left the register is
    not read; it is looked for there again after a while, for it may come back.
    """
    started = desk.ports.now()
    account = desk.ports.accounts.get(AccountName(claim.subject))
    if account is None:
        with desk.store.continuing(claim, started + LONGEST_PAUSE):
            return
    try:
        new = _read_streams(desk, account, started)
    except ConnectorError as error:
        _failed(desk, claim, account, error)
        return
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001 - one account's surprise must not end its polling for ever
        log.warning("poll broke off", account=account.name, error=type(error).__name__)
        _failed(desk, claim, account, Unexpected(f"{type(error).__name__} while polling: report it"))
        return
    now = desk.ports.now()
    with desk.store.continuing(claim, started + timedelta(minutes=account.poll_every_minutes)) as unit:
        missed_since = unit.watching.read(account.name, now, _allowed_gap(account))
        if missed_since is not None:
            _tell(desk, unit, account, AlertStep.WATCHED_AGAIN, f"read@{missed_since}")
    log.info("account polled", account=account.name, new=new)


def _read_streams(desk: Desk, account: Account, started: datetime) -> int:
    connector = desk.connector(account.name)
    new = 0
    for stream in connector.streams():
        with desk.store.begin() as unit:
            state, earliest = unit.cursors.get(account.name, stream)
        for page in connector.poll(stream, state, started):
            arrival = Arrival(
                account=account.name,
                stream=stream,
                items=page.items,
                rejected=page.rejected,
                cursor=page.cursor,
                earliest=earliest,
                started_at=started,
            )
            new += receive(desk.ports, arrival)
    return new


def _failed(desk: Desk, claim: Claim, account: Account, error: ConnectorError) -> None:
    now = desk.ports.now()
    with desk.store.continuing(claim, _next_try(account, error, now)) as unit:
        since = unit.watching.failed(account.name, now, error.reason)
        tell = isinstance(error, NeedsPerson) or now - since >= ALARM_AFTER
        if tell and unit.watching.alarm(account.name, now):
            _tell(desk, unit, account, AlertStep.NOT_WATCHED, f"{error.reason}@{since.isoformat()}")
    log.warning("account not read", account=account.name, reason=error.reason)


def _next_try(account: Account, error: ConnectorError, now: datetime) -> datetime:
    usual = now + timedelta(minutes=account.poll_every_minutes)
    if not isinstance(error, Pausing):
        return usual
    asked = error.until
    if asked is None:
        asked = now + UNSAID_PAUSE if isinstance(error, RateLimited) else usual
    return min(max(asked, usual), now + LONGEST_PAUSE)


def _allowed_gap(account: Account) -> int:
    """Return the minutes between two readings that still count as watched without a break."""
    return max(3 * account.poll_every_minutes, 30)


def _tell(desk: Desk, unit: Unit, account: Account, step: AlertStep, occasion: str) -> None:
    """Tell the network manager, who can mend it, and the leadership, who must know that nobody watches."""
    for role in (Role.NETWORK_MANAGER, Role.SLT):
        plan_for_role(desk.ports, unit, account.school, role, Topic("account", account.name, step, occasion))
