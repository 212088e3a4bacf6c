"""Secrets: they are only ever read from files that nobody else can read, and they never print themselves."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr, ValidationInfo

from config.problems import refusal

MAX_BYTES = 16_384
"""The largest file that is believed to hold a secret."""

SYSTEMD_FOLDER = "CREDENTIALS_DIRECTORY"
"""The one environment variable that is looked at: systemd names the folder of its credentials there."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Secret(SecretStr):
    """A token, a password or an address that holds one. Printed, logged or shown it is ``***``.

    ``get_secret_value()`` gives the words themselves, at the place that hands them over.
    """

    def _display(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class SecretFile:
    """The file that holds a secret, and what was in it; ``secret`` is ``None`` when secrets were not read."""

    path: Path
    secret: Secret | None = field(default=None, repr=False)


def find(name: object, info: ValidationInfo) -> SecretFile:
    """Return the secret file called ``name``, read unless the caller of ``load`` did not want secrets.

    A name without a folder is first looked up among systemd's credentials. Anything else is a path,
    relative to the settings file.
    """
    if isinstance(name, SecretFile):
        return name
    if not isinstance(name, str):
        raise refusal("This has to be the name of a file.", 'Put it in quotes: "secrets/token"')
    if not name.strip() or not name.isprintable() or name.startswith("~"):
        raise refusal("This cannot be the name of a file.", 'Write a path such as "secrets/token".')
    context = info.context or {}
    credential = _credential(name)
    path = credential or context.get("folder", Path()) / name
    if not context.get("secrets", True):
        return SecretFile(path)
    return SecretFile(path, Secret(_read(path, guarded=credential is not None)))


def holding(check: Callable[[str], object]) -> Callable[[SecretFile], SecretFile]:
    """Return the check of a secret file whose words, when they were read, have to pass ``check``."""

    def holds(file: SecretFile) -> SecretFile:
        if file.secret is not None:
            check(file.secret.get_secret_value())
        return file

    return holds


def _credential(name: str) -> Path | None:
    folder = os.environ.get(SYSTEMD_FOLDER, "")
    if not folder or Path(name).name != name:
        return None
    path = Path(folder) / name
    return path if os.path.isfile(path) else None


def _read(path: Path, *, guarded: bool) -> str:
    """Return the secret in ``path``. systemd guards its folder itself, so modes are not looked at there."""
    try:
        exists = path.is_file()
        mode = path.stat().st_mode if exists else 0
        content = _start_of(path) if exists else b""
    except OSError as error:
        raise refusal(
            "The file cannot be read.",
            f"Let the user that runs socialduty own it, with mode 600 ({type(error).__name__}).",
        ) from None
    if not exists:
        raise refusal(
            "There is no such file.", "Create it, holding nothing but the secret, and run chmod 600 on it."
        )
    if os.name == "posix" and not guarded and mode & _OTHERS:
        raise refusal(
            "Other users of this computer can read the file.", f"Run: chmod 600 {shlex.quote(str(path))}"
        )
    return _content(content)


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _content(content: bytes) -> str:
    remedy = "Put nothing but the secret in it, on one line."
    if len(content) > MAX_BYTES:
        raise refusal("The file is too large to hold a secret.", remedy)
    try:
        secret = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise refusal("The file is not text.", remedy) from None
    if not secret:
        raise refusal("The file is empty.", remedy)
    if not secret.isprintable():
        raise refusal("The file holds more than one line.", remedy)
    return secret
