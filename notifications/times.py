"""How times are said to people: the school's own time, in the style of GOV.UK.

"5pm", "9:15am", "midday", "11:59pm on Monday 23 November". Never "midnight", never "23:59:59".
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_MINUTE = timedelta(minutes=1)
_FAR = 300
"""Days after which a date is said with its year."""


def local(moment: datetime) -> datetime:
    """Return ``moment`` on the school's clock.

    Raises:
        ValueError: ``moment`` has no time zone; guessing would be an hour wrong for seven months.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone cannot be shown")
    return moment.astimezone(LONDON)


def clock_words(moment: datetime) -> str:
    """Return the time of day: ``5pm``, ``9:15am``, ``midday``. Seconds are dropped."""
    here = local(moment)
    if (here.hour, here.minute) == (12, 0):
        return "midday"
    minutes = f":{here.minute:02d}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{'am' if here.hour < 12 else 'pm'}"


def date_words(day: date) -> str:
    """Return ``23 November``."""
    return f"{day.day} {day:%B}"


def day_words(day: date) -> str:
    """Return ``Monday 23 November``."""
    return f"{day:%A} {date_words(day)}"


def moment_words(moment: datetime, now: datetime) -> str:
    """Return a time and its day as seen from ``now``: ``5pm today``, ``11:59pm on Monday 23 November``."""
    here, today = local(moment).date(), local(now).date()
    if here == today:
        return f"{clock_words(moment)} today"
    year = f" {here.year}" if abs((here - today).days) > _FAR else ""
    return f"{clock_words(moment)} on {day_words(here)}{year}"


def is_due_today(due: datetime, now: datetime) -> bool:
    """Say whether the last permitted minute of a deadline lies on the day of ``now``."""
    return local(_last_minute(due)).date() == local(now).date()


def near_words(moment: datetime, now: datetime) -> str:
    """Return a time as short as it can be said: ``5pm`` of the same day, or else with its day."""
    return clock_words(moment) if local(moment).date() == local(now).date() else moment_words(moment, now)


def span_words(start: datetime, end: datetime) -> tuple[str, str]:
    """Return the day a span begins on, and the rest: ``5pm to 8pm``, ``5pm to 8am on Monday 30 November``.

    A whole day is ``all day``. Nothing begins or ends at midnight.
    """
    last = _last_minute(end)
    first_day, last_day = local(start).date(), local(last).date()
    begins = local(start).hour, local(start).minute
    opening = "" if begins == (0, 0) else f"{clock_words(start)} "
    on_day = "" if first_day == last_day else f" on {day_words(last_day)}"
    if last == end:
        return day_words(first_day), f"{opening}{'to' if opening else 'until'} {clock_words(end)}{on_day}"
    if on_day:
        return day_words(first_day), f"{opening or 'all day '}to the end of {day_words(last_day)}"
    return day_words(first_day), f"{opening}to the end of the day" if opening else "all day"


def deadline_words(due: datetime, now: datetime) -> str:
    """Return a deadline, its last permitted minute: a deadline at 00:00 is ``11:59pm`` of the day before."""
    return moment_words(_last_minute(due), now)


def short_deadline_words(due: datetime, now: datetime) -> str:
    """Return a deadline for a subject line: ``5pm today``, ``11:59pm Monday``, ``4pm 30 November``."""
    last = _last_minute(due)
    here, today = local(last).date(), local(now).date()
    if here == today:
        return f"{clock_words(last)} today"
    if 0 < (here - today).days < 7:
        return f"{clock_words(last)} {here:%A}"
    return f"{clock_words(last)} {date_words(here)}"


def _last_minute(due: datetime) -> datetime:
    here = local(due)
    return due - _MINUTE if (here.hour, here.minute) == (0, 0) else due


def duration_words(length: timedelta) -> str:
    """Return how long something took: ``40 minutes``, ``2 hours 5 minutes``, ``51 hours``, ``6 days``.

    Hours are kept up to four days, because the promise is made in hours. Parts are rounded down.
    """
    minutes = max(0, int(length.total_seconds()) // 60)
    hours = minutes // 60
    if minutes == 0:
        return "less than a minute"
    if hours < 1:
        return _counted(minutes, "minute")
    if hours < 6 and minutes % 60:
        return f"{_counted(hours, 'hour')} {_counted(minutes % 60, 'minute')}"
    if hours < 96:
        return _counted(hours, "hour")
    return _counted(hours // 24, "day")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
