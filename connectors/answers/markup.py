"""Plain words out of the HTML that Mastodon's servers and forums send, in time that grows with its length.

Python's own parser needs quadratic time for a text of many ``<a``: a single post could stop the polling of
an account. Here every character is looked at once; markup that is none stays as words.
"""

from __future__ import annotations

import html
import re

LONGEST = 400_000
"""Characters of markup that are read; an item keeps far fewer words than that."""

_TAG = re.compile(r"<(/?)([A-Za-z!?][A-Za-z0-9:-]{0,30})[^<>]*>")
_BREAKS = frozenset(
    "article aside blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr"
    " ul".split()
)
_UNSEEN = frozenset({"script", "style", "template", "head", "title"})
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")


def plain(markup: str) -> str:
    """Return the words that a reader of ``markup`` sees: links with their text, paragraphs on own lines."""
    kept: list[str] = []
    unseen = ""
    end = 0
    markup = markup[:LONGEST]
    for tag in _TAG.finditer(markup):
        if not unseen:
            kept.append(_words(markup[end : tag.start()]))
        end = tag.end()
        name = tag[2].lower()
        if unseen:
            unseen = "" if tag[1] and name == unseen else unseen
        elif name in _UNSEEN and not tag[1]:
            unseen = name
        elif name in _BREAKS:
            kept.append("\n\n" if name == "p" else "\n")
    if not unseen:
        kept.append(_words(markup[end:]))
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(kept).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def _words(text: str) -> str:
    """Return the text between two tags: its own line ends mean no more than blanks."""
    return html.unescape(text).replace("\r", " ").replace("\n", " ") if text else ""
