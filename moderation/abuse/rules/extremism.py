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
        labels=(Label.EXTREMISM,),
        abuse=0.85,
        stance=Stance.RISK,
        words=frozenset("1488 14words heilhitler siegheil blood88 rahowa gtkrwn tradwaffen 卐 卍 ϟ".split()),
        phrases=phrases(
            """
            (hitler|adolf|osama|bin laden|isis|breivik|tarrant|hamas|al qaeda|the nazis|goebbels|himmler)
                [was|were|is|are|had] [absolutely|totally|so] (right|a hero|hero|heroes|a legend|legend|
                legends|great|correct|did nothing wrong|the right idea|should have finished|based|a genius|
                justified|had a point|finish the job)
            (hitler|adolf|nazis) (did nothing wrong|should have finished|had the right idea|should've
                finished|shoulda finished)
            (heil|hail|sieg) (hitler|heil|victory)
            (white power|white pride world|14 words|fourteen words|race war|white genocide|great
                replacement|rahowa|day of the rope|blood and soil|jews will not replace|you will not replace
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
