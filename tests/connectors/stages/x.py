"""X as a stage: the practice X."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from moderation.actions import ActionKind
from tests.connectors.stages.practice import PracticeStage, practice
from tests.connectors.stages.stage import Place, Said


class XStage(PracticeStage):
    """X tells nobody what is hidden and whose messages are blocked."""

    platform = "x"
    unseen = frozenset({ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.BLOCK, ActionKind.UNBLOCK})

    def target(self, kind: ActionKind, words: str) -> Said:
        match kind:
            case ActionKind.DELETE:
                return self.post(words)
            case ActionKind.BLOCK | ActionKind.UNBLOCK:
                return self.message(words)
        return super().target(kind, words)


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield partial(practice, XStage)
