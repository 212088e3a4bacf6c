"""The stored tokens: one renewal at a time, none twice, and nothing to be read in the database."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError

from connectors.base import AuthExpired, ConnectorError, Identity, RateLimited, Transient
from connectors.registry import sign_in_for
from connectors.sign_in.base import Grant, SignIn, SignInContext, secret_of
from store import tables
from store.store import Store
from store.tokens import StoredToken
from tests.connectors.sign_in_server import APP, Authority, XAuthority, listening
from tests.fakes import PassingTime
from tests.worlds import engine, kept_postgres
from workers.token_key import TokenKey, TokenKeyError, _put
from workers.tokens import AccountTokens, NoTokens, words_about

__all__ = ["engine", "kept_postgres"]

ACCOUNT = "oakfield-x"


def given(access: str, scope: str = "tweet.read users.read offline.access") -> str:
    """Return what the connector of X is given of a token."""
    return json.dumps({"access_token": access, "scope": scope})


FIRST = given("access-0-that-nobody-may-see")
SECOND = given("access-1-that-nobody-may-see")


class Killed(BaseException):
    """The process ends here."""


class Wrapped:
    """A sign-in that can be made to do something before or after its one request."""

    def __init__(self, real: SignIn) -> None:
        self._real = real
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def renew(self, secret: str, now: datetime) -> Grant:
        self.before()
        grant = self._real.renew(secret, now)
        self.after()
        return grant


@dataclasses.dataclass
class Bench:
    """Stored tokens of one account on X, with X's token address beside them."""

    tokens: AccountTokens
    x: XAuthority
    now: PassingTime
    sign_in: Wrapped

    def die(self) -> None:
        """End the process here."""
        raise Killed

    def row(self) -> Any:
        """Return the token's row as it lies in the database."""
        with self.tokens.store.engine.connect() as connection:
            return connection.execute(select(tables.tokens)).one()

    def let_the_lease_end(self) -> None:
        """Let so much time go by that whoever was renewing counts as dead."""
        with self.tokens.store.engine.begin() as connection:
            connection.execute(update(tables.tokens).values(lease_until=1.0))


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Iterator[Bench]:
    """Return an account that was just connected."""
    with listening(Authority()) as authority:
        x = XAuthority(authority)
        x.newest = "refresh-0-that-nobody-may-see"
        real = sign_in_for("x", SignInContext(Identity("7700900100"), base_url=authority.url))
        assert real is not None
        now, sign_in = PassingTime(), Wrapped(real)
        tokens = AccountTokens(
            Store(engine, now),
            TokenKey(tmp_path / "data" / "token.key"),
            lambda name: sign_in,  # type: ignore[arg-type, return-value]
        )
        secret = secret_of(
            access_token="access-0-that-nobody-may-see",
            scope="tweet.read users.read offline.access",
            refresh_token=x.newest,
            client_id=APP[0],
            client_secret=APP[1],
            owner="7700900100",
        )
        ends = now() + timedelta(hours=2)
        tokens.connect(ACCOUNT, Grant(secret, "7700900100", ("tweet.read",), ends, ends), "dev")
        yield Bench(tokens, x, now, sign_in)


def test_twenty_at_once_send_one_request(bench: Bench) -> None:
    """X ends the whole family when a refresh token is used twice: one renews, the others take what came."""
    start = Barrier(20)

    def renew(_: int) -> bool:
        start.wait()
        return bench.tokens.renew(ACCOUNT, FIRST)

    with ThreadPoolExecutor(20) as threads:
        assert list(threads.map(renew, range(20))) == [True] * 20
    assert (bench.x.refreshes, bench.x.family_ended) == (1, False)
    assert bench.tokens.current(ACCOUNT) == SECOND
    assert bench.row().number == 2


