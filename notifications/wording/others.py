"""What is said about work that was set aside, messages that were not delivered, and the weekly report."""

from __future__ import annotations

from datetime import date, timedelta

from moderation.alerts import AlertStep, ReportNotice, Role, SystemNotice
from moderation.assessment import Lack
from notifications.cleaning import clean_line
from notifications.times import date_words
from notifications.wording.cases import ROLES
from notifications.wording.letter import Letter, fitting


def system_letter(notice: SystemNotice) -> Letter:
    """Write that the system could not do something and a person has to look."""
    what = clean_line(notice.what, 30) or "work"
    if notice.step is AlertStep.NOT_DELIVERED:
        return _not_delivered(notice)
    if notice.step is AlertStep.RULES_ALONE:
        return _rules_alone(notice)
    return Letter(
        subject=fitting(
            f"Needs a person: {what} {notice.number} was set aside", "Needs a person: work set aside"
        ),
        preview="The system could not finish it and has stopped trying.",
        headline="The system could not finish a piece of work and has set it aside.",
        news=("Nothing is lost: it waits, and everything else goes on. It is not tried again by itself.",),
        facts=(
            ("Work", f"{what} {notice.number}"),
            ("Reason", clean_line(notice.reason, 120) or "not known"),
        ),
        steps=(
            "List the work that waits for a person: socialduty tasks",
            "Put right what stopped it, or do by hand what it was for.",
        ),
        notes=why_you(notice.because, notice.school_name),
    )


def _not_delivered(notice: SystemNotice) -> Letter:
    return Letter(
        subject=fitting(f"Not delivered: message {notice.number} reached nobody", "Not delivered: a message"),
        preview="Somebody who should know does not. See that they are told another way.",
        headline="A message to a member of staff could not be delivered.",
        news=("The person has not been told. Others told about the same thing are not affected.",),
        facts=(
            ("Message", str(notice.number)),
            ("Result", clean_line(notice.reason, 120).replace("-", " ") or "not known"),
        ),
        steps=(
            "Find out who and what about: socialduty alerts",
            "Tell the person another way.",
            "Correct the address or the mail server in the settings.",
        ),
        notes=why_you(notice.because, notice.school_name),
    )


_LACKS: dict[str, str] = {
    Lack.NOT_LOADED: "Their files, or the library that runs them, cannot be loaded.",
    Lack.TOO_SLOW: "They took too long: this server is too busy, or too small for them.",
    Lack.FAILED: "They stopped with an error.",
}


def _rules_alone(notice: SystemNotice) -> Letter:
    reason = _LACKS.get(notice.reason, "The log of this server says why.")
    return Letter(
        subject=fitting("Needs a person: messages are judged by rules alone", "Judged by rules alone"),
        preview="Moderators have to look at more messages themselves until this is put right.",
        headline="The trained models that judge messages do not work as they should.",
        news=(
            reason,
            "Nothing is lost: each message that they had no say in is marked uncertain, so that a person "
            "looks at it.",
        ),
        facts=(("Reason", clean_line(notice.reason, 120) or "not known"),),
        steps=(
            "See what is wrong, and how to put it right: socialduty check",
            "See whether it goes on: socialduty status",
        ),
        notes=why_you(notice.because, notice.school_name),
    )


def report_letter(notice: ReportNotice) -> Letter:
    """Write the note for a weekly report that travels without its figures in the message."""
    school = clean_line(notice.school_name, 80)
    week = _week_words(clean_line(notice.week, 20))
    return Letter(
        subject=fitting(f"Weekly social media report: {week}", "Weekly social media report"),
        preview=f"{school}: replies, late cases and what was not read.",
        headline=f"The weekly social media report of {school} is ready.",
        facts=(("Week", week),),
        news=("It says how many replies were due, how many were in time, and when we could not see.",),
        notes=why_you(notice.because, notice.school_name),
    )


def _week_words(week: str) -> str:
    """Return ``16 to 22 November`` for ``2026-W47``; what is no week stays as it is."""
    try:
        first = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    except ValueError:
        return week
    last = first + timedelta(days=6)
    return f"{first.day if first.month == last.month else date_words(first)} to {date_words(last)}"


def why_you(role: Role, school_name: str) -> tuple[str, ...]:
    """Return the line that tells readers why a message came to them."""
    return (f"Why you: you are {ROLES[role]} for {clean_line(school_name, 80)}.",)
