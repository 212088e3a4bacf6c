"""What each platform says when it will not answer: the wire form of every fault that has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from connectors.practice import graph, x, youtube_call
from connectors.practice.faults import FaultKind
from connectors.practice.identities import Platform
from connectors.practice.wire import HTML_TYPE, Answer, Json, Request

REGAIN_MINUTES = 5
SPENT_MINUTES = 57

_WEB_PAGE = "<!DOCTYPE html><html><head><title>Be right back</title></head><body>Maintenance</body></html>"


def fault_answer(kind: FaultKind, platform: Platform, request: Request, now: datetime) -> Answer | None:
    """Return what a platform says instead of an answer; ``None`` for faults of another sort."""
    if kind is FaultKind.HTML:
        return Answer(200, _WEB_PAGE, content_type=HTML_TYPE)
    match platform:
        case Platform.X:
            return _of_x(kind, request, now)
        case Platform.FACEBOOK:
            return _of_graph(kind)
        case Platform.YOUTUBE:
            return _of_youtube(kind)
    assert_never(platform)


def _of_x(kind: FaultKind, request: Request, now: datetime) -> Answer | None:
    headers = x.rate_limit_headers(request, now)
    match kind:
        case FaultKind.RATE:
            headers["x-rate-limit-remaining"] = "0"
            return replace(x.plain_problem(429, "Too Many Requests"), headers=headers)
        case FaultKind.QUOTA:
            body: dict[str, Json] = {
                "title": "UsageCapExceeded",
                "detail": "Usage cap exceeded: Monthly product cap",
                "period": "Monthly",
                "scope": "Product",
                "type": "https://api.twitter.com/2/problems/usage-capped",
            }
            return Answer(429, body, headers)
        case FaultKind.SERVER_ERROR:
            return replace(x.plain_problem(500, "Internal Server Error"), headers=headers)
        case FaultKind.EXPIRED:
            return replace(x.plain_problem(401, "Unauthorized"), headers=headers)
        case FaultKind.DENIED:
            body = {
                "title": "Forbidden",
                "detail": "You are not permitted to perform this action.",
                "type": "https://api.twitter.com/2/problems/client-forbidden",
                "status": 403,
            }
            return Answer(403, body, headers)
    return None


def _of_graph(kind: FaultKind) -> Answer | None:
    usual = graph.usage_headers(0)
    match kind:
        case FaultKind.RATE:
            plain = graph.error(403, 32, "(#32) Page request limit reached")
            return replace(plain, headers=graph.usage_headers(100, REGAIN_MINUTES))
        case FaultKind.QUOTA:
            message = (
                "(#80001) There have been too many calls to this Page account. Wait a bit and try again."
            )
            return replace(graph.error(400, 80001, message), headers=graph.usage_headers(100, SPENT_MINUTES))
        case FaultKind.SERVER_ERROR:
            message = "An unexpected error has occurred. Please retry your request later."
            return replace(graph.error(500, 2, message), headers=usual)
        case FaultKind.EXPIRED:
            return replace(graph.expired(), headers=usual)
        case FaultKind.DENIED:
            message = "(#10) This endpoint requires the 'pages_read_engagement' permission."
            return replace(graph.error(403, 10, message), headers=usual)
    return None


def _of_youtube(kind: FaultKind) -> Answer | None:
    match kind:
        case FaultKind.RATE:
            return youtube_call.error(403, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits")
        case FaultKind.QUOTA:
            message = "The request cannot be completed because you have exceeded your quota."
            return youtube_call.error(403, "quotaExceeded", message, domain="youtube.quota")
        case FaultKind.SERVER_ERROR:
            return youtube_call.error(500, "backendError", "Backend Error", domain="global")
        case FaultKind.EXPIRED:
            return youtube_call.unauthorized()
        case FaultKind.DENIED:
            message = "Request had insufficient authentication scopes."
            return youtube_call.error(403, "insufficientPermissions", message, domain="global")
    return None
