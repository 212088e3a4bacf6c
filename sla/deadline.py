"""When an answer is due, and one plain sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sla.calendar import CLOSURE, LAST_YEAR, WEEKEND, NoDeadlineError, SchoolCalendar
from sla.target import ClockKind, Mode, ResponseTarget

_ONE_DAY = timedelta(days=1)
_DAYS_NAMED_BY_WEEKDAY = 6
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Basis(StrEnum):
    """Which part of the promise set the due time."""

    HOURS = "hours"
    NEXT_WORKING_DAY = "next-working-day"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due time of one message. A reply in the due second is still in time.

    ``received`` and ``due`` are UTC in whole seconds. The sentence and the trace are made when asked for,
    from the promise and the calendar that set the due time, which never change.
    """

    received: datetime
    due: datetime
    basis: Basis
    target: ResponseTarget
    calendar: SchoolCalendar = field(compare=False, repr=False)

    @property
    def why(self) -> str:
        """One sentence: "Received 7:42pm on Sunday, so it is due by 11:59pm on Monday 23 November"."""
        return _sentence(self)

    @property
    def trace(self) -> tuple[str, ...]:
        """What the due time was made from, one ``key=value`` each: times, every day's state, the basis."""
        return (
            f"received={_zulu(self.received)}",
            *(f"{day.isoformat()}={reason or 'working'}" for day, reason in _reasons(self)),
            f"basis={self.basis}",
            f"due={_zulu(self.due)}",
        )

    @property
    def due_on_closed_day(self) -> str | None:
        """Why the school is closed on the day it is due, such as "weekend"; None on a working day.

        Only the reading by the letter (``strict``) and ``ignore_calendar`` can end on a closed day. The
        report marks a late item with it.
        """
        return self.calendar.closed_because(self.due.astimezone(self.target.zone).date(), self.target)


