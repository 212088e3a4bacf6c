"""Faults on demand: the grammar is strict, and each fault looks the way the platform's own looks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from connectors.practice.faults import (
    MEANINGS,
    Comeback,
    Fault,
    FaultKind,
    FaultsError,
    fault_at,
    parse_faults,
)
from connectors.practice.identities import FACEBOOK_PAGE_ID, INSTAGRAM_ACCOUNT_ID, TOKEN, X_USER_ID, Platform
from connectors.practice.server import PracticePlatforms
from tests.connectors.practice.rehearsal import ALL_THREADS, NOW, Body, content, get

Serve = Callable[..., PracticePlatforms]

ADDRESSES: dict[Platform, tuple[str, dict[str, Any]]] = {
    Platform.X: (f"/2/users/{X_USER_ID}/mentions", {}),
    Platform.FACEBOOK: (f"/v26.0/{FACEBOOK_PAGE_ID}/published_posts", {}),
    Platform.YOUTUBE: ("/youtube/v3/commentThreads", {"part": "id", **ALL_THREADS}),
}


def call(platforms: PracticePlatforms, platform: Platform) -> requests.Response:
    """Ask a platform for what its connector asks for."""
    path, query = ADDRESSES[platform]
    return get(platforms.url, path, **query)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ()),
        (" ", ()),
        ("youtube:quota", (Fault(Platform.YOUTUBE, FaultKind.QUOTA),)),
        ("x:500@3", (Fault(Platform.X, FaultKind.SERVER_ERROR, 3, 3),)),
        ("facebook:cut@2-4", (Fault(Platform.FACEBOOK, FaultKind.CUT, 2, 4),)),
        ("all:down@5-", (Fault(None, FaultKind.DOWN, 5),)),
        ("x:slow", (Fault(Platform.X, FaultKind.SLOW, seconds=2.0),)),
        ("x:slow=0.5@1", (Fault(Platform.X, FaultKind.SLOW, 1, 1, 0.5),)),
        ("x:late", (Fault(Platform.X, FaultKind.LATE, seconds=600.0),)),
        ("x:short=3@1", (Fault(Platform.X, FaultKind.SHORT, 1, 1, items=3),)),
        ("instagram:429=date", (Fault(Platform.INSTAGRAM, FaultKind.RATE, comeback=Comeback.DATE),)),
        ("x:503=90", (Fault(Platform.X, FaultKind.UNAVAILABLE, comeback=90.0),)),
        ("x:429, youtube:html", (Fault(Platform.X, FaultKind.RATE), Fault(Platform.YOUTUBE, FaultKind.HTML))),
    ],
)
def test_faults_are_read(text: str, faults: tuple[Fault, ...]) -> None:
    """The grammar of ``--faults``."""
    assert parse_faults(text) == faults


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x:",
        ":500",
        "x:500@",
        "x:500@0",
        "x:500@4-2",
        "x:500@a",
        "tiktok:500",
        "x:501",
        "x:500=2",
        "x:loop=2",
        "x:short=many",
        "x:short=101",
        "x:429=soon",
        "x:500,",
        "x:slow=fast",
        "x:slow=1.2.3",
        "x:slow=601",
        "x 500",
        "x:500@-3",
        "X:500",
        "x:500@2@3",
        "x:500@1\n,",
    ],
)
def test_wrong_faults_are_refused_in_one_line(text: str) -> None:
    """Somebody has mistyped, and is told what."""
    with pytest.raises(FaultsError) as refused:
        parse_faults(text)
    assert len(str(refused.value).splitlines()) == 1
    assert 20 < len(str(refused.value)) < 260


def test_the_first_fault_that_applies_wins() -> None:
    """So an exception can stand before the rule."""
    faults = parse_faults("x:500@2,x:429@2-3,all:down@3-")
    kinds = [
        fault and fault.kind for fault in (fault_at(faults, Platform.X, number) for number in (1, 2, 3, 4))
    ]
    assert kinds == [None, FaultKind.SERVER_ERROR, FaultKind.RATE, FaultKind.DOWN]
    assert fault_at(faults, Platform.FACEBOOK, 2) is None


def test_every_fault_is_explained() -> None:
    """``--help`` lists them all."""
    assert set(MEANINGS) == set(FaultKind)


@pytest.mark.parametrize("platform", ADDRESSES)
@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("429", {Platform.X: 429, Platform.FACEBOOK: 403, Platform.YOUTUBE: 403}),
        ("quota", {Platform.X: 429, Platform.FACEBOOK: 400, Platform.YOUTUBE: 403}),
        ("500", {Platform.X: 500, Platform.FACEBOOK: 500, Platform.YOUTUBE: 500}),
        ("expired", {Platform.X: 401, Platform.FACEBOOK: 400, Platform.YOUTUBE: 401}),
        ("denied", {Platform.X: 403, Platform.FACEBOOK: 403, Platform.YOUTUBE: 403}),
        ("html", {Platform.X: 200, Platform.FACEBOOK: 200, Platform.YOUTUBE: 200}),
    ],
)
def test_a_refusal_has_the_platforms_own_status(
    serve: Serve, platform: Platform, kind: str, statuses: dict[Platform, int]
) -> None:
    """At the request asked for, and at no other request or platform."""
    platforms = serve(faults=f"{platform}:{kind}@2")
    assert call(platforms, platform).status_code == 200
    refused = call(platforms, platform)
    assert refused.status_code == statuses[platform]
    assert refused.headers["content-type"].startswith("text/html" if kind == "html" else "application/json")
    assert call(platforms, platform).status_code == 200
    assert call(platforms, next(other for other in ADDRESSES if other is not platform)).status_code == 200


def refusal(serve: Serve, fault: str) -> tuple[Body, Any]:
    """Return body and headers of what a platform says when it has the fault."""
    answer = call(serve(faults=fault), Platform(fault.partition(":")[0]))
    return answer.json(), answer.headers


def test_x_says_until_when_to_wait(serve: Serve) -> None:
    """The reset is in the headers; a spent allowance has no use for them."""
    body, headers = refusal(serve, "x:429")
    assert (body["title"], body["status"]) == ("Too Many Requests", 429)
    assert headers["x-rate-limit-remaining"] == "0"
    assert NOW.timestamp() < int(headers["x-rate-limit-reset"]) <= NOW.timestamp() + 900
    body, headers = refusal(serve, "x:quota")
    assert (body["title"], body["period"]) == ("UsageCapExceeded", "Monthly")
    assert body["type"].endswith("/usage-capped")
    assert int(headers["x-rate-limit-remaining"]) > 0
    assert refusal(serve, "x:denied")[0]["type"].endswith("/client-forbidden")


def test_graph_says_in_its_headers_how_long_to_wait(serve: Serve) -> None:
    """Code 32 for the Page's limit, 80001 for the business one; minutes until there is more."""
    for kind, code in (("429", 32), ("quota", 80001)):
        body, headers = refusal(serve, f"facebook:{kind}")
        assert body["error"]["code"] == code
        usage = json.loads(headers["x-business-use-case-usage"])[FACEBOOK_PAGE_ID][0]
        assert usage["call_count"] == 100
        assert usage["estimated_time_to_regain_access"] > 0
    assert refusal(serve, "facebook:500")[0]["error"]["code"] == 2
    assert refusal(serve, "facebook:denied")[0]["error"]["code"] == 10
    expired = refusal(serve, "facebook:expired")[0]["error"]
    assert (expired["code"], expired["error_subcode"]) == (190, 463)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("429", 400, 80002), ("quota", 400, 80002), ("500", 500, 2), ("denied", 403, 10), ("expired", 400, 190)],
)
def test_instagram_has_codes_and_an_allowance_of_its_own(
    serve: Serve, kind: str, status: int, code: int
) -> None:
    """Its allowance is the account's, of the type instagram; everything else it says as Graph does."""
    platforms = serve(faults=f"instagram:{kind}")
    answer = get(f"{platforms.url}/instagram", f"/v26.0/{INSTAGRAM_ACCOUNT_ID}/media")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    (usage,) = json.loads(answer.headers["x-business-use-case-usage"])[INSTAGRAM_ACCOUNT_ID]
    spent = code == 80002
    assert (usage["type"], usage["call_count"]) == ("instagram", 100 if spent else 0)
    assert (usage["estimated_time_to_regain_access"] > 0) is spent


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("429", "rateLimitExceeded"),
        ("quota", "quotaExceeded"),
        ("500", "backendError"),
        ("expired", "authError"),
        ("denied", "insufficientPermissions"),
    ],
)
def test_youtube_says_why(serve: Serve, kind: str, reason: str) -> None:
    """The reason is what connectors go by."""
    assert refusal(serve, f"youtube:{kind}")[0]["error"]["errors"][0]["reason"] == reason


