"""The settings file: what it may say, what is refused, and how that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as some

from config.duty_tables import Who
from config.people import RoleName
from config.settings import Settings, SettingsError, load, parse
from config.tables import PRACTICE_TOKEN
from connectors.practice import identities
from moderation.alerts import Role
from tests.config.bench import WORKING, Bench, text_of

Tables = dict[str, Any]


def test_a_file_with_the_required_settings_gets_the_defaults_of_the_policy(bench: Bench) -> None:
    """Who sets nothing gets the policy to the letter, SQLite, an outbox and a console for this computer."""
    read = bench.read()
    target = read.schools[0].target
    assert (target.hours, target.mode, target.clock, target.weekend) == (24, "strict", "elapsed", (5, 6))
    assert (target.bank_holidays, target.next_day_time, target.floor) == (True, time(23, 59, 59), False)
    assert (read.schools[0].staffed_hours.start, read.schools[0].staffed_hours.end) == (time(8), time(17))
    assert (read.email.transport, read.report.send_at, read.report.weekday) == ("outbox", time(7), 0)
    assert (read.console.host, read.console.port, read.accounts[0].poll_every_minutes) == (
        "127.0.0.1",
        8080,
        5,
    )


def test_relative_paths_start_from_the_folder_of_the_file(bench: Bench) -> None:
    """A settings file can be moved with its folder; where the command is run does not matter."""
    read = bench.read()
    database = read.database_address
    assert (read.data_folder, read.email.folder) == (bench.folder / "data", bench.folder / "outbox")
    assert read.report.folder == bench.folder / "reports"
    assert database is not None
    assert database.get_secret_value() == f"sqlite:///{bench.folder / 'data' / 'socialduty.db'}"


def test_a_relative_sqlite_address_starts_from_the_folder_too(bench: Bench) -> None:
    """The database never lands where somebody happened to stand."""
    read = bench.read(lambda tables: tables.update(database_url="sqlite:///kept/school.db"))
    assert read.database_url == f"sqlite:///{bench.folder}/kept/school.db"


def test_loading_a_file_is_relative_to_where_it_lies(tmp_path: Path) -> None:
    """`load` reads the file, `parse` the text; both say the same."""
    file = tmp_path / "socialduty.toml"
    file.write_text("\ufeff" + text_of(WORKING), encoding="utf-8")
    assert load(file) == parse(text_of(WORKING), tmp_path)


@pytest.mark.parametrize("written", ["07:30:00", '"07:30"', '"07:30:00"'])
def test_times_of_day_are_read_as_toml_times_and_as_text(bench: Bench, written: str) -> None:
    """TOML's own times need seconds; people write quotes. Both are a school-local time."""
    text = f"{text_of(WORKING)}\n[report]\nsend_at = {written}"
    assert parse(text, bench.folder).report.send_at == time(7, 30)


def test_dates_and_moments_are_read_as_toml_and_as_text(bench: Bench) -> None:
    """A moment is kept in UTC, whatever offset it was written with."""
    tables = {**WORKING, "accounts": []}
    account = "\n".join(
        f"{key} = {value!r}".replace("'", '"')
        for key, value in WORKING["accounts"][0].items()
        if key not in {"go_live", "approved_on"}
    )
    text = text_of({key: value for key, value in tables.items() if key != "accounts"})
    text += f"\n[[accounts]]\n{account}\ngo_live = 2026-09-01T01:00:00+01:00\napproved_on = 2026-09-01"
    read = parse(text, bench.folder).accounts[0]
    assert (read.go_live, read.approved_on) == (datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 1))


def test_all_problems_are_reported_at_once(bench: Bench) -> None:
    """One wrong value hides no other: the reader mends the file in one go."""

    def bend(tables: Tables) -> None:
        tables["schools"][0]["nation"] = "UK"
        tables["schools"][0]["target"] = {"mode": "pause", "next_day_time": "17:00", "hours": "24"}
        tables["people"][0]["email"] = "p.raman"
        tables["people"].pop(2)
        tables["accounts"][0].update(school="okafield", staff=["priya"], go_live="2026-11-16T00:00:00")
        tables["email"] = {"transport": "smtp", "port": 0}

    assert set(bench.problems(bend)) == {
        "schools[0]",
        "schools[0].nation",
        "schools[0].target.next_day_time",
        "schools[0].target.hours",
        "people[0].email",
        "accounts[0].school",
        "accounts[0].staff",
        "accounts[0].go_live",
        "email.host",
        "email.sender",
        "email.port",
    }


