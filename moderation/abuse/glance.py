"""A glance at a text before it is scored: only to choose what is scored first, never what comes of it.

In a pile-on of thousands a cry for help must not wait behind all of them. The glance costs millionths of a
second and is wrong often, in both directions: whatever it overlooks is scored in its turn.
"""

from __future__ import annotations

import re

_PRESSING = re.compile(
    r"""\b(?:
        suicid\w* | self[\s-]?harm\w* | kill\w* | kms | kys | die | dying | dead | end\s+(?:it|my|things)
        | overdos\w* | tablets | pills | cutting | noose | hang(?:ing)?\s+(?:my|him|her)self
        | can(?:'|\u2019)?t\s+(?:go\s+on|do\s+this|cope|take\s+(?:it|this))
        | cannot\s+(?:go\s+on|do\s+this|cope|take) | not\s+safe | scared
        | hurts?\s+me | hitting\s+me | touch\w*\s+me
        | help\s+me | knife | stab\w* | gun | shoot\w* | bomb\w* | acid | burn\w*\s+(?:it|the|down)
        | missing | hasn(?:'|\u2019)?t\s+come\s+home | didn(?:'|\u2019)?t\s+come\s+home
        | rap(?:e|ed|ing|ist) | nudes?
        | meet\s+(?:me|up) | snap(?:chat)?\s+me | our\s+secret | don(?:'|\u2019)?t\s+tell
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)

LOOKED_AT = 2_000
"""Characters that are looked at."""


def is_pressing(text: str) -> bool:
    """Say whether a text should be scored before others that came at the same time."""
    return _PRESSING.search(text, 0, LOOKED_AT) is not None