@pytest.mark.parametrize("platform", ADDRESSES)
def test_a_cut_answer_ends_before_it_said(serve: Serve, platform: Platform) -> None:
    """More is announced than comes."""
    platforms = serve(faults=f"{platform}:cut@1")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        call(platforms, platform)
    assert call(platforms, platform).status_code == 200


@pytest.mark.parametrize("platform", ADDRESSES)
def test_half_an_answer_is_no_json(serve: Serve, platform: Platform) -> None:
    """The length is right, what stands in it is not."""
    answer = call(serve(faults=f"{platform}:half"), platform)
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["content-length"])
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("platform", ADDRESSES)
def test_a_platform_that_is_down_answers_nothing(serve: Serve, platform: Platform) -> None:
    """The connection is dropped; the other platforms go on."""
    platforms = serve(faults=f"{platform}:down@1")
    with pytest.raises(requests.ConnectionError):
        call(platforms, platform)
    assert all(call(platforms, each).status_code == 200 for each in ADDRESSES)


def test_a_slow_answer_comes_in_the_end(serve: Serve) -> None:
    """And a client that waits less long has given up."""
    platforms = serve(faults="x:slow=0.3@1,x:slow=30@2")
    began = time.monotonic()
    assert call(platforms, Platform.X).status_code == 200
    assert time.monotonic() - began >= 0.3
    with pytest.raises(requests.ReadTimeout):
        requests.get(platforms.url + ADDRESSES[Platform.X][0], timeout=0.1)


