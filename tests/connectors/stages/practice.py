"""The stage that X, Facebook, Instagram and YouTube share: the practice platforms, and their time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from connectors.base import Connector
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Content, Thing
from connectors.practice.identities import EXPIRED_TOKEN, SCHOOL, SCHOOL_NAME, TOKEN, Platform
from connectors.practice.server import PracticePlatforms
from connectors.practice.world import Node
from moderation.actions import ActionKind
from tests.connectors.stages.stage import AT_ONCE, KERRY, ROWAN, Said, Stage
from tests.connectors.wire import NOW, connector
from tests.fakes import PassingTime

NAMES = {KERRY: "Kerry Walsh", ROWAN: "Rowan Ash", SCHOOL: SCHOOL_NAME}

POSTED = timedelta(days=2)
"""How long ago the school said what others answer now, so that answers can be dated back."""


class PracticeStage(Stage):
    """One of the practice platforms, with nothing said yet."""

    wrong_token: ClassVar[str] = EXPIRED_TOKEN

    def __init__(self, platforms: PracticePlatforms, time: PassingTime) -> None:
        self._platforms = platforms
        self._time = time
        self._at = Platform(self.platform)
        self.host = urlsplit(platforms.url).netloc

    @property
    def now(self) -> datetime:
        return self._time.at

    def settle(self) -> None:
        self._time.pass_by(minutes=2)

    def reader(self) -> Connector:
        return self.reader_with(TOKEN)

    def wrong_reader(self) -> Connector:
        return self.reader_with(self.wrong_token)

    def reader_with(self, token: str) -> Connector:
        """Make a connector with another token."""
        return connector(self.platform, token=token, base_url=self._platforms.base_url(self._at))

    def post(self, words: str) -> Said:
        return self._say(words, SCHOOL, None, POSTED)

    def comment(self, words: str, under: Said, by: str = KERRY, claimed: timedelta = AT_ONCE) -> Said:
        return self._say(words, by, under, claimed)

    def answer(self, words: str, under: Said) -> Said:
        return self._say(words, SCHOOL, under, AT_ONCE)

    def message(self, words: str, by: str = KERRY) -> Said:
        return self._say(words, by, None, AT_ONCE, private=True)

    def edit(self, said: Said, words: str) -> None:
        self._change(said, ChangeKind.EDIT, words)

    def delete(self, said: Said) -> None:
        self._change(said, ChangeKind.DELETE)

    @contextmanager
    def unlisted(self) -> Iterator[None]:
        self._platforms.set_faults(f"{self.platform}:short=100")
        yield
        self._platforms.set_faults("")

    def count(self, kind: ActionKind, said: Said) -> int:
        world = self._platforms.world(self._at)
        node = world.by_key[said.key]
        match kind:
            case ActionKind.REPLY:
                return sum(each.author.is_school and each.parent is node for each in world.by_key.values())
            case ActionKind.HIDE | ActionKind.UNHIDE:
                return int(self.is_hidden(node) == (kind is ActionKind.HIDE))
            case ActionKind.DELETE:
                return int(node.is_gone)
            case _:
                return int((said.by in world.banned) == (kind is ActionKind.BLOCK))

    def is_hidden(self, node: Node) -> bool:
        """Say whether something is out of sight on this platform."""
        return node.known.hidden

    def _say(
        self, words: str, by: str, under: Said | None, claimed: timedelta, *, private: bool = False
    ) -> Said:
        key = under.key if under else None
        seen_from = self.now if claimed and by != SCHOOL else None
        thing = Thing(0, "", self._at, by, NAMES[by], words, self.now - claimed, key, seen_from=seen_from)
        node = self._platforms.say(replace(thing, private=private))
        return Said(node.thing.key, self.name_of(node), words, by)

    def name_of(self, node: Node) -> str:
        """Return what the connector calls something."""
        return node.first_id

    def _change(self, said: Said, kind: ChangeKind, words: str | None = None) -> None:
        self._platforms.change(Change(said.key, kind, self.now, words, by=said.by))


@contextmanager
def practice(kind: type[PracticeStage]) -> Iterator[PracticeStage]:
    """Set up a stage of this kind."""
    time = PassingTime(NOW)
    with PracticePlatforms(Content(()), time) as platforms:
        yield kind(platforms, time)
