"""How well the shipped scorer does: ``python tests/scoring_figures.py`` prints the tables of docs/scoring.md.

Measured on the messages of our corpus that were set aside before anything was tuned, and on public comments
held back from training (``--public FOLDER``). Every figure stands with its 95 % interval, found by drawing
the batches, that is the invented persons, again and again (bootstrap): one person's messages are alike.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from moderation.abuse.score import Scorer
from moderation.abuse.training import checking, corpus, public
from moderation.abuse.training.corpus import Message, Part
from moderation.assessment import Assessment, Label, Severity, Subject
from workers.models import scorer

Row = tuple[Message, Assessment]
Figure = Callable[[Sequence[Row]], float]

IDENTITIES = {
    "Black": r"\bblack (?:mum|dad|parent|boy|girl|man|woman|history|famil|kid|people)|caribbean|nigerian",
    "Asian": r"\basian\b|pakistani|indian\b|bengali|bangladeshi|punjabi|chinese|gujarati",
    "Muslim": r"muslim|islam|mosque|eid\b|ramadan|hijab|headscar",
    "Jewish": r"jewish|\bjew|synagogue|kosher|hanukkah",
    "Christian": r"christian|church|chapel|vicar|catholic",
    "Sikh or Hindu": r"sikh|hindu|gurdwara|diwali|turban",
    "gay, lesbian, bi": r"\bgay|lesbian|\bbi\b|two mums|two dads|pride\b|rainbow",
    "trans": r"\btrans\b|transgender|pronoun|non-?binary",
    "disabled": r"disab|autis|wheelchair|\bsend?\b|adhd|dyslex|\bdeaf|blind|down'?s",
    "Traveller or Roma": r"travell?er|gypsy|gypsies|\broma\b",
    "migrant": r"migrant|refugee|asylum|polish|romanian|ukrainian|syrian|somali",
    "girls and women": r"\bgirls?\b|\bwom[ae]n\b|\bmums?\b",
    "boys and men": r"\bboys?\b|\bm[ae]n\b|\bdads?\b|\blads?\b",
}
DIALECTS = ("sco", "nir", "geo", "sce", "yor", "lan", "brum", "wen", "mle")
LANGUAGES = re.compile(r"[a-z]{2}")
DRAWS = 200


def area(rows: Sequence[tuple[float, bool]]) -> float:
    """Return the area under the ROC curve of scores against answers; ties count half."""
    scores = np.array([score for score, _ in rows])
    wanted = np.array([answer for _, answer in rows])
    if not 0 < wanted.sum() < len(wanted):
        return float("nan")
    order = np.unique(scores, return_inverse=True)[1]
    counts = np.bincount(order)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[order]
    positive = float(wanted.sum())
    return float(
        (ranks[wanted].sum() - positive * (positive + 1) / 2) / (positive * (len(wanted) - positive))
    )


def share(rows: Iterable[Row], asked: Callable[[Row], bool], true: Callable[[Row], bool]) -> float:
    """Return which share of the rows asked about is true; not a number where none is asked about."""
    found = [true(row) for row in rows if asked(row)]
    return sum(found) / len(found) if found else float("nan")


def says_urgent(row: Row) -> bool:
    """Say whether the scorer calls for a person the same working day."""
    return row[1].severity >= Severity.MEDIUM


def is_quoting(row: Row) -> bool:
    """Say whether a harmless message quotes or reports somebody else's abuse."""
    return "q" in row[0].marks and not row[0].urgent


def is_within_one_level(row: Row) -> bool:
    """Say whether severity is right or next to right."""
    return abs(row[0].severity - row[1].severity) <= 1


def recall_at_two_percent(rows: Sequence[Row]) -> float:
    """Return the share of urgent messages above the score that 2 % of the harmless ones reach."""
    cut = np.quantile([said.score for told, said in rows if not told.urgent], 0.98)
    return share(rows, lambda row: row[0].urgent, lambda row: row[1].score > cut)


