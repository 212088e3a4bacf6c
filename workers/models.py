"""The trained models, loaded from their files once for each process. Importing this module loads nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
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


def missing(*, with_encoder: bool) -> list[str]:
    """Return the names of the files that are not there."""
    wanted = LINEAR_FILES + (ENCODER_FILES if with_encoder else ())
    return [name for name in wanted if not (FOLDER / name).is_file()]


@cache
def load(*, with_encoder: bool) -> tuple[Models, Cuts]:
    """Return the models that ship and their cuts, loaded at the first call.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: a file is not what the training command writes, or belongs to another training.
    """
    import numpy as np

    from moderation.abuse.linear import LinearModel
    from moderation.abuse.opinion import LastLayer, Models

    name, cuts = shipped_cuts(with_encoder=with_encoder)
    _refuse_a_mixture((*LINEAR_FILES[1:], *(ENCODER_FILES if with_encoder else ())))
    with (FOLDER / "linear.npz").open("rb") as file, np.load(file) as stored:
        linear = LinearModel(stored["tables"], stored["scale"], stored["bias"])
        mode = "encoder" if with_encoder else "linear"
        last = LastLayer(stored[f"{mode}_weights"], stored[f"{mode}_bias"])
    encoder = _encoder() if with_encoder else None
    return Models(linear, last, encoder, name), cuts


def _refuse_a_mixture(files: Sequence[str]) -> None:
    """Refuse files of different trainings: each fits only those that were written with it."""
    digests = json.loads((FOLDER / "calibration.json").read_text("utf-8")).get("digests", {})
    for file in files:
        found = sha256((FOLDER / file).read_bytes()).hexdigest()
        if digests.get(file, found) != found:
            raise ValueError(f"{file} does not belong to calibration.json")


def shipped_cuts(*, with_encoder: bool) -> tuple[str, Cuts]:
    """Return the name of the models that ship and their cuts, without loading the models.

    Raises:
        OSError: the file is missing or cannot be read.
        ValueError: the file is not what the training command writes.
    """
    card = json.loads((FOLDER / "calibration.json").read_text("utf-8"))
    return str(card["name"]), _cuts(card["cuts"]["encoder" if with_encoder else "linear"])


def _encoder() -> StretchEncoder:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    from moderation.abuse.encoder import StretchEncoder

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = InferenceSession(str(FOLDER / "encoder.onnx"), options, providers=["CPUExecutionProvider"])
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