@pytest.mark.parametrize("single_use", [True, False])
def test_one_of_twenty_is_given_the_right_to_renew(bench: Bench, single_use: bool) -> None:
    """The database decides, whatever those who ask have seen; a spent token gives the right to nobody."""
    start = Barrier(20)

    def begin(_: int) -> str | None:
        start.wait()
        with bench.tokens.store.begin() as unit:
            return unit.tokens.begin_renewal(ACCOUNT, 1, 60, single_use=single_use)

    with ThreadPoolExecutor(20) as threads:
        assert sum(each is not None for each in threads.map(begin, range(20))) == 1
    bench.let_the_lease_end()
    with bench.tokens.store.begin() as unit:
        assert (unit.tokens.begin_renewal(ACCOUNT, 1, 60, single_use=True) is None) == single_use
        assert unit.tokens.begin_renewal(ACCOUNT, 2, 60, single_use=False) is None


def test_who_comes_with_an_old_token_is_given_the_new_one(bench: Bench) -> None:
    """A poll that began before somebody else renewed does not renew again."""
    assert bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.x.refreshes == 1
    assert bench.tokens.renew(ACCOUNT, SECOND)
    assert bench.x.refreshes == 2


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_death_between_sending_and_storing_is_never_repeated(bench: Bench, moment: str) -> None:
    """The mark was there before anything was sent: the token is never sent again, and a person is asked."""
    setattr(bench.sign_in, moment, bench.die)
    with pytest.raises(Killed):
        bench.tokens.renew(ACCOUNT, FIRST)
    sent = bench.x.refreshes
    setattr(bench.sign_in, moment, lambda: None)
    bench.let_the_lease_end()
    for _ in range(3):
        with pytest.raises(AuthExpired, match="accounts connect oakfield-x"):
            bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.x.refreshes == sent <= 1
    with bench.tokens.store.begin() as unit:
        assert words_about(unit.tokens.get(ACCOUNT), ACCOUNT, bench.now())[0] is False


def test_nothing_is_open_while_the_platform_is_asked(bench: Bench) -> None:
    """While X thinks, everybody else can write; and the mark is there for all to see."""
    seen: list[StoredToken | None] = []

    def look() -> None:
        with bench.tokens.store.begin() as unit:
            seen.append(unit.tokens.get(ACCOUNT))

    bench.sign_in.before = look
    assert bench.tokens.renew(ACCOUNT, FIRST)
    assert [(each.spent, each.renewing) for each in seen if each is not None] == [(True, True)]
    assert (bench.row().spent, bench.row().lease_token) == (False, None)


def test_a_new_pair_is_stored_before_it_is_used(bench: Bench) -> None:
    """A database that is busy is asked again: what was renewed must not get lost."""
    waits: list[float] = []
    begin, failures = bench.tokens.store.begin, iter([True, True, False])

    def busy() -> Any:
        if bench.x.refreshes and next(failures, False):
            raise OperationalError("update", {}, Exception("database is locked"))
        return begin()

    store = Store(bench.tokens.store.engine, bench.now)
    store.begin = busy  # type: ignore[method-assign]
    tokens = dataclasses.replace(bench.tokens, store=store, wait=waits.append)
    assert tokens.renew(ACCOUNT, FIRST)
    assert len(waits) == 2
    assert bench.tokens.current(ACCOUNT) == SECOND


def test_an_account_connected_anew_meanwhile_wins(bench: Bench) -> None:
    """What a renewal brings for the old token does not replace the new sign-in."""
    fresh = secret_of(access_token="fresh", refresh_token="r", client_id="a", client_secret="b")
    bench.sign_in.after = lambda: bench.tokens.connect(ACCOUNT, Grant(fresh, "7700900100"), "dev")
    assert bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.tokens.current(ACCOUNT) == given("fresh", "")
    assert bench.row().connected_by == "dev"


def test_an_answer_that_was_lost_ends_in_connecting_again(bench: Bench) -> None:
    """Nobody knows whether X gave a new pair; trying would end what may still be alive."""
    bench.x.trouble = (502, b"<html>Bad gateway</html>")
    for _ in range(2):
        with pytest.raises(AuthExpired, match="accounts connect"):
            bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.x.refreshes == 1


