"""Swearing and insults."""

from __future__ import annotations

from moderation.abuse.lexicon import insults, swearing
from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import Aim, Rule, Stance
from moderation.assessment import Label, Severity

OFCOM = "Ofcom, attitudes to offensive language, 2021"
OWN = "our own list of what schools hear"

RULES = (
    Rule(
        name="strong-insult",
        about="A strong insulting word for a person",
        example="You're a bellend",
        source=OFCOM,
        severity=Severity.MEDIUM,
        labels=(Label.INSULT,),
        abuse=0.85,
        stance=Stance.CONDUCT,
        aim=Aim.NOUN,
        unaimed=Severity.LOW,
        words=insults.STRONG,
    ),
    Rule(
        name="mild-insult",
        about="A mild insulting word, thrown at somebody and not in fun",
        example="Mrs Patel you muppet",
        source=OFCOM,
        severity=Severity.LOW,
        labels=(Label.INSULT,),
        abuse=0.45,
        stance=Stance.CONDUCT,
        aim=Aim.NOUN,
        words=insults.MILD,
    ),
    Rule(
        name="demeaning-word",
        about="A demeaning adjective said of a person; said of a rule or an app it is criticism",
        example="that stupid woman in the office",
        source=OWN,
        severity=Severity.MEDIUM,
        labels=(Label.INSULT,),
        abuse=0.7,
        stance=Stance.CONDUCT,
        aim=Aim.ADJECTIVE,
        words=insults.OF_A_PERSON,
    ),
    Rule(
        name="unkind-word",
        about="A word that is unkind said of a person and everyday otherwise",
        example="she is so fake and so ignorant",
        source=OWN,
        severity=Severity.LOW,
        labels=(Label.INSULT,),
        abuse=0.4,
        stance=Stance.CONDUCT,
        aim=Aim.ADJECTIVE,
        words=insults.UNKIND,
    ),
    Rule(
        name="insulting-phrase",
        about="An insult of several words",
        example="that lollipop lady is thick as mince",
        source=OWN,
        severity=Severity.MEDIUM,
        labels=(Label.INSULT,),
        abuse=0.8,
        stance=Stance.CONDUCT,
        phrases=phrases(
            """
            thick as (mince|two short planks|shit|pig shit|a brick|anything)
            (stupid|silly|fat|old|moody|miserable|ugly|lazy|dozy|sour faced|rude|nasty|horrible|vile|
                vindictive|bitter|evil|daft|jumped up|stuck up) [old|little|fat] (cow|cows|bag|bat|trout|
                witch|hag|crone|dragon)
            (pig|fat|rat|horse|weasel|dog|shit|fish|frog|spotty|smug|sour) faced (cow|cook|bitch|git|twat|
                prick|teacher|woman|man|_)
            (stick|shove|shoved|ram) (it|your|ur|her|his|their|this|that) [_] [_] up (your|ur|her|his|their)
                (arse|ass|bum|backside|hole)
            <youre> an embarrassment
            (you|u) [really|all|lot|fucking] (suck|disgust me|make me sick|repulse me)
            (waste of space|waste of oxygen|oxygen thief|waste of skin|brain dead|brain cell|brain cells)
            <youre> a [total|complete|absolute|fucking] (joke|disgrace|nobody|nothing|pig|dog|rat|snake|
                clown|liar|tool|spanner|helmet|melt|donut|doughnut|monster|embarrassment)
            (piece of shit|pieces of shit|sack of shit|piece of crap|piece of garbage|piece of trash|pile of
                shit)
            (wet wipe|trailer trash|white trash|low life|low lifes|mouth breather|knuckle dragger|nut job|
                arse hole|arse licker|bell end|dick head|knob head|ass hole|dumb ass)
            (go to hell|rot in hell|burn in hell|screw you|up yours|kiss my arse|kiss my ass|eat shit|suck
                my dick|suck my balls)
            (fuck|fuk|sod|piss|fk|bugger) [right] off
            (fuck|fuk|fck|screw) (you|u|him|her|them|off|yourself|urself|ur self|your self|your mum|ur mum)
            shut (up|it|ur mouth|your mouth|your face|ur face|your gob|ur gob|the fuck up|your trap)
            <youre> (not right|wrong) in the head
            (absolute|total|complete|proper|right|utter|massive|fucking|such a|what a) [fucking|absolute|
                total] (helmet|tool|spanner|melt|wet lettuce|plank|mug|bellpiece|bell|fanny|lemon|
                wetty|dose|gimp|dipstick|snake)
            (jumped up|stuck up|power mad|small minded|self important|two faced|smug|pompous) [little|old]
                (nobody|nobodies|prick|pricks|cow|cows|bitch|bitches|madam|git|gits|twat|twats|so and so|
                jobsworth|jobsworths|tyrant|hitler|snob|snobs)
            (get back in your box|do one you|jog on you|crawl back under|back under your rock)
            face like [a|the] (slapped|smacked|back|bulldog|bag|arse)
            (couldn't|cant|couldnt|can't|could not) organise a piss up
            had [a] face* only a mother could love
            a face only a mother could love
            (built|shaped|looks|look|looking|face|teeth|head|forehead|eyes|sounds|ears) like (a|an|the|
                shrek|dobby|her mum hit|she's been|he's been|hes been|shes been|miss trunchbull|jabba|ur
                mum) [fat|dead|tramp|bag of|sack of|slapped|melted|horse|hippo|whale|walrus|fridge|tank|
                foot|thumb|potato|pug|rat|troll|goblin|witch|moose|elephant|burst|bulldog|man|boy|wheelie|
                traffic|dog|crackhead|smackhead|fatberg|pie|smashed] (fat|tramp|slapped|melted|horse|hippo|
                whale|walrus|fridge|tank|foot|thumb|potato|pug|rat|troll|goblin|witch|moose|elephant|burst|
                bulldog|wheelie|dog|arse|crackhead|shrek|bin|cheese|bag|spuds|pie|couch|sofa|egg|minger|
                tramp|bus|hit|trunchbull|dropped)
            """
        ),
    ),
    Rule(
        name="swearing",
        about="Strong swearing, masked or not; at no one it is only to be tidied",
        example="Get in!!! Fucking brilliant lads",
        source=OFCOM,
        severity=Severity.LOW,
        labels=(Label.PROFANITY,),
        abuse=0.3,
        stance=Stance.CONDUCT,
        words=swearing.STRONG,
    ),
    Rule(
        name="faint-hostility",
        about="A word that stands more often in hostile texts than elsewhere; never shown as a reason",
        example="what a disgrace",
        source="counts over public labelled comments",
        severity=Severity.NONE,
        abuse=0.12,
        stance=Stance.CONDUCT,
        words=insults.FAINT,
    ),
)
