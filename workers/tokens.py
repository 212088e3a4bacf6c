"""The accounts' tokens: opened for a connector, renewed by one at a time, never renewed twice.

A renewal in four steps, of which any may be the last one that a process lives to see:

1. The row is leased. Where a token can be renewed only once, it is marked as spent in the same moment.
2. The platform is asked, with no transaction open.
3. What came is stored. The mark goes, the number grows.
4. Only then is the new token used.

Whoever dies between 2 and 3 leaves the mark behind: that token is never sent again, and a person is asked to
connect the account anew. Nothing renews on a schedule: only when a token is wanted that has run out, or when
a platform has refused one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from connectors.base import AuthExpired, BadResponse, ConnectorError, Transient, Unsure
from connectors.sign_in.base import Grant, SignIn
from store.store import Store
from store.tokens import SealedToken, StoredToken
from workers.token_key import TokenKey

log = structlog.get_logger()

LEASE_SECONDS = 120
"""How long one renewal may take: longer than its one request ever lasts."""

LOOK_AGAIN_SECONDS = 0.2
"""How long to wait before looking again whether somebody else's renewal is done."""

LONGEST_WAIT_SECONDS = 60
"""How long to wait for somebody else's renewal in all."""

STORE_AGAIN_SECONDS = (0.2, 1.0, 5.0, 15.0, 30.0)
"""The waits before storing is tried again when the database is busy or starts anew: a renewed token must not
get lost. Together they are shorter than a lease."""


class Tokens(Protocol):
    """What polling and acting need of the accounts' tokens."""

    def renew(self, account: str, used: str) -> bool:
        """Get a newer token after a platform refused ``used``, which is what ``ConnectorContext.token`` was.

        ``True``: there is one; make a new connector and try once more. ``False``: nothing can be renewed
        here, so the platform's refusal stands.

        Raises:
            Pausing: it could not be renewed now; try again later.
            AuthExpired: it can never be renewed; somebody has to connect the account again.
            ConnectorError: a person is needed, as the text says.
        """
        ...

    def renew_last(self, account: str) -> bool:
        """Get a newer token than the one that this thread was given last. Raises nothing.

        ``False`` also when the renewal failed: then the platform's refusal stands, and the next poll tries
        again what can be tried again.
        """
        ...


class NoTokens:
    """Where no tokens are stored: nothing is ever renewed."""

    def renew(self, account: str, used: str) -> bool:
        """Nothing can be done."""
        return False

    def renew_last(self, account: str) -> bool:
        """Nothing can be done."""
        return False


def no_token_yet(account: str) -> AuthExpired:
    """Return the error for an account that nobody has connected so far."""
    return AuthExpired(f"There is no token yet. Run: accounts connect {account}")


def _connect_again(account: str) -> AuthExpired:
    return AuthExpired(
        "The token's renewal broke off half-way, and to send it a second time could end the access for good. "
        f"Run: accounts connect {account}"
    )


