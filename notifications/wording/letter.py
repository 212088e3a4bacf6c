"""A letter: what a message says, before it is set as plain text or HTML. Both say the same."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from notifications.cleaning import clean_line
from notifications.pages import page

SUBJECT_LIMIT = 60
_WIDTH = 76


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open: ``words`` say what it is."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a message, in reading order. Every part but the subject and the news may be missing.

    ``preview`` is what an inbox shows after the subject. ``first`` is the line that comes before all else
    when somebody may be in danger or must stop. ``facts`` are name and value. ``words`` are the masked
    words of a post, ``hidden`` says why there are none. ``steps`` are what the policy asks for next.
    ``command`` takes the case from the shell. ``notes`` say why this reader, and who else.
    ``thread`` names what the message is about, for mail programs that group.
    """

    subject: str
    preview: str
    headline: str
    first: str = ""
    news: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    hidden: str = ""
    warning: str = ""
    words: str = ""
    link: Link | None = None
    steps: tuple[str, ...] = ()
    command: str = ""
    command_note: str = ""
    notes: tuple[str, ...] = ()
    thread: str = ""


def fitting(*subjects: str) -> str:
    """Return the first subject that fits into :data:`SUBJECT_LIMIT`, or the last one cut to it."""
    cleaned = [clean_line(subject) for subject in subjects]
    return next((subject for subject in cleaned if len(subject) <= SUBJECT_LIMIT), None) or clean_line(
        cleaned[-1], SUBJECT_LIMIT
    )


def as_text(letter: Letter) -> str:
    """Set ``letter`` as plain text. It is complete: nothing is only in the HTML."""
    blocks: list[str] = []
    if letter.first:
        blocks.append(_wrapped(letter.first))
    blocks.append(_wrapped(letter.headline))
    blocks += [_wrapped(sentence) for sentence in letter.news]
    if letter.facts:
        blocks.append("\n".join(_wrapped(f"{name}: {value}", "  ") for name, value in letter.facts))
    blocks += [_wrapped(part) for part in (letter.hidden, letter.warning) if part]
    if letter.words:
        blocks.append(textwrap.indent(_wrapped(letter.words), "> "))
    if letter.link is not None:
        blocks.append(f"{letter.link.words}:\n{letter.link.address}")
    if letter.steps:
        numbered = (_wrapped(f"{number}. {step}", "   ") for number, step in enumerate(letter.steps, 1))
        blocks.append("What to do next\n" + "\n".join(numbered))
    if letter.command:
        blocks.append(f"To take this case\n    {letter.command}\n" + _wrapped(letter.command_note))
    blocks.append("\n".join(_wrapped(note) for note in letter.notes))
    return "\n\n".join(block for block in blocks if block) + "\n"


def as_html(letter: Letter) -> str:
    """Set ``letter`` as HTML: one column, styles inline, nothing fetched from anywhere."""
    return page("alert.html.j2", letter=letter)


def _wrapped(text: str, hanging: str = "") -> str:
    return textwrap.fill(
        text, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
