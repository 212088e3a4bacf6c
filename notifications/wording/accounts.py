"""What is said about accounts: that one is not read, or again, that its token ends, that its money does."""

from __future__ import annotations

from datetime import timedelta

from moderation.alerts import AccountNotice, AlertStep, Role
from notifications.cleaning import clean_line
from notifications.times import duration_words, moment_words
from notifications.wording.lanes import platform_words
from notifications.wording.letter import Letter, fitting
from notifications.wording.others import why_you

_REASONS: dict[str, tuple[str, str]] = {
    "auth_expired": (
        "The platform no longer accepts our access token.",
        "On the server: socialduty accounts connect, then the account's name.",
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
    "not_running": (
        "Nothing has read it for longer than it may go unread.",
        "See whether everything runs on the server: socialduty status",
    ),
    "unexpected_error": (
        "Reading it stops at something that socialduty does not know how to read.",
        "Look at the log of this server and report the fault; the other accounts go on.",
    ),
}
A_MINUTE = timedelta(minutes=1)
"""What is shorter than this is not worth a word."""

_UNKNOWN_REASON = (
    "Reading it failed for a reason that has no name yet.",
    "Run the check command and look at the log of this server.",
)


def account_letter(notice: AccountNotice) -> Letter:
    """Write that an account is not being read, is being read again, or soon will not be."""
    match notice.step:
        case AlertStep.WATCHED_AGAIN:
            return _read_again(notice)
        case AlertStep.TOKEN_ENDING:
            return _token_ending(notice)
        case AlertStep.MONEY_ENDING:
            return _money_ending(notice)
    account, where = account_and_place(notice)
    what = clean_line(notice.stream, 30).replace("_", " ")
    if what:
        return _stream_not_read(notice, what)
    reason, remedy = reason_and_remedy(notice.reason)
    blind = duration_words(notice.now - notice.since)
    return Letter(
        subject=fitting(
            *([f"Not being read: {account} for {blind}"] if notice.now - notice.since >= A_MINUTE else []),
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
            ("Not read since", moment_words(notice.since, notice.now)),
            ("Not read for", blind),
            *_detail(notice),
            ("Account", account),
        ),
        steps=account_steps(notice, (remedy,), where),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def reason_and_remedy(reason: str) -> tuple[str, str]:
    """Return why an account is not read, and what helps, in a sentence each."""
    return _REASONS.get(reason, _UNKNOWN_REASON)


def _read_again(notice: AccountNotice) -> Letter:
    account, where = account_and_place(notice)
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


def _stream_not_read(notice: AccountNotice, what: str) -> Letter:
    account, where = account_and_place(notice)
    reason, remedy = reason_and_remedy(notice.reason)
    return Letter(
        subject=fitting(
            f"Not being read: {what} of {account}",
            f"Not being read: {what}",
            "Not being read: part of an account",
        ),
        preview=f"The rest of {where} is read as usual. Somebody has to look at the {what} by hand.",
        headline=f"The {what} of our {where} account {account} are not being read.",
        news=(
            reason.replace("this account", "them"),
            "Everything else on the account is read as usual.",
        ),
        facts=(
            ("Not read since", moment_words(notice.since, notice.now)),
            *_detail(notice),
            ("Account", account),
        ),
        steps=(
            *account_steps(notice, (remedy,), f"the {what} on {where}"),
            "If nobody wants them read here, name them in the account's leave_out setting.",
        ),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def _token_ending(notice: AccountNotice) -> Letter:
    account, where = account_and_place(notice)
    ended = notice.since <= notice.now
    left = "has ended" if ended else f"ends in {duration_words(notice.since - notice.now)}"
    return Letter(
        subject=fitting(f"Sign in again soon: {account}", "Sign in again soon: an account"),
        preview=f"The token of our {where} account {left}. Then nothing there is read.",
        headline=f"The access token of our {where} account {account} {left}.",
        news=("When it ends, what arrives there is not seen until somebody signs the account in again.",),
        facts=(("Ends", moment_words(notice.since, notice.now)), ("Account", account)),
        steps=(
            f"On the server: socialduty accounts connect {account}",
            "It says which page to open and what to paste. It takes about five minutes.",
        ),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def _money_ending(notice: AccountNotice) -> Letter:
    account, where = account_and_place(notice)
    return Letter(
        subject=fitting(f"Reading {account} nears its budget", "Reading an account nears its budget"),
        preview=f"{where} is read less often from now on, so that the month's money lasts.",
        headline=f"Reading our {where} account {account} has used most of this month's budget.",
        news=(
            "It is read less often from now on, but never more seldom than the longest gap that the school "
            "has set. So a very busy month can cost more than the budget.",
        ),
        facts=(("Budget counted from", moment_words(notice.since, notice.now)), ("Account", account)),
        steps=(
            "See what was used, and the estimate: socialduty status",
            "Raise monthly_budget_dollars for the account, or its longest_gap_minutes.",
        ),
        notes=why_you(notice.because, notice.school_name),
        thread=f"account-{_slug(account)}",
    )


def _detail(notice: AccountNotice) -> tuple[tuple[str, str], ...]:
    """Return the connector's own sentence for those who mend it; it never quotes anybody."""
    said = clean_line(notice.detail, 300)
    return (("In detail", said),) if said and notice.because is Role.NETWORK_MANAGER else ()


def account_steps(notice: AccountNotice, remedies: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Return what the reader does while ``where`` is not read, and who puts it right."""
    look = f"Until then, somebody looks at {where} by hand, morning and afternoon."
    if notice.because is Role.NETWORK_MANAGER:
        return (*remedies, look, "You will be told when reading works again.")
    return (look, "The network manager is told too and puts it right.")


def account_and_place(notice: AccountNotice) -> tuple[str, str]:
    """Return the account as the settings name it, and its platform as people do."""
    where = platform_words(clean_line(notice.platform, 20))
    return clean_line(notice.account_name, 60) or f"on {where}", where


def _slug(name: str) -> str:
    kept = "".join(character if character.isascii() and character.isalnum() else "-" for character in name)
    return kept.strip("-")[:40] or "account"
