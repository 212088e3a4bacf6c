"""A Twilio of our own on this machine: basic auth, its errors and its statuses as documented."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notifications.loopback import Answer, Asked, Loopback

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "fedcba9876543210" * 2
SENDER = "Oakfield"
BAD_NUMBER = "+44770"
STOPPED = "+447700900998"
CREATED = datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)


def refused(status: int, code: int, message: str) -> Answer:
    """Return an error as Twilio words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}


class Twilio(Loopback):
    """Takes texts, and tells what became of them in ``statuses``: a status and a reason."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, Any]] = []
        self.statuses: dict[str, tuple[str, int | None]] = {}
        self.created = CREATED

    def answer(self, asked: Asked) -> Answer:
        right = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if not hmac.compare_digest(asked.headers.get("Authorization", ""), f"Basic {right}"):
            return refused(401, 20003, "Authenticate")
        path = urlsplit(asked.path)
        place = path.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/")
        if asked.method == "POST" and place == "Messages.json":
            return self._take({key: value for key, [value] in parse_qs(asked.body.decode()).items()})
        if place == "Messages.json":
            to = parse_qs(path.query).get("To", [""])[0]
            return 200, {"messages": [self._shown(each) for each in self.taken[::-1] if each["to"] == to]}
        for each in self.taken:
            if place == f"Messages/{each['sid']}.json":
                return 200, self._shown(each)
        return refused(404, 20404, f"The requested resource {path.path} was not found")

    def _take(self, form: dict[str, str]) -> Answer:
        if form["To"] == BAD_NUMBER:
            return refused(400, 21211, f"The 'To' number {BAD_NUMBER} is not a valid phone number.")
        if form["To"] == STOPPED:
            return refused(400, 21610, "Attempt to send to unsubscribed recipient")
        if form.get("From") != SENDER and not form.get("MessagingServiceSid", "").startswith("MG"):
            return refused(
                400, 21606, f"The 'From' phone number {form.get('From')} is not valid for {form['To']}"
            )
        text = {
            "sid": f"SM{len(self.taken):032x}",
            "to": form["To"],
            "body": form["Body"],
            "date_created": format_datetime(self.created),
            "date_sent": None,
        }
        self.taken.append(text)
        return 201, self._shown(text)

    def _shown(self, text: dict[str, Any]) -> dict[str, Any]:
        status, code = self.statuses.get(text["sid"], ("queued", None))
        return {**text, "status": status, "error_code": code, "error_message": None}
