"""Practice platforms that a test may start, and that are stopped after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connectors.practice.content import Content
from connectors.practice.server import PracticePlatforms
from tests.connectors.practice.rehearsal import A_WEEK, NOW, content

Serve = Callable[..., PracticePlatforms]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what starts practice platforms: the little week at its Friday noon, unless said otherwise."""
    with ExitStack() as running:

        def started(found: Content | None = None, **options: Any) -> PracticePlatforms:
            given = {"now": lambda: NOW} | options
            return running.enter_context(PracticePlatforms(found or content(*A_WEEK), **given))

        yield started
