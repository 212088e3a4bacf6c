"""A second way to judge threads, slow and simple on purpose, and threads by chance to try it on.

It reads threads as the ``clocks`` command does and replays them author by author with plain lists. It knows
one promise only: ENG, November 2026, 24 hours, no closures. London keeps UTC then and no bank holiday falls
into it, so that a due time is a matter of two lines.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

Event = dict[str, Any]
Thread = dict[str, Any]

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
ORDER = ("asks", "answered", "hidden", "withdrawn", "exempt", "held")
MARKS = {"acked": "answered", "held": "held", "spam": "exempt", "no_reply": "exempt"}
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def judged(thread: Thread) -> dict[str, Event]:
    """Return what the ``clocks`` command has to answer for a thread."""
    return _Desk(thread).clocks()


class _Desk:
    """A patient clerk with the whole thread on the table."""

    def __init__(self, thread: Thread) -> None:
        self.now = _time(thread["now"])
        self.own = list(thread["own"])
        self.school = self.own + list(thread.get("responders", []))
        self.staff = list(thread.get("staff", []))
        self.go_live = thread.get("go_live")
        self.auto_counts = thread.get("rule", {}).get("auto_ack_counts", False)
        self.said: dict[str, Event] = {}
        self.others: list[Event] = []
        for event in sorted(thread["events"], key=lambda event: str(event.get("seen", ""))):
            if event["t"] != "msg":
                self.others.append(event)
            elif event["id"] not in self.said:
                self.said[event["id"]] = event
        self.answer: dict[str, Event] = {name: {"state": "none"} for name in self.said}

    def clocks(self) -> dict[str, Event]:
        """Judge everybody who is not of the school, one after the other."""
        for author in {message["by"] for message in self.said.values()}:
            if author not in self.school and author not in self.staff:
                self.replay(author)
        return self.answer

    def replay(self, author: str) -> None:
        """Live through one author's thread again, from the first line of the diary to the last."""
        waiting: list[str] = []
        gone: dict[str, str] = {}
        for time, what, name in self.diary(author):
            if what == "asks":
                waiting.append(name)
                continue
            if what in {"withdrawn", "hidden"}:
                gone.setdefault(name, what)
            covered = self.covered_by(what, name, time, waiting, gone)
            if covered:
                self.close(covered, what, time, gone)
            elif what == "exempt" and name in waiting:
                gone.setdefault(name, what)
            if waiting and not covered and all(each in gone for each in waiting):
                covered = list(waiting)
                self.close(covered, "gone", time, gone)
            waiting = [each for each in waiting if each not in covered]
        if waiting:
            self.close(waiting, None, None, gone)

    def covered_by(
        self, what: str, name: str, time: datetime, waiting: list[str], gone: dict[str, str]
    ) -> list[str]:
        """Return who need not wait any more, because they were answered or a person decided so."""
        if what == "answered":
            return list(waiting)
        looked_at = [each for each in waiting if self.noticed(each) <= time]
        meant = {"held": looked_at, "exempt": looked_at[:1]}.get(what, [])
        return [each for each in waiting if each in looked_at or each in gone] if name in meant else []

    def close(self, names: list[str], how: str | None, time: datetime | None, gone: dict[str, str]) -> None:
        """Write down how a wait ended, with its first message; the others only joined it."""
        for each in names[1:]:
            self.answer[each] = {"state": "joined"}
        first = self.said[names[0]]
        due = _due(_came(first))
        late = (time or self.now).replace(microsecond=0) > due
        if how == "gone":
            reasons = [gone[each] for each in names]
            how = next(each for each in ("hidden", "exempt", "withdrawn") if each in reasons)
        words = {"answered": "met", "held": "moderated", "hidden": "moderated", None: "open"}
        state = ("overdue" if how is None else "late") if late else words.get(how, how)
        shown: Event = {"state": state, "due": _text(due)}
        if how == "answered" and time is not None:
            shown["acked"] = _text(time)
        if _time(first["seen"]) > due:
            shown["late_discovery"] = True
        self.answer[names[0]] = shown

    def diary(self, author: str) -> list[tuple[datetime, str, str]]:
        """Return all that matters to one author, in order. What is told of a message never came before it."""
        lines = []
        for name, message in self.said.items():
            if message["by"] == author and self.asks(message):
                lines.append((_came(message), "asks", name))
        for name, message in self.said.items():
            told = self.said.get(message["parent"], {}).get("by")
            to_them = told == author or author in message["mentions"]
            counts = self.auto_counts or not self.is_automatic(name)
            if message["by"] in self.school and to_them and counts:
                lines.append((_came(message), "answered", name))
        for event in self.others:
            about = self.said.get(event["of"])
            if about is not None and about["by"] == author and (what := self.meaning(event)):
                time = _time(event["at"])
                lines.append((time if what == "answered" else max(time, _came(about)), what, event["of"]))
        return sorted(lines, key=lambda line: (line[0], ORDER.index(line[1])))

    def meaning(self, event: Event) -> str | None:
        """Return what an event does to its author's wait, in one word."""
        by_school = event.get("by") in self.school
        unnamed = event.get("by") is None
        words = {
            "mark": MARKS.get(event.get("as", "")),
            "private": "answered" if by_school or unnamed else None,
            "auto": "answered" if self.auto_counts else None,
            "hide": "hidden" if by_school or unnamed else None,
            "delete": "hidden" if by_school else "withdrawn",
        }
        return words.get(event["t"])

    def asks(self, message: Event) -> bool:
        """Say whether a parent's message wants an answer; if it is mere emoji or a tag, write that down."""
        if self.go_live is not None and _came(message) < _time(self.go_live):
            return False
        named = any(each in self.own for each in message["mentions"])
        if message["kind"] == "emoji" or (message["kind"] == "tag" and not named):
            self.answer[message["id"]] = {"state": "exempt"}
            return False
        other = self.said.get(message["parent"], {}).get("by")
        return named or other in {None, message["by"]} or other in self.school or other in self.staff

    def is_automatic(self, name: str) -> bool:
        """Say whether nobody wrote a message."""
        return any(event["t"] == "auto" and event["of"] == name for event in self.others)

    def noticed(self, name: str) -> datetime:
        """Return when somebody had seen a message: at the poll, or when they marked it."""
        marks = [
            event["at"]
            for event in self.others
            if event["of"] == name and event["t"] == "mark" and event["as"] != "acked"
        ]
        return min(map(_time, [self.said[name]["seen"], *marks]))


