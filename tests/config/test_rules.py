"""What has to hold between settings, and what is only worth a look."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.bench import Bench

Tables = dict[str, Any]


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        (0, "fewer than two moderators"),
        (2, "no designated safeguarding lead"),
        (3, "nobody who stands in"),
        (4, "no headteacher"),
        (5, "no network manager"),
    ],
)
def test_a_school_without_somebody_it_needs_is_refused(bench: Bench, gone: int, says: str) -> None:
    """No alert may have nobody to go to: least of all one about a child."""

    def bend(tables: Tables) -> None:
        tables["accounts"] = []
        tables["people"].pop(gone)

    assert says in bench.problems(bend)["schools[0]"]


def test_one_person_cannot_stand_in_for_themselves(bench: Bench) -> None:
    """A deputy with the lead's address is no deputy."""

    def bend(tables: Tables) -> None:
        tables["people"][3]["email"] = "M.Osei@oakfield.example"

    assert "stands in" in bench.problems(bend)["schools[0]"]


def test_two_safeguarding_leads_need_no_deputy(bench: Bench) -> None:
    """Some schools share the post."""
    assert bench.read(lambda tables: tables["people"][3].update(roles=["dsl"])).people[3].roles == {"dsl"}


def test_each_school_needs_its_own_people(bench: Bench) -> None:
    """People of another school do not count."""

    def bend(tables: Tables) -> None:
        tables["schools"].append({"id": "elmbank", "name": "Elmbank Primary", "nation": "WLS"})
        for person in tables["people"]:
            person["schools"] = ["oakfield"]

    found = bench.problems(bend)
    assert set(found) == {"schools[1]"}
    assert "no designated safeguarding lead" in found["schools[1]"]


@pytest.mark.parametrize("staff", [["priya"], ["priya", "priya"], ["priya", "double"], []])
def test_an_account_needs_two_different_people(bench: Bench, staff: list[str]) -> None:
    """A name twice, or two names with one address, are one person."""

    def bend(tables: Tables) -> None:
        double = {**tables["people"][0], "name": "double", "email": "P.Raman@Oakfield.example"}
        tables["people"].append(double)
        tables["accounts"][0]["staff"] = staff

    assert "two different people" in bench.problems(bend)["accounts[0].staff"]


def test_an_account_names_people_and_schools_that_exist(bench: Bench) -> None:
    """A slip in a name is met with the name that was meant."""

    def bend(tables: Tables) -> None:
        tables["accounts"][0].update(staff=["pryia", "tom"], school="okafield")

    found = bench.problems(bend)
    assert "There is nobody called 'pryia'. Did you mean 'priya'?" in found["accounts[0].staff"]
    assert "There is no school 'okafield'. Did you mean 'oakfield'?" in found["accounts[0].school"]


def test_staff_belong_to_the_school_of_the_account(bench: Bench) -> None:
    """Somebody from another school of the trust does not run this account by accident."""

    def bend(tables: Tables) -> None:
        tables["schools"].append({"id": "elmbank", "name": "Elmbank Primary", "nation": "ENG"})
        tables["people"].append({**tables["people"][0], "name": "lena", "email": "lena@elmbank.example"})
        tables["people"][-1]["schools"] = ["elmbank"]
        tables["accounts"][0]["staff"] = ["priya", "tom", "lena"]

    assert "'lena' does not belong" in bench.problems(bend)["accounts[0].staff"]


@pytest.mark.parametrize("key", ["approved_by", "approved_on", "staff", "go_live"])
def test_no_account_is_watched_without_its_approval(bench: Bench, key: str) -> None:
    """The register is a gate: no record, no reading."""
    assert f"accounts[0].{key}" in bench.problems(lambda tables: tables["accounts"][0].pop(key))


