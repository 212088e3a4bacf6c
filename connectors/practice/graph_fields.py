"""The ``fields`` parameter of Graph: ``id,from{id,name},comments.filter(stream).limit(0).summary(true)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\s*([A-Za-z_0-9]+|[{}(),.]|[^\s{}(),.]+)")
_DEEPEST = 5


class FieldsError(ValueError):
    """A ``fields`` parameter that cannot be read."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field asked for: the arguments of an edge, and what to show of what it leads to."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] | None = None


Fields = Mapping[str, Field]


def parse_fields(text: str) -> Fields:
    """Read a ``fields`` parameter. Raises :class:`FieldsError`."""
    reader = _Reader(_TOKEN.findall(text))
    fields = reader.fields(0)
    if reader.tokens:
        raise FieldsError
    return fields


def plain(*names: str) -> Fields:
    """Return fields without arguments."""
    return {name: Field() for name in names}


def as_text(fields: Fields) -> str:
    """Write fields the way a request says them."""
    return ",".join(name + _field_text(each) for name, each in fields.items())


def _field_text(asked: Field) -> str:
    arguments = "".join(f".{name}({value})" for name, value in asked.arguments.items())
    return arguments + (f"{{{as_text(asked.fields)}}}" if asked.fields is not None else "")


class _Reader:
    """Reads the tokens from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens[::-1]

    def fields(self, depth: int) -> Fields:
        """Read fields joined by commas."""
        if depth > _DEEPEST:
            raise FieldsError
        found: dict[str, Field] = {}
        while True:
            name = self._word()
            found[name] = self._field(depth)
            if not self._take(","):
                return found

    def _field(self, depth: int) -> Field:
        arguments: dict[str, str] = {}
        while self._take("."):
            name = self._word()
            self._expect("(")
            value = ""
            while self.tokens and self.tokens[-1] != ")":
                value += self.tokens.pop()
            self._expect(")")
            arguments[name] = value
        if not self._take("{"):
            return Field(arguments)
        fields = self.fields(depth + 1)
        self._expect("}")
        return Field(arguments, fields)

    def _word(self) -> str:
        word = self.tokens.pop() if self.tokens else ""
        if not word.isidentifier():
            raise FieldsError
        return word

    def _take(self, mark: str) -> bool:
        if not self.tokens or self.tokens[-1] != mark:
            return False
        self.tokens.pop()
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise FieldsError
