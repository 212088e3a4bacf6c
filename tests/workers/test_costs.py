"""What reading costs is shown, and estimated before it is spent."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

from connectors.meter import Window
from moderation.intake import Arrival, receive
from moderation.items import AccountName
from store.usage import Spending
from tests.fakes import QuietConnector
from tests.workers.conftest import Clock
from tests.workers.test_polling import sighting
from workers.allowances import keep
from workers.costs import USUAL_ITEMS_PER_DAY, costs
from workers.desk import Desk
from workers.reading import Reading


class Charging(QuietConnector):
    """A platform that charges a dollar for every item in a day's worth."""

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        return Decimal(str(items_per_day))


def cost_of(desk: Desk, clock: Clock) -> dict[str, object]:
    """Return what is shown about the first account."""
    with desk.store.begin() as unit:
        rows = costs(unit.usage, desk.ports.accounts, lambda name: Charging(), clock())
    return rows[0]


def name_of(desk: Desk) -> AccountName:
    """Return the first account's name."""
    return next(iter(desk.ports.accounts))


def test_before_anything_was_read_the_estimate_takes_a_usual_day(desk: Desk, clock: Clock) -> None:
    """A school sees what it will pay before it pays."""
    clock.at = desk.ports.accounts[name_of(desk)].go_live + timedelta(hours=1)
    assert cost_of(desk, clock)["month_estimate"] == f"{USUAL_ITEMS_PER_DAY:.2f}"


def test_the_estimate_follows_what_comes_in(desk: Desk, clock: Clock) -> None:
    """Three items in ten days; what was read in one go on the first day does not count as a day's worth."""
    account = desk.ports.accounts[name_of(desk)]
    clock.at = account.go_live + timedelta(days=10)
    items = tuple(
        dataclasses.replace(sighting(number), created_at=account.go_live + timedelta(days=number))
        for number in (1, 2, 3)
    )
    receive(desk.ports, Arrival(account.name, "comments", items, (), None, None, clock()))
    assert cost_of(desk, clock)["month_estimate"] == "0.30"


def test_what_was_used_is_shown_for_today_and_this_month(desk: Desk, clock: Clock) -> None:
    """Calls and units of the day, money of the month, and the fullest allowance with how full it is."""
    account = desk.ports.accounts[name_of(desk)]
    connector = QuietConnector()
    connector.meter.called(units=5)
    connector.meter.spent(Decimal("1.25"))
    connector.meter.note(Window("mentions", 100, 40, clock() + timedelta(minutes=9)))
    with desk.store.begin() as unit:
        unit.usage.add(account.name, clock() - timedelta(days=2), Spending(calls=9, dollars=Decimal("0.50")))
        keep(unit, account, connector.meter, Reading(), clock())
    shown = cost_of(desk, clock)
    assert (shown["calls_today"], shown["units_today"], shown["month_dollars"]) == (1, 5, "1.75")
    assert (shown["fullest"], shown["used"]) == ("mentions", "60%")
