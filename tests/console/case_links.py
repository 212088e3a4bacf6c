"""A link to a case, a clock and what stands on a page, for the tests of the console."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from console.app import StatusView
from console.forms import FIELD
from console.links import LinkDesk, LinkState, LinkView

LINK = "7GQ2KX9M"
PATH = f"/t/{LINK}"
CASE = LinkView(
    school_name="Oakfield Academy",
    person_name="Asha Patel",
    state=LinkState.OPEN,
    references=("2026-0443",),
    deadline="11:59pm on Monday 23 November",
)
THREE = replace(CASE, references=("2026-0443", "2026-0444", "2026-0447"))
DRILL = replace(CASE, references=(), deadline="", practice=True)
TAKEN_BY_OTHER = replace(
    CASE, state=LinkState.TAKEN_BY_OTHER, taken_by="Bilal Hussain", taken_at="at 3:05pm today"
)
WAYS_IT_CAN_STAND = [replace(view, state=state) for view in (CASE, THREE, DRILL) for state in LinkState]


@dataclass
class Links:
    """One link and how it stands; it takes and puts back as the real use cases do."""

    stands: LinkView | None = CASE
    undo_until: str = "3:15pm today"
    opened: int = 0
    acts: list[str] = field(default_factory=list)

    def view(self, link: str) -> LinkView | None:
        return self.stands if link == LINK else None

    def note_opened(self, link: str) -> None:
        self.opened += 1

    def take(self, link: str) -> LinkView | None:
        return self._move(link, "take", LinkState.OPEN, LinkState.TAKEN, self.undo_until)

    def undo(self, link: str) -> LinkView | None:
        if self.stands is None or not self.stands.undo_until:
            return self.view(link)
        return self._move(link, "undo", LinkState.TAKEN, LinkState.OPEN, "")

    def _move(
        self, link: str, act: str, start: LinkState, end: LinkState, undo_until: str
    ) -> LinkView | None:
        found = self.view(link)
        if found and found.state is start:
            self.acts.append(act)
            self.stands = replace(found, state=end, undo_until=undo_until)
        return self.view(link)

    def desk(self) -> LinkDesk:
        return LinkDesk(self.view, self.note_opened, self.take, self.undo)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def no_status() -> StatusView:
    """Fail, as the status page's question does without a database."""
    raise OSError("no database in these tests")


def proof_on(page: str) -> str:
    """Return what the page's hidden field holds."""
    found = re.search(rf'name="{FIELD}" value="(\w+)"', page)
    assert found is not None
    return found[1]


def heading_of(page: str) -> str:
    """Return the words of the only main heading."""
    found = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert len(found) == 1
    return " ".join(re.sub("<[^>]*>", "", found[0]).split())
