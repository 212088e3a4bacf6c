"""The words and phrases by which schools in the United Kingdom name what is in their calendars.

English and Welsh. What they mean together is decided in :mod:`sla.term_dates.words`.
"""

from __future__ import annotations

import re

from sla.term_dates.values import Kind

CATEGORIES = {
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


COVER = _any("", "cover days?")
INSET = _any(
    "inset in-?service hms",
    "in service",
    "pupil[- ]free",
    "non[- ](?:pupil|contact|teaching) days?",
    "(?:staff|teachers?'?) (?:training|development|inset|days?|planning)",
    "professional (?:development|learning)",
    "closed (?:to|for) (?:all )?(?:pupils|students|children)",
    "hyfforddiant mewn swydd",
    "hyfforddi(?:ant)? (?:i )?(?:staff|athrawon)",
    "ar gau i(?:'r)? (?:ddisgyblion|disgyblion|blant)",
)
TRAINING = _any(
    "",
    "(?:training|development|planning|cpd|baker) days?",
    "diwrnod(?:au)? (?:o )?hyfforddi(?:ant)?",
)
NOT_INSET = _any("clubs? camps? childcare wraparound bookings? courses? trips? tours? visits? deadlines?")
SCHOOL_CLOSED = _any(
    "",
    "(?:schools?|academy|college|site) (?:is |are |will be |remains )?closed",
    "(?:school|academy|college) closures?",
    "closed to all",
    "no school(?! (?:holiday|closure|break)s?)",
    "ysgol(?:ion)? (?:ar gau|wedi cau|wedi'i chau)",
)
SCHOOL_OPEN = _any(
    "",
    "(?:school|academy|college) (?:is |remains |stays |will be )?open(?! (?:again|after|from|on))",
    "open as (?:usual|normal)",
)
CALLED_OFF = re.compile(
    r"^\W*(?:cancell?ed|postponed|called off)\b"
    r"|(?:[-:]|\b(?:inset|days?|strikes?|closures?|closed|holidays?)(?: is| are| has been| now)?) "
    r"(?:cancell?ed|postponed|called off)$"
)
DENIED = _any("", "no (?:school |bank |public )?(?:holidays?|closures?|half[- ]terms?|breaks?|inset)")
OPEN = _any(
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
OTHER_BUSINESS = _any(
    "clubs? camps? childcare wraparound schemes? activity activities bookings? booking forms? food fun "
    "courses? workshops? revision boosters? homework work projects? tasks? packs? challenges? quiz reading "
    "competitions? tournaments? match matches fixtures? sports? football swimming trips? visits? tours? "
    "expeditions? ski skiing cruise residential exchange part(?:y|ies) fairs? fayres? f[eê]tes? bazaar "
    "discos? concerts? shows? performances? plays? assembl(?:y|ies) services? mass carols? nativity choir "
    "rehearsals? dinners? lunch(?:es)? menus? jumpers? cards? decorations? crafts? hunt eggs? raffle appeal "
    "shop sales? stalls? celebrations? festival meetings? deadlines? photos? photographs? letters? "
    "newsletters? reports? fines? payments? exams? mocks? tests? assessments? timetables? lessons? "
    "tuition interviews? evenings? topics? themes? kit uniforms? religious talks? lectures? seminars? "
    "clwb clybiau gweithgareddau gweithdy taith ffair cyngerdd parti noson gwasanaeth",
    # HAF is a programme of holiday activities; "haf" is the summer.
    "(?<!gwyliau )(?<!tymor )(?<!'r )(?<!\\byr )haf",
    "open (?:day|morning)s?",
    "(?:before|after|until|during) (?:the )?(?:half|christmas|easter|summer|holidays?|break)",
)
ELSEWHERE = _any(
    "library pool roads? car gates? kitchen canteen office reception nursery playground applications? "
    "admissions? voting bookings?",
    r"(?:years?|yrs?|ks|key stage) ?\d+",
    "sixth form",
)
OTHER_PLACE_CLOSED = _any(
    "",
    "(?<!and )(?<!& )(?:library|pool|roads?|car park|gates?|kitchen|canteen|playground) "
    "(?:is |are |will be )?(?:closed|closes|closure|shut)",
)
_PART = r"(?:(?:years?|yrs?|y|ks|key stage) ?\d{1,2}|sixth form|nursery)\b"
PART_OF_SCHOOL = re.compile(f"^{_PART}")
CLOSED_TO_PART = re.compile(rf"\bclosed (?:to|for) {_PART}")
LESSONS = _any("", "(?:first|last|final) week", "term dates")
FIRST_OR_LAST = _any(
    "",
    "(?:first|last|final) (?:school )?(?:day|morning|afternoon)",
    "back to school",
    "br(?:eak|eaks|eaking|oke) up",
    "(?:diwrnod|dydd|bore|prynhawn) (?:cyntaf|olaf)",
)
SHORTENED = _any("", "early (?:closure|closing|close|finish)", "(?:finish(?:es)?|closes) early")
RETURN = _any(
    "",
    "^(?:all |the )?(?:pupils?|students?|children|school|staff) (?:returns?|back)",
    "returns? (?:to school )?(?:from|after|following)",
)
MARKER = _any(
    "starts? starting begins? ends? finish finishes returns? resumes? re-?opens? opens closes commences? "
    "dechrau gorffen diwedd dychwelyd ailagor",
    "(?:start|end|beginning) of",
    "yn cau",
)
HALF_TERM = _any("", "half[- ]?terms?", "mid[- ]?terms?", "hanner tymor")
BANK_HOLIDAY = _any(
    "",
    "(?:bank|public) holidays?",
    "good friday",
    "easter monday",
    "(?:may|boxing|christmas) day",
    "new year'?s day",
    "g[wŵ]yl y? ?banc",
)
HOLIDAY = _any(
    "holidays? vacations? gwyliau",
    "(?:autumn|october|christmas|xmas|winter|festive|new year|february|spring|easter|may|whit|whitsun|summer|"
    "school|term|holiday) (?:\\w+ )?breaks?",
    "(?:february|october|whit|whitsun|tattie) week",
    "may weekend",
)
BREAK = _any("breaks?")
FEASTS = {"christmas", "xmas", "easter", "whitsun", "festive", "nadolig", "pasg", "sulgwyn"}
BESIDE_FEASTS = {"new", "year", "and", "&", "period", "the", "y", "yr", "r"}
RECESS = set("recess school the mid term autumn winter spring summer october february".split())
CLOSURE = _any(
    "closed closures? strikes?",
    "occasional (?:days?|closures?)",
    "polling (?:day|station)",
    "snow days?",
    "industrial action",
    "ar gau",
    "^(?:school )?days? (?:off )?in lieu(?: of .*)?$",
)
TERM = _any("terms? tymor trimester semester", "(?:autumn|spring|summer) [12]")
TERM_WORDS = {
    *"autumn spring summer winter christmas easter michaelmas lent trinity hilary term terms tymor".split(),
    *"hydref gwanwyn haf yr y semester trimester half first second third one two three four five six".split(),
    *"school academic year time the of a b i ii iii part".split(),
}
BESIDE_TRAINING = TERM_WORDS | {
    *"training development planning cpd baker day days staff teacher teachers teaching trust".split(),
    *"whole joint professional safeguarding twilight disaggregated occasional pupil pupils student".split(),
    *"students children closed open only all no not non for to in on and & with september".split(),
    *"october november december january february march april may june july monday tuesday".split(),
    *"wednesday thursday friday diwrnod diwrnodau o hyfforddi hyfforddiant athrawon ysgol ar gau".split(),
    *"i ddisgyblion r".split(),
}
SCHOOL = _any("schools? academy college pupils? students? breaks? ysgol disgyblion")
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
UNIMPORTANT = re.compile(r"[^\w'&:.-]+")
PARTS = re.compile(r"[^\w&]+")
