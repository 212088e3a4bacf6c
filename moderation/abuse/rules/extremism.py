"""Praise and recruitment for violent ideology, its codes, and the worry that a child is drawn in."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity

PREVENT = "Prevent duty guidance, 2024"

RULES = (
    Rule(
        name="extremist-praise",
        about="Praise, recruitment or code words for a violent ideology",
        example="Hitler was right",
        source=PREVENT,
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.EXTREMISM,),
        abuse=0.85,
        stance=Stance.RISK,
        words=frozenset(
            "14words heilhitler siegheil blood88 rahowa gtkrwn tradwaffen 88squad remigration zog goyim "
            "卐 卍 ϟ".split()
        ),
        phrases=phrases(
            """
            (hitler|adolf|osama|bin laden|isis|breivik|tarrant|hamas|al qaeda|the nazis|goebbels|himmler)
                [was|were|is|are|had] [absolutely|totally|so] (right|a hero|hero|heroes|a legend|legend|
                legends|great|correct|did nothing wrong|the right idea|should have finished|based|a genius|
                justified|had a point|finish the job)
            (hitler|adolf|nazis) (did nothing wrong|should have finished|had the right idea|should've
                finished|shoulda finished)
            hitler (missed|had drip|should come back|was based|is my|knew what|was onto)
            (six million|6 million|holocaust) [_] (not enough|wasn't enough|do the sums|never happened|hoax|
                lie|myth|didn't happen|exaggerated|fake)
            ⚡ ⚡ [_] ~ (blood|white|salute|clean|brothers|words|day|survivors|lads|power)
            (white|our|young|proud) (lads|men|boys|youth|brothers) [_] ~ (brotherhood|train on sundays|we
                train|stand up and fight|storm|march|rise up|take back|blood|nation|fathers only|circle|
                doesn't apologise)
            (a nation is blood|blood and honour|blood & honour|blood n honour|replacement stock|
                race traitor|race traitors|race mixing|white genocide|keep the blood|
                sonnenrad|day of the rope|kick the kuffar)
            (kuffar|kuffars|kafir|kafirs|kufar|murtad|murtads) [_] (should|must|deserve|will|boys|girls|
                kids|teachers|schools|for|who|and|in|the)
            (brothers|sisters|akhi|lads) who (fight|train|will teach|would|teach|know the truth|don't
                apologise)
            (save europe|europa|our people) [_] (now|awake|first|will|lads|brothers)
            (burn|bomb|blow up|smoke|torch) (every|the|all|that) [_] (mosque|mosques|synagogue|synagogues|
                masjid)
            where [can|do|could] [u|you|i|we] [still] (get|find|read|download) the manifesto
            (heil|hail|sieg) (hitler|heil|victory)
            (white pride world|race war|white genocide|rahowa|day of the rope|blood and soil|
                jews will not replace|you will not replace
                us|we must secure the existence|ethnostate|boogaloo|accelerationism|kalifat|remove kebab)
            (join|joining|recruiting|recruit|sign up|fight|fighting|support|death) [the|for|for the|to|to
                the|our] [white] (caliphate|islamic state|jihad|isis|resistance lads|atomwaffen|national
                action|patriotic alternative|white resistance|the infidels|kuffar|infidels|infidel|kafirs|
                mujahideen|blood and honour|combat 18|race war|brotherhood of)
            (white|aryan|master) race [must|will|is|should] (rise|survive|win|superior|prevail|reclaim|
                supreme|wake|dying|breed)
            (join|dm|message) [the|our|us|for|me|up] [the] (movement|cause|struggle|brotherhood|patriots|
                resistance) [lads|now|today|for|dm|brothers] (lads|now|dm|brothers|for the|white|before|
                race|channel|fight)
            (cleanse|purge|purify|cleansing|cleansed) (this|our|the|england|britain|europe) [_] ~ (of|from)
                [all|the] (them|muslims|jews|immigrants|filth|foreigners|infidels|degenerates|invaders|scum|
                unbelievers|traitors)
            (our|the) (brotherhood|brothers|movement|struggle|cause|crusade) [_] (will|shall|must|is going
                to) (cleanse|rise|purge|strike|take back|destroy|avenge|march|conquer|triumph)
            (glory|praise|hail|long live) [to|be] [the] (isis|martyrs|shahid|fuhrer|hitler|mujahideen|
                islamic state|saint tarrant|third reich|reich|ira|uvf|uda)
            (incel|elliot rodger|supreme gentleman) (uprising|rebellion|hero|revolution|saint)
            (gas|oven|ovens|burn|exterminate) [all] [the] (jews|kikes|yids|jew|muslims|blacks|gypsies|
                niggers)
            (kill|behead|death to|slaughter) [all] [the] (kuffar|infidels|apostates|unbelievers|jews|kafir|
                crusaders|disbelievers)
            (up the|tiocfaidh|kat|ktf|kah) (ra|ar la)
            """
        ),
    ),
    Rule(
        name="extremist-code",
        about="A number, sign or phrase that extremists know each other by, and others use without a thought",
        example="1488 brothers, you know what it means",
        source=PREVENT,
        severity=Severity.HIGH,
        labels=(Label.EXTREMISM,),
        abuse=0.7,
        stance=Stance.RISK,
        words=frozenset({"1488"}),
        phrases=phrases(
            """
            14 88
            (14 words|fourteen words|black sun|great replacement|white power)
            (shooter|shooters|attacker|attackers|gunman|bomber|terrorist|terrorists|saint who did|one who
                did) [_] ~ (hero|heroism|saint|legend|based|had it right|was right|had the right idea|knew|
                inspiration)
            """
        ),
    ),
    Rule(
        name="drawn-into-extremism",
        about="Somebody worries that a child is being drawn into extremism",
        example="I'm worried my son is being drawn into far right stuff online",
        source=PREVENT,
        severity=Severity.HIGH,
        labels=(Label.EXTREMISM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.OPINION,
        phrases=phrases(
            """
            (drawn|sucked|dragged|pulled|getting|got|lured|falling|fallen|been) (in|into|to|for) [to|into|
                all|this|that|the] (far right|far-right|nazi|extremist|extremism|isis|incel|radical|neo
                nazi|terrorist|white supremacist|jihadi|alt right|andrew tate) [_]
            (salute|nazi salute|swastika|swastikas|black sun|runes|ss bolts|88|lightning strokes|manifesto|
                combat 18|far right stuff|isis videos|incel stuff|andrew tate) [_] ~ (his wall|his bag|his
                desk|drawing|draws|drew|tattoo|badge|flag|book|room|tablet|my son|my brother|my nephew|year
                10|history set|keeps|doing)
            (drawing|draws|drew|doing|does|wears|wearing|bought|got) [_] [_] (swastika|swastikas|nazi|ss|
                hitler salute|black sun|runes|88|the salute|crooked cross)
            (my|our|his|her) [_] (son|brother|nephew|grandson|lad|cousin|mate|boy|friend) ~~ (men only|a
                cleansing|learn to shoot|race war|hates women now|great replacement|calls him captain|
                kuffar|infidels|caliphate|numbers at us|far right|secret meetings|hike with men|flag over
                his bed)
            (radicalised|radicalized|radicalising|radicalisation|being radicalised|being groomed by
                extremists) [online|by|my|him|her|at|our|in|pupils|kids] (online|by|him|her|at|our|in|
                pupils|kids|son|daughter|son's|youtube|discord|telegram|mosque|uncle|brother)
            (son|daughter|pupil|friend|lad|brother|nephew|he|she|boy|student|kid) [_] ~ (watching|sharing|
                reading|posting|obsessed with|looking at|talks about|following|drawing|draws|keeps saying) ~
                (isis|beheading|nazi|far right|extremist|swastika|swastikas|hitler|white power|terrorist|
                incel|jihad|bomb making|school shooters|manifesto)
            """
        ),
    ),
)