@dataclass(frozen=True, slots=True)
class AccountTokens:
    """The stored tokens of all accounts. Safe to share between threads, and with other processes.

    ``sign_in`` gives the sign-in of an account whose token is stored here, ``None`` for one that has a token
    file or needs none. ``sessions`` are what SDKs made of the tokens in files, by account and beside the
    token: they live as long as the process.
    """

    store: Store
    key: TokenKey
    sign_in: Callable[[str], SignIn | None]
    wait: Callable[[float], None] = time.sleep
    given: threading.local = field(default_factory=threading.local, repr=False)
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    def current(self, account: str) -> str | None:
        """Return what the account's connector is given; ``None`` when no token is stored.

        One that has run out is renewed first.

        Raises:
            ConnectorError: there is one and it cannot be used.
        """
        token = self._current(account)
        setattr(self.given, account, token)
        return token

    def from_file(self, account: str, token: str) -> tuple[str, Callable[[str], None]]:
        """Return what the connector is given for a token in a file, and what it calls with something newer.

        An app password makes a session, and only so many a day are made: whoever signed in with it leaves
        the session to the next, until it is refused.
        """
        own, made = self.sessions.get(account, (token, token))

        def keep(secret: str) -> None:
            self.sessions[account] = (token, secret)

        return (made if own == token else token), keep

    def renew_last(self, account: str) -> bool:
        """Get a newer token than this thread's last. See :meth:`Tokens.renew_last`."""
        if self.sessions.pop(account, None) is not None:
            return True  # The next connector signs in anew, with the token in the file
        used = getattr(self.given, account, None)
        if used is None:
            return False
        try:
            return self.renew(account, used)
        except ConnectorError as error:
            log.warning("token not renewed", account=account, reason=error.reason)
            return False

    def _current(self, account: str) -> str | None:
        sign_in = self.sign_in(account)
        row = self._row(account)
        if sign_in is None or row is None:
            return None
        token = sign_in.token(self.key.open(account, row.token.sealed))
        now = self.store.now()
        wanted_by, ends_at = row.token.renew_before, row.token.expires_at
        if wanted_by is None or now < wanted_by:
            return token
        try:
            if self.renew(account, token):
                newer = self._row(account)
                token = token if newer is None else sign_in.token(self.key.open(account, newer.token.sealed))
        except ConnectorError as error:
            if ends_at is None or now >= ends_at:
                raise
            log.warning("token not renewed", account=account, reason=error.reason)
        return token

    def renew(self, account: str, used: str) -> bool:
        """Get a newer token than ``used``. See :meth:`Tokens.renew`."""
        sign_in = self.sign_in(account)
        if sign_in is None:
            return False
        for _ in range(int(LONGEST_WAIT_SECONDS / LOOK_AGAIN_SECONDS)):
            row = self._row(account)
            if row is None:
                return False
            secret = self.key.open(account, row.token.sealed)
            if sign_in.token(secret) != used:
                return True  # somebody else was quicker
            if not row.renewing:
                done = self._try(row, sign_in, secret)
                if done is not None:
                    return done
            self.wait(LOOK_AGAIN_SECONDS)
        raise Transient("Somebody else has been renewing the token for too long. The next poll tries again.")

    def keeper(self, account: str, used: str) -> Callable[[str], None]:
        """Return what a connector that was given ``used`` calls with new JSON when its SDK has renewed that.

        What is older than the newest token, because the account was connected anew meanwhile, is dropped.
        """
        row = self._row(account)
        sign_in = self.sign_in(account)
        number = 0 if row is None else row.number
        is_newest = (
            row is not None
            and sign_in is not None
            and sign_in.token(self.key.open(account, row.token.sealed)) == used
        )

        def keep(secret: str) -> None:
            nonlocal number
            if row is None or sign_in is None or not is_newest:
                return
            sealed = SealedToken(
                self.key.seal(account, secret), row.token.scopes, sign_in.expires_at(secret), None
            )
            with self.store.begin() as unit:
                if unit.tokens.replace(account, number, sealed, self.store.now()):
                    number += 1

        return keep

    def connect(self, account: str, grant: Grant, by: str) -> None:
        """Store what a sign-in brought, in the place of whatever there was."""
        self.key.prepare()
        sealed = self._sealed(account, grant)
        with self.store.begin() as unit:
            unit.tokens.connect(account, sealed, by, self.store.now())

    def secret(self, account: str) -> str | None:
        """Return the account's stored secret, as its sign-in made it; ``None`` when there is none."""
        row = self._row(account)
        return None if row is None else self.key.open(account, row.token.sealed)

    def has(self, account: str) -> bool:
        """Say whether a token of the account is stored, whether or not it can be opened."""
        return self._row(account) is not None

    def disconnect(self, account: str) -> bool:
        """Forget the account's token. Says whether there was one."""
        with self.store.begin() as unit:
            return unit.tokens.disconnect(account)

    def reseal(self) -> int:
        """Seal every token with the first key of the key file, and say how many there are.

        Raises:
            TokenKeyError: one of them opens with none of the keys; nothing is changed.
        """
        with self.store.begin() as unit:
            rows = unit.tokens.all()
            for row in rows:
                secret = self.key.open(row.account, row.token.sealed)
                unit.tokens.reseal(row.account, row.number, self.key.seal(row.account, secret))
        return len(rows)

    def _row(self, account: str) -> StoredToken | None:
        with self.store.begin() as unit:
            return unit.tokens.get(account)

    def _try(self, row: StoredToken, sign_in: SignIn, secret: str) -> bool | None:
        """Renew a token that nobody is renewing; ``None`` when somebody has begun in this very moment."""
        if row.spent:
            raise _connect_again(row.account)
        if not sign_in.can_renew(secret, self.store.now()):
            return False
        with self.store.begin() as unit:
            lease = unit.tokens.begin_renewal(
                row.account, row.number, LEASE_SECONDS, single_use=sign_in.single_use
            )
        if lease is None:
            return None
        self._renew(row, lease, sign_in, secret)
        return True

    def _renew(self, row: StoredToken, lease: str, sign_in: SignIn, secret: str) -> None:
        account = row.account
        try:
            grant = sign_in.renew(secret, self.store.now())
        except (Unsure, BadResponse):
            self._failed(account, lease, spent=sign_in.single_use)
        except AuthExpired:
            self._failed(account, lease, spent=True)
            raise
        except ConnectorError:
            self._failed(account, lease, spent=False)
            raise
        else:
            self._keep(account, lease, self._sealed(account, grant))
            log.info("token renewed", account=account)
            return
        if sign_in.single_use:
            raise _connect_again(account)
        raise Transient("The platform did not say whether it renewed the token. The next poll tries again.")

    def _failed(self, account: str, lease: str, *, spent: bool) -> None:
        with self.store.begin() as unit:
            unit.tokens.renewal_failed(account, lease, spent=spent)

    def _keep(self, account: str, lease: str, sealed: SealedToken) -> None:
        """Store a renewed token, trying hard: the old one is worth nothing any more."""
        for pause in (*STORE_AGAIN_SECONDS, None):
            try:
                with self.store.begin() as unit:
                    unit.tokens.renewed(account, lease, sealed, self.store.now())
                return
            except (OperationalError, InterfaceError):
                if pause is None:
                    raise
            self.wait(pause)

    def _sealed(self, account: str, grant: Grant) -> SealedToken:
        return SealedToken(
            self.key.seal(account, grant.secret), grant.scopes, grant.expires_at, grant.renew_before
        )


def words_about(row: StoredToken | None, account: str, now: datetime) -> tuple[bool, str]:
    """Say whether a stored token is well, and in words how it is."""
    if row is None:
        return False, f"no token yet: run accounts connect {account}"
    if row.spent and not row.renewing:
        return False, f"the token's renewal broke off: run accounts connect {account}"
    ends = row.token.expires_at
    if ends is None:
        return True, "token is stored; the platform names no end"
    if row.token.renew_before is not None:
        return True, "token is stored and renews itself"
    if ends <= now:
        return False, f"the token ended on {ends:%d %B %Y}: run accounts connect {account}"
    return True, f"token is stored, good until {ends:%d %B %Y}"
