"""The pages that messages lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from moderation.alert_ports import Link
from store import tables
from store.rows import insert_new, row_of

_LINKS = tables.links.c


@dataclass(frozen=True, slots=True)
class Links:
    """Queries over links, inside one transaction."""

    connection: Connection

    def make(self, link: Link) -> Link:
        """Keep a link; a message has one, so at a further try it is the one that was made first."""
        insert_new(self.connection, tables.links, [row_of(link)])
        query = select(tables.links).where(_LINKS.dispatch == link.dispatch)
        return _link_from(self.connection.execute(query).one())

    def get(self, link: str) -> Link | None:
        """Return the link of this name, if there ever was one."""
        row = self.connection.execute(select(tables.links).where(_LINKS.id == link)).one_or_none()
        return None if row is None else _link_from(row)

    def open(self, link: str, at: datetime) -> None:
        """Note when a page was first opened, be it by a person or by a mail server's scanner."""
        self.connection.execute(
            update(tables.links).where(_LINKS.id == link, _LINKS.opened_at.is_(None)).values(opened_at=at)
        )

    def use(self, link: str, at: datetime) -> bool:
        """Note that the button was pressed; return whether for the first time, or the first since an undo."""
        used = self.connection.execute(
            update(tables.links)
            .where(_LINKS.id == link, (_LINKS.used_at.is_(None)) | (_LINKS.undone_at.is_not(None)))
            .values(used_at=at, undone_at=None)
        )
        return used.rowcount == 1

    def undo(self, link: str, at: datetime, not_before: datetime) -> bool:
        """Take back what was pressed since ``not_before``; return whether there was anything to take back."""
        undone = self.connection.execute(
            update(tables.links)
            .where(_LINKS.id == link, _LINKS.used_at >= not_before, _LINKS.undone_at.is_(None))
            .values(undone_at=at)
        )
        return undone.rowcount == 1


def _link_from(row: object) -> Link:
    return Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__})
