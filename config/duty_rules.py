"""What has to hold for people to be told: rota, absences, texts and escalation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from config.drafts import Draft
from config.named import no_school, nobody, works_at
from config.problems import Problem
from config.values import as_date

LADDERS = ("critical", "severe")

_COMPLETE: Mapping[str, tuple[str, ...]] = {
    "govuk_notify": ("notify_key_file", "notify_template"),
    "twilio": ("twilio_account", "twilio_token_file", "twilio_sender"),
}
"""What a provider of texts cannot do without."""


def _spans_end_after_they_start(file: Draft) -> Iterator[Problem]:
    absences = (away for person in file.tables("people") for away in person.tables("away"))
    for span in (*absences, *file.tables("rota")):
        if span.has("first") and span.has("last") and as_date(span.get("last")) < as_date(span.get("first")):
            yield span.problem("last", "The last day lies before the first.", "Correct one of the two.")


def _rota_names_people_of_the_school(file: Draft) -> Iterator[Problem]:
    schools = [school.get("id") for school in file.tables("schools") if school.has("id")]
    people = {person.get("name"): person for person in file.tables("people") if person.has("name")}
    for turn in file.tables("rota"):
        school, name = turn.get("school"), turn.get("person")
        if turn.lacks("school") and len(schools) > 1:
            yield turn.problem("school", "With several schools a turn belongs to one of them.", "Add its id.")
        if school is not None and schools and school not in schools:
            yield no_school(turn, "school", school, schools)
        elif name in people and school is not None and not works_at(people[name], school):
            yield turn.problem(
                "person",
                "This person does not belong to the school of the turn.",
                "Name somebody of that school, or add the school to the person's schools.",
            )
        if name is not None and people and name not in people:
            yield nobody(turn, "person", name, people)


def _texts_can_leave(file: Draft) -> Iterator[Problem]:
    sms = file.table("sms")
    provider, fallback = sms.get("provider", "none"), sms.get("fallback", "none")
    if fallback != "none" and fallback == provider:
        yield sms.problem("fallback", "This is the provider itself.", "Name another one, or leave it out.")
    elif fallback != "none" and provider == "none" and sms.is_sound("provider"):
        yield sms.problem("provider", "A fallback stands in for a provider.", "Name the provider first.")
    for name in dict.fromkeys((provider, fallback)):
        for key in _COMPLETE.get(name, ()):
            if sms.lacks(key):
                yield sms.problem(
                    key, f"Texts by {name} need this setting.", "Add it; config/example.toml shows how."
                )


def _ladders_lead_on(file: Draft) -> Iterator[Problem]:
    """As the ladders of the product: they begin at once, go up, and never fall silent."""
    escalation = file.table("escalation")
    for name in LADDERS:
        steps = escalation.tables(name)
        if not steps:
            continue
        yield from _steps_go_up(steps)
        for step in steps:
            if step.has("repeats") and step.lacks("every_minutes"):
                yield step.problem(
                    "every_minutes",
                    "What repeats has to say how often.",
                    "Add the minutes between two times.",
                )
        last = steps[-1]
        if last.lacks("every_minutes") or last.has("repeats"):
            yield last.problem(
                "",
                "After the last step nobody would be told, although nobody has taken the case.",
                "Give it every_minutes, and leave repeats out.",
            )


def _steps_go_up(steps: tuple[Draft, ...]) -> Iterator[Problem]:
    if steps[0].has("after_minutes") and steps[0].get("after_minutes") != 0:
        yield steps[0].problem("after_minutes", "The first step would come late.", "Write 0.")
    for lower, upper in pairwise(steps):
        known = lower.has("after_minutes") and upper.has("after_minutes")
        if known and upper.get("after_minutes") <= lower.get("after_minutes"):
            yield upper.problem(
                "after_minutes", "This step does not come after the one before.", "Write more minutes."
            )


RULES: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    _spans_end_after_they_start,
    _rota_names_people_of_the_school,
    _texts_can_leave,
    _ladders_lead_on,
)
"""Every rule, in the order in which a reader meets the settings."""
