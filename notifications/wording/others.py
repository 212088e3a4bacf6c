"""What is said about accounts that are not read, work that was set aside, and the weekly report."""

from __future__ import annotations

from datetime import date, timedelta

from moderation.alerts import AccountNotice, AlertStep, ReportNotice, Role, SystemNotice
from moderation.assessment import Lack
from notifications.cleaning import clean_line
from notifications.times import date_words, duration_words, moment_words
from notifications.wording.cases import ROLES
from notifications.wording.lanes import platform_words
from notifications.wording.letter import Letter, fitting

_REASONS: dict[str, tuple[str, str]] = {
    "auth_expired": (
        "The platform no longer accepts our access token.",
        "Make a new token for this account and put it in the account's token file.",
    ),
    "permission_missing": (
        "Our access token is not allowed to read this account.",
        "Give the token the missing permission, or make a new one with it.",
    ),
    "refused": (
        "The platform refuses to let anybody read this.",
        "Look at the account on the platform: it may be restricted.",
    ),
    "not_found": (
        "The platform says that the account is not there.",
        "Look at the account on the platform: it may be renamed, hidden or deleted.",
    ),
    "rate_limited": (
        "The platform asked us to slow down, and has not let us back yet.",
        "There is nothing to do at once. If it lasts a day, read the account less often.",
    ),
    "quota_exhausted": (
        "Our allowance with the platform is spent.",
        "Wait for the next period, or get a larger allowance.",
    ),
    "unreachable": (
        "The platform cannot be reached from here.",
        "Check this server's way to the internet. If that is fine, the platform is down.",
    ),
    "bad_response": (
        "The platform answers with something that cannot be read.",
        "There is nothing to do at once. If it lasts a day, look for an update of socialduty.",
    ),
    "bug_or_config": (
        "A setting of this account is wrong, or there is a fault in socialduty.",
        "Run the check command: it says which setting.",
    ),
    "unexpected_error": (
        "Reading it stops at something that socialduty does not know how to read.",
        "Look at the log of this server and report the fault; the other accounts go on.",
    ),
}
_UNKNOWN_REASON = (
    "Reading it failed for a reason that has no name yet.",
    "Run the check command and look at the log of this server.",
)


def account_letter(notice: AccountNotice) -> Letter:
    """Write that an account is not being read, or is being read again."""
    if notice.step is AlertStep.WATCHED_AGAIN:
        return _read_again(notice)
    account, where = _account(notice)
    reason, remedy = _REASONS.get(notice.reason, _UNKNOWN_REASON)
    blind = duration_words(notice.now - notice.since)
    return Letter(
        subject=fitting(
            f"Not being read: {account} for {blind}",
            f"Not being read: {account}",
            "Not being read: an account",
        ),
        preview=f"What arrives on {where} is not seen until this is put right.",
        headline=f"Our {where} account {account} is not being read.",
        news=(
            reason,
            "What arrives there is not seen, judged or counted until this is put right. Clocks run all the "
            "same, from the time that people wrote.",
        ),
        facts=(
            ("Last read", moment_words(notice.since, notice.now)),
            ("Not read for", blind),
            ("Account", account),
        ),
        steps=_account_steps(notice, remedy, where),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def _read_again(notice: AccountNotice) -> Letter:
    account, where = _account(notice)
    blind = duration_words(notice.now - notice.since)
    return Letter(
        subject=fitting(
            f"Being read again: {account} after {blind}",
            f"Being read again: {account}",
            "Being read again: an account",
        ),
        preview=f"{where} was not read for {blind}. Nothing has to be done.",
        headline=f"Our {where} account {account} is being read again.",
        news=(
            f"It was not read for {blind}. What came in meanwhile is being read now, and its clocks started "
            "when people wrote it, so some of it may already be late.",
        ),
        facts=(
            ("Not read from", moment_words(notice.since, notice.now)),
            ("Read again at", moment_words(notice.now, notice.now)),
            ("Account", account),
        ),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def _account_steps(notice: AccountNotice, remedy: str, where: str) -> tuple[str, ...]:
    look = f"Until then, somebody looks at {where} by hand, morning and afternoon."
    if notice.because is Role.NETWORK_MANAGER:
        return (remedy, look, "You will be told when it is being read again.")
    return (look, "The network manager is told too and puts it right.")


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


def _account(notice: AccountNotice) -> tuple[str, str]:
    where = platform_words(clean_line(notice.platform, 20))
    return clean_line(notice.account_name, 60) or f"on {where}", where


def _slug(name: str) -> str:
    kept = "".join(character if character.isascii() and character.isalnum() else "-" for character in name)
    return kept.strip("-")[:40] or "account"


def why_you(role: Role, school_name: str) -> tuple[str, ...]:
    """Return the line that tells readers why a message came to them."""
    return (f"Why you: you are {ROLES[role]} for {clean_line(school_name, 80)}.",)