def pairs_right(rows: Sequence[Row]) -> float:
    """Return the share of contrast pairs, one urgent and one not, of which both halves are right at 0.5."""
    said = {told.id: assessment for told, assessment in rows}
    found = [
        (said[one.id].score >= 0.5) == one.urgent and (said[other.id].score >= 0.5) == other.urgent
        for one, other in corpus.pairs([told for told, _ in rows])
        if one.urgent != other.urgent
    ]
    return sum(found) / len(found) if found else float("nan")


def macro_recall(rows: Sequence[Row]) -> float:
    """Return the mean over labels of the share of messages with a label that are given it."""
    found = [label_recall(label)(rows) for label in Label]
    return float(np.nanmean(found))


def label_recall(label: Label) -> Figure:
    """Return the figure: which share of messages with a label are given it."""
    return lambda rows: share(rows, lambda row: label in row[0].labels, lambda row: label in row[1].labels)


def label_precision(label: Label) -> Figure:
    """Return the figure: which share of the messages given a label have it."""
    return lambda rows: share(rows, lambda row: label in row[1].labels, lambda row: label in row[0].labels)


FIGURES: dict[str, tuple[Figure, str]] = {
    "urgent: ROC-AUC": (lambda rows: area([(said.score, told.urgent) for told, said in rows]), "from .97"),
    "urgent: recall where 2 % of the harmless are flagged": (recall_at_two_percent, "from .85"),
    "urgent: recall as shipped": (lambda rows: share(rows, lambda row: row[0].urgent, says_urgent), ""),
    "harmless flagged as shipped": (lambda rows: share(rows, lambda row: not row[0].urgent, says_urgent), ""),
    "critical not called urgent": (
        lambda rows: 1 - share(rows, lambda row: row[0].severity is Severity.CRITICAL, says_urgent), "0"),
    "contrast pairs, both halves right": (pairs_right, "from .80"),
    "hard negatives flagged": (
        lambda rows: share(rows, lambda row: checking.is_hard_negative(row[0]), says_urgent), "to .05"),
    "victims and witnesses who quote, flagged": (
        lambda rows: share(rows, is_quoting, says_urgent), "to .10"),
    "complaints that might be suggested for hiding": (
        lambda rows: share(rows, lambda row: row[0].intent == "complaint" and not row[0].abuse,
                           lambda row: row[1].may_be_hidden), "0"),
    "implicit and coded: recall": (
        lambda rows: share(rows, lambda row: row[0].urgent and "i" in row[0].marks, says_urgent), ""),
    "abuse: ROC-AUC": (lambda rows: area([(said.abuse, told.abuse) for told, said in rows]), ""),
    "labels: macro recall": (macro_recall, "from .75"),
    "route right": (
        lambda rows: share(rows, lambda _: True, lambda row: row[0].route is row[1].route), "from .85"),
    "intent right": (
        lambda rows: share(rows, lambda _: True, lambda row: row[0].intent is row[1].intent), "from .85"),
    "severity within one level": (
        lambda rows: share(rows, lambda _: True, is_within_one_level), "from .93"),
    "target right": (
        lambda rows: share(rows, lambda _: True, lambda row: row[0].target is row[1].target), ""),
}  # fmt: skip


