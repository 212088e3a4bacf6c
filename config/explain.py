"""The errors of the checks, put into the words of a school: which key, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from config.problems import OWN, Problem, key_of, nearest

_SAID: Mapping[str, tuple[str, str]] = {
    "missing": ("This setting is missing.", "Add it; config/example.toml shows how."),
    "string_type": ("This has to be text.", 'Put it in quotes: "..."'),
    "int_type": ("This has to be a whole number.", "Write it without quotes and without a decimal point."),
    "bool_type": ("This has to be true or false.", "Write true or false, without quotes."),
    "tuple_type": ("This has to be a list.", "Write it in square brackets, with commas between."),
    "frozen_set_type": ("This has to be a list.", "Write it in square brackets, with commas between."),
    "dict_type": ("This has to be a table.", "Write its settings below a line with its name in brackets."),
    "model_type": ("This has to be a table.", "Write its settings below a line with its name in brackets."),
}

_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "This number is too small; the smallest is {}."),
    "less_than_equal": ("le", "This number is too large; the largest is {}."),
    "too_short": ("min_length", "There are too few of these; there have to be {} or more."),
    "too_long": ("max_length", "There are too many of these; the most is {}."),
}

_LOOKS_SECRET = ("token", "password", "secret", "passwd", "api_key")


def explained(errors: Iterable[ErrorDetails], root: type[BaseModel]) -> Iterator[Problem]:
    """Give the problem behind each error. ``root`` is the model of the whole file, to know the keys by."""
    found = [*errors]
    for error in found:
        place = error["loc"]
        if error["type"] == "too_short" and any(_is_inside(one["loc"], place) for one in found):
            continue  # It is only short of the entry that is reported itself
        if error["type"] == "extra_forbidden":
            yield Problem(key_of(place), "There is no such setting.", _remedy_for_unknown(place, root))
        else:
            yield Problem(key_of(place), *_said(error, root))


def _is_inside(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _said(error: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == OWN:
        return context["what"], context["remedy"]
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", '"').replace(" or ", ", ")
        return "This is not one of the words that can stand here.", f"Choose from {choices}."
    if kind in _LIMITS:
        limit, sentence = _LIMITS[kind]
        return sentence.format(context[limit]), "Correct it, or leave the line out if it has a default."
    if kind == "tuple_type" and _table_at(error["loc"], root) is not None:
        return "This has to be a list of tables.", f"Begin each with a line [[{error['loc'][-1]}]]."
    return _SAID.get(kind, ("This value cannot stand here.", "Compare it with config/example.toml."))


def _remedy_for_unknown(place: tuple[int | str, ...], root: type[BaseModel]) -> str:
    """Say what to do about a key that no table has, or that belongs into another one."""
    *before, key = place
    siblings = [*(_table_at(tuple(before), root) or root).model_fields]
    word = str(key).lower()
    guess = nearest(word, siblings)
    if any(part in word for part in _LOOKS_SECRET):
        kept = nearest(f"{word}_file", [name for name in siblings if name.endswith("_file")])
        return (
            f"{kept}A secret never stands in this file: put it in a file of mode 600 and name that file here."
        )
    elsewhere = [home for home, model in homes(root) if word in model.model_fields]
    if elsewhere:
        return f"It belongs under {' or '.join(elsewhere)}."
    if guess:
        return f"{guess}Otherwise take the line out."
    return f"Take the line out. The settings here are {', '.join(siblings)}."


def _table_at(place: tuple[int | str, ...], root: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model of the table at ``place``, or ``None`` when no table has its place there."""
    model: type[BaseModel] | None = root
    for part in place:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part) if model else None
        model = table_of(field.annotation) if field else None
    return model


def table_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside a field's type: ``School`` for ``tuple[School, ...]``, otherwise ``None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := table_of(part)) is not None), None)


def homes(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Give every table of the file with the line it begins with, in the order of the file."""
    yield (above or "the top of the file"), model
    for name, field in model.model_fields.items():
        inner = table_of(field.annotation)
        if inner is not None:
            path = f"{above.strip('[]')}.{name}".strip(".")
            yield from homes(inner, f"[[{path}]]" if _is_list(field.annotation) else f"[{path}]")


def _is_list(annotation: Any) -> bool:
    return not (isinstance(annotation, type) and issubclass(annotation, BaseModel))
