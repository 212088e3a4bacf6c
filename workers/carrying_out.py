"""Carrying out what people ordered on a platform: once, read back, never sent again on a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from connectors.base import AuthExpired, Connector, ConnectorError, Pausing, Transient, Unsure
from moderation.actions import Action, Done, OrderState, StoredOrder
from moderation.items import AccountName
from moderation.orders import begin, done, not_done
from moderation.ports import Account
from moderation.tasks import Claim
from store.store import Unit
from workers import allowances
from workers.desk import Desk
from workers.reading import Reading

log = structlog.get_logger()

GIVE_UP_AFTER = timedelta(hours=1)
"""How long an order that could not even be sent is tried; then the person who gave it is told."""

TRY_AGAIN = timedelta(minutes=1)

LOST = "nobody knows whether it was done: look on the platform before you order it again"


def carry_out(desk: Desk, claim: Claim) -> None:
    """Send one order to its platform, once.

    1. Note that it is about to be sent, in a transaction of its own.
    2. Send it. Refused: the person is told why, with the way by hand. Surely not sent: it is tried again.
    3. Answer lost, or a process died in between: read back whether it was done; if nothing shows it, a person
       decides. Nothing is sent twice.
    """
    number = int(claim.subject)
    with desk.store.holding(claim) as unit:
        known = unit.orders.get(number)
        item = unit.items.get(known.order.item)
        reference = unit.places.reference(item.id)
        stale = _stale(desk, known, item.account)
        begun = begin(desk.ports, unit, number) if not stale else None
        order = begun or known
    if stale and order.state is OrderState.ORDERED:
        with desk.store.finishing(claim) as unit:
            not_done(desk.ports, unit, order, OrderState.REFUSED, stale)
        return
    if order.state is not OrderState.SENDING:
        with desk.store.finishing(claim):
            return  # it is over already
    account = desk.ports.accounts.get(item.account)
    if account is None:
        with desk.store.finishing(claim) as unit:
            state = OrderState.REFUSED if begun is not None else OrderState.UNSURE
            not_done(desk.ports, unit, order, state, "the account has left the register")
        return
    action = Action(
        kind=order.order.kind,
        item=reference,
        reference=order.reference,
        began_at=order.began_at or desk.ports.now(),
        words=order.order.words,
    )
    _carry_out(desk, claim, account, _Attempt(order, action, sent=begun is None))


def _stale(desk: Desk, order: StoredOrder, account: AccountName) -> str:
    """Return why an order that waited must not be sent any more; empty when it may."""
    known = desk.ports.accounts.get(account)
    if known is not None and not known.may_act:
        return "the account may only be read by now"
    if desk.ports.now() - order.ordered_at > GIVE_UP_AFTER:
        return "it waited too long for somebody to carry it out, and may not fit any more"
    return ""


@dataclass(slots=True)
class _Attempt:
    """One go at an order. ``sent``: it may have reached the platform, so it is only ever looked for."""

    order: StoredOrder
    action: Action
    sent: bool


def _carry_out(desk: Desk, claim: Claim, account: Account, attempt: _Attempt) -> None:
    connector: Connector | None = None
    result: Done | None = None
    refused = ""
    try:
        connector = desk.connector(account.name)
        result = _send_or_look(connector, attempt, desk, account.name)
    except Pausing as error:
        _later(desk, claim, attempt, error)
        return
    except ConnectorError as error:
        refused = LOST if attempt.sent else str(error)
    except Exception as surprise:  # noqa: BLE001 - whatever it was, it may have been done
        log.warning("order broke off", order=attempt.order.id, error=type(surprise).__name__)
        attempt.sent, refused = True, LOST
    finally:
        if connector is not None:
            with desk.store.begin() as unit:
                allowances.keep(unit, account, connector.meter, Reading(), desk.ports.now())
    with desk.store.finishing(claim) as unit:
        if result is not None:
            done(desk.ports, unit, attempt.order, result)
        else:
            _fail(desk, unit, attempt, refused or LOST)
    log.info("order carried out", order=attempt.order.id, done=result is not None)


def _fail(desk: Desk, unit: Unit, attempt: _Attempt, remark: str) -> None:
    state = OrderState.UNSURE if attempt.sent else OrderState.REFUSED
    not_done(desk.ports, unit, attempt.order, state, remark)


def _send_or_look(connector: Connector, attempt: _Attempt, desk: Desk, account: AccountName) -> Done | None:
    """Send what was never sent; of anything else only the platform can tell whether it was done."""
    if not attempt.sent:
        try:
            return connector.act(attempt.action, desk.ports.now())
        except Unsure:
            attempt.sent = True
        except AuthExpired as dead:
            # Refused, so surely not done; with a newer token it may be sent for the first time.
            if not desk.renew_token(account):
                raise
            raise Transient("The token was renewed.") from dead
    return connector.verify(attempt.action, desk.ports.now())


def _later(desk: Desk, claim: Claim, attempt: _Attempt, error: Pausing) -> None:
    """Try again what was surely not sent; look again later where only looking failed."""
    now = desk.ports.now()
    if now - attempt.order.ordered_at >= GIVE_UP_AFTER:
        with desk.store.finishing(claim) as unit:
            _fail(desk, unit, attempt, LOST if attempt.sent else str(error))
        return
    until = error.until or now + TRY_AGAIN
    with desk.store.continuing(claim, min(max(until, now + TRY_AGAIN), now + GIVE_UP_AFTER)) as unit:
        if not attempt.sent:
            unit.orders.put_back(attempt.order.id)
    log.info("order waits", order=attempt.order.id, reason=error.reason)
