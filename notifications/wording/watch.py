"""What is said so that silence is noticed: the morning message, and the practice alert."""

from __future__ import annotations

from moderation.alerts import DrillNotice, HeartbeatNotice, WatchedAccount
from notifications.cleaning import clean_line
from notifications.times import moment_words
from notifications.wording.accounts import reason_and_remedy
from notifications.wording.lanes import platform_words
from notifications.wording.letter import Letter, Link, Section, Way, fitting
from notifications.wording.others import why_you
from notifications.wording.standing import listed, names_of

_ACCOUNTS_SHOWN = 20


def heartbeat_letter(notice: HeartbeatNotice) -> Letter:
    """Write which accounts are watched, what is open, and who is on duty."""
    # What is not read comes first: it must not be what the list is cut off before.
    accounts = sorted(notice.accounts, key=lambda account: not account.reason)
    more = len(accounts) - _ACCOUNTS_SHOWN
    watched = sum(not account.by_hand for account in accounts)
    subject = f"Watching {_counted(watched, 'account')}: {_verdict(notice)}"
    on_duty = names_of(notice.on_duty)
    return Letter(
        subject=fitting(subject),
        preview="If this message does not come one morning, something is wrong.",
        headline=f"{subject}.",
        news=("If this message does not come one morning, something is wrong: look at the server.",),
        facts=(
            ("Open", _counted(notice.open_cases, "case")),
            ("Late", _counted(notice.late, "case")),
            ("Not delivered", _counted(notice.undelivered, "message")),
            ("On duty", listed(on_duty) if on_duty else "nobody is named"),
        ),
        sections=(Section("Accounts", tuple(_row(each, notice) for each in accounts[:_ACCOUNTS_SHOWN])),)
        if accounts
        else (),
        rest=f"And {_counted(more, 'more account')}. All of them: socialduty accounts" if more > 0 else "",
        steps=_steps(notice),
        notes=why_you(notice.because, notice.school_name),
    )


def _verdict(notice: HeartbeatNotice) -> str:
    unread = sum(bool(account.reason) for account in notice.accounts)
    wrong = [
        f"{count:,} {what}"
        for count, what in (
            (unread, "not read"),
            (notice.undelivered, "not delivered"),
            (notice.late, "late"),
        )
        if count
    ]
    return ", ".join(wrong) or "all well"


def _row(account: WatchedAccount, notice: HeartbeatNotice) -> tuple[str, str]:
    where = platform_words(clean_line(account.platform, 20))
    name = clean_line(account.name, 60) or where
    since = moment_words(account.since, notice.now) if account.since is not None else ""
    if account.by_hand:
        return name, f"{where}, no program reads it: people look there and bring in what they find"
    if account.reason:
        last = f"last read at {since}" if since else "never read so far"
        return name, f"{where}, not being read, {last}. {reason_and_remedy(account.reason)[0]}"
    return name, f"{where}, read since {since}" if since else f"{where}, not read yet"


def _steps(notice: HeartbeatNotice) -> tuple[str, ...]:
    steps = []
    if any(account.reason for account in notice.accounts):
        steps.append("See why an account is not read, and what to do: socialduty accounts")
    if notice.undelivered:
        steps.append("See which messages reached nobody: socialduty alerts")
    if notice.late:
        steps.append("See what is late: socialduty cases --open")
    return tuple(steps)


def drill_letter(notice: DrillNotice, address: str = "") -> Letter:
    """Write a practice alert. ``address`` is the page that answers it."""
    number = clean_line(notice.number, 20)
    return Letter(
        subject=fitting(f"PRACTICE: answer this practice alert ({number})"),
        preview="Nothing has happened. Answer it, so that we know that alerts reach you.",
        first="PRACTICE. Nothing has happened, and nobody is at risk.",
        headline="This is a practice alert: answer it as soon as you see it.",
        news=("We try out whether alerts reach you, and how fast. A real one comes by the same way.",),
        facts=(("Sent", moment_words(notice.now, notice.now)), ("Practice", number)),
        way=_answer(number, address),
        notes=why_you(notice.because, notice.school_name),
    )


def _answer(number: str, address: str) -> Way:
    title = "To answer it"
    if not address:
        command = f"socialduty drill answered {number} --as YOUR-NAME"
        return Way(title, "That is your answer. There is nothing else to do.", command=command)
    note = "It opens a page with one button. Pressing that is your answer; opening the page is not."
    return Way(title, note, Link("I have received this practice alert", address))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
