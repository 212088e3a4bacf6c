"""What is said about one case: urgent, new, reminder, late, still open."""

from __future__ import annotations

from moderation.alerts import AlertStep, CaseNotice, Role
from moderation.assessment import Severity
from notifications.cleaning import clean_line
from notifications.masking import masked
from notifications.times import deadline_words, duration_words, moment_words, short_deadline_words
from notifications.wording.lanes import Lane, all_things, lane_of, platform_words, reference_of
from notifications.wording.letter import Letter, Link, fitting, web_address
from notifications.wording.policy import CALL_999, SAFEGUARDING, STOP, TELL_DSL, next_steps
from notifications.wording.standing import listed, names_of, standing
from notifications.wording.taking import how_many, way_to_take

ROLES = {
    Role.MODERATOR: "a moderator",
    Role.DSL: "the designated safeguarding lead (DSL)",
    Role.DEPUTY_DSL: "a deputy DSL",
    Role.SLT: "on the senior leadership team",
    Role.HEADTEACHER: "the headteacher",
    Role.GOVERNORS: "the governors' contact",
    Role.DATA_PROTECTION: "the data protection lead",
    Role.MEDIA: "the media lead",
    Role.NETWORK_MANAGER: "the network manager",
    Role.ON_DUTY: "on duty now",
}
_STARTS = {
    AlertStep.URGENT: "Urgent",
    AlertStep.MORE: "More like it",
    AlertStep.WAITING: "Nobody has taken it",
    AlertStep.STILL_OPEN: "Taken and still open",
    AlertStep.LATE: "Late",
    AlertStep.STILL_LATE: "Late for a day",
    AlertStep.EDITED: "Changed after the answer",
    AlertStep.STAFF_ACCOUNT: "Staff on a personal account",
    AlertStep.NOT_DONE: "Not done",
    AlertStep.HIDDEN_THERE: "Hidden there",
    AlertStep.APPROVAL_NAMED: "You are named as approving",
}
_WHAT_HAPPENED = {
    AlertStep.URGENT: ". Somebody has to look at this now",
    AlertStep.MORE: ": more like it have come",
    AlertStep.WAITING: " has not been taken by anybody",
    AlertStep.STILL_OPEN: " was taken, and is still open",
    AlertStep.LATE: " is late",
    AlertStep.STILL_LATE: " has been late for a working day",
    AlertStep.REMINDER: " is still waiting",
    AlertStep.EDITED: " was changed after it had been answered",
    AlertStep.HIDDEN_THERE: " was hidden on the platform, and not from here",
    AlertStep.APPROVAL_NAMED: ": an order names you as the second person",
    AlertStep.NOT_DONE: ": what you ordered was not done, or nobody knows",
}
_LATE = (AlertStep.LATE, AlertStep.STILL_LATE)
NOTHING_TO_TAKE = frozenset(
    {AlertStep.EDITED, AlertStep.NOT_DONE, AlertStep.APPROVAL_NAMED, AlertStep.STILL_OPEN}
)
"""Steps at which the case is somebody's already, or nobody's turn."""

_REASONS_LIMIT = 600


def case_letter(notice: CaseNotice, address: str = "") -> Letter:
    """Write about one case, showing no more than its lane allows. ``address`` is the page that takes it."""
    lane = lane_of(notice)
    headline = _headline(notice, lane)
    return Letter(
        subject=_subject(notice, lane),
        preview=_preview(notice, lane),
        headline=headline,
        first=first_words((notice,)),
        news=_news(notice, lane),
        facts=_facts(notice, lane),
        hidden=_hidden(notice, lane),
        warning=_warning(notice) if _has_words(notice, lane) else "",
        words=masked(notice.text, notice.author_name) if _has_words(notice, lane) else "",
        link=_link(notice) if lane.shows_link else None,
        steps=next_steps(notice),
        way=None if notice.step in NOTHING_TO_TAKE else way_to_take((notice,), how_many((notice,)), address),
        notes=_notes(notice),
        thread=f"case-{reference_of(notice)}",
    )


def _subject(notice: CaseNotice, lane: Lane) -> str:
    """Put the meaning first: what has to happen, by when, about what. Never a name, never a quoted word."""
    reference, where = reference_of(notice), platform_words(clean_line(notice.platform, 20))
    start = _subject_start(notice, lane)
    return fitting(
        f"{start}: {lane.thing} on {where} ({reference})",
        f"{start}: {lane.thing} ({reference})",
        f"{start} ({reference})",
    )


def _subject_start(notice: CaseNotice, lane: Lane) -> str:
    if notice.step in _STARTS:
        return _STARTS[notice.step]
    if notice.step is AlertStep.NEW and lane.press:
        return "Media policy first"
    if notice.step is AlertStep.NEW and lane.no_reply:
        return "Do not reply"
    if notice.due_at is None:
        return "For you to see"
    by = short_deadline_words(notice.due_at, notice.now)
    return f"Due {by}" if notice.step is AlertStep.REMINDER else f"Reply by {by}"


def _preview(notice: CaseNotice, lane: Lane) -> str:
    hidden = "Words masked." if _has_words(notice, lane) else "Words hidden."
    return f"{hidden} {next_steps(notice)[0]}"


