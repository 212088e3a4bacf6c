"""A desk at which the poll task reads practice platforms, with the real connectors and a real SQLite file.

Nothing is kept but the file: whoever closes a desk and opens another one is a program that starts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import event, select

from connectors.base import Capabilities, Connector, ConnectorContext, Identity, Page, Proof, State
from connectors.practice.identities import ACCOUNT_IDS, SCHOOL_HANDLE, TOKEN, Platform
from connectors.registry import connector_for
from moderation.actions import Action, Done
from moderation.items import AccountName, Found, Reference, Sighting
from moderation.ports import Account, Ports, School
from moderation.tasks import Claim, NewTask, TaskKind
from sla.calendar import calendar_for
from sla.reminders import StaffedHours
from sla.target import ResponseTarget
from store import tables
from store.engine import open_engine
from store.store import Store
from tests.fakes import Post, Scorer
from tests.journeys.crowd import BEGIN
from workers.desk import Desk, ReportPlan
from workers.polling import poll_account
from workers.schools import Schools
from workers.stored_moves import StoredMoves

LEASE_SECONDS = 60.0


def account_name(platform: Platform) -> AccountName:
    """Return the name of the school's account on a platform."""
    return AccountName(f"oakfield-{platform}")


ACCOUNTS = {
    account_name(platform): Account(
        account_name(platform),
        "oakfield",
        str(platform),
        ACCOUNT_IDS[platform],
        SCHOOL_HANDLE,
        BEGIN - timedelta(days=1),
        poll_every_minutes=5,
    )
    for platform in Platform
}


def connector_at(platform: Platform, base_url: str) -> Connector:
    """Return the real connector of the school's account, turned to practice platforms."""
    context = ConnectorContext(Identity(ACCOUNT_IDS[platform], SCHOOL_HANDLE), TOKEN, base_url)
    return connector_for(platform, {}, context)


@cache
def _empty_database(folder: Path) -> bytes:
    """Return a database with all tables and no rows; making them takes longer than a history."""
    path = folder / "empty.sqlite"
    engine = open_engine(f"sqlite:///{path.as_posix()}")
    tables.metadata.create_all(engine)
    engine.dispose()  # the last connection that closes brings everything into the one file
    words = path.read_bytes()
    path.unlink()
    return words


def new_database(path: Path) -> Path:
    """Make an empty database at ``path``."""
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        each.unlink(missing_ok=True)
    path.write_bytes(_empty_database(path.parent))
    path.chmod(0o600)
    return path


def open_desk(
    database: Path,
    now: Callable[[], datetime],
    connector: Callable[[AccountName], Connector],
    platforms: Iterable[Platform] = Platform,
    *,
    hurries: bool = False,
) -> Desk:
    """Open a desk for the accounts on ``platforms``, as a program does that has just started.

    ``hurries``: nobody waits until the disk has written, so a power cut would lose something; nothing else.
    """
    engine = open_engine(f"sqlite:///{database.as_posix()}")
    if hurries:
        event.listen(engine, "connect", _hurry)
    store = Store(engine, now)
    school = School(
        "oakfield", "Oakfield Academy", "ENG", ResponseTarget(), calendar_for("ENG"), StaffedHours()
    )
    accounts = {account_name(each): ACCOUNTS[account_name(each)] for each in platforms}
    store.mirror([school], accounts.values())
    store.release_all()
    with store.begin() as unit:
        polls = [NewTask(TaskKind.POLL_ACCOUNT, name, name, now()) for name in accounts]
        unit.tasks.add(polls, now())
        unit.tasks.hurry(TaskKind.POLL_ACCOUNT, accounts, now())
    schools = Schools({school.id: school}, {})
    return Desk(
        ports=Ports(store, now, Scorer(), Post(), accounts, schools, {}),
        store=store,
        schools=schools,
        connector=connector,
        report=ReportPlan(database.parent, 0, time(7)),
        moves=StoredMoves(),
    )


def _hurry(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def next_poll_at(desk: Desk, account: AccountName) -> datetime:
    """Return when the task of an account is to be taken up."""
    columns = tables.tasks.c
    query = select(columns.next_at).where(columns.kind == TaskKind.POLL_ACCOUNT, columns.key == account)
    with desk.store.begin() as unit:
        at: datetime = unit.connection.execute(query).scalar_one()
    return at


def claim_of(desk: Desk, account: AccountName) -> Claim | None:
    """Lease the poll of an account, ``None`` when it is not due."""
    while claims := desk.store.claim(TaskKind.POLL_ACCOUNT, LEASE_SECONDS):
        for claim in claims:
            if claim.subject == account:
                return claim
    return None


def poll(desk: Desk, claim: Claim) -> None:
    """Do the poll task, as a worker does."""
    poll_account(desk, claim)


class Died(BaseException):
    """The program ended here, and no ``except`` of its own has seen it."""


class Watched:
    """A real connector, of which is known what was stored: a page is, once the next one is asked for.

    ``stored`` gets what was. With ``dies_after`` the program ends after so many pages.
    """

    platform: ClassVar[str] = "practice"

    def __init__(
        self, inner: Connector, stored: Callable[[Sighting], object], dies_after: int | None = None
    ) -> None:
        self._inner = inner
        self._stored = stored
        self._left = dies_after
        self.meter = inner.meter

    def capabilities(self) -> Capabilities:
        """Say what the connector says."""
        return self._inner.capabilities()

    def streams(self) -> tuple[str, ...]:
        """Name the connector's streams."""
        return self._inner.streams()

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read a stream."""
        return self._watched(self._inner.poll(stream, state, now))

    def sweep_days(self) -> int:
        """Return the connector's."""
        return self._inner.sweep_days()

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Sweep a stream."""
        return self._watched(self._inner.sweep(stream, since, now))

    def _watched(self, pages: Iterator[Page]) -> Iterator[Page]:
        for page in pages:
            self.page_came()
            yield page
            self.page_stored()
            # The store keeps the last sighting of an item on a page.
            for item in {each.external_id: each for each in page.items}.values():
                self._stored(item)
            if self._left is not None:
                self._left -= 1
                if self._left <= 0:
                    raise Died

    def page_came(self) -> None:
        """A page has come and is about to be stored."""

    def page_stored(self) -> None:
        """A page has been stored, and the next one is about to be asked for."""

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Look up items; what is shown of them is stored."""
        answers = self._inner.lookup(references, now)
        for answer in answers:
            if answer.item is not None:
                self._stored(answer.item)
        return answers

    def act(self, action: Action, now: datetime) -> Done:
        """Act."""
        return self._inner.act(action, now)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Verify an act."""
        return self._inner.verify(action, now)

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return the connector's."""
        return self._inner.monthly_estimate(items_per_day)

    def prove(self, now: datetime) -> Proof:
        """Prove the token."""
        return self._inner.prove(now)
