"""Things in order of time, cut at any moment and read from either end without looking at the rest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_288_834_974_657)
"""The moment that X counts the milliseconds in its ids from."""

_LOW_BITS = 22
_LOW_MASK = (1 << _LOW_BITS) - 1

Order = int
"""A place in time: the milliseconds since X began, then a number that keeps two things of the same
millisecond apart. It is what an id of X is, and it orders the things of the other platforms too."""

BEGINNING: Order = 0


class Placed(Protocol):
    """Anything that has a place in time."""

    @property
    def order(self) -> Order:
        """Its place."""
        ...


Item = TypeVar("Item", bound=Placed)


def order_of(at: datetime, number: int) -> Order:
    """Return the place in time of the thing with this number; numbers above four million repeat."""
    return ((at - _EPOCH) // _MILLISECOND << _LOW_BITS) | (number & _LOW_MASK)


def first_order_at(at: datetime) -> Order:
    """Return the smallest place in time that something arriving at ``at`` (UTC) or later can have."""
    milliseconds = -((_EPOCH - at) // _MILLISECOND)
    return max(BEGINNING, milliseconds << _LOW_BITS)


def last_order_at(at: datetime) -> Order:
    """Return the largest place in time that something arriving by ``at`` (UTC) can have."""
    return max(BEGINNING, ((at - _EPOCH) // _MILLISECOND << _LOW_BITS) | _LOW_MASK)


class Timeline(Generic[Item]):
    """An immutable sequence of things in order of time. Bounds are places in time, both included."""

    __slots__ = ("_items", "_orders")

    def __init__(self, items: Sequence[Item] = ()) -> None:
        self._items = tuple(sorted(items, key=lambda item: item.order))
        self._orders = [item.order for item in self._items]

    def __len__(self) -> int:
        return len(self._items)

    def holds(self, item: Item) -> bool:
        """Say whether this very thing is in it."""
        place = self._from(item.order)
        return place < len(self._items) and self._items[place] is item

    def count(self, first: Order, last: Order) -> int:
        """Return how many things lie between the two places."""
        return max(0, self._after(last) - self._from(first))

    def newest(self, last: Order) -> Item | None:
        """Return the newest thing up to ``last``."""
        end = self._after(last)
        return self._items[end - 1] if end else None

    def newest_first(self, first: Order, last: Order) -> Iterator[Item]:
        """Yield what lies between the two places, from the newest to the oldest."""
        start = self._from(first)
        for place in range(self._after(last) - 1, start - 1, -1):
            yield self._items[place]

    def oldest_first(self, first: Order, last: Order) -> Iterator[Item]:
        """Yield what lies between the two places, from the oldest to the newest."""
        for place in range(self._from(first), self._after(last)):
            yield self._items[place]

    def newest_order(self, depth: int, last: Order) -> Order:
        """Return the place of the thing that is ``depth``-th newest up to ``last``: a listing ends there."""
        place = self._after(last) - depth
        return self._orders[place] if place > 0 else BEGINNING

    def _from(self, first: Order) -> int:
        return bisect_left(self._orders, first)

    def _after(self, last: Order) -> int:
        return bisect_right(self._orders, last)
