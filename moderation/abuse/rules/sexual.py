"""Sexual remarks, pressure, rumours and images."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact

UKCIS = "UKCIS, sharing nudes and semi-nudes, 2024"
OWN = "our own list of what schools hear"
_DESIRE = (
    r"(?<!\w)(?:fit|sexy|peng|hot|buff|bang|smash|shag|skirts?|legs|arse|ass|tits|boobs|bum|bra|nudes?|"
    r"naked|bend over|🥵|🍑|🍆|💦|👅|😈|🤤)(?!\w)|[🥵🍑🍆💦👅🤤]"
)
_PUPILS = (
    r"(?<!\w)(?:year ?\d{1,2}s?|yr ?\d{1,2}s?|sixth form(?:ers)?|school ?girls?|school ?boys?|pupils?|"
    r"students?|underage|1[1-5] ?(?:yo|year old|yr old)|little girls?|young girls?|young boys?|those girls|"
    r"these girls|daughter)(?!\w)"
)


def _desire_near_pupils(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find a word of desire within a few words of pupils; the heat and the legs of an athlete need more."""
    for pupils in compiled(_PUPILS).finditer(reading.text):
        first, last = max(0, pupils.start() - 50), pupils.end() + 50
        for desire in compiled(_DESIRE).finditer(reading.text, first, last):
            if desire[0] in _TELLING or len(compiled(_LEERING).findall(reading.text, first, last)) > 1:
                yield min(pupils.start(), desire.start()), max(pupils.end(), desire.end())


_TELLING = frozenset("sexy peng shag tits boobs nude nudes naked arse 🥵 🍑 🍆 💦 👅 🤤".split())
_LEERING = (
    r"[👀🥵🍑🍆💦👅😍🤤😈]|"
    r"(?<!\w)(?:skirts?|legs|bum|bra|fit|hot|buff|phwoar|would|omg|mmm+|smash|bang)(?!\w)"
)

