"""Personal data made public or fished for, wishes about images, and requests by right."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact

ICO = "Information Commissioner, right of access and right to erasure"

_PHONE = (
    r"(?<![\w+])(?:\+ ?44 ?(?:\(0\) ?)?|0044 ?|\(?0)(?:7\d{3}|[123]\d{2,4}|800|808|"
    r"845)\)?[ .-]?\d{3}[ .-]?\d{3,4}(?!\d)|(?<!\d)07(?:[ .-]?\d){9}(?!\d)"
)
_POSTCODE = r"(?<!\w)(?:[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})(?!\w)"
_STREET = (
    r"(?<!\w)(?:no\.? ?|number |flat \d{1,3}[ ,]+)?\d{1,4}[a-d]?[ ,]+(?:[a-z]{3,}[ -]){1,3}(?:road|rd|"
    r"street|avenue|ave|close|drive|lane|crescent|terrace|gardens|grove|court|way|place|mews|walk|"
    r"hill|rise|view|fold|row|square|croft|vale|green|parade|wynd|brae|yard|bank|drove|street|rd|st)(?!\w)"
)
_PLATE = r"(?<!\w)(?:[a-hj-pr-y][a-hj-y]\d{2} ?[a-hj-pr-z]{3}|[a-hj-pr-y]\d{1,3} ?[a-hj-pr-y]{3})(?!\w)"
_EMAIL = r"(?<![\w.])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?!\w)"
_THEIRS = (
    r"(?<!\w)(?:(?:his|her|their|(?:mr|mrs|miss|ms|dr)\W{1,2}\w+'?s|sir'?s|"
    r"(?:head|teacher|imam|caretaker|librarian)'?s|"
    r"(?!(?:it|here|what|that|there|let|who|how|where|today|tonight|tomorrow|school|office)'s)\w+'s) "
    r"(?:\w+ )?(?:number|mobile|phone|digits|snap|insta|cell|personal email)|"
    r"(?:ring|call|text|message|prank|spam|bombard|whatsapp|facetime|harass) "
    r"(?:him|her|them|the bitch|the prick)|give (?:him|her|them) (?:a ring|a call|hell|grief)|"
    r"anyone want (?:his|her)|here'?s (?:his|her|their)|(?:he|she|who) lives (?:at|on|in))(?!\w)"
)
_OWN = (
    r"(?<!\w)(?:my (?:new |own |other |work |home )?(?:number|mobile|phone|email|address|tel)|text me|"
    r"call me|ring me|message me|reach me|contact me|email me|i'?m on)(?!\w)"
)
_SCHOOLS = r"(?<!\w)(?:school|office|reception|pta|club|helpline|childline|samaritans|nspcc)(?!\w)"
_DIGITS = r"\d(?:\D{0,3}\d){3}"


def _contacts(reading: Reading, wanted: str) -> Iterator[tuple[int, int]]:
    """Return the phones and emails of one kind in the text: ``theirs`` or ``own``.

    Most numbers in public are the writer's trade, a newsroom or the school: those count for nothing.
    """
    text = reading.text
    if "@" not in text and not compiled(_DIGITS).search(text):
        return
    for pattern in (_PHONE, _EMAIL):
        for match in compiled(pattern).finditer(text):
            around = text[max(0, match.start() - 60) : match.end() + 50]
            if compiled(_THEIRS).search(around) and not compiled(_SCHOOLS).search(around):
                kind = "theirs"
            else:
                kind = "own" if compiled(_OWN).search(around) else "nobody's"
            if kind == wanted:
                yield match.span()


def _others_contacts(reading: Reading) -> Iterator[tuple[int, int]]:
    return _contacts(reading, "theirs")


def _own_contacts(reading: Reading) -> Iterator[tuple[int, int]]:
    return _contacts(reading, "own")


def _addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find home addresses of others: a street with a number or a postcode, where somebody is said to live."""
    text = reading.text
    if not compiled(r"\d").search(text) or compiled(_WRITERS).search(text):
        return
    lives = compiled(_LIVES).search(text)
    for pattern in (_STREET, _POSTCODE):
        for match in compiled(pattern).finditer(text):
            if lives or compiled(_AT_HOME).search(text, max(0, match.start() - 30), match.start()):
                yield match.span()


