"""Histories by lot: people write, edit and delete while accounts are read and everything goes wrong.

    python tests/journeys/histories.py --examples 200 [--platform x] [--steps 40] [--seed 7]

Each history is played on a practice platform and read by the real connector, poll task and store. After
every step, and once more after a day, the store is compared with what is there. A history that ends otherwise
is made as short as it can be and printed.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.base import Connector
from connectors.practice.content import Content
from connectors.practice.identities import Platform
from connectors.practice.wire import Request
from connectors.practice.world import Node
from moderation.items import AccountName, Sighting
from tests.fakes import PassingTime
from tests.journeys import desks
from tests.journeys.crowd import (
    BEGIN,
    WITHHELD,
    Crowd,
    SmallPages,
    compare,
    has_to_be_stored,
    is_part_of,
    kept,
    squeezed,
    stored_id,
    wordings,
)
from workers.desk import Desk

LONGEST = timedelta(days=4)
"""How long a history goes on: a week later, sweeps no longer reach back to its beginning."""

SAYING = ("post", "comment", "reply", "own_reply", "unnamed", "quote", "review", "message", "own_message")
CHANGING = ("edit", "delete", "hide", "unhide", "late")
MEANWHILE = ("comment", "reply", "own_reply", "message", "edit", "delete", "late")
"""What happens while a poll is between two pages. Posts that vanish there are told to a person."""

LOSING = ("short=1", "short=3", "partial", "late=900")
"""Faults that leave things out of a listing which says that it is complete."""

FAULTS = (
    *LOSING,
    *("500", "503", "429", "429=absent", "quota", "402", "expired", "denied", "revoked"),
    *("html", "type", "cut", "half", "down", "lost", "empty", "loop", "repeat", "ranked"),
)

numbers = some.integers(0, 59)
requests = some.integers(1, 30)


class History(RuleBasedStateMachine):
    """One platform, one account, and whatever happens. ``play`` begins it in a folder."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        super().__init__()
        self.platform = platform
        self.account = desks.account_name(platform)
        self.now = PassingTime(BEGIN - timedelta(minutes=10))
        self.platforms = SmallPages(Content(()), self.now)
        self.platforms.start()
        self.platforms.before = self._between_pages
        self.crowd = Crowd(self.platforms, platform, self.now)
        for number in range(8):
            self._happens("comment", number)
        self.now.at = BEGIN
        self.database = desks.new_database(folder / "socialduty.sqlite")
        self.seen: dict[str, list[str]] = {}
        self.excused: set[str] = set()
        self.lagged = False
        self.was_refused = False
        self.readings = 0
        self.requests = 0
        self.meanwhile: list[tuple[int, str, int]] = []
        self.surprises: list[Exception] = []
        self.dies_after: int | None = None
        self.desk = self._open()

    def _open(self) -> Desk:
        return desks.open_desk(self.database, self.now, self._connector, [self.platform], hurries=True)

    def _connector(self, name: AccountName) -> Connector:
        self.readings += 1
        inner = desks.connector_at(self.platform, self.platforms.base_url(self.platform))
        return desks.Watched(inner, self._stored, self.dies_after)

    def _stored(self, item: Sighting) -> None:
        self.seen.setdefault(item.external_id, []).append(item.text)

    # What happens

    @rule(what=some.sampled_from(SAYING), chosen=numbers)
    def somebody_says_something(self, what: str, chosen: int) -> None:
        """Something new is there."""
        self._happens(what, chosen)

    @rule(what=some.sampled_from(CHANGING), chosen=numbers)
    def something_changes(self, what: str, chosen: int) -> None:
        """Something that is there changes, or what is old surfaces."""
        self._happens(what, chosen)

    @precondition(lambda self: self.now.at < BEGIN + LONGEST)
    @rule(minutes=some.sampled_from((1, 20, 130, 700, 1500)))
    def time_passes(self, minutes: int) -> None:
        """Nobody does anything for a while."""
        self.now.pass_by(minutes=minutes)

    @rule(meanwhile=some.lists(some.tuples(requests, some.sampled_from(MEANWHILE), numbers), max_size=4))
    def account_is_read(self, meanwhile: list[tuple[int, str, int]]) -> None:
        """The poll task runs, while people go on writing."""
        self.meanwhile = sorted(meanwhile)
        settled = self.now.at - WITHHELD
        self._read()
        self.meanwhile = []
        self._nothing_settled_is_missing(settled)

    @rule(
        kind=some.sampled_from(FAULTS),
        first=requests,
        more=some.sampled_from((0, 0, 1, 40)),
        meanwhile=some.lists(some.tuples(requests, some.sampled_from(MEANWHILE), numbers), max_size=2),
    )
    def platform_misbehaves(
        self, kind: str, first: int, more: int, meanwhile: list[tuple[int, str, int]]
    ) -> None:
        """The poll task runs, and some of its requests are answered as they should not be."""
        self.platforms.set_faults(f"{self.platform}:{kind}@{first}-{first + more}")
        self.meanwhile = sorted(meanwhile)
        self.lagged = self.lagged or kind.startswith("late")
        self.was_refused = self.was_refused or kind in ("denied", "revoked")
        self._read()
        self.meanwhile = []
        self.platforms.set_faults("")
        if kind in LOSING:
            stored = kept(self.desk.store, self.account)
            self.excused |= {stored_id(each) for each in self._due() if stored_id(each) not in stored}

    @rule(pages=some.integers(1, 12))
    def program_dies_between_pages(self, pages: int) -> None:
        """The program ends after a page was stored, and starts again with nothing but its database."""
        self.dies_after = pages
        try:
            self._read()
        except desks.Died:
            self.desk.store.engine.dispose()
            self.desk = self._open()
        self.dies_after = None

    def _happens(self, what: str, chosen: int) -> None:
        self.now.pass_by(seconds=1)
        getattr(self.crowd, what)(chosen)

    def _between_pages(self, request: Request) -> None:
        self.requests += 1
        while self.meanwhile and self.meanwhile[0][0] <= self.requests:
            _, what, chosen = self.meanwhile.pop(0)
            try:
                self.now.pass_by(seconds=1)
                if what == "delete":
                    self.crowd.delete(chosen, posts=False)
                else:
                    getattr(self.crowd, what)(chosen)
            except Exception as surprise:  # noqa: BLE001 - the server's thread would swallow it
                self.surprises.append(surprise)

    def _read(self) -> None:
        """Let time go on to the account's next turn, and read it; one that rests is waited for."""
        before = self.readings
        for _ in range(20):
            claim = desks.claim_of(self.desk, self.account)
            if claim is None:
                self.now.at = max(self.now.at, desks.next_poll_at(self.desk, self.account))
                continue
            self.requests = 0
            desks.poll(self.desk, claim)
            if self.readings > before:
                return
        raise AssertionError("the account is never read again")

    # What has to be true

    @invariant()
    def what_is_stored_was_really_there(self) -> None:
        """Nothing is there twice, nothing is invented, nothing has words that it never had."""
        assert self.surprises == []
        assert not (wrong := compare(self.crowd, self.desk.store, self.account, at_the_end=False)), wrong
        stored = kept(self.desk.store, self.account)
        assert {name: list(item.versions) for name, item in stored.items()} == {
            name: squeezed(words) for name, words in self.seen.items()
        }

    def _due(self) -> list[Node]:
        return [node for node in self.crowd.nodes() if has_to_be_stored(node)]

    def _nothing_settled_is_missing(self, settled: datetime) -> None:
        """After an untroubled poll everything is stored that was there before it and is not dated back."""
        with self.desk.store.begin() as unit:
            streams = unit.streams.states(self.account).values()
        if any(each.failing_since is not None for each in streams):
            return  # one of them rests, or what happened meanwhile broke it off
        stored = kept(self.desk.store, self.account)
        missing = [
            node.thing.key
            for node in self._due()
            if node.visible_from <= settled
            and node.thing.seen_from is None
            and stored_id(node) not in stored
            and stored_id(node) not in self.excused
        ]
        assert missing == [], missing

    def teardown(self) -> None:
        """A day later, with nothing in the way: the store holds what is there, and knows what is gone."""
        try:
            self._end()
        finally:
            self.desk.store.engine.dispose()
            self.platforms.stop()

    def _end(self) -> None:
        self.now.pass_by(hours=2)
        self._read()
        self.now.pass_by(hours=25)
        self._read()
        wrong = compare(
            self.crowd, self.desk.store, self.account, at_the_end=True, was_refused=self.was_refused
        )
        assert not wrong, wrong
        self.what_is_stored_was_really_there()
        if not self.lagged:
            there = {stored_id(node): node for node in self.crowd.nodes()}
            for name, item in kept(self.desk.store, self.account).items():
                assert is_part_of(item.versions, wordings(there[name]))


def play(
    platform: Platform,
    folder: Path,
    examples: int,
    steps: int,
    chosen: int | None = None,
    *,
    shortened: bool = True,
) -> None:
    """Play so many histories of at most so many steps. The first bad one raises :class:`AssertionError`."""
    begin: Callable[[], History] = partial(History, platform, folder)
    effort = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[each for each in Phase if shortened or each is not Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    if chosen is not None:
        begin = seed(chosen)(begin)
        effort = settings(effort, database=None)
    run_state_machine_as_test(begin, settings=effort)  # type: ignore[arg-type] # anything that makes one


def main() -> int:
    """Play histories, and say how many there were."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--as-found", action="store_true", help="do not look for a shorter history")
    parser.add_argument("--platform", choices=[str(each) for each in Platform], action="append")
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name in wanted.platform or list(Platform):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            play(
                Platform(name),
                Path(folder),
                wanted.examples,
                wanted.steps,
                wanted.seed,
                shortened=not wanted.as_found,
            )
        took = time.monotonic() - began
        sys.stdout.write(f"{name}: {wanted.examples} histories in {took:.0f} s: nothing lost or doubled\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
