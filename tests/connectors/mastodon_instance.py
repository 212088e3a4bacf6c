"""A small Mastodon server for tests: it keeps statuses, notifications and blocks, and answers like one.

Its shapes are held against Mastodon's OpenAPI in ``test_mastodon_spec.py``. Everybody in it is invented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses
from requests import PreparedRequest

from tests.connectors.wire import ME, NOW

SERVER = "https://social.oakfield.example"
US = ME["mastodon"].external_id
KERRY = "2001"
ROWAN = "2002"

Told = tuple[int, dict[str, str], str]
Given = dict[str, list[str]]
MISSING = (404, dict[str, str](), {"error": "Record not found"})
SOURCE = {
    "note": "",
    "fields": [],
    "follow_requests_count": 0,
    "indexable": False,
    "privacy": "public",
    "sensitive": False,
}
ALLOWANCE = {
    "X-RateLimit-Limit": "300",
    "X-RateLimit-Remaining": "288",
    "X-RateLimit-Reset": "2026-11-20T12:05:00.000000Z",
}


def stamp(moment: datetime) -> str:
    """Write a time as Mastodon does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def account(number: str) -> dict[str, Any]:
    """Return an account; ours is local, the others are on another server."""
    names = {US: ("oakfield", "Oakfield Academy"), KERRY: ("kerry", "Kerry Walsh"), ROWAN: ("rowan", "Rowan")}
    name, shown = names[number]
    acct = name if number == US else f"{name}@elsewhere.example"
    empty = {"avatar": "", "avatar_static": "", "header": "", "header_static": "", "note": ""}
    counts = {"followers_count": 0, "following_count": 0, "statuses_count": 0}
    flags = {"bot": False, "group": False, "indexable": False, "locked": False}
    return {
        "id": number,
        "username": name,
        "acct": acct,
        "display_name": shown,
        "created_at": "2024-01-01T00:00:00.000Z",
        "emojis": [],
        "fields": [],
        "uri": f"https://elsewhere.example/users/{name}",
        "url": f"https://elsewhere.example/@{name}",
        **empty,
        **counts,
        **flags,
    }


