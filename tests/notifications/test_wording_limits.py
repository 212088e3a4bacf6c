"""The limits of every message, over everything that a message can be about and whatever its words are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.alerts import (
    CHAT,
    EMAIL,
    SMS,
    AccountNotice,
    AlertStep,
    CalendarNotice,
    CaseNotice,
    DrillNotice,
    DutyNotice,
    HeartbeatNotice,
    Notice,
    Outgoing,
    ReportNotice,
    Role,
    StormNotice,
    SystemNotice,
    WatchedAccount,
)
from moderation.assessment import Intent, Label, Route, Severity
from notifications.base import Message
from notifications.times import span_words
from notifications.wording import compose
from tests.notifications.letters import ADDRESS, LINK, PUBLIC_URL, both, flat, page_of, seen, told

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
TIMES = st.integers(-60_000, 60_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
HOSTILE = st.text(st.characters(exclude_categories=()), max_size=120) | st.sampled_from(
    ["", "<img src=https://example.com/x>", "\r\nBcc: x@example.com", "a\u2028b\x00\ud800", "A" * 5_000]
)
WORDLESS = {Label.SEXUAL, Label.GROOMING, Label.SELF_HARM}
PLATFORMS = st.sampled_from(["facebook", "instagram", "x", "youtube", "bluesky", "mastodon", "manual", ""])
NAME, SAID = "Marigold", "zebra"

CASES = st.builds(
    CaseNotice,
    reference=st.from_regex(r"2026-[0-9]{4}", fullmatch=True),
    school_name=st.just("Oakfield Academy"),
    platform=PLATFORMS,
    account_handle=st.just("OakfieldAcademy"),
    step=st.sampled_from(AlertStep),
    severity=st.sampled_from(Severity),
    labels=st.lists(st.sampled_from(Label), max_size=3, unique=True).map(tuple),
    intent=st.sampled_from(Intent),
    route=st.sampled_from(Route),
    uncertain=st.booleans(),
    text=st.just(f"The {SAID} crossing again! Mrs Harding, 07700 900417."),
    author_name=st.just(f"{NAME} Walsh"),
    permalink=st.just("https://social.example/1"),
    received_at=TIMES,
    due_at=st.none() | TIMES,
    why=st.just("Received on a Saturday, so it is due on the next working day."),
    now=st.just(NOW),
    because=st.sampled_from(Role),
    told=st.just(("Priya Nair",)),
    private=st.booleans(),
    more=st.integers(0, 12_000),
    next_at=st.none() | TIMES,
    next_who=st.lists(st.just("Tom Ashdown"), max_size=9).map(tuple),
    taken_by=st.sampled_from(["", "Priya Nair"]),
    taken_at=st.none() | TIMES,
    blind_since=st.none() | TIMES,
)
LINKS = st.sampled_from([None, LINK])

HEARTBEAT = HeartbeatNotice(
    "Oakfield Academy",
    AlertStep.HEARTBEAT,
    (
        WatchedAccount("facebook", "oakfield-facebook", NOW - timedelta(days=9)),
        WatchedAccount("x", "oakfield-x", None),
    ),
    7,
    0,
    0,
    ("Priya Nair", "Tom Ashdown"),
    NOW,
    Role.NETWORK_MANAGER,
)
DRILL = DrillNotice("Oakfield Academy", AlertStep.DRILL, "12", NOW, Role.ON_DUTY)
STORM = StormNotice("Oakfield Academy", AlertStep.STORM, 1240, NOW - timedelta(minutes=50), NOW, Role.SLT)

Maker = Callable[..., CaseNotice]


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of November 2026, when school time is UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


DUTY = DutyNotice("Oakfield Academy", AlertStep.NOBODY_ON_DUTY, ((at(27, 17), at(30, 8)),), (), NOW, Role.SLT)


def check_limits(message: Message) -> None:
    """Assert what holds for every letter: short, complete, and nothing fetched from anywhere."""
    assert 0 < len(message.subject) <= 60
    page = page_of(message)
    assert len(page.encode(errors="replace")) < 20_000
    assert 'role="main"' in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"<(img|script|link|iframe|object|form|input)\b|\burl\(|\bon\w+=", page, re.I)
    assert not words_of(seen(message)) - words_of(message.text)


def words_of(text: str) -> set[str]:
    """Return the words of ``text``."""
    return set(text.replace(":", " ").split())


def check_manners(message: Message) -> None:
    """Assert the tone: nobody is asked, blamed or confused about the time."""
    for part in (message.subject, flat(message.text)):
        assert not re.search(
            r"\bplease\b|\bmidnight\b|\d\d:\d\d:\d\d|acknowledge|\byour fault\b|failed to", part, re.I
        )
        assert not re.search(r"\b(1[3-9]|2[0-3]|0\d):\d\d", part)


@given(case=CASES, link=LINKS)
@settings(max_examples=300, deadline=None)
def test_every_letter_about_a_case_keeps_the_limits(case: CaseNotice, link: str | None) -> None:
    """Any step, severity, labels, intent, route and platform, with every fact there can be."""
    message = told(case, link=link)
    check_limits(message)
    check_manners(message)
    assert not re.search(rf"{SAID}|{NAME}|Harding|Ashdown|Priya|900417", message.subject)
    for part in both(message):
        assert not re.search(rf"{NAME}|Walsh|Harding|900417", part)
        assert part.count(ADDRESS) <= 1


@given(case=CASES)
@settings(max_examples=300, deadline=None)
def test_severe_lanes_carry_no_word_of_the_post_over_any_channel(case: CaseNotice) -> None:
    """High and critical, disclosure, the lead's desk, grooming, sexual, self-harm, private messages."""
    severe = (
        case.severity >= Severity.HIGH
        or case.intent is Intent.DISCLOSURE
        or case.route is Route.DSL
        or bool(WORDLESS & set(case.labels))
        or case.private
        or case.uncertain
    )
    letter = told(case)
    for part in (letter.subject, *both(letter)):
        assert not (severe and SAID in part)
    for channel in (SMS, CHAT):
        short = told(case, channel=channel, link=LINK)
        assert SAID not in short.text + short.subject
        assert "Priya" not in short.text
        assert short.html is None


