"""Alerts over real conversations with a mail server and two text providers, at their worst."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from moderation.acts import take
from moderation.cases import Act
from moderation.tasks import Lane, TaskKind
from store import tables
from tests.fakes import PassingTime
from tests.journeys.alert_stage import MailServer, Stage, Told, stage
from tests.notifications.notify_server import refused
from tests.notifications.test_email import certificate_for
from workers.broker import LocalBroker
from workers.jobs import ring
from workers.running import crew

MIRIAM, GARETH = "m.osei@oakfield.example", "g.pryce@oakfield.example"
"""The safeguarding lead, who is on duty, and her deputy: at noon on a Tuesday both are told of danger."""

GONE = "550 5.1.1 no such mailbox"
LATER = "451 4.7.1 come back later"
DOWN = refused(500, "Exception", "Internal server error")
STARTTLS = ('security = "none"', 'security = "starttls"')


def states(told: list[Told], occasion: str = "1.1") -> dict[str, str]:
    """Return who was told at one rung of a ladder, and what became of it."""
    return {each.person: each.state for each in told if each.occasion == occasion}


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, ten seconds at most."""
    pause = threading.Event()
    for _ in range(1000):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to that")


def subjects(world: Stage, person: str) -> list[str]:
    """Return the subjects of somebody's letters."""
    return [letter["Subject"] for letter in world.letters_to(person)]


# Email


def test_a_greylisted_letter_is_tried_again_after_one_and_two_minutes_and_told_once(tmp_path: Path) -> None:
    """ "Come back later" is never counted as sent, and holds nobody else up."""
    with stage(tmp_path) as world:
        world.mail.answers[MIRIAM] = [LATER, LATER]
        world.hear("a comment")
        world.work()
        assert len(world.letters_to("gareth")) == 1
        counts = []
        for seconds in (59, 1, 119):
            world.play(seconds=seconds)
            (first,) = (each for each in world.told("miriam", "email") if each.occasion == "1.1")
            counts.append((first.state, first.attempts, len(world.letters_to("miriam"))))
        assert counts == [
            ("temporary-failure", 1, 0),
            ("temporary-failure", 2, 0),
            ("temporary-failure", 2, 0),
        ]
        world.play(seconds=1)
        assert len(world.letters_to("miriam")) == 1
        assert states(world.told("miriam", "email")) == {"miriam": "delivered"}
        assert not world.letters_to("dev")


def test_of_two_people_the_one_who_is_refused_is_told_otherwise_and_the_next_one_at_once(
    tmp_path: Path,
) -> None:
    """The deputy has hers, the head is told in the same minute, and so is the network manager."""
    with stage(tmp_path) as world:
        world.mail.answers[MIRIAM] = [GONE]
        world.fates["miriam"] = "sending"
        world.hear("a comment")
        world.work()
        assert states(world.told(channel="email")) == {
            "miriam": "permanent-failure",
            "gareth": "delivered",
            "helen": "delivered",
        }
        assert len(world.texts_to("miriam")) == len(world.texts_to("helen")) == 1
        assert [len(world.letters_to("dev")), len(world.texts_to("dev"))] == [1, 1]
        assert "m.osei" not in world.letters_to("dev")[0].as_string()


def test_a_refused_address_rests_for_a_day(tmp_path: Path) -> None:
    """Meanwhile a text reaches her; the network manager is told once."""
    with stage(tmp_path) as world:
        world.mail.answers[MIRIAM] = [GONE]
        world.hear("a comment")
        world.play(hours=1)
        take(world.desk.ports, world.case(1), "gareth")
        world.play(hours=22, minutes=55)
        world.hear("another comment")
        world.work()
        take(world.desk.ports, world.case(2), "gareth")
        assert not world.letters_to("miriam")
        world.play(minutes=10)
        world.hear("a third comment")
        world.work()
        assert len(world.letters_to("miriam")) == 1
        assert len(world.texts_to("miriam")) > 3
        assert len(world.letters_to("dev")) == 1


def test_a_refused_address_is_used_at_once_when_it_is_corrected(tmp_path: Path) -> None:
    """The settings are the place to mend it."""
    now = PassingTime()
    with stage(tmp_path, now=now) as world:
        world.mail.answers[MIRIAM] = [GONE]
        world.hear("a comment")
        world.work()
        take(world.desk.ports, world.case(), "gareth")
    with stage(tmp_path, (MIRIAM, "miriam.osei@oakfield.example"), now=now) as world:
        world.hear("another comment")
        world.work()
        assert len(world.letters_to("miriam")) == 1