def first_words(notices: tuple[CaseNotice, ...]) -> str:
    """Return what comes before all else when one of ``notices`` is dangerous, or may not be opened."""
    lanes = [lane_of(notice) for notice in notices]
    lines = [CALL_999] if any(lane.life_at_risk for lane in lanes) else []
    if any(lane.sealed for lane in lanes):
        lines += [STOP] if notices[0].because in SAFEGUARDING else [STOP, TELL_DSL]
    return " ".join(lines)


def _headline(notice: CaseNotice, lane: Lane) -> str:
    where = platform_words(clean_line(notice.platform, 20))
    thing = lane.thing[0].upper() + lane.thing[1:]
    if notice.step is AlertStep.STAFF_ACCOUNT:
        return f"A member of staff has written on our {where} page from a personal account."
    return f"{thing} on {where}{_WHAT_HAPPENED.get(notice.step, '')}."


def _news(notice: CaseNotice, lane: Lane) -> tuple[str, ...]:
    news = [*_what_happened(notice), *standing(notice)]
    if lane.press:
        news.append("A journalist may be asking. Follow the media policy before anyone replies.")
    elif lane.no_reply:
        news.append("Nobody responds to the author. Handling it and recording that ends the clock.")
    if notice.uncertain:
        news.append("The system could not judge this safely, so it needs a person's eyes.")
    return tuple(news)


def _what_happened(notice: CaseNotice) -> tuple[str, ...]:
    waited = duration_words(notice.now - notice.received_at)
    match notice.step:
        case AlertStep.LATE | AlertStep.STILL_LATE if notice.due_at is not None:
            over = duration_words(notice.now - notice.due_at)
            return (
                f"It arrived {waited} ago and was due {over} ago. It still needs an answer or a decision.",
            )
        case AlertStep.EDITED:
            return ("Other words stand there now, and our answer may not fit them. No new clock runs.",)
        case AlertStep.STAFF_ACCOUNT:
            return (
                "What staff write from personal accounts is no answer of the school, and stops no clock. The "
                "policy on personal accounts says what to do.",
            )
        case AlertStep.REMINDER:
            return (f"It arrived {waited} ago and nobody has answered it or recorded a decision.",)
        case AlertStep.WAITING:
            return (f"It arrived {waited} ago, and until somebody takes it nobody is on it.",)
        case _:
            return ()


def _facts(notice: CaseNotice, lane: Lane) -> tuple[tuple[str, str], ...]:
    facts: list[tuple[str, str]] = []
    if notice.due_at is not None:
        facts.append((_due_name(notice, lane), deadline_words(notice.due_at, notice.now)))
        if why := clean_line(notice.why, 300):
            facts.append(("Why then", why))
    where = platform_words(clean_line(notice.platform, 20))
    handle = clean_line(notice.account_handle, 60)
    facts.append(("Arrived", moment_words(notice.received_at, notice.now)))
    facts.append(("Where", f"{where}, our account {handle}" if handle else where))
    if (what := all_things(notice)) != lane.thing:
        facts.append(("What", what))
    if notice.severity is not Severity.NONE:
        facts.append(("Urgency", notice.severity.word))
    if (notice.severity is not Severity.NONE or notice.uncertain) and notice.reasons:
        facts.append(("Why flagged", clean_line("; ".join(notice.reasons), _REASONS_LIMIT)))
    if notice.ordered:
        facts.insert(0, ("What was ordered", clean_line(notice.ordered, 120)))
    if result := clean_line(notice.result, 300):
        facts.insert(1, ("What came of it", result))
    return (*facts, ("Case", reference_of(notice)))


def _due_name(notice: CaseNotice, lane: Lane) -> str:
    if notice.step in _LATE or (notice.due_at is not None and notice.due_at < notice.now):
        return "Was due"
    return "Handle by" if lane.no_reply or lane.press else "Reply by"


def _warning(notice: CaseNotice) -> str:
    if notice.labels:
        return "The words below may be upsetting. Insults, names and contact details are hidden."
    return "What it says. Names and contact details are hidden."


def _has_words(notice: CaseNotice, lane: Lane) -> bool:
    return lane.shows_words and bool(clean_line(notice.text))


def _hidden(notice: CaseNotice, lane: Lane) -> str:
    if _has_words(notice, lane):
        return ""
    if lane.sealed:
        return "Nothing of it is shown here or fetched by the system."
    if notice.private:
        command = f"socialduty messages {reference_of(notice)} --as YOUR-NAME"
        return f"It is a private message. Its words stay on the school's own server; read it there: {command}"
    if not lane.shows_words:
        return "Its words are not in this message. They stay on the school's own server."
    return "It came without words."


def _link(notice: CaseNotice) -> Link | None:
    """Return the way to the item, when the platform gave a web address and nothing else."""
    address = web_address(notice.permalink)
    where = platform_words(clean_line(notice.platform, 20))
    return Link(f"Open it on {where}", address) if address else None


def _notes(notice: CaseNotice) -> tuple[str, ...]:
    school = clean_line(notice.school_name, 80)
    return (f"Why you: you are {ROLES[notice.because]} for {school}.", _told(notice))


def _told(notice: CaseNotice) -> str:
    names = names_of(notice.told)
    if not names:
        return "Nobody else was told at this step."
    return f"Also told: {listed(names)}."
