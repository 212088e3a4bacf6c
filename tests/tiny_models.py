"""Model files that know nothing, so that loading and asking can be tested without the real ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from moderation.abuse import heads
from moderation.abuse.linear import BUCKETS, LinearModel
from moderation.abuse.opinion import RULE_FEATURES, LastLayer
from moderation.abuse.verdict import Cuts

CUTS = Cuts(dict.fromkeys(heads.STEPS, 0.9), dict.fromkeys(heads.LABELS, 0.9))


def linear() -> LinearModel:
    """Return a linear model without an opinion."""
    tables = np.zeros((2, BUCKETS, heads.WIDTH), dtype=np.int8)
    return LinearModel(tables, np.ones(heads.WIDTH, np.float32), np.zeros(heads.WIDTH, np.float32))


def last_layer(parts: int) -> LastLayer:
    """Return a last layer, for one part or two, that thinks everything is unlikely."""
    features = parts * heads.WIDTH + RULE_FEATURES
    weights = np.zeros((features, heads.WIDTH), dtype=np.float32)
    return LastLayer(weights, np.full(heads.WIDTH, -2, dtype=np.float32))


def write(folder: Path) -> None:
    """Write the files that the linear mode needs."""
    folder.mkdir(exist_ok=True)
    model, last = linear(), last_layer(1)
    np.savez_compressed(
        folder / "linear.npz",
        tables=model.tables,
        scale=model.scale,
        bias=model.bias,
        linear_weights=last.weights,
        linear_bias=last.bias,
    )
    cuts = {
        "severity": {step.word: cut for step, cut in CUTS.severity.items()},
        "labels": CUTS.labels,
        "doubt": CUTS.doubt,
    }
    card = {"name": "tiny", "cuts": {"linear": cuts}}
    (folder / "calibration.json").write_text(json.dumps(card), encoding="utf-8")