def test_while_the_mail_server_hangs_texts_go_out_and_other_letters_follow(tmp_path: Path) -> None:
    """Each way of telling has threads of its own: who hangs holds up nobody else."""
    with stage(tmp_path) as world:
        world.mail.hangs = True
        world.hear("a comment")
        world.work((TaskKind.SCORE_ITEM, TaskKind.CLIMB))
        broker = LocalBroker()
        with crew(world.desk, broker, (Lane.URGENT, Lane.TEXTS)):
            ring(broker, world.desk.store.due())
            until(
                lambda: bool(world.texts_to("miriam") and world.texts_to("gareth") and world.mail.begun == 2)
            )
            assert not world.mail.letters
            world.mail.hangs = False
            until(lambda: len(world.mail.letters) == 2)


def test_a_line_that_breaks_before_the_letter_is_taken_costs_a_minute_and_no_letter(tmp_path: Path) -> None:
    """What did not arrive whole did not arrive."""
    with stage(tmp_path) as world:
        world.mail.cuts = 1
        world.hear("a comment")
        world.play(minutes=2)
        assert Counter(letter["To"] for letter in world.mail.letters) == {MIRIAM: 1, GARETH: 1}


def test_when_only_the_answer_is_lost_the_repeat_has_the_same_name(tmp_path: Path) -> None:
    """No mail server can be asked what it took: rather twice than never, and a reader can tell."""
    with stage(tmp_path) as world:
        world.mail.loses = 1
        world.hear("a comment")
        world.play(minutes=2)
        names = Counter((letter["To"], letter["Message-ID"]) for letter in world.mail.letters)
        assert sorted(names.values()) == [1, 2]
        assert {address for address, _ in names} == {MIRIAM, GARETH}


@pytest.mark.parametrize("has_tls", [False, True], ids=["no encryption", "another server's certificate"])
def test_nothing_is_said_to_a_mail_server_that_cannot_prove_itself(tmp_path: Path, has_tls: bool) -> None:
    """Not even the sender. Texts tell those on duty, and the network manager; all others sleep."""
    other = certificate_for(tmp_path, "127.0.0.2")
    mail = MailServer(tls_context=other.server) if has_tls else MailServer()
    trusting = ('#ca_file = "config/oakfield-ca.pem"', f'ca_file = "{other.file.as_posix()}"')
    with stage(tmp_path, STARTTLS, trusting, mail=mail) as world:
        world.hear("a comment")
        world.work()
        assert world.mail.begun == 0
        assert set(states(world.told(channel="email")).values()) == {"technical-failure"}
        assert {name: len(world.texts_to(name)) for name in ("miriam", "gareth", "dev", "helen")} == {
            "miriam": 1,
            "gareth": 1,
            "dev": 1,
            "helen": 0,
        }


def test_over_starttls_with_the_right_certificate_letters_arrive(tmp_path: Path) -> None:
    """So that the refusals above are about the certificate and nothing else."""
    own = certificate_for(tmp_path, "127.0.0.1")
    mail = MailServer(tls_context=own.server, require_starttls=True)
    trusting = ('#ca_file = "config/oakfield-ca.pem"', f'ca_file = "{own.file.as_posix()}"')
    with stage(tmp_path, STARTTLS, trusting, mail=mail) as world:
        world.hear("a comment")
        world.work()
        assert len(world.mail.letters) == 2


@pytest.mark.slow
def test_a_mail_server_away_for_a_day_delays_no_text_and_loses_no_letter(tmp_path: Path) -> None:
    """Texts at once, the network manager within five minutes and only once, letters when it is back.

    Of all that a ladder repeated meanwhile, each person gets the last word.
    """
    with stage(tmp_path) as world:
        world.mail.stop()
        world.play(hours=1)
        world.hear("a comment")
        world.work()
        assert [len(world.texts_to(name)) for name in ("miriam", "gareth", "helen", "dev")] == [1, 1, 0, 0]
        world.play(minutes=5)
        assert len(world.texts_to("dev")) == 1
        world.play(minutes=5)
        assert len(world.texts_to("helen")) == 1
        world.play(hours=23, minutes=40)
        assert not world.mail.letters
        assert len(world.texts_to("dev")) == 1
        assert all(6 <= len(world.texts_to(name)) <= 12 for name in ("miriam", "gareth", "helen"))
        world.mail.start()
        world.play(minutes=45)
        assert {name: len(world.letters_to(name)) <= 2 for name in ("miriam", "gareth", "helen")} == {
            "miriam": True,
            "gareth": True,
            "helen": True,
        }
        assert all(world.letters_to(name) for name in ("miriam", "gareth", "helen", "dev"))


def test_what_was_taken_while_the_mail_server_was_away_is_told_to_nobody(tmp_path: Path) -> None:
    """The letters that waited are dropped; the network manager hears once that it was away."""
    with stage(tmp_path) as world:
        world.mail.stop()
        world.hear("a comment")
        world.play(minutes=30)
        take(world.desk.ports, world.case(), "gareth")
        world.mail.start()
        world.play(hours=2)
        assert [letter["To"] for letter in world.mail.letters] == ["d.chaudhary@oakfield.example"]
        assert len(world.texts_to("dev")) == 1
        waiting = [each for each in world.told(channel="email") if each.step == "urgent"]
        assert {each.state for each in waiting} == {"not-needed"}


