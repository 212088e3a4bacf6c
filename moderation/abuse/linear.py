"""The linear model: hashed pieces of words, one weight for each piece and answer. Small, quick, only numpy.

A piece is a run of three to five characters, a word, or two words with at most one between; it counts once,
however often a text repeats it. Its hash is the place of its weights in a table, so there is no dictionary to
keep. Runs and words have tables of their own, and the sum over each is divided by the root of their count, so
that length alone says nothing.

Source: hashing trick, Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads

BUCKETS = 1 << 16
"""How many rows of weights each of the two tables has."""

MAX_CHARACTERS = 2_000
"""What stands further back in a text is left to the rules and the encoder."""

_RUNS = (3, 4, 5)
_GAPS = (1, 2)
_POINTING = 4
_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_BATCH = 64

_Places = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a batch: ``rows[i]`` is a row of a table and belongs to text ``owners[i]``, in order."""

    rows: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]

    def counts(self, texts: int) -> npt.NDArray[np.float32]:
        """Return how many pieces each text has, at least 1, shape (texts, 1)."""
        return np.maximum(np.bincount(self.owners, minlength=texts), 1).astype(np.float32)[:, None]


class LinearModel:
    """Weights for pieces: ``tables`` are (2, BUCKETS, WIDTH) small integers, the others (WIDTH,)."""

    def __init__(
        self, tables: npt.NDArray[np.int8], scale: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]
    ) -> None:
        if tables.shape != (2, BUCKETS, heads.WIDTH):
            raise ValueError(
                f"the linear model has tables of {tables.shape}, not {(2, BUCKETS, heads.WIDTH)}"
            )
        self.tables = tables
        self.scale = scale
        self.bias = bias

    def logits(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the answers to model texts as logits, shape (texts, WIDTH)."""
        found = np.empty((len(texts), heads.WIDTH), dtype=np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            total = np.zeros((len(batch), heads.WIDTH), dtype=np.float32)
            for table, pieces in zip(self.tables, pieces_of(batch), strict=True):
                total += _sums(table, pieces, len(batch)) / np.sqrt(pieces.counts(len(batch)))
            found[first : first + len(batch)] = total * self.scale + self.bias
        return found

    def weights_at(self, text: str, column: int) -> npt.NDArray[np.float32]:
        """Return how much each character of a model text speaks for an answer, shape (characters,).

        Runs of four characters stand for all: this only finds the place that findings point at.
        """
        shares = np.zeros(len(text) + 2, dtype=np.float32)
        codes = _codes(text)
        if len(codes) >= _POINTING:
            rows = _bucket(_runs(codes, _POINTING), _POINTING)
            weights = self.tables[0, rows, column] * self.scale[column]
            for offset in range(_POINTING):
                shares[offset : offset + len(weights)] += weights
        return shares[1:-1]


def pieces_of(texts: Sequence[str]) -> tuple[Pieces, Pieces]:
    """Return the runs of characters and the words of model texts, as rows of the two tables."""
    codes = [_codes(text) for text in texts]
    joined = np.concatenate(codes) if codes else np.zeros(0, dtype=np.uint64)
    owners = np.repeat(np.arange(len(codes)), [len(each) for each in codes])
    return _once(_run_pieces(joined, owners)), _once(_word_pieces(joined, owners))


def _codes(text: str) -> _Places:
    """Return a text's lower-case characters as numbers, with a space before and after it."""
    padded = f" {text[:MAX_CHARACTERS].lower()} "
    raw = padded.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(raw, dtype="<u4").astype(np.uint64)


def _run_pieces(codes: _Places, owners: npt.NDArray[np.int64]) -> Pieces:
    rows, whose = list[npt.NDArray[np.int64]](), list[npt.NDArray[np.int64]]()
    for length in _RUNS:
        if len(codes) < length:
            continue
        within = owners[: 1 - length] == owners[length - 1 :]
        rows.append(_bucket(_runs(codes, length)[within], length))
        whose.append(owners[: 1 - length][within])
    return Pieces(_joined(rows), _joined(whose))


def _runs(codes: _Places, length: int) -> _Places:
    """Return the hash of every run of this length: a polynomial in the characters, modulo 2^64."""
    count = len(codes) - length + 1
    hashed = codes[:count].copy()
    for offset in range(1, length):
        hashed = hashed * _BASE + codes[offset : offset + count]
    return hashed


def _word_pieces(codes: _Places, owners: npt.NDArray[np.int64]) -> Pieces:
    """Return words, neighbours, and words with one other between them.

    A word's hash is a difference of running sums, brought to its own start by the inverse of the base.
    """
    inside = _is_letter(codes)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    starts, ends = edges[0::2], edges[1::2]
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(codes * _powers(len(codes), _BASE))])
    words = (sums[ends] - sums[starts]) * _powers(len(codes) + 1, _INVERSE)[starts]
    whose = owners[starts]
    rows, all_whose = [_bucket(words, 11)], [whose]
    for gap in _GAPS:
        if len(words) > gap:
            together = whose[:-gap] == whose[gap:]
            pair = words[:-gap] * _MIX + words[gap:]
            rows.append(_bucket(pair[together], 20 + gap))
            all_whose.append(whose[:-gap][together])
    return Pieces(_joined(rows), _joined(all_whose))


def _once(pieces: Pieces) -> Pieces:
    """Return the pieces in the order of their texts, each of a text's pieces once."""
    both = np.sort(pieces.owners * BUCKETS + pieces.rows)  # ``unique`` hashes, which takes far longer
    both = both[np.flatnonzero(np.diff(both, prepend=-1))]
    return Pieces(both % BUCKETS, both // BUCKETS)


def _is_letter(codes: _Places) -> npt.NDArray[np.bool_]:
    """Say which characters belong to words: ASCII letters, digits, ``@`` and apostrophe; all beyond ASCII."""
    return np.where(codes < 128, _ASCII_LETTERS[np.minimum(codes, 127).astype(np.int64)], codes != 0x2019)


def _bucket(hashed: _Places, kind: int) -> npt.NDArray[np.int64]:
    """Return the row for each hash; ``kind`` keeps runs of different length and words apart."""
    mixed = (hashed + np.uint64(kind)) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= _BASE
    return (mixed >> np.uint64(48)).astype(np.int64) % BUCKETS


def _sums(table: npt.NDArray[np.int8], pieces: Pieces, texts: int) -> npt.NDArray[np.float32]:
    """Return the sum of each text's rows, shape (texts, WIDTH)."""
    found = np.zeros((texts, table.shape[1]), dtype=np.float32)
    if len(pieces.rows):
        firsts = np.flatnonzero(np.diff(pieces.owners, prepend=-1))
        found[pieces.owners[firsts]] = np.add.reduceat(table[pieces.rows], firsts, axis=0, dtype=np.int32)
    return found


def _joined(parts: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _powers(count: int, base: np.uint64) -> _Places:
    """Return ``base`` to the power of 0, 1, 2... modulo 2^64."""
    powers = np.full(count, base, dtype=np.uint64)
    if count:
        powers[0] = 1
    return np.multiply.accumulate(powers)


_INVERSE = np.uint64(pow(int(_BASE), -1, 1 << 64))
_ASCII_LETTERS = np.array([chr(code).isalnum() or chr(code) in "@'" for code in range(128)])