def deadline(received: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> Deadline:
    """Return when an answer to a message received at ``received`` is due.

    1. On a working day the hours of the promise run; ``target.mode`` says what closed days do to them.
    2. On a closed day it is due on the next working day at ``target.next_day_time``.
    Fractions of a second are dropped. Days are those of ``target.tz``.

    Raises:
        ValueError: ``received`` is naive: guessing its offset would be an hour wrong for seven months.
        NoWorkingDayError: the school is closed for the next 366 days.
        UnknownYearError: the bank holidays of that year are not known.
    """
    if received.utcoffset() is None:
        raise ValueError("the time of receipt has no offset: add Z or one like +01:00")
    try:
        start = received.astimezone(UTC)
        if start.microsecond:
            start = start.replace(microsecond=0)
        due, basis = _due(start, target, calendar)
        if due.year > LAST_YEAR and target.mode is not Mode.IGNORE_CALENDAR:
            calendar.is_closed(due.date(), target)  # refuses a day of which it knows nothing
    except OverflowError:
        raise NoDeadlineError("the time of receipt lies outside all years that can be counted") from None
    return Deadline(start, due, basis, target, calendar)


def _due(start: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> tuple[datetime, Basis]:
    if target.mode is Mode.IGNORE_CALENDAR:
        return _after_hours(start, target), Basis.HOURS
    today = start.astimezone(target.zone).date()
    if calendar.is_closed(today, target):
        return _from_closed_day(start, today, target, calendar)
    if target.mode is Mode.PAUSE:
        return _after_working_hours(start, today, target, calendar), Basis.HOURS
    due = _after_hours(start, target)
    if target.mode is Mode.CARRY:
        last = due.astimezone(target.zone).date()
        if calendar.is_closed(last, target):
            return _on_next_working_day(last, target, calendar), Basis.NEXT_WORKING_DAY
    return due, Basis.HOURS


def _from_closed_day(
    start: datetime, today: date, target: ResponseTarget, calendar: SchoolCalendar
) -> tuple[datetime, Basis]:
    due = _on_next_working_day(today, target, calendar)
    if target.floor and (guaranteed := _after_hours(start, target)) > due:
        return guaranteed, Basis.FLOOR
    return due, Basis.NEXT_WORKING_DAY


def _on_next_working_day(day: date, target: ResponseTarget, calendar: SchoolCalendar) -> datetime:
    return _at(calendar.next_working_day(day, target), target.next_day_time, target)


def _at(day: date, clock: time, target: ResponseTarget) -> datetime:
    """Return a local time in UTC: of a repeated one the first, of a skipped one by the offset before."""
    return datetime.combine(day, clock, target.zone).astimezone(UTC)


def _after_hours(start: datetime, target: ResponseTarget) -> datetime:
    if target.clock is ClockKind.ELAPSED:
        return start + target.allowance
    reading = start.astimezone(target.zone).replace(tzinfo=None) + target.allowance
    return reading.replace(tzinfo=target.zone, fold=0).astimezone(UTC)


def _after_working_hours(
    start: datetime, day: date, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return when the hours are used up, counting from midnight to midnight on working days only."""
    left = target.allowance
    while left > (room := _midnight_after(day, target) - _reading(start, target)):
        left -= room
        day = calendar.next_working_day(day, target)
        start = _at(day, time(), target)
    if target.clock is ClockKind.ELAPSED:
        return start + left
    return (_reading(start, target) + left).replace(tzinfo=target.zone).astimezone(UTC)


def _reading(moment: datetime, target: ResponseTarget) -> datetime:
    """Return the moment on the scale on which working hours are counted: UTC, or the clock on the wall."""
    if target.clock is ClockKind.ELAPSED:
        return moment
    return moment.astimezone(target.zone).replace(tzinfo=None, fold=0)


def _midnight_after(day: date, target: ResponseTarget) -> datetime:
    return _reading(_at(day + _ONE_DAY, time(), target), target)


# The sentence


def _sentence(made: Deadline) -> str:
    zone = made.target.zone
    received, due = made.received.astimezone(zone), made.due.astimezone(zone)
    days = tuple(_reasons(made))
    arrived = days[0][1] if days else None
    clocks_change = received.utcoffset() != due.utcoffset() and made.target.clock is ClockKind.ELAPSED
    far = (due.date() - received.date()).days > _DAYS_NAMED_BY_WEEKDAY
    weekday = _WEEKDAYS[received.weekday()]
    return (
        f"Received {_clock_words(received)} on {_day_words(received) if far else weekday}"
        f"{_arrival_words(arrived)}{_gap_words(made, days)}, "
        f"so it is due {_measure_words(made, clocks_change)}by {_due_words(due, received)}"
    )


def _reasons(made: Deadline) -> Iterator[tuple[date, str | None]]:
    """Yield every day from the receipt to the due time with the reason why it is closed."""
    if made.target.mode is Mode.IGNORE_CALENDAR:
        return
    zone = made.target.zone
    day, last = made.received.astimezone(zone).date(), made.due.astimezone(zone).date()
    while day <= last:
        yield day, made.calendar.closed_because(day, made.target)
        day += _ONE_DAY


def _arrival_words(reason: str | None) -> str:
    return "" if reason in {None, WEEKEND} else f", {_listed([str(reason)])}"


def _gap_words(made: Deadline, days: tuple[tuple[date, str | None], ...]) -> str:
    """Return which closed days lie between. After a closed day a weekend is no news, so it is not told."""
    told = {days[0][1]} if days else set()
    if days and days[0][1] is not None:
        told.add(WEEKEND)
    between = dict.fromkeys(reason for _, reason in days[1:-1] if reason and reason not in told)
    if not between or (made.basis is not Basis.NEXT_WORKING_DAY and made.target.mode is not Mode.PAUSE):
        return ""
    plural = len(between) > 1
    return f", and {_listed(between)} follow{'' if plural else 's'}"


def _listed(reasons: Iterable[str]) -> str:
    """Return reasons in words: "a school closure (half term) and a bank holiday (Boxing Day)"."""
    closures, holidays, rest = [], [], []
    for reason in reasons:
        kind, _, label = reason.partition(": ")
        if kind == WEEKEND:
            rest.append("a weekend")
        elif kind == CLOSURE:
            closures.append(label)
        else:
            holidays.append(label)
    parts = rest + _named("school closure", closures) + _named("bank holiday", holidays)
    return _joined(parts)


def _named(kind: str, labels: list[str]) -> list[str]:
    if not labels:
        return []
    shown = _joined([label.removesuffix(f" {kind}") for label in labels if label])
    head = f"a {kind}" if len(labels) == 1 else f"{kind}s"
    return [f"{head} ({shown})" if shown else head]


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _measure_words(made: Deadline, clocks_change: bool) -> str:
    if made.basis is Basis.NEXT_WORKING_DAY:
        return ""
    hours = f"{made.target.hours:g} hour{'' if made.target.hours == 1 else 's'}"
    if made.target.mode is Mode.PAUSE and made.basis is Basis.HOURS:
        return f"after {hours} of working days, "
    any_day = " on any day" if made.target.mode is Mode.IGNORE_CALENDAR else ""
    return f"{hours} later{any_day}{' (the clocks change)' if clocks_change else ''}, "


def _due_words(due: datetime, received: datetime) -> str:
    """Return the due time by the minute, rounded down so that nobody is promised a second too much."""
    if (due.hour, due.minute) == (0, 0):
        due -= timedelta(minutes=1)
    year = f" {due.year}" if due.year != received.year else ""
    return f"{_clock_words(due)} on {_day_words(due)}{year}"


def _clock_words(moment: datetime) -> str:
    """Return a time of day as GOV.UK writes it: "5pm", "9:15am", "midday"."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def _day_words(day: datetime) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
