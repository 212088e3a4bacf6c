"""Secrets come from files that nobody else can read, and never print themselves."""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest

from config.secret_files import Secret
from config.settings import SettingsError, parse
from config.tables import PRACTICE_TOKEN
from tests.config.bench import WORKING, Bench, text_of

WORD = "EAAoakfieldwordthatnobodysees"


def with_token(name: str) -> Any:
    """Return a bend that gives the account a token file."""
    return lambda tables: tables["accounts"][0].update(token_file=name)


def test_a_token_is_read_from_its_file(bench: Bench) -> None:
    """What an editor adds at the end of the line does not belong to the token."""
    bench.file("secrets/x-token", f"\ufeff{WORD}\r\n")
    token = bench.read(with_token("secrets/x-token")).accounts[0].token
    assert token is not None
    assert token.get_secret_value() == WORD


def test_no_secret_shows_in_any_text_form(bench: Bench) -> None:
    """Settings may be logged or printed in a traceback; their secrets are stars there."""
    bench.file("token", WORD)
    bench.file("database", f"postgresql://socialduty:{WORD}@db/socialduty")

    def bend(tables: Any) -> None:
        tables["accounts"][0]["token_file"] = "token"
        tables["database_url_file"] = "database"

    read = bench.read(bend)
    assert str(read.accounts[0].token) == repr(read.database_address) == f"{read.accounts[0].token}" == "***"
    for shown in (repr(read), str(read), read.model_dump_json(), repr(read.model_dump())):
        assert WORD not in shown


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o660])
def test_a_secret_that_others_can_read_is_refused(bench: Bench, mode: int) -> None:
    """The remedy is the command to type."""
    path = bench.file("secrets/my token", WORD, mode)
    found = bench.problems(with_token("secrets/my token"))
    assert f"Run: chmod 600 '{path}'" in found["accounts[0].token_file"]


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_only_its_owner_reads_is_taken(bench: Bench, mode: int) -> None:
    """Readable is enough; socialduty never writes a secret."""
    bench.file("token", WORD, mode)
    assert bench.read(with_token("token")).accounts[0].token == Secret(WORD)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"one\ntwo", "more than one line"),
        (b"\xff\xfe", "not text"),
        (b"a\0b", "more than one line"),
        (b"x" * 20_000, "too large"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(bench: Bench, content: bytes, says: str) -> None:
    """A wrong file is found at the start, not at the first call to the platform."""
    bench.file("token", content)
    assert says in bench.problems(with_token("token"))["accounts[0].token_file"]


@pytest.mark.parametrize("name", ["", "~/token", "a\nb", "missing", "."])
def test_a_name_that_leads_to_no_file_is_refused(bench: Bench, name: str) -> None:
    """A missing secret is one of the problems reported at once."""
    assert "accounts[0].token_file" in bench.problems(with_token(name))


def test_a_real_account_can_do_without_a_token_file(bench: Bench) -> None:
    """Its token may be a stored one; the practice platforms on this computer take a word from anybody."""
    assert bench.read().accounts[0].token == Secret(PRACTICE_TOKEN)
    for base_url in (None, "https://graph.example"):

        def bend(tables: Any, base_url: str | None = base_url) -> None:
            tables["accounts"][0].pop("base_url")
            tables["accounts"][0].update({} if base_url is None else {"base_url": base_url})

        assert bench.read(bend).accounts[0].token is None


def test_the_key_of_stored_tokens_is_a_secret_file(bench: Bench) -> None:
    """One key, or several with blanks between; anything else is refused before it is needed."""
    key = "A" * 43 + "="

    def named(tables: Any) -> None:
        tables["token_key_file"] = "key"

    bench.file("key", f"{key} {key}")
    read = bench.read(named)
    assert read.token_key_file is not None
    assert read.token_key_file.secret == Secret(f"{key} {key}")
    bench.file("key", "no key")
    assert "holds no key" in bench.problems(named)["token_key_file"]
    bench.file("key", key, mode=0o644)
    assert "chmod 600" in bench.problems(named)["token_key_file"]


def test_systemd_credentials_are_found_by_their_name(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd guards its folder itself, so its modes are its own; a path never leads there."""
    bench.file("credentials/x-token", WORD, 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(bench.folder / "credentials"))
    assert bench.read(with_token("x-token")).accounts[0].token == Secret(WORD)
    assert "accounts[0].token_file" in bench.problems(with_token("../x-token"))


def test_no_other_variable_of_the_environment_is_looked_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Environments leak into child processes and crash reports; settings are the file and nothing else."""
    for name in ("TOKEN_FILE", "DATABASE_URL", "SOCIALDUTY_DATABASE_URL", "DATA_FOLDER", "LOG_LEVEL"):
        monkeypatch.setenv(name, "postgresql://elsewhere/db")
    read = bench.read()
    assert read.database_url is None
    assert read.log_level == "info"


def test_without_secrets_no_secret_file_is_opened(bench: Bench) -> None:
    """Commands that need no secret run for somebody who may not read them."""

    def bend(tables: Any) -> None:
        tables["accounts"][0]["token_file"] = "secrets/none"
        tables["database_url_file"] = "secrets/none"
        tables["redis_url_file"] = "secrets/none"

    read = bench.read(bend, secrets=False)
    assert (read.accounts[0].token, read.database_address, read.redis_address) == (None, None, None)
    assert read.uses_redis


def test_a_password_in_the_settings_file_is_refused(bench: Bench) -> None:
    """Settings files are copied, mailed and shown; addresses with passwords have files of their own."""
    found = bench.problems(lambda tables: tables.update(database_url=f"postgresql://sd:{WORD}@db/socialduty"))
    assert "database_url_file" in found["database_url"]
    found = bench.problems(lambda tables: tables.update(redis_url=f"redis://:{WORD}@redis:6379"))
    assert "redis_url_file" in found["redis_url"]
    found = bench.problems(lambda tables: tables.update(database_url=f"postgresql://db/sd?password={WORD}"))
    assert WORD not in str(found)


def test_an_address_in_a_secret_file_is_checked_too(bench: Bench) -> None:
    """The wrong kind of database is refused wherever its address stands."""
    bench.file("database", f"mysql://sd:{WORD}@db/socialduty")
    found = bench.problems(lambda tables: tables.update(database_url_file="database"))
    assert set(found) == {"database_url_file"}
    assert WORD not in str(found)


def test_one_thing_is_not_given_twice(bench: Bench) -> None:
    """Two addresses for one database leave open which one holds the truth."""
    bench.file("database", "postgresql://db/socialduty")
    found = bench.problems(
        lambda tables: tables.update(database_url_file="database", database_url="postgresql://db/other")
    )
    assert set(found) == {"database_url"}


def test_an_error_about_secrets_never_holds_one(bench: Bench) -> None:
    """Nor does what Python keeps behind the error."""
    bench.file("token", f"{WORD}\n{WORD}")
    tables = copy.deepcopy(WORKING)
    tables["accounts"][0]["token_file"] = "token"
    with pytest.raises(SettingsError) as caught:
        parse(text_of(tables), bench.folder)
    assert WORD not in str(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)
