"""The sentences beside the headline: what explains it, what it leaves out, and the other ways of counting."""

from __future__ import annotations

from notifications.cleaning import clean_line
from notifications.report.sentences import counted, joined, known_words, percent_words
from sla.figures import Exempt, Headline, WeeklyFigures


def marks_sentence(figures: WeeklyFigures) -> str:
    """Say what explains lateness, though it takes nothing away from it; empty when nothing does."""
    marks, late = figures.marks, figures.headline.late
    told = (
        (marks.late_discovery, "was seen only after it was due", "were seen only after they were due"),
        (marks.due_on_closed_day, "was due on a closed day", "were due on a closed day"),
        (marks.excused, "is excused by the leadership", "are excused by the leadership"),
    )
    said = [counted(number, one, many) if late > 1 else one for number, one, many in told if number]
    if not said:
        return ""
    return f"{'It' if late == 1 else 'Of the late replies,'} {joined(said)}."


def not_counted_sentence(head: Headline) -> str:
    """Say what fell due but owed no answer; empty when there was none."""
    held = "is held" if head.held == 1 else "are held"
    withdrawn = "was withdrawn by its author" if head.withdrawn == 1 else "were withdrawn by their authors"
    parts = [
        f"{head.not_needed} needed no reply, as a person decided" if head.not_needed else "",
        f"{head.withdrawn} {withdrawn}" if head.withdrawn else "",
        f"{head.held} {held} because of abuse or the media policy" if head.held else "",
    ]
    said = [part for part in parts if part]
    return f"Not counted in the headline: {'; '.join(said)}." if said else ""


def team_sentence(figures: WeeklyFigures) -> str:
    """Say the week with the time running from when we first saw each message; empty where nothing changes."""
    team, head = figures.team, figures.headline
    if team == head:
        return ""
    percent, more = percent_words(team, known_words(figures)), team.running - head.running
    parts = [
        f"{team.met} of {team.decided} in time{percent}" if team.decided else "",
        f"{more} not due yet" if more else "",
    ]
    said = ", ".join(part for part in parts if part) or "no reply was owed"
    return f"Counted from when we first saw each message: {said}."


def other_reading_sentence(figures: WeeklyFigures) -> str:
    """Say what the reading that is not in force would change; its rate is never mixed with ours."""
    other, head = figures.other_reading, figures.headline
    if other is None:
        return ""
    said = []
    if other.met_late:
        said.append(f"{other.met_late} of {_the_replies(head.met)} in time would be late")
    if other.late_in_time or (head.late and not said):
        saved = f"{other.late_in_time or 'none'} of {counted(head.late, 'late reply', 'late replies')}"
        said.append(f"{saved} would be in time")
    if other.late_running:
        said.append(f"{other.late_running} would not be due yet")
    name = clean_line(other.name, 30)
    return f"Under the other reading of the rule ({name}), {joined(said)}." if said else ""


def earlier_reading_sentence(figures: WeeklyFigures) -> str:
    """Say that the reading was changed and some replies still ran by the old one; empty when none did."""
    number = figures.by_earlier_reading
    if number == 0:
        return ""
    return f"{counted(number, 'reply', 'replies')} still ran by the reading that was in force before."


def received_sentences(exempt: Exempt) -> str:
    """Say how the tables of what was received add up, and who decided that no reply was needed."""
    return (
        f"Received = in time + late + open + withdrawn + no reply needed + held. {_exempt(exempt)}".rstrip()
    )


def _exempt(exempt: Exempt) -> str:
    automatically, by_person = exempt.automatically, exempt.by_person
    said = [
        counted(automatically, "had nothing in it to answer", "had nothing in them to answer")
        if automatically
        else "",
        counted(by_person, "was judged so by a person", "were judged so by a person") if by_person else "",
    ]
    parts = [part for part in said if part]
    return f"No reply needed: {joined(parts)}." if parts else ""


def _the_replies(number: int) -> str:
    return "the one reply" if number == 1 else f"the {number} replies"
