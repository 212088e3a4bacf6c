"""Who is told when and over what: phones, absences, rota, texts, alerts and escalation in the settings."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from tests.config.bench import Bench

Tables = dict[str, Any]


# People


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("07700-900-123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+353 20 915 0123", "+353209150123"),
        ("00353209150123", "+353209150123"),
    ],
)
def test_a_mobile_number_is_read_as_people_write_it(bench: Bench, written: str, number: str) -> None:
    """It is kept in one form, and never shows itself."""
    person = bench.read(lambda tables: tables["people"][0].update(phone=written)).person("priya")
    assert person.phone == number
    assert "900123" not in repr(person)


@pytest.mark.parametrize(
    "written",
    ["020 7946 0123", "07700 90012", "07700 9001234", "7700 900123", "+44 20 7946 0123", "+0 7700900123",
     "0770O 900123", "07700 900123 ext 4", "٠٧٧٠٠٩٠٠١٢٣", ""],
)  # fmt: skip
def test_what_gets_no_texts_is_no_mobile_number(bench: Bench, written: str) -> None:
    """A landline, a digit too many, a letter for a digit: found now, and not in the night that matters."""
    assert set(bench.problems(lambda tables: tables["people"][0].update(phone=written))) == {
        "people[0].phone"
    }


def test_a_person_says_when_they_are_there(bench: Bench) -> None:
    """Weekdays, absences, the last day, and the names that colleagues use."""

    def bend(tables: Tables) -> None:
        tables["people"][0].update(
            hours={"wednesday": [], "friday": ["08:00", "12:30"]},
            away=[{"first": "2026-12-21", "last": "2026-12-24"}],
            leaves_on="2027-07-21",
            known_as=["Miss Priya"],
        )

    person = bench.read(bend).person("priya")
    assert person.hours == {2: None, 4: (time(8), time(12, 30))}
    assert (person.away[0].first, person.away[0].last) == (date(2026, 12, 21), date(2026, 12, 24))
    assert (person.leaves_on, person.known_as) == (date(2027, 7, 21), ("Miss Priya",))
    assert "Miss Priya" not in repr(person)


def test_nobody_is_without_hours_on_every_working_day(bench: Bench) -> None:
    """Days that are closed for the school do not count, and neither do those of other schools."""
    free: dict[str, list[str]] = {day: [] for day in ("monday", "tuesday", "wednesday", "thursday")}

    def bend(tables: Tables, **hours: Any) -> None:
        tables["people"][0]["hours"] = {**free, **hours}
        tables["schools"][0]["staffed_hours"] = {"by_weekday": {"friday": []}}

    assert set(bench.problems(bend)) == {"people[0].hours"}
    read = bench.read(lambda tables: bend(tables, friday=["08:00", "12:00"]))
    assert read.person("priya").hours[4] == (time(8), time(12))


def test_an_absence_ends_after_it_starts(bench: Bench) -> None:
    """A mistyped year would make a colleague unreachable, or never away."""

    def bend(tables: Tables) -> None:
        tables["people"][0]["away"] = [{"first": "2026-12-21", "last": "2025-12-24"}, {"first": "2027-02-15"}]

    assert set(bench.problems(bend)) == {"people[0].away[0].last", "people[0].away[1].last"}


def test_a_chat_is_a_secret(bench: Bench) -> None:
    """Its address is all that anybody needs to write there."""
    bench.file("chat", "ntfys://ntfy.example/oakfield-4711")
    bench.file("words", "write to me")

    def bend(tables: Tables, name: str = "chat") -> None:
        tables["people"][0]["chat_file"] = name

    person = bench.read(bend).person("priya")
    assert person.chat is not None
    assert person.chat.get_secret_value() == "ntfys://ntfy.example/oakfield-4711"
    assert "4711" not in repr(person)
    assert bench.read(bend, secrets=False).person("priya").chat is None
    assert "no address of a chat" in bench.problems(lambda t: bend(t, "words"))["people[0].chat_file"]


# The rota


def test_a_turn_is_the_whole_day_every_day_unless_told(bench: Bench) -> None:
    """One line names somebody who is always on duty."""
    (turn,) = bench.read(lambda tables: tables.update(rota=[{"person": "miriam"}])).rota
    assert (turn.start, turn.end, turn.weekday_numbers) == (time(), time(), frozenset(range(7)))
    assert (turn.school, turn.second, turn.first, turn.last) == (None, False, None, None)


@pytest.mark.parametrize(
    ("turn", "key", "says"),
    [
        ({}, "person", "missing"),
        ({"person": "mirriam"}, "person", "Did you mean 'miriam'?"),
        ({"person": "miriam", "school": "okafield"}, "school", "Did you mean 'oakfield'?"),
        ({"person": "lena", "school": "oakfield"}, "person", "does not belong to the school"),
        ({"person": "miriam", "school": None}, "school", "several schools"),
        ({"person": "miriam", "weekdays": []}, "weekdays", "too few"),
        ({"person": "miriam", "weekdays": ["mon"]}, "weekdays[0]", "Choose from"),
        ({"person": "miriam", "start": "8am"}, "start", "time of day"),
        ({"person": "miriam", "first": "2026-12-02", "last": "2026-12-01"}, "last", "before the first"),
    ],
)
def test_a_turn_that_nobody_could_keep_is_refused(bench: Bench, turn: Tables, key: str, says: str) -> None:
    """A slip in the rota is found when it is made."""

    def bend(tables: Tables) -> None:
        tables["schools"].append({"id": "elmbank", "name": "Elmbank Primary", "nation": "ENG"})
        lena = {"name": "lena", "email": "lena@elmbank.example", "schools": ["elmbank"]}
        tables["people"].append({**tables["people"][0], **lena})
        whole = {"school": "oakfield", **turn}
        tables["rota"] = [{name: value for name, value in whole.items() if value is not None}]

    found = bench.problems(bend)
    assert set(found) == {f"rota[0].{key}"}
    assert says in found[f"rota[0].{key}"]


@pytest.mark.parametrize(
    ("second", "is_warned"),
    [
        ({}, True),
        ({"weekdays": ["tuesday"], "start": "00:00", "end": "07:00"}, True),
        ({"weekdays": ["monday"], "start": "08:00", "end": "17:00"}, False),
        ({"weekdays": ["wednesday"]}, False),
        ({"first": "2026-12-02"}, False),
        ({"person": "gareth"}, False),
    ],
)
def test_first_and_second_at_once_is_a_warning(bench: Bench, second: Tables, is_warned: bool) -> None:
    """When the first does not answer, somebody else has to. Nights go on into the next day."""

    def bend(tables: Tables) -> None:
        night = {"person": "miriam", "weekdays": ["monday"], "start": "17:00", "end": "08:00"}
        tables["rota"] = [
            {**night, "last": "2026-12-01"},
            {"person": "miriam", **second, "second": True},
        ]

    assert ("rota[1].person" in bench.warnings(bend)) is is_warned


# Texts

UUID = "f33517ff-2a88-4f6e-b855-c550268ce08a"
NOTIFY_KEY = f"oakfield-{UUID}-{UUID}"
TWILIO = {"twilio_account": f"AC{0:032}", "twilio_token_file": "token", "twilio_sender": "Oakfield"}
NOTIFY = {"notify_key_file": "key", "notify_template": UUID}


@pytest.mark.parametrize(
    ("sms", "keys"),
    [
        ({"provider": "twilio"}, {"twilio_account", "twilio_token_file", "twilio_sender"}),
        ({"provider": "govuk_notify"}, {"notify_key_file", "notify_template"}),
        ({"provider": "govuk_notify", **NOTIFY, "fallback": "twilio", **TWILIO}, set()),
        ({"provider": "twilio", **TWILIO, "fallback": "twilio"}, {"fallback"}),
        ({"fallback": "twilio", **TWILIO}, {"provider"}),
        ({"provider": "twilio", **TWILIO, "twilio_sender": "+447700900123"}, set()),
        ({"provider": "twilio", **TWILIO, "twilio_sender": "88440"}, set()),
        ({"provider": "outbox"}, set()),
        ({"provider": "pigeon"}, {"provider"}),
        ({"provider": "outbox", "notify_base_url": "http://notify.example"}, {"notify_base_url"}),
    ],
)
def test_a_provider_of_texts_has_all_that_it_needs(bench: Bench, sms: Tables, keys: set[str]) -> None:
    """Half a set-up is found at the start, and not when the first text has to leave."""
    bench.file("token", "word-one")
    bench.file("key", f"word-two-{NOTIFY_KEY}")
    if keys:
        assert set(bench.problems(lambda t: t.update(sms=sms))) == {f"sms.{key}" for key in keys}
    else:
        read = bench.read(lambda t: t.update(sms=sms)).sms
        assert read.providers == tuple(sms[key] for key in ("provider", "fallback") if key in sms)
        assert "word-" not in repr(read)


def test_the_secrets_of_the_providers_are_read(bench: Bench) -> None:
    """They are handed over where they are needed, and are nothing where secrets were not read."""
    bench.file("token", "word-one")
    bench.file("key", f"word-two-{NOTIFY_KEY}")
    sms = {"provider": "govuk_notify", **NOTIFY, "fallback": "twilio", **TWILIO}

    read = bench.read(lambda tables: tables.update(sms=sms)).sms
    assert read.notify_key is not None
    assert read.twilio_token is not None
    assert read.notify_key.get_secret_value() == f"word-two-{NOTIFY_KEY}"
    assert read.twilio_token.get_secret_value() == "word-one"
    unread = bench.read(lambda tables: tables.update(sms=sms), secrets=False).sms
    assert (unread.notify_key, unread.twilio_token) == (None, None)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"notify_template": "f33517ff"}, "notify_template"),
        ({"notify_key_file": "half"}, "notify_key_file"),
        ({"twilio_account": "AC0"}, "twilio_account"),
        ({"twilio_sender": "Oakfield Academy"}, "twilio_sender"),
        ({"twilio_sender": "07700 900123"}, "twilio_sender"),
    ],
)
def test_what_a_provider_would_refuse_is_found_at_the_start(bench: Bench, change: Tables, key: str) -> None:
    """Half a key, the id of something else, a sender that no network takes: not at the first alarm."""
    bench.file("token", "word-one")
    bench.file("key", NOTIFY_KEY)
    bench.file("half", NOTIFY_KEY[:-4])
    sms = {"provider": "govuk_notify", **NOTIFY, "fallback": "twilio", **TWILIO, **change}

    assert set(bench.problems(lambda tables: tables.update(sms=sms))) == {f"sms.{key}"}


def test_with_texts_whoever_is_texted_has_a_phone_or_check_says_so(bench: Bench) -> None:
    """The safeguarding leads and everybody on the rota; without texts nobody is asked for a number."""

    def bend(tables: Tables, provider: str = "outbox") -> None:
        tables["people"][3]["phone"] = "07700 900104"
        tables.update(rota=[{"person": "priya"}], sms={"provider": provider})

    assert {key for key in bench.warnings(bend) if key.endswith("phone")} == {
        "people[0].phone",
        "people[2].phone",
    }
    assert not [key for key in bench.warnings(lambda t: bend(t, "none")) if key.endswith("phone")]


def test_two_people_with_one_phone_are_a_warning(bench: Bench) -> None:
    """However differently the number is written."""

    def bend(tables: Tables) -> None:
        tables["people"][0]["phone"] = "07700 900101"
        tables["people"][1]["phone"] = "+447700900101"

    assert "people[1].phone" in bench.warnings(bend)


def test_a_rota_file_that_is_not_there_is_a_warning(bench: Bench) -> None:
    """A shared folder that is down keeps nobody from starting."""
    assert "schools[0].rota_file" in bench.warnings(lambda t: t["schools"][0].update(rota_file="rota.ics"))


# Alerts


def test_alerts_have_the_defaults_of_the_product(bench: Bench) -> None:
    """Who sets nothing gets messages without links, a message every morning, and no ping."""
    alerts = bench.read().alerts
    assert (alerts.public_url, alerts.ping_url, alerts.require_sign_in_to_take) == (None, None, False)
    assert (alerts.link_hours, alerts.texts_a_day, alerts.alerts_an_hour) == (72, 6, 10)
    assert (alerts.still_open_hours, alerts.ping_every_minutes) == (4, 5)
    assert (alerts.heartbeat, alerts.heartbeat_at) == (True, time(8))


@pytest.mark.parametrize("address", ["https://sm.oakfield.example/", "http://127.0.0.1:8080"])
def test_links_lead_to_an_address_that_is_protected_or_this_computer(bench: Bench, address: str) -> None:
    """A slash at its end makes no second one in the links."""
    alerts = bench.read(lambda tables: tables.update(alerts={"public_url": address})).alerts
    assert alerts.public_url == address.rstrip("/")


@pytest.mark.parametrize(
    "alerts",
    [
        {"public_url": "http://sm.oakfield.example"},
        {"public_url": "https://sm.oakfield.example/console"},
        {"public_url": "https://sm.oakfield.example?key=1"},
        {"public_url": "https://user:word@sm.oakfield.example"},
        {"public_url": "sm.oakfield.example"},
        {"link_hours": 0},
        {"link_hours": 169},
        {"texts_a_day": 0},
        {"alerts_an_hour": 0},
        {"heartbeat_at": "8 o'clock"},
        {"ping_every_minutes": 0},
        {"still_open_hours": 0},
    ],
)
def test_alerts_that_could_not_be_sent_are_refused(bench: Bench, alerts: Tables) -> None:
    """Each at its own key."""
    (key,) = alerts
    assert set(bench.problems(lambda tables: tables.update(alerts=alerts))) == {f"alerts.{key}"}


def test_the_ping_goes_to_a_protected_address_that_stays_secret(bench: Bench) -> None:
    """Whoever knows it could ping in our place, and nobody would notice the silence."""
    bench.file("ping", "https://ping.example/4711?up")
    bench.file("open", "http://ping.example/4711")

    alerts = bench.read(lambda tables: tables.update(alerts={"ping_url_file": "ping"})).alerts
    assert alerts.ping_url is not None
    assert alerts.ping_url.get_secret_value() == "https://ping.example/4711?up"
    assert "4711" not in repr(alerts)
    found = bench.problems(lambda tables: tables.update(alerts={"ping_url_file": "open"}))
    assert set(found) == {"alerts.ping_url_file"}
    assert "4711" not in str(found)


# Escalation

FIRST = {"after_minutes": 0, "who": ["on_duty"]}
LAST = {"after_minutes": 20, "who": ["dsl"], "every_minutes": 60}


@pytest.mark.parametrize(
    ("steps", "key"),
    [
        ([{**FIRST, "after_minutes": 5}, LAST], "[0].after_minutes"),
        ([FIRST, {**LAST, "after_minutes": 0}], "[1].after_minutes"),
        ([FIRST, LAST, {**LAST, "after_minutes": 20}], "[2].after_minutes"),
        ([FIRST], "[0]"),
        ([FIRST, {**LAST, "repeats": 3}], "[1]"),
        ([{**FIRST, "repeats": 3}, LAST], "[0].every_minutes"),
        ([{**FIRST, "who": []}, LAST], "[0].who"),
        ([{**FIRST, "who": ["dls"]}, LAST], "[0].who[0]"),
        ([{"who": ["dsl"]}, LAST], "[0].after_minutes"),
        ([{**FIRST, "every_minutes": 0}, LAST], "[0].every_minutes"),
    ],
)
def test_steps_that_would_fall_silent_or_come_late_are_refused(
    bench: Bench, steps: list[Tables], key: str
) -> None:
    """They begin at once, go up, and end with one that repeats until somebody takes the case."""
    found = bench.problems(lambda tables: tables.update(escalation={"severe": steps}))
    assert set(found) == {f"escalation.severe{key}"}


def test_own_steps_replace_those_of_the_product(bench: Bench) -> None:
    """Only those of their kind; left out, the product's own count."""
    escalation = bench.read(lambda tables: tables.update(escalation={"critical": [FIRST, LAST]})).escalation
    assert [step.who for step in escalation.critical] == [("on_duty",), ("dsl",)]
    assert escalation.severe == ()


def test_steps_without_the_safeguarding_lead_are_a_warning(bench: Bench) -> None:
    """A school may have its reasons, and `check` asks."""
    steps = [{**LAST, "after_minutes": 0, "who": ["on_duty"]}]
    assert "escalation.severe" in bench.warnings(lambda t: t.update(escalation={"severe": steps}))
    assert "escalation.severe" not in bench.warnings(lambda t: t.update(escalation={"severe": [FIRST, LAST]}))
