"""Writing the fitted parts as the files that ship: the encoder as ONNX in eight bits, and the rest."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from moderation.abuse.linear import LinearModel
from moderation.abuse.opinion import LastLayer
from moderation.abuse.training.network import Encoder, start_folder


def write_encoder(network: Encoder, folder: Path) -> None:
    """Write ``encoder.onnx`` and ``tokenizer.json``: weights in eight bits, one scale for each output row."""
    network.eval()
    ids = torch.ones(2, 8, dtype=torch.long)
    with TemporaryDirectory() as scratch:
        whole = Path(scratch) / "encoder.onnx"
        torch.onnx.export(
            network.cpu(),
            (ids, ids),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["answers"],
            dynamic_axes={"ids": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            folder / "encoder.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=False,
        )
    _write_tokenizer(folder / "tokenizer.json")


def _write_tokenizer(path: Path) -> None:
    """Write the tokenizer without its padding and cutting: the scorer does both itself."""
    card: dict[str, Any] = json.loads((start_folder() / "tokenizer.json").read_text("utf-8"))
    card["padding"] = card["truncation"] = None
    path.write_text(json.dumps(card, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_linear(linear: LinearModel, layers: dict[str, LastLayer], folder: Path) -> None:
    """Write ``linear.npz``: the linear model and the last layer for each mode."""
    rows: dict[str, Any] = {"tables": linear.tables, "scale": linear.scale, "bias": linear.bias}
    for mode, last in layers.items():
        rows[f"{mode}_weights"], rows[f"{mode}_bias"] = last.weights, last.bias
    np.savez_compressed(folder / "linear.npz", **rows)


def write_card(name: str, cuts: dict[str, Any], folder: Path) -> None:
    """Write ``calibration.json``: the version's name, the cuts of each mode, and what belongs together."""
    others = ("encoder.onnx", "tokenizer.json", "linear.npz")
    digests = {file: sha256((folder / file).read_bytes()).hexdigest() for file in others}
    text = json.dumps({"name": name, "cuts": cuts, "digests": digests}, indent=1)
    (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