def test_stopping_does_not_wait_for_a_slow_answer(serve: Serve) -> None:
    """Ctrl-C ends at once."""
    platforms = serve(faults="x:slow=600")
    with pytest.raises(requests.ReadTimeout):
        requests.get(platforms.url + ADDRESSES[Platform.X][0], timeout=0.1)
    began = time.monotonic()
    platforms.stop()
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("platform", ADDRESSES)
def test_an_empty_page_is_not_the_last(serve: Serve, platform: Platform) -> None:
    """It holds nothing and a next one, which holds what was missing."""
    platforms = serve(faults=f"{platform}:empty@1")
    whole = call(serve(), platform).json()
    first = call(platforms, platform).json()
    path, query = ADDRESSES[platform]
    match platform:
        case Platform.X:
            assert first["meta"]["result_count"] == 0
            token = first["meta"]["next_token"]
            second = get(platforms.url, path, **query, pagination_token=token).json()
        case Platform.FACEBOOK:
            assert first["data"] == []
            headers = {"Authorization": f"Bearer {TOKEN}"}
            second = requests.get(first["paging"]["next"], headers=headers, timeout=5).json()
        case Platform.YOUTUBE:
            assert first["items"] == []
            second = get(platforms.url, path, **query, pageToken=first["nextPageToken"]).json()
    things = "items" if platform is Platform.YOUTUBE else "data"
    assert [each["id"] for each in second[things]] == [each["id"] for each in whole[things]]


def sign_in(platforms: PracticePlatforms) -> requests.Response:
    """Ask Google for a new access token."""
    form = {"grant_type": "refresh_token", "refresh_token": TOKEN, "client_id": "a", "client_secret": "b"}
    return requests.post(f"{platforms.url}/token", data=form, timeout=5)


def test_an_expired_sign_in_is_refused_by_google_too(serve: Serve) -> None:
    """While the next request would be answered as expired, there is no new token either."""
    platforms = serve(faults="youtube:expired@1")
    assert sign_in(platforms).json()["error"] == "invalid_grant"
    assert call(platforms, Platform.YOUTUBE).status_code == 401
    assert sign_in(platforms).json()["access_token"] == TOKEN
    platforms.set_faults("youtube:quota")
    assert sign_in(platforms).status_code == 200
    platforms.set_faults("youtube:down")
    with pytest.raises(requests.ConnectionError):
        sign_in(platforms)
    assert platforms.requests["token"] == 4


def test_faults_can_be_changed_while_it_runs(serve: Serve) -> None:
    """Counting starts again; wrong ones change nothing."""
    platforms = serve(faults="x:500@2-")
    assert [call(platforms, Platform.X).status_code for _ in range(3)] == [200, 500, 500]
    platforms.set_faults("x:denied@2")
    with pytest.raises(FaultsError):
        platforms.set_faults("nonsense")
    assert [call(platforms, Platform.X).status_code for _ in range(3)] == [200, 403, 200]
    assert platforms.requests["x"] == 6


CURSORS = {Platform.X: "pagination_token", Platform.YOUTUBE: "pageToken", Platform.FACEBOOK: "after"}
MORE: dict[Platform, tuple[str, str]] = {
    Platform.X: (f"/2/users/{X_USER_ID}/mentions", "max_results"),
    Platform.FACEBOOK: (f"/v26.0/{FACEBOOK_PAGE_ID}_900000000000014/comments", "limit"),
    Platform.YOUTUBE: ("/youtube/v3/commentThreads", "maxResults"),
}
LATER = datetime(2026, 11, 30, tzinfo=UTC)
THIRTEEN = content(
    *(
        {"id": f"{platform}-{number}", "platform": platform, "text": str(number), "under": under, "by": by}
        for platform in MORE
        for number, by, under in [
            (0, "school", None),
            *((number, f"visitor-{number}", f"{platform}-0") for number in range(1, 13)),
        ]
    )
)