def test_approval_comes_from_the_leadership_and_before_the_start(bench: Bench) -> None:
    """A moderator cannot approve the account that they run."""

    def bend(tables: Tables) -> None:
        tables["accounts"][0].update(approved_by="tom", approved_on="2026-11-17")

    assert set(bench.problems(bend)) == {"accounts[0].approved_by", "accounts[0].go_live"}


def test_an_account_may_go_live_on_the_day_of_its_approval(bench: Bench) -> None:
    """The school's day counts: midnight of a summer day is still the evening before in UTC."""

    def bend(tables: Tables) -> None:
        tables["accounts"][0].update(approved_on="2026-09-01", go_live="2026-09-01T00:00:00+01:00")

    assert bench.read(bend).accounts[0].go_live.day == 31


@pytest.mark.parametrize(("table", "key"), [("schools", "id"), ("people", "name"), ("accounts", "name")])
def test_names_are_given_once(bench: Bench, table: str, key: str) -> None:
    """Commands and alerts find one thing under one name."""
    found = bench.problems(lambda tables: tables[table].append(dict(tables[table][0])))
    assert any(where.endswith(f".{key}") for where in found)


def test_an_account_stands_in_the_register_once(bench: Bench) -> None:
    """Two entries for one account would answer everything twice."""
    found = bench.problems(
        lambda tables: tables["accounts"].append({**tables["accounts"][0], "name": "again"})
    )
    assert set(found) == {"accounts[1].external_id"}


def test_pause_with_an_early_end_of_the_day_is_refused(bench: Bench) -> None:
    """It would give a later message an earlier deadline."""

    def bend(tables: Tables, mode: str = "pause") -> None:
        tables["schools"][0]["target"] = {"mode": mode, "next_day_time": "17:00"}

    assert set(bench.problems(bend)) == {"schools[0].target.next_day_time"}
    assert bench.read(lambda tables: bend(tables, "carry")).schools[0].target.mode == "carry"


@pytest.mark.parametrize(
    ("weekend", "looked_at"), [([5, 6], []), ([5, 6], ["saturday", "sunday"]), ([4, 5], ["friday"])]
)
def test_on_some_working_day_somebody_looks(bench: Bench, weekend: list[int], looked_at: list[str]) -> None:
    """Reminders come in staffed hours of working days: without any, nobody would ever be reminded."""

    def bend(tables: Tables, *days: str) -> None:
        everyday = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        hours = {day: ["08:00", "15:30"] if day in (*looked_at, *days) else [] for day in everyday}
        tables["schools"][0].update(target={"weekend": weekend}, staffed_hours={"by_weekday": hours})

    found = bench.problems(bend)
    assert set(found) == {"schools[0].staffed_hours.by_weekday"}
    assert "Leave hours on one of" in found["schools[0].staffed_hours.by_weekday"]
    assert bench.read(lambda tables: bend(tables, "wednesday")).schools[0].staffed_hours.by_weekday[2]


def test_a_day_that_is_not_named_has_the_usual_hours(bench: Bench) -> None:
    """Four empty days leave a fifth."""

    def bend(tables: Tables) -> None:
        hours: dict[str, list[str]] = {day: [] for day in ("monday", "tuesday", "wednesday", "thursday")}
        tables["schools"][0].update(staffed_hours={"by_weekday": hours})

    assert 4 not in bench.read(bend).schools[0].staffed_hours.by_weekday


def test_a_colleague_may_answer_for_the_school_or_not(bench: Bench) -> None:
    """What one id writes cannot be an answer and be none; the id itself is not shown."""

    def bend(tables: Tables) -> None:
        tables["accounts"][0].update(responders=["7700900111", " 7700900222"], staff_accounts=["7700900222"])

    found = bench.problems(bend)
    assert set(found) == {"accounts[0].staff_accounts"}
    assert "7700900222" not in str(found)


