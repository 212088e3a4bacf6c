"""Model files that are broken: which one it is, what to do, and that nobody overlooks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import load
from tests import tiny_models
from tests.schools import write_settings
from workers import models
from workers.bootstrap import open_desk, utc_now
from workers.cli import main
from workers.probes import Verdict, probe

INSTALL = "Install socialduty again"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with files for both models; the encoder's are not what they are called."""
    place = tmp_path / "model"
    tiny_models.write(place)
    card = json.loads((place / "calibration.json").read_text(encoding="utf-8"))
    card["cuts"]["encoder"] = card["cuts"]["linear"]
    with np.load(place / "linear.npz") as stored:
        parts = dict(stored)
    last = tiny_models.last_layer(2)
    np.savez_compressed(place / "linear.npz", **parts, encoder_weights=last.weights, encoder_bias=last.bias)
    for name in models.ENCODER_FILES:
        (place / name).write_bytes(b"neither")
    card["digests"] = {
        name: hashlib.sha256((place / name).read_bytes()).hexdigest()
        for name in ("linear.npz", *models.ENCODER_FILES)
    }
    (place / "calibration.json").write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setattr(models, "FOLDER", place)
    models.load.cache_clear()
    yield place
    models.load.cache_clear()


def said_by_check(tmp_path: Path) -> str:
    """Return what ``check`` says of models that cannot judge."""
    settings = load(write_settings(tmp_path, "http://127.0.0.1:9"))
    found = next(each for each in probe(settings, utc_now()) if each.probe == "models")
    assert found.verdict is Verdict.BROKEN
    return found.what


@pytest.mark.parametrize(
    ("name", "small_one_helps"),
    [("calibration.json", False), ("linear.npz", False), ("encoder.onnx", True), ("tokenizer.json", True)],
)
@pytest.mark.parametrize("is_gone", [True, False])
def test_the_small_model_is_advised_only_where_it_works(
    folder: Path, tmp_path: Path, name: str, small_one_helps: bool, is_gone: bool
) -> None:
    """It needs calibration.json and linear.npz itself; each trouble is told with the file's name."""
    if is_gone:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"half a file")
    what = said_by_check(tmp_path)
    assert what.startswith(f"{name} missing: " if is_gone else f"{name} cannot be read: ")
    assert INSTALL in what
    assert ('linear" in [scoring]' in what) is small_one_helps


def test_a_file_that_no_library_can_read_is_named(folder: Path, tmp_path: Path) -> None:
    """Even when it is the one that was written: no bare name of an error, which helps nobody."""
    what = said_by_check(tmp_path)
    assert what.startswith("encoder.onnx cannot be read: ")
    assert "Error" not in what
    assert "Exception" not in what


def test_status_shows_models_that_are_broken(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything was judged with them: their digests tell."""
    (folder / "linear.npz").write_bytes(b"half a file")
    (folder / "tokenizer.json").unlink()
    path = write_settings(tmp_path, "http://127.0.0.1:9")
    with open_desk(load(path), works=False):
        pass
    assert main(["--settings", str(path), "status", "--json"]) == 1
    state: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert state["models"] == {
        "mode": "encoder",
        "missing": ["tokenizer.json"],
        "broken": ["linear.npz"],
        "no_say": {},
    }
    assert "the trained models cannot be read (linear.npz): run 'check'" in state["problems"]