_WRITERS = (
    r"(?<!\w)(?:my address|our address|i live|we live|i'?m at|we'?re at|i'?ve moved|we'?ve moved|my house|"
    r"our house)(?!\w)"
)
_AT_HOME = (
    r"(?<!\w)(?:(?:he'?s|she'?s|he is|she is) at (?:number )?|"
    r"(?:guy|man|woman|nurse|family|lad|lady|kid|teacher) (?:at|from|in|of) number )$"
)
_LIVES = (
    r"(?<!\w)(?:(?:he|she|they|who|mr|mrs|miss|ms|grass|head|family|that|corsa|dad|mum)"
    r"(?:\W{1,3}\w+){0,4}?\W{1,3}(?:lives?|living|stays|staying|moved)|lives (?:at|on|in|round|down)|"
    r"(?:his|her|their) (?:home )?(?:address|house|home|gaff|yard|flat)|pay (?:him|her|them) a visit|"
    r"knock (?:loud|for (?:him|her)|on (?:his|her))|egg (?:his|her|their|the)|find (?:him|her)|"
    r"on (?:her|his) own|home alone|key under|nights so)(?!\w)"
)


def _plates(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find registration plates beside a word about cars; without one, ``AB12 CDE`` may be anything."""
    text = reading.text
    if compiled(r"\d").search(text) and compiled(_CARS).search(text):
        for match in compiled(_PLATE).finditer(text):
            yield match.span()


_CARS = (
    r"(?<!\w)(?:car|cars|van|reg|registration|plate|parks?|parked|parking|driver|drives?|driving|zig ?zags?|"
    r"golf|audi|bmw|ford|fiesta|corsa|astra|merc|mercedes|range rover|nissan|qashqai|tesla|kia|mini|peugeot|"
    r"toyota|vw|polo|skoda|volvo|suv|4x4|hatchback|yellow lines|blocking|speeding)(?!\w)"
)

RULES = (
    Rule(
        name="somebody's-contact",
        about="Personal data: the phone number or email address of somebody else",
        example="Her number is 07700 900123, everyone ring her",
        source="Ofcom, National Telephone Numbering Plan",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        abuse=0.6,
        sure=True,
        find=_others_contacts,
    ),
    Rule(
        name="own-contact",
        about="The writer's own phone number or email address in public",
        example="my number is 07700 900456 if anybody finds the coat",
        source="school policy: do not give out personal information",
        severity=Severity.NONE,
        find=_own_contacts,
    ),
    Rule(
        name="home-address",
        about="Personal data: where somebody lives",
        example="Mr Hughes lives at 14 Elm Road NG11 7XX",
        source="Royal Mail, postcode format",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        abuse=0.6,
        sure=True,
        find=_addresses,
        phrases=phrases(
            """
            (this|here|that) is (where|the house|his house|her house|their house|his address|her address)
                (he|she|they|where|mr|mrs|miss|that) (lives|live|he|she|they)
            """
        ),
    ),
    Rule(
        name="registration-plate",
        about="A car's registration plate",
        example="silver Golf AB12 CDE parks on the zigzags every morning",
        source="DVLA, registration numbers",
        severity=Severity.MEDIUM,
        labels=(Label.PERSONAL_DATA,),
        abuse=0.1,
        target=Target.ADULT,
        find=_plates,
    ),
    Rule(
        name="fishing-about-a-child",
        about="Somebody asks for a child's class, times, way home, number or address",
        example="what class is Emily in and what time does she finish",
        source="school policy: pupils must not be identified",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        facts=frozenset({Fact.CHILD_AT_RISK}),
        abuse=0.35,
        target=Target.CHILD,
        phrases=phrases(
            """
            (what|which) (class|form|year|tutor group|set|house|bus|estate|street) is (she|he|your daughter|
                your son|that girl|that boy|this girl|this boy|the girl|the boy|the little girl|_) in ~
                (finish|finishes|finished|come out|comes out|walk|walks|live|lives|get out|home|bus|leave|
                leaves|snap|insta|she|he)
            (what|which) (class|form|year|school|bus) is (the|that|this) [_] (girl|boy|kid|child|lad|lass|
                one) [_] ~ (in|on|she|he|go|with)
            (what time|which gate|which way|what route|which bus) (does|do|will) (she|he|your daughter|your
                son|that girl|that boy|the girl) (finish|get out|walk home|walk|come out|leave|get home|get
                off|go home) [_]
            (who is|who's|whos|what's|whats|what is) (that|this|the) [little|young|pretty|blonde|cute|fit|
                lovely] [_] (girl|girls|boy|lad|child|girl's|girls|boy's|boys|childs|child's) [in|on|with|
                name|second|third|at|from|front] ~ (name|called|photo|picture|front row|insta|snap|
                instagram|age)
            (anyone|does anyone|anybody|who|do you) (got|have|know|knows|has) [_] (address|number|snap|
                insta|phone number|home address|number for|mobile) [of|for] ~ (year 7|year 8|year 9|year 10|
                year 11|girl|boy|kid|pupil|student|that girl|that lad)
            (where|which street|which road) (does|do) (that girl|that boy|that kid|that lad|she|he|the girl|
                this girl|this kid|this boy|emily) (live|walk|get the bus|hang out) [_]
            """
        ),
    ),
    Rule(
        name="take-down-image",
        about="Somebody asks to remove an image, or says that there was no consent",
        example="Please take down the photo of my daughter, we never gave consent",
        source="school policy, use of images; " + ICO,
        severity=Severity.MEDIUM,
        labels=(Label.PERSONAL_DATA,),
        facts=frozenset({Fact.RECORDS, Fact.QUERY}),
        target=Target.ADULT,
        phrases=phrases(
            """
            (take|taken|taking) [this|that|it|the|my|her|his|our|these|those] [photo|picture|video|post|pic|
                one|daughters|daughter's|sons|son's|child's|childs|kids|image] [photo|picture|video|pic|
                image] [of|with] [my|our|him|her] [son|daughter|child|lad|girl] down [please|now|
                immediately|she|he|we|i|asap|off] (please|now|immediately|she|he|we|i|asap|off|before|or|as|
                it|because|my|of)
            (put|printed|posted|published|used|uploaded|shared|showed) [_] (my|his|her|their|our) [son's|
                daughter's|child's|birth|old|new] (name|surname|address|face|picture|photo|photograph|
                medical|diagnosis|class) [_] (on|in|online|without|under|where|when|to)
            (why|who) [is|was|has|have] [_] (my|our) [son|sons|son's|daughter|daughters|daughter's|child|
                child's] [_] (photo|picture|video|face|name) ~ (on|in|page|website|facebook|online|there)
            (take|taken|taking) down [this|that|the|my|her|his|our|these|any|all|every] [_] (photo|picture|
                video|pic|image|photos|pictures|images|videos|pics|post)
            (remove|delete|blur|crop|remove the|delete the|remove this|delete this|remove that|remove all|
                remove any|remove these) (my|her|his|our|photo of my|photos of my|picture of my|pictures of
                my|video of my|photo with my|image of my|images of my) [_] [_] (photo|picture|video|pic|
                image|photos|pictures|images|videos|pics|face|faces|name|names|footage|son|daughter|child|
                children|kids|lad|girl|boy|grandson|granddaughter)
            (never|didn't|didnt|not|no|haven't|havent|without|withdraw|withdrawing|withdrawn|withdrew|did
                not) [_] [_] (consent|permission|consented) ~ (photo|photos|picture|pictures|image|images|
                video|post|posted|facebook|social media|online|him|her|photographed|filmed|used|pics|
                published|website)
            (we|i) (never|didn't|didnt|did not|have not|haven't|don't|do not) (give|gave|given|signed|
                consent|consented) [any|my|you|our] (consent|permission|to this|to it|to her|to his|to him|
                for this|for her|for him)
            (photo|picture|image|video|pictures|photos) [_] ~ (without|no|didn't give|didnt give) [my|our|
                any|asking|her|his] (consent|permission|asking)
            (my|our) (son|daughter|child|kids|children|lad|girl|boy|foster child|little one|grandson|
                granddaughter) [_] (is|are|must|can|should|isn't|isnt|was|shouldn't|shouldnt|mustn't) [not|
                never|n't] [meant|supposed|allowed] [to] [not] (be on|be photographed|be filmed|be in any|be
                shown|on the do not|be in the photo|be in photos|on social media|appear|be pictured|have his
                photo|have her photo|in photos|in pictures|be identified)
            (do not|don't|dont) (publish|photograph|film|post|use|share|want) [any|my|his|her|our] [son|
                daughter|child|kids|son's|daughter's|child's] [_] (photo|photos|picture|pictures|image|
                images|face|online|on facebook|on here|on social media)
            """
        ),
    ),
    Rule(
        name="data-leak",
        about="Records or confidential facts of people were made public",
        example="The Year 8 reports have been posted publicly, I can see everyone's grades",
        source="UK GDPR, personal data breach",
        severity=Severity.MEDIUM,
        labels=(Label.PERSONAL_DATA,),
        facts=frozenset({Fact.RECORDS}),
        target=Target.ADULT,
        phrases=phrases(
            """
            (data|gdpr|privacy|confidentiality) (breach|breached|leak|leaked|violation)
            (cc'd|ccd|copied|emailed|sent) [_] (every|all|everyone|everybody|the whole|both) [_] [parent|
                parents|year] ~ (email|list|names|free school meals|medical|addresses|grades|names)
            (password|login|passwords) [_] (is|are|to) ~ (keyboard|everyone knows|taped|whiteboard|sims|arbor)
            (leaked|leaking|leak) [the|her|his|everyone's] [_] (grades|mocks|predicted|sims|file|files|log|
                list|inbox|notes)
            (seen|read|got|copied|kept|here's|heres) (his|her|their|the) [whole] (file|plan|log|sick note|
                notes|records|ehcp|medical)
            (breach|breached|breaching|breaches|breaking) [of] [the|our|my|his|her] (gdpr|data protection|
                confidentiality|privacy|data)
            (report|reports|grades|results|medical|list|spreadsheet|addresses|register|records|send list|
                details|names|behaviour logs|emails) [_] ~ (been posted|posted publicly|visible to everyone|
                publicly|wrong parents|wrong parent|leaked|everyone can see|on the website|been shared|went
                to everyone|sent to everyone|sent to all|to the wrong|for anyone to see)
            (can see|could see|showed me|sent me|emailed me|got sent|been sent|i received|shared) [_]
                (everyone's|everyones|other kids|other children's|other childrens|another child's|another
                childs|someone else's|someone elses|other pupils|other people's|all the parents|another
                pupil's) [_] (grades|report|reports|details|results|address|addresses|emails|medical|data|
                records|information|email|marks|photo|names)
            (cc'd|ccd|cc|copied) [_] (all|every|everyone|in all) [the] [parents|in] [_] (email|emails|
                addresses|see)
            (his|her|their|my son's|my daughter's|the child's) (medical|diagnosis|send|social services|
                safeguarding|adoption|ehcp|condition|records|file|dbs) [_] ~ (discussed|shared|told
                everyone|public|gossip*|leaked|in front of|everyone knows)
            """
        ),
    ),
    Rule(
        name="request-by-right",
        about="A request that the law gives a right to: own data, erasure, or information held by the school",
        example="I am making a subject access request for everything held on my son",
        source=ICO,
        severity=Severity.NONE,
        facts=frozenset({Fact.RECORDS, Fact.QUERY}),
        words=frozenset("sar dsar".split()),
        phrases=phrases(
            """
            (subject access|subject access request|freedom of information|freedom of information act|foi
                request|foi|data protection officer|right to be forgotten|right of erasure|right to erasure|
                information commissioner|report you to the ico|to the ico|gdpr request|data protection
                complaint|data protection act)
            (copy|copies|access) (of|to) [all|any|the|my|his|her|everything] [the|of] [my|his|her|their|our|
                son's|sons|daughter's|child's|childs|personal|school] (data|records|file|information you
                hold|school records|personal data|educational record|files|pupil record)
            (all|any|what|everything|whatever) [the|of the] (data|information|records|emails|files|personal
                data) [that] (you|the school|held|you have|you've got|you hold|is held|are held) [hold|held|
                have|keep|about|on] [on|about|for] (me|my|him|her|us|our|on|hold|held|about)
            (see|copy of|send me|have|want|like|get|require|request|access to|ask for|asked for|provide|
                supply|entitled to) [_] [the|my|his|her] (personnel file|incident log|incident logs|
                behaviour log|cctv|school file|pupil file|pupil record|attendance record|safeguarding notes|
                safeguarding file|punishment books|records|full record|complete record|sen file|boarding
                records|prelim papers|exam papers)
            (everything|all) (you|the school) (hold|holds|have|has|held|keep|keeps) (on|about)
            (under|which|what) [the] (article|data protection law|data protection act|gdpr|uk gdpr|equality
                act|freedom of information|foi|foia)
            (correct|amend|change|update) [_] (his|her|my|our|their) (record|records|file|register name|
                surname|name on)
            (how|who) [_] [_] [_] (ask for|get|request) [a copy of|my|his|her|the] (personnel file|cctv|
                records|file|school report)
            (take|taken|remove|delete) [_] (picture|photo|pic|photos|name|video) [_] [_] (down|off) [_]
                [website|page]
            (one calendar month|calendar month|thirty days|20 working days)
            (delete|erase|remove) [all|any] [my|his|her|our] [of|child's|son's|daughter's|sons|daughters]
                [personal] (data|details|personal information|records|information) [from|you]
            """
        ),
    ),
    Rule(
        name="child-gives-data",
        about="A young person puts their own details or whereabouts in public",
        example="im 12 and home alone add my snap",
        source="school policy: do not give out personal information",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        facts=CHILD_DISCLOSES,
        target=Target.CHILD,
        phrases=phrases(
            """
            (i'm|im|i am) (8|9|10|11|12|13|14|15|in year 5|in year 6|in year 7|in year 8|in year 9|in year
                10) [_] ~ (snap|my number|add me|insta|home alone|address|live at|discord|kik|looking for a
                bf|looking for a gf|phone)
            (add|follow) [me|my] [on] (snap|insta|discord|tiktok|my snap) [_] ~ (i'm|im) [only] (8|9|10|11|
                12|13|14|15)
            """
        ),
    ),
)
