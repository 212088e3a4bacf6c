"""The page behind an alert's link: only a person who presses its button changes anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from console.app import StatusView, make_app
from console.forms import FIELD, OPEN_FOR
from console.links import LinkDesk, LinkState, LinkView
from tests.console.case_links import (
    CASE,
    LINK,
    PATH,
    WAYS_IT_CAN_STAND,
    Clock,
    Links,
    heading_of,
    no_status,
    proof_on,
)


@pytest.mark.parametrize("view", WAYS_IT_CAN_STAND, ids=lambda view: f"{view.count}-{view.state}")
@pytest.mark.parametrize("purpose", [{}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_a_robot_that_opens_every_link_changes_nothing(
    view: LinkView, purpose: dict[str, str], links: Links, browser: TestClient
) -> None:
    """Mail scanners open links in every way but pressing; all that is noted is that the page was opened."""
    links.stands = view
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
        for path in (PATH, f"{PATH}/undo", f"{PATH}?take=1"):
            browser.request(method, path, headers=purpose)
    assert (links.stands, links.acts, links.opened) == (view, [], 2)


def test_head_is_answered_like_get_without_the_page(browser: TestClient) -> None:
    """Some programs ask only whether the page is there."""
    head, get = browser.head(PATH), browser.get(PATH)
    assert (head.status_code, head.headers["Content-Length"]) == (200, get.headers["Content-Length"])
    assert head.text == ""


@pytest.mark.parametrize("path", [PATH, f"{PATH}/undo"])
@pytest.mark.parametrize(
    "fault", ["no cookie", "no field", "wrong field", "letters beyond ASCII", "other cookie"]
)
def test_a_form_that_is_not_ours_is_refused_with_a_way_back(
    fault: str, path: str, links: Links, browser: TestClient
) -> None:
    """Another site cannot press the button for somebody who is looking at it."""
    if path.endswith("undo"):
        links.stands = replace(CASE, state=LinkState.TAKEN, undo_until="3:15pm today")
    sent = {FIELD: proof_on(browser.get(PATH).text)}
    if fault == "no cookie":
        browser.cookies.clear()
    elif fault == "no field":
        sent = {}
    elif fault == "other cookie":
        browser.cookies.clear()
        browser.cookies.set(f"__Host-take-{LINK}", "of-another-browser")
    else:
        sent = {FIELD: "é" * 64 if "ASCII" in fault else "0" * 64}
    answer = browser.post(path, data=sent)
    assert answer.status_code == 403
    assert heading_of(answer.text) == "Nothing was changed"
    assert f'<form method="get" action="{PATH}"><button>Try again</button>' in answer.text
    assert links.acts == []


def test_an_endless_form_is_refused(links: Links, browser: TestClient) -> None:
    """Nobody can fill the server's memory through the button."""
    answer = browser.post(PATH, content=b"x" * 5000)
    assert (answer.status_code, links.acts) == (413, [])


def test_two_links_can_lie_open_in_one_browser(links: Links, browser: TestClient) -> None:
    """A cookie belongs to one link: opening the next from an email does not spoil the first."""
    proof = proof_on(browser.get(PATH).text)
    other = LinkDesk(lambda link: CASE, links.note_opened, links.take, links.undo)
    with TestClient(make_app(no_status, other), base_url="https://sm.oakfield.example") as same_browser:
        same_browser.cookies = browser.cookies
        same_browser.get("/t/4ANOTHER")
        assert same_browser.post(PATH, data={FIELD: proof}).status_code == 200
    assert links.acts == ["take"]


@pytest.mark.parametrize(("secure", "start"), [(True, "__Host-take-"), (False, "take-")])
def test_the_cookie_stays_with_this_site_and_out_of_reach_of_scripts(secure: bool, start: str) -> None:
    """Over https the cookie can be set by nothing but this very host; it ends by itself."""
    with TestClient(make_app(no_status, Links().desk(), secure=secure)) as client:
        name, _, rest = client.get(PATH).headers["Set-Cookie"].partition("=")
    parts = set(rest.split("; ")[1:])
    assert name == start + LINK
    assert {"HttpOnly", "Path=/", "SameSite=strict", f"Max-Age={OPEN_FOR}"} <= parts
    assert ("Secure" in parts) is secure
    assert not any(part.startswith("Domain") for part in parts)