RULES = (
    Rule(
        name="sexual-about-pupils",
        about="A sexual remark about pupils",
        example="the year 11 girls in those skirts 👀🥵",
        source="Keeping children safe in education, part five",
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.SEXUAL,),
        facts=frozenset({Fact.CHILD_AT_RISK}),
        abuse=0.85,
        stance=Stance.RISK,
        target=Target.CHILD,
        find=_desire_near_pupils,
        phrases=phrases(
            """
            (barely legal|jailbait|jail bait|nearly legal|legal yet|legal soon|almost legal)
            (slept|shagged|sleeping|sleeps|slept around|been|done it|had it|got off|been around) with [half|
                most|all|the|whole|every|loads|half of|everyone] [of|the|whole|entire|in] (year|school|
                football|rugby|class|lads|boys|team|everyone) [_]
            (half|most) (of|the) [the] (year|school|team|lads) [_] ~ (been through|had|been inside|shagged|
                slept with) her
            (rate|rank|rating|ranking|top 10|top ten) [the|these|this|our|all|out of|fittest|year] [the|
                year|fittest|sexiest|hottest|out of] (girls|fittest|sexiest|hottest|bodies|girl) [in|from|
                of|at]
            (fittest|sexiest|hottest) (girl|girls|boy|boys|lad|one) in (year|the year|school|the school|our
                year|yr|class|sixth form)
            """
        ),
    ),
    Rule(
        name="nudes",
        about="Nude or sexual images are asked for, offered, threatened with or going round",
        example="send nudes",
        source=UKCIS,
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.SEXUAL,),
        facts=frozenset({Fact.CHILD_AT_RISK}),
        abuse=0.7,
        stance=Stance.RISK,
        words=frozenset("nudes noodz nudez dickpic dickpics".split()),
        phrases=phrases(
            """
            (send|show|share|leak|post|want|trade|sell|selling|swap) [me|us|your|ur|her|his|some|my] (nude|
                nudes|noods|tits|boobs|dick pic|dick pics|naked pics|body pics|body|bobs)
            (naked|nude|topless|explicit|intimate|indecent|sexual|undressed|x rated) [_] (pic|pics|photo|
                photos|picture|pictures|image|images|video|videos|selfie|selfies)
            (pic|pics|photo|photos|picture|pictures|image|images|video|videos) of [_] (naked|nude|topless|
                undressed|in the shower|getting changed|in the changing rooms|in the changing room|in her
                bra|in her underwear|in his pants|in the toilets|in bed)
            (upskirt|upskirting|up skirt|up her skirt|up skirts|deepfake|deepfakes|deep fake|deepfaked|
                nudify|undress app|dick pic|dick pics|onlyfans|revenge porn|sextortion|sextorted|cp|child
                porn|childporn)
            (film|filming|filmed|photo|photographing|recorded|recording|videoed|pictures|photos) [_] ~
                (changing rooms|changing room|toilets|showers|getting changed|in the shower)
            (got|have|seen|saved|screenshotted) (her|his|your|ur|those|the|them) (pics|nudes|photos|vids) ~
                (everyone|wank|sees|leak|group|post)
            (everyone|everybody|people|whole school|they) [will] (sees|see|seen|has seen|have seen) (those|
                them|the|your|ur|these|her|his) (pics|nudes|photos|videos|vids|pictures)
            (leak|leaking|leaked) [the|your|ur|those|them|her|his] (pics|nudes|naked|private|photos|videos)
            """
        ),
    ),
    Rule(
        name="nudes-going-round",
        about="Somebody tells that nude images of a pupil are going round",
        example="someone is sharing nudes of a year 9 girl in the group chat",
        source=UKCIS,
        severity=Severity.HIGH,
        labels=(Label.SEXUAL,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (someone|somebody|people|everyone|they|boys|girls|lads|kids|pupils|students|he|she|ex) [is|are|
                was|were|has|have|has been|have been|keep|keeps] (sharing|passing|sending|posting|selling|
                showing|spreading|leaked|shared|posted|sent|trading) [round|around|on] [his|her|my|
                daughter's|son's|some|a|the|pupils|other|girl's|girls] [daughter's|son's] (nudes|nude|naked|
                intimate|topless|explicit)
            (nudes|nude pictures|nude photos|naked pictures|naked photos|explicit photos|intimate photos|
                intimate images) [of|are|being] [a|my|some|being|year|her|him] [_] ~ (going round|going
                around|being shared|been shared|passed round|passed around|sent round|group chat|on
                snapchat|round school|whole school)
            (asked|asking|asks|pressuring|pressured|forced|forcing|blackmailing|blackmailed|begging|made)
                (me|my daughter|my son|her|him|girls|a girl|pupils) [to|into|for|send|sending] [for|to|send|
                sending] [send|sending] [him|them|her] (nudes|naked|pictures of herself|photos of herself|
                pictures of himself|photos of myself|pictures of myself|topless)
            """
        ),
    ),
    Rule(
        name="child-sexually-harmed",
        about="A child was touched or abused sexually, or somebody says so",
        example="a teacher touched my daughter in the changing room",
        source="Keeping children safe in education, part five",
        severity=Severity.HIGH,
        labels=(Label.SEXUAL,),
        facts=CHILD_DISCLOSES,
        stance=Stance.THREAT,
        target=Target.CHILD,
        phrases=phrases(
            """
            (touched|touches|touching|groped|gropes|groping|molested|raped|fondled|kissed|felt up|sexually
                assaulted|flashed|flashing|exposed himself to|sexually abused|abused) (me|him|her|my
                daughter|my son|my child|a child|pupils|kids|girls|boys|my sister|my brother|a girl|a boy|a
                pupil|my friend|children|a year|my niece|my nephew)
            (comes|came|gets|got|coming|creeps) (in|into) [to] (my|her|his) (bed|room|bedroom|shower) [at|
                when|every|during|after|while] (night|mum|mum's|everyone|nobody|i|drunk|she|he|when|asleep|
                every)
            (asking|asked|asks|ask) [my son|my daughter|my child|him|her|me|them|kids|children|a girl|my]
                [son|daughter] for (photos|pics|pictures|nudes|a photo|photos of|selfies|naked) [of|in|with]
            (sexual|sexually) [_] (assault|assaulted|harassed|harassment|abuse|abused|assaulting|touching|
                harassing|inappropriate|explicit|touched|messages|abusing)
            (peer on peer|child on child) [sexual] abuse
            """
        ),
    ),
    Rule(
        name="sexual-remark",
        about="A sexual remark about or to somebody",
        example="Miss Carter is well fit, would smash",
        source=OWN,
        severity=Severity.MEDIUM,
        labels=(Label.SEXUAL,),
        abuse=0.75,
        stance=Stance.RISK,
        words=frozenset(
            "milf gilf dilf titties boobies pussy cum cumming blowjob blowjobs handjob horny horney dildo "
            "wanked cumshot deepthroat gangbang anal rimjob bukkake creampie slutty".split()
        ),
        phrases=phrases(
            """
            (would|wud|i'd|id|i would|defo|definitely) [totally|deffo|so|defo|absolutely|definitely|still]
                (smash|bang|shag|hit that|tap that)
            (well|proper|so|fucking|pure|bare|dead) (fit|sexy|peng) [miss|would|wud|i'd|that|ngl|mrs|omg|😍|
                🥵|want|her|body|man] (miss|would|wud|id|i'd|ngl|mrs|🥵|want|her|body|smash|bang)
            (miss|mrs|mr|sir|ms) [_] [is|looking|looks|has|in|got|with] [_] (fit|sexy|peng|a milf|milf|hot|
                tits|boobs|arse|buff|tasty|shaggable|bum|ass)
            (nice|big|great|massive|huge|lovely|fat|saggy|flat|look at her|look at the|decent|her|your|ur|
                show us your|show me your|get your) (tits|boobs|arse on|ass on|knockers|titties|cleavage|
                cock|dick|bulge|tits out|boobs out|arse out)
            (suck|sucking|sucks|sucked|lick|licking|ride|riding|choke on|gag on) [on] (my|his|your|ur|me|
                deez|dick|a) (dick|cock|balls|nuts|off|bbc|toes|pussy|dicks|wiener|penis)
            (have|having|had|want|wanna have|wants|fancy) [some|to have|anal] sex [with] (with|you|u|her|
                him|me|now|tonight|in the|a)
            (sex|sexy time|sexting|sexted|sext) (with|me|you|u|her|him|tape|chat|now|tonight|slave|toy|doll|
                bot)
            (fuck|shag|bang|rape|finger|fingered|fingering|fingers|shagged|shagging|banged|fucked) (your|ur|
                you mum|his mum|her mum|my mum|miss|the teacher|that ass|her brains|the head|mrs|you
                hard|u hard|you in|her in|me daddy|me hard) [mum|mother|sister|nan|_]
            (your|ur|yer) (mum|mam|sister|nan|mother|mom) [is|s] [a|such a|well|so] (milf|slag|slut|whore|
                fit|peng|easy|sket|last night|sexy)
            (wank|wanking|wanked|jerk off|jerking off|wanks|masturbate|masturbating|masturbates|toss off|
                tossing off) [over|to|about|off|in|on] (to|over|about|her|him|you|pics|miss|in|on|it)
            (sit on my face|bend over|bend her over|get on your knees|on your knees|spread your legs|spread
                her legs|take your clothes off|get your kit off|take off your|get naked|are
                you naked|are you a virgin|r u a virgin|are u wet|are you wet|lose your virginity|take your
                virginity|do you swallow|do you masturbate|what are you wearing|what r u wearing|what are u
                wearing)
            (make|making|made) (love|out) (to|with) (me|you|her|him|u|miss|a)
            (lesbian|gay|teen|rough|hard|oral|anal|group) (sex|porn|fuck|action)
            (sleep|slept|sleeping|affair|shagging|knobbing|carrying on) with (her|his|a|the) (pupil|student|
                pupils|students|year|sixth former|sixth formers|deputy|boss)
            (rumour|rumours|heard) [is|has it|that|she|he] ~ (pregnant|std|sti|chlamydia|abortion|gave him|
                bj|slept with|lost her virginity|crabs)
            (gave|giving|gives|give) (him|me|them|her|us|everyone|a) [a] (bj|blowie|blowy|head|hand job|
                handy|bjs|nosh)
            """
        ),
    ),
    Rule(
        name="sexual-rumour",
        about="A demeaning sexual word for a person",
        example="she's a slag",
        source="Ofcom, attitudes to offensive language, 2021",
        severity=Severity.MEDIUM,
        labels=(Label.HATE_SEX,),
        abuse=0.6,
        stance=Stance.CONDUCT,
        words=frozenset("slag slags slut sluts whore whores sket skets hoe hoes slapper slappers".split()),
        target=None,
    ),
)
