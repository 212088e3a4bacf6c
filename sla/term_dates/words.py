"""What the words of a calendar event mean, as schools in the United Kingdom write them.

A category that we know decides. Otherwise the words of the summary do, in the order of :func:`meaning`. Words
that speak of something else ("holiday club") close nothing: a closure too few is seen in the findings, a
closure too many keeps a parent waiting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sla.term_dates.values import SHORTEST_TERM, Kind, Why

LONGEST_HALF_TERM = 23
"""Days; a longer "half term" is half a term of lessons, not the week between."""

LONGEST_BANK_HOLIDAY = 4
"""Days, from Good Friday to Easter Monday; a longer "bank holiday" is a holiday."""

BARE_HOLIDAY = range(3, 31)
"""Days for which "Easter" alone means the holiday, and neither the day nor the term."""

_CATEGORIES = {
    "term": Kind.TERM,
    "terms": Kind.TERM,
    "holiday": Kind.HOLIDAY,
    "holidays": Kind.HOLIDAY,
    "school holiday": Kind.HOLIDAY,
    "school holidays": Kind.HOLIDAY,
    "half term": Kind.HALF_TERM,
    "inset": Kind.INSET,
    "inset day": Kind.INSET,
    "inset days": Kind.INSET,
    "bank holiday": Kind.BANK_HOLIDAY,
    "bank holidays": Kind.BANK_HOLIDAY,
    "public holiday": Kind.BANK_HOLIDAY,
    "closure": Kind.CLOSURE,
    "closed": Kind.CLOSURE,
    "school closed": Kind.CLOSURE,
    "cover": Kind.COVER,
    "cover day": Kind.COVER,
}


def _any(words: str, *phrases: str) -> re.Pattern[str]:
    """Return the pattern of any of these words, parted by blanks, and of these phrases."""
    return re.compile(rf"\b(?:{'|'.join((*words.split(), *phrases))})\b")


_COVER = _any("", "cover days?")
_INSET = _any(
    "inset in-?service hms",
    "in service",
    "pupil[- ]free",
    "non[- ](?:pupil|contact|teaching) days?",
    "(?:staff|teachers?'?) (?:training|development|inset|days?|planning)",
    "(?:training|development|planning|cpd|baker) days?",
    "professional (?:development|learning)",
    "closed (?:to|for) (?:all )?(?:pupils|students|children)",
    "hyfforddiant mewn swydd",
)
_NOT_INSET = _any("clubs? camps? childcare wraparound bookings? courses? trips? tours? visits? deadlines?")
_SCHOOL_CLOSED = _any(
    "",
    "(?:schools?|academy|college|site) (?:is |are |will be |remains )?closed",
    "(?:school|academy|college) closures?",
    "closed to all",
    "no school",
    "ysgol ar gau",
)
_OPEN = _any(
    "noon midday lunchtime",
    "lunch time",
    "not (?:a )?(?:closed|closure|holiday)",
    "(?:school|academy|college) (?:is |remains |stays |will be )?open",
    "open as (?:usual|normal)",
    "half[- ]days?",
    "early (?:closure|closing|close|finish)",
    r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)",
    r"\d{1,2}[:.]\d\d",
)
_OTHER_BUSINESS = _any(
    "clubs? camps? childcare wraparound schemes? activity activities haf bookings? booking forms? food fun "
    "courses? workshops? revision boosters? homework work projects? tasks? packs? challenges? quiz reading "
    "competitions? tournaments? match matches fixtures? sports? football swimming trips? visits? tours? "
    "expeditions? ski skiing cruise residential exchange part(?:y|ies) fairs? fayres? f[eê]tes? bazaar "
    "discos? concerts? shows? performances? plays? assembl(?:y|ies) services? mass carols? nativity choir "
    "rehearsals? dinners? lunch(?:es)? menus? jumpers? cards? decorations? crafts? hunt eggs? raffle appeal "
    "shop sales? stalls? celebrations? festival meetings? deadlines? photos? photographs? letters? "
    "newsletters? reports? fines? payments? exams? mocks? tests? assessments? timetables? lessons? "
    "tuition interviews? evenings? topics? themes? kit uniforms? religious",
    "open (?:day|morning)s?",
    "(?:before|after|until|during) (?:the )?(?:half|christmas|easter|summer|holidays?|break)",
)
_ELSEWHERE = _any(
    "library pool roads? car gates? kitchen canteen office reception nursery playground applications? "
    "admissions? voting bookings?",
    r"(?:years?|yrs?|ks|key stage) ?\d+",
    "sixth form",
)
_LESSONS = _any("", "(?:first|last|final) week", "term dates")
_FIRST_OR_LAST = _any(
    "",
    "(?:first|last|final) (?:school )?(?:day|morning|afternoon)",
    "back to school",
    "br(?:eak|eaks|eaking|oke) up",
)
_MARKER = _any(
    "starts? starting begins? ends? finish finishes returns? resumes? re-?opens? opens closes commences?",
    "(?:start|end|beginning) of",
)
_HALF_TERM = _any("", "half[- ]?terms?", "mid[- ]?terms?", "hanner tymor")
_BANK_HOLIDAY = _any(
    "",
    "(?:bank|public) holidays?",
    "good friday",
    "easter monday",
    "(?:may|boxing|christmas) day",
    "new year'?s day",
    "g[wŵ]yl y? ?banc",
)
_HOLIDAY = _any(
    "holidays? vacations? gwyliau",
    "(?:autumn|october|christmas|xmas|winter|festive|new year|february|spring|easter|may|whit|whitsun|summer|"
    "school|term|holiday) (?:\\w+ )?breaks?",
    "(?:february|october|whit|whitsun|tattie) week",
    "may weekend",
)
_BREAK = _any("breaks?")
_FEASTS = {"christmas", "xmas", "easter", "whitsun", "festive"}
_BESIDE_FEASTS = {"new", "year", "and", "&", "period", "the"}
_CLOSURE = _any(
    "closed closures? strikes?",
    "occasional (?:days?|closures?)",
    "polling (?:day|station)",
    "snow days?",
    "industrial action",
    "ar gau",
)
_TERM = _any("terms? tymor trimester semester", "(?:autumn|spring|summer) [12]")
_TERM_WORDS = {
    *"autumn spring summer winter christmas easter michaelmas lent trinity hilary term terms tymor".split(),
    *"hydref gwanwyn haf yr y semester trimester half first second third one two three four five six".split(),
    *"school academic year time the of a b i ii iii part".split(),
}
_SCHOOL = _any("schools? academy college pupils? students? breaks?")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_UNIMPORTANT = re.compile(r"[^\w'&:.-]+")
_PARTS = re.compile(r"[^\w&]+")


def meaning(label: str, categories: Iterable[str], days: int) -> Kind | Why:
    """Return what an event of ``days`` days means by its categories and its label.

    A kind of entry, or why it is none: it marks a first or last day, or speaks of something else.
    """
    for category in categories:
        if kind := _CATEGORIES.get(" ".join(_PARTS.split(category.lower().replace("_", " "))).strip()):
            return kind
    words = _plain(label)
    if _COVER.search(words):
        return Kind.COVER
    if _INSET.search(words):
        return Why.OTHER if _NOT_INSET.search(words) else Kind.INSET
    if _OTHER_BUSINESS.search(words) and not _SCHOOL_CLOSED.search(words):
        return Why.OTHER
    if _LESSONS.search(words) or (days == 1 and _is_marker(words)):
        return Why.MARKER
    return _closing(words, days) or _term(label, days)


def _is_marker(words: str) -> bool:
    """Return whether words about one day say that something begins, ends or lasts a part of it."""
    if _SCHOOL_CLOSED.search(words):
        return bool(_OPEN.search(words))
    if _FIRST_OR_LAST.search(words):
        return True
    speaks_of_school = any(each.search(words) for each in (_HALF_TERM, _HOLIDAY, _TERM, _CLOSURE, _SCHOOL))
    says_when = _MARKER.search(words) and not _BANK_HOLIDAY.search(words)
    return bool(speaks_of_school and (says_when or _OPEN.search(words)))


def _closing(words: str, days: int) -> Kind | None:
    """Return the kind of closure that the words name, if any."""
    if _BANK_HOLIDAY.search(words) and days <= LONGEST_BANK_HOLIDAY:
        return Kind.BANK_HOLIDAY
    if _HALF_TERM.search(words):
        return Kind.HALF_TERM if days <= LONGEST_HALF_TERM else None
    if _HOLIDAY.search(words) or (days in BARE_HOLIDAY and _is_bare_holiday(words)):
        return Kind.HOLIDAY
    if _SCHOOL_CLOSED.search(words) or (_CLOSURE.search(words) and not _ELSEWHERE.search(words)):
        return Kind.CLOSURE
    return None


def _is_bare_holiday(words: str) -> bool:
    """Return whether the words are "Easter", "Christmas and New Year", or any break of several days."""
    named = {word for word in _PARTS.split(words) if word and not word.isdigit()}
    return bool(_BREAK.search(words)) or bool(named & _FEASTS and named <= _FEASTS | _BESIDE_FEASTS)


def _term(label: str, days: int) -> Kind | Why:
    """Return whether the label is a term's name and no more: "Autumn term 2026 (Year 7 from Tuesday)"."""
    words = _plain(_IN_BRACKETS.sub(" ", label))
    named = {word for word in _PARTS.split(words) if word and not word.isdigit()}
    if not (_TERM.search(words) and named <= _TERM_WORDS):
        return Why.OTHER
    return Kind.TERM if days >= SHORTEST_TERM else Why.MARKER


def _plain(label: str) -> str:
    return _UNIMPORTANT.sub(" ", label.lower().replace("’", "'").replace("–", "-")).strip()
