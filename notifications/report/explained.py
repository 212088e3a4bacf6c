"""How the report counts, in the words that it prints: the promise, its readings, and every other rule."""

from __future__ import annotations

PROMISE = (
    "The promise: every comment, query or complaint is answered within {hours}, or on the next working day "
    "if it was received at a weekend or on another day when the school is closed."
)
NAMED_READINGS = {
    "strict": "strict, by the letter of the policy",
    "pause": "pause, closed days do not count",
    "carry": "carry, what ends on a closed day moves to the next working day",
    "ignore_calendar": "by the clock alone, whatever the day",
}
READINGS = {
    "strict": "{hours} as they pass; only what arrives on a closed day waits for the next working day",
    "pause": "{hours} of working days; the clock stands still on closed days",
    "carry": "{hours}; if they end on a closed day, the end of the next working day",
    "ignore_calendar": "{hours} as they pass, whatever the day",
}


def promise_in_force(reading: str, hours: float) -> str:
    """Return the school's promise and how it is read, for example "within 24 hours"."""
    allowed = f"{hours:g} hour{'' if hours == 1 else 's'}"
    meaning = READINGS.get(reading)
    return (
        f"{PROMISE.format(hours=allowed)} The reading in force is {reading}"
        f"{f': {meaning.format(hours=allowed)}' if meaning else ''}."
    )


HOW_WE_COUNT = (
    "In time means: a person at the school answered, or recorded how it was dealt with, no later than "
    "the last second of the time allowed. Late means after that, or not at all. A reply that nobody "
    "has given counts as late, not as missing.",
    "The headline counts replies by the week in which they were due, so that each is counted once and "
    "none can drift out of sight. Messages by one person in one thread that wait for the same answer "
    "count as one. The tables count every item by the week in which it was received.",
    "Time runs from when the person wrote, by the platform's clock, even when we saw it later. Where that "
    "makes a difference, a second count is given, with the time running from when we first saw each "
    "message. It and the other reading of the rule are counts of their own and never part of the headline.",
    "Due times are kept as they were set. A calendar that is changed afterwards can move a reply that is "
    "not due yet, never one that was answered or late. A late reply that was due on a closed day, or that "
    "the leadership has excused, carries the mark and stays late.",
    "Withdrawn means that the author deleted it before it was due. No reply needed means that there was "
    "nothing in it to answer (only emoji, a tagged friend, parents among themselves), or that a person "
    "said so before it was due. Held means that nobody may answer: the abuse was confirmed, or the media "
    "policy comes first.",
    "Waiting times are hours as they pass, closed days included; whoever still waits has waited until "
    "the report was made. The median is the middle one. In the holidays means written while the school "
    "was closed by its own calendar, the weekends and bank holidays before and inside that time included.",
    "Not measured means that the account could not be read. What arrived then may be missing from "
    "every figure until it is read. No percentage is given for fewer than 5 replies, and percentages "
    "are rounded down.",
    "An inset day is a working day. A late reply without a recorded reason is shown with no reason "
    "given. The severity is the system's suggestion for who looks first; it is not a judgement of a "
    "person.",
)
