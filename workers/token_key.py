"""Sealing tokens: what lies in the database is encrypted, and the key lies elsewhere.

The key file holds one Fernet key, or several with blanks between: the first seals, all of them open. So a
key is changed by writing a new one before the old one, sealing everything again, and taking the old one out.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connectors.base import BugOrConfig

FILE = "token.key"
"""The name of the key file in the data folder."""


class TokenKeyError(BugOrConfig):
    """The key cannot be used. The text says why and what to do."""


class TokenKey:
    """The key that tokens are sealed with.

    ``path`` is where it lies: read when it is needed, never before, and made there if there is none. With
    ``words``, which the settings have read from a file of their own, nothing is read or made.
    """

    def __init__(self, path: Path, words: str | None = None) -> None:
        self.path = path
        self._words = words

    def __repr__(self) -> str:
        return "TokenKey(***)"

    def prepare(self) -> None:
        """Make sure that there is a key which can be used, making one if that is allowed.

        Raises:
            TokenKeyError: there is none, or it cannot be used.
        """
        if self._words is None and not self.path.exists():
            try:
                _make(self.path)
            except OSError as error:
                raise TokenKeyError(
                    f"The key of the stored tokens, {self.path.name}, cannot be written into the data folder "
                    f"({type(error).__name__}). See that the folder belongs to the user that runs socialduty "
                    "and that there is room."
                ) from None
        self._fernet()

    def seal(self, account: str, secret: str) -> str:
        """Encrypt a secret so that it opens for this account alone."""
        return self._fernet().encrypt(json.dumps([account, secret]).encode()).decode("ascii")

    def open(self, account: str, sealed: str) -> str:
        """Return the secret in what was sealed.

        Raises:
            TokenKeyError: the key is missing, is another one, or this was sealed for another account.
        """
        fernet = self._fernet()
        try:
            owner, secret = json.loads(fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            owner, secret = None, ""
        if owner != account:
            raise TokenKeyError(
                f"The stored token cannot be opened with the key in {self.path.name}. Put back the key "
                f"file that belongs to this database, or run: accounts connect {account}"
            )
        return str(secret)

    def _fernet(self) -> MultiFernet:
        words = self._read() if self._words is None else self._words
        try:
            return MultiFernet([Fernet(each) for each in words.split()])
        except ValueError:  # also when there is none
            raise TokenKeyError(
                f"{self.path.name} holds no key that can be used. Put it back from your safe copy."
            ) from None

    def _read(self) -> str:
        try:
            with self.path.open(encoding="ascii") as file:
                mode = os.fstat(file.fileno()).st_mode
                words = file.read()
        except FileNotFoundError:
            raise TokenKeyError(
                f"The key of the stored tokens, {self.path.name}, is not there. Put it back from your safe "
                "copy; if it is lost, connect every account again."
            ) from None
        except (OSError, ValueError):
            raise TokenKeyError(f"The key of the stored tokens, {self.path.name}, cannot be read.") from None
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise TokenKeyError(
                f"Other users can read the key of the stored tokens. Run: chmod 600 {self.path.name}"
            )
        return words


def _make(path: Path) -> None:
    """Write a new key for this user alone. Of two processes that do so at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}-")  # of mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            _put(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
    _settle(path.parent)


def _put(name: str, path: Path) -> None:
    """Give the new file its name, unless there is one: unlike a rename, a link never replaces anything.

    Where the file system has no links, the name is taken first, empty: whoever else comes finds it taken.
    """
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.replace(name, path)


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut: tokens that no key opens any more would all be lost."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
