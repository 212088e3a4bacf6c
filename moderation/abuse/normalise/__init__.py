"""Normalising a text for scoring only: the original is what is kept, shown and quoted.

1. :func:`clean` makes one spelling of many: lower case, compatibility forms and accents folded (NFKC
   and more), invisible and direction-changing characters gone, look-alike letters of other alphabets
   and squared, keycap or regional letters read as Latin, one kind of quote mark, the capitalised words
   of a hashtag set apart, country flags named. Other emoji stay, without their skin colour.
2. :func:`unmask` undoes hiding, word by word, and only where a word of ``known`` comes out: ``k1ll``,
   ``k i l l``, ``kiiill``, ``f**k``, ``#killall``. So year groups, times, postcodes and names keep their
   shape. Then it reads text speak and dialect, where no rule knows the spelling itself.

Every step remembers where each character came from. What the trained models read is made from the same
pieces in :mod:`moderation.abuse.model_text`.
"""

from __future__ import annotations

from moderation.abuse.normalise.disguises import Vocabulary, unmask
from moderation.abuse.normalise.folding import clean
from moderation.abuse.normalise.traced import Normalised

__all__ = ["Normalised", "Vocabulary", "clean", "unmask"]
