"""Personal data made public or fished for, wishes about images, and requests by right."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule
from moderation.assessment import Label, Severity
from moderation.triage import Fact, Target

ICO = "Information Commissioner, right of access and right to erasure"

_PHONE = (
    r"(?<![\w+])(?:\+ ?44 ?(?:\(0\) ?)?|0044 ?|\(?0)(?:7\d{3}|[123]\d{2,4}|800|808|"
    r"845)\)?[ .-]?\d{3}[ .-]?\d{3,4}(?!\d)|(?<!\d)07(?:[ .-]?\d){9}(?!\d)"
)
_POSTCODE = r"(?<!\w)(?:[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})(?!\w)"
_STREET = (
    r"(?<!\w)(?:no\.? ?|number |flat \d{1,3}[ ,]+)?\d{1,4}[a-d]?[ ,]+(?:[a-z]{3,}[ -]){1,3}(?:road|rd|"
    r"street|avenue|ave|close|drive|lane|crescent|terrace|gardens|grove|court|way|place|mews|walk|"
    r"hill)(?!\w)"
)
_PLATE = r"(?<!\w)(?:[a-hj-pr-y][a-hj-y]\d{2} ?[a-hj-pr-z]{3}|[a-hj-pr-y]\d{1,3} ?[a-hj-pr-y]{3})(?!\w)"
_EMAIL = r"(?<![\w.])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?!\w)"
_OFFICIAL = (
    r"(?<!\w)(?:office|reception|school|book|booking|bookings|tickets?|pta|club|ring us|call us|contact us|"
    r"e?mail us|enquiries|order|orders|quote|shop|stall|collection|minibus|helpline|childline|samaritans|"
    r"nspcc|0800|0808|oakfield|admin|info|business|services?|cleaning|offers?|discount|delivery|per hour|"
    r"prices?|01\d\d+ 496)(?!\w)"
)
_OWN = (
    r"(?<!\w)(?:my (?:number|mobile|phone|email|address|tel)|text me|call me|ring me|message me|reach me|"
    r"contact me|email me|i'?m on)(?!\w)"
)
_DIGITS = r"\d(?:\D{0,3}\d){3}"


def _contacts(reading: Reading, wanted: str) -> Iterator[tuple[int, int]]:
    """Return the phones and emails of one kind in the text: ``official``, ``own`` or ``other``."""
    text = reading.text
    if "@" not in text and not compiled(_DIGITS).search(text):
        return
    for pattern in (_PHONE, _EMAIL):
        for match in compiled(pattern).finditer(text):
            around = text[max(0, match.start() - 80) : match.end() + 60]
            if compiled(_OFFICIAL).search(around):
                kind = "official"
            else:
                kind = "own" if compiled(_OWN).search(around) else "other"
            if kind == wanted:
                yield match.span()


def _others_contacts(reading: Reading) -> Iterator[tuple[int, int]]:
    return _contacts(reading, "other")


def _own_contacts(reading: Reading) -> Iterator[tuple[int, int]]:
    return _contacts(reading, "own")


def _addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find home addresses: a street with a number or a postcode, where somebody is said to live."""
    text = reading.text
    if not compiled(r"\d").search(text):
        return
    lives = compiled(_LIVES).search(text)
    for pattern in (_STREET, _POSTCODE):
        for match in compiled(pattern).finditer(text):
            if lives:
                yield match.span()


_LIVES = (
    r"(?<!\w)(?:lives?|living|address|house is|home is|stays|staying|her house|his house|their house|knock|"
    r"go round|pay (?:him|her|them) a visit|egg|find (?:him|her|them|you)|moved to|doorstep|the one with|"
    r"in on her own|in on his own|on her own till|on his own till|home alone|always in|key under|back door|"
    r"out till|where (?:he|she|they|you) (?:is|are|live))(?!\w)"
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
        about="A phone number or email address that seems to be a private person's",
        example="Her number is 07700 900123, everyone ring her",
        source="Ofcom, National Telephone Numbering Plan",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        abuse=0.35,
        find=_others_contacts,
    ),
    Rule(
        name="own-contact",
        about="The writer's own phone number or email address in public",
        example="my number is 07700 900456 if anybody finds the coat",
        source="school policy: do not give out personal information",
        severity=Severity.LOW,
        labels=(Label.PERSONAL_DATA,),
        find=_own_contacts,
    ),
    Rule(
        name="home-address",
        about="Where somebody lives",
        example="Mr Hughes lives at 14 Elm Road NG11 7XX",
        source="Royal Mail, postcode format",
        severity=Severity.HIGH,
        labels=(Label.PERSONAL_DATA,),
        abuse=0.4,
        find=_addresses,
        phrases=phrases(
            """
            (this|here|that) is (where|the house|his house|her house|their house|his address|her address)
                (he|she|they|where|mr|mrs|miss|that) (lives|live|he|she|they)
            (his|her|their|this is his|this is her|teachers|teacher's) [home] address is
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
        about="A request that the law gives a right to: own data, erasure, information of a public body",
        example="I am making a subject access request for everything held on my son",
        source=ICO,
        severity=Severity.LOW,
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
