"""Danger to life or to a child, said so plainly that no second opinion is asked; and signs of it in pairs."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.abuse.rules.together import Together
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact

SAMARITANS = "Samaritans, signs that somebody may be struggling"
OSA = "Online Safety Act 2023, sections 181 and 184"
CEOP = "CEOP Education, how grooming happens online"
KCSIE = "Keeping children safe in education"
_PRIVATE = frozenset({Fact.PRIVATE_CONTACT, Fact.CHILD_AT_RISK})

_FAREWELL = """
    (won't|wont|will not|not|never|don't|dont|doesn't|doesnt) [be] (need|needing|needed) [_] [_] (after|where|
        when|anymore|any more|no more|again|from)
    (won't|wont|will not|shan't|not) [be] (need|needing) (it|them|one|any|those|that|mine)
    i (won't|wont|will not|shan't) be (here|around|in|there|back|coming back|asked|about) [on|tomorrow|tmrw|
        after|monday|by|anymore|any more|much|myself|for]
    (won't|wont|will not|not) [be] (wake up|waking up)
    (after|by) (tonight|today|tomorrow|friday|saturday|sunday|monday|this) (i|i'm|im|it|you|she|he|nobody|
        everyone|there)
    (for the last time|one last time|last ones|on the other side|nap forever|sleep forever|be with nan|be with
        grandad|see my grandad|see my nan|see grandad|with him again soon|with her again soon|to heaven)
    goodnight (everyone|all|forever|world)
    (feel|feels|feeling) (calm|tidy|peaceful|at peace|lighter|free) [now|actually|about]
    (this is|that's|thats|it's|its) (me done|me finished|me gone|goodbye|the end|my last|it for me)
    """
_LEFT_BEHIND = """
    (gave|given|giving|give|leaving|left) [_] (my|mum|nan|his|her|him) [_] [_]
    (wrote|written|write|writing) [_] (mum|nan|dad|everyone|a|my|the|all|four|five|three) (letter|letters|
        note|notes|goodbye|goodbyes)
    (last|final) (poem|post|message|video|song|playlist|letter|drawing|story|upload)
    (sorted|counted|saved|hid|hidden|saving) [_] [_] (tablets|pills|paracetamol|insulin|meds)
    (tell|told) (my|me|mum|mam|ma|nan|dad|pip|miss|the) [_] [_] (sorry|bye|thanks|thank|she|he|it|i)
    (sorry|thank you|thanks|thank u|goodbye|bye|night) (mum|mam|mummy|for|about|to|all|everyone|lads|guys)
    (phone|password|pin) (is|in|under|code) [_] [_]
    (look after|be kind to|feed) (my|the) (dog|cat|hamster|sister|brother|rabbit|mum|nan|fish)
    made (my mind up|up my mind|my choice)
    """
_MEETING = """
    (meet|meeting) [me|you|u] (at|by|outside|behind|near|in|there|you|u|round)
    (i'll|ill|i will|i shall|i'm|im|we'll) [be] (at|by|near|in|outside|waiting|parked|driving|sat) [the|a|my|
        your] [_] (gate|station|park|bench|bandstand|swings|car|van|corner|shop|centre|bridge|interval|mill|
        canal|barrier|pier|slipway|hotel|bus|rec|field|woods|beach|groyne|cafe|café|now|at|concert)
    (car|car's|cars|uber|uber's|taxi|driver|driver's|van|lift) [is|will|will be|be] (outside|round|at|waiting|
        booked|coming|by|picks)
    (train|train's|coach|bus|ticket|ticket's|hotel) [is|i've|ive] (booked|paid|sent)
    (come|come over|come round|come back|pop round|pop over|sneak out|slip out|get off|get on|get in|walk) [_]
        [_] (to|at|round|the|my|mine|after|when|by|from|over)
    (my|the) (flat|flat's|spare room|room|caravan|house|studio|car|van|place|hotel)
    (pick|fetch|collect|drive|run) (you|u) (up|home|there|back)
    (give|offer) (you|u) [a] (lift|ride) [home]
    (come|pop|get yourself) (to|round to|over to|round) (my|mine) [studio|house|flat|place|room]
    (training|lesson|lessons|session|fitting|shoot|casting|photos) [_] (at|is at|round) (mine|my|a hotel)
    (take you for a|send a|sent a|i'll send a|ill send a) (drive|spin|car|taxi|cab|uber)
    (wait for me|see you|see u) (by|at|behind|outside|round) (the|my) [_]
    (outside your|outside ur|near your|near ur) (school|house|road|bus stop|club) [now|at|after]
    (side door|back gate|back door|changing room|car park|second bell|closed leisure centre)
    (take|get|catch) the (train|10|4|first|last|bus) [_]
    """
_SECRECY = """
    (come|be|turn up|get here) [along|here|over] (alone|on your own|on ur own|by yourself|by urself|just you)
    (on your own|on ur own|by yourself|just you|just us) (so|then|and|this time|lads|i'll|ill|when|ok|x)
    (don't|dont|do not|needn't|no need to) (bring|tell|say|mention|show) [_] (mate|mates|friend|friends|
        anyone|anybody|mum|mumsy|mam|dad|parents|nobody|who|owt|dog|them|home|mummy|foster)
    (tell|say) [_] [mum|mam|them|your mum|ur mum] (it's|its|you're|youre|ur|it was|you've got|you need|you
        got)
    (leave|turn|switch) (your|ur) phone
    phone off
    (on your own is|just you and|just you don't|just u|only you|alone is) [_]
    (when|after|once) [your|ur|the|all] (mates|friends|others|teachers|parents|staff) (have|have all|are)
        (gone|left)
    (tell|say) [your|ur] [mum|mam|dad] (ur|you're|youre) (at|out|with|going|staying)
    (no one|nobody|noone|they) (needs|has|have|need) to know
    (mums and dads|parents|mum and dad) (must|should|can|have to|need to) (stay away|keep out|not come|wait
        outside)
    (no phones|not your phone|bring nobody|bring no one|not a word|our secret|lucky secret|delete this|keep
        it from|say nothing|without your mum|stay quiet|mum doesn't need|mum won't know|the other boys|not
        the bus)
    """

_MISSING = """
    (my|our|her|his|their) [_] [_] [is|has|has gone|went|gone|is still] (missing) [since|from|and|she|he|
        please|help|for|now|after|police|he's|she's|phone]
    (hasn't|hasnt|has not|not|never|didn't|didnt|did not|haven't|still not|she's not|he's not) [yet|been]
        (come|came|got|get|turned up|arrived|shown up|returned|return|made it) (home|in|to school|to
        registration|at school|out of school)
    never (got|made it|arrived|turned up|reached) [_] (to|at|home|school|registration|in|class|lesson|lessons)
    (run|ran|runs) (off|away) [again|from|with|and|this]
    (went|gone|climbed|got) out [of] [the|her|his] [_] window
    not in (her|his) (bed|room|class|lesson)
    (not|hasn't|hasnt|nobody has|no one has) [been] (seen|home|heard from) [her|him|of] (since|for)
    (i|i've|ive|she's|he's|she has|he has) (run away|ran away)
    (gone|went|going) (off with|to meet) (that|a|an|some|this|him|her|the) [_]
    (has anyone|anyone|anybody|has anybody|have you|did anyone) (seen|see) (_)
    (can't|cant|cannot|couldn't) (find|get hold of|reach) (her|him|my|our)
    """
_ALARM = """
    (phone|phone's|phones|mobile) [is|has been|has|s|was] [switched|turned|going] (off|dead|straight|says)
    (police|999|101) [are|have|is|been|were] [_]
    (rung|ring|called|call|phoned|rang) (the police|police|999|101|me)
    (please|plz|pls) [_] (help|someone|somebody|anyone|ring|call|share|please)
    (help me|somebody help|panic|urgent|frantic|worried sick|beside myself|in pieces|out of my mind)
    (she's|he's|shes|hes|aged|aged:|only|age) (8|9|10|11|12|13|14|15|16|eleven|twelve|thirteen|fourteen|
        fifteen|ten|nine)
    (last seen|wearing|blazer|red coat|rucksack|brown hair|blonde hair|school coat|grey trousers|trackies)
    """


def _has_been_found(reading: Reading) -> bool:
    """Say whether the good news is told, or the story is an old one."""
    years = (word for word in reading.words if word.isdigit() and len(word) == _YEAR)
    return bool(_FOUND & reading.words) or any(years)


def _is_play(reading: Reading) -> bool:
    """Say whether the weapon is a toy or a prop."""
    return bool(_TOYS & reading.words)


_TOYS = frozenset("nerf lego toy toys prop props panto foam cardboard fortnite warzone laser".split())
_FOUND = frozenset("found safe ago documentary series podcast novel book film chapter episode".split())
_YEAR = 4


RULES = (
    Rule(
        name="suicide-said-plainly",
        about="Somebody says outright that they, or a person they know, will end their life",
        example="i'm going to hang myself after school",
        source=SAMARITANS,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        sure=True,
        phrases=phrases(
            """
            (want|wanna|wana|going|gonna|gunna|ganna|will|i'll|ill|about|planning|plan|decided|ready|trying|
                tried|try|tempted|rather|gon) [to] [just|go and|actually|really|go] (kill|hang|unalive|end)
                <myself>
            (going to|gonna|gunna|ganna|i'll|ill|i will|about to|decided to|planning to|ready to|gonna just|
                want to|wanna) [just|finally] (end my life|take my own life|take my life|commit suicide|
                end it all tonight|end it tonight|kill myself tonight)
            (took|taken|swallowed) (loads|a load|too many|a handful|handfuls|a bunch|a whole box|the whole
                box) of [her|his|my|the|mums] [_] (tablets|pills|paracetamol|antidepressants)
            (if|when) i (kill|hang|unalive|top|end) <myself> [tonight|tomorrow|would|will|nobody|tell]
            (he|she|they|son|daughter|friend|mate|brother|sister|lad|girl|boy|he's|she's|hes|shes|they're)
                [_] (says|said|saying|wants|wanna|going|gonna|gunna|threatening|threatened|threatens|trying|
                tried|planning|about) [he's|she's|hes|shes|they're|theyre|he|she|they|he'll|she'll] [is|
                wants|going|gonna|about|will] [to] (kill|hang|unalive|end) (himself|herself|themselves|
                themself|hisself|his life|her life|their life|his own life|her own life|it all tonight)
            (he|she|they|friend|mate|he's|she's) [_] [_] (took|taken|swallowed|taking) (all|loads of|a load
                of|a lot of|too many|a whole box of|the whole box of|20|30|40|50) [of] [her|his|the|mums|
                mum's|nans|some|these] (tablets|pills|paracetamol|sleeping pills|painkillers|meds)
            (i|i've|ive|just|have) (took|taken|swallowed|necked|taking) (all|loads of|a load of|a lot of|too
                many|a whole packet of|a whole box of|the whole box of|every one of|20|30|40|50) [of] [my|the|
                mums|mum's|nans|nan's|his|her|these] (tablets|pills|paracetamol|paracetamols|sleeping pills|
                antidepressants|painkillers|meds|insulin)
            (written|wrote|writing|left|leaving|found|posted) [a|my|his|her|their|the] (suicide note|suicide
                letter|suicide notes|note saying goodbye|note saying sorry)
            (going to|gonna|gunna|about to|want to|wanna|ready to|i'll|ill) [just] (jump off|throw myself off|
                step in front of|jump in front of|jump infront of|throw myself under|throw myself in front of|
                walk in front of|lie on) [a|the|that] (bridge|train|roof|bus|cliff|lorry|multi storey|tracks|
                railway|footbridge|car park|viaduct|flats)
            (by the time|when) you (read|see|get|find) this (i'll|ill|i will) [already] be (dead|gone for
                good)
            """
        ),
    ),
    Rule(
        name="farewell",
        about="It reads like a farewell: things given away or people thanked, and no need for tomorrow",
        example="gave my ps4 to my brother because i won't need it after friday",
        source=SAMARITANS,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        find=Together(_FAREWELL, _LEFT_BEHIND),
    ),
    Rule(
        name="despair-said-plainly",
        about="Somebody says outright that they do not want to live or that they hurt themselves",
        example="i dont want to be alive anymore",
        source=SAMARITANS,
        severity=Severity.HIGH,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        sure=True,
        phrases=phrases(
            """
            (don't|dont|do not|didn't|not) (want to|wanna|wana) (live|be alive|exist|live like this) [here]
                (anymore|any more|no more|any longer|in this world)
            (no reason|nothing left|nothing|no point) (to live|to live for|left to live for|in living|in being
                alive|in me living)
            (nobody|no one|noone) (would|will|wud) [even] (notice|care|miss me|cry) if i (died|was dead|were
                dead|killed myself|wasn't here|was gone|disappeared|weren't here|wasnt here)
            (everyone|everybody|family|mum|they|they'd|you'd|you|world) [all] [would|will|wud|d] [all|be]
                [be] better off (without me|if i was dead|if i died|if i wasn't here|if i wasnt here|if i
                were dead|if i was gone)
            (i|i've|ive|she|he|she's|he's|been|started|keep|keeps) [been|has been|only|still|just|started]
                (cutting|burning|starving) (myself|herself|himself|themselves|her arms|his arms|my arms)
                [again|because|every|to|with|since|at|in|for|after]
            (i|i'm|im|i've|ive|she's|he's|is|been|feel|feeling|son's|daughter's) [been|feeling|really|so|
                actually|having] (suicidal|suicidal thoughts)
            (wish|wished) (i was|i were) (dead|never born)
            """
        ),
    ),
    Rule(
        name="told-to-die",
        about="Somebody is told outright to end their life",
        example="kys nobody likes you",
        source=OSA,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        abuse=0.95,
        stance=Stance.RISK,
        sure=True,
        words=frozenset("kys kysl killyourself killurself gkys".split()),
        phrases=phrases(
            """
            (go|just|and|should|shud|shld|shoulda|please|pls|plz|u|you|ya|why don't you|why dont you|can you|
                literally|actually|then|already|hurry up and|better|ought to|need to|lol|start|pls start) [go
                and|go|just|all|actually] (kill|killing|hang|hanging|unalive|off|neck|drown) <yourself>
            (kill|hang|unalive|neck) <yourself> (already|now|lol|lmao|bro|u|you|tonight|please|pls|loser|ugly|
                fat|nobody|no one|noone|freak|slag|bitch|cunt|fag|faggot|retard|pig|cow|then|mate|x|xx)
            do (us|everyone|everybody|the world|me|the whole|yourself) [all|year|school|class] [all] a
                (favour|favor) [_] (and|n) [just|go|please] (jump|die|end it|kill yourself|kill urself|stop
                breathing|hang yourself|overdose|drop dead|not wake up|disappear forever)
            (go|just|hope you|hope u|hurry up and) [and|just] (commit suicide|drink bleach|slit your wrists|
                slit ur wrists|jump off a bridge|jump off a roof|jump in front of a train|step in front of a
                train|hang yourself|hang urself)
            (hope|wish|praying) [that] (you|u|she|he) (kill|kills|hang|hangs) (yourself|urself|herself|
                himself)
            (should|needs to|has to|ought to) [absolutely|just|honestly|really|go and] (kill|hang|unalive)
                (herself|himself|themselves|themself)
            """
        ),
    ),
    Rule(
        name="weapon-or-bomb-at-school",
        about="Threat: a weapon, a bomb or an attack, with the place or time named",
        example="I'm bringing a knife to school tomorrow",
        source="Action Counters Terrorism and NaCTSO advice on threats to schools",
        severity=Severity.CRITICAL,
        labels=(Label.THREAT,),
        facts=frozenset({Fact.SITE_THREATENED}),
        abuse=0.7,
        stance=Stance.THREAT,
        sure=True,
        unless=_is_play,
        phrases=phrases(
            """
            (there's|theres|there is|planted|put|placed|left|hid|hidden|leaving|planting|got) [a|the] [pipe|
                nail|petrol|home made] (bomb|bombs|explosive|explosives) (in|at|under|inside|near|on) [the|ur|
                your|this|our|that] [_] (school|hall|block|building|gym|canteen|academy|toilets|reception|
                library|car park|office|locker|classroom|assembly|bag|stage|bus)
            open fire (on|in|at) (your|the|this|that|ur) [_] (school|office|hall|staff|teachers|kids|gates|
                reception|canteen|assembly|academy|playground|prom)
            (bomb|explosive) (goes off|going off|will go off|set for|set to go|timed for) (at|in|<when>|
                period|during)
            (bring|bringing|bringin|brings|brang|taking|carrying|got|has got|hiding|pulled|with) [<a_or_his>]
                [<sort_of_weapon>] (knife|shank|machete|zombie knife|blade|gun|pistol|shotgun|acid|axe|rambo|
                crossbow) (to school|into school|in school|to class|in to school|at school|to the prom|to the
                gates|to lessons|to assembly|in assembly|to period _)
            (bring|bringing|bringin|gonna bring|going to bring) [<a_or_his>] [<sort_of_weapon>] (knife|shank|
                machete|zombie knife|gun|pistol|shotgun|acid|crossbow) [in|into|to] (<when>)
            (going to|gonna|gunna|will|i'll|ill|imma|want to|wanna|about to|someone's gonna|he's gonna|they're
                gonna|we're gonna|gon|boutta|let's) [just] (shoot up|blow up|bomb|burn down|torch) [the|this|
                that|your|ur|our|a] [whole|fucking|entire|damn] (school|building|hall|academy|assembly|
                classroom|canteen|gym|mosque|hotel|church|synagogue|gurdwara|temple|prom)
            (shoot|blow|shooting|blowing) [the|this|your] (school|place|building|academy|class) up [<when>]
            (school|academy|assembly|prom|canteen) [is] (getting|gonna get|is getting|going to get|gonna be|
                will be|going to be) (shot up|blown up|bombed|burnt down|burned down|torched)
            (suspicious package|suspect package|bomb threat) [was|has been|is] (found|left|received|made)
            (don't|dont|do not) (come|go) (in|to school|into school|in to school) [on] (<when>) ~ (not joking|
                die|dying|shoot*|bomb*|gun|knife|bodies|blood|hurt|warned)
            """
        ),
    ),
    Rule(
        name="meeting-in-secret",
        about="A meeting or a lift is arranged, and it is to be kept secret or come to alone",
        example="I'll be at the station at 6, come on your own and tell your mum it's choir",
        source=CEOP,
        severity=Severity.CRITICAL,
        sure=True,
        labels=(Label.GROOMING,),
        facts=_PRIVATE,
        abuse=0.75,
        stance=Stance.RISK,
        target=Target.CHILD,
        find=Together(_MEETING, _SECRECY),
        unless=lambda reading: reading.speaks_to_staff,
    ),
    Rule(
        name="child-missing-now",
        about="A child is missing, and somebody is alarmed",
        example="My daughter hasn't come home and her phone is off, please help",
        source=KCSIE,
        severity=Severity.CRITICAL,
        facts=CHILD_DISCLOSES,
        target=Target.CHILD,
        sure=True,
        find=Together(_MISSING, _ALARM, within=240),
        unless=_has_been_found,
    ),
    Rule(
        name="emergency-now",
        about="An emergency is going on: the police or an ambulance are called, or somebody begs for help",
        example="There's a man with a bat outside the gate, I've rung 999, keep the children in",
        source=KCSIE,
        severity=Severity.CRITICAL,
        facts=CHILD_DISCLOSES,
        target=Target.CHILD,
        find=Together(
            """
            (rung|ringing|called|phoned|rang|ring|call|dial|dialled) [for|the] (999|police|the police|an
                ambulance|ambulance)
            (police|ambulance) (are|have been|is|been|on) (coming|called|on their way|on its way|the way)
            (send|get) (somebody|someone|anybody|anyone|help|a teacher|an adult|an ambulance|police)
            (someone|somebody|anyone|please|pls) (go|come|help|ring) (now|quick|quickly|please|someone|there|
                the police|999)
            (come now|keep _ in|keep her in|keep him in|keep them in|do not let|evacuate now|lock the gates|
                lock the doors|send help|is unconscious|not breathing|not moving|hes not moving)
            """,
            """
            (knife|bat|gun|machete|blade|weapon|bomb|masks|drunk|police|999|blood|bleeding|fire|smoke|stabbed|
                package|drowning|ice|unconscious|breathing)
            (kids|children|child|girl|boy|lad|lads|lass|lasses|daughter|son|pupils|pupil|year _|your|her|him)
                (in|out|now|inside|outside|safe|by|at|on|with|is|are|and|to)
            (outside|at|by|near|inside|in) (the|your|our) (gate|gates|school|playground|yard|hall|fence|door|
                toilets|pond|canal|road)
            """,
        ),
        unless=_has_been_found,
    ),
    Rule(
        name="child-may-be-taken",
        about="Somebody who may not have a child is coming for it, or says that they will take it",
        example="his father is not allowed to collect him and he is outside the school now",
        source=KCSIE,
        severity=Severity.CRITICAL,
        sure=True,
        labels=(Label.THREAT,),
        facts=CHILD_DISCLOSES,
        abuse=0.0,
        stance=Stance.RISK,
        target=Target.CHILD,
        find=Together(
            """
            (not|isn't|isnt|never|no longer) [_] (allowed|permitted) [to] [_] (collect|pick|her|him|near|the|
                fetch|see|have|on)
            (court|restraining|non molestation|prohibited) (order|paper|papers|orders|steps)
            (whatever|don't care what|dont care what|no matter what) [any|the|a|some] (judge|court|social
                worker|social services|order)
            (custody|abduct|abducted|snatch|snatched|kidnap|kidnapped)
            """,
            """
            (outside|at the gate|at the school|in the car|in a van|now|coming|on his way|on her way|took|
                taken|take her|take him|found us|fly|flight|passport|pick him up|pick her up|collect him|
                collect her|gone in|sat in|parked)
            """,
            within=120,
        ),
    ),
)