def test_every_problem_has_a_key_and_a_remedy(bench: Bench) -> None:
    """A message that only says what is wrong leaves the reader alone."""
    with pytest.raises(SettingsError) as caught:
        parse("people = 3\nlog_level = 'loud'\n[schools]\n[email]\nport = -1", bench.folder)
    for problem in caught.value.problems:
        assert problem.key
        assert problem.what.endswith((".", "?"))
        assert problem.remedy
        assert str(problem) in str(caught.value)


@pytest.mark.parametrize(
    ("place", "key", "hint"),
    [
        ((), "data_foldr", "Did you mean 'data_folder'?"),
        (("schools", 0), "naton", "Did you mean 'nation'?"),
        (("accounts", 0), "poll_every_minute", "Did you mean 'poll_every_minutes'?"),
        (("accounts", 0), "token", "Did you mean 'token_file'? A secret never stands in this file"),
        ((), "staff", "It belongs under [[accounts]]"),
        ((), "port", "It belongs under [email] or [console]"),
        ((), "zebra", "Take the line out"),
    ],
)
def test_an_unknown_key_is_refused_with_a_hint(
    bench: Bench, place: tuple[str | int, ...], key: str, hint: str
) -> None:
    """A mistyped key is never silently ignored."""

    def bend(tables: Any) -> None:
        table = tables
        for step in place:
            table = table[step]
        table[key] = "x"

    (found,) = bench.problems(bend).values()
    assert "There is no such setting." in found
    assert hint in found