def test_a_restored_backup_sends_its_spent_token_once(bench: Bench) -> None:
    """An older database does not know that its refresh token was used: X ends the family, and we say so."""
    backup = bench.row()
    assert bench.tokens.renew(ACCOUNT, FIRST)
    with bench.tokens.store.engine.begin() as connection:
        connection.execute(update(tables.tokens).values(**backup._mapping))
    for _ in range(3):
        with pytest.raises(AuthExpired, match="onnect"):
            bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.x.refreshes == 2
    with bench.tokens.store.begin() as unit:
        assert words_about(unit.tokens.get(ACCOUNT), ACCOUNT, bench.now())[0] is False


def test_what_was_surely_not_done_is_tried_again(bench: Bench) -> None:
    """Asked to slow down, or not connected at all: the token is as good as before."""
    bench.x.trouble = (429, {"title": "Too Many Requests"})
    with pytest.raises(RateLimited):
        bench.tokens.renew(ACCOUNT, FIRST)
    bench.x.trouble = None

    def unreachable() -> None:
        raise Transient("X could not be reached.")

    bench.sign_in.before = unreachable
    with pytest.raises(Transient):
        bench.tokens.renew(ACCOUNT, FIRST)
    bench.sign_in.before = lambda: None
    assert bench.tokens.renew(ACCOUNT, FIRST)
    assert bench.x.newest == "refresh-2-that-nobody-may-see"


def test_a_token_is_renewed_when_it_is_wanted_and_not_before(bench: Bench) -> None:
    """Nothing renews on a schedule: the request comes with the first poll after its end."""
    bench.now.pass_by(minutes=119)
    assert bench.tokens.current(ACCOUNT) == FIRST
    assert bench.x.refreshes == 0
    bench.now.pass_by(minutes=1)
    assert bench.tokens.current(ACCOUNT) == SECOND
    assert bench.row().renewed_at is not None


def test_a_token_that_still_lives_is_used_when_it_cannot_be_renewed(bench: Bench) -> None:
    """Renewing begins before the end; trouble then stops nobody, until the end is there."""
    with bench.tokens.store.engine.begin() as connection:
        connection.execute(update(tables.tokens).values(renew_before=bench.now()))
    bench.x.trouble = (429, {})
    assert bench.tokens.current(ACCOUNT) == FIRST
    bench.now.pass_by(hours=2)
    with pytest.raises(RateLimited):
        bench.tokens.current(ACCOUNT)


def test_a_refused_token_is_renewed_for_the_thread_that_was_given_it(bench: Bench) -> None:
    """A poller that met a refusal says no more than the account's name; trouble is said, not raised."""
    assert not bench.tokens.renew_last(ACCOUNT)
    assert bench.tokens.current(ACCOUNT) == FIRST
    assert bench.tokens.renew_last(ACCOUNT)
    assert bench.tokens.current(ACCOUNT) == SECOND
    bench.x.trouble = (502, b"")
    assert not bench.tokens.renew_last(ACCOUNT)


def test_an_account_without_a_stored_token_is_left_alone(bench: Bench) -> None:
    """Token files and practice platforms are as they were."""
    assert bench.tokens.current("oakfield-facebook") is None
    assert not bench.tokens.renew("oakfield-facebook", "anything")
    without = dataclasses.replace(bench.tokens, sign_in=lambda name: None)
    assert without.current(ACCOUNT) is None
    assert not NoTokens().renew(ACCOUNT, FIRST)
    assert not NoTokens().renew_last(ACCOUNT)


def test_what_an_sdk_renews_by_itself_is_kept(bench: Bench) -> None:
    """Each newer session replaces the last; one of before the account was connected anew is dropped."""
    keep = bench.tokens.keeper(ACCOUNT, FIRST)
    for word in ("one", "two"):
        keep(secret_of(access_token=word))
        assert bench.tokens.current(ACCOUNT) == given(word, "")
    bench.tokens.connect(ACCOUNT, Grant(secret_of(access_token="fresh"), "7700900100"), "dev")
    keep(secret_of(access_token="three"))
    assert bench.tokens.current(ACCOUNT) == given("fresh", "")
    bench.tokens.keeper(ACCOUNT, FIRST)(secret_of(access_token="of a token that was the newest before"))
    assert bench.tokens.current(ACCOUNT) == given("fresh", "")


