"""A YouTube channel as a stage: the practice YouTube."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from connectors.base import Connector
from connectors.practice.world import Node
from connectors.practice.youtube import READ_ONLY_TOKEN
from moderation.actions import ActionKind
from tests.connectors.stages.practice import PracticeStage, practice
from tests.connectors.stages.stage import Place, Said


class YouTubeStage(PracticeStage):
    """To hide on YouTube is to hold for review, and a channel deletes its own comments only."""

    platform = "youtube"

    def wrong_reader(self) -> Connector:
        told = {
            "refresh_token": READ_ONLY_TOKEN,
            "client_id": "practice",
            "client_secret": "practice",
            "token_uri": f"http://{self.host}/token",
        }
        return self.reader_with(json.dumps(told))

    def target(self, kind: ActionKind, words: str) -> Said:
        said = super().target(kind, words)
        return self.answer(f"{words} Answered.", said) if kind is ActionKind.DELETE else said

    def is_hidden(self, node: Node) -> bool:
        return node.known.held


@contextmanager
def place() -> Iterator[Place]:
    """Open the place."""
    yield partial(practice, YouTubeStage)
