"""The practice platforms as one web server on this machine, and nowhere else.

Connectors are pointed at it by their ``base_url``. It is bound to 127.0.0.1, keeps what is written to it
until it ends and no longer, and logs neither addresses nor words.

X, Facebook and YouTube share one base URL, for their paths tell them apart. Instagram speaks Facebook's Graph
API at the same paths, so its base URL ends in ``/instagram``, which is taken off before Instagram answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from connectors.practice import graph, instagram, x, youtube
from connectors.practice.changes import Change
from connectors.practice.content import Content, Thing
from connectors.practice.fault_answers import fault_answer
from connectors.practice.fault_pages import spoilt_page, without_mark
from connectors.practice.faults import Fault, FaultKind, Faults, fault_at, parse_faults
from connectors.practice.identities import BASE_PATHS, Platform
from connectors.practice.listener import HOST, Listener, Sending
from connectors.practice.stage import Stage
from connectors.practice.timeline import BEGINNING, last_order_at
from connectors.practice.wire import Answer, Request
from connectors.practice.world import Node, World
from connectors.practice.x_call import WHOLE_HISTORY, Depth, Rules
from connectors.practice.x_limits import Tally
from connectors.practice.x_words import Vocabulary

TOKEN_PATH = "/token"  # noqa: S105 - an address

_ROUTES = (
    (re.compile(rf"{BASE_PATHS[Platform.INSTAGRAM]}/"), Platform.INSTAGRAM),
    (re.compile(r"/2/"), Platform.X),
    (re.compile(r"/v\d+\.\d+/"), Platform.FACEBOOK),
    (re.compile(r"/youtube/v3/"), Platform.YOUTUBE),
)


class PracticePlatforms:
    """X, Facebook, Instagram and YouTube, on this machine.

    ``content`` is what is said there; ``now`` returns the moment (aware, UTC), and only what arrived by
    then is visible. ``faults`` is a list in the grammar of :mod:`connectors.practice.faults`.
    ``vocabulary`` is X's: ``2.166`` or ``2.167``; a request that says ``post.fields`` always gets 2.167.
    ``port`` 0 takes any free one. ``whole_history`` lifts X's limits on how far back a listing reaches.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`.
    """

    def __init__(
        self,
        content: Content,
        now: Callable[[], datetime],
        faults: str = "",
        vocabulary: str = Vocabulary.TWEETS,
        port: int = 0,
        whole_history: bool = False,
    ) -> None:
        self.stage = Stage(content, now)
        self.requests: Counter[str] = Counter()
        """Requests answered so far, by platform; Google's token endpoint counts as ``token``."""
        self._now = now
        self._vocabulary = Vocabulary(vocabulary)
        self._depth = WHOLE_HISTORY if whole_history else Depth()
        self._x_rules = Rules(tally=Tally())
        self._port = port
        self._faults: Faults = parse_faults(faults)
        self._since_faults: Counter[Platform] = Counter()
        self._lock = Lock()
        self._listener: Listener | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The base URL of X, Facebook and YouTube, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    def base_url(self, platform: Platform) -> str:
        """Return the base URL of a platform, without a slash at the end."""
        return self.url + BASE_PATHS[platform]

    @property
    def worlds(self) -> Mapping[Platform, World]:
        """Everything there will ever be on each platform, as first said."""
        return {each: self.stage.timeless(each) for each in Platform}

    def world(self, platform: Platform, moment: datetime | None = None) -> World:
        """Return what a platform knows at ``moment`` (now, without)."""
        return self.stage.world(platform, moment)

    def say(self, thing: Thing) -> Node:
        """Somebody says this, from now on; see :meth:`connectors.practice.stage.Stage.say`."""
        return self.stage.say(thing)

    def change(self, change: Change) -> Change:
        """This happens, from now on; see :meth:`connectors.practice.stage.Stage.change`."""
        return self.stage.change(change)

    def start(self) -> None:
        """Listen. Raises :class:`OSError` when the port is taken. After :meth:`stop` the port is the same."""
        listener = Listener(self._port, self._receive)
        self._port = listener.server_port
        thread = Thread(target=listener.serve_forever, args=(0.05,), name="practice-platforms", daemon=True)
        thread.start()
        self._listener, self._thread = listener, thread

    def stop(self) -> None:
        """Close every connection and stop listening: from now on connections are refused."""
        if self._listener is None or self._thread is None:
            return
        self._listener.end()
        self._thread.join()
        self._listener = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def set_faults(self, faults: str) -> None:
        """Misbehave like this from now on; the requests that the faults speak of count from 1 again."""
        with self._lock:
            self._faults = parse_faults(faults)
            self._since_faults.clear()

    def set_x_rules(self, *, summoned_only: bool = False, hold_to_limits: bool = False) -> None:
        """From now on X takes replies only to those who name or quote the school; refuses what is too much.

        Without a limit held to there is always one request more, for a rehearsal asks more often.
        """
        self._x_rules = Rules(summoned_only, hold_to_limits, Tally())

    def external_id(self, key: str) -> str:
        """Return what the platform calls the line with this id, at first. Raises :class:`KeyError`."""
        for world in self.worlds.values():
            if key in world.by_key:
                return world.by_key[key].first_id
        raise KeyError(key)

    def visible(self, platform: Platform) -> int:
        """Return how many posts, comments and replies of a platform are visible now."""
        now = self._now()
        return self.world(platform, now).everything.count(BEGINNING, last_order_at(now))

    def _receive(self, request: Request) -> Sending:
        """Answer one request: find the platform, count, misbehave when asked to, else answer properly."""
        now = self._now()
        if request.path == TOKEN_PATH:
            return self._receive_token(request, now)
        platform = next((each for route, each in _ROUTES if route.match(request.path)), None)
        if platform is None:
            return Sending(Answer(404, {"error": "No practice platform has this address."}), now)
        number, fault = self._count(platform)
        request, is_repeated = without_mark(request, platform)
        request = replace(
            request,
            path=request.path.removeprefix(BASE_PATHS[platform]),
            number=number,
            base_url=self.base_url(platform),
            is_empty=fault is not None and fault.kind is FaultKind.EMPTY,
            stage=self.stage,
        )
        if fault is None:
            return Sending(self._answer(platform, request, now), now)
        if fault.kind is FaultKind.DOWN:
            return Sending(Answer(503, {}), now, fault)
        refusal = fault_answer(fault, platform, request, now)
        if refusal is not None:
            return Sending(refusal, now, fault)
        lags = fault.kind is FaultKind.LATE and request.method == "GET"
        known = now - timedelta(seconds=fault.seconds) if lags else now
        answer = self._answer(platform, request, known)
        return Sending(spoilt_page(answer, fault, platform, request, is_repeated=is_repeated), now, fault)

    def _receive_token(self, request: Request, now: datetime) -> Sending:
        """Google's token endpoint meets YouTube's faults only where they mean the sign-in too."""
        with self._lock:
            self.requests["token"] += 1
            following = self._since_faults[Platform.YOUTUBE] + 1
            fault = fault_at(self._faults, Platform.YOUTUBE, following)
        is_expired = fault is not None and fault.kind is FaultKind.EXPIRED
        is_down = fault is not None and fault.kind is FaultKind.DOWN
        return Sending(youtube.token_answer(request, is_expired=is_expired), now, fault if is_down else None)

    def _count(self, platform: Platform) -> tuple[int, Fault | None]:
        with self._lock:
            self.requests[platform] += 1
            self._since_faults[platform] += 1
            fault = fault_at(self._faults, platform, self._since_faults[platform])
            return self.requests[platform], fault

    def _answer(self, platform: Platform, request: Request, now: datetime) -> Answer:
        world = self.world(platform, now)
        match platform:
            case Platform.X:
                return x.answer(world, request, now, self._vocabulary, self._depth, self._x_rules)
            case Platform.FACEBOOK:
                return graph.answer(world, request, now)
            case Platform.YOUTUBE:
                return youtube.answer(world, request, now)
            case Platform.INSTAGRAM:
                return instagram.answer(world, request, now)
