"""What is said about several accounts at once: one cause may be behind them all."""

from __future__ import annotations

from moderation.alerts import AccountNotice, AlertStep
from notifications.cleaning import clean_line
from notifications.times import duration_words, moment_words
from notifications.wording.accounts import account_and_place, account_steps, reason_and_remedy
from notifications.wording.letter import Letter, Section, fitting
from notifications.wording.others import why_you

_SHOWN = 20
_MOST_REMEDIES = 3
_SAID = {
    AlertStep.NOT_WATCHED: "are not being read",
    AlertStep.WATCHED_AGAIN: "are being read again",
    AlertStep.TOKEN_ENDING: "have to be signed in again soon",
    AlertStep.MONEY_ENDING: "near their budget",
}


def several_accounts_letter(notices: tuple[AccountNotice, ...]) -> Letter:
    """Write about several accounts. The first says what the message is called by."""
    first = notices[0]
    same = [notice for notice in notices if notice.step is first.step]
    said = f"{_accounts(len(same))} {_SAID.get(first.step, 'need a person')}"
    if len(same) == 1:
        said = said.replace(" are ", " is ").replace(" have to", " has to").replace(" near ", " nears ")
    more = len(notices) - _SHOWN
    return Letter(
        subject=fitting(f"{said}{_how_long(same)}", said),
        preview="What arrives on an account is not seen while it is not read.",
        headline=f"{said}.",
        news=_news(notices),
        sections=(Section("Accounts", tuple(_row(notice) for notice in notices[:_SHOWN])),),
        rest=f"And {more:,} more. All of them: socialduty accounts" if more > 0 else "",
        steps=_steps(notices),
        notes=why_you(first.because, first.school_name),
    )


def _accounts(number: int) -> str:
    return f"{number:,} account{'' if number == 1 else 's'}"


def _how_long(notices: list[AccountNotice]) -> str:
    lengths = {duration_words(notice.now - notice.since) for notice in notices}
    up_to = "up to " if len(lengths) > 1 else ""
    longest = up_to + duration_words(max(notice.now - notice.since for notice in notices))
    match notices[0].step:
        case AlertStep.NOT_WATCHED:
            return f" for {longest}"
        case AlertStep.WATCHED_AGAIN:
            return f" after {longest}"
        case _:
            return ""


def _news(notices: tuple[AccountNotice, ...]) -> tuple[str, ...]:
    unread = [notice for notice in notices if notice.step is AlertStep.NOT_WATCHED]
    news = []
    if len(unread) > 1 and len({notice.reason for notice in unread}) == 1:
        news.append("They all stopped for the same reason, so one cause may be behind them.")
    if unread:
        news.append(
            "What arrives there is not seen, judged or counted until this is put right. Clocks run all the "
            "same, from the time that people wrote."
        )
    if any(notice.step is AlertStep.WATCHED_AGAIN for notice in notices):
        news.append(
            "What came in meanwhile is being read now, and its clocks started when people wrote it, so some "
            "of it may already be late."
        )
    return tuple(news)


def _row(notice: AccountNotice) -> tuple[str, str]:
    account, where = account_and_place(notice)
    since = moment_words(notice.since, notice.now)
    stream = clean_line(notice.stream, 30).replace("_", " ")
    part = f"{where}, the {stream}" if stream else where
    match notice.step:
        case AlertStep.WATCHED_AGAIN:
            again, blind = moment_words(notice.now, notice.now), duration_words(notice.now - notice.since)
            return account, f"{part}, read again since {again}; nothing was seen for {blind}"
        case AlertStep.TOKEN_ENDING:
            return account, f"{part}, the access token ends at {since}"
        case AlertStep.MONEY_ENDING:
            return account, f"{part}, most of this month's budget is used"
        case _:
            return account, f"{part}, not read since {since}. {reason_and_remedy(notice.reason)[0]}"


def _steps(notices: tuple[AccountNotice, ...]) -> tuple[str, ...]:
    """Return each remedy once, then what is done meanwhile."""
    ending = any(notice.step in (AlertStep.TOKEN_ENDING, AlertStep.MONEY_ENDING) for notice in notices)
    needs = ("See what each account needs: socialduty accounts",) if ending else ()
    unread = [notice for notice in notices if notice.step is AlertStep.NOT_WATCHED]
    if not unread:
        return needs
    remedies = dict.fromkeys(reason_and_remedy(notice.reason)[1] for notice in unread)
    return (*needs, *account_steps(unread[0], tuple(remedies)[:_MOST_REMEDIES], "them"))
