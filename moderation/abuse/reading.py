"""A reading: one text with what the rules need to know about each place in it.

Who is meant, and who speaks: whether a word stands in a quotation or is reported, is denied, is part of
a harmless idiom, is said in affection, or is aimed at a person. All of it by rules of thumb: see the
limits in ``docs/scoring.md``.
"""

from __future__ import annotations

import re
from functools import cached_property

from moderation.abuse.normalise import Normalised, Vocabulary, clean, unmask
from moderation.triage import Target

_TOKEN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
_STOP = re.compile(r"[.!?\n]+(?=\s|$)|\n")
_STEP = r"[^\w.!?\n]{1,3}[\w']{1,24}"

_QUOTATION = re.compile(r'"[^"\n]{1,400}"|(?<!\w)\'(?:[^\'\n]|(?<=\w)\'(?=\w)){2,400}\'(?!\w)')
_ADDRESSED = re.compile(r"\b(?:you(?:'?re| are)?|u|ur|he'?s|she'?s)\W{1,3}(?:(?:a|an|such|so|the|little|total)\W{1,3}){0,3}$")

_REPORT = re.compile(
    r"\b(?P<verb>call(?:s|ed|ing)?|label(?:s|led|ling)|brand(?:s|ed|ing)|shout(?:s|ed|ing)?|scream(?:s|ed|ing)|"
    r"yell(?:s|ed|ing)|chant(?:s|ed|ing)|said|says|saying|told|telling|tells|named|teas(?:ed|ing)|mock(?:ed|ing)|"
    rf"taunt(?:ed|ing)|hear(?:d|ing)?|words? like|names? like|things? like)(?:{_STEP}){{0,7}}?[^\w.!?\n]{{0,4}}$"
)
_OWN_VOICE = re.compile(r"(?:\b(?:i|i'?m|i'?ll|i'?d|i'?ve|we|just|let'?s|gonna|to)\W+)(?:\w+\W+){0,1}$")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|get|gets|getting|got|is|are|keep|keeps)\W+(?:\w+\W+){0,1}$")
_WORD_ITSELF = re.compile(r"\b(?:word|words|term|slur|slurs|insult|phrase|name|language|hashtag)\W{1,4}$")
_DENIAL = re.compile(r"(?:\bnot|n't|\bnever|\bisnt|\baint|\bnobody is|\bno one is)(?P<rest>(?:[^\w.!?,;\n]{1,3}[\w']+){0,3})[^\w.!?,;\n]{1,3}$")
_SELF = re.compile(
    r"\b(?:i|i'?m|im|me|myself|we)\W{1,3}(?:(?:am|was|feel|felt|be|being|look|looked|must|like|being|sound|such|a|an|so|"
    r"right|total|complete|absolute|proper|bit|of|the|too|just|really|are|were|very|as|always)\W{1,3}){0,6}$"
)
_AFFECTION = re.compile(
    r"[❤♥🥰😘💕💙💚💛🧡💜🤍😍🤗🫶]|(?<!\w)x{1,4}(?!\w)|\b(?:love (?:you|ya|u|from|him|her|them)|luv ya|proud of|"
    r"happy birthday|bless (?:him|her|you|them)|only joking|just kidding|all in good fun)\b"
)
_PLAYFUL = re.compile(r"[😂🤣😅😜😉😆🤪]|\b(?:lol|lmao|haha\w*|hehe\w*|jk|banter)\b")
_HOSTILE = re.compile(r"\b(?:hate|fuck off|piss off|shut up|ugly|die|nobody likes|sick of|fed up|disgust\w*)\b")

