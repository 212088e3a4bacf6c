"""An Instagram account as a stage: the practice Instagram."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from connectors.practice.identities import USER_TOKEN
from moderation.actions import ActionKind
from tests.connectors.stages.practice import PracticeStage, practice
from tests.connectors.stages.stage import Place, Said


class InstagramStage(PracticeStage):
    """On Instagram only captions are edited, and only who wrote in private is blocked, which nobody sees."""

    platform = "instagram"
    unseen = frozenset({ActionKind.BLOCK, ActionKind.UNBLOCK})
    wrong_token = USER_TOKEN

    def editable(self, words: str) -> Said:
        return self.post(words)

    def target(self, kind: ActionKind, words: str) -> Said:
        if kind in (ActionKind.BLOCK, ActionKind.UNBLOCK):
            return self.message(words)
        return super().target(kind, words)


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield partial(practice, InstagramStage)
