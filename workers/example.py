"""The example settings as a file: to fill in for a school, or to look into what the demo left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import config

CALENDAR = "config/calendars/oakfield-2025-27.csv"
"""The term dates that the example names, from the folder of the settings file."""


def write_example(target: Path, changed: Mapping[str, str] | None = None, *, anew: bool = False) -> None:
    """Write the example and the calendar that it names; a calendar that is there already stays.

    ``changed`` maps lines of the example to those that stand in their place.

    Raises:
        FileExistsError: the settings are there already, and not to be written ``anew``.
        OSError: they cannot be written.
    """
    root = Path(config.__file__).resolve().parent
    words = (root / "example.toml").read_text(encoding="utf-8")
    for line, other in (changed or {}).items():
        if words.count(f"\n{line}\n") != 1:
            raise ValueError(f"the example has not one line {line!r}")
        words = words.replace(f"\n{line}\n", f"\n{other}\n")
    with target.open("w" if anew else "x", encoding="utf-8") as file:
        file.write(words)
    calendar = target.parent / CALENDAR
    if not calendar.exists():
        calendar.parent.mkdir(parents=True, exist_ok=True)
        calendar.write_bytes((root.parent / CALENDAR).read_bytes())
