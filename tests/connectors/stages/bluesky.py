"""Bluesky as a stage: servers of its own, with an AppView and people who write as any app does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from connectors.base import Capability, Connector, ConnectorContext, Identity
from connectors.registry import connector_for
from moderation.actions import ActionKind
from tests.connectors.bluesky_network.running import Network, Person, with_a_database_of_its_own
from tests.connectors.stages.stage import AT_ONCE, KERRY, ROWAN, LackingError, Place, Said, Stage

MARKS = (pytest.mark.server, pytest.mark.slow)
"""What every test on this stage is marked with: it takes servers of its own."""

SCHOOL = "school"
PEOPLE = {KERRY: "kerry", ROWAN: "zeta", SCHOOL: "oakfield"}
NO_CHAT = "no server for private messages can be run here"


class BlueskyStage(Stage):
    """The same network for all tests: what each of them says is its own, and what the school did goes."""

    platform = "bluesky"
    unread = frozenset({"messages"})
    lacks = MappingProxyType(
        {
            Capability.READ_MESSAGES: NO_CHAT,
            Capability.REPORT: "what the moderators are told is shown to them alone",
        }
    )

    def __init__(self, network: Network, sessions: dict[str, str]) -> None:
        self._network = network
        self._school = network.people[PEOPLE[SCHOOL]]
        self._sessions = sessions
        self._posts: dict[str, Any] = {}
        self.host = self._school.pds.removeprefix("http://")

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def settle(self) -> None:
        self._network.settle()

    def reader(self) -> Connector:
        token = self._sessions.get("school", self._school.privileged)
        return self._reader(token, keep_token=lambda kept: self._sessions.update(school=kept))

    def wrong_reader(self) -> Connector:
        return self._reader(self._network.people[PEOPLE[KERRY]].privileged)

    def _reader(self, token: str, **more: Any) -> Connector:
        me = Identity(self._school.did, self._school.handle)
        return connector_for("bluesky", {}, ConnectorContext(me, token, self._school.pds, **more))

    def post(self, words: str) -> Said:
        said = self._say(words, SCHOOL, None, AT_ONCE)
        self.settle()  # An answer that is indexed at the same moment may never be notified of
        return said

    def comment(self, words: str, under: Said, by: str = KERRY, claimed: timedelta = AT_ONCE) -> Said:
        return self._say(words, by, under, claimed)

    def answer(self, words: str, under: Said) -> Said:
        return self._say(words, SCHOOL, under, AT_ONCE)

    def message(self, words: str, by: str = KERRY) -> Said:
        raise LackingError(NO_CHAT)

    def edit(self, said: Said, words: str) -> None:
        author, where = self._record(said)
        value = author.ask("com.atproto.repo.getRecord", **where)["value"]
        author.write("com.atproto.repo.putRecord", record={**value, "text": words}, **where)

    def delete(self, said: Said) -> None:
        self._by(said.by).remove(said.key)

    def unlisted(self) -> AbstractContextManager[None]:
        raise LackingError("real servers cannot be told to leave something out")

    def count(self, kind: ActionKind, said: Said) -> int:
        match kind:
            case ActionKind.REPLY:
                replies = (each["value"].get("reply") for each in self._records("app.bsky.feed.post"))
                return sum(each is not None and each["parent"]["uri"] == said.key for each in replies)
            case ActionKind.HIDE | ActionKind.UNHIDE:
                gates = self._records("app.bsky.feed.threadgate")
                is_hidden = any(said.key in each["value"].get("hiddenReplies", ()) for each in gates)
                return int(is_hidden == (kind is ActionKind.HIDE))
            case ActionKind.DELETE:
                return int(all(each["uri"] != said.key for each in self._records("app.bsky.feed.post")))
            case _:
                author = self._by(said.by).did
                blocks = self._records("app.bsky.graph.block")
                is_blocked = any(each["value"]["subject"] == author for each in blocks)
                return int(is_blocked == (kind is ActionKind.BLOCK))

    def target(self, kind: ActionKind, words: str) -> Said:
        return self.post(words) if kind is ActionKind.DELETE else super().target(kind, words)

    def tidy(self) -> None:
        """Lift all blocks and take away the school's posts: every poll would walk their threads."""
        for collection in ("app.bsky.graph.block", "app.bsky.feed.post"):
            for each in self._records(collection):
                self._school.remove(each["uri"])

    def _by(self, who: str) -> Person:
        return self._network.people[PEOPLE[who]]

    def _say(self, words: str, by: str, under: Said | None, claimed: timedelta) -> Said:
        at = (self.now - claimed).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        made = self._by(by).post(words, under and self._posts[under.key], createdAt=at)
        self._posts[made["uri"]] = made
        return Said(made["uri"], made["uri"], words, by)

    def _record(self, said: Said) -> tuple[Person, dict[str, str]]:
        did, collection, key = said.key.removeprefix("at://").split("/")
        return self._by(said.by), {"repo": did, "collection": collection, "rkey": key}

    def _records(self, collection: str) -> list[Any]:
        asked = {"repo": self._school.did, "collection": collection, "limit": 100}
        listed: list[Any] = self._school.ask("com.atproto.repo.listRecords", **asked)["records"]
        return listed


@contextmanager
def place() -> Iterator[Place]:
    """Open the place: one network for all the stages."""
    sessions: dict[str, str] = {}
    with with_a_database_of_its_own() as network:

        @contextmanager
        def stage() -> Iterator[Stage]:
            made = BlueskyStage(network, sessions)
            yield made
            made.tidy()

        yield stage
