"""A Facebook Page as a stage: the practice Facebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from connectors.practice.identities import USER_TOKEN
from connectors.practice.world import Node
from moderation.actions import ActionKind
from tests.connectors.stages.practice import PracticeStage, practice
from tests.connectors.stages.stage import Place


class FacebookStage(PracticeStage):
    """Facebook writes an id with that of the post before it; its list of blocks shows no lifted one."""

    platform = "facebook"
    unseen = frozenset({ActionKind.UNBLOCK})
    wrong_token = USER_TOKEN

    def name_of(self, node: Node) -> str:
        return node.id if node.conversation else node.id.rpartition("_")[2]


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield partial(practice, FacebookStage)