@given(cases=st.lists(CASES, min_size=2, max_size=45), more=st.integers(0, 20_000), link=LINKS)
@settings(max_examples=100, deadline=None)
def test_every_digest_keeps_the_limits_and_counts_every_case(
    cases: list[CaseNotice], more: int, link: str | None
) -> None:
    """However many there are, of whatever kind."""
    message = told(*cases, more=more, link=link)
    check_limits(message)
    check_manners(message)
    assert not re.search(rf"{SAID}|{NAME}|Walsh|Harding|900417|social\.example", message.text)
    lines = re.findall(r"^(?:([\d,]+) cases|2026-\d{4}): (?:.|\n  )*", message.text, re.M)
    assert 1 <= len(lines) <= 20
    assert message.thread_id is None


@given(words=st.lists(HOSTILE, min_size=8, max_size=8), step=st.sampled_from(AlertStep), when=TIMES)
@settings(max_examples=12, deadline=None)
def test_no_hostile_word_breaks_a_limit(words: list[str], step: AlertStep, when: datetime) -> None:
    """Whatever stands in names, references, reasons and addresses, a message is made, within its limits."""
    one, two, three, four, five, six, seven, eight = words
    case = CaseNotice(
        one, two, three, four, step, Severity.LOW, (), Intent.QUERY, Route.MODERATOR, False, five, six,
        seven, NOW, when, eight, NOW, Role.MODERATOR, (one,), (two,), False, three, four, 3, when,
        (five, six), seven, when, when,
    )  # fmt: skip
    account = AccountNotice(two, three, four, step, five, when, NOW, Role.NETWORK_MANAGER, six, seven)
    notices: tuple[Notice, ...] = (
        account,
        SystemNotice(two, step, three, 1, four, NOW, Role.SLT),
        ReportNotice(two, three, four, step, NOW, Role.SLT),
        CalendarNotice(two, three, step, four, NOW, Role.SLT),
        DutyNotice(two, step, ((when, when + timedelta(days=1)),) * 30, tuple(Role), NOW, Role.SLT),
        StormNotice(two, step, 10**9, when, NOW, Role.SLT),
        DrillNotice(two, step, three, NOW, Role.ON_DUTY),
        HeartbeatNotice(
            two, step, (WatchedAccount(three, four, when, five),) * 60, 1, 1, 1, (six,) * 30, NOW, Role.SLT
        ),
    )
    for group in (*((notice,) for notice in notices), (case,), (case,) * 30, (account,) * 30):
        for channel in (EMAIL, SMS, CHAT):
            message = told(*group, channel=channel, link=eight, url=one)
            assert 0 < len(message.subject) <= 60
            assert len((message.html or "").encode(errors="replace")) < 20_000
            assert not re.search(r"<(img|script)\b", message.html or "", re.I)
            assert "\r" not in message.text


