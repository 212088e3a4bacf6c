"""Scoring for a process: the models that the settings name, loaded once, and never waited for too long.

Whatever becomes of the models, every text gets an answer: that of the rules, marked *uncertain* with the
reason, so that a person looks. Importing this module loads nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import cache
from typing import TYPE_CHECKING

import structlog

from moderation.assessment import Assessment, Lack, Subject
from moderation.threshold_moves import Move
from workers import models

if TYPE_CHECKING:
    from moderation.abuse.score import Scorer

Score = Callable[[Sequence[Subject]], list[Assessment]]
"""What judges a few texts together and answers each in its place."""

log = structlog.get_logger()

BASE_SECONDS = 2.0
SECONDS_PER_TEXT = 0.2
"""What a batch may take altogether: far above what it needs, on a machine with more to do than to score."""

LOADING_SECONDS = 20.0
"""What the first batch may take on top, because it waits for the models to be read from a slow disk."""


def allowance(texts: int) -> float:
    """Return the seconds in which so many texts have to be scored."""
    return BASE_SECONDS + SECONDS_PER_TEXT * texts


def scores(mode: str, moves: Callable[[], Sequence[Move]] = tuple) -> Score:
    """Return what scores in one of the modes of the settings; models are loaded at the first text.

    ``moves`` tells at every call how people have moved the thresholds.

    Models that cannot be loaded are tried again with the next texts: memory that was full may be free then.
    """

    def score(subjects: Sequence[Subject]) -> list[Assessment]:
        try:
            scorer = scorer_in(mode, moves())
        except Exception as error:  # noqa: BLE001 - a broken file or library can fail in any way
            what = str(error) if isinstance(error, models.ModelFileError) else type(error).__name__
            _say_once(mode, what)
            return rules_alone(subjects, f"{Lack.NOT_LOADED}: {what}")
        said = scorer.assess_all(subjects)
        if len(said) > 1 and any(each.lacks for each in said):
            # One text made the models fail for all: alone, the others are heard.
            return [scorer.assess(subject) for subject in subjects]
        return said

    return score


def scorer_in(mode: str, moves: Sequence[Move] = ()) -> Scorer:
    """Return the scorer of a mode, loaded once for this process, with the thresholds that were moved.

    Raises whatever a missing or broken file or library raises.
    """
    if mode == "rules":
        from moderation.abuse.score import Scorer

        return Scorer(None, None)
    return models.scorer(with_encoder=mode == "encoder", moves=moves)


def missing_files(mode: str) -> list[str]:
    """Return the names of the models' files that a mode needs and that are not there."""
    return [] if mode == "rules" else models.missing(with_encoder=mode == "encoder")


def broken_files(mode: str) -> list[str]:
    """Return the names of the models' files that a mode needs and that are there, but not as they shipped."""
    return [] if mode == "rules" else models.broken(with_encoder=mode == "encoder")


@cache
def _say_once(mode: str, error: str) -> None:
    log.error("models not loaded: the rules judge alone and a person looks", mode=mode, error=error)


def rules_alone(subjects: Sequence[Subject], why: str) -> list[Assessment]:
    """Return what the rules alone make of texts, marked uncertain because of ``why``."""
    from moderation.abuse.score import by_rules
    from moderation.abuse.verdict import without_models

    return [without_models(by_rules(subject), why) for subject in subjects]


class TimeBox:
    """Asks a scorer in a thread of its own and lets the rules answer where that takes too long.

    A thread cannot be stopped, so one that is late is left behind; as long as it is busy the rules answer
    at once, and after that the scorer is asked again. It does not keep the process from ending.
    """

    def __init__(
        self,
        score: Score,
        allowed: Callable[[int], float] = allowance,
        loading_seconds: float = LOADING_SECONDS,
    ) -> None:
        self._score = score
        self._allowed = allowed
        self._extra = loading_seconds
        self._turn = threading.Lock()
        self._asked: Future[list[Assessment]] | None = None

    def __call__(self, subjects: Sequence[Subject]) -> list[Assessment]:
        """Return the assessments of texts, within the allowed time and that of the rules."""
        with self._turn:
            if self._asked is not None and not self._asked.done():
                return rules_alone(subjects, f"{Lack.TOO_SLOW}: busy with earlier texts")
            self._asked = answer = self._ask(subjects)
            wait([answer], timeout=self._allowed(len(subjects)) + self._extra)
            if answer.done():
                self._extra = 0.0
        if not answer.done():
            log.warning("scoring took too long", texts=len(subjects))
            return rules_alone(subjects, Lack.TOO_SLOW)
        if failure := answer.exception():
            return rules_alone(subjects, f"{Lack.FAILED}: {type(failure).__name__}")
        return answer.result()

    def _ask(self, subjects: Sequence[Subject]) -> Future[list[Assessment]]:
        answer: Future[list[Assessment]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._score(subjects))
            except BaseException as error:  # noqa: BLE001 - a panic in a library is no Exception
                answer.set_exception(error)

        threading.Thread(target=ask, name="models", daemon=True).start()
        return answer
