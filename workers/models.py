"""The trained models, loaded from their files once for each process. Importing this module loads nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moderation.assessment import Label, Severity
from moderation.threshold_moves import Move, cuts_set

if TYPE_CHECKING:
    from moderation.abuse.encoder import StretchEncoder
    from moderation.abuse.opinion import Models
    from moderation.abuse.score import Scorer
    from moderation.abuse.verdict import Cuts

FOLDER = Path(__file__).parent.parent / "moderation" / "abuse" / "model"
"""Where the files that ship lie; the training command writes them."""

LINEAR_FILES = ("calibration.json", "linear.npz")
ENCODER_FILES = ("encoder.onnx", "tokenizer.json")


class ModelFileError(ValueError):
    """Files of the models cannot be used: broken, or of another training. ``files`` are their names."""

    def __init__(self, *files: str) -> None:
        super().__init__(f"{' and '.join(files)} cannot be read")
        self.files = files


def missing(*, with_encoder: bool) -> list[str]:
    """Return the names of the files that are not there."""
    wanted = LINEAR_FILES + (ENCODER_FILES if with_encoder else ())
    return [name for name in wanted if not (FOLDER / name).is_file()]


def broken(*, with_encoder: bool) -> list[str]:
    """Return the names of the files that are there but not as they shipped, as their digests show."""
    if not (FOLDER / "calibration.json").is_file():
        return []
    try:
        shipped_cuts(with_encoder=with_encoder)
        return _changed(LINEAR_FILES[1:] + (ENCODER_FILES if with_encoder else ()))
    except ModelFileError as error:
        return list(error.files)


@cache
def load(*, with_encoder: bool) -> tuple[Models, Cuts]:
    """Return the models that ship and their cuts, loaded at the first call.

    Raises:
        ModelFileError: a file is missing, is not what the training command writes, or belongs to another
            training.
    """
    import numpy as np

    from moderation.abuse.linear import LinearModel
    from moderation.abuse.opinion import LastLayer, Models

    name, cuts = shipped_cuts(with_encoder=with_encoder)
    if changed := _changed(LINEAR_FILES[1:] + (ENCODER_FILES if with_encoder else ())):
        raise ModelFileError(*changed)
    with _reading("linear.npz"), (FOLDER / "linear.npz").open("rb") as file, np.load(file) as stored:
        linear = LinearModel(stored["tables"], stored["scale"], stored["bias"])
        mode = "encoder" if with_encoder else "linear"
        last = LastLayer(stored[f"{mode}_weights"], stored[f"{mode}_bias"])
    encoder = _encoder() if with_encoder else None
    return Models(linear, last, encoder, name), cuts


@contextlib.contextmanager
def _reading(file: str) -> Iterator[None]:
    """Name the file that the block stumbles over: each library has an error of its own for a broken one."""
    try:
        yield
    except (ImportError, MemoryError):
        raise  # that says nothing about the file
    except Exception as error:
        raise ModelFileError(file) from error


def _changed(files: Sequence[str]) -> list[str]:
    """Return those that calibration.json does not know as they are: files of two trainings do not fit."""
    with _reading("calibration.json"):
        digests = dict(json.loads((FOLDER / "calibration.json").read_text("utf-8")).get("digests", {}))
    there = [file for file in files if (FOLDER / file).is_file()]
    return [file for file in there if digests.get(file) not in (None, _digest(file))]


def _digest(file: str) -> str:
    """Return what tells a file from any other; nothing where it may not be read."""
    try:
        return sha256((FOLDER / file).read_bytes()).hexdigest()
    except OSError:
        return ""


def shipped_cuts(*, with_encoder: bool) -> tuple[str, Cuts]:
    """Return the name of the models that ship and their cuts, without loading the models.

    Raises:
        ModelFileError: the file is missing, or is not what the training command writes.
    """
    with _reading("calibration.json"):
        card = json.loads((FOLDER / "calibration.json").read_text("utf-8"))
        name = str(card["name"]) if with_encoder else f"{card['name']}-linear"
        return name, _cuts(card["cuts"]["encoder" if with_encoder else "linear"])


def _encoder() -> StretchEncoder:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    from moderation.abuse.encoder import StretchEncoder

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    with _reading("encoder.onnx"):
        session = InferenceSession(str(FOLDER / "encoder.onnx"), options, providers=["CPUExecutionProvider"])
    with _reading("tokenizer.json"):
        return StretchEncoder(session, Tokenizer.from_file(str(FOLDER / "tokenizer.json")))


def _cuts(stored: dict[str, Any]) -> Cuts:
    from moderation.abuse.verdict import Cuts

    return Cuts(
        severity={Severity[name.upper()]: float(cut) for name, cut in stored["severity"].items()},
        labels={Label(name): float(cut) for name, cut in stored["labels"].items()},
        doubt=float(stored["doubt"]),
    )


def scorer(*, with_encoder: bool = True, moves: Sequence[Move] = ()) -> Scorer:
    """Return the scorer with the models that ship, and with the cuts that people have moved."""
    from moderation.abuse.score import Scorer
    from moderation.thresholds import moved, version_of

    models, cuts = load(with_encoder=with_encoder)
    return Scorer(models, moved(cuts, cuts_set(moves)), version_of(cuts, moves))
