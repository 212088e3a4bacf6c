"""Settings of the invented school, for tests that run commands as people do."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_settings(folder: Path, url: str, *changes: tuple[str, str], top: str = "") -> Path:
    """Write the example settings into ``folder``, turned to the practice platforms at ``url``.

    ``changes`` are pairs of a text in the example and what stands in its place; ``top`` goes before all
    tables. Returns the file's path.
    """
    text = (ROOT / "config" / "example.toml").read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:8765", url)
    text = text.replace('"config/calendars/', f'"{(ROOT / "config" / "calendars").as_posix()}/')
    for before, after in changes:
        assert before in text, f"the example settings do not hold {before!r} any more"
        text = text.replace(before, after)
    path = folder / "socialduty.toml"
    path.write_text(top + text, encoding="utf-8")
    return path
