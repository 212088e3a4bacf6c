"""Pages of a listing that go wrong: they loop, come twice, leave something out or lose their order.

This works on finished answers, so that no platform has to know of it. A cursor that leads back to its own
page is marked; the mark is taken off before a platform reads the request that brings it back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from connectors.practice.faults import Fault, FaultKind
from connectors.practice.identities import Platform
from connectors.practice.wire import Answer, Json, Request

_AGAIN = "again0"
_CURSORS = {
    Platform.X: ("pagination_token", "next_token"),
    Platform.FACEBOOK: ("after",),
    Platform.INSTAGRAM: ("after",),
    Platform.YOUTUBE: ("pageToken",),
}
_NOT_ALL = "Something in this listing could not be read."


def without_mark(request: Request, platform: Platform) -> tuple[Request, bool]:
    """Return the request as the platform is to read it, and whether its page was sent before."""
    query = dict(request.query)
    is_marked = False
    for name in _CURSORS[platform]:
        value = request.one(name)
        if value.startswith(_AGAIN):
            is_marked = True
            query[name] = (value.removeprefix(_AGAIN),)
            if value == _AGAIN:
                del query[name]
    return replace(request, query=query), is_marked


def spoilt_page(
    answer: Answer, fault: Fault, platform: Platform, request: Request, *, is_repeated: bool
) -> Answer:
    """Return the answer as the fault leaves it; unchanged when it is no page."""
    if not isinstance(answer.body, Mapping):
        return answer
    body = dict(answer.body)
    name = "items" if platform is Platform.YOUTUBE else "data"
    items = body.get(name)
    if not isinstance(items, list):
        return answer
    match fault.kind:
        case FaultKind.SHORT:
            body[name] = items[: max(0, len(items) - fault.items)]
        case FaultKind.RANKED:
            body[name] = sorted(items, key=_lot)
        case FaultKind.PARTIAL:
            body[name] = items[:-1]
            body |= _error_beside(platform)
        case FaultKind.LOOP:
            body |= _leading_back(body, platform, request)
        case FaultKind.REPEAT if not is_repeated:
            body |= _leading_back(body, platform, request)
        case _:
            return answer
    return replace(answer, body=body)


def _lot(item: Json) -> bytes:
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).digest()


def _error_beside(platform: Platform) -> Mapping[str, Json]:
    match platform:
        case Platform.X:
            problem = {
                "title": "Field Hydration Failure",
                "detail": _NOT_ALL,
                "type": "https://api.twitter.com/2/problems/field-hydration-failure",
            }
            return {"errors": [problem]}
        case Platform.YOUTUBE:
            return {"error": {"code": 500, "message": _NOT_ALL, "errors": [{"reason": "backendError"}]}}
        case Platform.FACEBOOK | Platform.INSTAGRAM:
            return {"error": {"message": _NOT_ALL, "type": "OAuthException", "code": 2}}


def _leading_back(body: Mapping[str, Json], platform: Platform, request: Request) -> Mapping[str, Json]:
    """Return what makes a page name itself as its next one."""
    names = _CURSORS[platform]
    cursor = _AGAIN + next((request.one(name) for name in names if request.one(name)), "")
    if platform is Platform.X:
        return {"meta": _mapping(body.get("meta")) | {"next_token": cursor}}
    if platform is Platform.YOUTUBE:
        return {"nextPageToken": cursor}
    paging = _mapping(body.get("paging"))
    query = {name: values[-1] for name, values in request.query.items()} | {"after": cursor}
    cursors = _mapping(paging.get("cursors")) | {"after": cursor}
    following = f"{request.base_url}{request.path}?{urlencode(query)}"
    return {"paging": paging | {"cursors": cursors, "next": following}}


def _mapping(value: Json) -> dict[str, Json]:
    return dict(value) if isinstance(value, Mapping) else {}