def test_what_an_sdk_makes_of_a_token_in_a_file_serves_the_whole_process(bench: Bench) -> None:
    """Bluesky makes 300 sessions a day: the next poll goes on with the last one's, until it is refused."""
    tokens, name = bench.tokens, "oakfield-bluesky"
    assert not tokens.renew_last(name)
    token, keep = tokens.from_file(name, "app-password")
    assert token == "app-password"
    keep("session")
    assert tokens.from_file(name, "app-password")[0] == "session"
    assert tokens.from_file(name, "another-password")[0] == "another-password"
    assert tokens.renew_last(name)
    assert tokens.from_file(name, "app-password")[0] == "app-password"
    assert not tokens.renew_last(name)
    assert "session" not in repr(tokens)


def test_the_database_holds_nothing_that_can_be_used(bench: Bench) -> None:
    """Whoever copies it has no token; nor does a log or a repr show one."""
    shown = str(bench.row()) + repr(bench.tokens) + repr(bench.tokens._row(ACCOUNT))
    for secret in ("access-0-that-nobody-may-see", bench.x.newest, *APP):
        assert secret not in str(shown)


def test_the_key_is_for_its_owner_alone(bench: Bench) -> None:
    """The first connect makes it; one that others can read, or that is gone, is not used."""
    path = bench.tokens.key.path
    made = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    bench.tokens.key.prepare()
    assert path.read_bytes() == made
    assert [each.name for each in path.parent.iterdir()] == ["token.key"]
    path.chmod(0o640)
    with pytest.raises(TokenKeyError, match="chmod 600"):
        bench.tokens.current(ACCOUNT)
    path.unlink()
    with pytest.raises(TokenKeyError, match="not there"):
        bench.tokens.current(ACCOUNT)


def test_a_key_is_made_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems of shares and containers have none; what is there already is kept all the same."""

    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "data" / "token.key"
    TokenKey(path).prepare()
    made = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        _put(str(path), path)
    TokenKey(path).prepare()
    assert path.read_bytes() == made
    assert [each.name for each in path.parent.iterdir()] == ["token.key"]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_a_key_is_never_readable_by_others_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """Not even for the moment in which it is written."""
    before = os.umask(umask)
    try:
        TokenKey(tmp_path / "token.key").prepare()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) == 0o600


def test_a_key_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A full disk or a folder of somebody else's is no fault of the program."""
    (tmp_path / "data").write_text("a file where a folder should be", encoding="ascii")
    with pytest.raises(TokenKeyError, match="cannot be written"):
        TokenKey(tmp_path / "data" / "token.key").prepare()


def test_a_token_opens_for_its_own_account_alone(bench: Bench) -> None:
    """A row that somebody moved to another account is no token there; another key opens nothing."""
    sealed = bench.row().sealed
    with pytest.raises(TokenKeyError):
        bench.tokens.key.open("oakfield-youtube", sealed)
    for words in (Fernet.generate_key().decode(), "", "no key"):
        with pytest.raises(TokenKeyError) as caught:
            TokenKey(bench.tokens.key.path, words).open(ACCOUNT, sealed)
        assert isinstance(caught.value, ConnectorError)


def test_the_key_can_be_changed(bench: Bench) -> None:
    """A new key in front seals from now on; after sealing again the old one can go."""
    path, new = bench.tokens.key.path, Fernet.generate_key().decode()
    path.write_text(f"{new}\n{path.read_text()}", encoding="ascii")
    assert bench.tokens.current(ACCOUNT) == FIRST
    assert bench.tokens.reseal() == 1
    path.write_text(new, encoding="ascii")
    assert bench.tokens.current(ACCOUNT) == FIRST
    assert bench.row().number == 1
