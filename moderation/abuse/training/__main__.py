"""``python -m moderation.abuse.training``: make the models that ship, from our corpus and public data."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from moderation.abuse import heads
from moderation.abuse.encoder import StretchEncoder
from moderation.abuse.linear import LinearModel
from moderation.abuse.model_text import model_text
from moderation.abuse.opinion import LastLayer, features_of
from moderation.abuse.score import by_rules
from moderation.abuse.training import calibration, checking, corpus, export, public
from moderation.abuse.training.corpus import Part
from moderation.abuse.training.examples import from_messages
from moderation.abuse.training.fitting import Pace, fit
from moderation.abuse.training.network import Encoder, start_folder
from moderation.abuse.training.plain import fitted
from moderation.assessment import Subject

log = logging.getLogger("training")

MODEL_FOLDER = Path(__file__).parents[1] / "model"
SEED = 20_261_122

PUBLIC_PACE = Pace(passes=2, body_rate=6e-5, answers_rate=1e-3, disguise=0.12, seed=SEED)
SCHOOL_PACE = Pace(passes=6, body_rate=1.6e-4, answers_rate=1e-3, disguise=0.15, seed=SEED + 1)
SCHOOL_SEEDS = (SEED + 1, SEED + 2)
REPLAYED = 2_500
REPLAY_WEIGHT = 0.5
LINEAR_PUBLIC = 24_000
LINEAR_PUBLIC_WEIGHT = 0.25


def main() -> int:
    """Fit everything and write the files; return 0, or 1 when the corpus lacks something."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    args = _arguments()
    torch.manual_seed(SEED)
    lacking = checking.missing(corpus.messages())
    for sentence in lacking:
        log.warning("the corpus has too few: %s", sentence)
    args.work.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)
    linear = _linear(args.public)
    export.write_encoder(_encoder(args.public, args.work), args.out)
    layers, cuts = _calibrated(linear, args.out)
    export.write_linear(linear, layers, args.out)
    export.write_card(args.name, cuts, args.out)
    return 1 if lacking else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m moderation.abuse.training", description=__doc__)
    parser.add_argument("--public", type=Path, required=True, help="the folder with the public data sets")
    parser.add_argument("--work", type=Path, required=True, help="a folder for what can be kept between runs")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the files go")
    parser.add_argument("--name", default=f"school-{datetime.now(UTC):%Y.%m}", help="the model's version")
    return parser.parse_args()


def _linear(folder: Path) -> LinearModel:
    """Fit the linear model to our corpus and, with less weight, to public comments."""
    log.info("fitting the linear model")
    school = from_messages(corpus.of(Part.LEARN))
    comments = public.learnt_from(folder).sample(LINEAR_PUBLIC, SEED)
    return fitted(school + comments.weighted(LINEAR_PUBLIC_WEIGHT))


def _encoder(folder: Path, work: Path) -> Encoder:
    """Fit the encoder to public comments, kept in ``work``, then twice to our corpus; return the mean.

    Two fits from one beginning lie in one valley; the middle between them is better than either (Wortsman et
    al., "Model soups", 2022), at no cost when scoring.
    """
    tokenizer = Tokenizer.from_file(str(start_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    comments = public.learnt_from(folder)
    kept = work / "public.pt"
    if not kept.exists():
        log.info("fitting the encoder to %s public comments", len(comments))
        network = _network()
        network.hold_the_lowest(held=True)
        fit(network, tokenizer, comments, PUBLIC_PACE)
        torch.save(network.state_dict(), kept)
    school = from_messages(corpus.of(Part.LEARN))
    mixed = school + comments.sample(REPLAYED, SEED).weighted(REPLAY_WEIGHT)
    fits = list[dict[str, torch.Tensor]]()
    for seed in SCHOOL_SEEDS:
        log.info("fitting the encoder to %s messages of school talk, seed %s", len(school), seed)
        network = _network()
        network.load_state_dict(torch.load(kept, map_location="cpu", weights_only=True))
        fit(network, tokenizer, mixed, replace(SCHOOL_PACE, seed=seed))
        fits.append({name: weight.cpu() for name, weight in network.state_dict().items()})
    network = _network()
    network.load_state_dict(mean_of(fits))
    return network


def _network() -> Encoder:
    network = Encoder()
    network.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    return network


def mean_of(fits: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of each weight over several fits; whole numbers, such as positions, are alike."""
    return {
        name: torch.stack([each[name] for each in fits]).mean(0) if first.is_floating_point() else first
        for name, first in fits[0].items()
    }


def _calibrated(linear: LinearModel, folder: Path) -> tuple[dict[str, LastLayer], dict[str, object]]:
    """Fit the last layer and the cuts of both modes, on the messages kept for tuning."""
    log.info("calibrating")
    session = InferenceSession(str(folder / "encoder.onnx"), providers=["CPUExecutionProvider"])
    encoder = StretchEncoder(session, Tokenizer.from_file(str(folder / "tokenizer.json")))
    told = from_messages(corpus.of(Part.TUNE))
    texts = [model_text(text).text for text in told.texts]
    rules = [by_rules(Subject(text)) for text in told.texts]
    layers, cuts = dict[str, LastLayer](), dict[str, object]()
    for mode, logits in (("encoder", encoder.logits(texts)), ("linear", None)):
        features = features_of(logits, linear.logits(texts), rules)
        layers[mode] = calibration.last_layer(features, told, with_encoder=logits is not None)
        answers = features @ layers[mode].weights + layers[mode].bias
        chances = 1 / (1 + np.exp(-answers[:, : heads.YES_OR_NO]))
        cuts[mode] = calibration.cuts(chances, told)
    return layers, cuts


if __name__ == "__main__":
    sys.exit(main())
