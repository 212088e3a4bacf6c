"""What the page behind an alert's link may show, and what it can ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class LinkState(StrEnum):
    """How things stand with what a link is for, as the person whose link it is sees it.

    ``taken``: this person has it. ``sign_in``: the school does not let cases be taken without signing in.
    """

    OPEN = "open"
    TAKEN = "taken"
    TAKEN_BY_OTHER = "taken_by_other"
    CLOSED = "closed"
    EXPIRED = "expired"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class LinkView:
    """What may be seen without signing in: no words of any post, no author and no category.

    ``references`` are the numbers of at most 20 cases, ``more`` counts those beyond. Times are words, such
    as "11:59pm on Monday 23 November", and empty where there is none. ``taken_by`` and ``taken_at`` go with
    ``taken_by_other``. ``undo_until`` is empty once taking cannot be undone. ``practice``: the link belongs
    to a drill, nothing can be taken with it, and ``taken`` means that it was answered.
    """

    school_name: str
    person_name: str = field(repr=False)
    state: LinkState
    references: tuple[str, ...] = ()
    more: int = 0
    deadline: str = ""
    taken_by: str = field(default="", repr=False)
    taken_at: str = ""
    undo_until: str = ""
    practice: bool = False

    @property
    def count(self) -> int:
        """Return how many cases the link is for."""
        return len(self.references) + self.more


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """The use cases behind the page. Each is given what stands after ``/t/``; None means no such link.

    ``opened`` notes that the page was looked at and changes nothing else. ``take`` and ``undo`` may come
    twice, or too late: then they change nothing, and how things stand says why.
    """

    view: Callable[[str], LinkView | None]
    opened: Callable[[str], None]
    take: Callable[[str], LinkView | None]
    undo: Callable[[str], LinkView | None]
