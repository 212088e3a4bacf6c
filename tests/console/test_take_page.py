"""The page behind an alert's link: what it shows, and what its button does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import structlog
from starlette.testclient import TestClient

from console.app import make_app
from console.forms import FIELD
from console.links import LinkState, LinkView
from tests.console.case_links import (
    CASE,
    DRILL,
    PATH,
    TAKEN_BY_OTHER,
    THREE,
    Links,
    heading_of,
    no_status,
    proof_on,
)


def test_the_page_shows_the_case_the_deadline_and_one_button(browser: TestClient) -> None:
    """Somebody on a phone sees at once what it is about, and what taking it does not do."""
    page = browser.get(PATH).text
    assert heading_of(page) == "Case 2026-0443"
    assert "<title>Case 2026-0443 - Oakfield Academy</title>" in page
    assert "11:59pm on Monday 23 November" in page
    assert "The policy clock keeps running" in page
    assert re.findall(r"<button.*?>(.*?)</button>", page) == ["Take this case"]


def test_several_cases_are_taken_with_one_button(links: Links, browser: TestClient) -> None:
    """An alert about a group of cases has one link, and those beyond the list are counted too."""
    links.stands = replace(THREE, more=4)
    page = browser.get(PATH).text
    assert all(reference in page for reference in THREE.references)
    assert "and 4 more" in page
    assert ">Take these 7 cases<" in page
    assert heading_of(browser.post(PATH, data={FIELD: proof_on(page)}).text) == "You have these 7 cases"


def test_the_button_takes_the_case_and_offers_to_undo(links: Links, browser: TestClient) -> None:
    """After pressing, the browser stands on a page that can be loaded again without pressing again."""
    answer = browser.post(PATH, data={FIELD: proof_on(browser.get(PATH).text)})
    assert links.acts == ["take"]
    assert [step.status_code for step in answer.history] == [303]
    assert (answer.request.method, answer.url.path) == ("GET", PATH)
    assert heading_of(answer.text) == "You have case 2026-0443"
    assert "undo this until 3:15pm today" in answer.text
    assert "The policy clock keeps running" in answer.text


def test_pressing_twice_is_the_same_as_pressing_once(links: Links, browser: TestClient) -> None:
    """A second tap on a slow line shows the same page and no mistake."""
    proof = proof_on(browser.get(PATH).text)
    first, second = (browser.post(PATH, data={FIELD: proof}) for _ in range(2))
    assert links.acts == ["take"]
    assert first.text == second.text


def test_undo_puts_the_case_back_and_it_can_be_taken_again(links: Links, browser: TestClient) -> None:
    """Who pressed by mistake gives the case back with one press."""
    taken = browser.post(PATH, data={FIELD: proof_on(browser.get(PATH).text)})
    back = browser.post(f"{PATH}/undo", data={FIELD: proof_on(taken.text)})
    assert "Nobody has taken it yet" in back.text
    browser.post(PATH, data={FIELD: proof_on(back.text)})
    assert links.acts == ["take", "undo", "take"]


def test_undo_that_comes_too_late_changes_nothing_and_says_so(links: Links, browser: TestClient) -> None:
    """The page may have been open for longer than the 10 minutes."""
    taken = browser.post(PATH, data={FIELD: proof_on(browser.get(PATH).text)})
    assert links.stands is not None
    links.stands = replace(links.stands, undo_until="")
    late = browser.post(f"{PATH}/undo", data={FIELD: proof_on(taken.text)})
    assert links.acts == ["take"]
    assert heading_of(late.text) == "You have case 2026-0443"
    assert "can no longer be undone" in late.text
    assert "<button" not in late.text


@pytest.mark.parametrize(
    ("view", "heading", "sentence"),
    [
        (
            TAKEN_BY_OTHER,
            "Bilal Hussain has case 2026-0443",
            "Taken at 3:05pm today. There is nothing for you to do.",
        ),
        (replace(CASE, state=LinkState.CLOSED), "Case 2026-0443 needs nothing more", "answered or closed"),
        (replace(CASE, state=LinkState.EXPIRED), "This link has run out", "the link in the newest alert"),
        (replace(CASE, state=LinkState.SIGN_IN), "Case 2026-0443", "Sign in to take it"),
    ],
)
def test_what_cannot_be_taken_has_no_button_and_a_reason(
    view: LinkView, heading: str, sentence: str, links: Links, browser: TestClient
) -> None:
    """Whoever comes second, or too late, learns how things stand."""
    links.stands = view
    page = browser.get(PATH).text
    assert heading_of(page) == heading
    assert sentence in page
    assert "<button" not in page


def test_a_case_that_was_taken_meanwhile_stays_with_whoever_has_it(links: Links, browser: TestClient) -> None:
    """Between opening the page and pressing, somebody else may have pressed."""
    proof = proof_on(browser.get(PATH).text)
    links.stands = TAKEN_BY_OTHER
    assert heading_of(browser.post(PATH, data={FIELD: proof}).text) == "Bilal Hussain has case 2026-0443"
    assert links.acts == []


def test_a_practice_alert_says_so_and_only_counts_the_answer(links: Links, browser: TestClient) -> None:
    """Nobody who practises believes that they have a case now."""
    links.stands, links.undo_until = DRILL, ""
    page = browser.get(PATH).text
    assert heading_of(page) == "This is a practice alert"
    assert ">I have received this practice alert<" in page
    assert "Take" not in page
    answered = browser.post(PATH, data={FIELD: proof_on(page)}).text
    assert heading_of(answered) == "Your practice answer is recorded"
    assert "<button" not in answered


def test_without_links_there_is_no_such_page() -> None:
    """A console whose school sends no links answers as to any wrong address."""
    with TestClient(make_app(no_status)) as client:
        assert client.get(PATH).status_code == 404


def test_a_server_without_its_database_says_what_to_do() -> None:
    """A person gets a sentence; the words of the driver reach neither the page nor the log."""

    def broken(link: str) -> LinkView:
        raise OSError(f"words from the driver about {link}")

    desk = replace(Links().desk(), view=broken)
    with TestClient(make_app(no_status, desk)) as client, structlog.testing.capture_logs() as logs:
        answer = client.get(PATH)
    assert (answer.status_code, heading_of(answer.text)) == (503, "The case cannot be looked up")
    assert "driver" not in answer.text
    assert logs == [{"event": "link page failed", "error": "OSError", "log_level": "error"}]
