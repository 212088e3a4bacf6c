"""A browser before the page of one link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from console.app import make_app
from tests.console.case_links import Clock, Links, no_status


@pytest.fixture
def links() -> Links:
    """Return a case that nobody has taken yet."""
    return Links()


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def browser(links: Links, clock: Clock) -> Iterator[TestClient]:
    """Return a browser that keeps cookies and follows redirects, over https."""
    app = make_app(no_status, links.desk(), clock=clock)
    with TestClient(app, base_url="https://sm.oakfield.example") as client:
        yield client
