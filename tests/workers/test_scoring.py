"""Scoring in the workers: whatever becomes of the models, every text is answered, in time and honestly."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from config.settings import Settings, load
from moderation.abuse import heads
from moderation.abuse.opinion import Models
from moderation.abuse.score import Scorer
from moderation.assessment import Assessment, Lack, Severity, Subject
from moderation.tasks import TaskKind
from tests import tiny_models
from tests.fakes import assessment
from tests.hard_texts import HARD_TEXTS
from tests.schools import write_settings
from workers import models, scoring
from workers.bootstrap import utc_now
from workers.jobs import JOBS
from workers.probes import Finding, Verdict, probe
from workers.scoring import LOADING_SECONDS, TimeBox, allowance, scores

PLAIN, THREAT = Subject("Is the hall open?"), Subject("I will stab you at the gate tomorrow")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder, empty so far, in which the models' files are looked for."""
    place = tmp_path / "model"
    place.mkdir()
    monkeypatch.setattr(models, "FOLDER", place)
    models.load.cache_clear()
    yield place
    models.load.cache_clear()


def test_models_are_loaded_once_and_only_when_a_text_comes(folder: Path) -> None:
    """Every further batch finds them loaded."""
    score = scores("linear")
    tiny_models.write(folder)
    said = score([PLAIN]) + score([PLAIN, THREAT])
    assert {each.model.partition("+")[0] for each in said} == {"tiny-linear"}
    assert models.load.cache_info().misses == 1


def test_without_the_models_the_rules_speak_and_a_person_looks(folder: Path) -> None:
    """A threat is still a threat; what looks harmless is not believed to be."""
    plain, threat = scores("encoder")([PLAIN, THREAT])
    assert (plain.lacks, plain.uncertain, plain.severity) == (Lack.NOT_LOADED, True, Severity.NONE)
    assert threat.severity >= Severity.HIGH
    assert threat.uncertain


def test_models_that_come_back_are_heard(folder: Path) -> None:
    """Nobody has to start the process again."""
    score = scores("linear")
    assert score([PLAIN])[0].lacks is Lack.NOT_LOADED
    tiny_models.write(folder)
    assert score([PLAIN])[0].lacks is None


def test_a_broken_file_is_like_none(folder: Path) -> None:
    """Half a download must not stop the workers."""
    tiny_models.write(folder)
    (folder / "linear.npz").write_bytes(b"PK\x03\x04 half")
    assert scores("linear")([PLAIN])[0].lacks is Lack.NOT_LOADED


def test_rules_alone_by_choice_are_not_in_doubt(folder: Path) -> None:
    """Whoever chose them knows; check says so."""
    assert not scores("rules")([PLAIN])[0].uncertain


@pytest.mark.parametrize("mode", ["rules", "linear"])
def test_hard_texts_are_answered_each_in_its_place(folder: Path, mode: str) -> None:
    """Together and in any company; what cannot be read is uncertain."""
    tiny_models.write(folder)
    said = scores(mode)([Subject(text) for text in HARD_TEXTS.values()])
    answers = dict(zip(HARD_TEXTS, said, strict=True))
    assert {name for name, each in answers.items() if each.lacks} == set()
    doubted = {name for name, each in answers.items() if each.uncertain}
    assert doubted >= {"empty", "blank", "megabyte", "one long word", "Arabic", "Chinese"}


