"""One message about several things: counts first, the most pressing first, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from moderation.alerts import AccountNotice, AlertStep, CaseNotice, Role
from moderation.assessment import Label, Severity
from notifications.base import Message
from tests.notifications.letters import ADDRESS, LINK, both, flat, page_of, told

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
TODAY, MONDAY = NOW + timedelta(hours=3), NOW + timedelta(days=3)

Maker = Callable[..., CaseNotice]


def order(message: Message, *words: str) -> list[int]:
    """Return where each of ``words`` stands in the text."""
    return [message.text.index(word) for word in words]


def numbered(case_notice: Maker, count: int, **changes: object) -> tuple[CaseNotice, ...]:
    """Return ``count`` cases with numbers of their own."""
    return tuple(case_notice(reference=f"2026-{number:04}", **changes) for number in range(count))


def test_the_subject_counts_and_the_late_come_first(case_notice: Maker) -> None:
    """A glance at the inbox says how bad it is."""
    late = numbered(case_notice, 3, step=AlertStep.LATE, due_at=NOW - timedelta(hours=1))
    new = tuple(replace(case, step=AlertStep.NEW, due_at=MONDAY) for case in numbered(case_notice, 8)[3:])
    message = told(*new, *late)
    assert message.subject == "3 late, 5 new on social media"
    assert message.text.startswith("3 late, 5 new on social media.\n")


def test_each_list_has_its_place_and_each_line_its_due_time(case_notice: Maker) -> None:
    """Late, due today, taken by nobody, still open, new."""
    message = told(
        case_notice(reference="A-1", step=AlertStep.NEW, due_at=MONDAY),
        case_notice(reference="A-2", step=AlertStep.STILL_OPEN, due_at=None),
        case_notice(
            reference="A-3",
            step=AlertStep.WAITING,
            due_at=MONDAY,
            labels=(Label.BULLYING,),
            severity=Severity.MEDIUM,
        ),
        case_notice(reference="A-4", step=AlertStep.NEW, due_at=TODAY, platform="x"),
        case_notice(reference="A-5", step=AlertStep.LATE, due_at=NOW - timedelta(hours=2)),
    )
    assert order(message, "A-5", "A-4", "A-3", "A-2", "A-1") == sorted(
        order(message, "A-5", "A-4", "A-3", "A-2", "A-1")
    )
    titles = ("Late\n", "Due today\n", "Taken by nobody yet\n", "Taken and still open\n", "New\n")
    assert order(message, *titles) == sorted(order(message, *titles))
    assert "A-5: Complaint on Facebook, was due 12:30pm today" in message.text
    assert "A-4: Complaint on X, due 5:30pm today" in message.text
    assert "A-3: Possible bullying on Facebook, due 2:30pm Monday, do not reply" in message.text
    assert "A-2: Complaint on Facebook, no reply owed" in message.text


def test_a_digest_shows_no_words_and_no_names(case_notice: Maker) -> None:
    """Not even masked: a list is read on a phone, in a corridor."""
    for part in (told(*numbered(case_notice, 4)).subject, *both(told(*numbered(case_notice, 4)))):
        assert not re.search(r"zebra|harding|kerry|walsh|900417|facebook\.com", part, re.I)


def test_danger_in_a_digest_comes_before_all_else(case_notice: Maker) -> None:
    """The gravest case decides how it begins, and the subject says urgent."""
    grave = case_notice(step=AlertStep.WAITING, severity=Severity.CRITICAL, labels=(Label.SEXUAL,))
    message = told(case_notice(reference="2026-0001"), grave)
    assert message.subject.startswith("Urgent: ")
    assert message.text.startswith("If anyone is in danger call 999 now. Stop. Do not open")


def test_a_mixed_digest_begins_with_what_is_urgent(case_notice: Maker) -> None:
    """Even before what is late."""
    late = case_notice(reference="2026-0001", step=AlertStep.LATE, due_at=NOW - timedelta(hours=1))
    message = told(late, case_notice(step=AlertStep.URGENT, severity=Severity.HIGH))
    assert message.subject == "1 urgent, 1 late on social media"


def test_many_cases_are_grouped_and_every_one_is_counted(case_notice: Maker) -> None:
    """At most twenty lines, and the sum of what is shown and what is not is the whole."""
    cases = [
        case_notice(
            reference=f"2026-{number:04}",
            platform=("facebook", "instagram", "x", "youtube")[number % 4],
            labels=(list(Label)[number % 17],),
            due_at=MONDAY,
        )
        for number in range(200)
    ]
    message = told(*cases, more=9_800)
    lines = re.findall(r"^(?:([\d,]+) cases|2026-\d{4}): ", message.text, re.M)
    rest = re.search(r"^And ([\d,]+) more\.", message.text, re.M)
    assert rest is not None
    assert 1 < len(lines) <= 20
    counts = [count or "1" for count in lines] + [rest[1]]
    assert sum(int(count.replace(",", "")) for count in counts) == 10_000
    assert len(page_of(message).encode()) < 20_000
    assert "200 new, 9,800 more" in flat(message.text)


def test_equal_cases_are_one_line_with_the_first_number(case_notice: Maker) -> None:
    """Fourteen insults under one post are not fourteen lines."""
    insults = numbered(case_notice, 14, labels=(Label.INSULT,), severity=Severity.MEDIUM, due_at=TODAY)
    others = tuple(replace(case, reference=f"B-{case.reference}") for case in numbered(case_notice, 9))
    text = flat(told(*insults, *others).text)
    assert "14 cases: Possible insult on Facebook. The first is 2026-0000, due 5:30pm today" in text


def test_a_case_that_stands_for_others_counts_for_all(case_notice: Maker) -> None:
    """The counter is part of what is told."""
    message = told(case_notice(reference="A-1", more=4), case_notice(reference="A-2"))
    assert message.subject == "6 new on social media"
    assert "with 4 more like it" in message.text


def test_only_urgent_cases_make_a_summary_by_place(case_notice: Maker) -> None:
    """What a person under a storm gets instead of forty letters."""
    facebook = numbered(case_notice, 37, step=AlertStep.URGENT, severity=Severity.HIGH)
    youtube = [case_notice(reference=f"Y-{n}", step=AlertStep.MORE, platform="youtube") for n in range(2)]
    message = told(*facebook, *youtube)
    assert message.subject == "Many urgent cases: 37 on Facebook, 2 on YouTube"
    assert told(*youtube).subject == "2 urgent cases: 2 on YouTube"
    few = told(
        *numbered(case_notice, 3, step=AlertStep.URGENT, severity=Severity.HIGH, labels=(Label.THREAT,)),
        youtube[0],
    )
    assert "Facebook: 3 possible threat" in few.text
    assert "2026-0002: Possible threat on Facebook" in few.text


def test_a_summary_says_who_is_told_next(case_notice: Maker) -> None:
    """The soonest of all."""
    cases = [
        case_notice(reference="A-1", step=AlertStep.URGENT, next_at=NOW + timedelta(minutes=40)),
        case_notice(
            reference="A-2",
            step=AlertStep.URGENT,
            next_at=NOW + timedelta(minutes=10),
            next_who=("Tom Ashdown", "Priya Nair"),
            blind_since=NOW - timedelta(hours=2),
        ),
    ]
    text = flat(told(*cases).text)
    assert "Unless somebody takes case A-2, Tom Ashdown and Priya Nair are told at 2:40pm." in text
    assert "Our Facebook account has not been read since 12:30pm" in text


def test_one_press_takes_all_of_them(case_notice: Maker) -> None:
    """The button says how many; without a page, the command takes them one by one."""
    message = told(*numbered(case_notice, 12), link=LINK)
    for part in both(message):
        assert "Take these 12 cases" in part
        assert ADDRESS in part
    assert "socialduty take NUMBER --as YOUR-NAME" in told(*numbered(case_notice, 12)).text
    still_open = [replace(case, step=AlertStep.STILL_OPEN) for case in numbered(case_notice, 2)]
    assert "take" not in told(*still_open, link=LINK).text.lower().replace("taken", "")


def test_a_digest_has_no_thread_and_one_case_has_its_own(case_notice: Maker) -> None:
    """Mail programs would hide tomorrow's digest under today's."""
    assert told(*numbered(case_notice, 2)).thread_id is None
    assert told(case_notice(step=AlertStep.MORE, more=5)).thread_id == "<case-2026-0443@oakfield.example>"


def test_a_reader_of_two_schools_sees_which_is_which(case_notice: Maker) -> None:
    """A trust's moderator serves several."""
    other = case_notice(reference="2026-0002", school_name="Ashdown Primary", because=Role.DSL)
    text = flat(told(case_notice(), other).text)
    assert "(Oakfield Academy)" in text
    assert "(Ashdown Primary)" in text
    assert "you are the designated safeguarding lead (DSL) for Ashdown Primary" in text