def pages(platforms: PracticePlatforms, platform: Platform, most: int = 9) -> list[list[str]]:
    """Return the ids on the pages of a listing, as a client reads them one after the other."""
    path, size = MORE[platform]
    usual: dict[str, Any] = {"part": "id", **ALL_THREADS} if platform is Platform.YOUTUBE else {}
    found: list[list[str]] = []
    cursor: dict[str, Any] = {}
    while len(found) < most:
        answer = get(platforms.url, path, **(usual | {size: 5} | cursor))
        assert answer.status_code == 200, answer.text
        body = answer.json()
        found.append([each["id"] for each in body.get("items", body.get("data", []))])
        if platform is Platform.FACEBOOK:
            token = body["paging"]["cursors"]["after"] if "next" in body.get("paging", {}) else None
        else:
            token = body.get("nextPageToken", body.get("meta", {}).get("next_token"))
        if token is None:
            break
        cursor = {CURSORS[platform]: token}
    return found


@pytest.mark.parametrize("platform", MORE)
def test_pages_go_wrong_in_every_way_that_pages_can(serve: Serve, platform: Platform) -> None:
    """They loop, come twice, lose items, lose their order; what is not spoilt stays as it was."""
    platforms = serve(THIRTEEN, now=lambda: LATER)
    whole = pages(platforms, platform)
    assert [len(page) for page in whole] == [5, 5, 2]
    platforms.set_faults(f"{platform}:loop@2-")
    assert pages(platforms, platform) == [whole[0], *[whole[1]] * 8]
    platforms.set_faults(f"{platform}:loop")
    assert pages(platforms, platform) == [whole[0]] * 9
    platforms.set_faults(f"{platform}:repeat")
    assert pages(platforms, platform) == [page for page in whole for _ in range(2)]
    platforms.set_faults(f"{platform}:short=2@2")
    assert pages(platforms, platform) == [whole[0], whole[1][:3], whole[2]]
    platforms.set_faults(f"{platform}:ranked@1")
    ranked = pages(platforms, platform)
    assert ranked[0] != whole[0]
    assert [sorted(page) for page in ranked] == [sorted(page) for page in whole]


@pytest.mark.parametrize("platform", MORE)
def test_a_partial_answer_says_so(serve: Serve, platform: Platform) -> None:
    """Status 200, an error beside the items, and one item less."""
    platforms = serve(faults=f"{platform}:partial@2")
    whole, part = call(platforms, platform).json(), call(platforms, platform).json()
    items = "items" if platform is Platform.YOUTUBE else "data"
    assert [each["id"] for each in part[items]] == [each["id"] for each in whole[items]][:-1]
    assert ("errors" if platform is Platform.X else "error") in part


def test_what_is_newer_is_not_known_yet(serve: Serve) -> None:
    """A listing that lags behind shows the past, and the newest later."""
    platforms = serve(now=lambda: datetime(2026, 11, 18, 7, 5, tzinfo=UTC), faults="x:late=600@1")
    assert [call(platforms, Platform.X).json()["meta"]["result_count"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize(("kind", "status"), [("402", 402), ("revoked", 403), ("503", 503)])
def test_credits_permissions_and_maintenance(
    serve: Serve, platform: Platform, kind: str, status: int
) -> None:
    """The status says it everywhere; the words are the platform's."""
    path = ADDRESSES.get(platform, ("/v26.0/me", {}))[0]
    platforms = serve(faults=f"{platform}:{kind}")
    answer = get(platforms.base_url(platform), path)
    assert (answer.status_code, bool(answer.json())) == (status, True)
    assert ("retry-after" in answer.headers) is (status == 503)


@pytest.mark.parametrize("platform", ADDRESSES)
@pytest.mark.parametrize(
    ("said", "after"),
    [("absent", None), ("negative", "-30"), ("date", "Fri, 20 Nov 2026 12:05:00 GMT"), ("90", "90")],
)
def test_when_to_come_back_is_said_in_every_way(
    serve: Serve, platform: Platform, said: str, after: str | None
) -> None:
    """And nothing else in the headers says anything about it."""
    headers = call(serve(faults=f"{platform}:429={said}"), platform).headers
    assert headers.get("retry-after") == after
    assert not [name for name in headers if name.lower().startswith("x-rate") or "usage" in name.lower()]


def test_a_wrong_content_type_is_only_that(serve: Serve) -> None:
    """The body is right."""
    answer = call(serve(faults="x:type"), Platform.X)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.json()["data"]
