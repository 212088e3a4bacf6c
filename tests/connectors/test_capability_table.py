"""The table of what each platform offers says what the connectors say."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from connectors import registry
from connectors.base import Capability
from tests.connectors.wire import connector

BEGIN, END = "<!-- capabilities -->\n", "<!-- /capabilities -->"
OPTIONS_BEGIN, OPTIONS_END = "<!-- options -->\n", "<!-- /options -->"
TITLES = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "youtube": "YouTube",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "feed": "Forum feed",
    "manual": "By hand",
}
"""The columns, in the order of the page."""

SET_UP: dict[str, dict[str, Any]] = {"feed": {"school_authors": ["Oakfield Academy"]}}
"""What an account has to be told before it can do what the table says."""


def table() -> str:
    """Return the table as the connectors would write it."""
    declared = [connector(platform, **SET_UP.get(platform, {})).capabilities() for platform in TITLES]
    lines = ["| | " + " | ".join(TITLES.values()) + " |", "|---" * (len(TITLES) + 1) + "|"]
    for capability in Capability:
        missing = [each[capability] for each in declared]
        cells = ["yes" if each is None else "partly" if each.partly else "no" for each in missing]
        lines.append(f"| {str(capability).replace('_', ' ')} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def options() -> str:
    """Return what can be set for each platform, and the names of its streams, as the connectors say it."""
    lines: list[str] = []
    for platform, title in TITLES.items():
        made = connector(platform, **SET_UP.get(platform, {}))
        streams = (
            ", ".join(f"`{name}`" for name in made.streams())
            if platform not in SET_UP
            else "one for each URL"
        )
        lines += [f"### {title}", "", f'`platform = "{platform}"`. Streams: {streams or "none"}.', ""]
        fields = registry.options_for(platform).model_fields
        if fields:
            lines += ["| Option | Default | Meaning |", "|---|---|---|"]
            lines += [
                f"| `{name}` | {_default(each)} | {each.description} |" for name, each in fields.items()
            ]
            lines.append("")
    return "\n".join(lines)


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in ("", (), None) or field.is_required():
        return "none"
    shown = value.value if isinstance(value, Enum) else value
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"


def test_the_page_says_what_can_be_set(root: Path) -> None:
    """Options and streams are written down where whoever sets an account up looks for them."""
    page = (root / "docs" / "connectors.md").read_text(encoding="utf-8")
    assert page.partition(OPTIONS_BEGIN)[2].partition(OPTIONS_END)[0] == options()


def test_the_page_says_what_the_connectors_say(root: Path) -> None:
    """Whoever changes a connector changes the table with it."""
    page = (root / "docs" / "connectors.md").read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == table()


def test_the_table_has_every_platform() -> None:
    """A new file in connectors/ gets its column."""
    assert set(TITLES) == set(registry.platforms())