_PERSON = (
    "woman|women|man|men|bloke|guy|guys|lad|lads|girl|girls|boy|boys|kid|kids|child|children|teacher|teachers|head|"
    "headteacher|principal|bitch|bitches|cow|cows|pig|pigs|people|person|parent|parents|mum|mums|mother|dad|dads|"
    "father|lot|staff|governor|governors|receptionist|caretaker|twat|twats|git|gits|prick|pricks|idiot|idiots|bastard|"
    "bastards|sod|cunt|cunts|slag|slags|divs?|muppets?|witch|troll|hag|loser|losers|moron|morons|fuck|fucker|fuckers|"
    "scum|scumbag|dog|rat|pillock|tosser|tossers|wanker|wankers|bellends?|knobheads?|dickheads?|creature|family|"
    "minger|mingers|brat|brats|freak|freaks|arse|ass|whore|whores|slut|sluts"
)
_WHO = (
    rf"(?:you|u|ya|he|she|they|who|(?:mr|mrs|ms|miss|dr)\.?\W[a-z]+|(?:this|that|the|your|ur|my|our|his|her|these|those)"
    rf"(?:\W{{1,3}}\w+){{0,2}}?\W{{1,3}}(?:{_PERSON})|@\w+|[a-z]+(?:'s)?\W(?=is|are|was|were))"
)
_PREDICATE = re.compile(
    rf"(?:\b{_WHO}(?:'?s|'?re|\W{{1,3}}(?:is|are|was|were|look|looks|looked|sound|sounds|smell|smells|seem|seems|must be|"
    rf"r|being|be))?|\b(?:youre|your|ur|hes|shes|theyre))(?:\W{{1,3}}(?:so|that|really|very|too|just|proper|well|dead|"
    rf"fucking|fuckin|fkn|bloody|all|such|absolutely|utterly|totally|actually|literally|pure|bare|an?|the|most|as|and|"
    rf"[a-z]+ing|little|fat|old|ugly|dumb|stupid|thick)){{0,4}}\W{{1,3}}$"
)
_THING = re.compile(
    r"\b(?:it|this|that|policy|school|app|website|site|system|rule|rules|idea|decision|uniform|homework|game|weather|"
    r"traffic|price|prices|food|lesson|lessons|place|thing|things|question|law|laws|post|comment|which)"
    r"(?:'?s|\W{1,3}(?:is|are|was|were|looks?|sounds?|seems?))(?:\W{1,3}\w+){0,2}?\W{1,3}$"
)
_NAMED_PERSON = re.compile(rf"\W{{1,3}}(?:[a-z]+\W{{1,3}}){{0,2}}?(?:{_PERSON})\b")
_NOUN_AIM = re.compile(
    r"(?:\b(?:you|u|ya|your|ur|youre|what an?|such an?|is an?|are|are all|is the|was an?|'s an?|'re|re|s an?|were|"
    r"absolute|utter|complete|total|proper|right|bunch of|load of|pack of|set of|these|those|that|this|them|fucking|"
    r"fuckin|fkn|stupid|dumb|dirty|ugly|little|fat|thick|sad|silly|old|being an?|be an?|like an?|the biggest|@\w+|"
    r"is|an?|off|you're|he's|she's|some)\W{1,3}(?:[a-z]+\W{1,3}){0,2})$"
)
_NOUN_TAIL = re.compile(r"\W{1,3}(?:like (?:you|u|him|her|them)|mr|mrs|ms|miss|the lot of|teacher|teachers|head|heads)\b")

_MENTION = re.compile(
    r"\b(?:(?P<own>(?:my|our|me)\W{1,3}(?:\w+\W{1,3}){0,2}?(?:son|daughter|child|kid|kids|children|lad|girl|boy|little one|"
    r"grandson|granddaughter|nephew|niece|brother|sister|eldest|youngest|sons|daughters|two|twins|friend|best friend|mate)s?)|"
    r"(?P<child>sons?|daughters?|child|childs|children|kids?|pupils?|students?|girls?|boys?|lads?|lasses|lass|classmates?|"
    r"schoolgirls?|schoolboys?|year \d{1,2}s?|yr ?\d{1,2}s?|y\d{1,2}s?|\d{1,2}[a-f]|sixth form\w*|send? (?:unit|kids|pupils)|"
    r"toddlers?|teenagers?|minors?|(?:my|her|his|your|their) (?:class|form|year))|"
    r"(?P<head>head ?teachers?|headmaster|headmistress|principal|(?:the|our|your) head(?! of| boy| girl| lice| start|ing|s up|\w))|"
    r"(?P<staff>(?:mr|mrs|ms|dr)\.?\W[a-z]+|miss (?!you|the|out|it|him|her|them|a\b|an\b|my|this|that|your|u\b|being|seeing|"
    r"school|all|and|again|is|our|me)[a-z]+|sir|teachers?|tutors?|teaching assistants?|receptionist|caretaker|"
    r"(?:dinner|lollipop) lad(?:y|ies)|governors?|deputy|head of \w+|staff|slt|leadership|office|cleaners?)|"
    r"(?P<adult>parents?|mums?|dads?|neighbours?|councillors?|drivers?|women|woman|men|man|grandparents?))\b"
)
_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|he's|she's|hes|shes)\b")
_ADULT_VOICE = re.compile(r"\b(?:my (?:son|daughter|child|kids|children|lad|wife|husband|class)|parents?|at the gates?|school run)\b")
_VICTIM_IS_WRITER = re.compile(r"\b(?:me|my)\b")