def test_the_button_is_a_link_that_is_large_enough(case_notice: Maker) -> None:
    """A real address in a table cell, 44 pixels high, and in the text on a line of its own."""
    message = told(case_notice(), link=LINK)
    button = re.search(
        r'<td bgcolor="[^"]*"[^>]*><a href="([^"]+)" style="([^"]+)">Take this case</a></td>',
        page_of(message),
    )
    assert button is not None
    assert button[1] == ADDRESS
    padding = re.search(r"padding: (\d+)px", button[2])
    line = re.search(r"line-height: (\d+)px", button[2])
    assert padding is not None
    assert line is not None
    assert 2 * int(padding[1]) + int(line[1]) >= 44
    assert f"\nTake this case:\n{ADDRESS}\n" in message.text


def test_the_button_says_what_it_does_and_what_it_does_not(case_notice: Maker) -> None:
    """One press takes it, opening changes nothing, the clock runs on."""
    for part in both(told(case_notice(), link=LINK)):
        assert "one press takes it. Opening the page changes nothing." in flat(part)
        assert "The policy clock keeps running: only an answer stops it." in flat(part)
        assert "socialduty take" not in part


@pytest.mark.parametrize(
    ("link", "url"), [(None, PUBLIC_URL), (LINK, ""), (LINK, "javascript:alert(1)//"), (LINK, "sm.oakfield")]
)
def test_without_a_page_there_is_the_command(link: str | None, url: str, case_notice: Maker) -> None:
    """Nothing that is no web address becomes a button."""
    message = told(case_notice(), link=link, url=url)
    assert "socialduty take 2026-0443 --as YOUR-NAME" in message.text
    assert "/t/" not in message.text


def test_a_closing_slash_makes_no_second_address(case_notice: Maker) -> None:
    """Settings are typed by people."""
    assert f"\n{ADDRESS}\n" in told(case_notice(), link=LINK, url=f"{PUBLIC_URL}/").text


def test_a_case_says_who_is_told_next_and_what_was_not_seen(case_notice: Maker) -> None:
    """What follows if nobody takes it, as facts and without blame."""
    urgent = case_notice(
        step=AlertStep.URGENT,
        next_at=NOW + timedelta(minutes=20),
        next_who=("Tom Ashdown",),
        blind_since=datetime(2026, 11, 20, 9, 10, tzinfo=UTC),
    )
    text = flat(told(urgent).text)
    assert "Unless somebody takes it, Tom Ashdown is told at 2:50pm." in text
    assert (
        "We have not been able to read this account since 9:10am, so an answer there may not have been seen."
        in text
    )
    again = case_notice(next_at=NOW + timedelta(days=1), next_who=())
    assert "people are told again at 2:30pm on Saturday 21 November" in flat(told(again).text)


def test_a_case_that_somebody_has_says_who_and_since_when(case_notice: Maker) -> None:
    """Still open after hours: the taker and everybody else read the same."""
    taken = case_notice(
        step=AlertStep.STILL_OPEN, taken_by="Priya Nair", taken_at=NOW - timedelta(hours=4, minutes=30)
    )
    message = told(taken, link=LINK)
    assert message.subject == "Taken and still open: complaint on Facebook (2026-0443)"
    assert "Priya Nair took it at 10am, 4 hours 30 minutes ago. It still needs an answer" in flat(
        message.text
    )
    assert "Take this case" not in message.text
    climbing = replace(taken, next_at=NOW + timedelta(hours=1), next_who=("Tom Ashdown",))
    assert "Unless it is answered or closed, Tom Ashdown is told at 3:30pm." in flat(told(climbing).text)


def test_more_like_it_and_nobody_yet_are_said_as_such(case_notice: Maker) -> None:
    """The counter under one post, and the wait."""
    more = told(case_notice(step=AlertStep.MORE, more=5), link=LINK)
    assert more.subject == "More like it: complaint on Facebook (2026-0443)"
    assert "5 more like it have come under the same post." in flat(more.text)
    assert "Take these 6 cases" in more.text
    waiting = told(case_notice(step=AlertStep.WAITING))
    assert waiting.subject == "Nobody has taken it: complaint on Facebook (2026-0443)"
    assert "It arrived 3 hours ago, and until somebody takes it nobody is on it." in flat(waiting.text)
    assert "you are on duty now for" in told(case_notice(because=Role.ON_DUTY)).text


