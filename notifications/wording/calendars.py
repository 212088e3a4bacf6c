"""What is said about a school's term calendar that needs a person."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.alerts import CalendarNotice
from notifications.cleaning import clean_line
from notifications.wording.letter import Letter, fitting
from notifications.wording.others import why_you


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    headline: str
    news: str
    steps: tuple[str, ...]


_ANOTHER_COUNTS = (
    "The last good calendar stays in force, so nothing is wrong today. New closures are not seen."
)

_WORDS = {
    "shrunk": _Words(
        "Calendar waits for you: many closures are gone",
        "The new term calendar has lost more than a third of the closures ahead.",
        "If that is right, answers become due sooner. If it is a mistake, messages would seem late that are "
        "not. So the calendar from before stays in force until somebody decides.",
        (
            "See what would change: socialduty calendar preview --school {school}",
            "If it is right: socialduty calendar accept --school {school} --as YOUR-NAME",
            "If not, correct the calendar where it is kept; it is read again within six hours.",
        ),
    ),
    "no_calendar": _Words(
        "Calendar not read: what is there is no calendar",
        "What stands where the term calendar should be is no calendar.",
        _ANOTHER_COUNTS,
        (
            "Look at the file or the feed's address in the settings.",
            "See what is wrong with it: socialduty calendar check",
        ),
    ),
    "unreadable": _Words(
        "Calendar not read: it cannot be reached",
        "The school's term calendar cannot be reached.",
        _ANOTHER_COUNTS,
        (
            "See whether the file is there, or whether the feed's address still works in a browser.",
            "You are told once a week for as long as it lasts.",
        ),
    ),
    "unexpected": _Words(
        "Calendar not read: reading it broke off",
        "Reading the school's term calendar broke off in a way that nobody foresaw.",
        _ANOTHER_COUNTS,
        (
            "See whether the calendar was damaged or changed: socialduty calendar check",
            "If it looks right, report this to the makers. It is read again every six hours.",
        ),
    ),
    "never_read": _Words(
        "Calendar never read: school holidays count as working days",
        "No term calendar of the school has ever been read.",
        "Until one is, school holidays count as working days: answers may be due while nobody is in. "
        "Weekends and bank holidays are closed all the same.",
        (
            "See what is wrong with it: socialduty calendar check",
            "Open the feed's address from the settings in a browser; a file instead of it works too.",
            "It is tried again every 15 minutes: open answers are then counted again by themselves.",
        ),
    ),
    "empty": _Words(
        "Calendar: it closes no day at all",
        "The school's term calendar is in force, and no day is closed by it.",
        "School holidays count as working days: answers may be due while nobody is in.",
        (
            "See what was read and what was left aside: socialduty calendar check",
            "Add the school's holidays where the calendar is kept; it is read again within six hours.",
        ),
    ),
    "long": _Words(
        "Calendar: the school is closed for more than 50 days",
        "A new term calendar is in force, and it closes the school for more than 50 days on end.",
        "Messages that come meanwhile may wait as long for an answer. If that is a mistake, such as a "
        "mistyped year, nobody else will notice.",
        (
            "See which closure is that long: socialduty calendar check",
            "If it is wrong, correct it where the calendar is kept; it is read again within six hours.",
            "If it is right, name a cover day on which somebody looks.",
        ),
    ),
    "rejected": _Words(
        "Calendar: some entries cannot be read",
        "Some entries of the term calendar cannot be read. All others count.",
        "A closure that cannot be read counts as a working day, so answers may be due while nobody is in.",
        (
            "See which ones and why: socialduty calendar check",
            "Correct them where the calendar is kept; it is read again within six hours.",
        ),
    ),
    "no_deadline": _Words(
        "No deadline can be told: the calendar is closed for a year",
        "Messages have come for which no due time can be told.",
        "By the term calendar the school does not work on any day of the next year. The messages stay open "
        "and in the lists, marked as having no deadline.",
        (
            "See which closure is too long: socialduty calendar check",
            "Correct it where the calendar is kept: the messages then get their due times by themselves.",
        ),
    ),
}
_UNKNOWN = _Words(
    "Calendar: it needs a person",
    "The school's term calendar needs a person.",
    "Until somebody looks, answers may be due at the wrong time.",
    ("See what is wrong with it: socialduty calendar check",),
)


def calendar_letter(notice: CalendarNotice) -> Letter:
    """Write that a term calendar needs a person, and what that means for answers."""
    words = _WORDS.get(notice.reason, _UNKNOWN)
    school = clean_line(notice.school_name, 80)
    return Letter(
        subject=fitting(words.subject, "Calendar: it needs a person"),
        preview=words.headline,
        headline=words.headline,
        news=(words.news,),
        facts=(("School", school),),
        steps=tuple(step.format(school=clean_line(notice.school, 40)) for step in words.steps),
        notes=why_you(notice.because, notice.school_name),
        thread=f"calendar-{clean_line(notice.school, 40)}",
    )