class Reading:
    """One text, cleaned and unmasked, with the questions the rules ask about places in it.

    Places are given as characters of :attr:`text`; :meth:`original_span` leads back to the original.
    """

    def __init__(self, original: str, vocabulary: Vocabulary, author_name: str = "") -> None:
        self.original = original
        self.author_name = author_name
        self.cleaned = clean(original)
        self._words: Normalised = unmask(self.cleaned, vocabulary)
        self.text = self._words.text
        self.tokens = [(match[0], *match.span()) for match in _TOKEN.finditer(self.text)]
        self.idioms: list[tuple[int, int]] = []

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original behind ``text[start:end]``."""
        return self._words.span(start, end)

    def is_idiom(self, start: int, end: int) -> bool:
        """Say whether a harmless set phrase covers any of the place: ``I'd kill for a coffee``."""
        return any(first < end and start < last for first, last in self.idioms)

    def is_quoted(self, start: int, end: int) -> bool:
        """Say whether the place is quoted from somebody else: in quote marks, with words around them."""
        for first, last in self._quotations:
            if first <= start and end <= last:
                outside = len(_TOKEN.findall(self.text[:first])) + len(_TOKEN.findall(self.text[last:]))
                return outside >= 3 and not _ADDRESSED.search(self._before(first))
        return False

    def is_reported(self, start: int) -> bool:
        """Say whether what starts here is told of somebody else's words: ``kids keep calling her thick``."""
        before = self._before(start)
        if (report := _REPORT.search(before)) is None:
            return False
        ahead = before[: report.start()]
        return bool(_PASSIVE.search(ahead)) or report["verb"].startswith("hear") or not _OWN_VOICE.search(ahead)

    def is_word_itself(self, start: int) -> bool:
        """Say whether the word is spoken about, not used: ``the word 'minger'``."""
        return bool(_WORD_ITSELF.search(self.text[max(0, start - 24) : start]))

    def is_denied(self, start: int) -> bool:
        """Say whether the place is denied: ``he is not stupid``."""
        found = _DENIAL.search(self._before(start))
        return bool(found) and "only" not in found["rest"] and "but" not in found["rest"].split()

    def is_about_the_writer(self, start: int) -> bool:
        """Say whether the writer means themselves: ``I felt a right muppet``."""
        return bool(_SELF.search(self._before(start)))

    def names_person_with(self, start: int, end: int) -> bool:
        """Say whether an adjective is said of a person: ``she is so thick``, ``stupid woman``."""
        if _NAMED_PERSON.match(self.text, end):
            return True
        before = self._before(start)
        return bool(_PREDICATE.search(before)) and not _THING.search(before)

    def is_aimed(self, start: int, end: int) -> bool:
        """Say whether an insulting noun is thrown at somebody: ``you muppet``, ``what a muppet``, ``Muppet.``"""
        if len(self.tokens) <= 4:
            return True
        before = self._before(start)
        return not before.strip() or bool(_NOUN_AIM.search(before)) or bool(_NOUN_TAIL.match(self.text, end))

    def target_at(self, start: int, end: int) -> Target:
        """Return who is meant at a place: the nearest person of the sentence, or whom a pronoun points back to."""
        first, last = self._sentence(start)
        near = [m for m in self._mentions if first <= m[0] < max(last, end)]
        for wanted in (False, True):  # the writer's own child is the target only when nobody else is there
            candidates = [m for m in near if m[3] is wanted]
            if candidates:
                return min(candidates, key=lambda m: _distance(m, start, end))[2]
        if _PRONOUN.search(self.text, max(first, start - 30), end):
            earlier = [m for m in self._mentions if m[1] <= start]
            if earlier:
                return earlier[-1][2]
        return Target.UNKNOWN

    def mentions(self, *targets: Target) -> bool:
        """Say whether the text names any of these people."""
        return any(mention[2] in targets for mention in self._mentions)

    @cached_property
    def is_affectionate(self) -> bool:
        """Whether the text is warm all through, so that a rough word in it is probably friendly."""
        return bool(_AFFECTION.search(self.text)) and not _HOSTILE.search(self.text)

    @cached_property
    def is_playful(self) -> bool:
        """Whether the text laughs. Laughing also mocks, so this excuses only the mildest words."""
        return bool(_PLAYFUL.search(self.text)) and not _HOSTILE.search(self.text)

    @cached_property
    def sounds_adult(self) -> bool:
        """Whether the writer seems to be a parent or another adult."""
        return bool(_ADULT_VOICE.search(self.text))

    @cached_property
    def writer_is_victim(self) -> bool:
        """Whether the writer speaks of themselves at all."""
        return bool(_VICTIM_IS_WRITER.search(self.text))

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        return [match.span() for match in _QUOTATION.finditer(self.text)]

    @cached_property
    def _mentions(self) -> list[tuple[int, int, Target, bool]]:
        found = []
        for match in _MENTION.finditer(self.text):
            kind = str(match.lastgroup)
            target = Target.CHILD if kind == "own" else Target(kind)
            found.append((*match.span(), target, kind == "own"))
        return found

    def _sentence(self, at: int) -> tuple[int, int]:
        first = max(0, at - 240)
        for stop in _STOP.finditer(self.text, first, at):
            first = stop.end()
        after = _STOP.search(self.text, at, min(len(self.text), at + 240))
        return first, after.start() if after else min(len(self.text), at + 240)

    def _before(self, start: int) -> str:
        first = max(0, start - 80)
        for stop in _STOP.finditer(self.text, first, start):
            first = stop.end()
        return self.text[first:start]


def _distance(mention: tuple[int, int, Target, bool], start: int, end: int) -> int:
    """Return how far a mention is; what comes before counts as nearer than what comes after."""
    first, last = mention[0], mention[1]
    if first < end and start < last:
        return 0
    return start - last if last <= start else 2 * (first - end) + 10
