"""A GOV.UK Notify of our own on this machine: its sign-in, its errors and its statuses as documented."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notifications.loopback import Answer, Asked, Loopback

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"oakfield-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
BAD_NUMBER = "07700"
OUTSIDER = "+447700900999"


def refused(status: int, error: str, message: str) -> Answer:
    """Return an error as Notify words it."""
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


class Notify(Loopback):
    """Takes texts, and tells what became of them in ``statuses``."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, Any]] = []
        self.statuses: dict[str, str] = {}

    def answer(self, asked: Asked) -> Answer:
        if problem := _signed_wrongly(asked.headers.get("Authorization", "")):
            return refused(403, "AuthError", problem)
        path = urlsplit(asked.path)
        if asked.method == "POST" and path.path == "/v2/notifications/sms":
            return self._take(json.loads(asked.body))
        if path.path == "/v2/notifications":
            reference = parse_qs(path.query).get("reference", [""])[0]
            found = [self._shown(each) for each in self.taken if each.get("reference") == reference]
            return 200, {"notifications": found[::-1], "links": {"current": path.path}}
        for each in self.taken:
            if path.path == f"/v2/notifications/{each['id']}":
                return 200, self._shown(each)
        return 404, {"status_code": 404, "errors": [{"error": "NoResultFound", "message": "No result found"}]}

    def _take(self, text: dict[str, Any]) -> Answer:
        if text["phone_number"] == BAD_NUMBER:
            return refused(400, "ValidationError", "phone_number Not enough digits")
        if text["phone_number"] == OUTSIDER:
            return refused(400, "BadRequestError", f"Can't send to {OUTSIDER} using a team-only API key")
        if text["template_id"] != TEMPLATE:
            return refused(400, "BadRequestError", "Template not found")
        number = f"740e5834-3a29-46b4-9a6f-{len(self.taken):012d}"
        self.taken.append({**text, "id": number})
        return 201, {"id": number, "reference": text.get("reference"), "content": {}, "uri": ""}

    def _shown(self, text: dict[str, Any]) -> dict[str, Any]:
        return {**text, "type": "sms", "status": self.statuses.get(text["id"], "created")}


def _signed_wrongly(header: str) -> str:
    """Check a JSON Web Token by the letter of RFC 7519, without the library that made it."""
    kind, _, token = header.partition(" ")
    if kind != "Bearer" or token.count(".") != 2:
        return "Unauthorized: authentication bearer scheme must be used"
    signed, _, signature = token.rpartition(".")
    head, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    right = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    if head != {"typ": "JWT", "alg": "HS256"} or not hmac.compare_digest(right, _decoded(signature)):
        return "Invalid token: API key not found"
    if claims.get("iss") != SERVICE:
        return "Invalid token: service not found"
    if abs(time.time() - claims["iat"]) > 30:
        return "Error: Your system clock must be accurate to within 30 seconds"
    return ""


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
