"""Who there is on a practice platform: ids, handles and names, made from author keys the same each time."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from connectors.practice.content import name_of
from connectors.practice.identities import (
    ACCOUNT_IDS,
    HIDDEN,
    SCHOOL,
    SCHOOL_HANDLE,
    SCHOOL_NAME,
    Platform,
)

HANDLE_LENGTH = 15
"""Characters in a handle on X at most; the other platforms get the same ones."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on one platform, the school included."""

    key: str
    id: str
    handle: str
    name: str

    @property
    def is_school(self) -> bool:
        """Whether it is the school's own account."""
        return self.key == SCHOOL

    @property
    def is_hidden(self) -> bool:
        """Whether the platform does not say who this is."""
        return self.key == HIDDEN


def letters(seed: str, length: int) -> str:
    """Return letters and digits that look drawn by lot and are the same each time."""
    drawn = urlsafe_b64encode(digest(seed)).decode()
    return drawn.replace("-", "x").replace("_", "y")[:length]


def digest(seed: str) -> bytes:
    """Return bytes that look drawn by lot and are the same each time."""
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()


class Accounts:
    """Everybody on one platform, each added once; the first name seen stays."""

    def __init__(self, platform: Platform) -> None:
        self.by_key: dict[str, Account] = {}
        self._platform = platform
        self._handles: set[str] = set()
        self.add(SCHOOL)

    def add(self, key: str, name: str | None = None) -> Account:
        """Return the account of an author key; make it when it is not there yet."""
        if key not in self.by_key:
            handle = SCHOOL_HANDLE if key == SCHOOL else self._free_handle(key)
            self._handles.add(handle.lower())
            shown = SCHOOL_NAME if key == SCHOOL else name or name_of(key)
            self.by_key[key] = Account(key, self._id(key), handle, shown)
        return self.by_key[key]

    def _id(self, key: str) -> str:
        if key == SCHOOL:
            return ACCOUNT_IDS[self._platform]
        if self._platform is Platform.YOUTUBE:
            return "UC" + letters(f"channel {key}", 22)
        number = int.from_bytes(digest(f"{self._platform} {key}")[:8])
        return str(10**15 + number % (9 * 10**15))

    def _free_handle(self, key: str) -> str:
        plain = re.sub("[^A-Za-z0-9_]", "", key)[:HANDLE_LENGTH]
        if plain and plain.lower() not in self._handles:
            return plain
        return f"{plain[:6]}_{letters(f'handle {key}', 8)}"