@pytest.mark.parametrize(
    ("bend", "key"),
    [
        (lambda t: t["schools"][0].update(nation="GB"), "schools[0].nation"),
        (lambda t: t["schools"][0].pop("nation"), "schools[0].nation"),
        (lambda t: t["schools"][0].update(id="Oak Field"), "schools[0].id"),
        (lambda t: t["schools"][0].update(target={"hours": 0}), "schools[0].target.hours"),
        (lambda t: t["schools"][0].update(target={"hours": True}), "schools[0].target.hours"),
        (lambda t: t["schools"][0].update(target={"weekend": [7]}), "schools[0].target.weekend[0]"),
        (lambda t: t["schools"][0].update(target={"weekend": list(range(7))}), "schools[0].target.weekend"),
        (
            lambda t: t["schools"][0].update(target={"bank_holidays": "yes"}),
            "schools[0].target.bank_holidays",
        ),
        (
            lambda t: t["schools"][0].update(target={"next_day_time": "17:00Z"}),
            "schools[0].target.next_day_time",
        ),
        (lambda t: t["schools"][0].update(staffed_hours={"start": "17:00"}), "schools[0].staffed_hours.end"),
        (
            lambda t: t["schools"][0].update(staffed_hours={"by_weekday": {"fri": ["08:00", "15:30"]}}),
            "schools[0].staffed_hours.by_weekday",
        ),
        (
            lambda t: t["schools"][0].update(staffed_hours={"by_weekday": {"friday": ["15:30", "08:00"]}}),
            "schools[0].staffed_hours.by_weekday",
        ),
        (
            lambda t: t["schools"][0].update(staffed_hours={"by_weekday": {"friday": "08:00"}}),
            "schools[0].staffed_hours.by_weekday",
        ),
        (lambda t: t["schools"][0].update(cover_days=["30 December"]), "schools[0].cover_days[0]"),
        (lambda t: t["schools"][0].update(term_calendar="~/terms.csv"), "schools[0].term_calendar"),
        (
            lambda t: t["schools"][0].update(term_calendar_feed="https://:word@school.example/terms.ics"),
            "schools[0].term_calendar_feed",
        ),
        (
            lambda t: t["schools"][0].update(term_calendar_feed="http://school.example/terms.ics"),
            "schools[0].term_calendar_feed",
        ),
        (
            lambda t: t["schools"][0].update(term_calendar_feed="terms.ics"),
            "schools[0].term_calendar_feed",
        ),
        (lambda t: t["people"][0].update(roles=["dls"]), "people[0].roles[0]"),
        (lambda t: t["people"][0].update(roles="moderator"), "people[0].roles"),
        (
            lambda t: t["people"][0].update(email="p.raman@oakfield.example\nBcc: x@y.example"),
            "people[0].email",
        ),
        (lambda t: t["people"][0].update(full_name=" "), "people[0].full_name"),
        (lambda t: t["accounts"][0].update(platform="twitter"), "accounts[0].platform"),
        (lambda t: t["accounts"][0].update(external_id=7700900100), "accounts[0].external_id"),
        (lambda t: t["accounts"][0].update(poll_every_minutes=0), "accounts[0].poll_every_minutes"),
        (lambda t: t["accounts"][0].update(go_live="2026-11-16"), "accounts[0].go_live"),
        (lambda t: t["accounts"][0].update(base_url="http://10.0.0.8:8765"), "accounts[0].base_url"),
        (lambda t: t["accounts"][0].update(base_url="https://user:pw@x.example"), "accounts[0].base_url"),
        (lambda t: t["accounts"][0].update(base_url="http://[::1"), "accounts[0].base_url"),
        (lambda t: t["accounts"][0].update(options=[1]), "accounts[0].options"),
        (lambda t: t.update(data_folder="~/data"), "data_folder"),
        (lambda t: t.update(database_url="mysql://db/socialduty"), "database_url"),
        (lambda t: t.update(database_url="sqlite://"), "database_url"),
        (lambda t: t.update(database_url="sqlite:///:memory:"), "database_url"),
        (lambda t: t.update(database_url="postgresql://db.example"), "database_url"),
        (lambda t: t.update(redis_url="http://redis:6379"), "redis_url"),
        (lambda t: t.update(console={"host": "console.example"}), "console.host"),
        (lambda t: t.update(schools=[]), "schools"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_at_its_key(bench: Bench, bend: Any, key: str) -> None:
    """Nothing is guessed: no default nation, no naive time, no unprotected address."""
    assert key in bench.problems(bend)


def test_a_school_has_its_calendar_in_one_place(bench: Bench) -> None:
    """A file and a feed could say different things, and nobody would know which one counts."""

    def bend(tables: Tables) -> None:
        bench.file("terms.csv", "kind,start,end_inclusive\n")
        tables["schools"][0].update(
            term_calendar="terms.csv", term_calendar_feed="https://school.example/terms.ics"
        )

    assert "schools[0].term_calendar_feed" in bench.problems(bend)


@pytest.mark.parametrize("scheme", ["https", "webcal", "WEBCAL", "Webcal"])
def test_a_calendar_is_fetched_over_a_protected_way(bench: Bench, scheme: str) -> None:
    """Calendar programs hand out webcal addresses: that is https. A key in the address may stay."""

    def bend(tables: Tables) -> None:
        tables["schools"][0].update(term_calendar_feed=f"{scheme}://school.example/Terms.ics?key=A1")

    settings = bench.read(bend)
    assert settings.schools[0].term_calendar_feed == "https://school.example/Terms.ics?key=A1"
    assert "school.example" not in repr(settings.schools[0])


def test_settings_can_be_read_while_the_calendar_file_is_away(bench: Bench) -> None:
    """A shared folder that is down keeps nobody from taking a case; the path is known all the same."""
    read = bench.read(lambda tables: tables["schools"][0].update(term_calendar="nowhere.csv"))
    assert read.schools[0].term_calendar == bench.folder / "nowhere.csv"


def test_no_problem_quotes_what_was_mistyped(bench: Bench) -> None:
    """A mistyped value may be somebody's address or a password, and problems are printed and logged."""

    def bend(tables: Tables) -> None:
        tables["people"][0].update(email="kowalski@", trained_on="kowalski", roles=["kowalski"])
        tables["accounts"][0].update(token="kowalski", base_url="ftp://kowalski", go_live="kowalski")
        tables.update(database_url="kowalski://", log_level="kowalski", redis_url="redis://:kowalski@host")

    assert "kowalski" not in str(bench.problems(bend))


def test_the_words_for_roles_are_those_of_the_product(bench: Bench) -> None:
    """Settings cannot import the rooms, so this keeps their words the same."""
    given = {str(role) for role in Role} - {Role.ON_DUTY}  # The rota says who that is
    assert set(RoleName.__args__) == given  # type: ignore[attr-defined]
    assert set(Who.__args__) <= given | {"on_duty", "second_on_duty", "desk"}  # type: ignore[attr-defined]
    assert identities.TOKEN == PRACTICE_TOKEN


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("schools = [", "At the end of the file"),
        ("\n\nname = Oakfield", "line 3, column 8"),
        ("a = " + "[" * 5000, "nesting"),
        ("a = " + "9" * 5000, "number"),
        ("a = 1\na = 2\n", "line 2"),
        ("at = 2026-02-31", "line 1"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_the_place(bench: Bench, text: str, where: str) -> None:
    """The reader is led to the line, and nothing of it is quoted."""
    with pytest.raises(SettingsError) as caught:
        parse(text, bench.folder, name="socialduty.toml")
    (problem,) = caught.value.problems
    assert problem.key == "socialduty.toml"
    assert where in problem.what


def test_a_time_without_seconds_and_quotes_is_explained(bench: Bench) -> None:
    """TOML wants seconds; everybody writes 07:00."""
    with pytest.raises(SettingsError, match='in quotes: send_at = "07:00"'):
        parse("[report]\nsend_at = 07:00\n", bench.folder)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * 1_000_001])
def test_a_file_that_is_no_settings_file_is_refused(bench: Bench, content: bytes) -> None:
    """A picture, or a backup named by mistake, is refused before it is read."""
    with pytest.raises(SettingsError) as caught:
        load(bench.file("socialduty.toml", content))
    assert [problem.key for problem in caught.value.problems] == ["socialduty.toml"]


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    """The first start is the likeliest time for it."""
    with pytest.raises(SettingsError, match=r"config/example\.toml"):
        load(tmp_path / "socialduty.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "a\0b")


def test_settings_never_change_once_read(bench: Bench) -> None:
    """Every room may rely on what it was given."""
    with pytest.raises(ValueError, match="frozen"):
        bench.read().console.port = 9


def test_people_have_their_roles_at_all_schools_unless_told(bench: Bench) -> None:
    """A trust names its people once; a person of one school is not told about another."""

    def bend(tables: Tables) -> None:
        tables["schools"].append({"id": "elmbank", "name": "Elmbank Primary", "nation": "ENG"})
        tables["people"].append({**tables["people"][0], "name": "lena", "email": "lena@elmbank.example"})
        tables["people"][-1]["schools"] = ["elmbank"]

    read = bench.read(bend)
    assert [person.name for person in read.people_of("elmbank")][-1] == "lena"
    assert "lena" not in [person.name for person in read.people_of("oakfield")]
    assert read.schools_of(read.person("priya")) == ("oakfield", "elmbank")
    assert read.school("elmbank").name == "Elmbank Primary"
    with pytest.raises(KeyError):
        read.account("nobody")


_scalars = some.one_of(
    some.none(), some.booleans(), some.integers(), some.floats(), some.text(), some.dates(), some.times(),
    some.datetimes(),
)  # fmt: skip
_keys = some.one_of(
    some.sampled_from(
        ["schools", "people", "accounts", "email", "target", "roles", "staff", "id", "name", "options"]
    ),
    some.text(max_size=8),
)
_values = some.recursive(
    _scalars,
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(_keys, inner, max_size=3)),
    max_leaves=12,
)


def _only_settings_or_error(text: str, folder: Path) -> None:
    try:
        assert isinstance(parse(text, folder), Settings)
    except SettingsError as error:
        str(error).encode()


_PATIENT = effort(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_PATIENT
@given(text=some.text())
def test_any_text_gives_settings_or_a_settings_error(bench: Bench, text: str) -> None:
    """Whatever somebody saves as settings, the answer is never a traceback."""
    _only_settings_or_error(text, bench.folder)


@_PATIENT
@given(data=some.data())
def test_any_value_in_any_place_gives_settings_or_a_settings_error(
    bench: Bench, data: some.DataObject
) -> None:
    """One value anywhere in a working file is replaced by something else entirely."""
    tables = bench.bent(data.draw(some.randoms(use_true_random=False)), data.draw(_values))
    _only_settings_or_error(text_of(tables), bench.folder)
