"""``accounts connect`` as a person lives it: questions, an address, a paste, and what is said at the end."""

from __future__ import annotations

import base64
import getpass
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from config.settings import load
from connectors.base import AuthExpired
from moderation.items import AccountName
from store import tables
from tests.connectors.sign_in_server import APP, Asked, Authority, XAuthority, listening
from tests.schools import write_settings
from workers.bootstrap import open_desk, utc_now
from workers.cli import main
from workers.commands import accounts
from workers.connecting import Asking, connect, disconnect
from workers.probes import Verdict, probe
from workers.shell import Trouble

Printed = pytest.CaptureFixture[str]
NAME = "oakfield-x"
SHOWN = "that-nobody-may-see"


@pytest.fixture
def authority() -> Iterator[Authority]:
    """Return X's authorisation server."""
    with listening(Authority()) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, authority: Authority) -> Path:
    """Return the settings of the example school, whose platforms are the server."""
    return write_settings(tmp_path, authority.url)


@pytest.fixture
def person(authority: Authority, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return how to put a person before the terminal, who allows what the address asks for."""

    def sits_down(**changed: str) -> None:
        typed = iter([APP[0], ""])

        def unseen(prompt: str) -> str:
            if "secret" in prompt:
                return APP[1]
            said = capsys.readouterr().err
            address = next(line for line in said.splitlines() if line.startswith("http"))
            return authority.allow(address, **changed)

        monkeypatch.setattr(getpass, "getpass", unseen)
        monkeypatch.setattr("builtins.input", lambda: next(typed))

    return sits_down


@pytest.fixture(autouse=True)
def at_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command ask with what the test has put in place of the terminal."""
    monkeypatch.setattr("workers.connecting.Asking", _asking)


def _asking(answers: dict[str, str] | None = None) -> Asking:
    return Asking(answers or {}, input, getpass.getpass)


def row(settings: Path) -> Any:
    """Return the stored token's row; ``None`` when there is none."""
    engine = create_engine(f"sqlite:///{(settings.parent / 'data' / 'socialduty.db').as_posix()}")
    try:
        with engine.connect() as connection:
            return connection.execute(select(tables.tokens)).one_or_none()
    finally:
        engine.dispose()


def test_connecting_says_what_the_token_may_do(
    settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """Scopes and end are said and recorded; no secret is printed; the connector then uses the token."""
    XAuthority(authority, scope="tweet.read users.read offline.access")
    person()
    assert main(["--settings", str(settings), "accounts", "connect", NAME, "--as", "dev"]) == 0
    said = capsys.readouterr()
    assert "is connected" in said.out
    assert "Not granted, though asked for: dm.read" in said.out
    assert "renewed before that by itself" in said.out
    assert SHOWN not in said.out + said.err
    stored = row(settings)
    assert (stored.connected_by, stored.number, stored.spent) == ("dev", 1, False)
    assert set(stored.scopes) == {"tweet.read", "users.read", "offline.access"}
    read = load(settings)
    with open_desk(read, works=False) as desk:
        connector = desk.connector(NAME)  # type: ignore[arg-type]
        assert connector.platform == "x"
        assert desk.tokens.renew(NAME, desk.tokens.current(NAME) or "")  # type: ignore[attr-defined]
        assert desk.renew_token(NAME)  # type: ignore[arg-type]
    assert {each.verdict for each in probe(read, utc_now()) if each.probe == f"account {NAME}"} == {
        Verdict.FINE
    }


def test_another_accounts_token_is_refused_and_not_stored(
    settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """Whoever was signed in to their own account in that browser has not connected the school's."""
    XAuthority(authority, user="4711")
    person()
    assert main(["--settings", str(settings), "accounts", "connect", NAME]) == 1
    assert "another account (id 4711)" in capsys.readouterr().err
    assert row(settings) is None


def test_an_answer_with_another_state_is_refused(
    settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """The pasted address has to come from this very sign-in; its code is not even sent."""
    XAuthority(authority)
    person(state="of-somebody-else")
    assert main(["--settings", str(settings), "accounts", "connect", NAME]) == 1
    assert "another sign-in" in capsys.readouterr().err
    assert authority.asked == []
    assert row(settings) is None


def test_answers_can_come_from_a_file(
    settings: Path, authority: Authority, person: Callable[..., None], tmp_path: Path, capsys: Printed
) -> None:
    """A file of mode 600 answers what it can; one that others can read is refused."""
    XAuthority(authority)
    person()
    file = tmp_path / "answers.toml"
    file.write_text(f'client_id = "{APP[0]}"\nclient_secret = "{APP[1]}"\n', encoding="utf-8")
    command = ["--settings", str(settings), "accounts", "connect", NAME, "--answers", str(file)]
    file.chmod(0o644)
    assert main(command) == 2
    assert "chmod 600" in capsys.readouterr().err
    file.chmod(0o600)
    assert main(command) == 0


def test_disconnecting_ends_and_deletes(
    settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """The platform is told, the token is gone, and a second time there is nothing to do."""
    XAuthority(authority)
    person()
    command = ["--settings", str(settings), "accounts"]
    assert main([*command, "connect", NAME]) == 0
    assert main([*command, "reseal"]) == 0
    assert main([*command, "disconnect", NAME]) == 0
    assert "The platform has ended it too." in capsys.readouterr().out
    assert len(authority.to("/2/oauth2/revoke")) == 1
    assert row(settings) is None
    assert main([*command, "disconnect", NAME]) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["connect"], "which account"),
        (["connect", "oakfield-z"], "no account is called"),
        (["connect", NAME, "--as", "nobody"], "nobody is called"),
    ],
)
def test_wrong_words_are_wrong_use(settings: Path, words: list[str], says: str, capsys: Printed) -> None:
    """Exit code 2, and what to write instead."""
    assert main(["--settings", str(settings), "accounts", *words]) == 2
    assert says in capsys.readouterr().err


def test_nobody_at_the_terminal_is_said(settings: Path) -> None:
    """A script without answers ends; it neither waits nor stores."""

    def nobody(*_: object) -> str:
        raise EOFError

    read = load(settings)
    with open_desk(read, works=False) as desk:
        for typed in (nobody, lambda *_: ""):
            with pytest.raises(Trouble, match="Nothing was stored"):
                connect(desk, read, NAME, "dev", Asking({}, typed, typed, lambda words: None))
        with pytest.raises(Trouble, match="no token is stored"):
            disconnect(desk, read, NAME)


def test_a_real_account_without_a_token_is_told_what_to_do(tmp_path: Path) -> None:
    """It starts all the same: the account cannot be read, `check` says why, and all others are read."""
    path = write_settings(tmp_path, "http://127.0.0.1:9", ('base_url = "http://127.0.0.1:9"\n', ""))
    read = load(path)
    with open_desk(read, works=False) as desk, pytest.raises(AuthExpired, match=f"accounts connect {NAME}"):
        desk.connector(NAME)  # type: ignore[arg-type]
    [said] = [each for each in probe(read, utc_now()) if each.probe == f"account {NAME}"]
    assert said.verdict is Verdict.LOOK
    assert said.what == f"no token yet: run accounts connect {NAME}"


def test_the_listing_is_as_it_was(settings: Path, capsys: Printed) -> None:
    """Without a further word the command lists the register."""
    with open_desk(load(settings), works=False):
        assert main(["--settings", str(settings), "accounts", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["account"] for each in rows} == {"oakfield-facebook", NAME, "oakfield-youtube"}
    assert accounts.HELP.endswith(".")


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/2/oauth2/token", (503, b"<html>Over capacity</html>"), "good for one use: begin again"),
        ("/2/oauth2/token", (200, b"<html>Sign in to the network</html>"), "filter of your network"),
        ("/2/users/me", (503, b"<html>"), "a little later"),
    ],
)
def test_trouble_is_said_to_somebody_who_signs_in(
    settings: Path,
    authority: Authority,
    person: Callable[..., None],
    capsys: Printed,
    path: str,
    answer: tuple[int, object],
    says: str,
) -> None:
    """No poll tries a sign-in again, and nothing was sent that would have to be looked for somewhere."""
    XAuthority(authority)
    authority.routes[path] = lambda asked: answer
    person()
    assert main(["--settings", str(settings), "accounts", "connect", NAME]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "Nothing was stored" in said
    assert "next poll" not in said
    assert "look there" not in said


def test_an_account_for_reading_is_not_said_to_lack_the_rest(
    settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """What was never asked for is not missing; and the new token is proved by the next poll."""
    XAuthority(authority)
    person()
    read = load(settings)
    with open_desk(read, works=False) as desk, desk.store.begin() as unit:
        unit.watching.proved(AccountName(NAME), utc_now(), utc_now(), [])
    assert main(["--settings", str(settings), "accounts", "connect", NAME]) == 0
    said = capsys.readouterr().out
    assert "used for reading only" in said
    assert "will not work" not in said
    with open_desk(read, works=False) as desk, desk.store.begin() as unit:
        assert unit.watching.proved_at(AccountName(NAME)) is None


def test_a_token_of_an_account_that_left_the_register_can_be_deleted(
    tmp_path: Path, settings: Path, authority: Authority, person: Callable[..., None], capsys: Printed
) -> None:
    """Taken out of the settings first, it would else lie in the database for good."""
    XAuthority(authority)
    person()
    assert main(["--settings", str(settings), "accounts", "connect", NAME]) == 0
    renamed = write_settings(tmp_path, authority.url, (f'name = "{NAME}"', 'name = "oakfield-on-x"'))
    assert main(["--settings", str(renamed), "accounts", "disconnect", NAME]) == 0
    assert "Take the app's access away on the platform" in capsys.readouterr().out
    assert row(settings) is None
    assert main(["--settings", str(renamed), "accounts", "disconnect", NAME]) == 2


def test_an_empty_answer_in_the_file_is_asked_for(
    settings: Path, authority: Authority, person: Callable[..., None], tmp_path: Path
) -> None:
    """A line that was left empty is no answer; blanks around one are no part of it."""
    XAuthority(authority)
    person()
    file = tmp_path / "answers.toml"
    file.write_text(f'client_id = ""\nclient_secret = " {APP[1]} "\n', encoding="utf-8")
    file.chmod(0o600)
    assert main(["--settings", str(settings), "accounts", "connect", NAME, "--answers", str(file)]) == 0


def _bluesky(authority: Authority) -> None:
    """Let the server make sessions."""

    def token(scope: str) -> str:
        told = {"scope": scope, "exp": 4_102_444_800}
        return f"e30.{base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b'=').decode()}.c2ln"

    def session(asked: Asked) -> tuple[int, object]:
        names = {"did": "did:plc:oakfield", "handle": "oakfield.bsky.social", "active": True}
        tokens = {"accessJwt": token("com.atproto.appPass"), "refreshJwt": token("com.atproto.refresh")}
        return 200, names | tokens

    authority.routes["/xrpc/com.atproto.server.createSession"] = session
    authority.routes["/xrpc/com.atproto.server.getSession"] = session


def test_an_app_password_in_a_file_signs_in_once(tmp_path: Path, authority: Authority) -> None:
    """Bluesky makes 300 sessions a day, and there are as many polls: each goes on with the last one."""

    _bluesky(authority)
    (tmp_path / "password").write_text("abcd-efgh-ijkl-mnop\n", encoding="ascii")
    (tmp_path / "password").chmod(0o600)
    settings = write_settings(
        tmp_path,
        authority.url,
        ('platform = "x"', 'platform = "bluesky"'),
        ('external_id = "7700900100"', 'external_id = "did:plc:oakfield"'),
        ('#token_file = "secrets/oakfield-x-token"', 'token_file = "password"'),
    )
    with open_desk(load(settings), works=False) as desk:
        for _ in range(3):
            desk.connector(AccountName(NAME)).prove(utc_now())
        assert len(authority.to("/xrpc/com.atproto.server.createSession")) == 1
        assert desk.renew_token(AccountName(NAME))
        desk.connector(AccountName(NAME)).prove(utc_now())
        assert len(authority.to("/xrpc/com.atproto.server.createSession")) == 2


def test_a_session_that_lives_on_is_not_said_to_end(tmp_path: Path, authority: Authority) -> None:
    """Nobody has to connect Bluesky again in 90 days: every poll moves the end away."""
    _bluesky(authority)
    settings = write_settings(
        tmp_path,
        authority.url,
        ('platform = "x"', 'platform = "bluesky"'),
        ('external_id = "7700900100"', 'external_id = "did:plc:oakfield"'),
    )
    read = load(settings)
    answers = {"handle": "oakfield.bsky.social", "password": "abcd-efgh-ijkl-mnop"}
    with open_desk(read, works=False) as desk:
        told = " ".join(connect(desk, read, NAME, "dev", Asking(answers)))
    assert "It lives on with every use" in told
    assert "again before then" not in told
