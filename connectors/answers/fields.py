"""Reading a platform's answer field by field, so that one broken item never costs the others.

A value that is absent or ``null`` is simply not there. A value of the wrong type or form raises
:class:`FieldError`, and :func:`sort_out` turns that into a :class:`Rejected` row for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from moderation.items import Rejected, Sighting

_IDENTIFIER = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.:\-]{0,199}")
_LONGEST_TIME = 64


class FieldError(Exception):
    """A field cannot be read. The text names the field and says what is wrong, never its value."""

    def __init__(self, field: str, wrong: str) -> None:
        super().__init__(f"{field} {wrong}")


def mapping(thing: Mapping[str, object], field: str) -> Mapping[str, object]:
    """Return the object under ``field``, empty when there is none."""
    value = thing.get(field)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise FieldError(field, "is not an object")
    return value


def sequence(thing: Mapping[str, object], field: str) -> Sequence[object]:
    """Return the list under ``field``, empty when there is none."""
    value = thing.get(field)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise FieldError(field, "is not a list")
    return value


def mappings(thing: Mapping[str, object], field: str) -> list[Mapping[str, object]]:
    """Return the objects listed under ``field``; the list may hold nothing else."""
    entries = sequence(thing, field)
    found = [entry for entry in entries if isinstance(entry, Mapping)]
    if len(found) != len(entries):
        raise FieldError(field, "holds something that is not an object")
    return found


def mappings_in(value: object) -> list[Mapping[str, object]]:
    """Return the objects in what should be a list, and pass over anything else: for what is only beside."""
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def optional_string(thing: Mapping[str, object], field: str) -> str | None:
    """Return the text under ``field`` as received, ``None`` when there is none."""
    value = thing.get(field)
    if value is None or isinstance(value, str):
        return value
    raise FieldError(field, "is not text")


def string(thing: Mapping[str, object], field: str) -> str:
    """Return the text under ``field``, which has to be there."""
    value = optional_string(thing, field)
    if value is None:
        raise FieldError(field, "is missing")
    return value


def optional_identifier(thing: Mapping[str, object], field: str) -> str | None:
    """Return the platform's id under ``field`` as text, ``None`` when there is none."""
    value = thing.get(field)
    if value is None:
        return None
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not _IDENTIFIER.fullmatch(written):
        raise FieldError(field, "is not an id")
    return written


def identifier(thing: Mapping[str, object], field: str) -> str:
    """Return the platform's id under ``field``, which has to be there."""
    value = optional_identifier(thing, field)
    if value is None:
        raise FieldError(field, "is missing")
    return value


def optional_count(thing: Mapping[str, object], field: str) -> int | None:
    """Return the whole number, zero or more, under ``field``; ``None`` when there is none."""
    value = thing.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FieldError(field, "is not a count")
    return value


def optional_time(thing: Mapping[str, object], field: str) -> datetime | None:
    """Return the time under ``field`` in UTC, ``None`` when there is none. It has to carry an offset."""
    value = thing.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_TIME:
        raise FieldError(field, "is not a time")
    try:
        read = datetime.fromisoformat(value)
        if read.tzinfo is None:
            raise FieldError(field, "is a time without an offset")
        return read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise FieldError(field, "is not a time") from None


def known_identifier(entry: object, field: str = "id") -> str | None:
    """Return the id of an entry that may be broken in any way, ``None`` when it cannot be told."""
    try:
        return optional_identifier(entry, field) if isinstance(entry, Mapping) else None
    except FieldError:
        return None


Reader = Callable[[Mapping[str, object]], Sighting]


def sort_out(
    entries: Iterable[object],
    read: Reader,
    name: Callable[[object], str | None] = known_identifier,
) -> tuple[tuple[Sighting, ...], tuple[Rejected, ...]]:
    """Read every entry of a page in the platform's order: those that can be read, and the others.

    ``name`` finds the external id of an entry that could not be read.
    """
    items: list[Sighting] = []
    rejected: list[Rejected] = []
    for entry in entries:
        try:
            if not isinstance(entry, Mapping):
                raise FieldError("item", "is not an object")
            items.append(read(entry))
        except FieldError as fault:
            rejected.append(Rejected(name(entry), str(fault)))
    return tuple(items), tuple(rejected)