class Encoder:
    """An encoder without an opinion that one word makes fail."""

    def logits(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if any("stumble" in text for text in texts):
            raise MemoryError
        return np.zeros((len(texts), heads.WIDTH), dtype=np.float32)


def test_a_text_that_makes_the_models_fail_spoils_only_its_own_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its neighbours in the batch are judged by the models all the same."""
    both = Models(tiny_models.linear(), tiny_models.last_layer(2), Encoder(), "two")
    monkeypatch.setattr(scoring, "scorer_in", lambda mode, moves: Scorer(both, tiny_models.CUTS))
    said = scores("encoder")([PLAIN, Subject("stumble"), PLAIN])
    assert [each.lacks for each in said] == [None, Lack.FAILED, None]


def test_a_scorer_that_takes_too_long_is_not_waited_for(folder: Path) -> None:
    """The rules answer in its place, at once while it is still busy; then it is asked again."""
    go_on = threading.Event()

    def slow(subjects: Sequence[Subject]) -> list[Assessment]:
        go_on.wait(20)
        return [assessment() for _ in subjects]

    box = TimeBox(slow, allowed=lambda texts: 0.05, loading_seconds=0.0)
    assert [each.lacks for each in box([PLAIN, THREAT])] == [Lack.TOO_SLOW] * 2
    [busy] = box([THREAT])
    assert (busy.lacks, busy.uncertain, busy.severity >= Severity.HIGH) == (Lack.TOO_SLOW, True, True)
    assert busy.findings[-1].label.endswith("busy with earlier texts")
    go_on.set()
    assert _until(lambda: box([PLAIN])[0].model == "told-1")


def _until(holds: Callable[[], bool]) -> bool:
    """Say whether something comes to hold within five seconds."""
    end = time.monotonic() + 5
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_the_first_batch_may_take_longer_because_it_loads_the_models() -> None:
    """A slow disk is no reason to doubt the first messages of the day."""

    loaded, go_on = threading.Event(), threading.Event()

    def slow(subjects: Sequence[Subject]) -> list[Assessment]:
        if loaded.is_set():
            go_on.wait(5)
        time.sleep(0.1)
        loaded.set()
        return [assessment() for _ in subjects]

    box = TimeBox(slow, allowed=lambda texts: 0.02, loading_seconds=10.0)
    assert [box([PLAIN])[0].lacks for _ in range(2)] == [None, Lack.TOO_SLOW]
    go_on.set()


def test_even_a_panic_in_a_library_is_answered() -> None:
    """Some libraries raise what is no ordinary error."""

    class PanicError(BaseException):
        pass

    def panics(subjects: Sequence[Subject]) -> list[Assessment]:
        raise PanicError("words that nobody may read")

    [said] = TimeBox(panics)([PLAIN])
    assert said.findings[-1].label == "failed: PanicError"


def test_a_batch_is_answered_long_before_its_lease_ends() -> None:
    """Even the first one, and even when the rules have to speak after all."""
    job = JOBS[TaskKind.SCORE_ITEM]
    assert allowance(job.batch) + LOADING_SECONDS < job.lease_seconds / 2


def test_starting_loads_no_model_library() -> None:
    """Commands that only look, such as ``status``, start at once."""
    probe_modules = "import sys, workers.bootstrap, workers.commands.score, workers.commands.status as s; "
    loaded = "print([m for m in ('onnxruntime', 'tokenizers', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe_modules + loaded], capture_output=True, text=True,
                          cwd=Path(__file__).parents[2], timeout=60, check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"


def _about_models(settings: Settings) -> Finding:
    return next(each for each in probe(settings, utc_now()) if each.probe == "models")


def test_check_says_whether_the_models_can_judge(folder: Path, tmp_path: Path) -> None:
    """Missing, chosen away, or loaded and asked: each in plain words."""
    path = write_settings(tmp_path, "http://127.0.0.1:9", ('mode = "encoder"', 'mode = "linear"'))
    settings = load(path)
    missing = _about_models(settings)
    assert missing.verdict is Verdict.BROKEN
    assert missing.what.startswith("calibration.json and linear.npz missing: ")
    tiny_models.write(folder)
    assert _about_models(settings).verdict is Verdict.FINE
    alone = settings.model_copy(update={"scoring": settings.scoring.model_copy(update={"mode": "rules"})})
    assert _about_models(alone).verdict is Verdict.LOOK
    (folder / "calibration.json").write_text("{", encoding="utf-8")
    models.load.cache_clear()
    assert _about_models(settings).what.startswith("calibration.json cannot be read: ")
