"""Renewing by real processes: two at once on one database, and one that is killed at each step."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Engine, event

from connectors.base import AuthExpired
from store.engine import open_engine
from store.store import Store
from tests.workers.test_tokens import ACCOUNT, FIRST, SECOND, Bench, Wrapped, bench
from tests.worlds import engine, kept_postgres
from workers.tokens import AccountTokens

__all__ = ["bench", "engine", "kept_postgres"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are made and killed as POSIX has it")


@contextmanager
def process(work: Callable[[], bool]) -> Iterator[Callable[[], int]]:
    """Do ``work`` in a process of its own; yield how to wait for its exit code, negative if it was killed."""
    number = os.fork()
    if number == 0:
        code = 9
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    yield lambda: os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def opened(bench: Bench) -> AccountTokens:
    """Return the same tokens as another process opens them: its own connections and its own sign-in."""
    url = bench.tokens.store.engine.url.render_as_string(hide_password=False)
    sign_in = Wrapped(bench.sign_in._real)
    return AccountTokens(
        Store(open_engine(url), bench.now),
        bench.tokens.key,
        lambda name: sign_in,  # type: ignore[arg-type, return-value]
    )


def die(*_: object) -> NoReturn:
    """Be killed, as by ``kill -9`` or a power cut: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a killed process went on")


def test_processes_at_once_send_one_request(bench: Bench, tmp_path: Path) -> None:
    """One renews; the others wait and are given what it brought."""
    begin = os.pipe()

    def renew() -> bool:
        tokens = opened(bench)
        os.close(begin[1])
        os.read(begin[0], 1)  # ends for all at once, when the other end is closed
        return tokens.renew(ACCOUNT, FIRST) and tokens.current(ACCOUNT) == SECOND

    bench.tokens.store.engine.dispose()
    with process(renew) as one, process(renew) as two, process(renew) as three:
        os.close(begin[0])
        os.close(begin[1])
        assert [one(), two(), three()] == [0, 0, 0]
    assert (bench.x.refreshes, bench.x.family_ended) == (1, False)
    assert bench.row().number == 2


def at_commit(tokens: AccountTokens) -> None:
    """Be killed in the transaction that stores what came, when all of it but the commit is done."""
    watched: Engine = tokens.store.engine

    def sent() -> None:
        event.listen(watched, "commit", die)

    vars(tokens.sign_in(ACCOUNT))["after"] = sent
    tokens.renew(ACCOUNT, FIRST)


def at_its(moment: str) -> Callable[[AccountTokens], None]:
    """Return how to be killed at a moment of the sign-in."""

    def work(tokens: AccountTokens) -> None:
        vars(tokens.sign_in(ACCOUNT))[moment] = die
        tokens.renew(ACCOUNT, FIRST)

    return work


def when_stored(tokens: AccountTokens) -> None:
    """Be killed when all is stored and nothing was done with it yet."""
    tokens.renew(ACCOUNT, FIRST)
    die()


@pytest.mark.parametrize(
    ("work", "sent", "is_lost"),
    [
        pytest.param(at_its("can_renew"), 0, False, id="before the mark"),
        pytest.param(at_its("before"), 0, True, id="before it is sent"),
        pytest.param(at_its("after"), 1, True, id="before it is stored"),
        pytest.param(at_commit, 1, True, id="while it is stored"),
        pytest.param(when_stored, 1, False, id="before it is used"),
    ],
)
def test_a_killed_renewal_is_never_sent_again(
    bench: Bench, work: Callable[[AccountTokens], None], sent: int, is_lost: bool
) -> None:
    """Whatever the step: at most one request with one refresh token, and X never ends the family."""

    def renew() -> bool:
        work(opened(bench))
        return True

    bench.tokens.store.engine.dispose()
    with process(renew) as killed:
        assert killed() == -signal.SIGKILL
    assert bench.x.refreshes == sent
    bench.let_the_lease_end()
    if is_lost:
        with pytest.raises(AuthExpired, match="accounts connect"):
            bench.tokens.renew(ACCOUNT, FIRST)
        assert bench.x.refreshes == sent
    else:
        assert bench.tokens.renew(ACCOUNT, FIRST)
        assert bench.tokens.current(ACCOUNT) == SECOND
        assert bench.x.refreshes == 1
    assert not bench.x.family_ended
