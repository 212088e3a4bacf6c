"""The cues of a reading: the expressions that tell who speaks, who is meant and how it is said.

They are read at the end of what stands before a place (``$``) or at the start of what follows it.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
STOP = re.compile(r"[.!?\n]+(?=\s|$)|\n")
STEP = r"[^\w.!?\n]{1,3}[\w']{1,24}"

QUOTATION = re.compile(r'"[^"\n]{1,400}"|(?<!\w)\'(?:[^\'\n]|(?<=\w)\'(?=\w)){2,400}\'(?!\w)')
ADDRESSED = re.compile(
    r"\b(?:you(?:'?re| are)?|u|ur|he'?s|she'?s)\W{1,3}(?:(?:a|an|such|so|the|little|total)\W{1,3}){0,3}$"
)

REPORT = re.compile(
    r"\b(?P<verb>call(?:s|ed|ing)?|label(?:s|led|ling)|brand(?:s|ed|ing)|shout(?:s|ed|ing)?|scream(?:s|ed|"
    r"ing)|yell(?:s|ed|ing)|chant(?:s|ed|ing)|said|says|saying|told|telling|tells|named|teas(?:ed|ing)|"
    r"mock(?:ed|ing)|"
    rf"taunt(?:ed|ing)|hear(?:d|ing)?|words? like|names? like|"
    rf"things? like)(?:{STEP}){{0,7}}?[^\w.!?\n]{{0,4}}$"
)
LISTED = re.compile(
    r"\b(?:got|gets|getting|wrote|written|posted|commented|reads?|says|texted|chanted|sang|heard|comments?|names?|"
    r"insults?|remarks?|words?|slurs?)\b(?:[^\w.!?\n]{1,3}[\w']+){0,3} ?:[^.!?\n]{0,60}$"
)
OWN_VOICE = re.compile(r"(?:\b(?:i|i'?m|i'?ll|i'?d|i'?ve|we|just|let'?s|gonna|to)\W+)(?:\w+\W+){0,1}$")
PASSIVE = re.compile(r"\b(?:was|were|been|being|get|gets|getting|got|is|are|keep|keeps)\W+(?:\w+\W+){0,1}$")
WORD_ITSELF = re.compile(r"\b(?:word|words|term|slur|slurs|insult|phrase|name|language|hashtag)\W{1,4}$")
DENIAL = re.compile(
    r"(?:\bnot|n't|\bnever|\bisnt|\baint|\bnobody is|"
    r"\bno one is)(?P<rest>(?:[^\w.!?,;\n]{1,3}[\w']+){0,3})[^\w.!?,;\n]{1,3}$"
)
SELF = re.compile(
    r"\b(?:i|i'?m|im|me|myself|we)\W{1,3}(?:(?:am|was|feel|felt|be|being|look|looked|must|like|being|sound|"
    r"such|a|an|so|right|total|complete|absolute|proper|bit|of|the|too|just|really|are|were|very|as|"
    r"always)\W{1,3}){0,6}$"
)
AFFECTION = re.compile(
    r"[❤♥🥰😘💕💙💚💛🧡💜🤍😍🤗🫶]|(?<!\w)x{1,4}(?!\w)|"
    r"\b(?:love (?:you|ya|u|from|him|her|them)|luv ya|proud of|"
    r"happy birthday|bless (?:him|her|you|them)|only joking|just kidding|all in good fun)\b"
)
PLAYFUL = re.compile(r"[😂🤣😅😜😉😆🤪]|\b(?:lol|lmao|haha\w*|hehe\w*|jk|banter)\b")
HOSTILE = re.compile(
    r"\b(?:hate|fuck off|piss off|shut up|ugly|die|nobody likes|sick of|fed up|disgust\w*)\b"
)

PERSON = (
    "woman|women|man|men|bloke|guy|guys|lad|lads|girl|girls|boy|boys|kid|kids|child|children|teacher|"
    "teachers|head|"
    "headteacher|principal|bitch|bitches|cow|cows|pig|pigs|people|person|parent|parents|mum|mums|mother|"
    "dad|dads|"
    "father|lot|staff|governor|governors|receptionist|caretaker|twat|twats|git|gits|prick|pricks|idiot|"
    "idiots|bastard|"
    "bastards|sod|cunt|cunts|slag|slags|divs?|muppets?|witch|troll|hag|loser|losers|moron|morons|fuck|"
    "fucker|fuckers|"
    "scum|scumbag|dog|rat|pillock|tosser|tossers|wanker|wankers|bellends?|knobheads?|dickheads?|creature|"
    "family|"
    "minger|mingers|brat|brats|freak|freaks|arse|ass|whore|whores|slut|sluts"
)
WHO = (
    rf"(?:you|u|ya|he|she|they|who|(?:mr|mrs|ms|miss|dr)\.?\W[a-z]+|(?:this|that|the|your|ur|my|our|his|her|"
    rf"these|those)(?:\W{{1,3}}\w+){{0,2}}?\W{{1,3}}(?:{PERSON})|@\w+|[a-z]+(?:'s)?\W(?=is|are|was|were))"
)
PREDICATE = re.compile(
    rf"(?:\b{WHO}(?:'?s|'?re|\W{{1,3}}(?:is|are|was|were|look|looks|looked|sound|sounds|smell|smells|seem|"
    rf"seems|must be|r|being|be))?|\b(?:youre|your|ur|hes|shes|theyre))(?:\W{{1,3}}(?:so|that|really|very|"
    rf"too|just|proper|well|dead|fucking|fuckin|fkn|bloody|all|such|absolutely|utterly|totally|actually|"
    rf"literally|pure|bare|an?|the|most|as|and|[a-z]+ing|little|fat|old|ugly|dumb|stupid|"
    rf"thick)){{0,4}}\W{{1,3}}$"
)
THING = re.compile(
    r"\b(?:it|this|that|policy|school|app|website|site|system|rule|rules|idea|decision|uniform|homework|"
    r"game|weather|traffic|price|prices|food|lesson|lessons|place|thing|things|question|law|laws|post|"
    r"comment|which)(?:'?s|\W{1,3}(?:is|are|was|were|looks?|sounds?|seems?))(?:\W{1,3}\w+){0,2}?\W{1,3}$"
)
NAMED_PERSON = re.compile(rf"\W{{1,3}}(?:[a-z]+\W{{1,3}}){{0,2}}?(?:{PERSON})\b")
NOUN_AIM = re.compile(
    r"(?:\b(?:you|u|ya|your|ur|youre|what an?|such an?|is an?|are|are all|is the|was an?|'s an?|'re|re|"
    r"s an?|were|absolute|utter|complete|total|proper|right|bunch of|load of|pack of|set of|these|those|"
    r"that|this|them|fucking|fuckin|fkn|stupid|dumb|dirty|ugly|little|fat|thick|sad|silly|old|being an?|"
    r"be an?|like an?|the biggest|@\w+|is|an?|off|you're|he's|she's|some|any|"
    r"another)\W{1,3}(?:[a-z]+\W{1,3}){0,2})$"
)
NOUN_TAIL = re.compile(
    r"\W{1,3}(?:like (?:you|u|him|her|them)|mr|mrs|ms|miss|the lot of|teacher|teachers|head|heads)\b"
)

MENTION = re.compile(
    r"\b(?:(?P<own>(?:my|our|me)\W{1,3}(?:\w+\W{1,3}){0,2}?(?:son|daughter|child|kid|kids|children|lad|girl|"
    r"boy|little one|grandson|granddaughter|nephew|niece|brother|sister|eldest|youngest|sons|daughters|two|"
    r"twins|friend|best friend|mate)s?)|(?P<child>sons?|daughters?|child|childs|children|kids?|pupils?|"
    r"students?|girls?|boys?|lads?|lasses|lass|classmates?|schoolgirls?|schoolboys?|year \d{1,2}s?|"
    r"yr ?\d{1,2}s?|y\d{1,2}s?|\d{1,2}[a-f]|sixth form\w*|send? (?:unit|kids|pupils)|toddlers?|teenagers?|"
    r"minors?|(?:my|her|his|your|their) (?:class|form|year))|(?P<head>head ?teachers?|headmaster|"
    r"headmistress|principal|(?:the|our|your) head(?! of| boy| girl| lice| start|ing|s up|\w))|"
    r"(?P<staff>(?:mr|mrs|ms|dr)\.?\W[a-z]+|miss (?!you|the|out|it|him|her|them|a\b|an\b|my|this|that|your|"
    r"u\b|being|seeing|school|all|and|again|is|our|me)[a-z]+|sir|teachers?|tutors?|teaching assistants?|"
    r"receptionist|caretaker|(?:dinner|lollipop) lad(?:y|ies)|governors?|deputy|head of \w+|staff|slt|"
    r"leadership|office|cleaners?)|(?P<adult>parents?|mums?|dads?|neighbours?|councillors?|drivers?|women|"
    r"woman|men|man|grandparents?))\b"
)
PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|he's|she's|hes|shes)\b")
ADULT_VOICE = re.compile(
    r"\b(?:my (?:son|daughter|child|kids|children|lad|wife|husband|class)|parents?|at the gates?|"
    r"school run)\b"
)
VICTIM_IS_WRITER = re.compile(r"\b(?:me|my)\b")
TO_STAFF = re.compile(
    r"\W*(?:(?:hi|hey|hello|hiya|yo|oi|pls|please|dear|morning|evening)\W{1,3})?"
    r"(?:(?:sir|miss|coach)(?!\W{1,3}(?:u|you|ya|your|ur|him|her|them)\b)|(?:mr|mrs|ms)\W{1,3}[a-z]+)\b"
)
