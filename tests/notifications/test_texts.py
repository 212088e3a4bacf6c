"""Text messages: one segment, nothing about anybody, and a way to take it that is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.alerts import (
    SMS,
    AccountNotice,
    AlertStep,
    CaseNotice,
    DrillNotice,
    DutyNotice,
    Notice,
    Role,
    StormNotice,
    SystemNotice,
)
from moderation.assessment import Intent, Label, Route, Severity
from notifications.wording.alphabet import plain
from tests.notifications.letters import ADDRESS, LINK, told

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
SCHOOL = "Oakfield Academy"
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38 as its standard prints it: one septet each."""

ACCOUNT = AccountNotice(
    SCHOOL,
    "youtube",
    "oakfield-youtube",
    AlertStep.NOT_WATCHED,
    "auth_expired",
    NOW - timedelta(hours=5),
    NOW,
    Role.NETWORK_MANAGER,
)
UNDELIVERED = SystemNotice(
    SCHOOL, AlertStep.NOT_DELIVERED, "delivery", 42, "permanent-failure", NOW, Role.NETWORK_MANAGER
)
DUTY = DutyNotice(
    SCHOOL, AlertStep.NOBODY_ON_DUTY, ((NOW, NOW + timedelta(days=2)),), (), NOW, Role.HEADTEACHER
)
DRILL = DrillNotice(SCHOOL, AlertStep.DRILL, "12", NOW, Role.ON_DUTY)
STORM = StormNotice(SCHOOL, AlertStep.STORM, 1240, NOW - timedelta(minutes=50), NOW, Role.SLT)

Maker = Callable[..., CaseNotice]


def text(*notices: Notice, link: str | None = LINK, more: int = 0) -> str:
    """Return the text message about ``notices``."""
    return told(*notices, channel=SMS, link=link, more=more).text


def is_one_segment(words: str) -> bool:
    """Say whether a phone network carries ``words`` in one piece, each letter as one septet."""
    return len(words) <= 160 and set(words) <= GSM


def test_an_urgent_case_reads_like_the_example(case_notice: Maker) -> None:
    """School, urgency, number, link; or the command, where there is no page."""
    notice = case_notice(step=AlertStep.URGENT)
    assert text(notice) == f"Oakfield Academy: urgent social media case 2026-0443. Take it now: {ADDRESS}"
    assert text(notice, link=None).endswith("case 2026-0443. Take it now: socialduty take 2026-0443")


def test_several_urgent_cases_are_one_text(case_notice: Maker) -> None:
    """Counted, whether they are named, like another, or only counted."""
    cases = [case_notice(step=AlertStep.URGENT, reference=f"2026-{number:04}") for number in range(7)]
    expected = f"Oakfield Academy: 12 urgent social media cases. Take them now: {ADDRESS}"
    assert text(*cases, more=5) == expected
    assert text(case_notice(step=AlertStep.MORE, more=11)) == expected
    assert "socialduty cases --open" in text(*cases, link=None)


def test_every_other_text_says_what_it_is_about(case_notice: Maker) -> None:
    """What waits, what is due, what is still open, which accounts, who is missing."""
    assert "nobody has taken social media case 2026-0443 yet" in text(case_notice(step=AlertStep.WAITING))
    soon = case_notice(step=AlertStep.REMINDER, due_at=NOW + timedelta(hours=2, minutes=30))
    assert "case 2026-0443 is due 5pm today. Take it: https://" in text(soon)
    still_open = text(case_notice(step=AlertStep.STILL_OPEN))
    assert "was taken and is still open" in still_open
    assert "https://" not in still_open
    assert "a social media account has not been read since 9:30am" in text(ACCOUNT)
    assert "2 social media accounts have not been read" in text(ACCOUNT, ACCOUNT)
    assert "reached nobody" in text(UNDELIVERED)
    assert "nobody is on duty for social media from 2:30pm" in text(DUTY)
    assert "1,240 social media cases since 1:40pm" in text(STORM)


