"""What is said on the practice platforms at any moment, and what changes it while they run.

Every request carries the stage, so that the endpoints that write can use it::

    node = request.stage.say(Thing(line=0, key="", platform=Platform.X, by=SCHOOL, name=SCHOOL_NAME,
                                   text="At four.", at=now, under=asked.thing.key))
    request.stage.change(Change(of=node.thing.key, kind=ChangeKind.DELETE, at=now))

Acts are kept in memory only. After each the worlds are built anew: that takes as long as the content is
large, which is no matter for practice. All of it may be used from several threads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import RLock

from connectors.practice.changes import OF_AUTHORS, Change, in_order
from connectors.practice.content import Content, Thing
from connectors.practice.identities import Platform
from connectors.practice.lines import whole_milliseconds
from connectors.practice.world import Node, World, build, turning_points

_MOST_WORLDS = 32
_Built = dict[tuple[Platform, int | None], World]


class Stage:
    """The content, and the platforms' worlds that come of it. ``now`` returns the moment (aware, UTC)."""

    def __init__(self, content: Content, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = RLock()
        self._content = content
        lines = [thing.line for thing in content.things] + [change.line for change in content.changes]
        self._line = max(lines, default=0)
        self._built: _Built = {}
        self._points: dict[Platform, list[datetime]] = {}

    @property
    def content(self) -> Content:
        """Everything that was said and changed so far, and what is still to come."""
        return self._content

    def world(self, platform: Platform, moment: datetime | None = None) -> World:
        """Return a platform's world as it is at ``moment`` (now, without)."""
        with self._lock:
            at = moment or self._now()
            if platform not in self._points:
                self._points[platform] = turning_points(self._content, platform)
            era = bisect_right(self._points[platform], at)
            # Without turning points every moment has the same world, and it need not be built twice.
            return self._kept(platform, era, at) if self._points[platform] else self.timeless(platform)

    def timeless(self, platform: Platform) -> World:
        """Return everything there will ever be on a platform, as first said."""
        return self._kept(platform, None, None)

    def say(self, thing: Thing) -> Node:
        """Add a post, comment, reply or message; return it as the platform has it now.

        ``line`` 0 gets the next free number, an empty ``key`` a name made from it. Raises :class:`ValueError`
        when the key is taken, :class:`KeyError` when what it stands under is not there.
        """
        with self._lock:
            keys = {each.key for each in self._content.things}
            if thing.under is not None and thing.under not in keys:
                raise KeyError(thing.under)
            line = thing.line or self._next_line()
            under_message = any(each.private for each in self._content.things if each.key == thing.under)
            said = replace(
                thing,
                line=line,
                key=thing.key or f"said-{line}",
                at=whole_milliseconds(thing.at),
                private=thing.private or under_message,
            )
            if said.key in keys:
                raise ValueError("this key is taken")
            self._set(replace(self._content, things=(*self._content.things, said)))
            return self.world(said.platform, max(said.visible_from, self._now())).by_key[said.key]

    def change(self, change: Change) -> Change:
        """Change something; return the change as it was noted. Raises :class:`KeyError`: no such key."""
        with self._lock:
            thing = next((each for each in self._content.things if each.key == change.of), None)
            if thing is None and change.kind not in OF_AUTHORS:
                raise KeyError(change.of)
            noted = replace(
                change,
                line=change.line or self._next_line(),
                at=whole_milliseconds(change.at),
                platform=change.platform or (thing.platform if thing is not None else None),
            )
            changes = tuple(in_order([*self._content.changes, noted]))
            self._set(replace(self._content, changes=changes))
            return noted

    def _kept(self, platform: Platform, era: int | None, moment: datetime | None) -> World:
        with self._lock:
            if (platform, era) not in self._built:
                if len(self._built) >= _MOST_WORLDS:
                    self._built.clear()
                self._built[platform, era] = build(self._content, platform, moment)
            return self._built[platform, era]

    def _next_line(self) -> int:
        self._line += 1
        return self._line

    def _set(self, content: Content) -> None:
        self._content = content
        self._built = {}
        self._points = {}
