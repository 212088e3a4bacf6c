"""Adults and strangers edging towards a pupil; pupils and parents trying to reach staff in private."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact

CEOP = "CEOP Education, how grooming happens online"
POLICY = "school policy: do not meet somebody you have only met online"
_PRIVATE = frozenset({Fact.PRIVATE_CONTACT, Fact.CHILD_AT_RISK})

RULES = (
    Rule(
        name="meeting-a-pupil",
        about="Somebody arranges to meet a pupil, to fetch or to wait for one, alone or in secret",
        example="meet me at the park after school, come alone",
        source=POLICY,
        severity=Severity.CRITICAL,
        labels=(Label.GROOMING,),
        facts=_PRIVATE,
        abuse=0.75,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (meet|meeting|see) (me|up with me|up) ~ (alone|on your own|by yourself|on ur own|just us|just
                you|just me and you|secret|without your|don't tell|dont tell|hotel|my house|my place|my car|
                my flat|woods)
            (meet|meeting|meetup) [me|up|with] (after school|behind|by the|at the park|round the back|at the
                woods|near your|near ur|at mine) ~ (alone|on your own|by yourself|on ur own|don't tell|dont
                tell|just us|secret|present|surprise|trust me)
            (come|came) (alone|by yourself|on your own|on ur own) [and|dont|don't|to] (tell|meet|my|to|ill|
                i'll|and|no one|nobody|after|its|it's)
            (pick|picking|picked|collect|fetch|grab) (you|u|ya) up ~ (after school|from school|alone|just
                us|just me and you|don't tell|dont tell|corner|round the|gate|gates|secret|no one|nobody|
                mum|car|van|9|10)
            (i'll|ill|i can|i could|i will|let me) (pick|collect|fetch|drive|meet|take) (you|u) [up|home|
                out] ~ (alone|just us|just me and you|dont tell|don't tell|secret|no one|nobody|your mum|ur
                mum|your parents|van|gate|gates)
            (which|what) (gate|door|entrance|exit|bus stop|bus|way|road|street) [do] (do you|do u|you|u|does
                she|does he|she|he|are you|they) [usually|normally] (come|leave|walk|get|use|go|live|exit|
                wait) [out|home|off|on] ~ (wait|van|car|meet|alone|pick|watch|lift)
            (i'll|ill|i will|i can|i'm|im) [be] (wait|waiting|sat|parked|sitting) ~ (van|car|bmw|audi|golf|
                corner|alley|behind) [for you|for u|for her|for him|after|at|outside|by]
            (come|pop|sneak) (round|over|to mine|to my|out) [to] [mine|my|house|place|flat|tonight] ~
                (parents are out|wife is out|alone|don't tell|dont tell|just us|no one will|nobody will|
                vodka|weed|drink|secret|while)
            (sneak|slip|climb) out [of|tonight|and|when|after|the] ~ (meet|me|window|asleep|bed|car|mine)
            (come|get) (in|into) my (car|van|bed)
            (wanna|want to|fancy|would you like to|u wanna) (meet|meet up|hang out|hang|chill|link) ~
                (alone|secret|just us|just me and you|older|in person|irl|real life|hotel|don't tell|dont
                tell|no parents)
            (sit|sitting) on my (lap|knee|face)
            (run|running) away (with|to) me
            (give|offer|drive|run) (you|u) [a|home] (lift|ride|home) ~~ (your mum|ur mum|your parents|don't
                tell|dont tell|no one|nobody|near your school|on your own|in my van|secret|by yourself)
            (near|outside|by|opposite) (your|ur) (school|house|bus stop) ~~ (lift home|give you a lift|pick
                you up|drive you|see you walk|watch you|wait for you)
            (yours|all yours|have it|got one|got a spare|free|present|surprise) ~~ (if you come|if u come|
                come and get it|come and collect it|collect it|come get it|come round) ~ (by yourself|on
                your own|alone|on ur own|mine|my house|my place|tonight|your mum)
            (what time|when) (does|do|is|are|will) (your|ur) (mum|parents|dad|mam|foster mum|nan) (go to
                work|go out|leave|get home|get in|out|back|at work|asleep|away|going out) [_]
            (collect it|pick it up|come and get it|come and collect it|get it) (by yourself|on your own|
                alone|on ur own)
            """
        ),
    ),
    Rule(
        name="edging-into-private",
        unless=lambda reading: reading.speaks_to_staff,
        about="Somebody edges a young person towards private contact, secrecy, gifts or pictures",
        example="hey you seem really mature for your age, whats your snap",
        source=CEOP,
        severity=Severity.HIGH,
        labels=(Label.GROOMING,),
        facts=_PRIVATE,
        abuse=0.65,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (mature|grown up|old|pretty|advanced|developed|sexy|beautiful|wise) for (your|ur) age
            (whats|what's|what is|send|drop|give|gimme|can i have|can i get|do you have|have you got|you
                got|u got) [me|you|u|your|ur|a|any|us] [me|your|ur] <app> [x|name|user|username|hun|babe|
                babes|beautiful|cutie]
            (add|follow|hmu|hit me up|message|dm|text|find|snap|inbox|msg|pm) me [on|up on|back on|
                privately|my] [my] <young_app>
            (add|follow) (my|me on my) [private|other|second|priv|new] <app>
            (talk|chat|speak|move|continue|go|switch|carry on) [to|on|over|this|privately|private|somewhere|
                there] [on|to|over|private] [my] (private|privately|dms|somewhere private|somewhere more
                private|off here|another app|a different app|snapchat|telegram|whatsapp|kik|discord|just us|
                just me and you)
            (add|message|dm|text|inbox|snap|msg|pm) me [babe|hun|beautiful|cutie|sexy|gorgeous|princess|
                private|privately|x|later|if|tonight] (babe|hun|beautiful|cutie|sexy|gorgeous|princess|
                privately|bored|lonely|if you're lonely|if you want to talk to someone who understands|in
                secret)
            (lets|let's|can we|shall we|we can|we could|we should|want to|wanna|better to) (swap|switch|
                move|jump|hop|go|talk|chat|message|carry on) [over|on|this|there] [to|on|over] <app>
            (earn|make|get|give you|pay you|giving|bag|paying) [you|up to|easily|like] [£|$] [_] [a|per|
                every] [week|weekend|day|drop|night|time|run] [just|for|by|easy|to] [just] (holding|
                dropping|moving|keeping|delivering|stashing|looking after|carrying|hold|drop|carry) [on to|
                off|onto|some|a|few|this|a few|my] [some|a|my|few] (stuff|things|bits|package|packages|bags|
                it|parcels|food|bag|something)
            (watching|watched|been watching|i saw|was looking at|love watching|like watching) [you|u] ~
                (from the car|from my car|from my van|through the|at the gates|in your kit|in your uniform|
                in your pe kit|in your netball|walk home|every day|get changed|playing)
            (in|wearing) (your|ur) [_] (kit|uniform|skirt|swimsuit|leotard) [_] ~~ (watching you|beautiful|
                gorgeous|sexy|hot|looking at you|thinking about you)
            (just|only) (for|between) (you and me|me and you|us two|the two of us|us)
            (don't|dont|do not|never|no need to|you can't|you cant|can't|cant|won't|not) (tell|telling|let|
                show|mention|say) [this|it|anything] [to] (your|ur|ya|yer|his|her) (mum|mums|mom|dad|
                parents|teacher|teachers|family|friends|carer|nan|sister|brother|foster)
            (don't|dont|do not|you can't|you cant|can't|cant|never) tell (anyone|anybody|no one|nobody|any1|
                noone|a soul) [about|that|we|i|what|ok|else] (us|we|me|i|this|our|about|ok|else|what|chat|
                talk|met|babe)
            (it's|its|be|just|is|keep|stay|stays|this) [just|will be|can be|is] our [little] (secret|
                secrets)
            (keep|stay|stays|keeping) [this|it|us] (between us|between you and me|between me and you|just
                between us|a secret|secret|our secret)
            (delete|deleting|clear|wipe) [this|the|our|all|these] (chat|chats|messages|convo|conversation|
                texts|message|thread) [after|so|when|in case|before|from] (so|after|when|in case|before|
                your|ur|you|u|mum|nobody|reading)
            (delete|clear) (this|the|our|these) (chat|messages|convo|texts) ~ (mum|dad|parents|anyone|after|
                sees|see)
            (i'll|ill|i can|i could|i will|let me|wanna|want me to|if you want i can|i would) (buy|get|give|
                send|pay) (you|u|ya) ~ (if you|if u|in return|for a pic|robux|vbucks|v bucks|vape|vapes|
                phone|trainers|money|anything you want|vodka|weed|whatever you want|gift card|skins|nudes|
                treat)
            (send|show|sent|sending|want|swap|trade) [me|us|more|some|a|another] [me|more|some|a|another]
                (pic|pics|photo|photos|picture|selfie|selfies|video|vid) of (you|u|ya|your|ur|yourself|
                urself|you in|you with)
            (send|show|want|asking for|asked for|asks for|asking him for|asking her for|swap) [me|more|some|
                a|for|her|his] (feet|body|bikini|underwear|bra|private|naughty|sexy|bed|shower|uniform)
                (pic|pics|photo|photos|selfie|picture|pictures)
            (are you|are u|r u|is she|u) [home|all|at home] (alone|home alone|on your own|by yourself|on ur
                own|in bed|lonely)
            (got|have|had|you got|u got|do you have|do u have) [you|u] [a|any] (boyfriend|girlfriend|bf|gf)
                [yet|babe|hun|cutie|x|do|at] (yet|babe|hun|cutie|x|at your age|do u|do you|beautiful|
                gorgeous)
            (how old|what age|what year) (are you|are u|r u|you|u) [in] [beautiful|cutie|babe|hun|gorgeous|
                sexy|pretty|x|really|i'm|im] (beautiful|cutie|babe|hun|gorgeous|sexy|pretty|x|really|i'm|im|
                got snap|got insta|snap|u look)
            (age is just a number|age doesn't matter|age doesnt matter|age aint nothing|you look older|u
                look older|look 18|act older than|don't mind older|dont mind older|like older men|like older
                guys|like older lads)
            (i|they|parents|mum|nobody|no one|teachers|friends) [just] (understand|understands|get|gets|
                don't|dont|doesn't) [understand|get] (you|u) [like|better|more] (like i do|like me|better
                than your|better than anyone|more than|the way i do)
            (trust me|you can trust me|u can trust me) ~ (secret|mum|tell|parents|pic|pics|alone|babe|i'm
                not|special|only you)
            (you're|youre|ur|you are|u r|your) [so|my|a|very|really] (special to me|my special|not like
                other girls|not like the other|different from the other|different to other|special girl|
                special boy)
            (model|modelling|photo shoot|photoshoot|tiktok house|casting|talent scout) ~ (dm|message|
                underage|under 18|13|14|15|private|bikini|cash|scout)
            (looking|wanted|need|want|hiring|after) [for|some|a few] (young|school|year) (lads|girls|boys|
                kids|people|runners|teens|girl|boy) [to|for|who|under|that] ~ (deliver|drop|runner|earn|
                cash|bits|easy money|quick money|model|fun|party|parties|package)
            (easy|quick|fast) money [lads|for|bro|just|boys|drop*|running] ~ (drop|dropping|package|parcel|
                packages|county|country|trap|runner|line|bando|bits)
            (drop|deliver|carry|move|hold) [off] [a|some|this|the|few|it] (package|packages|parcel|bits|
                food) [for|to|and] ~ (cash|each|£|easy|quick|pay|older|no questions|trainers)
            """
        ),
    ),
    Rule(
        name="picture-for-a-gift",
        about="Pictures are asked for in return for gifts or money",
        example="I'll buy you those trainers if you send me a pic",
        source=CEOP,
        severity=Severity.HIGH,
        labels=(Label.GROOMING, Label.SEXUAL),
        facts=_PRIVATE,
        abuse=0.7,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (buy|get|give|send|pay) (you|u|ya) ~ (if you|if u|for|and you|then you) [just] [send|show] [me]
                [a|some|more|one|another] (pic|pics|photo|photos|picture|pictures|selfie|nudes|vid|video)
            (pic|pics|photo|photos|nudes|selfie) for (robux|vbucks|v bucks|skins|money|cash|vapes|a vape|a
                gift card|credit)
            """
        ),
    ),
    Rule(
        name="stranger-told",
        about="Somebody tells of a stranger or an adult who approaches, follows, films or messages children",
        example="there's a man in a van outside the gates taking photos of the kids",
        source=CEOP,
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.GROOMING,),
        facts=CHILD_DISCLOSES,
        stance=Stance.THREAT,
        target=Target.CHILD,
        phrases=phrases(
            """
            (man|bloke|guy|stranger|adult|woman|older lad|older guy|someone|weirdo|creep|somebody|older man|
                he|old man) ~ (messaging|messaged|message|adding|added|following|contacting|contacted|
                texting|talking to|dming|snapchatting|approached|approaching|offered|offering|asking|asked|
                tried to get|trying to get|filming|photographing|watching) ~ (my daughter|my son|my child|
                kids|children|girls|boys|a pupil|pupils|daughter|son|year 7|year 8|year 9|a girl|a boy|a
                lift|sweets|her|him) [on|for|to|at|in] ~ (snapchat|snap|instagram|insta|photos|pictures|
                nudes|meet|lift|sweets|car|van|gates|roblox|discord|tiktok|whatsapp|online|alone|phone|pics|
                outside school|private|number|address)
            (man|bloke|guy|stranger|weirdo|creep|someone|car|van|male) ~ (outside|near|by|at|following|
                watching|hanging around|hanging about|parked) [the|school|of] (gates|gate|school|playground|
                field|kids|children|girls|fence|railings|bus stop) ~ (photo|photos|taking|filming|
                photographing|pictures|watching|staring|approach*|kids|children|girls|talking to|offering|
                again|camera)
            (tried|trying|tries|attempt*|asked|asking|told) [me|her|him|them] [to] (get|lure|grab|drag|pull|
                coax|entice) [in|into] (my daughter|my son|her|him|a girl|a boy|a child|kids|children|girls|
                me|a pupil|them) (into|in) [a|his|the|their] (car|van|vehicle|house|alley)
            (grooms|grooming|groomed|being groomed) (my|him|her|kids|children|our|pupils|girls|boys|young|
                online) [_]
            (been|being|was|is) groomed [by|online]
            (man|bloke|feller|fella|guy|stranger|someone|lad|woman|he|coach|driver) [_] ~ (offered|offering|
                gave|sent|bought|buys|bringing) (her|him|my|our|them|one|a) [_] [_] (lift|sweets|sweet|
                necklace|phone|trainers|vape|vapes|money|airforces|headset|skin|laptop|hoodie)
            (given|got|got given) [a|new|some] [_] (phone|trainers|necklace|vape|jacket|money) [_] [that|by|
                off|from] [_] ~ (older|man|lad|bloke|guy|coach|never met|won't say|wont say|online|the app)
            (guy|man|bloke|lad|someone|person|boy) (on|from) [the|my|a|her|his|our] (app|game|server|roblox|
                snapchat|snap|discord|internet|tiktok|instagram|insta|chat) [_] ~ (says|said|wants|asked|
                asking|knows|bought|sent|meet|waits|told|keeps)
            (texts|texting|messages|messaging|messaged|dms|messaging) (her|him|my|our|girls|pupils) [_] [_]
                (after midnight|late at night|at night|every night|privately|in private|secretly)
            """
        ),
    ),
    Rule(
        name="reaching-staff-in-private",
        about="A pupil or parent tries to befriend or reach a member of staff personally",
        example="Hi Miss Carter are you on Insta? would love to chat x",
        source="school policy: attempts to befriend staff are reported to the headteacher",
        severity=Severity.LOW,
        facts=frozenset({Fact.STAFF_CONTACT}),
        phrases=phrases(
            """
            (sir|miss|coach) [_] [_] (add|accept|follow|whats|what's|what|ur|your|have|got|do you have|what
                is) [my|me|your|ur|u|on|ur] <app>
            (sir|miss|coach|mr _|mrs _|ms _) ~ (whats|what's|what is|whats ur|got|have|add me|accept my) ~
                <app>
            (could|can|would) (mr _|mrs _|miss _|ms _|sir|miss) [_] [please] (ring|call|text|email|message|
                phone) me
            (pass|give|send) (mr|mrs|miss|ms) _ my (number|email|mobile)
            (mr|mrs|miss|ms|dr|sir) [_] ~ (on|got|have|add me on|your|ur|follow me on) [your|ur|on] <app>
            (add|follow|accept) me (back|on) ~ (sir|miss|mr|mrs|ms)
            (mr|mrs|miss|ms|sir) [_] ~ (accept|add|follow) [my|me] (friend request|follow request|request|me
                back|me)
            (sir|miss|mr|mrs|ms) [_] [pls|please|can you|can u|why won't you|why wont you] (accept|add|
                follow) [my|me] (friend request|follow request|request|back|me)
            (accept|accepted|accepting) my (friend|follow|friendship) request [sir|miss|mr|mrs|ms|on|please|
                pls]
            (which|what|anyone know which|where does|where abouts does) (house|street|road|pub|gym) [does|
                do] (mr|mrs|miss|ms|sir) [_] (live|lives|drink|drinks|go|use)
            (found|find|finding|looked up|look up|searching for) (sir|miss|mr _|mrs _|miss _|ms _|my
                teacher|my teachers|a teacher) on (facebook|insta|instagram|tiktok|snapchat|tinder|hinge|
                bumble|twitter|x)
            """
        ),
    ),
    Rule(
        name="asking-for-staff-details",
        about="Somebody asks for a member of staff's private number, email or address",
        example="Can I have Mr Green's mobile number please, need to speak to him tonight",
        source="school policy: attempts to contact staff personally are reported to the headteacher",
        severity=Severity.LOW,
        labels=(Label.PERSONAL_DATA,),
        facts=frozenset({Fact.STAFF_CONTACT}),
        target=Target.STAFF,
        phrases=phrases(
            """
            (have|get|need|give|got|send|pass|anyone) [me|us|on|have] (mr|mrs|miss|ms|sir|sirs|the teachers|
                the heads) [_] [s] (personal|private|mobile|phone|home|own|number|address) [number|address|
                mobile|email|phone]
            (mr|mrs|miss|ms|sir) [_] [s] (personal|private|mobile|home) (number|mobile|phone|address|email|
                facebook|instagram|account)
            """
        ),
    ),
)
