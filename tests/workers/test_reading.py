"""Reading an account: each stream for itself, swept once a day, proved once a day, never two at once."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Connector,
    Missed,
    Page,
    PermissionMissing,
    Proof,
    QuotaExhausted,
    RateLimited,
    Scope,
    State,
    Transient,
    completed,
)
from connectors.meter import Window
from moderation.items import AccountName, Found, ItemKind, Presence, Reference, Sighting
from moderation.tasks import Claim, LeaseLost, TaskKind
from store import listings, tables
from store.report_lines import readings
from tests.fakes import QuietConnector
from tests.workers.conftest import Clock
from tests.workers.test_polling import sighting, steps_told
from workers.desk import Desk
from workers.polling import poll_account

START, END = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
With = Callable[[Connector], Desk]


class Shown(QuietConnector):
    """Shows what it is told to, by stream; an error stands for a stream that breaks off."""

    def __init__(self, **streams: Sequence[Sighting] | Exception) -> None:
        super().__init__(*streams)
        self.shows = streams
        self.swept: dict[str, Sequence[Sighting]] = {}
        self.places: dict[str, Presence] = {}
        self.asked: list[str] = []
        self.polled: list[str] = []
        self.proof: Proof | Exception = Proof()

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        self.polled.append(stream)
        self.meter.called(units=1)
        shown = self.shows[stream]
        if isinstance(shown, Exception):
            raise shown
        yield Page(tuple(shown), cursor=completed(now))

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        yield Page(tuple(self.swept.get(stream, ())))

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        self.asked += [each.external_id for each in references]
        return [
            Found(each.external_id, self.places.get(each.external_id, Presence.PRESENT))
            for each in references
        ]

    def prove(self, now: datetime) -> Proof:
        if isinstance(self.proof, Exception):
            raise self.proof
        return self.proof


def turn(desk: Desk, clock: Clock, account: str, **later: float) -> None:
    """Let time go by and do the account's next poll."""
    clock.pass_by(**(later or {"hours": 2}))
    claims = desk.store.claim(TaskKind.POLL_ACCOUNT, 60)
    mine = next(each for each in claims if each.subject == account)
    desk.store.give_back([each for each in claims if each is not mine])
    poll_account(desk, mine)


def register(desk: Desk, account: str) -> dict[str, Any]:
    """Return what is listed about one account."""
    with desk.store.begin() as unit:
        return next(dict(row) for row in listings.accounts(unit.connection) if row["account"] == account)


def column(desk: Desk, name: str) -> list[Any]:
    """Return one column of all items, in order."""
    with desk.store.begin() as unit:
        return list(
            unit.connection.execute(select(tables.items.c[name]).order_by(tables.items.c.id)).scalars()
        )


def test_a_stream_that_may_not_be_read_stops_no_other(with_connector: With, account: Claim) -> None:
    """A token without the permission for messages: comments are read, and the rest is told by its name."""
    shown = Shown(comments=[sighting(1)], messages=PermissionMissing("no"))
    desk = with_connector(shown)
    poll_account(desk, account)
    listed = register(desk, account.subject)
    assert listed["not_read_since"] is None
    assert listed["parts_not_read"] == ["messages (permission_missing)"]
    assert listed["items"] == 1
    assert steps_told(desk) == ["not_watched"]


