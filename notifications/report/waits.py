"""The sentences about how long people waited."""

from __future__ import annotations

from datetime import timedelta

from notifications.times import duration_words
from sla.figures import Waiting, WeeklyFigures


def waiting_sentences(figures: WeeklyFigures) -> tuple[str, ...]:
    """Say how long people waited; in term and in the holidays apart where somebody wrote in the holidays."""
    whole = _waiting_sentence(figures.waiting)
    if figures.waiting_in_holidays.people == 0:
        return (whole,)
    return (
        whole,
        f"In term, {_waiting_words(figures.waiting_in_term)}.",
        f"In the holidays, {_waiting_words(figures.waiting_in_holidays)}.",
    )


def _waiting_sentence(waiting: Waiting) -> str:
    if waiting.median_hours is None or waiting.longest_hours is None:
        return "Nobody was due an answer, so there are no waiting times."
    number, longest = waiting.unanswered, hours_words(waiting.longest_hours)
    if waiting.people == 1:
        return f"One person {f'has waited {longest} and still waits' if number else f'waited {longest}'}."
    wait = "person still waits" if number == 1 else "people still wait"
    still = f" {number} {wait}." if number else ""
    return (
        f"Half of the people waited {hours_words(waiting.median_hours)} or less. "
        f"The longest wait was {longest}.{still}"
    )


def _waiting_words(waiting: Waiting) -> str:
    if waiting.median_hours is None or waiting.longest_hours is None:
        return "nobody was due an answer"
    if waiting.people == 1:
        return f"one person waited {hours_words(waiting.longest_hours)}"
    return (
        f"half of the {waiting.people} people waited {hours_words(waiting.median_hours)} or less, "
        f"and the longest {hours_words(waiting.longest_hours)}"
    )


def hours_words(hours: float) -> str:
    """Say elapsed hours: ``40 minutes``, ``3.5 hours``, ``51 hours``."""
    if hours < 1:
        return duration_words(timedelta(hours=hours))
    rounded = round(hours, 1)
    number = f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded}"
    return f"{number} hour" if number == "1" else f"{number} hours"