# Texts


def test_when_one_provider_fails_the_other_carries_texts_within_a_minute(tmp_path: Path) -> None:
    """For a quarter of an hour nothing goes to the one that failed; then it carries them again."""
    with stage(tmp_path) as world:
        world.notify.instead = [DOWN] * 100
        world.hear("a comment")
        world.play(minutes=1)
        assert {each["to"] for each in world.twilio.taken} == {"+447700900103", "+447700900104"}
        world.notify.instead.clear()
        posted = len(sent_to(world))
        world.play(minutes=13)
        assert len(sent_to(world)) == posted
        assert len(world.twilio.taken) > 2
        carried = len(world.twilio.taken)
        world.play(minutes=30)
        assert len(world.notify.taken) > 2
        assert len(world.twilio.taken) == carried


def sent_to(world: Stage) -> list[str]:
    """Return the requests to send a text that GOV.UK Notify got."""
    return [each.path for each in world.notify.asked if each.method == "POST"]


def test_a_text_whose_answer_was_lost_is_asked_for_and_not_sent_again(tmp_path: Path) -> None:
    """Both providers can be asked what they have: by our reference, or by number and words."""
    with stage(tmp_path) as world:
        world.notify.lose = True
        world.hear("a comment")
        world.play(minutes=2)
        assert len(world.texts_to("miriam")) == len(world.texts_to("gareth")) == 1
        assert states(world.told(channel="sms")) == {"miriam": "delivered", "gareth": "delivered"}
    (tmp_path / "other").mkdir()
    with stage(tmp_path / "other") as world:
        world.notify.instead = [DOWN] * 100
        world.twilio.lose = True
        world.hear("a comment")
        world.play(minutes=3)
        assert len(world.texts_to("miriam")) == len(world.texts_to("gareth")) == 1
        assert states(world.told(channel="sms")) == {"miriam": "delivered", "gareth": "delivered"}


def test_a_provider_is_asked_until_the_text_is_there(tmp_path: Path) -> None:
    """Taken is not delivered: the case's history says that somebody was told once it is known."""
    with stage(tmp_path) as world:
        world.fates |= {"miriam": "sending", "gareth": "sending"}
        world.hear("a comment")
        world.play(minutes=4)
        assert states(world.told(channel="sms")) == {"miriam": "sending", "gareth": "sending"}
        assert told_of(world) == {"urgent to miriam by email", "urgent to gareth by email"}
        world.fates.clear()
        world.play(minutes=5)
        assert states(world.told(channel="sms")) == {"miriam": "delivered", "gareth": "delivered"}
        assert {"urgent to miriam by sms", "urgent to gareth by sms"} < told_of(world)


def told_of(world: Stage) -> set[str]:
    """Return who was told of the first case, in the words of its history."""
    events, case = tables.case_events.c, world.case()
    query = select(events.detail).where(events.case == case, events.act == Act.TOLD)
    with world.desk.store.begin() as unit:
        return set(unit.connection.execute(query).scalars())


def test_a_text_that_is_not_there_after_ten_minutes_lets_the_next_person_be_told_once(
    tmp_path: Path,
) -> None:
    """Where it was the only way to reach somebody. The network manager hears of it too."""
    with stage(tmp_path) as world:
        world.mail.answers[MIRIAM] = [GONE] * 9
        world.hear("a comment")
        world.work()
        take(world.desk.ports, world.case(1), "gareth")
        world.play(hours=1)
        world.fates["miriam"] = "sending"
        world.hear("another comment")
        world.play(minutes=9, seconds=59)
        first = [each for each in world.told() if each.occasion == "1.1"][-2:]
        assert {(each.person, each.channel) for each in first} == {("gareth", "email"), ("gareth", "sms")}
        letters = len(world.letters_to("dev"))
        world.play(seconds=1)
        late = [each for each in world.told() if each.occasion == "1.1" and each not in first]
        assert {each.person for each in late[-2:]} == {"helen"}
        assert len(world.letters_to("dev")) == letters + 1
        stood_in = len(late)
        world.play(hours=1)
        late = [each for each in world.told() if each.occasion == "1.1" and each not in first]
        assert len(late) == stood_in


def test_a_number_that_is_refused_rests_for_a_day_and_letters_go_on(tmp_path: Path) -> None:
    """The network manager is told to correct it."""
    with stage(tmp_path) as world:
        world.fates["miriam"] = "permanent-failure"
        world.hear("a comment")
        world.play(hours=1)
        assert len(world.texts_to("miriam")) == 1
        assert len(world.letters_to("miriam")) > 3
        assert states(world.told("miriam", "sms")) == {"miriam": "permanent-failure"}
        assert [len(world.letters_to("dev")), len(world.texts_to("dev"))] == [1, 1]
