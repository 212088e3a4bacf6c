"""The accounts' tokens, as they lie in the database: sealed, numbered, and renewed by one at a time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, Update, and_, delete, func, or_, select, update

from store import tables
from store.types import database_epoch


@dataclass(frozen=True, slots=True)
class SealedToken:
    """A token on its way into the database. ``sealed`` is encrypted; only who holds the key can read it.

    ``scopes`` are what the platform granted. ``expires_at`` (UTC) is when it ends, ``renew_before`` when it
    should have been renewed; ``None`` where the platform names no time.
    """

    sealed: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    renew_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token as it stands in the database.

    ``number`` grows with every token of the account. ``spent``: its renewal was begun, and what the platform
    made of that is not known; it must never be sent again to be renewed. ``renewing``: somebody is at it now.
    """

    account: str
    token: SealedToken
    number: int
    connected_at: datetime
    connected_by: str
    renewed_at: datetime | None
    spent: bool
    renewing: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """Queries over tokens, inside one transaction."""

    connection: Connection

    def get(self, account: str) -> StoredToken | None:
        """Return the account's token; ``None`` when it has none."""
        row = self.connection.execute(_SELECT.where(_table.c.account == account)).one_or_none()
        return None if row is None else _stored(row)

    def all(self) -> list[StoredToken]:
        """Return every token, by account."""
        return [_stored(row) for row in self.connection.execute(_SELECT.order_by(_table.c.account))]

    def connect(self, account: str, token: SealedToken, by: str, now: datetime) -> None:
        """Put a new token in the place of whatever the account had; a renewal under way finds it gone."""
        held = self.connection.execute(
            select(_table.c.number).where(_table.c.account == account).with_for_update()
        ).scalar()
        values = {
            **_columns(token),
            "number": (held or 0) + 1,
            "connected_at": now,
            "connected_by": by,
            "renewed_at": None,
            "lease_token": None,
            "lease_until": None,
            "spent": False,
        }
        if held is None:
            self.connection.execute(_table.insert().values(account=account, **values))
        else:
            self.connection.execute(update(_table).where(_table.c.account == account).values(**values))

    def disconnect(self, account: str) -> bool:
        """Forget the account's token. Says whether there was one."""
        return bool(self.connection.execute(delete(_table).where(_table.c.account == account)).rowcount)

    def begin_renewal(
        self, account: str, number: int, lease_seconds: float, *, single_use: bool
    ) -> str | None:
        """Lease the right to renew token ``number``; ``None`` when somebody has it, or it is spent or gone.

        With ``single_use`` the token counts as spent from here on, before anything is sent: whoever dies
        now leaves a mark behind. Leases are counted by the database's own clock.
        """
        lease = secrets.token_hex(8)
        taken = self.connection.execute(
            _of(account, number)
            .where(
                _table.c.spent.is_(False),
                or_(_table.c.lease_until.is_(None), _table.c.lease_until < database_epoch()),
            )
            .values(lease_token=lease, lease_until=database_epoch() + lease_seconds, spent=single_use)
        )
        return lease if taken.rowcount == 1 else None

    def renewed(self, account: str, lease: str, token: SealedToken, now: datetime) -> bool:
        """Keep what a renewal brought. ``False`` when the account was connected anew meanwhile."""
        kept = self.connection.execute(
            update(_table)
            .where(_table.c.account == account, _table.c.lease_token == lease)
            .values(
                **_columns(token),
                number=_table.c.number + 1,
                renewed_at=now,
                spent=False,
                lease_token=None,
                lease_until=None,
            )
        )
        return kept.rowcount == 1

    def renewal_failed(self, account: str, lease: str, *, spent: bool) -> None:
        """Give the right to renew back. ``spent``: the token may be of no use any more."""
        self.connection.execute(
            update(_table)
            .where(_table.c.account == account, _table.c.lease_token == lease)
            .values(lease_token=None, lease_until=None, spent=spent)
        )

    def replace(self, account: str, number: int, token: SealedToken, now: datetime) -> bool:
        """Put a renewed token in the place of ``number``. ``False`` when that is not the newest any more."""
        kept = self.connection.execute(
            _of(account, number).values(**_columns(token), number=number + 1, renewed_at=now)
        )
        return kept.rowcount == 1

    def reseal(self, account: str, number: int, sealed: str) -> None:
        """Store the same token as it looks under another key."""
        self.connection.execute(_of(account, number).values(sealed=sealed))


_table = tables.tokens

_renewing = and_(_table.c.lease_until.is_not(None), _table.c.lease_until >= database_epoch())

_SELECT = select(_table, func.coalesce(_renewing, False).label("renewing"))


def _of(account: str, number: int) -> Update:
    return update(_table).where(_table.c.account == account, _table.c.number == number)


def _columns(token: SealedToken) -> dict[str, object]:
    return {
        "sealed": token.sealed,
        "scopes": list(token.scopes),
        "expires_at": token.expires_at,
        "renew_before": token.renew_before,
    }


def _stored(row: Row[tuple[object, ...]]) -> StoredToken:
    scopes: Iterable[str] = row.scopes
    return StoredToken(
        account=row.account,
        token=SealedToken(row.sealed, tuple(scopes), row.expires_at, row.renew_before),
        number=row.number,
        connected_at=row.connected_at,
        connected_by=row.connected_by,
        renewed_at=row.renewed_at,
        spent=row.spent,
        renewing=bool(row.renewing),
    )
