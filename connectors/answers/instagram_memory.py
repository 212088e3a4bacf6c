"""What one poll of comments has to remember for the next: the media with their counts, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from connectors.answers import fields
from connectors.answers.instagram import Media, made_since, mark, media_of
from connectors.base import Page

MOST_HIDDEN = 100
"""Hidden comments that are remembered, the newest."""


_REFUSED = "refused"
"""The mark of media whose comments were not shown: no count equals it, so the next poll asks again."""


class Memory:
    """Compares what a poll sees with ``state``, which the poll before it left.

    Hidden comments are remembered, because listings may leave them out: then each is asked for by its id.
    """

    def __init__(self, state: Mapping[str, object]) -> None:
        marks, hidden = state.get("media"), state.get("hidden")
        self._known = marks if isinstance(marks, Mapping) else None
        self._was_hidden = dict(hidden) if isinstance(hidden, Mapping) else {}
        self._marks: dict[str, object] = {}
        self._read: set[str] = set()
        self._seen: set[str] = set()
        self._hidden: dict[str, str | None] = {}

    def to_read(self, listing: Iterable[object], since: datetime) -> Iterator[Media]:
        """Yield the media of a page that may have something new: made since then, or with another count."""
        for entry in fields.mappings_in(list(listing)):
            media = media_of(entry)
            if media is None:
                continue  # it waits for a person already
            count = mark(entry)
            self._marks[media.id] = count
            changed = self._known is not None and self._known.get(media.id) != count
            if changed or made_since(entry, since):
                self._read.add(media.id)
                yield media

    def saw(self, page: Page) -> None:
        """Note comments as they are now; of a media whose own id is rejected they were not shown."""
        for item in page.items:
            self._seen.add(item.external_id)
            if item.hidden:
                self._hidden[item.external_id] = item.post_id
        for each in page.rejected:
            if each.external_id in self._read:
                self._read.remove(each.external_id)
                self._marks[each.external_id] = _REFUSED

    def unlisted(self) -> Iterator[str]:
        """Yield the hidden comments that a listing should have had, and had not."""
        for comment, media in self._was_hidden.items():
            if media in self._read and comment not in self._seen:
                yield comment

    def state(self) -> dict[str, object]:
        """Return what the next poll has to know."""
        unread = self._marks.keys() - self._read
        hidden = {each: media for each, media in self._was_hidden.items() if media in unread} | self._hidden
        newest = sorted(hidden, key=lambda each: (len(each), each))[-MOST_HIDDEN:]
        return {"media": self._marks, "hidden": {each: hidden[each] for each in newest}}
