"""The addresses of the database and of Redis, and the key of the stored tokens, each with its check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from config.problems import refusal
from config.secret_files import SecretFile, find, holding
from config.values import Kind, split_url

DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
"""The beginnings that a database URL may have."""

_IN_MEMORY = ("", "/", "/:memory:")


def _known_database(text: str) -> SplitResult:
    parts = split_url(text)
    if parts is None or parts.scheme not in DATABASES:
        raise refusal(
            "The database has to be SQLite or PostgreSQL.",
            'Write "postgresql://user@host/name", or leave the line out to use SQLite in data_folder.',
        )
    if parts.scheme.startswith("sqlite") and (parts.path in _IN_MEMORY or parts.netloc):
        raise refusal(
            "SQLite needs a file: a database in memory is lost at the end.",
            "Leave the line out to use SQLite in data_folder.",
        )
    if parts.scheme.startswith("postgresql") and not parts.path.strip("/"):
        raise refusal("The name of the database is missing.", 'Write "postgresql://user@host/name".')
    return parts


def _database_url(text: str, info: ValidationInfo) -> str:
    parts = _known_database(text)
    _no_password(parts, "database_url_file")
    if parts.scheme.startswith("sqlite") and not parts.path.startswith("//"):
        folder: Path = (info.context or {}).get("folder", Path())
        return f"{parts.scheme}:///{(folder / parts.path[1:]).as_posix()}"
    return text


def _known_redis(text: str) -> SplitResult:
    parts = split_url(text)
    if parts is None or parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise refusal("This is not the address of a Redis server.", 'Write it as "redis://host:6379/0".')
    return parts


def _redis_url(text: str) -> str:
    _no_password(_known_redis(text), "redis_url_file")
    return text


def _no_password(parts: SplitResult, instead: str) -> None:
    if parts.password is not None or "password" in parts.query.lower():
        raise refusal(
            "A password must not stand in this file.",
            f"Put the whole address in a file of mode 600 and name that file with {instead}.",
        )


_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


def _known_keys(text: str) -> list[str]:
    words = text.split()
    if not all(_KEY.fullmatch(word) for word in words):
        raise refusal(
            "The file holds no key.",
            "A key is what the file token.key in a data_folder holds; several stand with blanks between.",
        )
    return words


DatabaseUrl = Annotated[str, AfterValidator(_database_url), Kind("database URL")]
RedisUrl = Annotated[str, AfterValidator(_redis_url), Kind("Redis URL")]
DatabaseFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_database)), Kind("secret file")
]
KeyFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_keys)), Kind("secret file")
]
RedisFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_redis)), Kind("secret file")
]