def _came(message: Event) -> datetime:
    """When the parent wrote, if the platform can be believed, or else when we saw it."""
    seen = _time(message["seen"])
    if message["at"] is None or _time(message["at"]) > seen + 5 * MINUTE:
        return seen
    return _time(message["at"])


def _due(came: datetime) -> datetime:
    day = came.replace(hour=0, minute=0, second=0)
    if day.weekday() < 5:
        return came + DAY
    return day + (7 - day.weekday()) * DAY + DAY - SECOND


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


# Threads by chance


def random_thread(dice: random.Random) -> Thread:
    """Return a thread of few people, in which much goes wrong and no two things happen in one second."""
    moments = _Moments(dice)
    names = [f"m{number}" for number in range(dice.randint(1, 12))]
    events = [_message(dice, name, names, moments) for name in names]
    events += [_again(dice, event, moments) for event in events if dice.random() < 0.15]
    events += [_fact(dice, names, moments) for _ in range(dice.randint(0, 8))]
    dice.shuffle(events)
    thread: Thread = {
        "id": "t",
        "now": moments(),
        "nation": "ENG",
        "own": ["school", "office"],
        "responders": ["head"],
        "events": events,
    }
    if dice.random() < 0.3:
        thread["staff"] = ["teacher"]
    if dice.random() < 0.2:
        thread["go_live"] = (MONDAY + dice.random() * 5 * DAY).isoformat()
    if dice.random() < 0.2:
        thread["rule"] = {"auto_ack_counts": True}
    return thread


class _Moments:
    """Seconds of two weeks, none of them twice: many in the first days, so that some waits are long."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.used: set[datetime] = set()

    def __call__(self, after: datetime | None = None, within: timedelta = 9 * DAY) -> str:
        """Return one more, at any time or soon after another."""
        start = MONDAY + self.dice.choice([0, 0, 3, 4]) * DAY if after is None else after
        while (moment := start + int(self.dice.random() ** 2 * within.total_seconds()) * SECOND) in self.used:
            start += SECOND
        self.used.add(moment)
        return moment.isoformat()


def _message(dice: random.Random, name: str, names: list[str], moments: _Moments) -> Event:
    at: str | None = moments()
    seen = moments(_time(str(at)), 3 * DAY if dice.random() < 0.15 else 5 * MINUTE)
    if dice.random() < 0.06:
        at = None
    elif dice.random() < 0.06:
        at, seen = seen, str(at)
    people = ["Ann", "Ann", "Bob", "Cid", "school", "school", "office", "head", "teacher"]
    return {
        "t": "msg",
        "id": name,
        "by": dice.choice(people),
        "at": at,
        "seen": seen,
        "parent": dice.choice([None, "post", *names, *names]),
        "mentions": dice.sample(["Ann", "Bob", "school", "head", "Dee"], dice.choice([0, 0, 0, 1, 2])),
        "kind": dice.choice(["text"] * 8 + ["emoji", "tag"]),
    }


def _again(dice: random.Random, event: Event, moments: _Moments) -> Event:
    """Deliver a message once more, later."""
    return event | {"seen": moments(max(_time(event["seen"]), MONDAY) + SECOND, DAY)}


def _fact(dice: random.Random, names: list[str], moments: _Moments) -> Event:
    word = dice.choice(
        ["edit", "delete", "delete", "hide", "react", "private", "auto", "mark", "mark", "mark"]
    )
    fact: Event = {"t": word, "of": dice.choice([*names, *names, "gone"]), "at": moments()}
    if word == "mark":
        fact["as"] = dice.choice(["spam", "no_reply", "acked", "held"])
    if dice.random() < 0.7:
        fact["by"] = dice.choice(["school", "head", "Ann", "Bob", "teacher"])
    return fact