SMTP = {"transport": "smtp", "host": "smtp.oakfield.example", "sender": "socialduty@oakfield.example"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"security": "none"}, "email.security"),
        ({"security": "none", "plain_hosts": ["smtp.oakfield.example"]}, "email.plain_hosts"),
        ({"security": "none", "host": "10.0.0.8", "plain_hosts": ["10.0.0.8"]}, "email.plain_hosts"),
        ({"username": "socialduty"}, "email.password_file"),
        ({"host": "smtp oakfield"}, "email.host"),
        ({"port": 70_000}, "email.port"),
        ({"security": "ssl"}, "email.security"),
    ],
)
def test_mail_never_leaves_unprotected(bench: Bench, changes: Tables, key: str) -> None:
    """A message about a child must not be readable on the way."""
    assert key in bench.problems(lambda tables: tables.update(email={**SMTP, **changes}))


@pytest.mark.parametrize(
    "changes", [{"host": "127.0.0.1"}, {"host": "localhost"}, {"host": "mail", "plain_hosts": ["mail"]}]
)
def test_a_mail_server_beside_us_may_do_without_tls(bench: Bench, changes: Tables) -> None:
    """This computer itself, or a named neighbour on the containers' own network."""
    email = {**SMTP, "security": "none", "port": 1025, **changes}
    assert bench.read(lambda tables: tables.update(email=email)).email.security == "none"


def test_a_password_never_goes_to_a_neighbour_without_tls(bench: Bench) -> None:
    """Not even to one that is listed."""
    bench.file("password", "word")
    email = {**SMTP, "security": "none", "host": "mail", "plain_hosts": ["mail"]}
    found = bench.problems(
        lambda tables: tables.update(email={**email, "username": "u", "password_file": "password"})
    )
    assert set(found) == {"email.username"}


@pytest.mark.parametrize(
    ("bend", "key"),
    [
        (lambda t: t["people"][1].update(name="priyaa"), "people[1].name"),
        (lambda t: t["people"].append({**t["people"][0], "name": "amina"}), "people[6].email"),
        (lambda t: t["people"][1].update(email="p.raman@oakfeild.example"), "people[1].email"),
        (lambda t: t["people"][1].update(email="praman@oakfield.example"), "people[1].email"),
        (lambda t: t.update(accounts=[]), "accounts"),
        (lambda t: t["accounts"][0].update(poll_every_minutes=90), "accounts[0].poll_every_minutes"),
        (lambda t: t["schools"][0].update(target={"hours": 48}), "schools[0].target.hours"),
        (lambda t: t["schools"][0].update(term_calendar="nowhere.csv"), "schools[0].term_calendar"),
        (lambda t: t.update(redis_url="redis://redis:6379/0"), "redis_url"),
        (lambda t: t.update(console={"host": "0.0.0.0"}), "console.host"),
        (lambda t: t.update(email={**SMTP, "port": 465}), "email.port"),
    ],
)
def test_what_works_but_looks_wrong_is_a_warning(bench: Bench, bend: Any, key: str) -> None:
    """It starts, and `check` says so."""

    def with_right_staff(tables: Tables) -> None:
        bend(tables)
        if tables["accounts"]:
            tables["accounts"][0]["staff"] = [person["name"] for person in tables["people"][:2]]

    bench.file("terms.csv", "kind,start,end_inclusive\n")
    assert key in bench.warnings(with_right_staff)
    assert key not in bench.warnings(lambda t: t["schools"][0].update(term_calendar="terms.csv"))


def test_people_at_one_school_are_not_taken_for_each_other(bench: Bench) -> None:
    """A warning that always comes is a warning that nobody reads."""
    assert not [key for key in bench.warnings() if key.startswith("people[")]


def test_untrained_staff_are_a_warning(bench: Bench) -> None:
    """Two trained people run an account; until their days of training are recorded, `check` asks."""

    def trained(tables: Tables) -> None:
        for person in tables["people"]:
            person["trained_on"] = "2026-09-01"

    assert "accounts[0].staff" in bench.warnings()
    assert "accounts[0].staff" not in bench.warnings(trained)