def test_a_link_that_nobody_was_given_looks_like_any_wrong_address(links: Links, browser: TestClient) -> None:
    """Guessing tells nothing, and what was refused leaves no cookie."""
    answers = [browser.get(path) for path in ("/t/GUESSED", "/t/a%20b%0d", "/t/a/b/c", "/somewhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert links.opened == 0


def test_a_link_that_is_gone_when_pressed_is_answered_in_the_same_words(
    links: Links, browser: TestClient
) -> None:
    """A link may be withdrawn while its page lies open."""
    proof = proof_on(browser.get(PATH).text)
    links.stands = None
    answer = browser.post(PATH, data={FIELD: proof})
    assert (answer.status_code, heading_of(answer.text)) == (404, "This link does not work")


def test_hammering_one_link_is_slowed_down_and_ends_with_the_minute(
    links: Links, clock: Clock, browser: TestClient
) -> None:
    """Looking and pressing are counted apart, so that many looks never keep anybody from taking a case."""
    proof = proof_on(browser.get(PATH).text)
    answers = [browser.get(PATH) for _ in range(40)]
    assert [answer.status_code for answer in answers].index(429) == 29
    assert answers[-1].headers["Retry-After"] == "60"
    assert browser.post(PATH, data={FIELD: proof}, follow_redirects=False).status_code == 303
    presses = [browser.post(PATH).status_code for _ in range(15)]
    assert presses.index(429) == 9
    clock.seconds = 60
    assert browser.get(PATH).status_code == 200


def test_guessing_links_from_one_address_is_slowed_down(browser: TestClient) -> None:
    """Trying one number after the other gets nowhere."""
    statuses = [browser.get(f"/t/GUESS{number}").status_code for number in range(70)]
    assert statuses == [404] * 60 + [429] * 10


def _answers(browser: TestClient) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give the name and headers of every kind of answer there is."""
    proof = proof_on(browser.get(PATH).text)
    for name, method, path, sent in (
        ("page", "GET", PATH, {}),
        ("head", "HEAD", PATH, {}),
        ("refused", "POST", PATH, {}),
        ("redirect", "POST", PATH, {FIELD: proof}),
        ("unknown", "GET", "/t/UNKNOWN", {}),
        ("method", "PUT", PATH, {}),
        ("status", "GET", "/", {}),
        ("health", "GET", "/healthz", {}),
    ):
        answer = browser.request(method, path, data=sent, follow_redirects=False)
        yield name, answer.headers
    busy = [browser.get(PATH) for _ in range(31)][-1]
    yield "busy", busy.headers


def test_every_answer_forbids_what_our_pages_never_do(browser: TestClient) -> None:
    """No script, no frame, no stranger's file, no copy kept, no address passed on, no search engine."""
    for name, headers in _answers(browser):
        policy = headers["Content-Security-Policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert "unsafe" not in policy, name
        assert rules.pop("style-src").startswith("'sha256-"), name
        assert rules == {
            "default-src": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }, name
        assert headers["Cache-Control"] == "no-store", name
        assert headers["Referrer-Policy"] == "no-referrer", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["X-Robots-Tag"] == "noindex", name


@pytest.mark.parametrize("path", [PATH, "/"])
def test_the_style_that_a_page_carries_is_the_one_that_its_header_allows(path: str, links: Links) -> None:
    """A style sheet that is changed takes its digest along."""
    app = make_app(lambda: StatusView(datetime(2026, 11, 23, tzinfo=UTC), [], {}), links.desk())
    with TestClient(app) as client:
        answer = client.get(path)
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("view", WAYS_IT_CAN_STAND, ids=lambda view: f"{view.count}-{view.state}")
def test_every_page_is_small_speaks_english_and_needs_nothing_from_anywhere(
    view: LinkView, links: Links, browser: TestClient
) -> None:
    """It loads on a bad line, a screen reader reads it well, and no third party learns of it."""
    links.stands = view
    page = browser.get(PATH).text
    assert len(page.encode()) < 4000
    assert '<html lang="en-GB">' in page
    assert heading_of(page)
    assert page.count("<main>") == 1
    assert "<script" not in page
    assert not re.search(r"\b(src|href|srcset|on\w+|style)=|url\(|@import|https?:", page)


def test_names_are_shown_as_text(links: Links, browser: TestClient) -> None:
    """A school or a person may be called anything."""
    links.stands = replace(CASE, school_name="Oakfield & <b>Sons", person_name="<script>alert(1)</script>")
    page = browser.get(PATH).text
    assert "Oakfield &amp; &lt;b&gt;Sons" in page
    assert "&lt;script&gt;" in page


def test_what_a_page_may_show_has_no_room_for_words_or_names_of_authors() -> None:
    """Whoever holds the phone sees numbers, times and colleagues; a printed view shows no person."""
    allowed = "school_name person_name state references more deadline taken_by taken_at undo_until practice"
    assert set(LinkView.__dataclass_fields__) == set(allowed.split())
    shown = repr(replace(CASE, taken_by="Bilal Hussain"))
    assert "Patel" not in shown
    assert "Hussain" not in shown
