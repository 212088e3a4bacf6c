"""What each platform says when it will not answer: the wire form of every fault that has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import assert_never

from connectors.practice import graph, instagram, x, youtube_call
from connectors.practice.faults import Comeback, Fault, FaultKind
from connectors.practice.identities import Platform
from connectors.practice.wire import HTML_TYPE, Answer, Json, Request

REGAIN_MINUTES = 5
SPENT_MINUTES = 57
NEGATIVE_SECONDS = 30
UNAVAILABLE_SECONDS = 120

_LATER = {"retry-after": str(UNAVAILABLE_SECONDS)}


def _x_problem(status: int, title: str, kind: str, detail: str, more: Mapping[str, Json]) -> Answer:
    problem = {"title": title, "detail": detail, "type": f"https://api.twitter.com/2/problems/{kind}"}
    return Answer(status, problem | dict(more))


_X_REFUSALS = {
    FaultKind.RATE: x.plain_problem(429, "Too Many Requests"),
    FaultKind.QUOTA: _x_problem(
        429,
        "UsageCapExceeded",
        "usage-capped",
        "Usage cap exceeded: Monthly product cap",
        {"period": "Monthly", "scope": "Product"},
    ),
    FaultKind.CREDITS: _x_problem(
        402,
        "CreditsDepleted",
        "credits",
        "Your enrolled account does not have any credits to fulfill this request.",
        {},
    ),
    FaultKind.SERVER_ERROR: x.plain_problem(500, "Internal Server Error"),
    FaultKind.UNAVAILABLE: replace(x.plain_problem(503, "Service Unavailable"), headers=_LATER),
    FaultKind.EXPIRED: x.plain_problem(401, "Unauthorized"),
    FaultKind.DENIED: _x_problem(
        403,
        "Forbidden",
        "client-forbidden",
        "You are not permitted to perform this action.",
        {"status": 403},
    ),
    FaultKind.REVOKED: _x_problem(
        403,
        "Forbidden",
        "oauth1-permissions",
        "Your client app is not configured with the appropriate permissions for this endpoint.",
        {"status": 403},
    ),
}

_GRAPH_REFUSALS = {
    FaultKind.RATE: (403, 32, "(#32) Page request limit reached"),
    FaultKind.QUOTA: (
        400,
        80001,
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
    ),
    FaultKind.CREDITS: (402, 4, "(#4) Application request limit reached"),
    FaultKind.SERVER_ERROR: (500, 2, "An unexpected error has occurred. Please retry your request later."),
    FaultKind.UNAVAILABLE: (503, 2, "Service temporarily unavailable"),
    FaultKind.DENIED: (403, 10, "(#10) This endpoint requires the 'pages_read_engagement' permission."),
    FaultKind.REVOKED: (403, 200, "(#200) The permission was not granted or has been revoked."),
}
"""Status, code and message of Graph's refusals."""

_INSTAGRAM_REFUSALS = {
    FaultKind.RATE: (
        400,
        80002,
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
    ),
    FaultKind.QUOTA: (400, 80002, "(#80002) There have been too many calls to this Instagram account."),
    FaultKind.DENIED: (403, 10, "(#10) This endpoint requires the 'instagram_manage_comments' permission."),
}
"""Where Instagram's differ."""

_YOUTUBE_REFUSALS = {
    FaultKind.RATE: (403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
    FaultKind.QUOTA: (
        403,
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your quota.",
        "youtube.quota",
    ),
    FaultKind.CREDITS: (402, "dailyLimitExceeded", "Billing has to be enabled.", "usageLimits"),
    FaultKind.SERVER_ERROR: (500, "backendError", "Backend Error", "global"),
    FaultKind.UNAVAILABLE: (503, "serviceUnavailable", "The service is currently unavailable.", "global"),
    FaultKind.DENIED: (
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        "global",
    ),
    FaultKind.REVOKED: (403, "forbidden", "The caller does not have permission.", "global"),
}
"""Status, reason, message and domain of YouTube's refusals."""

_WEB_PAGE = "<!DOCTYPE html><html><head><title>Be right back</title></head><body>Maintenance</body></html>"


def fault_answer(fault: Fault, platform: Platform, request: Request, now: datetime) -> Answer | None:
    """Return what a platform says instead of an answer; ``None`` for faults of another sort."""
    if fault.kind is FaultKind.HTML:
        return Answer(200, _WEB_PAGE, content_type=HTML_TYPE)
    answer = _refusal(fault.kind, platform, request, now)
    if answer is None or fault.comeback is None:
        return answer
    return _coming_back(answer, fault.comeback, now)


def _refusal(kind: FaultKind, platform: Platform, request: Request, now: datetime) -> Answer | None:
    match platform:
        case Platform.X:
            return _of_x(kind, request, now)
        case Platform.FACEBOOK | Platform.INSTAGRAM:
            return _of_graph(kind, platform)
        case Platform.YOUTUBE:
            return _of_youtube(kind)
    assert_never(platform)


def _coming_back(answer: Answer, comeback: Comeback | float, now: datetime) -> Answer:
    """Return the refusal with other words about when to come back."""
    headers = {name: value for name, value in answer.headers.items() if not _says_when(name)}
    match comeback:
        case Comeback.ABSENT:
            return replace(answer, headers=headers)
        case Comeback.NEGATIVE:
            said = f"-{NEGATIVE_SECONDS}"
        case Comeback.DATE:
            said = format_datetime(now + timedelta(minutes=REGAIN_MINUTES), usegmt=True)
        case _:
            said = f"{comeback:.0f}"
    return replace(answer, headers=headers | {"retry-after": said})


def _says_when(header: str) -> bool:
    return header == "retry-after" or header.startswith("x-rate-limit") or header.endswith("-usage")


def _of_x(kind: FaultKind, request: Request, now: datetime) -> Answer | None:
    answer = _X_REFUSALS.get(kind)
    if answer is None:
        return None
    headers = x.rate_limit_headers(request, now) | dict(answer.headers)
    if kind is FaultKind.RATE:
        headers["x-rate-limit-remaining"] = "0"
    return replace(answer, headers=headers)


def _of_graph(kind: FaultKind, platform: Platform) -> Answer | None:
    is_instagram = platform is Platform.INSTAGRAM
    usage = instagram.usage_headers if is_instagram else graph.usage_headers
    if kind is FaultKind.EXPIRED:
        return replace(graph.expired(), headers=usage(0))
    refusals = _GRAPH_REFUSALS | (_INSTAGRAM_REFUSALS if is_instagram else {})
    if kind not in refusals:
        return None
    status, code, message = refusals[kind]
    headers = {
        FaultKind.RATE: usage(100, REGAIN_MINUTES),
        FaultKind.QUOTA: usage(100, SPENT_MINUTES),
        FaultKind.UNAVAILABLE: usage(0) | _LATER,
    }
    return replace(graph.error(status, code, message), headers=headers.get(kind, usage(0)))


def _of_youtube(kind: FaultKind) -> Answer | None:
    if kind is FaultKind.EXPIRED:
        return youtube_call.unauthorized()
    if kind not in _YOUTUBE_REFUSALS:
        return None
    status, reason, message, domain = _YOUTUBE_REFUSALS[kind]
    answer = youtube_call.error(status, reason, message, domain=domain)
    return replace(answer, headers=_LATER) if kind is FaultKind.UNAVAILABLE else answer