@dataclass
class Instance:
    """What the server holds."""

    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    notifications: list[dict[str, Any]] = field(default_factory=list)
    kept_back: set[str] = field(default_factory=set)
    blocking: set[str] = field(default_factory=set)
    blocked_by: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    invisible: set[str] = field(default_factory=set)
    policy: str = "accept"
    scopes: list[str] = field(default_factory=lambda: ["read", "write"])
    whose: str = US
    page: int = 80
    fail: dict[str, Told] = field(default_factory=dict)
    """What to answer instead, by a part of the method and path."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers that every answer has instead of the right ones."""
    reports: list[dict[str, list[str]]] = field(default_factory=list)
    sent: list[PreparedRequest] = field(default_factory=list)
    told: list[tuple[str, str, int, Any]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def post(self, number: int, by: str = KERRY, above: int | None = None, **more: Any) -> str:
        """Put a status on the server; mentioning us it is also a notification, as everywhere."""
        parent = self.statuses.get(str(above), {})
        status = {
            "id": str(number),
            "uri": f"https://elsewhere.example/s/{number}",
            "url": f"https://elsewhere.example/@somebody/{number}",
            "created_at": stamp(NOW - timedelta(hours=1)),
            "edited_at": None,
            "in_reply_to_id": None if above is None else str(above),
            "in_reply_to_account_id": parent.get("account", {}).get("id"),
            "content": f"<p>Words of {number}</p>",
            "spoiler_text": "",
            "visibility": "public",
            "sensitive": False,
            "account": account(by),
            "mentions": [],
            "media_attachments": [],
            "tags": [],
            "emojis": [],
            "favourites_count": 0,
            "reblogs_count": 0,
            "replies_count": 0,
        } | more
        self.statuses[str(number)] = status
        return str(number)

    def mention(self, number: int, by: str = KERRY, above: int | None = None, **more: Any) -> str:
        """Put a status on the server that names us, with its notification."""
        us = {"id": US, "username": "oakfield", "acct": "oakfield", "url": f"{SERVER}/@oakfield"}
        self.post(number, by, above, **{"mentions": [us], **more})
        return self.notify(number, by=by)

    def notify(self, number: int, kind: str = "mention", by: str = KERRY, at: datetime | None = None) -> str:
        """Tell us of a status."""
        identifier = str(5000 + len(self.notifications))
        self.notifications.append(
            {
                "id": identifier,
                "type": kind,
                "created_at": stamp(at or NOW - timedelta(hours=1)),
                "group_key": f"ungrouped-{identifier}",
                "account": account(by),
                "status": str(number),
            }
        )
        return identifier

    @contextmanager
    def served(self) -> Iterator[responses.RequestsMock]:
        """Answer every request to the server."""
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            for method in ("GET", "POST", "DELETE"):
                mock.add_callback(method, re.compile(f"{SERVER}/.*"), self._answer)
            yield mock

    def asked(self, part: str) -> int:
        """Count the requests whose path holds ``part``."""
        return sum(part in str(request.path_url) for request in self.sent)

    def _answer(self, request: PreparedRequest) -> Told:
        self.sent.append(request)
        address = urlsplit(str(request.url))
        for part, told in self.fail.items():
            if part in f"{request.method} {address.path}":
                return told
        given = parse_qs(address.query) | parse_qs(str(request.body or ""))
        status, headers, body = self._told(request, address.path.rstrip("/"), given)
        self.told.append((str(request.method), address.path.rstrip("/"), status, body))
        return status, ALLOWANCE | headers | self.headers, json.dumps(body)

    def _told(self, request: PreparedRequest, path: str, given: Given) -> tuple[int, dict[str, str], Any]:
        for pattern, answer in ROUTES:
            found = re.fullmatch(pattern, f"{request.method} {path.removeprefix('/api/')}")
            if found:
                told: tuple[int, dict[str, str], Any] = answer(self, given, request, *found.groups())
                return told
        return MISSING

    def verify(self, given: Given, request: PreparedRequest) -> Any:
        """Say whose the token is."""
        role = {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False}
        return 200, {}, account(self.whose) | {"source": SOURCE, "role": role}

    def app(self, given: Given, request: PreparedRequest) -> Any:
        """Say what the app may do."""
        where = "urn:ietf:wg:oauth:2.0:oob"
        named = {"id": "1", "name": "socialduty", "website": None, "vapid_key": ""}
        return 200, {}, named | {"scopes": self.scopes, "redirect_uri": where, "redirect_uris": [where]}

    def filter(self, given: Given, request: PreparedRequest) -> Any:
        """Say what becomes of whose notifications."""
        names = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
        counts = {"pending_requests_count": 0, "pending_notifications_count": 0}
        return 200, {}, {f"for_{name}": self.policy for name in names} | {"summary": counts}

    def told_of(self, given: Given, request: PreparedRequest) -> Any:
        """List notifications."""
        return self._listed(self._notifications(given), given)

    def requests(self, given: Given, request: PreparedRequest) -> Any:
        """List whose notifications are kept back."""
        return self._listed(self._requests(), given)

    def conversations(self, given: Given, request: PreparedRequest) -> Any:
        """List private conversations."""
        return self._listed(self._conversations(), given)

    def relationships(self, given: Given, request: PreparedRequest) -> Any:
        """Say how others stand to us."""
        return 200, {}, [self._between(each) for each in given["id[]"]]

    def posts_of(self, given: Given, request: PreparedRequest, who: str) -> Any:
        """List what somebody posted."""
        return self._listed([each for each in self._shown() if each["account"]["id"] == who], given)

    def person(self, given: Given, request: PreparedRequest, who: str) -> Any:
        """Show an account."""
        return 200, {}, account(who) | ({"suspended": True} if who in self.suspended else {})

    def block(self, given: Given, request: PreparedRequest, who: str, what: str) -> Any:
        """Block somebody, or let them in again."""
        (self.blocking.add if what == "block" else self.blocking.discard)(who)
        return 200, {}, self._between(who)

    def report(self, given: Given, request: PreparedRequest) -> Any:
        """Take a report."""
        self.reports.append(given)
        return 200, {}, self._report(given)

    def write(self, given: Given, request: PreparedRequest) -> Any:
        """Make a status."""
        return 200, {}, self._made(given, str(request.headers["Idempotency-Key"]))

    def many(self, given: Given, request: PreparedRequest) -> Any:
        """Show several statuses."""
        return 200, {}, [each for each in self._shown() if each["id"] in given["id[]"]]

    def one(self, given: Given, request: PreparedRequest, number: str, context: str | None) -> Any:
        """Show a status, or its context."""
        if number not in {each["id"] for each in self._shown()}:
            return MISSING
        return 200, {}, self._context(number) if context else self.statuses[number]

    def remove(self, given: Given, request: PreparedRequest, number: str) -> Any:
        """Delete a status."""
        return (200, {}, self.statuses.pop(number) | {"text": ""}) if number in self.statuses else MISSING

    def _shown(self) -> list[dict[str, Any]]:
        return [each for number, each in self.statuses.items() if number not in self.invisible]

    def _notifications(self, given: dict[str, list[str]]) -> list[dict[str, Any]]:
        kinds, who = given.get("types[]"), given.get("account_id")
        return [
            each | {"status": self.statuses[each["status"]]}
            for each in self.notifications
            if each["status"] in self.statuses
            and (kinds is None or each["type"] in kinds)
            and (each["account"]["id"] in who if who else each["account"]["id"] not in self.kept_back)
        ]

    def _requests(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"7{who}",
                "created_at": stamp(NOW - timedelta(days=40)),
                "updated_at": stamp(NOW - timedelta(hours=1)),
                "notifications_count": "1",
                "account": account(who),
                "last_status": None,
            }
            for who in sorted(self.kept_back)
        ]

    def _conversations(self) -> list[dict[str, Any]]:
        private = [each for each in self._shown() if each["visibility"] == "direct"]
        ends = [
            each for each in private if not any(each["id"] == other["in_reply_to_id"] for other in private)
        ]
        return [
            {"id": f"8{each['id']}", "unread": True, "accounts": [each["account"]], "last_status": each}
            for each in ends
        ]

    def _listed(
        self, entries: list[dict[str, Any]], given: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], Any]:
        """Page a listing as Mastodon does: always newest first, ``min_id`` from the other end."""
        limit = min(self.page, int(given.get("limit", ["20"])[0]))
        newest_first = sorted(entries, key=lambda each: int(each["id"]), reverse=True)
        if "min_id" in given:
            above = [each for each in newest_first if int(each["id"]) > int(given["min_id"][0])]
            page = above[-limit:]
        else:
            below = int(given.get("max_id", ["99999999"])[0])
            page = [each for each in newest_first if int(each["id"]) < below][:limit]
        if not page:
            return 200, {}, []
        last, first = page[-1]["id"], page[0]["id"]
        link = f'<{SERVER}/x?max_id={last}>; rel="next", <{SERVER}/x?min_id={first}>; rel="prev"'
        if "min_id" not in given and len(page) < limit:
            link = f'<{SERVER}/x?min_id={first}>; rel="prev"'
        return 200, {"Link": link}, page

    def _context(self, number: str) -> dict[str, Any]:
        above: list[dict[str, Any]] = []
        parent = self.statuses.get(self.statuses[number]["in_reply_to_id"])
        while parent:
            above.insert(0, parent)
            parent = self.statuses.get(parent["in_reply_to_id"])
        below: list[dict[str, Any]] = []
        for each in self._shown():
            if each["in_reply_to_id"] in {number, *(found["id"] for found in below)}:
                below.append(each)
        return {"ancestors": above, "descendants": below}

    def _between(self, who: str) -> dict[str, Any]:
        flags = (
            "domain_blocking endorsed followed_by following muting muting_notifications notifying requested "
            "requested_by showing_reblogs"
        )
        no = dict.fromkeys(flags.split(), False)
        known = {"blocking": who in self.blocking, "blocked_by": who in self.blocked_by}
        return {"id": who, "note": ""} | no | known

    def _report(self, given: dict[str, list[str]]) -> dict[str, Any]:
        return {
            "id": "48914",
            "action_taken": False,
            "action_taken_at": None,
            "category": given["category"][0],
            "comment": given["comment"][0],
            "forwarded": "forward" in given,
            "created_at": stamp(NOW),
            "status_ids": given["status_ids[]"],
            "rule_ids": None,
            "target_account": account(given["account_id"][0]),
        }

    def _made(self, given: dict[str, list[str]], key: str) -> dict[str, Any]:
        """Make a status, once for each key."""
        if key not in self.keys:
            number = 900_000 + len(self.keys)
            above = given.get("in_reply_to_id", [None])[0]
            words = given["status"][0]
            self.keys[key] = self.post(
                number,
                US,
                None if above is None else int(above),
                content=f"<p>{words}</p>",
                visibility=given["visibility"][0],
                created_at=stamp(NOW),
            )
        return self.statuses[self.keys[key]]


ROUTES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("GET v1/accounts/verify_credentials", Instance.verify),
    ("GET v1/apps/verify_credentials", Instance.app),
    ("GET v2/notifications/policy", Instance.filter),
    ("GET v1/notifications", Instance.told_of),
    ("GET v1/notifications/requests", Instance.requests),
    ("GET v1/conversations", Instance.conversations),
    ("GET v1/accounts/relationships", Instance.relationships),
    (r"GET v1/accounts/(\d+)/statuses", Instance.posts_of),
    (r"GET v1/accounts/(\d+)", Instance.person),
    (r"POST v1/accounts/(\d+)/(block|unblock)", Instance.block),
    ("POST v1/reports", Instance.report),
    ("POST v1/statuses", Instance.write),
    ("GET v1/statuses", Instance.many),
    (r"GET v1/statuses/(\d+)(/context)?", Instance.one),
    (r"DELETE v1/statuses/(\d+)", Instance.remove),
)
