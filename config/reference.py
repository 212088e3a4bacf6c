"""Every setting with its type, default and meaning, read off the tables: docs/settings.md is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config.explain import homes, table_of
from config.settings import Settings
from config.values import Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``table`` is the line its table begins with; empty for the top of the file."""

    table: str
    name: str
    kind: str
    default: str
    meaning: str


def settings() -> Iterator[Setting]:
    """Give every setting there is, in the order of the file."""
    for home, model in homes(Settings):
        table = home if home.startswith("[") else ""
        for name, field in model.model_fields.items():
            if table_of(field.annotation) is None:
                yield Setting(table, name, _kind(field), _default(field), field.description or "")


def page() -> str:
    """Return the part of docs/settings.md that lists the settings, in Markdown."""
    lines: list[str] = []
    table: str | None = None
    for setting in settings():
        if setting.table != table:
            table = setting.table
            lines += ["", f"### `{table}`" if table else "### The top of the file", "", *_HEAD]
        lines.append(f"| `{setting.name}` | {setting.kind} | {setting.default} | {setting.meaning} |")
    return "\n".join(lines).strip() + "\n"


_HEAD = ("| Key | Type | Default | Meaning |", "|---|---|---|---|")


def _kind(field: FieldInfo) -> str:
    return next((mark.words for mark in field.metadata if isinstance(mark, Kind)), "") or _words(
        field.annotation
    )


def _words(annotation: Any) -> str:
    """Return what an annotation asks for, in words: ``list of dates`` for ``tuple[Day, ...]``."""
    metadata = getattr(annotation, "__metadata__", ())
    marked = next((mark.words for mark in metadata if isinstance(mark, Kind)), "")
    if marked:
        return marked
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(f"`{word}`" for word in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"list: {_words(get_args(annotation)[0])}"
    return next((words for part in get_args(annotation) if (words := _words(part))), "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value is PydanticUndefined or isinstance(value, BaseModel):
        return "none"
    return _written(value)


def _written(value: object) -> str:
    """Return a default as it is written in the file."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(json.dumps(one) for one in value)}]`"
    if isinstance(value, Mapping):
        return "empty"
    if isinstance(value, str | Path):
        return f'`"{value}"`' if str(value) else "empty"
    return f"`{value}`"
