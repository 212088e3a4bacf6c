"""A Mastodon account as a stage: the small server of ``mastodon_instance``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import escape

from connectors.base import Connector
from moderation.actions import ActionKind
from tests.connectors.mastodon_instance import KERRY as KERRY_ID
from tests.connectors.mastodon_instance import ROWAN as ROWAN_ID
from tests.connectors.mastodon_instance import SERVER, US, Instance, stamp
from tests.connectors.stages.stage import AT_ONCE, KERRY, ROWAN, Place, Said, Stage
from tests.connectors.wire import NOW, connector
from tests.fakes import PassingTime

SCHOOL = "school"
IDS = {KERRY: KERRY_ID, ROWAN: ROWAN_ID, SCHOOL: US}
NOTHING_AROUND = '{"ancestors": [], "descendants": []}'


class MastodonStage(Stage):
    """A server on which nobody but the school has an account; nobody is shown a report afterwards."""

    platform = "mastodon"
    unseen = frozenset({ActionKind.REPORT})
    host = SERVER.removeprefix("https://")

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._time = PassingTime(NOW)
        self._number = 1000

    @property
    def now(self) -> datetime:
        return self._time.at

    def settle(self) -> None:
        self._time.pass_by(minutes=2)

    def reader(self) -> Connector:
        return connector("mastodon")

    def wrong_reader(self) -> Connector:
        self._instance.whose = KERRY_ID
        return self.reader()

    def post(self, words: str) -> Said:
        return self._say(words, SCHOOL, None, timedelta(days=2))

    def comment(self, words: str, under: Said, by: str = KERRY, claimed: timedelta = AT_ONCE) -> Said:
        return self._say(words, by, under, claimed)

    def answer(self, words: str, under: Said) -> Said:
        return self._say(words, SCHOOL, under, AT_ONCE)

    def message(self, words: str, by: str = KERRY) -> Said:
        return self._say(words, by, None, AT_ONCE, visibility="direct")

    def edit(self, said: Said, words: str) -> None:
        changed = {"content": f"<p>{escape(words)}</p>", "edited_at": stamp(self.now)}
        self._instance.statuses[said.key].update(changed)

    def delete(self, said: Said) -> None:
        del self._instance.statuses[said.key]

    @contextmanager
    def unlisted(self) -> Iterator[None]:
        known, self._instance.notifications = self._instance.notifications, []
        self._instance.fail["/context"] = (200, {}, NOTHING_AROUND)
        yield
        self._instance.notifications = known
        del self._instance.fail["/context"]

    def count(self, kind: ActionKind, said: Said) -> int:
        match kind:
            case ActionKind.REPLY:
                return sum(
                    each["in_reply_to_id"] == said.key and each["account"]["id"] == US
                    for each in self._instance.statuses.values()
                )
            case ActionKind.DELETE:
                return int(said.key not in self._instance.statuses)
            case ActionKind.REPORT:
                return sum(each["status_ids[]"] == [said.key] for each in self._instance.reports)
            case _:
                is_blocked = IDS[said.by] in self._instance.blocking
                return int(is_blocked == (kind is ActionKind.BLOCK))

    def target(self, kind: ActionKind, words: str) -> Said:
        return self.post(words) if kind is ActionKind.DELETE else super().target(kind, words)

    def _say(self, words: str, by: str, under: Said | None, claimed: timedelta, **more: str) -> Said:
        self._number += 1
        above = int(under.key) if under else None
        written = {"content": f"<p>{escape(words)}</p>", "created_at": stamp(self.now - claimed), **more}
        key = str(self._number)
        if under and self._instance.statuses[under.key]["visibility"] == "direct":
            written["visibility"] = "direct"
        if by == SCHOOL:
            self._instance.post(self._number, IDS[by], above, **written)
        else:
            self._instance.mention(self._number, IDS[by], above, **written)
            self._instance.notifications[-1]["created_at"] = stamp(self.now)
        return Said(key, key, words, by)


@contextmanager
def _stage() -> Iterator[Stage]:
    instance = Instance()
    with instance.served():
        yield MastodonStage(instance)


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield _stage
