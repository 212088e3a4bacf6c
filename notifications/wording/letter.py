"""A letter: what a message says, before it is set as plain text or HTML. Both say the same."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from urllib.parse import urlsplit

from notifications.cleaning import clean_line
from notifications.pages import page

SUBJECT_LIMIT = 60
_WIDTH = 76
_ADDRESS_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open: ``words`` say what it is."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """How the reader says that they have it: a ``button``, or else a ``command`` for the shell.

    ``note`` says what that does, and what it does not do.
    """

    title: str
    note: str
    button: Link | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A list under its own title. Each row has a name and what is said of it."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a message, in reading order. Every part but the subject and the news may be missing.

    ``preview`` is what an inbox shows after the subject. ``first`` is the line that comes before all else
    when somebody may be in danger or must stop. ``facts`` are name and value. ``sections`` are lists, and
    ``rest`` says how much more there is than they show. ``words`` are the masked words of a post, ``hidden``
    says why there are none. ``steps`` are what the policy asks for next. ``notes`` say why this reader, and
    who else. ``thread`` names what the message is about, for mail programs that group.
    """

    subject: str
    preview: str
    headline: str
    first: str = ""
    news: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    rest: str = ""
    hidden: str = ""
    warning: str = ""
    words: str = ""
    link: Link | None = None
    steps: tuple[str, ...] = ()
    way: Way | None = None
    notes: tuple[str, ...] = ()
    thread: str = ""


def web_address(text: str) -> str:
    """Return ``text`` as an address that a reader may open, or nothing where it is none."""
    address = clean_line(text).replace(" ", "%20")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_usable = parts.scheme in {"https", "http"} and parts.hostname and len(address) <= _ADDRESS_LIMIT
    return address if is_usable else ""


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
    blocks += [_rows(letter.facts), *(f"{each.title}\n{_rows(each.rows)}" for each in letter.sections)]
    blocks += [_wrapped(part) for part in (letter.rest, letter.hidden, letter.warning)]
    if letter.words:
        blocks.append(textwrap.indent(_wrapped(letter.words), "> "))
    if letter.link is not None:
        blocks.append(f"{letter.link.words}:\n{letter.link.address}")
    if letter.steps:
        numbered = (_wrapped(f"{number}. {step}", "   ") for number, step in enumerate(letter.steps, 1))
        blocks.append("What to do next\n" + "\n".join(numbered))
    if letter.way is not None:
        blocks.append(_way(letter.way))
    blocks.append("\n".join(_wrapped(note) for note in letter.notes))
    return "\n\n".join(block for block in blocks if block) + "\n"


def as_short_text(letter: Letter) -> str:
    """Set what a chat shows: the news in a sentence, and the way to take it. Never words of a post."""
    way = _way(letter.way) if letter.way is not None else "The rest is in your email."
    return "\n\n".join(part for part in (letter.first, letter.headline, way) if part)


def as_html(letter: Letter) -> str:
    """Set ``letter`` as HTML: one column, styles inline, nothing fetched from anywhere."""
    return page("alert.html.j2", letter=letter)


def _wrapped(text: str, hanging: str = "") -> str:
    return textwrap.fill(
        text, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


def _rows(rows: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(_wrapped(f"{name}: {value}", "  ") for name, value in rows)


def _way(way: Way) -> str:
    """Set the way on its own lines. An address is never wrapped: half of it would open nothing."""
    lines = f"{way.button.words}:\n{way.button.address}" if way.button else f"{way.title}\n    {way.command}"
    return f"{lines}\n{_wrapped(way.note)}"