def test_the_morning_message_says_that_all_is_well_or_what_is_not() -> None:
    """Its subject is the verdict; what is not read stands first."""
    well = told(HEARTBEAT)
    assert well.subject == "Watching 2 accounts: all well"
    text = flat(well.text)
    assert "If this message does not come one morning, something is wrong: look at the server." in text
    assert "oakfield-facebook: Facebook, read since 2:30pm on Wednesday 11 November" in text
    assert "On duty: Priya Nair and Tom Ashdown" in text
    lost = WatchedAccount("youtube", "oakfield-youtube", NOW - timedelta(hours=30), "auth_expired")
    heartbeat = HeartbeatNotice(
        "Oakfield Academy", AlertStep.HEARTBEAT, (*HEARTBEAT.accounts, lost), 7, 3, 1, (), NOW, Role.SLT
    )
    unwell = told(heartbeat)
    assert unwell.subject == "Watching 3 accounts: 1 not read, 1 not delivered, 3 late"
    assert unwell.text.index("oakfield-youtube") < unwell.text.index("oakfield-facebook")
    assert "last read at 8:30am on Thursday 19 November" in flat(unwell.text)
    assert "On duty: nobody is named" in unwell.text


def test_a_practice_alert_is_marked_before_anything_else() -> None:
    """In the subject, in the first line, over every channel, with its own answer."""
    message = told(DRILL, link=LINK)
    assert message.subject.startswith("PRACTICE: ")
    assert message.text.startswith("PRACTICE. Nothing has happened, and nobody is at risk.\n")
    assert seen(message).startswith("PRACTICE. Nothing has happened")
    assert f"I have received this practice alert:\n{ADDRESS}\n" in message.text
    assert "socialduty drill answered 12 --as YOUR-NAME" in told(DRILL).text
    for channel in (SMS, CHAT):
        assert told(DRILL, channel=channel).text.startswith("PRACTICE")


def test_a_gap_in_the_rota_is_told_in_the_schools_own_days() -> None:
    """From when to when; or which role nobody holds."""
    message = told(DUTY)
    assert message.subject == "Nobody on duty from Friday 27 November"
    assert "Friday 27 November: 5pm to 8am on Monday 30 November" in message.text
    roles = DutyNotice(
        "Oakfield Academy",
        AlertStep.NOBODY_ON_DUTY,
        ((at(24), at(25)),),
        (Role.DSL, Role.DEPUTY_DSL),
        NOW,
        Role.HEADTEACHER,
    )
    assert told(roles).subject == "No DSL and no deputy DSL from Tuesday 24 November"
    assert "Tuesday 24 November: all day" in told(roles).text


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at(25, 17), at(25, 20), ("Wednesday 25 November", "5pm to 8pm")),
        (at(24), at(25), ("Tuesday 24 November", "all day")),
        (at(24), at(26), ("Tuesday 24 November", "all day to the end of Wednesday 25 November")),
        (at(26), at(26, 8), ("Thursday 26 November", "until 8am")),
        (at(26), at(27, 8), ("Thursday 26 November", "until 8am on Friday 27 November")),
        (at(26, 17), at(27), ("Thursday 26 November", "5pm to the end of the day")),
        (at(26, 17), at(28), ("Thursday 26 November", "5pm to the end of Friday 27 November")),
    ],
)
def test_no_span_begins_or_ends_at_midnight(start: datetime, end: datetime, said: tuple[str, str]) -> None:
    """Midnight belongs to two days; nobody has to guess which."""
    assert span_words(start, end) == said


def test_the_leadership_hears_once_that_alerts_are_gathered() -> None:
    """How many, since when, and that nothing is dropped."""
    message = told(STORM)
    assert message.subject == "Many messages at once: 1,240 cases since 1:40pm"
    assert "Nothing is dropped" in flat(message.text)


@pytest.mark.parametrize("notice", [HEARTBEAT, DRILL, DUTY, STORM], ids=lambda notice: type(notice).__name__)
def test_the_other_letters_keep_the_limits_too(notice: Notice) -> None:
    """Short, complete, nothing remote, and polite without begging."""
    for link in (None, LINK):
        check_limits(told(notice, link=link))
        check_manners(told(notice, link=link))


def test_a_chat_says_the_news_and_the_way_and_no_more(case_notice: Maker) -> None:
    """The rest is in the email, which everybody gets."""
    message = told(case_notice(step=AlertStep.URGENT), channel=CHAT, link=LINK)
    assert message.subject == "Urgent: complaint on Facebook (2026-0443)"
    assert message.text.startswith("Complaint on Facebook. Somebody has to look at this now.\n")
    assert ADDRESS in message.text
    assert told(STORM, channel=CHAT).text.endswith("The rest is in your email.")


def test_a_message_keeps_its_name_and_counts_its_tries(case_notice: Maker) -> None:
    """A receiver can tell a repeat."""
    again = compose(Outgoing(7, EMAIL, "<a@oakfield.example>", 3, (case_notice(),)), "p@oakfield.example")
    assert (again.message_id, again.attempt) == ("<a@oakfield.example>", 3)