ACCOUNT = AccountNotice(
    school_name="Oakfield Academy",
    platform="facebook",
    account_name="oakfield-facebook",
    step=AlertStep.NOT_WATCHED,
    reason="unreachable",
    since=NOW - timedelta(hours=3, minutes=40),
    now=NOW,
    because=Role.NETWORK_MANAGER,
)


def test_accounts_with_one_cause_are_one_message() -> None:
    """Since when, why, and what to do, once."""
    names = ("oakfield-facebook", "oakfield-instagram", "oakfield-x")
    message = told(*(replace(ACCOUNT, account_name=name) for name in names))
    assert message.subject == "3 accounts are not being read for 3 hours 40 minutes"
    text = flat(message.text)
    assert all(f"{name}: Facebook, not read since 10:50am today." in text for name in names)
    assert "one cause may be behind them" in text
    assert text.count("Check this server's way to the internet.") == 1
    assert message.thread_id is None


def test_accounts_with_several_causes_have_each_its_remedy() -> None:
    """The reader who mends them gets all; the others look by hand."""
    other = replace(ACCOUNT, account_name="oakfield-x", reason="auth_expired", since=NOW - timedelta(hours=9))
    text = flat(told(ACCOUNT, other).text)
    assert "one cause" not in text
    assert "accounts connect" in text
    assert "Check this server's way to the internet." in text
    assert told(ACCOUNT, other).subject == "2 accounts are not being read for up to 9 hours"
    leader = told(*(replace(notice, because=Role.SLT) for notice in (ACCOUNT, other)))
    assert "somebody looks at them by hand" in flat(leader.text)
    assert "accounts connect" not in leader.text


def test_accounts_that_are_read_again_say_for_how_long_nothing_was_seen() -> None:
    """Recovery is told with its duration."""
    again = [replace(ACCOUNT, account_name=name, step=AlertStep.WATCHED_AGAIN) for name in ("one", "two")]
    message = told(*again)
    assert message.subject == "2 accounts are being read again after 3 hours 40 minutes"
    said = "one: Facebook, read again since 2:30pm today; nothing was seen for 3 hours 40 minutes"
    assert said in flat(message.text)


def test_accounts_in_different_states_are_told_apart() -> None:
    """One that is not read, one whose token ends, one that nears its budget."""
    ending = replace(ACCOUNT, step=AlertStep.TOKEN_ENDING, since=NOW + timedelta(days=7), account_name="two")
    dear = replace(ACCOUNT, step=AlertStep.MONEY_ENDING, account_name="three")
    message = told(ACCOUNT, ending, dear)
    assert message.subject == "1 account is not being read for 3 hours 40 minutes"
    assert "two: Facebook, the access token ends at 2:30pm on Friday 27 November" in flat(message.text)
    assert "three: Facebook, most of this month's budget is used" in flat(message.text)
    assert told(dear, replace(dear, account_name="four")).subject == "2 accounts near their budget"
