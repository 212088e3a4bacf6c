"""Public labelled comments: which sets are learnt from, how much of each, and what their labels tell us.

They know nothing of schools, but they teach what abuse sounds like. The folder with the files is an
argument; nothing of it is kept in the project. Credits and licences stand in the model card.
"""

from __future__ import annotations

import csv
import gzip
import html
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.training.examples import UNKNOWN, Examples
from moderation.assessment import Label

Answers = npt.NDArray[np.float32]

MOST: dict[str, int] = {
    "cad": 8_000,
    "civil_toxic_spans": 7_000,
    "davidson": 3_000,
    "edos": 6_000,
    "goemotions_benign": 9_000,
    "guest_misogyny": 3_000,
    "hatemojibuild": 6_000,
    "hatexplain": 6_000,
    "implicit_hate": 5_000,
    "madlibs": 1_500,
    "openai_moderation": 2_000,
    "redditbias": 1_500,
    "sms_spam": 6_000,
    "toxigen_prompts": 700,
}
"""The sets learnt from and how many rows of each at most, so that no large one dominates.

Only sets whose licence was seen. Left out for measuring: convabuse, fox_comments, jigsaw_sample, sbic_test,
wiki_cat.
"""

_LABELS: dict[str, tuple[Label, ...]] = {
    "insult": (Label.INSULT,),
    "threat": (Label.THREAT,),
    "sexual": (Label.SEXUAL,),
    "selfharm": (Label.SELF_HARM,),
    "misogyny": (Label.HATE_SEX,),
    "profanity": (Label.PROFANITY,),
}
_HELD_BACK = 10
_MILD = frozenset({"profanity", "offensive"})


def learnt_from(folder: Path) -> Examples:
    """Return the examples that the public sets make, nine tenths of each set."""
    texts, rows, weights = list[str](), list[Answers](), list[float]()
    for name, most in MOST.items():
        kept = [row for row in rows_of(folder, name) if not is_held_back(row["text"])]
        kept.sort(key=lambda row: crc32(row["text"].encode("utf-8", "replace")))
        for row in kept[:most]:
            texts.append(row["text"])
            rows.append(_answers(row))
            weights.append(0.5 if name in {"davidson", "madlibs", "redditbias"} else 1.0)
    return Examples(texts, np.array(rows, dtype=np.float32), np.array(weights, dtype=np.float32))


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one set: ``text``, ``label`` (1 abusive, 0 not) and ``subtype``."""
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return [row | {"text": html.unescape(row["text"])} for row in csv.DictReader(lines)]


def is_held_back(text: str) -> bool:
    """Say whether a text is one of the tenth that nothing is learnt from."""
    return crc32(text.encode("utf-8", "replace")) % _HELD_BACK == 0


def _answers(row: dict[str, str]) -> Answers:
    """Return what a row tells us. Abuse of no named kind leaves labels unknown; no abuse denies them."""
    known = np.full(heads.WIDTH, UNKNOWN, dtype=np.float32)
    abusive, subtype = row["label"] == "1", row["subtype"]
    known[heads.ABUSE] = abusive
    labels = _LABELS.get(subtype, ())
    if not abusive:
        known[heads.SEVERITY_AT] = 0
        known[heads.LABELS_AT] = 0
        if subtype == "spam":
            labels = (Label.SPAM,)
            known[heads.SEVERITY_AT] = UNKNOWN
        if subtype == "violence":
            known[heads.SEVERITY_AT] = UNKNOWN
            known[heads.LABELS_AT.start + heads.LABELS.index(Label.THREAT)] = UNKNOWN
    else:
        known[heads.SEVERITY_AT.start] = 1
        known[heads.URGENT] = UNKNOWN if subtype in _MILD else 1
    for label in labels:
        known[heads.LABELS_AT.start + heads.LABELS.index(label)] = 1
    return known