def test_a_practice_text_begins_with_practice() -> None:
    """Nobody takes it for a real one."""
    assert text(DRILL).startswith("PRACTICE Oakfield Academy: nothing has happened.")
    assert text(DRILL).endswith(ADDRESS)
    assert text(DRILL, link=None).endswith("socialduty drill answered 12")


@pytest.mark.parametrize("step", list(AlertStep))
def test_no_text_says_who_wrote_what(step: AlertStep, case_notice: Maker) -> None:
    """No name, no quote, no category, no platform, whoever is told or comes next."""
    notice = case_notice(
        step=step,
        severity=Severity.CRITICAL,
        labels=tuple(Label),
        intent=Intent.DISCLOSURE,
        route=Route.DSL,
        next_at=NOW,
        next_who=("Tom Ashdown",),
        taken_by="Priya Nair",
        taken_at=NOW,
    )
    message = told(notice, channel=SMS, link=LINK)
    for part in (message.subject, message.text):
        for word in ("zebra", "harding", "kerry", "priya", "ashdown", "900417", "self-harm", "facebook"):
            assert word not in part.lower()
    assert message.html is None


def test_a_long_name_gives_way_before_the_link_does(case_notice: Maker) -> None:
    """First whole words of the name go, then it becomes its initials."""
    name = "Saint Bartholomew of Oakfield Church of England Voluntary Aided Primary School"
    notice = case_notice(step=AlertStep.URGENT, school_name=name)
    assert text(notice).startswith("Saint Bartholomew of Oakfield Church of")
    assert text(notice).endswith(ADDRESS)
    waiting = told(
        case_notice(step=AlertStep.WAITING, school_name=name, reference="2026-044312345"),
        channel=SMS,
        link=LINK,
        url=f"https://{'o' * 45}.example",
    )
    assert waiting.text.startswith("SBOOCOEV: ")
    assert waiting.text.endswith(LINK)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ysgol Tŷ’r Ŵyn", "Ysgol Ty'r Wyn"),
        ("“St Mary’s” – École [Infants] {A|B} ~ 50€", '"St Mary\'s" - Ecole (Infants) (A/B) - 50EUR'),
        ("Łódź Straße Œuvre", "Lodz Strasse Oeuvre"),
        ("学校", ""),
    ],
)
def test_letters_that_no_text_carries_become_their_nearest(name: str, shown: str) -> None:
    """None that counts twice, none that would turn the whole message into short pieces."""
    assert plain(name) == shown


NAMES = st.text(max_size=90) | st.text("ŵŷ’“[]{}^\\|~€ abcXYZ-", max_size=200)
HOSTS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=52)


@given(
    school=NAMES,
    reference=st.text(max_size=40),
    host=HOSTS,
    step=st.sampled_from(AlertStep),
    more=st.integers(0, 20_000),
    due=st.none() | st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days)),
)
@settings(max_examples=300, deadline=None)
def test_every_text_is_one_segment_and_its_link_is_whole(
    school: str, reference: str, host: str, step: AlertStep, more: int, due: datetime | None
) -> None:
    """Whatever the school, the case and the address of up to 60 letters are."""
    case = CaseNotice(
        reference, school, "facebook", "", step, Severity.HIGH, (), Intent.QUERY, Route.MODERATOR, False,
        "", "", "", NOW, due, "", NOW, Role.MODERATOR,
    )  # fmt: skip
    url = f"https://{host}"
    for notice in (case, ACCOUNT, UNDELIVERED, DUTY, STORM):
        words = told(notice, channel=SMS, link=LINK, url=url, more=more).text
        assert is_one_segment(words), words
        assert "/t/" not in words or words.endswith(f"{url}/t/{LINK}")
    assert is_one_segment(told(case, channel=SMS).text)
    assert is_one_segment(told(replace(DRILL, school_name=school), channel=SMS, link=LINK, url=url).text)
    if step in (AlertStep.URGENT, AlertStep.MORE, AlertStep.WAITING, AlertStep.REMINDER):
        words = told(case, channel=SMS, link=LINK, url=f"https://oak-{len(host)}.example", more=more).text
        assert words.endswith(f"/t/{LINK}")