def test_what_a_person_has_to_mend_is_asked_hourly(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """No loop of refusals; within the hour after it is mended, it is read."""
    shown = Shown(comments=[], messages=PermissionMissing("no"))
    desk = with_connector(shown)
    poll_account(desk, account)
    turn(desk, clock, account.subject, minutes=30)
    assert shown.polled.count("messages") == 1
    shown.shows["messages"] = [sighting(1)]
    turn(desk, clock, account.subject, minutes=31)
    assert shown.polled.count("messages") == 2
    assert register(desk, account.subject)["parts_not_read"] == []


def test_a_stream_that_breaks_off_makes_the_account_unread_and_the_others_are_kept(
    with_connector: With, account: Claim
) -> None:
    """Something was not seen, so the account does not count as watched; nothing that was seen is lost."""
    desk = with_connector(Shown(mentions=BadResponse("cut off"), comments=[sighting(1)]))
    poll_account(desk, account)
    assert register(desk, account.subject)["reason"] == "bad_response"
    assert register(desk, account.subject)["items"] == 1


def test_a_dead_token_is_renewed_once_and_the_account_read(with_connector: With, account: Claim) -> None:
    """The newer token works: nobody is told."""
    connectors = [Shown(comments=AuthExpired("dead")), Shown(comments=[sighting(1)])]

    class Renewing:
        asked = 0

        def renew(self, account: str, used: str) -> bool:
            return True

        def renew_last(self, account: str) -> bool:
            self.asked += 1
            return True

    tokens = Renewing()
    desk = dataclasses.replace(
        with_connector(connectors[0]), connector=lambda name: connectors.pop(0), tokens=tokens
    )
    poll_account(desk, account)
    assert tokens.asked == 1
    assert register(desk, account.subject)["items"] == 1
    assert steps_told(desk) == []


def test_a_token_that_stays_dead_is_told(with_connector: With, account: Claim) -> None:
    """One renewal, then a person."""
    desk = with_connector(Shown(comments=AuthExpired("dead")))
    poll_account(desk, account)
    assert register(desk, account.subject)["reason"] == "auth_expired"
    assert steps_told(desk) == ["not_watched"]


def test_people_are_told_again_every_day(with_connector: With, clock: Clock, account: Claim) -> None:
    """An account that stays blind is not forgotten."""
    desk = with_connector(Shown(comments=AuthExpired("dead")))
    poll_account(desk, account)
    turn(desk, clock, account.subject, hours=20)
    assert len(steps_told(desk)) == 1
    turn(desk, clock, account.subject, hours=5)
    assert len(steps_told(desk)) == 2


def test_a_token_of_the_wrong_kind_is_found_before_anything_looks_empty(
    with_connector: With, account: Claim
) -> None:
    """Some platforms answer the wrong token with an empty list."""
    shown = Shown(comments=[])
    shown.proof = PermissionMissing("it is a person's token")
    desk = with_connector(shown)
    poll_account(desk, account)
    assert shown.polled == []
    assert register(desk, account.subject)["reason"] == "permission_missing"


def test_a_token_that_ends_is_told_at_fourteen_seven_and_one_day(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Once each, to the network manager."""
    shown = Shown(comments=[])
    shown.proof = Proof(expires_at=clock() + timedelta(days=20))
    desk = with_connector(shown)
    poll_account(desk, account)
    told = []
    for _ in range(20):
        turn(desk, clock, account.subject, days=1, minutes=1)
        told.append(steps_told(desk).count("token_ending"))
    assert told == [0] * 5 + [1] * 7 + [2] * 6 + [3] * 2


def test_only_a_sweep_finds_what_polls_missed_and_it_is_counted(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """The proof of completeness is a number: it should be nought."""
    shown = Shown(comments=[sighting(1)])
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.swept["comments"] = [sighting(1), sighting(2)]
    turn(desk, clock, account.subject, hours=23)
    assert column(desk, "found_by") == ["poll"]
    turn(desk, clock, account.subject, hours=2)
    assert column(desk, "found_by") == ["poll", "sweep"]
    with desk.store.begin() as unit:
        assert unit.usage.in_month(AccountName(account.subject), clock()).found_by_sweep == 1


def test_what_is_newer_than_the_last_poll_was_not_missed(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """It came between the poll and the sweep."""
    shown = Shown(comments=[])
    desk = with_connector(shown)
    poll_account(desk, account)
    clock.pass_by(hours=25)
    shown.swept["comments"] = [dataclasses.replace(sighting(1), created_at=clock())]
    turn(desk, clock, account.subject, seconds=1)
    assert column(desk, "found_by") == ["poll"]


def test_what_a_sweep_does_not_show_is_looked_up_and_nothing_is_guessed(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Three items are missing from the listing: one is there, one is gone, of one nobody knows."""
    items = [dataclasses.replace(sighting(number), created_at=clock()) for number in range(4)]
    shown = Shown(comments=items)
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.shows["comments"] = []
    shown.swept["comments"] = items[:1]
    shown.places = {"c2": Presence.DELETED, "c3": Presence.UNKNOWN}
    turn(desk, clock, account.subject, hours=25)
    assert shown.asked == ["c1", "c2", "c3"]
    assert column(desk, "presence") == ["present", "present", "deleted", "unknown"]


def test_what_was_just_seen_is_not_looked_up_yet(with_connector: With, clock: Clock, account: Claim) -> None:
    """A server that has not heard of it yet would say that it is gone."""
    shown = Shown(comments=[])
    desk = with_connector(shown)
    poll_account(desk, account)
    clock.pass_by(hours=25)
    shown.shows["comments"] = [dataclasses.replace(sighting(1), created_at=clock())]
    shown.places = {"c1": Presence.DELETED}
    turn(desk, clock, account.subject, seconds=1)
    assert shown.asked == []
    shown.shows["comments"] = []
    turn(desk, clock, account.subject, hours=25)
    assert shown.asked == ["c1"]


def test_a_sweep_that_breaks_off_looks_nothing_up(with_connector: With, clock: Clock, account: Claim) -> None:
    """What half a listing leaves out says nothing."""
    shown = Shown(comments=[dataclasses.replace(sighting(1), created_at=clock())])
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.sweep = lambda stream, since, now: (_ for _ in ()).throw(Transient("cut"))  # type: ignore[method-assign]
    turn(desk, clock, account.subject, hours=25)
    assert shown.asked == []
    assert column(desk, "presence") == ["present"]


def test_a_sweep_that_ends_before_it_looked_things_up_is_begun_again(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """A later poll of the same day sees to it: what was deleted must not go unnoticed for another one."""
    shown = Shown(comments=[dataclasses.replace(sighting(1), created_at=clock())])
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.places = {"c1": Presence.DELETED}
    look_up = shown.lookup
    shown.lookup = lambda references, now: (_ for _ in ()).throw(Transient("down"))  # type: ignore[method-assign]
    turn(desk, clock, account.subject, hours=25)
    assert column(desk, "presence") == ["present"]
    shown.lookup = look_up  # type: ignore[method-assign]
    turn(desk, clock, account.subject, hours=2)
    assert column(desk, "presence") == ["deleted"]


def test_streams_that_are_left_out_are_not_read(with_connector: With, account: Claim) -> None:
    """The school looks there by hand."""
    shown = Shown(messages=[sighting(1)], comments=[sighting(2)])
    desk = with_connector(shown)
    name = AccountName(account.subject)
    known = dataclasses.replace(desk.ports.accounts[name], leave_out=frozenset({"messages"}))
    ports = dataclasses.replace(desk.ports, accounts={**desk.ports.accounts, name: known})
    poll_account(dataclasses.replace(desk, ports=ports), account)
    assert shown.polled == ["comments"]


def test_a_listing_that_does_not_reach_back_is_a_gap(
    with_connector: With, account: Claim, clock: Clock
) -> None:
    """A feed that shows ten entries may have shown an eleventh in between: the report says so."""
    missed = Missed(clock() - timedelta(hours=2), clock() - timedelta(hours=1), "feed_too_short")

    class Short(Shown):
        def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
            yield Page(missed=(missed,), cursor=completed(now))

    desk = with_connector(Short(comments=[]))
    poll_account(desk, account)
    with desk.store.begin() as unit:
        [gap] = unit.connection.execute(select(tables.gaps)).all()
    assert (gap.began_at, gap.reason) == (missed.began_at, "feed_too_short")


def test_an_app_whose_allowance_is_spent_rests_with_all_its_accounts(
    with_connector: With, clock: Clock, desk: Desk
) -> None:
    """One account learns it; the others of the same app do not run into it one after the other."""
    claims = desk.store.claim(TaskKind.POLL_ACCOUNT, 60)
    spent = QuotaExhausted("spent", clock() + timedelta(minutes=20), Scope.APP)
    broken = with_connector(Shown(comments=spent))
    poll_account(broken, claims[0])
    twin = desk.ports.accounts[AccountName(claims[0].subject)]
    same = [each for each in desk.ports.accounts.values() if each.platform == twin.platform]
    with desk.store.begin() as unit:
        assert all(unit.usage.pause_of(each.name) for each in same)
        others = [each for each in desk.ports.accounts.values() if each.platform != twin.platform]
        assert not any(unit.usage.pause_of(each.name) for each in others)
    shown = Shown(comments=[])
    turn(with_connector(shown), clock, claims[0].subject, minutes=25)
    assert shown.polled == ["comments"]


def test_what_reading_used_is_kept_by_day(with_connector: With, clock: Clock, account: Claim) -> None:
    """Calls, units and the newest state of every allowance."""
    shown = Shown(comments=[])
    shown.meter.note(Window("mentions", 300, 299, clock() + timedelta(minutes=15)))
    desk = with_connector(shown)
    poll_account(desk, account)
    with desk.store.begin() as unit:
        used = unit.usage.on_day(AccountName(account.subject), clock())
        [window] = unit.usage.windows(AccountName(account.subject))
    assert (used.calls, used.units) == (1, 1)
    assert (window["name"], window["remaining"]) == ("mentions", 299)


def test_an_account_that_hangs_holds_one_thread_only(
    with_connector: With, account: Claim, clock: Clock
) -> None:
    """Its task comes up again while the first reading still waits: nobody begins a second one."""
    begun, go_on = threading.Event(), threading.Event()

    class Hanging(Shown):
        def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
            self.polled.append(stream)
            begun.set()
            go_on.wait(20)
            yield Page(cursor=completed(now))

    hanging = Hanging(comments=[])
    desk = with_connector(hanging)

    def read() -> None:
        with contextlib.suppress(LeaseLost):  # whoever is late loses the task, and keeps what was stored
            poll_account(desk, account)

    first = threading.Thread(target=read)
    first.start()
    assert begun.wait(20)
    poll_account(desk, account)
    go_on.set()
    first.join(20)
    assert hanging.polled == ["comments"]


def test_what_the_platform_does_not_tell_is_counted_over_the_day(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Each reading uses 10 of 100; the third knows of the first two, and tomorrow begins anew."""
    tomorrow = clock() + timedelta(hours=20)

    def read(resets_at: datetime, **later: float) -> float:
        shown = Shown(comments=[])
        shown.meter.note(Window("units", 100, 90, resets_at, shared=True, counted=True))
        turn(with_connector(shown), clock, account.subject, **later)
        with with_connector(shown).store.begin() as unit:
            [window] = unit.usage.windows(AccountName(account.subject))
        return float(window["remaining"])

    with_connector(Shown(comments=[])).store.give_back([account])
    assert [read(tomorrow, hours=2) for _ in range(3)] == [90, 80, 70]
    assert read(tomorrow + timedelta(days=1), hours=20) == 90


def test_an_account_whose_public_stream_is_refused_is_not_read(with_connector: With, account: Claim) -> None:
    """However much beside it says that there is nothing: nobody sees what parents write."""
    desk = with_connector(
        Shown(page_posts=PermissionMissing("no"), photos=[], messages=PermissionMissing("no"))
    )
    poll_account(desk, account)
    assert register(desk, account.subject)["reason"] == "permission_missing"
    assert register(desk, account.subject)["last_read"] is None
    assert steps_told(desk) == ["not_watched"]


def test_streams_that_all_rest_make_no_account_read(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """A restart within the hour asks nobody, and so learns nothing: nobody is told that all is well."""
    shown = Shown(comments=PermissionMissing("no"))
    desk = with_connector(shown)
    poll_account(desk, account)
    since = register(desk, account.subject)["not_read_since"]
    clock.pass_by(minutes=10)
    with desk.store.begin() as unit:
        unit.tasks.hurry(TaskKind.POLL_ACCOUNT, [account.subject], clock())
    turn(desk, clock, account.subject, seconds=1)
    assert shown.polled == ["comments"]
    assert register(desk, account.subject)["not_read_since"] == since
    assert steps_told(desk) == ["not_watched"]


def test_an_account_that_rests_with_its_app_is_blind_and_people_are_told(
    with_connector: With, clock: Clock, desk: Desk
) -> None:
    """Nobody sees what arrives there, whoever spent the allowance."""
    names = list(desk.ports.accounts)
    apps = {name: dataclasses.replace(desk.ports.accounts[name], app="one") for name in names}
    platform = apps[names[0]].platform
    apps = {name: dataclasses.replace(each, platform=platform) for name, each in apps.items()}
    with desk.store.begin() as unit:
        unit.connection.execute(tables.accounts.update().values(app="one", platform=platform))
    shared = dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, accounts=apps))
    spent = QuotaExhausted("spent", None, Scope.APP)
    for _ in range(6):
        for claim in shared.store.claim(TaskKind.POLL_ACCOUNT, 60):
            poll_account(dataclasses.replace(shared, connector=lambda name: Shown(comments=spent)), claim)
        clock.pass_by(minutes=16)
    rows = [register(shared, name) for name in names]
    assert all(row["not_read_since"] is not None for row in rows)
    assert {row["reason"] for row in rows} == {"quota_exhausted"}
    assert steps_told(shared).count("not_watched") == len(names)


def test_a_stream_without_permission_keeps_no_other_from_being_swept(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Deletions of comments are noticed though messages may not be read; messages are not looked up."""
    talk = dataclasses.replace(sighting(2), kind=ItemKind.MESSAGE, created_at=clock())
    shown = Shown(comments=[dataclasses.replace(sighting(1), created_at=clock())], messages=[talk])
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.shows = {"comments": [], "messages": PermissionMissing("no")}
    shown.places = {"c1": Presence.DELETED}
    turn(desk, clock, account.subject, hours=25)
    assert shown.asked == ["c1"]
    assert column(desk, "presence") == ["deleted", "present"]


def test_a_token_whose_daily_proof_finds_it_dead_is_renewed_too(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """The proof comes before the reading, and the refresh token is good."""
    dead, alive = Shown(comments=[]), Shown(comments=[sighting(1)])
    dead.proof = AuthExpired("dead")
    connectors = [dead, alive]

    class Renewing:
        def renew(self, account: str, used: str) -> bool:
            return True

        def renew_last(self, account: str) -> bool:
            return True

    desk = with_connector(dead)
    desk = dataclasses.replace(desk, connector=lambda name: connectors.pop(0), tokens=Renewing())
    poll_account(desk, account)
    assert register(desk, account.subject)["items"] == 1
    with desk.store.begin() as unit:
        assert unit.usage.on_day(AccountName(account.subject), clock()).found == 1


def test_a_proof_that_fails_for_a_while_keeps_nothing_from_being_read(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """It was proved before; whether it still is can wait, what a child writes cannot."""
    shown = Shown(comments=[])
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.proof = Transient("away")
    shown.shows["comments"] = [sighting(1)]
    turn(desk, clock, account.subject, hours=25)
    assert register(desk, account.subject)["items"] == 1


def test_a_busy_database_passes(with_connector: With, clock: Clock, account: Claim) -> None:
    """It is no matter for a person, and the next poll is not an hour away."""
    busy = OperationalError("update", {}, Exception("database is locked"))
    desk = with_connector(Shown(comments=busy))
    poll_account(desk, account)
    assert register(desk, account.subject)["reason"] == "unreachable"
    assert steps_told(desk) == []
    turn(desk, clock, account.subject, minutes=2)


def test_reading_at_the_longest_gap_is_no_gap(with_connector: With, clock: Clock, account: Claim) -> None:
    """The bell and the reading take their time: the report must not call that unwatched."""
    desk = with_connector(Shown(comments=[]))
    name = AccountName(account.subject)
    slow = dataclasses.replace(desk.ports.accounts[name], poll_every_minutes=30, longest_gap_minutes=30)
    desk = dataclasses.replace(
        desk, ports=dataclasses.replace(desk.ports, accounts={**desk.ports.accounts, name: slow})
    )
    poll_account(desk, account)
    for _ in range(5):
        turn(desk, clock, account.subject, minutes=30, seconds=20)
    with desk.store.begin() as unit:
        assert unit.connection.execute(select(tables.gaps)).all() == []


def test_a_sweep_that_breaks_off_makes_no_account_unread_and_is_not_begun_at_every_poll(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """It would spend the same allowance again and again, and the account was read."""
    swept: list[datetime] = []
    shown = Shown(comments=[])

    def cut(stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        swept.append(now)
        yield Page()
        raise RateLimited("wait", None, Scope.STREAM)

    shown.sweep = cut  # type: ignore[method-assign]
    desk = with_connector(shown)
    poll_account(desk, account)
    turn(desk, clock, account.subject, hours=25)
    for _ in range(6):
        turn(desk, clock, account.subject, minutes=7)
    assert len(swept) == 1
    assert register(desk, account.subject)["not_read_since"] is None
    assert steps_told(desk) == []


def test_what_was_asked_longest_ago_is_looked_up_first(
    with_connector: With, clock: Clock, account: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand that nobody can tell about keep no newer one from being asked about for ever."""
    monkeypatch.setattr("store.places.MOST_LOOKED_UP", 2)
    items = [dataclasses.replace(sighting(number), created_at=clock()) for number in range(5)]
    shown = Shown(comments=items)
    desk = with_connector(shown)
    poll_account(desk, account)
    shown.shows["comments"] = []
    shown.places = {f"c{number}": Presence.UNKNOWN for number in range(5)}
    for _ in range(3):
        turn(desk, clock, account.subject, hours=25)
    assert {*shown.asked} == {f"c{number}" for number in range(5)}


def test_a_token_end_that_is_counted_anew_each_time_is_told_once(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Some platforms say how many seconds are left: the end moves by seconds, the day does not."""
    ends = clock() + timedelta(days=6)

    class Counting(Shown):
        def prove(self, now: datetime) -> Proof:
            return Proof(expires_at=ends + timedelta(seconds=len(self.polled)))

    desk = with_connector(Counting(comments=[]))
    poll_account(desk, account)
    for _ in range(3):
        turn(desk, clock, account.subject, hours=25)
    assert steps_told(desk).count("token_ending") == 1


def test_a_stream_that_comes_and_goes_is_told_once_a_day(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Twenty-five mails in a night help nobody."""
    shown = Shown(comments=[], messages=[])
    desk = with_connector(shown)
    poll_account(desk, account)
    for number in range(10):
        shown.shows["messages"] = BugOrConfig("odd") if number % 2 else []
        turn(desk, clock, account.subject, minutes=61)
    assert steps_told(desk) == ["not_watched"]


def test_an_account_that_comes_and_goes_is_told_hourly_at_most(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """The first time at once."""
    shown = Shown(comments=[])
    desk = with_connector(shown)
    told = []
    poll_account(desk, account)
    for number in range(8):
        shown.shows["comments"] = BugOrConfig("odd") if number % 2 == 0 else []
        with desk.store.begin() as unit:
            unit.tasks.hurry(TaskKind.POLL_ACCOUNT, [account.subject], clock())
        turn(desk, clock, account.subject, minutes=5)
        told.append(steps_told(desk).count("not_watched"))
    assert told[-1] == 1


def test_what_no_program_reads_is_neither_read_nor_failing(with_connector: With, account: Claim) -> None:
    """A place that people look into: nobody is told that it was watched, or that it was not."""
    nothing = Shown()
    nothing._streams = ()
    desk = with_connector(nothing)
    poll_account(desk, account)
    listed = register(desk, account.subject)
    assert (listed["last_read"], listed["not_read_since"]) == ("by hand", None)
    with desk.store.begin() as unit:
        names = [each.account for each in readings(unit.connection, [account.subject], START, END)]
    assert names == []


def test_a_spent_allowance_of_one_stream_leaves_the_others_their_pace(
    with_connector: With, clock: Clock, account: Claim
) -> None:
    """Quotes have to wait: mentions are read again after the usual time, and it is told when it lasts."""
    shown = Shown(
        mentions=[sighting(1)], quotes=RateLimited("wait", clock() + timedelta(hours=1), Scope.STREAM)
    )
    desk = with_connector(shown)
    poll_account(desk, account)
    assert register(desk, account.subject)["not_read_since"] is None
    turn(desk, clock, account.subject, minutes=6)
    assert shown.polled.count("mentions") == 2
    assert steps_told(desk) == []
    turn(desk, clock, account.subject, minutes=31)
    assert steps_told(desk) == ["not_watched"]


def test_accounts_of_one_app_are_read_one_after_the_other(with_connector: With, desk: Desk) -> None:
    """Platforms count what comes at once; whoever waits is looked at again in a moment."""
    names = list(desk.ports.accounts)[:2]
    apps = {
        name: dataclasses.replace(desk.ports.accounts[name], app="one", platform="facebook") for name in names
    }
    claims = [each for each in desk.store.claim(TaskKind.POLL_ACCOUNT, 60) if each.subject in apps]
    begun, go_on, polled = threading.Event(), threading.Event(), list[str]()

    class Slow(Shown):
        def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
            polled.append(stream)
            begun.set()
            go_on.wait(20)
            yield Page(cursor=completed(now))

    shared = dataclasses.replace(
        with_connector(Slow(comments=[])), ports=dataclasses.replace(desk.ports, accounts=apps)
    )
    first = threading.Thread(target=lambda: poll_account(shared, claims[0]))
    first.start()
    assert begun.wait(20)
    poll_account(shared, claims[1])
    assert len(polled) == 1
    go_on.set()
    first.join(20)
