"""How much one person is told at a time: nobody is buried, and danger never waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.alert_ports import Delivery, Sent
from moderation.alert_rules import AlertRules
from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, DeliveryState, Role, Topic
from moderation.mailboxes import Mailbox, Urgency
from moderation.pacing import Pace, Pacing, group_of, pace

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PACING = Pacing(AlertRules(), ZoneInfo("Europe/London"))
ROUTINE, URGENT = Mailbox("sue-dale", EMAIL, False), Mailbox("sue-dale", EMAIL, True)
TEXTS = Mailbox("sue-dale", SMS, True)


def waits(
    number: int,
    step: AlertStep = AlertStep.NEW,
    *,
    kind: str = "case",
    urgency: Urgency = Urgency.ROUTINE,
    occasion: str = "1.1",
) -> Delivery:
    """Return something that waits for the leader; each number is a subject of its own."""
    return Delivery(
        id=number,
        alert=number,
        recipient="sue-dale",
        channel=EMAIL,
        state=DeliveryState.CREATED,
        message_id=f"<{number}@socialduty.invalid>",
        topic=Topic(kind, str(number), step, occasion),
        because=Role.SLT,
        urgency=urgency,
        send_at=NOW,
    )


def alarm(number: int, urgency: Urgency = Urgency.URGENT, occasion: str = "1.1") -> Delivery:
    """Return a rung of a ladder that waits."""
    return waits(number, AlertStep.URGENT, kind="escalation", urgency=urgency, occasion=occasion)


def sent(*minutes_ago: float, urgency: Urgency = Urgency.ROUTINE, about: str = "case") -> list[Sent]:
    """Return messages that went out so many minutes ago."""
    return [
        Sent(NOW - ago * MINUTE, urgency, frozenset({(about, f"old-{ago}")}))
        for ago in sorted(minutes_ago, reverse=True)
    ]


def ids(paced: Pace) -> list[int]:
    """Return what goes out now."""
    return [each.id for each in paced.now]


def test_where_nothing_waits_nothing_goes() -> None:
    """And nothing is looked at again."""
    assert pace(ROUTINE, [], [], NOW, PACING) == Pace()


# Routine


def test_everything_about_cases_goes_together() -> None:
    """One message for the morning; what is about machines has one of its own."""
    waiting = [waits(1), waits(2, AlertStep.LATE), waits(3, AlertStep.SET_ASIDE, kind="task"), waits(4)]
    assert ids(pace(ROUTINE, waiting, [], NOW, PACING)) == [1, 2, 4]


def test_news_comes_ten_minutes_apart_then_thirty() -> None:
    """After three messages in an hour the gaps grow."""
    held = pace(ROUTINE, [waits(1)], sent(4), NOW, PACING)
    assert (held.now, held.look_at, held.storm) == ((), NOW + 6 * MINUTE, False)
    assert ids(pace(ROUTINE, [waits(1)], sent(10), NOW, PACING)) == [1]
    assert pace(ROUTINE, [waits(1)], sent(35, 25, 12), NOW, PACING).look_at == NOW + 18 * MINUTE


def test_what_is_late_takes_the_news_along() -> None:
    """It does not wait, and whoever reads it reads everything."""
    waiting = [waits(1), waits(2, AlertStep.LATE)]
    assert ids(pace(ROUTINE, waiting, sent(1), NOW, PACING)) == [1, 2]


def test_what_is_about_machines_does_not_wait_behind_news() -> None:
    """While the news is held back."""
    waiting = [waits(1), waits(2, AlertStep.SET_ASIDE, kind="task")]
    assert ids(pace(ROUTINE, waiting, sent(1), NOW, PACING)) == [2]


def test_over_the_limit_of_an_hour_everything_waits_for_a_summary() -> None:
    """Even what is late: it comes half an hour after the last message."""
    lately = sent(*range(12, 22))
    held = pace(ROUTINE, [waits(1, AlertStep.LATE)], lately, NOW, PACING)
    assert (held.now, held.look_at, held.storm) == ((), NOW + 18 * MINUTE, True)
    again = pace(ROUTINE, [waits(1, AlertStep.LATE)], sent(*range(30, 40)), NOW, PACING)
    assert (ids(again), again.storm) == ([1], True)


def test_accounts_that_fail_alike_go_together() -> None:
    """One platform that is down is one message, however many accounts the school has there."""
    waiting = [waits(number, AlertStep.NOT_WATCHED, kind="account") for number in range(1, 5)]
    assert ids(pace(ROUTINE, waiting, [], NOW, PACING)) == [1, 2, 3, 4]
    assert group_of(waits(1, AlertStep.NOT_WATCHED, kind="account")) != group_of(
        waits(1, AlertStep.WATCHED_AGAIN, kind="account")
    )


# Urgent


def test_each_new_alarm_has_a_message_of_its_own() -> None:
    """The first one first; nobody overlooks the second in a list."""
    assert ids(pace(URGENT, [alarm(1), alarm(2)], [], NOW, PACING)) == [1]


def test_what_is_told_again_goes_together() -> None:
    """After what is new."""
    waiting = [alarm(1, occasion="1.2"), alarm(2), alarm(3, occasion="2.11")]
    assert ids(pace(URGENT, waiting, [], NOW, PACING)) == [2]
    assert ids(pace(URGENT, [waiting[0], waiting[2]], [], NOW, PACING)) == [1, 3]


def test_a_new_rung_is_no_repeat() -> None:
    """Of the second rung somebody hears for the first time."""
    assert ids(pace(URGENT, [alarm(1, occasion="1.2"), alarm(2, occasion="2.1")], [], NOW, PACING)) == [2]


def test_over_the_limit_alarms_come_in_a_summary_but_danger_at_once() -> None:
    """Up to twice the limit, then even danger every five minutes."""
    ten, twenty = sent(*range(1, 11)), sent(*range(1, 21))
    held = pace(URGENT, [alarm(1)], ten, NOW, PACING)
    assert (held.look_at, held.storm) == (NOW + 29 * MINUTE, True)
    danger = alarm(2, Urgency.CRITICAL)
    assert ids(pace(URGENT, [danger, alarm(1)], ten, NOW, PACING)) == [2]
    told = Sent(NOW - 70 * MINUTE, Urgency.CRITICAL, frozenset({("escalation", "2")}))
    held = pace(URGENT, [danger, alarm(1)], [told, *twenty], NOW, PACING)
    assert (held.now, held.look_at) == ((), NOW + 4 * MINUTE)
    summary = pace(URGENT, [danger, alarm(1)], [told, *sent(*range(5, 25))], NOW, PACING)
    assert (ids(summary), summary.storm) == ([2, 1], True)


def test_danger_that_somebody_has_not_heard_of_waits_for_a_minute_at_most() -> None:
    """However much they were told in the last hour: a pile-on must not hide a cry for help elsewhere."""
    danger = alarm(2, Urgency.CRITICAL)
    just_now = sent(0.5, *range(1, 40))
    held = pace(URGENT, [danger, alarm(1)], just_now, NOW, PACING)
    assert (held.now, held.look_at) == ((), NOW + MINUTE / 2)
    assert ids(pace(URGENT, [danger, alarm(1)], sent(*range(1, 40)), NOW, PACING)) == [2]


def test_what_has_waited_for_half_an_hour_is_held_back_no_longer() -> None:
    """Danger that keeps coming meanwhile would else put off everything else for as long."""
    waited = replace(alarm(1), send_at=NOW - 30 * MINUTE)
    assert ids(pace(URGENT, [waited], sent(*range(1, 12)), NOW, PACING)) == [1]


# Texts


def test_a_person_has_so_many_texts_a_day() -> None:
    """What is over that is left to the email, which goes all the same; tomorrow counts anew."""
    six = sent(*range(1, 7), about="escalation")
    reminder = waits(1, AlertStep.REMINDER)
    over = pace(Mailbox("sue-dale", SMS, False), [reminder, waits(2)], six, NOW, PACING)
    assert (over.now, over.dropped) == ((), (reminder,))
    yesterday = [replace(each, at=each.at - timedelta(hours=13)) for each in six]
    assert ids(pace(Mailbox("sue-dale", SMS, False), [reminder], yesterday, NOW, PACING)) == [1]


def test_the_first_text_about_an_alarm_goes_beyond_that() -> None:
    """The next one about the same alarm does not."""
    six = sent(*range(61, 67), about="escalation")
    assert ids(pace(TEXTS, [alarm(1)], six, NOW, PACING)) == [1]
    told = [*six, Sent(NOW - MINUTE, Urgency.URGENT, frozenset({("escalation", "1")}))]
    again = alarm(1, occasion="1.2")
    assert pace(TEXTS, [again], told, NOW, PACING).dropped == (again,)


def test_the_day_of_texts_is_the_day_of_the_school() -> None:
    """In summer it begins an hour before that of Greenwich."""
    night = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    before = [Sent(night - timedelta(minutes=45 + each), Urgency.URGENT, frozenset()) for each in range(6)]
    assert ids(pace(TEXTS, [alarm(1)], before, night, PACING)) == [1]


def test_where_only_texts_reach_somebody_none_is_left_out() -> None:
    """They are gathered like emails instead."""
    only = replace(PACING, is_only_way=True)
    assert ids(pace(TEXTS, [alarm(1)], sent(*range(1, 9)), NOW, only)) == [1]
    held = pace(TEXTS, [alarm(1)], sent(*range(1, 12)), NOW, only)
    assert (held.dropped, held.look_at) == ((), NOW + 29 * MINUTE)


# Whatever comes


deliveries = st.builds(
    waits,
    st.integers(1, 40),
    st.sampled_from([AlertStep.NEW, AlertStep.URGENT, AlertStep.LATE, AlertStep.MORE]),
    kind=st.sampled_from(["case", "escalation", "task", "account"]),
    urgency=st.sampled_from(Urgency),
    occasion=st.sampled_from(["1.1", "1.2", "2.1"]),
)


@pytest.mark.parametrize("channel", [EMAIL, SMS, CHAT])
@given(
    waiting=st.lists(deliveries, min_size=1, max_size=12),
    minutes=st.lists(st.floats(0, 1500), max_size=30),
    urgent=st.booleans(),
    is_only_way=st.booleans(),
)
def test_nothing_that_waits_is_forgotten(
    channel: str, waiting: list[Delivery], minutes: list[float], urgent: bool, is_only_way: bool
) -> None:
    """Something goes, or is left to another channel, or there is a moment ahead at which to look again."""
    pacing = replace(PACING, is_only_way=is_only_way)
    chosen = pace(Mailbox("sue-dale", channel, urgent), waiting, sent(*minutes), NOW, pacing)
    assert {*chosen.now, *chosen.dropped} <= set(waiting)
    assert bool(chosen.now) + bool(chosen.dropped) + (chosen.look_at is not None) == 1
    assert chosen.look_at is None or NOW < chosen.look_at <= NOW + 30 * MINUTE
    assert not (chosen.dropped and (channel != SMS or is_only_way))
