"""Hate, by the group it hits: slurs, sweeping claims about a group, coded forms."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.lexicon import hate
from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import Aim, Rule, Stance
from moderation.assessment import Label, Severity, Target

EQUALITY = "Equality Act 2010, protected characteristics"
OWN = "our own list of what schools hear"


def _sweeping(group: str) -> tuple[str, ...]:
    """Return the phrases of a sweeping, hateful claim about any of ``groups``."""
    return phrases(
        """
        [<all_those>] <group> [people|kids|families|men|women|immigrants] (are|r|being|is) [all|just|nothing
            but|so|such|fucking|literally|mostly|always|a bunch of|bunch of|only|the] <vile>
        [<all_those>] <group> [people|kids|men|women|_] (should|need to|deserve to|must|ought to|needs to|
            should all|deserves to|have to) [all|just|never|not|fucking] [be|get|have|been] [all] <out>
        <group> [people|kids] (should|shouldn't|shouldnt|can't|cant|don't|dont) [not|never|all|just|even]
            [be] (allowed in|go back to where|exist|have rights|breed|reproduce|have kids|teach|be teaching|
            drive|be around kids|be near kids|belong here|belong in|allowed near|allowed to breed|allowed to
            vote|be in charge|be trusted)
        (hate|despise|can't stand|cant stand|sick of|fed up with|loathe|detest|disgusted by|get rid of|
            deport|ban|kill|exterminate|fuck|gas|hang|shoot|nuke|send back|ship back|lynch) [all|of|these|
            those|the|fucking|bloody|filthy|them|off] [all|these|the|bloody|fucking|filthy|dirty] <group>
        <group> (scum|vermin|filth|bastard|bastards|cunt|cunts|invasion|invaders|plague|rapist|rapists|
            thieves|infestation|cancer|bitch|bitches|pigs|prick|pricks|bitch|shit|shits|trash|privilege my)
        <group> [people|_] (taking over|took over|ruining|are ruining|are taking over|ruin|run the|control
            the|control everything|are behind|destroying|are destroying|stealing our|steal our|take our|
            taking our|want to destroy|want to replace|are replacing|are invading|invading|bring nothing
            but|are obsessed with)
        """.replace("<group>", f"<{group}>")
    )


def _thrown(group: str) -> tuple[str, ...]:
    """Return the phrases of a group's name thrown as an insult. ``Stupid woman`` is one of a person only."""
    if group == "sex":
        return ()
    return phrases(
        """
        (fuck off|stupid|dirty|filthy|fucking|bloody|smelly|ugly|disgusting|dumb|greedy|evil|horrible|
            scummy|thieving|rapey|vile) [you|little|fucking|bunch of] <group>
        """.replace("<group>", f"<{group}>")
    )


class _Thrown:
    """Finds these words where they are thrown at somebody: ``you ...``, ``dirty ...``, ``get that ...``."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def __call__(self, reading: Reading) -> Iterator[tuple[int, int]]:
        for token, start, end in reading.tokens:
            if token in self._words and compiled(_AIMED).search(reading.text, max(0, start - 40), start):
                yield start, end


_AIMED = (
    r"(?<!\w)(?:you|u|ya|ur|you're|youre|ye|yous|dirty|filthy|fucking|fuckin|fkn|stupid|smelly|thieving|"
    r"scummy|greasy|ugly|disgusting|vile|(?:get|keep) (?:that|this|the|these|those)|"
    r"(?:he's|she's|hes|shes|he is|she is|is|are) (?:just )?(?:a|an|all|such a|nothing but)|"
    r"who let (?:the|that|this|a))"
    r"(?:[^\w.!?\n]{1,3}(?:little|fat|ugly|dirty|fucking|big|stupid|lot|old|wee|black|absolute|total|bunch|"
    r"of)){0,2}[^\w.!?\n]{1,3}$"
)


def _slurs(
    group: str, label: Label, clear: frozenset[str], double: frozenset[str], example: str
) -> tuple[Rule, ...]:
    return (
        Rule(
            name=f"slur-{group}",
            about=f"A slur with no other use ({group})",
            example=example,
            source="Ofcom, attitudes to offensive language, 2021",
            severity=Severity.HIGH,
            labels=(label,),
            abuse=0.9,
            stance=Stance.CONDUCT,
            words=clear,
        ),
        Rule(
            name=f"slur-thrown-{group}",
            about=f"A slur is thrown at somebody ({group})",
            example=f"get out you {min(clear)}",
            source="Ofcom, attitudes to offensive language, 2021",
            severity=Severity.MEDIUM if group == "disability" else Severity.HIGH,
            labels=(label,),
            abuse=0.95,
            stance=Stance.CONDUCT,
            sure=True,
            find=_Thrown(clear),
            unless=lambda reading: reading.is_affectionate,
        ),
        Rule(
            name=f"slur-in-context-{group}",
            about=f"A word that is a slur when it is thrown at somebody ({group})",
            example=f"you {min(double)}",
            source="Ofcom, attitudes to offensive language, 2021",
            severity=Severity.HIGH,
            labels=(label,),
            abuse=0.75,
            stance=Stance.CONDUCT,
            aim=Aim.NOUN,
            words=double,
        ),
    )


def _claims(group: str, label: Label, example: str, coded: str) -> Rule:
    return Rule(
        name=f"hate-{group}",
        about=f"A hateful claim about a group, open or coded ({group})",
        example=example,
        source=EQUALITY,
        severity=Severity.MEDIUM,
        labels=(label,),
        abuse=0.85,
        stance=Stance.CONDUCT,
        otherwise=Target.GROUP,
        phrases=(*_sweeping(group), *_thrown(group), *phrases(coded)),
    )


RULES = (
    Rule(
        name="language-or-leave",
        about="Somebody is told to speak the language, or not to be here",
        example="learn the language before you send your kids to our schools",
        source=EQUALITY,
        severity=Severity.MEDIUM,
        sure=True,
        labels=(Label.HATE_RACE,),
        abuse=0.85,
        stance=Stance.CONDUCT,
        otherwise=Target.GROUP,
        phrases=phrases(
            """
            (learn|speak) [bloody|fucking] (the language|our language|the lingo|english) or (go|get|leave|
                jog|clear|pack) (home|back|out|off|on|up)
            (learn|speak) [bloody|fucking] (the language|our language|the lingo|english) before (you|they)
                (send|bring|put|move|come|start) [your|their|ur] [kids|children|lot] [_] (our|here|over|this)
            """
        ),
    ),
    *_slurs("race", Label.HATE_RACE, hate.RACE_CLEAR, hate.RACE_DOUBLE, "your lad is a p*ki"),
    *_slurs("religion", Label.HATE_RELIGION, hate.RELIGION_CLEAR, hate.RELIGION_DOUBLE, "dirty kike"),
    *_slurs("lgbt", Label.HATE_LGBT, hate.LGBT_CLEAR, hate.LGBT_DOUBLE, "shut it you poof"),
    *_slurs(
        "disability", Label.HATE_DISABILITY, hate.DISABILITY_CLEAR, hate.DISABILITY_DOUBLE, "what a retard"
    ),
    _claims(
        "race",
        Label.HATE_RACE,
        "go back to your own country",
        """
        (🐒|🐵|🦍|🍌) [🐒|🍌|🐵] (at|for|third|left|right|number|nice|in|him|her|the|front|back|goal|keeper|
            row|you|u|lad)
        (banana|bananas) (for|to) (him|her|the|number|their|that|you|u|_) ~ (🐒|🍌|🐵|🦍|monkey|every ball)
        (🐒|🦍) (🐒|🍌|🦍)
        (fucking|bloody|these|them|no more|too many|sick of|another) [bloody|fucking] (immigrants|
            foreigners|refugees|gypsies|pikeys|pakis|romanians|somalis|illegals|boat people) ~~ (out|get|
            free|taking|took|home|back|boat|enough|everywhere|benefits|our|first)
        (gypsy|gypsies|romanian|romanians|immigrants|foreigners|muslims|pakis|traveller|travellers|roma|
            ukrainians|poles|somalis|migrants|refugees) (out|go home|get out|fuck off|not welcome|back on
            the boat)
        (dirty|smelly|filthy|thieving|robbing) (gypsy|gypsies|paki|immigrant|immigrants|foreigner|
            foreigners|pole|poles|traveller|travellers|romanian|romanians|indian|indians|black|arab|african|
            chinese)
        (back|go|off|return) [home] to (the jungle|the cotton|your hut|ya hut|your boat|the zoo|your
            caravan|your tent|your mud hut|the trees|your village)
        remigration now
        (go|fuck off|get|piss off|send them|send her|send him|crawl|send em) [the fuck|right|all] (back|
            home) [to] [where] (your|ur|their|his|her|the|africa|pakistan|india|poland|romania|where|mexico|
            china|somalia|the jungle) [own] (country|countries|came from|come from|you came from|they came
            from|jungle|village|caravan|where you came from|shithole|bongo bongo land|you belong|land)
        (go|get|fuck off|piss off|send them|send em|deport) [back] [to] (africa|pakistan|india|poland|
            romania|somalia|mexico|china|syria|where you came from|where they came from|where u came from|
            where they belong|bongo bongo land)
        (too many|so many|overrun with|overrun by|swamped with|swamped by|full of|flooded with|riddled with)
            [of] [them|these|those] [fucking|bloody|dirty] (foreigners|immigrants|migrants|travellers|
            gypsies|asians|blacks|romanians|poles|refugees|illegals|eastern europeans|africans|pakistanis|
            them in this|them in the|them here|them round here|them at this|of them in|of them here|of them
            now)
        (don't|dont|never|can't|cant|barely|hardly|no one|nobody|not) (hear|speak|speaks|spoken|hearing)
            [any|a word of|proper|barely] english [any more|anymore|at|in|round|here|on|these days|spoken]
            (at|in|round|here|on|anymore|any more|these)
        (don't|dont|do not|doesn't) belong <here>
        (white|aryan|master|our) race [must|will|is|should] (rise|survive|win|superior|prevail|supreme|
            breed|pure)
        (learn|speak) (the|our) language [or|before|first|then|if] (or|before|first|then|if|go|get)
        (learn|speak) [bloody|fucking|some|proper] english [or|you|then] (or|you|fuck|go|then|get)
        (english|british|england|britain|our own|white kids|white british|indigenous) [kids|people|children|
            families] (first|come first|are the minority|a minority|pushed out|get nothing|second class|last
            in the queue)
        (ching chong|slitty eyed|slitty eyes|slanty eyed|monkey noises|jungle bunny|curry muncher|porch
            monkey|cotton picker|cotton picking|sand nigger|half caste|half breed|uncle tom|white trash|
            yellow peril|dog eater|dog eaters|bat eater|bat eaters|terrorist looking|corner shop lot|do as
            you likey|did your dad own a corner shop)
        (send|ship|put|get|kick|chuck|sling) (them|em|these people|this lot|that lot|the lot of them|them
            all|em all) [all] (back on|home on|on the|on a|out of|back to|back where|back in the) [the|a|
            our|their|next|first] [_] (boats|boat|plane|planes|ferry|country|rafts|dinghy|dinghies|channel|
            came|sea|own)
        (little|mini|like) (karachi|pakistan|mogadishu|islamabad|bucharest|kabul|lagos|beirut|baghdad|
            bangladesh|africa|mumbai) [now|these|round|in]
        (hide|lock|lock up|watch|count|guard|nail down) [up] [your|ur|the|yer|all your] (purses|purse|bikes|
            tools|valuables|lead|lawnmower|lawnmowers|phones|silver|cables|dogs|sheds) ~~ (caravans|caravan|
            travellers|gypsies|pikeys|traveller|gypsy|roma|romanians|in town|immigrants|refugees)
        (smell|smells|stink|stinks|reek|reeks) [of|like] [a] (curry|gypsy|gypsies|caravan|samosa|samosas|
            spices|fish and rice)
        (gypsy|pikey|traveller|gyppo|gippo) (kids|camp|family|families|lot|scum|bastards) [are|have|always|
            back|on|nicking|robbing|again|everywhere|ruining] (robbing|nicking|thieving|ruin*|steal*|dirty|
            trash*|wreck*|should|need)
        (lock up your|watch your|hide your) (bikes|tools|valuables|lead|lawnmower|phones|purse) ~
            (travellers|gypsies|pikeys|caravans|traveller|gypsy|roma|romanians)
        (you|u|they|he|she) [only|just] [_] (got|get|gets) [the|a|that|in] [_] (because|cos|cause|bc|coz)
            [of] [_] (black|brown|asian|diversity|muslim|quota|foreign|refugee)
        """,
    ),
    _claims(
        "religion",
        Label.HATE_RELIGION,
        "all muslims are terrorists, get them out",
        """
        (muslim|muslims|islam|islamic|mosque) [_] ~ (grooming gang|grooming gangs|rape gang|rape gangs|
            invasion|bombers|cult|death cult|takeover|sharia)
        (jew|jews|jewish|zionist|rothschild|rothschilds|globalist) [_] ~ (control the|run the|media|banks|
            own the|puppet|world order|conspiracy|nose|lobby|money grabbing|shekels)
        (take|pull|rip|get) (that|your|her|the|off that|off her) (thing|tea towel|rag|hijab|headscarf|scarf|
            towel|burka|letterbox|curtain|bin bag) off
        (letterbox|letterboxes|tea towel|bin bag|bin bags|ninja|ninjas|post box|postbox|rag head|towel head)
            [head|on her|wearing|women|in the|mums] (head|heads|on her|wearing|women|mums|lot|playground|
            brigade)
        (christ killer|christ killers|holohoax|holocaust never happened|holocaust is a lie|holocaust was
            fake|holocaust hoax|goat fucker|goat shagger|goat shaggers|muzzie scum|bacon on his|bacon
            sandwich for the muslims)
        (your lot|you lot|his lot|their lot) [are|all|just|will|love|keep] (bomb|bombs|bombing|terrorists|
            blow|blowing|stone|groom|rape)
        (got|have|wearing|hiding|is that) [a|your] bomb (under|in|strapped) (that|her|your|the) (hijab|
            turban|scarf|rucksack|coat|burka|robe)
        """,
    ),
    _claims(
        "lgbt",
        Label.HATE_LGBT,
        "you're so gay lol",
        """
        (you|u|ya|you're|that|dirty|fucking|little|stupid|ugly|pack of|bunch of|these|those) [_] (queer|
            queers|dykes) [freak|freaks|cunt|prick|lot|in|at|on|get|out|off]
        (you're|youre|ur|u r|you are|he's|she's|hes|shes) [so|well|bare|proper|such a|a|fucking] (bent|queer)
            [you|u|weird|lol|freak|mate|bro|as|init|innit|fr]
        (gays|queers|lesbians|poofs|two men|two women|two blokes) ~ (near a child|near children|near kids|
            near a school|raising a|playing house|hang from|should hang|should be shot|need a bullet|off a
            roof)
        (41|forty one) [%|percent] ~ (join|club|do the math|do the maths|statistic|just saying)
        <youre> [so|such a|a|well|bare|proper|fucking|bit|a bit|clearly|dead|pure|literally] [fucking|bit|
            little|massive] (gay|gayboy|gay boy|bender|lesbian|bent|batty|queer|lezzer|lesbo)
        (that's|thats|this is|it's|its|homework is|lesson is|uniform is|school is|so|how|was) [so|well|bare|
            dead|proper|fucking|pure|just|absolutely] (gay) [lol|ngl|mate|bro|man|af|asf|😂|shit|as fuck]
            (lol|ngl|mate|bro|man|af|asf|😂|shit|as|u|you|tho|init|innit|fr)
        (gay|trans|dress|makeup|lgbt|pride|same sex|rainbow|lesbian|transgender|pronouns) ~~ (sickness|
            disease|sinful|abomination|unnatural|perversion|perverted|indoctrination|indoctrinating|
            brainwashing|wrong in the head|disown|disowned|conversion therapy|filth|grooming kids|knocked
            out of him|beaten out of|beat it out of)
        (disown|disowned|ashamed of|kick out) [_] ~ (gay|trans|lesbian|dress|queer)
        (backs to the wall|back against the wall lads|watch your bum|bum bandit|bum bandits|shirt lifter|
            pillow biter|uphill gardener|batty boy|batty man|nancy boy|gay boy|gay lord|fudge packer|carpet
            muncher|rug muncher|chick with a dick|lady boy|man in a dress|bloke in a dress|attack
            helicopter|there are only two genders|only two genders|trans agenda|gay agenda|gender ideology|
            lgbt agenda|rainbow brigade|alphabet people|alphabet mafia|shove it down our throats|pushing
            that lgbt|turn my kid gay|turning kids gay|turning our kids|turning the kids|adam and steve|
            against nature|pray the gay|mental illness not|trans cult)
        (cured|cure|fix|fixed|beaten|beat|pray|raise|prayed) [the|of|out of|him|her|being] [the|gay] (gay
            out|gay away|of being gay|gayness|the gay)
        """,
    ),
    _claims(
        "disability",
        Label.HATE_DISABILITY,
        "special needs kids shouldn't be in normal classes",
        """
        <youre> [so|such a|a|well|fucking|actually|clearly|proper|bit|literally] [fucking|bit] (autistic|
            special needs|special|sen|adhd|disabled|deaf or stupid|mentally disabled|on the spectrum) [lol|
            mate|bro|😂|kid|or something|or what|ain't|aint|innit] (lol|mate|bro|😂|kid|or|ain't|aint|innit|
            arent)
        (are you|r u|are u|is he|is she|you|what are you) (autistic|disabled|special needs|special|retarded|
            slow|deaf|blind) [or|you|u|mate|bro|lol|are] (or|you|u|mate|bro|lol|are|something)
        (autistic|downs|down's|spastic|special needs|disabled) [_] (screeching|cunt|prick|freak|freaks|twat|
            bastard|rage|monkey|noises|kid energy|walk|mongs|bitch)
        (window licker|window lickers|short bus|special bus|sunshine bus|sunshine coach|special unit|mong
            face|got downs|looks downs|has downs|chromosome|chromosomes|extra chromosome|mental case|looney
            bin|loony bin|nut house|mental hospital)
        (special needs|sen|send|autistic|disabled|adhd) [kids|pupils|children|lot|unit|_] ~ (dribble|
            dribbling|holding back|hold back|holding everyone back|drag*|waste of|shouldn't be|shouldnt be|
            don't belong|dont belong|normal kids|normal class*|normal school*|freaks|weirdos|excuse for|just
            naughty|bad parenting|take all the|get all the)
        (ugly|smelly|stupid|freak) [little|fat] (spaz|mong|retard|cripple|flid|dwarf)
        """,
    ),
    _claims(
        "sex",
        Label.HATE_SEX,
        "women can't teach maths, get back in the kitchen",
        """
        (get|go|belong|belongs|stay|back) [back] (in|to|into) the kitchen
        (make|making|go make) me a (sandwich|sammich|butty|brew woman)
        (women|girls|females|woman) (can't|cant|cannot|shouldn't|shouldnt|don't|dont|should never|are too)
            [be|even] (drive|do maths|do science|teach|play football|ref|coach|be heads|lead|be trusted|
            think|do physics|be engineers|handle|emotional|belong in|code|be funny|understand|vote|emotional
            to)
        (typical|just like a|hysterical|emotional|silly little|mouthy|bossy|nagging) (woman|women|female|
            females|girl driver|women drivers|woman driver|girl brain)
        (women|she|her) [_] (asking for it|asked for it|was asking for it|deserves to be raped|needs a good|
            wants a good) [_]
        (on her period|on your period|on the blob|needs a good seeing to|needs a real man|women drivers|
            female logic|like a girl you|put her in her place|needs putting in her place|know your place
            woman|know her place|barefoot and pregnant|used goods|high body count|alpha male|beta male|
            redpilled|red pilled)
        (what do you expect|what did you expect|that's what you get|what can you expect|this is what
            happens) ~~ (a woman|women|a female|female|a girl|a woman head|woman in charge)
        (men|boys) [are|r] [all|just|only] (trash|scum|rapists|pigs|dogs|useless|stupid|animals)
        """,
    ),
)
