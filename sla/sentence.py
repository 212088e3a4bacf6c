"""The one plain sentence that says why an answer is due when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sla.calendar import CLOSURE, WEEKEND
from sla.target import Basis, ClockKind, Mode, ResponseTarget

_DAYS_NAMED_BY_WEEKDAY = 6
_SATURDAY = 5
_LONGEST_LABEL = 60
_MOST_LABELS = 4
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_BANK_HOLIDAY = " bank holiday"
_SUBSTITUTE = "substitute for "
_SAYS_NOTHING = {"closed", "school closed", CLOSURE}
"""Labels that only repeat what the sentence says anyway."""


def sentence(
    received: datetime, due: datetime, days: Sequence[str | None], target: ResponseTarget, basis: Basis
) -> str:
    """Return why it is due then: "Received 7:42pm on Sunday, so it is due by 11:59pm on Monday 23 November".

    ``received`` and ``due`` are times of the school's clock. ``days`` holds one reason for every day from
    the one to the other, such as "bank holiday: Good Friday", or None where the school works; it is empty
    where no calendar counts. Times are written as GOV.UK writes them.
    """
    far = (due.date() - received.date()).days > _DAYS_NAMED_BY_WEEKDAY
    weekday = _WEEKDAYS[received.weekday()]
    return (
        f"Received {_clock(received)} on {day_words(received) if far else weekday}"
        f"{_arrival(received, days)}{_gap(days, target, basis, far)}, "
        f"so it is due {_measure(received, due, days, target, basis)}by {_end(due, received)}"
    )


def _arrival(received: datetime, days: Sequence[str | None]) -> str:
    """Return why the day of the receipt is closed. That a Saturday is a weekend is no news."""
    reason = days[0] if days else None
    if reason is None:
        return ""
    if reason == WEEKEND:
        return "" if received.weekday() >= _SATURDAY else ", a weekend day here"
    return f", {_listed([reason])}"


def _gap(days: Sequence[str | None], target: ResponseTarget, basis: Basis, far: bool) -> str:
    """Return which closed days lie between, where they matter.

    What was told of the day of the receipt is not told again, and a weekend is no news after a closed day
    or within a longer closure.
    """
    if basis is not Basis.NEXT_WORKING_DAY and target.mode is not Mode.PAUSE:
        return ""
    between = dict.fromkeys(reason for reason in days[1:-1] if reason and reason != days[0])
    if days[0] or (far and len(between) > 1):
        between.pop(WEEKEND, None)
    if not between:
        return ""
    return f", and {_listed(between)} follow{'' if len(between) > 1 else 's'}"


def _listed(reasons: Iterable[str]) -> str:
    """Return reasons in words, in their order: "a school closure (half term) and a weekend"."""
    labels: dict[str, list[str]] = {}
    for reason in reasons:
        kind, _, label = reason.partition(": ")
        labels.setdefault(kind, []).append("" if label.casefold() in _SAYS_NOTHING else label)
    return _joined(
        [_one(kind, found[0]) if len(found) == 1 else _several(kind, found) for kind, found in labels.items()]
    )


def _one(kind: str, label: str) -> str:
    """Return "a school closure (snow)", "the Summer bank holiday" or "a weekend"."""
    if label.endswith(_BANK_HOLIDAY):
        return f"the {label}"
    return f"a {kind} ({_short(label)})" if label else f"a {kind}"


def _several(kind: str, labels: list[str]) -> str:
    """Return "bank holidays (Good Friday and Easter Monday)"; what is unnamed or too much is only counted."""
    shown = [_short(_in_a_list(label)) for label in labels if label][:_MOST_LABELS]
    more = len(labels) - len(shown)
    if not shown:
        return f"{kind}s"
    return f"{kind}s ({_joined([*shown, *_more(more)])})"


def _more(number: int) -> list[str]:
    return [] if number == 0 else ["another" if number == 1 else f"{number} more"]


def _in_a_list(label: str) -> str:
    """Return a bank holiday's name so that it cannot be read as two: "the Boxing Day substitute"."""
    if label.startswith(_SUBSTITUTE):
        return f"the {label.removeprefix(_SUBSTITUTE)} substitute"
    return label.removesuffix(_BANK_HOLIDAY)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _measure(
    received: datetime, due: datetime, days: Sequence[str | None], target: ResponseTarget, basis: Basis
) -> str:
    """Return how long that is: "24 hours later, "; nothing where the whole next working day counts."""
    if basis is Basis.NEXT_WORKING_DAY:
        return ""
    hours = f"{target.hours:g} hour{'' if target.hours == 1 else 's'}"
    if target.mode is Mode.PAUSE and any(days[1:-1]) and basis is Basis.HOURS:
        return f"after {hours} of working days, "
    any_day = " on any day" if target.mode is Mode.IGNORE_CALENDAR else ""
    if received.utcoffset() == due.utcoffset():
        return f"{hours} later{any_day}, "
    change = " on the clock" if target.clock is ClockKind.WALL else " (the clocks change)"
    return f"{hours} later{any_day}{change}, "


def _end(due: datetime, received: datetime) -> str:
    """Return the due time by the minute, rounded down so that nobody is promised a second too much."""
    if (due.hour, due.minute) == (0, 0):
        due -= timedelta(minutes=1)
    year = f" {due.year}" if due.year != received.year else ""
    return f"{_clock(due)} on {day_words(due)}{year}"


def _clock(moment: datetime) -> str:
    """Return a time of day as GOV.UK writes it: "5pm", "9:15am", "midday"."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def day_words(moment: datetime) -> str:
    """Return a day as people say it: "Monday 23 November"."""
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
