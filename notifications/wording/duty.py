"""What is said when nobody is on duty in the days ahead, or more comes than people can be told singly."""

from __future__ import annotations

from moderation.alerts import DutyNotice, Role, StormNotice
from notifications.times import day_words, local, near_words, span_words
from notifications.wording.letter import Letter, Section, fitting
from notifications.wording.others import why_you
from notifications.wording.standing import listed

_SPANS_SHOWN = 10
_NOBODY = {
    Role.MODERATOR: "no moderator",
    Role.DSL: "no DSL",
    Role.DEPUTY_DSL: "no deputy DSL",
    Role.SLT: "nobody of the senior leadership",
    Role.HEADTEACHER: "no headteacher",
    Role.GOVERNORS: "no governors' contact",
    Role.DATA_PROTECTION: "no data protection lead",
    Role.MEDIA: "no media lead",
    Role.NETWORK_MANAGER: "no network manager",
    Role.ON_DUTY: "nobody on duty",
}


def duty_letter(notice: DutyNotice) -> Letter:
    """Write that the days ahead have gaps: nobody is on duty, or nobody of a role is there."""
    missing = listed(_NOBODY[role] for role in notice.roles) if notice.roles else "nobody on duty"
    missing = missing[0].upper() + missing[1:]
    spans = tuple(span_words(*gap) for gap in notice.gaps)
    more = len(spans) - _SPANS_SHOWN
    starts = f" from {day_words(local(notice.gaps[0][0]).date())}" if notice.gaps else ""
    return Letter(
        subject=fitting(f"{missing}{starts}", f"Nobody there{starts}"),
        preview="What is urgent then would reach nobody at first.",
        headline=f"{missing}{starts}.",
        news=(
            "Urgent cases then go to the next people on the ladder at once. They may be asleep, or not be "
            "there either.",
        ),
        sections=(Section("When", spans[:_SPANS_SHOWN]),) if spans else (),
        rest=f"And {more:,} more times." if more > 0 else "",
        steps=_steps(notice),
        notes=why_you(notice.because, notice.school_name),
    )


def _steps(notice: DutyNotice) -> tuple[str, ...]:
    if notice.roles:
        return (
            "Agree who stands in on these days, and give them the role in the settings, under people.",
            "See that the change is understood: socialduty check",
        )
    return (
        "Agree who is on duty then, and add it to the rota in the settings or in the rota's calendar.",
        "See that no gap is left: socialduty check",
    )


def storm_letter(notice: StormNotice) -> Letter:
    """Write to the leadership that alerts are gathered, because so much came at once."""
    since = near_words(notice.since, notice.now)
    return Letter(
        subject=fitting(
            f"Many messages at once: {notice.cases:,} cases since {since}", "Many messages at once"
        ),
        preview="Alerts are gathered into summaries. Nothing is dropped.",
        headline=f"Many messages came at once: {notice.cases:,} cases since {since}.",
        news=(
            "People get summaries with counts instead of one alert for each. Nothing is dropped: every case "
            "has its number, its clock and its place in the list.",
        ),
        steps=(
            "See what it is about: socialduty cases --open",
            "Decide whether more people have to look, and tell them who leads.",
            "Decide whether comments on the post are limited on the platform, and record why.",
        ),
        notes=why_you(notice.because, notice.school_name),
    )
