"""Every message that an alert can send, within its limits, whatever the case is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.alerts import (
    AccountNotice,
    AlertStep,
    CalendarNotice,
    CaseNotice,
    ReportNotice,
    Role,
    SystemNotice,
)
from moderation.assessment import Intent, Label, Lack, Route, Severity
from notifications.mime import mime_message
from notifications.wording.policy import next_steps
from tests.notifications.letters import both, flat, told

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)

CASE_STEPS = (
    AlertStep.NEW,
    AlertStep.URGENT,
    AlertStep.MORE,
    AlertStep.WAITING,
    AlertStep.STILL_OPEN,
    AlertStep.REMINDER,
    AlertStep.LATE,
)
WORDLESS = {Label.SEXUAL, Label.GROOMING, Label.SELF_HARM}
HATE = {Label.HATE_RACE, Label.HATE_RELIGION, Label.HATE_LGBT, Label.HATE_DISABILITY, Label.HATE_SEX}
MEANING = re.compile(
    r"(Urgent|More like it|Nobody has taken it|Taken and still open|Late|"
    r"Do not reply|Media policy first|For you to see|(Reply by|Due) "
    r"(\d{1,2}(:\d\d)?(am|pm)|midday) (today|\w+day|\d+ \w+))\b"
)

Maker = Callable[..., CaseNotice]


@pytest.mark.parametrize("step", CASE_STEPS)
def test_every_combination_keeps_the_limits(step: AlertStep, case_notice: Maker) -> None:
    """Every label, severity, intent and route: subject, size, steps, no picture, no stray link, no name."""
    labels: list[tuple[Label, ...]] = [(), *((label,) for label in Label), tuple(Label)]
    for label, severity, intent in product(labels, Severity, Intent):
        notice = case_notice(step=step, labels=label, severity=severity, intent=intent)
        message = told(notice)
        text, html = both(message)
        assert len(message.subject) <= 60
        assert (meaning := MEANING.match(message.subject)), message.subject
        assert meaning.end() <= 40
        assert "2026-0443" in message.subject
        assert len(html.encode()) < 20_000
        assert 1 <= len(next_steps(notice)) <= 3
        for shown in (message.subject, text, html):
            assert not re.search(r"harding|kerry|walsh|900417|<img|url\(", shown, re.I)
        addresses = set(re.findall(r"https?://[^\s\"<]+", html)) | set(re.findall(r"https?://\S+", text))
        assert addresses <= {notice.permalink}


@pytest.mark.parametrize("step", CASE_STEPS)
def test_no_word_of_a_severe_or_safeguarding_item_is_in_the_message(
    step: AlertStep, case_notice: Maker
) -> None:
    """Nor a link to it: disclosure, grooming, sexual, self-harm, anything high or critical."""
    for label, severity, intent in product(Label, Severity, (Intent.COMMENT, Intent.DISCLOSURE)):
        severe = label in WORDLESS or severity >= Severity.HIGH or intent is Intent.DISCLOSURE
        message = told(case_notice(step=step, labels=(label,), severity=severity, intent=intent))
        for part in (message.subject, *both(message)):
            assert ("zebra" in part) <= (not severe)
            assert ("https://" in part) <= (not severe)
        assert ("zebra crossing" in message.text) is (not severe)


def test_an_alert_says_why_in_plain_words(case_notice: Maker) -> None:
    """The reasons of scoring stand in it, in text and page; an ordinary item needs none."""
    reasons = ("reads like bullying of a pupil", "uncertain: the parts of the scoring disagree about it")
    message = told(case_notice(severity=Severity.MEDIUM, reasons=reasons))
    for part in both(message):
        assert all(reason in part.replace("\n", " ").replace("  ", " ") for reason in reasons[:1])
    assert "Why flagged" in message.text
    assert "Why flagged" in told(case_notice(uncertain=True, reasons=reasons[1:])).text
    assert "Why flagged" not in told(case_notice(reasons=("a question or a request",))).text


def test_what_goes_to_the_safeguarding_lead_carries_no_words(case_notice: Maker) -> None:
    """A child at risk is known by the route, too."""
    assert "zebra" not in told(case_notice(route=Route.DSL)).text


def test_what_could_not_be_judged_carries_no_words(case_notice: Maker) -> None:
    """It may be anything, so it is hidden, and the reader is told to look."""
    text = told(case_notice(uncertain=True)).text
    assert "zebra" not in text
    assert "could not judge" in text


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ((Label.SELF_HARM,), Severity.HIGH),
        ((Label.THREAT,), Severity.HIGH),
        ((Label.THREAT,), Severity.CRITICAL),
        ((), Severity.CRITICAL),
        ((Label.SELF_HARM, Label.SEXUAL), Severity.CRITICAL),
    ],
)
def test_danger_begins_with_999(labels: tuple[Label, ...], severity: Severity, case_notice: Maker) -> None:
    """The very first line of the text, and the first words of the page."""
    text, html = both(told(case_notice(step=AlertStep.URGENT, labels=labels, severity=severity)))
    assert text.startswith("If anyone is in danger call 999 now.")
    body = re.sub(r"<[^>]+>", " ", html.partition('role="main"')[2]).partition(">")[2]
    assert body.split()[:8] == ["If", "anyone", "is", "in", "danger", "call", "999", "now."]


def test_an_ordinary_complaint_does_not_cry_999(case_notice: Maker) -> None:
    """A warning that is always there is no warning."""
    assert "999" not in told(case_notice()).text


def test_sexual_content_says_stop(case_notice: Maker) -> None:
    """Nobody opens, copies or shares what may be an image of a child."""
    text = " ".join(told(case_notice(labels=(Label.SEXUAL,), severity=Severity.HIGH)).text.split())
    assert text.startswith("Stop. Do not open, copy, share, save or print it, and do not ask a child to.")
    assert "Tell the DSL now." in text
    assert "101" in text


@pytest.mark.parametrize("because", list(Role))
def test_nobody_is_told_to_tell_themselves(because: Role, case_notice: Maker) -> None:
    """Who leads gets the steps of who leads."""
    oneself = {
        Role.DSL: "Tell the DSL",
        Role.DEPUTY_DSL: "Tell the DSL",
        Role.HEADTEACHER: "Tell the headteacher",
        Role.MEDIA: "Tell the media lead",
        Role.DATA_PROTECTION: "Tell the data protection lead",
    }.get(because, "Tell yourself")
    for label, severity, intent in product([(), *((label,) for label in Label)], Severity, Intent):
        notice = case_notice(labels=label, severity=severity, intent=intent, because=because)
        assert oneself not in told(notice).text, (label, severity, intent)


@pytest.mark.parametrize(
    "label", [Label.BULLYING, Label.THREAT, Label.SEXUAL, Label.GROOMING, Label.EXTREMISM, *sorted(HATE)]
)
@pytest.mark.parametrize("step", CASE_STEPS)
def test_nobody_is_asked_to_reply_to_an_abuser(label: Label, step: AlertStep, case_notice: Maker) -> None:
    """The policy: staff never respond or retaliate."""
    message = told(case_notice(step=step, labels=(label,), severity=Severity.MEDIUM, intent=Intent.COMMENT))
    everything = f"{message.subject}\n{message.text}"
    assert not re.search(r"reply by|answer it|thank the author|only an answer", everything, re.I)
    assert re.search(r"do not (respond|reply)|nobody responds", everything, re.I)
    assert not message.subject.startswith("Reply")


def test_bullying_is_handled_and_told_to_the_chain(case_notice: Maker) -> None:
    """Evidence first, then the same chain as the anti-bullying policy."""
    notice = case_notice(
        labels=(Label.BULLYING, Label.INSULT), severity=Severity.MEDIUM, intent=Intent.COMMENT
    )
    message = told(notice)
    assert message.subject == "Do not reply: possible bullying on Facebook (2026-0443)"
    assert "anti-bullying policy" in " ".join(message.text.split())
    assert "Handle by: 11:59pm on Monday 23 November" in message.text


@pytest.mark.parametrize("change", [{"intent": Intent.JOURNALIST}, {"route": Route.MEDIA}])
def test_the_press_follows_the_media_policy_first(change: dict[str, object], case_notice: Maker) -> None:
    """Whether the intent or the route says so."""
    message = told(case_notice(**change))
    assert message.subject.startswith("Media policy first: ")
    assert "1. Follow the media policy before anyone replies." in message.text


def test_a_complaint_is_never_suggested_for_hiding(case_notice: Maker) -> None:
    """Criticism is not abuse."""
    for labels in ((), (Label.PROFANITY,)):
        steps = next_steps(case_notice(labels=labels, severity=Severity.LOW))
        assert "Do not hide it: criticism is not abuse." in steps


def test_the_subjects_read_like_the_examples(case_notice: Maker) -> None:
    """Word for word."""
    soon = NOW + timedelta(hours=2, minutes=30)
    assert told(case_notice(platform="instagram")).subject == (
        "Reply by 11:59pm Monday: complaint on Instagram (2026-0443)"
    )
    assert told(case_notice(step=AlertStep.REMINDER, intent=Intent.QUERY, due_at=soon)).subject == (
        "Due 5pm today: query on Facebook (2026-0443)"
    )
    assert told(case_notice(step=AlertStep.LATE)).subject == "Late: complaint on Facebook (2026-0443)"


def test_a_message_says_how_to_take_the_case_and_that_the_clock_runs_on(case_notice: Maker) -> None:
    """Taking and answering are two different acts."""
    for part in both(told(case_notice())):
        assert "socialduty take 2026-0443 --as YOUR-NAME" in part
        assert "The policy clock keeps running" in flat(part)
        assert "acknowledge" not in part.lower()


def test_a_message_says_why_you_and_who_else(case_notice: Maker) -> None:
    """Nobody wonders whether somebody else has it."""
    assert "Why you: you are a moderator for Oakfield Academy." in told(case_notice()).text
    assert "Also told: Priya Nair and Tom Ellis." in told(case_notice()).text
    assert "Nobody else was told at this step." in told(case_notice(told=())).text
    many = tuple(f"Person {number}" for number in range(9))
    assert "and 3 more." in " ".join(told(case_notice(told=many)).text.split())


def test_a_late_case_says_by_how_much(case_notice: Maker) -> None:
    """Elapsed time, in words."""
    late = case_notice(
        step=AlertStep.LATE, received_at=NOW - timedelta(hours=27), due_at=NOW - timedelta(hours=3, minutes=4)
    )
    text = " ".join(told(late).text.split())
    assert "It arrived 27 hours ago and was due 3 hours 4 minutes ago." in text
    assert "Was due: 11:26am today" in text


def test_a_case_without_a_deadline_promises_none(case_notice: Maker) -> None:
    """No clock, no "reply by", and nothing about a clock that runs on."""
    message = told(case_notice(due_at=None, why=""))
    assert "Reply by" not in message.subject + message.text
    assert "clock" not in message.text


def test_text_and_html_say_the_same(case_notice: Maker) -> None:
    """The plain part is complete."""
    text, html = both(told(case_notice(labels=(Label.INSULT,), severity=Severity.MEDIUM)))
    body = re.sub(r"<[^>]+>", " ", html.partition('role="main">')[2]).replace("&#39;", "'")
    missing = set(body.replace(":", " ").split()) - set(text.replace(":", " ").split())
    assert not missing


def test_one_case_is_one_thread_and_two_cases_are_two(case_notice: Maker) -> None:
    """Mail programs group by it."""
    first, reminder = told(case_notice()), told(case_notice(step=AlertStep.REMINDER))
    assert first.thread_id == reminder.thread_id == "<case-2026-0443@oakfield.example>"
    assert told(case_notice(reference="2026-0444")).thread_id != first.thread_id


def test_markup_in_a_post_stays_text(case_notice: Maker) -> None:
    """Nothing that a stranger wrote becomes HTML."""
    notice = case_notice(
        text="<script>alert(1)</script> <img src=x> {{ 7*7 }} & more",
        school_name="<b>Oakfield</b>",
        told=("<i>Tom</i>",),
        why="</td><script>",
        permalink='https://example.com/"onmouseover="x',
    )
    _, html = both(told(notice))
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert '"onmouseover' not in html
    assert "49" not in re.sub(r"<style.*?</style>", "", html, flags=re.S)


@pytest.mark.parametrize(
    "permalink", ["javascript:alert(1)", "", "file:///etc/passwd", "https://", "http://[::1", "/x", "x" * 900]
)
def test_only_a_web_address_becomes_a_link(permalink: str, case_notice: Maker) -> None:
    """Whatever a platform calls a permalink."""
    text, html = both(told(case_notice(permalink=permalink)))
    assert "<a " not in html
    assert "Open it on" not in text


ACCOUNT = AccountNotice(
    school_name="Oakfield Academy",
    platform="youtube",
    account_name="oakfield-youtube",
    step=AlertStep.NOT_WATCHED,
    reason="auth_expired",
    since=NOW - timedelta(hours=34),
    now=NOW,
    because=Role.NETWORK_MANAGER,
)


def test_an_account_that_is_not_read_is_said_so_with_a_remedy() -> None:
    """What, since when, and what to do."""
    message = told(ACCOUNT)
    assert message.subject == "Not being read: oakfield-youtube for 34 hours"
    assert "Not read since: 4:30am on Thursday 19 November" in message.text
    assert "1. On the server: socialduty accounts connect" in message.text
    assert "look" in told(replace(ACCOUNT, because=Role.SLT)).text


def test_a_part_that_is_not_read_is_told_by_its_name() -> None:
    """The reader learns that the rest goes on, and what to look at by hand."""
    message = told(replace(ACCOUNT, reason="permission_missing", stream="messages"))
    assert message.subject == "Not being read: messages of oakfield-youtube"
    assert "Everything else on the account is read as usual." in message.text
    assert "leave_out" in message.text


def test_whoever_mends_it_reads_what_the_connector_says() -> None:
    """The missing permission by its name; the leadership is spared it."""
    detail = "The token lacks pages_read_user_content. Sign the account in again and grant it."
    notice = replace(ACCOUNT, reason="permission_missing", detail=detail)
    assert detail in " ".join(told(replace(notice, because=Role.NETWORK_MANAGER)).text.split())
    assert "pages_read" not in told(replace(notice, because=Role.SLT)).text


def test_a_token_that_ends_is_told_with_the_command_that_renews_it() -> None:
    """The network manager can paste the line."""
    ending = replace(ACCOUNT, step=AlertStep.TOKEN_ENDING, since=NOW + timedelta(days=7), reason="7")
    message = told(ending)
    assert message.subject == "Sign in again soon: oakfield-youtube"
    assert "socialduty accounts connect oakfield-youtube" in message.text
    assert "7 days" in message.text


def test_money_that_runs_out_is_told_with_what_follows() -> None:
    """Reading goes on, less often."""
    message = told(replace(ACCOUNT, step=AlertStep.MONEY_ENDING, reason="money"))
    assert message.subject == "Reading oakfield-youtube nears its budget"
    assert "less often" in message.text


def test_an_account_that_is_read_again_says_for_how_long_it_was_not() -> None:
    """Recovery is announced, with its duration."""
    message = told(replace(ACCOUNT, step=AlertStep.WATCHED_AGAIN))
    assert message.subject == "Being read again: oakfield-youtube after 34 hours"
    assert message.thread_id == told(ACCOUNT).thread_id


def test_every_reason_of_the_connectors_has_its_own_remedy() -> None:
    """A reason without words would leave the network manager guessing."""
    from connectors.base import ConnectorError

    def every(error: type[ConnectorError]) -> set[str]:
        return {error.reason, *(reason for child in error.__subclasses__() for reason in every(child))}

    abstract = {"connector_error", "paused", "needs_person", "unsure"}
    unknown = told(replace(ACCOUNT, reason="something new")).text
    assert "no name yet" in unknown
    for reason in every(ConnectorError) - abstract:
        assert "no name yet" not in told(replace(ACCOUNT, reason=reason)).text, reason


def test_work_that_was_set_aside_is_a_persons() -> None:
    """The number leads to the row."""
    notice = SystemNotice("Oakfield Academy", AlertStep.SET_ASIDE, "task", 42, "x", NOW, Role.NETWORK_MANAGER)
    assert told(notice).subject == "Needs a person: task 42 was set aside"
    undelivered = replace(notice, step=AlertStep.NOT_DELIVERED, reason="permanent-failure")
    assert told(undelivered).subject == "Not delivered: message 42 reached nobody"
    assert "Result: permanent failure" in told(undelivered).text


def test_models_that_do_not_work_are_the_network_managers() -> None:
    """The letter says why, in words, and what to do."""
    step, role = AlertStep.RULES_ALONE, Role.NETWORK_MANAGER
    for lack in Lack:
        message = told(SystemNotice("Oakfield Academy", step, "scoring", 202647, str(lack), NOW, role))
        assert message.subject == "Needs a person: messages are judged by rules alone"
        assert f"Reason: {lack}" in message.text
        assert "The log of this server" not in message.text
        assert "socialduty check" in message.text


def test_the_note_of_a_report_names_its_week() -> None:
    """In days, not in week numbers."""
    notice = ReportNotice("Oakfield Academy", "oakfield", "2026-W47", AlertStep.WEEKLY_REPORT, NOW, Role.SLT)
    assert told(notice).subject == "Weekly social media report: 16 to 22 November"
    assert told(replace(notice, week="2026-W49")).subject.endswith("30 November to 6 December")
    assert told(replace(notice, week="nonsense")).subject.endswith("nonsense")


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}


@given(
    words=st.lists(
        ANY_TEXT | st.sampled_from(["\r\nBcc: x@example.com", "a\u2028b\x00\ud800", "=?utf-8?q?x?="]),
        min_size=8,
        max_size=8,
    ),
    step=st.sampled_from(AlertStep),
)
@settings(max_examples=150, deadline=None)
def test_no_text_adds_a_header_or_loses_an_alert(words: list[str], step: AlertStep) -> None:
    """Whatever is in the names, references and posts, the message is built, with exactly our headers."""
    reference, school, platform, handle, text, author, why, name = words
    case = CaseNotice(
        reference, school, platform, handle, step, Severity.LOW, (), Intent.QUERY, Route.MODERATOR, False,
        text, author, f"https://example.com/{name}", NOW, NOW, why, NOW, Role.MODERATOR, (name,),
    )  # fmt: skip
    account = AccountNotice(school, platform, handle, step, why, NOW, NOW, Role.SLT)
    system = SystemNotice(school, step, platform, 1, why, NOW, Role.SLT)
    report = ReportNotice(school, handle, reference, step, NOW, Role.SLT)
    for notice in (case, account, system, report):
        mail = mime_message(told(notice, link=name, url=school), "socialduty@oakfield.example")
        head = mail.as_bytes().partition(b"\r\n\r\n")[0].decode("ascii")
        names = [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in {" ", "\t"}]
        assert set(names) <= HEADERS
        assert len(names) == len(set(names))
        assert len(str(mail["Subject"])) <= 60


def test_words_that_changed_after_the_answer_ask_for_another_look(case_notice: Maker) -> None:
    """R8: nobody is asked to take a case that is answered; abusive words follow the policy on abuse."""
    message = told(case_notice(step=AlertStep.EDITED, due_at=None, why=""))
    assert message.subject == "Changed after the answer: complaint on Facebook (2026-0443)"
    assert "was changed after it had been answered" in message.text
    assert "socialduty take" not in message.text
    abusive = case_notice(step=AlertStep.EDITED, due_at=None, why="", labels=(Label.BULLYING,))
    assert "reply once more" not in told(abusive).text


def test_a_colleague_on_a_personal_account_is_told_as_such(case_notice: Maker) -> None:
    """T19: the head learns what it means for the clock, and what to do."""
    message = told(case_notice(step=AlertStep.STAFF_ACCOUNT, due_at=None, why="", because=Role.HEADTEACHER))
    assert "A member of staff has written on our Facebook page from a personal account." in message.text
    assert "the clock runs on" in message.text


CALENDAR_REASONS = [
    "shrunk",
    "empty",
    "long",
    "rejected",
    "no_calendar",
    "unreadable",
    "unexpected",
    "never_read",
    "no_deadline",
    "new",
]


@pytest.mark.parametrize("reason", CALENDAR_REASONS)
def test_a_calendar_that_needs_a_person_says_what_stays_in_force_and_what_to_do(reason: str) -> None:
    """Every reason has its own words; one without a name has words too."""
    notice = CalendarNotice(
        "Oakfield Academy", "oakfield", AlertStep.CALENDAR, reason, NOW, Role.NETWORK_MANAGER
    )
    message = told(notice)
    assert len(message.subject) <= 60
    assert "alendar" in message.subject
    assert "socialduty calendar" in message.text or reason == "unreadable"
    assert "{" not in message.text
    assert "Oakfield Academy" in message.text
    is_backed = "nothing is wrong today" in " ".join(message.text.split())
    assert is_backed == (reason in {"no_calendar", "unreadable", "unexpected"})


def test_a_school_without_any_calendar_hears_what_that_means() -> None:
    """Holidays count as working days until one is read: nobody is told that all is well."""
    notice = CalendarNotice(
        "Oakfield Academy", "oakfield", AlertStep.CALENDAR, "never_read", NOW, Role.NETWORK_MANAGER
    )
    message = told(notice)
    assert "school holidays count as working days" in " ".join(message.text.split())
    assert "last good calendar" not in message.text


@pytest.mark.parametrize("because", [Role.DSL, Role.ON_DUTY])
@pytest.mark.parametrize("labels", [(Label.BULLYING,), (Label.SEXUAL, Label.BULLYING)])
def test_an_adult_who_is_accused_over_a_child_is_an_allegation(
    case_notice: Maker, labels: tuple[Label, ...], because: Role
) -> None:
    """Not bullying and not an image: the procedure for allegations, and not a word to whoever is accused."""
    notice = case_notice(
        step=AlertStep.URGENT,
        severity=Severity.HIGH,
        labels=(*labels, Label.DEFAMATION),
        route=Route.DSL,
        because=because,
    )
    message = told(notice)

    assert message.subject.startswith("Urgent: a child may be at risk")
    steps = " ".join(next_steps(notice))
    assert "whoever is accused" in steps
    assert ("LADO" in steps) == (because is Role.DSL)
    assert "anti-bullying" not in steps
    assert ("Do not open, copy" in message.text) == (Label.SEXUAL in labels)