def interval(rows: Sequence[Row], figure: Figure) -> tuple[float, float]:
    """Return the 95 % interval of a figure, by drawing batches with replacement."""
    batches: dict[str, list[Row]] = {}
    for row in rows:
        batches.setdefault(row[0].batch, []).append(row)
    names, random = list(batches), np.random.default_rng(0)
    drawn = [
        figure([row for at in random.integers(len(names), size=len(names)) for row in batches[names[at]]])
        for _ in range(DRAWS)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def print_figures(rows: Sequence[Row]) -> None:
    """Print the main table and the table of labels."""
    print(f"| Figure ({len(rows):,} messages) | Measured | 95 % interval | Wanted |\n|---|---|---|---|")
    for name, (figure, wanted) in FIGURES.items():
        low, high = interval(rows, figure)
        print(f"| {name} | {figure(rows):.3f} | {low:.3f} to {high:.3f} | {wanted} |")
    print("\n| Label | Messages | Recall | Precision |\n|---|---|---|---|")
    for label in Label:
        count = sum(label in told.labels for told, _ in rows)
        print(f"| {label} | {count} | {label_recall(label)(rows):.2f} | {label_precision(label)(rows):.2f} |")


def naming(words: str) -> Callable[[Message], bool]:
    """Return the question whether a message names a group of people."""
    named = re.compile(words, re.IGNORECASE)
    return lambda told: bool(named.search(told.text))


def marked(mark: str) -> Callable[[Message], bool]:
    """Return the question whether a message is written in a dialect or language."""
    return lambda told: mark in told.marks


def print_fairness(rows: Sequence[Row]) -> None:
    """Print the share of harmless messages flagged, by who is named, by dialect and by language."""
    calm = [row for row in rows if not row[0].urgent]
    overall = share(calm, lambda _: True, says_urgent)
    print(
        f"\n| Harmless messages ({len(calm):,}; {overall:.1%} flagged) | Messages | Flagged | Times overall |"
    )
    print("|---|---|---|---|")
    groups = {name: naming(words) for name, words in IDENTITIES.items()}
    groups |= {f"dialect {mark}": marked(mark) for mark in DIALECTS}
    languages = sorted({mark for told, _ in calm for mark in told.marks if LANGUAGES.fullmatch(mark)})
    groups |= {f"language {mark}": marked(mark) for mark in languages}
    for name, belongs in groups.items():
        own = [row for row in calm if belongs(row[0])]
        if len(own) >= 15:
            flagged = share(own, lambda _: True, says_urgent)
            print(f"| {name} | {len(own)} | {flagged:.1%} | {flagged / max(overall, 1e-9):.1f} |")


def print_public(judge: Scorer, folder: Path) -> None:
    """Print how abuse stands above ordinary talk in public sets: never learnt from, or held-back rows."""
    print("\n| Public set | Texts | ROC-AUC of abuse | ordinary texts called urgent |\n|---|---|---|---|")
    unseen = ("convabuse", "fox_comments", "jigsaw_sample", "sbic_test", "wiki_cat")
    for name in (*unseen, *public.MOST):
        rows = public.rows_of(folder, name)
        if name not in unseen:
            rows = [row for row in rows if public.is_held_back(row["text"])]
        rows = rows[:2_000]
        found = judge.assess_all([Subject(row["text"]) for row in rows])
        among = area([(said.abuse, row["label"] == "1") for said, row in zip(found, rows, strict=True)])
        calm = [
            said
            for said, row in zip(found, rows, strict=True)
            if row["label"] == "0" and row["subtype"] != "spam"
        ]
        flagged = sum(said.severity >= Severity.MEDIUM for said in calm) / max(1, len(calm))
        named = name if name in unseen else f"{name} (held back)"
        print(f"| {named} | {len(rows)} | {among:.3f} | {flagged:.1%} |")


def main() -> int:
    """Score and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="test", choices=[str(part) for part in Part])
    parser.add_argument("--hands", nargs="+", help="only the messages of these writers")
    parser.add_argument("--mode", default="encoder", choices=["encoder", "linear", "rules"])
    parser.add_argument("--public", type=Path, help="the folder with the public data sets")
    parser.add_argument(
        "--wrong", type=int, default=0, help="also print this many urgent mistakes (never of the test part)"
    )
    args = parser.parse_args()
    judge = Scorer(None, None) if args.mode == "rules" else scorer(with_encoder=args.mode == "encoder")
    told = [m for m in corpus.of(Part(args.part)) if not args.hands or m.hand in args.hands]
    said = list[Assessment]()
    for first in range(0, len(told), 64):
        said += judge.assess_all([Subject(m.text, m.platform, m.kind) for m in told[first : first + 64]])
    rows = list(zip(told, said, strict=True))
    print_figures(rows)
    print_fairness(rows)
    if args.public:
        print_public(judge, args.public)
    if args.wrong and args.part != "test":
        for message, assessment in rows:
            if message.urgent != (assessment.severity >= Severity.MEDIUM):
                args.wrong -= 1
                print(f"{message.id} told {message.severity.word} {sorted(message.labels)} said "
                      f"{assessment.severity.word} {assessment.score:.2f}: {message.text[:140]}")  # fmt: skip
                if not args.wrong:
                    break
    return 0


if __name__ == "__main__":
    sys.exit(main())
