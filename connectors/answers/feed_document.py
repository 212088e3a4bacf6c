"""Makes a feed's bytes fit to be read: text that can be decoded, XML that is whole, entries that are sane.

feedparser reads nearly anything, and that is its danger here: what is no XML it reads with patterns, some
of which need minutes for a single entry made for that (an author of 200 KB of ``a.a.a.`` takes two and a
half). So it is given only what stood this test: whole XML, cut back to its last complete entry, without
entities of its own, not nested without end, and with short words wherever nobody writes long ones.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from connectors.base import BadResponse

DEEPEST = 100
"""Elements within each other; pages in feeds have a dozen."""

LONGEST_NAME = 2_000
"""Characters of an element that is no text of somebody: names, addresses, dates, ids."""

_TEXTS = frozenset({"description", "encoded", "content", "summary", "body", "title", "subtitle", "fullitem"})
_ENTRIES = frozenset({"item", "entry"})
_SPEAKS_OF_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_REFERENCE = re.compile(r"&(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{0,31});|&")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KNOWN_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CHARSETS = ("utf-8", "ascii", "iso8859", "cp125", "koi8", "mac", "gb", "big5", "euc", "shift_jis")
"""The encodings that are taken at their word. Python knows others, some of which need quadratic time."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Document:
    """A feed that can be read. ``cut`` says that its end was missing, ``left_out`` how many entries were."""

    content: bytes
    cut: bool
    left_out: int


def document(body: bytes, charset: str | None) -> Document:
    """Return what of a feed can be read safely. ``charset`` is what HTTP said of it.

    Raises :class:`BadResponse` for what is no XML at all, or was made to do harm.
    """
    text = _mended(_decoded(body, charset))
    walk = _Walk(text.encode())
    walk.run()
    if walk.harmful:
        raise BadResponse(
            "The feed holds what no forum writes (entities of its own, or elements without end). It was not "
            "read; see whether the address is right."
        )
    if walk.cut and not walk.whole:
        raise _no_feed()
    return Document(walk.readable(), walk.cut, len(walk.unfit))


def _no_feed() -> BadResponse:
    return BadResponse(
        "The address answered with something else than a feed: a page, a sign-in, or an answer that was cut "
        "off. Open it in a browser; if it is a feed there, the next poll reads it again."
    )


def _decoded(body: bytes, charset: str | None) -> str:
    """Return the text in the encoding that it names; what is not written in it is read as Western text."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    said = _SPEAKS_OF_ENCODING.match(body[:400])
    for told in (said[1].decode("ascii") if said else "", charset or "", "utf-8"):
        try:
            if codecs.lookup(told).name.startswith(_CHARSETS):
                return body.decode(told)
        except (LookupError, ValueError):
            continue
    return body.decode("cp1252", errors="replace")


def _mended(text: str) -> str:
    """Return the text without what forums write into feeds although XML forbids it."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    return _UNFIT.sub("\ufffd", _REFERENCE.sub(_reference, text))


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"  # A bare ampersand
    if name in _XML_NAMES:
        return found[0]
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        fits = number < 0x110000 and not _UNFIT.match(chr(number))
        return found[0] if fits else "\ufffd"
    return html.entities.html5.get(f"{name};", f"&amp;{name};")


@dataclass(slots=True)
class _Open:
    """An element that has begun. ``long`` says that people's words may stand in it."""

    name: str
    long: bool
    length: int = 0


@dataclass(slots=True)
class _Walk:
    """One walk over the XML, which notes where entries begin and end and what is wrong with them."""

    content: bytes
    open: list[_Open] = field(default_factory=list)
    began: int | None = None
    entry_depth: int = 0
    spoilt: bool = False
    harmful: bool = False
    cut: bool = False
    whole: int = 0
    """Where the last complete entry ends; 0 before the first one."""
    around: tuple[str, ...] = ()
    unfit: list[tuple[int, int]] = field(default_factory=list)
    root_at: int | None = None
    """Where further namespaces can be declared: behind the name of the outermost element."""
    used: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=lambda: {"xml", "xmlns"})
    parser: expat.XMLParserType = field(init=False)

    def run(self) -> None:
        """Walk to the end, or to where the XML breaks off."""
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.EntityDeclHandler = self._declares
        try:
            self.parser.Parse(self.content, True)
        except expat.ExpatError:
            self.cut = True

    def readable(self) -> bytes:
        """Return the XML without entries that are unfit, closed after the last complete one if it was cut."""
        root = self.root_at or 0
        parts = [self.content[:root], self._missing_namespaces()]
        end = root
        for start, stop in self.unfit:
            parts.append(self.content[end:start])
            end = stop
        if not self.cut:
            return b"".join((*parts, self.content[end:]))
        closing = "".join(f"</{name}>" for name in reversed(self.around))
        return b"".join((*parts, self.content[end : self.whole], closing.encode()))

    def _missing_namespaces(self) -> bytes:
        """Declare the prefixes that the feed forgot; without that the whole of it would be no XML."""
        missing = sorted(self.used - self.declared)
        names = {prefix: _KNOWN_PREFIXES.get(prefix, f"urn:undeclared:{prefix}") for prefix in missing}
        return "".join(f' xmlns:{prefix}="{name}"' for prefix, name in names.items()).encode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if self.root_at is None:
            self.root_at = self.parser.CurrentByteIndex + 1 + len(name.encode())
        for each in (name, *attributes):
            prefix, _, rest = each.rpartition(":")
            if prefix:
                (self.declared if prefix == "xmlns" else self.used).add(rest if prefix == "xmlns" else prefix)
        if self.began is None and local in _ENTRIES:
            self.began, self.entry_depth, self.spoilt = self.parser.CurrentByteIndex, len(self.open), False
        long = local in _TEXTS or (bool(self.open) and self.open[-1].long)
        self.open.append(_Open(name, long))
        too_long = any(len(value) > LONGEST_NAME for value in attributes.values())
        if len(self.open) > DEEPEST or too_long:
            self._spoil()

    def _words(self, text: str) -> None:
        if not self.open:
            return
        inner = self.open[-1]
        inner.length += len(text)
        if not inner.long and inner.length > LONGEST_NAME and text.strip():
            self._spoil()

    def _spoil(self) -> None:
        self.spoilt = True
        if self.began is None or len(self.open) > 10 * DEEPEST:
            self._stop()

    def _end(self, name: str) -> None:
        self.open.pop()
        if self.began is None or len(self.open) != self.entry_depth:
            return
        stop = self.content.find(b">", self.parser.CurrentByteIndex) + 1
        if self.spoilt:
            self.unfit.append((self.began, stop))
        self.whole, self.began = stop, None
        self.around = tuple(each.name for each in self.open)

    def _declares(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self.harmful = True
        self.parser.StartElementHandler = self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = self.parser.EntityDeclHandler = None


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
