"""Which platforms there are, and that a school loads only those that it uses."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from config.tables import PlatformName
from connectors import registry
from connectors.base import BugOrConfig, ConnectorContext, Identity

CONTEXT = ConnectorContext(Identity("1"), "token")


def test_platforms_are_the_files_of_the_room() -> None:
    """One file per platform; what the platforms share is not one."""
    assert registry.platforms() == (
        "bluesky",
        "facebook",
        "feed",
        "instagram",
        "manual",
        "mastodon",
        "x",
        "youtube",
    )
    assert registry.platforms() == tuple(sorted(get_args(PlatformName)))


@pytest.mark.parametrize(
    "name", ["base", "registry", "transport", "answers", "calls", "practice", "myspace", "", "os", "x.y"]
)
def test_anything_else_is_no_platform(name: str) -> None:
    """A mistyped platform is answered with the names that work."""
    with pytest.raises(BugOrConfig, match="bluesky, facebook, feed"):
        registry.connector_for(name, {}, CONTEXT)
    with pytest.raises(BugOrConfig):
        registry.options_for(name)


def test_options_are_the_platforms_own() -> None:
    """Each platform says what can be set."""
    assert set(registry.options_for("facebook").model_fields) >= {"api_version", "overlap_hours", "max_pages"}
    made = registry.connector_for("facebook", {"overlap_hours": 12}, CONTEXT)
    assert made.platform == "facebook"


@pytest.mark.parametrize(
    ("used", "unused"),
    [
        ("x", {"facebook", "googleapiclient"}),
        ("facebook", {"tweepy", "googleapiclient"}),
        ("youtube", {"tweepy", "facebook"}),
        (None, {"tweepy", "facebook", "googleapiclient", "requests"}),
    ],
)
def test_only_configured_platforms_are_imported(used: str | None, unused: set[str]) -> None:
    """A school on one platform does not load, or depend on, the SDKs of the others."""
    program = (
        "import sys; from connectors import registry; registry.platforms()\n"
        f"if {used!r}: registry.options_for({used!r})\n"
        f"sys.exit(bool({unused!r} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
