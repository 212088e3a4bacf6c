"""``python -m moderation.abuse.training``: make the models that ship, from our corpus and public data."""

from __future__ import annotations

import argparse
import logging
import sys
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
from moderation.abuse.training.examples import Examples, from_messages
from moderation.abuse.training.fitting import Pace, fit, logits_of
from moderation.abuse.training.network import Encoder, start_folder
from moderation.abuse.training.plain import fitted
from moderation.abuse.training.teacher import chances, recombined, softened, unlabelled
from moderation.assessment import Subject

log = logging.getLogger("training")

MODEL_FOLDER = Path(__file__).parents[1] / "model"
SEED = 20_261_122

PUBLIC_PACE = Pace(passes=2, body_rate=6e-5, answers_rate=1e-3, disguise=0.12, seed=SEED)
SCHOOL_PACE = Pace(passes=6, body_rate=1.6e-4, answers_rate=1e-3, disguise=0.15, seed=SEED + 1)
TEACHER_PACE = Pace(passes=3, body_rate=6e-5, answers_rate=1e-3, disguise=0.12, seed=SEED + 3)
REPLAYED = 10_000
RECOMBINED = 10_000
UNSURE_WEIGHT = 0.5
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
    export.write_encoder(_encoder(args), args.out)
    layers, cuts = _calibrated(linear, args.out)
    export.write_linear(linear, layers, args.out)
    export.write_card(args.name, cuts, args.out)
    return 1 if lacking else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m moderation.abuse.training", description=__doc__)
    parser.add_argument("--public", type=Path, required=True, help="the folder with the public data sets")
    parser.add_argument(
        "--teacher", type=Path, required=True, help="the folder with the larger model, all-mpnet-base-v2"
    )
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


def _encoder(args: argparse.Namespace) -> Encoder:
    """Fit the encoder to public comments, kept in the work folder, then to our corpus as it is taught."""
    tokenizer = _tokenizer(start_folder())
    comments = public.learnt_from(args.public)
    network = _network(start_folder())
    kept = args.work / "public.pt"
    if not kept.exists():
        log.info("fitting the encoder to %s public comments", len(comments))
        network.hold_the_lowest(held=True)
        fit(network, tokenizer, comments, PUBLIC_PACE)
        torch.save(network.state_dict(), kept)
    lessons = _lessons(args, comments)
    log.info("fitting the encoder to %s messages", len(lessons))
    network.hold_the_lowest(held=False)
    network.load_state_dict(torch.load(kept, map_location="cpu", weights_only=True))
    fit(network, tokenizer, lessons, SCHOOL_PACE)
    return network


def _lessons(args: argparse.Namespace, comments: Examples) -> Examples:
    """Return what the encoder learns from: our corpus, some public comments, and texts made of our corpus.

    The teacher answers what nobody has said of them. Its weights are kept in the work folder.
    """
    tokenizer = _tokenizer(args.teacher)
    school = from_messages(corpus.of(Part.LEARN))
    network = _network(args.teacher)
    kept = args.work / "teacher.pt"
    if kept.exists():
        network.load_state_dict(torch.load(kept, map_location="cpu", weights_only=True))
    else:
        log.info("fitting the teacher to %s messages of school talk", len(school))
        fit(network, tokenizer, school, TEACHER_PACE)
        torch.save(network.state_dict(), kept)
    further = unlabelled(recombined(school.texts, RECOMBINED, SEED)) + comments.sample(REPLAYED, SEED)
    lessons = school + further.weighted(UNSURE_WEIGHT)
    log.info("asking the teacher about %s texts", len(lessons))
    return softened(lessons, chances(logits_of(network, tokenizer, lessons.texts)))


def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _network(folder: Path) -> Encoder:
    network = Encoder(folder)
    network.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    return network


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
