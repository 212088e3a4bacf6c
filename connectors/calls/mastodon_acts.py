"""What can be done on Mastodon when a person decided it, and how it is read back.

Reports cannot be read back: no server shows them to who made them. Nothing is ever sent twice: a reply
carries a key by which the server knows it again for an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from connectors.answers import fields
from connectors.answers import mastodon as answers
from connectors.answers.markup import plain
from connectors.base import BadResponse, Capabilities, ConnectorError, NotFound, Refused, unsupported
from connectors.calls.mastodon_server import NAME, Server
from moderation.actions import Action, ActionKind, Done
from moderation.items import says_the_same

LONGEST_COMMENT = 1_000
"""Characters that a report may hold."""

PAGES = 20
"""Pages of our own posts among which a reply is looked for."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far the server's clock may be behind ours."""

Answer = Mapping[str, object]


class Acts:
    """Acts of one account; ``forward`` sends reports on to the author's own server."""

    def __init__(self, server: Server, me: str, *, forward: bool, capabilities: Capabilities) -> None:
        self._server = server
        self._me = me
        self._forward = forward
        self._capabilities = capabilities

    def act(self, action: Action, now: datetime) -> Done:
        """Do it and read back what came of it."""
        way = self._ways(action)
        self._server.owner(now)
        return way(action, now)

    def _ways(self, action: Action) -> Callable[[Action, datetime], Done]:
        match action.kind:
            case ActionKind.REPLY:
                return self._reply
            case ActionKind.DELETE if action.item.author_id == self._me:
                return self._delete
            case ActionKind.BLOCK | ActionKind.UNBLOCK:
                return self._block
            case ActionKind.REPORT:
                return self._report
            case _:
                raise unsupported(action, self._capabilities)

    def _reply(self, action: Action, now: datetime) -> Done:
        """Answer in the same circle of readers. Who is not named in a private post does not see it."""
        above = self._status(action.item.external_id, now)
        account = above.get("account")
        address = account.get("acct") if isinstance(account, Mapping) else None
        visibility = above.get("visibility")
        if not isinstance(address, str) or not address or visibility not in _VISIBLE:
            raise BadResponse(f"{NAME} did not say who wrote the item and who may read it.")
        words = action.words if f"@{address}" in action.words else f"@{address} {action.words}"
        made = self._server.write(
            lambda client: client.status_post(
                words,
                in_reply_to_id=action.item.external_id,
                visibility=visibility,
                idempotency_key=action.reference,
            ),
            now,
        )
        reply = fields.known_identifier(made)
        if reply is None:
            return Done(remark="The server took the reply and did not say where it is.")
        return self._shown(reply, action.item.external_id, visibility, now)

    def _shown(self, reply: str, above: str, visibility: object, now: datetime) -> Done:
        try:
            status = self._status(reply, now)
        except ConnectorError:
            return Done(reply, remark="The server took the reply, but did not show it afterwards.")
        if fields.known_identifier(status, "in_reply_to_id") != above:
            return Done(reply, confirmed=True, remark="The reply stands alone, not under the item.")
        if status.get("visibility") != visibility:
            return Done(reply, confirmed=True, remark="The reply has other readers than the item.")
        return Done(reply, confirmed=True)

    def _delete(self, action: Action, now: datetime) -> Done:
        self._server.write(lambda client: client.status_delete(action.item.external_id), now)
        return self._afterwards(action, now, "The server took it, but still shows the post.")

    def _block(self, action: Action, now: datetime) -> Done:
        author = action.item.author_id
        if author is None or author == self._me:
            raise Refused("It is not known whose post this is, or it is our own: there is nobody to block.")
        if action.kind is ActionKind.BLOCK:
            self._server.write(lambda client: client.account_block(author), now)
        else:
            self._server.write(lambda client: client.account_unblock(author), now)
        return self._afterwards(action, now, "The server took it, but does not show it.")

    def _afterwards(self, action: Action, now: datetime, otherwise: str) -> Done:
        try:
            return self.verify(action, now) or Done(remark=otherwise)
        except ConnectorError:
            return Done(remark="The server took it; it could not be asked afterwards.")

    def _report(self, action: Action, now: datetime) -> Done:
        author = action.item.author_id
        if author is None or author == self._me:
            raise Refused("It is not known whose post this is, or it is our own: there is nobody to report.")
        if len(action.words) > LONGEST_COMMENT:
            raise Refused(
                f"The reason is longer than the {LONGEST_COMMENT} characters that a report takes. Shorten it."
            )
        self._server.write(
            lambda client: client.report(
                author,
                status_ids=[action.item.external_id],
                comment=action.words,
                forward=self._forward,
                category="other",
            ),
            now,
        )
        return Done(remark="The server took the report. It shows reports to nobody afterwards.")

    def _status(self, identifier: str, now: datetime) -> Answer:
        return self._server.read_object(lambda client: client.status(identifier), now)

    # Reading back

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Say whether the platform shows that ``action`` was done; ``None`` when nothing does."""
        match action.kind:
            case ActionKind.REPLY:
                return self._own_reply(action, now)
            case ActionKind.DELETE:
                return self._gone(action.item.external_id, now)
            case ActionKind.BLOCK | ActionKind.UNBLOCK if action.item.author_id:
                wanted = action.kind is ActionKind.BLOCK
                shown = relationship(self._server, action.item.author_id, now).get("blocking")
                return Done(confirmed=True) if shown is wanted else None
            case _:
                return None

    def _own_reply(self, action: Action, now: datetime) -> Done | None:
        begun = action.began_at - CLOCK_SKEW
        for listed in self._server.listing(
            lambda client, below: client.account_statuses(self._me, max_id=below, limit=40), now, PAGES
        ):
            for status in fields.mappings_in(listed):
                made = answers.time_of(status)
                if made is not None and made < begun:
                    return None
                under = fields.known_identifier(status, "in_reply_to_id")
                if under == action.item.external_id and _says(status, action.words):
                    return Done(fields.known_identifier(status), confirmed=True)
        return None

    def _gone(self, identifier: str, now: datetime) -> Done | None:
        try:
            self._status(identifier, now)
        except NotFound:
            return Done(confirmed=True)
        return None


_VISIBLE = ("public", "unlisted", "private", "direct")


def _says(status: Answer, words: str) -> bool:
    """Say whether a status has these words, beside the name of whom it answers."""
    content = status.get("content")
    said = plain(content) if isinstance(content, str) else ""
    first, _, rest = said.partition(" ")
    return says_the_same(said, words) or (first.startswith("@") and says_the_same(rest, words))


def relationship(server: Server, account: str, now: datetime) -> Answer:
    """Return how we and another account stand to each other, empty when the server does not say."""
    listed = server.read(
        lambda client: client.account_relationships([account], with_suspended=True),
        now,
    )
    found = [each for each in fields.mappings_in(listed) if fields.known_identifier(each) == account]
    return found[0] if found else {}
