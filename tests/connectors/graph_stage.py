"""A Page of Graph for tests without a server: the practice platform behind recorded requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses
from requests import PreparedRequest
from requests.exceptions import ReadTimeout

from connectors.base import Connector
from connectors.practice import graph
from connectors.practice.content import read
from connectors.practice.identities import TOKEN, Platform
from connectors.practice.stage import Stage
from connectors.practice.wire import Request
from connectors.practice.world import Node
from moderation.items import Reference, Sighting, digest
from tests.connectors.wire import NOW, connector

GRAPH_HOST = "https://graph.facebook.com"


@dataclass
class GraphStage:
    """The Page at a moment, and what was asked of it. ``moment`` may be moved.

    ``loses_answers``: writes are done, and their answers are lost on the way.
    """

    lines: Iterable[Mapping[str, Any]]
    moment: datetime = NOW
    sent: list[PreparedRequest] = field(default_factory=list)
    loses_answers: bool = False

    def __post_init__(self) -> None:
        found = read(json.dumps({"platform": "facebook", **line}).encode() for line in self.lines)
        assert not found.rejected
        self.stage = Stage(found, lambda: self.moment)

    def listen(self, recorded: responses.RequestsMock) -> None:
        """Answer every request to Graph."""
        for method in ("GET", "POST", "DELETE"):
            recorded.add_callback(method, re.compile(f"{GRAPH_HOST}/.*"), self._answer)

    def node(self, key: str) -> Node:
        """Return what a line became, as it is now."""
        return self.stage.world(Platform.FACEBOOK).by_key[key]

    def reader(self, token: str = TOKEN, **options: object) -> Connector:
        """Return a connector for the Page."""
        return connector("facebook", token=token, base_url=None, **options)

    def wrote(self) -> list[str]:
        """Return the writes that were sent: method, and the path without the version."""
        return [
            f"{each.method} {urlsplit(str(each.url)).path.removeprefix('/v26.0/')}"
            for each in self.sent
            if each.method != "GET"
        ]

    def _answer(self, sent: PreparedRequest) -> tuple[int, Mapping[str, str], bytes]:
        self.sent.append(sent)
        address = urlsplit(str(sent.url))
        body = sent.body.decode() if isinstance(sent.body, bytes) else sent.body or ""
        asked = Request(
            method=str(sent.method),
            path=address.path,
            query={name: tuple(values) for name, values in parse_qs(address.query).items()},
            form={name: tuple(values) for name, values in parse_qs(str(body)).items()},
            base_url=GRAPH_HOST,
            stage=self.stage,
        )
        answer = graph.answer(self.stage.world(Platform.FACEBOOK), asked, self.moment)
        if self.loses_answers and sent.method != "GET":
            raise ReadTimeout("no answer")
        return answer.status, answer.headers, answer.encoded()


def reference_to(item: Sighting) -> Reference:
    """Return what a stored item is found by again."""
    return Reference(
        external_id=item.external_id,
        kind=item.kind,
        thread_id=item.thread_id,
        parent_id=item.parent_id,
        post_id=item.post_id,
        author_id=item.author.external_id,
        permalink=item.permalink,
        digest=digest(item.text),
        created_at=item.created_at,
    )
