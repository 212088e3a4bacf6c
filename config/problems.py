"""What is wrong in a settings file, said so that the reader can mend it.

No text here quotes a value: a mistyped value may be a password or somebody's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_core import PydanticCustomError

OWN = "setting"
"""The type of the errors that :func:`refusal` makes."""

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth knowing, about one setting.

    ``key`` says where it stands: ``accounts[1].staff`` is the key ``staff`` of the second ``[[accounts]]``
    table (tables are counted from 0), or the file's name when the file itself is the problem. ``what`` and
    ``remedy`` are sentences.
    """

    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what} {self.remedy}"


class SettingsError(Exception):
    """The settings cannot be used. ``problems`` holds everything that is wrong, not only the first thing."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.key, problem.what)))
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"The settings have {count}:", *(f"  {one}" for one in self.problems)]))


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """Return the error with which a value's own check refuses it, in our words."""
    return PydanticCustomError(OWN, "{what}", {"what": what, "remedy": remedy})


def shown(word: object) -> str:
    """Return a key or short name from the file as it can be shown: printable, in quotes, not endless."""
    text = str(word)
    clipped = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return "'" + "".join(letter if letter.isprintable() else "?" for letter in clipped) + "'"


def listed(words: Iterable[str]) -> str:
    """Return ``words`` as a list for a sentence: ``a, b and c``."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def nearest(word: object, known: Iterable[str]) -> str:
    """Return ``Did you mean 'staff'? `` when one of ``known`` is close to ``word``, otherwise nothing."""
    close = get_close_matches(str(word)[:_SHOWN].lower(), list(known), n=1, cutoff=0.6)
    return f"Did you mean {shown(close[0])}? " if close else ""


def key_of(path: Sequence[int | str]) -> str:
    """Return the key of a place in the file: ``("accounts", 1, "staff")`` is ``accounts[1].staff``."""
    key = ""
    for part in path:
        if isinstance(part, int):
            key += f"[{part}]"
        else:
            key += ("." if key else "") + (part if part.isidentifier() else shown(part))
    return key or "settings"
