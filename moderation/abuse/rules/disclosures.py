"""A child has been hurt, is afraid, neglected, bullied or missing, or somebody says so."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Severity, Target

KCSIE = "Keeping children safe in education, part one"

RULES = (
    Rule(
        name="missing-child",
        about="A child is missing",
        example="my daughter didn't come home from school, has anyone seen her?",
        source=KCSIE,
        severity=Severity.CRITICAL,
        facts=CHILD_DISCLOSES,
        target=Target.CHILD,
        phrases=phrases(
            """
            <young_person> [_] (didn't|didnt|never|hasn't|hasnt|has not|did not|not|hasn't been|still
                hasn't|still not) [yet|been] (come|came|got|get|arrived|made it|turned up|returned|come
                back|been seen|come out|been) [back|home|out|in|at] [home|from|to|since|back|off|at|yet|of]
                (home|from|school|since|seen|bus|club|back|tonight|yet|out)
            <young_person> [_] [_] (is missing|was missing|who is missing|reported missing|been missing|
                still missing|has gone missing|gone missing|went missing|ran away|run away|vanished|
                disappeared|been taken|been kidnapped|been abducted)
            (my|our|his|her|their|a) <young_person> ~~ (not|hasn't|hasnt|never|didn't|didnt|hasn't been)
                [yet|been] (arrived|arrive|turned up|turn up|come home|came home|got home|get home|been
                seen|shown up|made it home|come back|returned|reached school|got to school|made it to
                school|come out of school)
            (missing|lost) [year 7|year 8|12|13|14|15|11|10|9|8|7|6|5|4|my|our|young|local|school|teenage|
                vulnerable] [year old|yr old|year] (child|girl|boy|pupil|schoolgirl|schoolboy|teenager|
                toddler|son|daughter|student|kid)
            (has anyone|anyone|has anybody|anybody|have you) (seen|see) (_) ~ (year 7|year 8|year 9|year 10|
                year 11|year 6|year 5|aged _|school uniform|years old|my son|my daughter|never reached
                school|didn't get home)
            (never|didn't|didnt|hasn't|not) (reached|reach|got to|get to|made it to|make it to|arrived at|
                arrive at) (school|home|class|club|nursery)
            (can't|cant|cannot|couldn't|unable to) (find|get hold of|locate|reach) (my|our) [_] (son|
                daughter|child|kids|little boy|little girl|lad|girl|boy|grandson|granddaughter)
            (has anyone|anyone|have you|did anyone|anybody) (seen|see) (my|our) [_] (son|daughter|child|
                little boy|little girl|lad|girl|boy|grandson|granddaughter)
            (walked|wandered|run|ran|gone|went) (out of|off|away from) [the] (school|playground|site|
                nursery|class|building) [and|on his|on her|alone|by] ~ (alone|nobody noticed|no one noticed|
                missing|road|found|can't find|cant find|own)
            (taken|snatched|abducted|grabbed) (by|from) [a|the|outside|some|her|his] (man|stranger|school|
                van|car|dad|ex|gates|playground)
            """
        ),
    ),
    Rule(
        name="child-hurt",
        about="A child is hurt, neglected or in fear of somebody, or somebody says so",
        example="my stepdad hits me when mum's at work",
        source=KCSIE,
        severity=Severity.HIGH,
        facts=CHILD_DISCLOSES,
        stance=Stance.THREAT,
        target=Target.CHILD,
        phrases=phrases(
            """
            (my|our|his|her|their|the|a) <carer> [_|always|keeps|sometimes|has been|has|is|just|who|started|
                still|only|had] [been|always|keeps] (hit|hits|hitting|beats|beat|beating|slaps|slapped|
                slapping|punched|punches|kicks|kicked|hurts|hurt|hurting|strangled|chokes|choked|burns|
                burned|burnt|locks|locked|starves|starved|touches|touched|touching|rapes|raped|abuses|
                abused|abusing|molested|molests|gropes|groped|grabbed|grabs|pinned|threatens|forces|forced|
                batters|battered|shakes|shook|whips|belts|threw|throws|pushed|dragged|assaulted|manhandled|
                shoved|headbutted|bites|bit|kissed|kisses|spat) (me|him|her|my|them|us|our|a child|a pupil|a
                boy|a girl|kids|children|a student|pupils|the kids|the children|his|a year|a kid|me and|one
                of)
            <carer> [_|always|keeps|has been] (comes|came|gets|got|coming|creeps) (in|into) [to] (my|his|
                her) (room|bed|bedroom|shower|the bathroom)
            (scared|frightened|terrified|afraid|petrified|don't want|dont want|doesn't want|doesnt want|
                begging not|refuses|too scared) [of] [to] (go|going|be|come|go back) home
            (scared|frightened|terrified|afraid|petrified) of (my|her|his|their|what my|what his) <carer>
            (scared|frightened|terrified|afraid) [he|she|he's|she's|they|of what] [will|gonna|going to|
                might|he|ll] (hurt me|kill me|kill my mum|kill us|hurt my mum|hurt us|hit me|do it again|
                come back and|what he'll do|what he will do)
            (mum|dad|parents|mam) [has|have|hasn't|hasnt|haven't|havent|not|is|never|been|s] [not|been|gone]
                (been back|come back|come home|came home|been home|left us|left me|passed out|drunk again|
                always drunk|off her head|off his head|on drugs|in prison|out all night) [since|for|in|
                again|on|alone|with]
            (left|leaves|leaving|leave) (me|us|them|him|her|the kids|my brother|kids|my sister|my siblings)
                (alone|on our own|on my own|on their own|home alone|with him|by ourselves|for days) [all|
                for|at|every|overnight|with|in|since|until] (night|days|weekend|home|overnight|since|hours|
                every|all|no|week|the house)
            (hit|hits|beat|beats|hitting|punched|slapped|kicked|hurting|strangled|choked|battered|abusing|
                abuses|pushed|attacked) (my|our) (mum|mam|sister|brother|little brother|little sister|
                <young_person>|dad)
            (my|our|her|his|a|the) <young_person> [was|has been|got|is being|is|has|had been|were|who was|
                came home|being|gets] [been|getting] (attacked|assaulted|beaten|beaten up|beat up|punched|
                kicked|stabbed|strangled|raped|touched|groped|abused|hurt by|jumped|battered|hit by|slapped
                by|dragged|manhandled|pushed down|hospitalised|held down|locked in|restrained|robbed|mugged|
                grabbed|pinned|choked|molested|sexually assaulted|spiked|pushed over|headbutted|covered in
                bruises) [up] [by|in|on|at|again|and|after|during|with|outside]
            (bruise|bruises|bruised|black eye|burn marks|belt marks|cigarette burns|hand marks|finger marks)
                [all|on|over|from|and|up|down|across|to|where] [over|on|my|his|her|the|from] (my|his|her|
                arms|arm|face|neck|back|legs|body|where|dad|mum|stepdad|another|after|home)
            (touched|touches|touching|groped|groping|felt|rubbed|fondled|feels|grabs) (me|him|her|my
                daughter|my son|my child|a child|pupils|kids|girls|boys|my) [up|inappropriately|private|
                privates|in|down|where|bum|chest|parts|leg|between|under|there]
            (he|she|they|someone|teacher|uncle|stepdad|dad|coach|man) (makes|made|forces|forced) me [to] (do
                things|touch|take|watch|undress|do stuff|sleep|get undressed|kiss|do sexual|lie|sit on)
            (i'm|im|i am|i was|i've been|ive been|my friend is|my friends|my friend was|she's|shes|he's|hes|
                she is|he is) [being|been|getting] (raped|molested|sexually assaulted|sexually abused|
                abused|trafficked|spiked|forced into)
            (female genital mutilation|fgm|forced marriage|force me to marry|forcing me to marry|marry my
                cousin|make me marry|arranged marriage in|honour killing|sent to pakistan to|taken abroad
                to)
            (don't|dont|do not|not|never|doesn't|doesnt) (feel|feels) safe [at|in|with|going|around|walking]
                (home|school|with|here|him|going|at|my|house|around|class|the house|alone|being)
            (please|pls|someone|somebody|can someone|plz) help me [please|pls|i|he|she|im|i'm|dad|my|mum|
                he's|now] (i'm scared|im scared|he's|hes|she's|i don't know what to do|i dont know what to
                do|hurting|hit|safe|coming|again|please)
            (his|her|their) (hands|hand) (where|all over|up my|up her|down my|down her|on my leg|on my
                thigh|on her leg) [he|she|they|skirt|top|me|her|shouldn't|him]
            (nobody|no one|noone|never|won't|wont|doesn't|didn't) (believe|believes|believed) me (about|
                when|that|over) [what] ~ (did|coach|teacher|uncle|stepdad|dad|touched|hurt|him|sir|brother|
                happened)
            (comes|come|came|coming|turns up|turned up|arrives|always|goes|seen) [in|to school|home|into
                school] [to school|every day|again] (with|covered in|got) [_] [_] (bruises|bruise|black eye|
                black eyes|burns|no coat|belt marks|marks on|fingermarks|a split lip|unwashed)
            (wears|wearing|wore|in) the same (clothes|dirty clothes|uniform) (every|all|for days|day after|
                since|again|and)
            if (i|she|he|we) (tell|tells|told|say|says|speak|speaks|said) (anyone|anybody|someone|a teacher|
                anything|you|the school|mum|my mum|social services) ~~ (moved|taken|hurt|kill|trouble|worse|
                care|hit|away|prison|he'll|she'll|they'll|beat|again)
            (says|said|told me|tells me|warned me|threatened) ~ (i tell|not to tell|don't tell|can't tell|
                never tell|not allowed to tell|keep quiet|keep my mouth shut) ~ (anyone|anybody|mum|
                teachers|again|or|school|hurt)
            (won't|wont|will not|not|isn't|never) [_] (let|letting|lets) (me|her|him|us) [_] (home|out|go|
                leave|go home) [_]
            (my own wedding|wedding in pakistan|wedding in bangladesh|wedding in india|wedding in lahore|
                wedding in somalia|booked one way|one way ticket|took my passport|got my passport|hid my
                passport|marry him|marry a man|husband for me|engaged to a man)
            (makes|made|making|keeps) (me|her|him|my daughter|my son|us|the girls|girls|boys) (stay behind|
                stay after|stay late|sit on|go to his|come to his|alone|in his|in her|behind|back) ~~
                (locks|locked|alone|the door|lap|dark|on our own|touch*|nobody|scared|close)
            (locks|locked|locking|shuts|bolts) (the door|me in|us in|him in|her in|the classroom|the office)
                ~ (alone|with him|dark|hours|cupboard|touch*|scared|when|and|so|behind)
            (locked|kicked|threw|thrown|chucked|kicks|throws|chucks|locks) (me|us|him|her|my friend|my mate)
                out [again|of|last|the|in|and|tonight|on|for] [the|house|my] [_]
            (nowhere|no where|haven't got anywhere|havent got anywhere|no place) to (sleep|go tonight|stay
                tonight|live|stay)
            (sleeping|slept|sleep) (rough|in the car|in a tent|on the streets|at the bus station|in the
                shed|outside)
            (drunk|drugs|heroin|spice|stoned|smackhead|off her face|off his face|passed out) ~ (picking up|
                pick up|picked up|collecting|collected|in charge of|looking after|driving) ~ (kids|child|
                children|son|daughter|school|him|her)
            (child|kids|children|baby|toddler) [left|locked|alone|crying] ~ (in|alone in) [a|the|hot|parked]
                (car|house|van) [_] (alone|hours|hot|locked|park|outside|on)
            (social services|child protection|safeguarding) (should|need to|needs to|must|have been|haven't|
                should be|concern|issue|failure|emergency) [know|called|involved|be|about|taking|look]
            """
        ),
    ),
    Rule(
        name="child-neglected",
        about="A child goes without food, warmth, clean clothes or a place to sleep",
        example="there's no food at home again",
        source=KCSIE,
        severity=Severity.HIGH,
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (no|not enough|isn't any|isnt any|never any|without any|not had any) (food|heating|electric|
                electricity|dinner|tea|hot water) (at home|in the house|again|in the cupboards|in the
                fridge|for days|since|left|tonight|at ours|at mine)
            (haven't|havent|hasn't|hasnt|not|didn't) [had|eaten|ate] (eaten|anything to eat|a meal|eat)
                (since|for days|in days|at home|for two days|for three days|today or)
            (haven't|havent|hasn't|hasnt|not|no|without|only) [had|eaten|a|got|one] [a|any|one] (proper|hot|
                decent|real|cooked) (meal|meals|dinner|tea|food) (since|for days|in days|for a week|in a
                week|at home)
            """
        ),
    ),
    Rule(
        name="bullying-told",
        about="Somebody tells that a child is being bullied or is unhappy because of others",
        example="My son is being bullied, who do I speak to?",
        source="school policy: bullying is always answered, by the designated safeguarding lead",
        severity=Severity.LOW,
        facts=CHILD_DISCLOSES,
        stance=Stance.OPINION,
        target=Target.CHILD,
        phrases=phrases(
            """
            (being|been|getting|gets|got|was|is|were|still|constantly|are|get|badly) [badly|constantly|
                still|really|relentlessly|severely|so] (bullied|picked on|cyberbullied|cyber bullied|
                harassed|tormented|terrorised|victimised|targeted|intimidated|made fun of|teased|ganged up
                on|excluded|left out|ostracised|laughed at|called names|racially abused|racially bullied)
            (bullying|bullies|bully|bullied|picking on|tormenting|teasing|targeting|harassing|intimidating|
                mocking|ganging up on|making fun of|pick on|targets|terrorising) [of] (my|our|me|other|kids|
                children|younger|year|one of|the younger|small|smaller)
            (shove|shoves|shoved|push|pushes|pushed|trip|tripped|kick|kicked|spit on|spat on|punch|punched|
                throw|threw|film|filmed|corner|cornered|hit|hits|slap|slapped) (my|our) (lad|son|daughter|
                child|girl|boy|little boy|little girl|kid|grandson|granddaughter) [_]
            (my|our|the) [_] (bully|bullies|bullys)
            (bullying|bullies|racism) (is|has|in|at|keeps|problem|issue|issues|going|goes|continues|there|
                needs|hasn't|hasnt|not|again|incident|incidents|gets|report|complaint|claims|by|from|every|
                all|needs) [_] (ignored|school|year|going|happening|bad|reported|sorted|class|dealt|
                continues|rife|problem|bus|day|again|happened|continued|stopped|out|not|worse|awful|swept|
                here|on|in|at|my)
            (son's|sons|daughter's|daughters|child's|childs|kid's|kids|her|his|my) life [is|a|at school|has
                been] [a|at school|is|absolute|living|made|pure] (hell|misery|living hell)
            (making|made|make|makes) (my|his|her|their|our) [son's|daughter's|sons|daughters|child's|kids|
                lad's|lads|girl's|little girl's] (life|days|school life) (hell|a misery|a living hell|
                miserable|unbearable|a nightmare)
            (scared|afraid|terrified|frightened|refusing|refuses|too scared|doesn't want|doesnt want|won't|
                wont|dreads|dreading|too anxious|don't want|dont want|begging me not|cries) [about|of] [to]
                (come|coming|go|going|go back|come back|attend) [back|in|into] [to] (school|class|lessons|
                in|the bus) [_]
            (comes|came|coming|come) home (crying|in tears|upset|with|bruised|every day crying|sobbing|
                distraught)
            (crying|cried|cries|in tears|sobbing) [_] ~ (every|about|before|because|over) ~ (school|night|
                bully|bullies|kids|girls|class|them|morning)
            (they|everyone|people|kids|girls|boys|he|she|everybody) [all|always|keep|keeps] (call|calls|
                calling|called) me (_)
            (nobody|no one|noone|everyone refuses to|they won't|they wont) [will|would|ever|wants to|want
                to] (sit|sits|talk|talks|play|plays|work|partner|speak|hang out) (near|with|to|next to) me
            (nobody|no one|noone|nobody's|none of them) [will|would|ever|wants to|want to|even] (talk|talks|
                play|plays|sit|sits|speak|speaks) (to|with|next to) (me|my son|my daughter|my child|him at|
                her at|my lad|my girl)
            (people|everyone|kids|they|girls|boys|lads|he|she|someone) [at school|in my class|in my year|
                all|always|keep|keeps|have been|are|at|just] [keep|always|are] (call|calls|calling|laugh|
                laughs|laughing|pick|picks|picking|push|pushing|kick|kicking|trip|tripping|spit|spitting|
                throw|throwing|hit|hitting|steal|stealing|follow|following|stare|whisper|whispering) [at|on|
                to] (me|my son|my daughter|my child|my lad|things at me|my stuff|my bag|my lunch)
            (i have|ive got|i've got|i've|i ve|have|got) no (friends|mates|one to sit with|one to talk to)
            (group chat|groupchat|page|account|video|post|story) [_] ~ (about|mocking|bullying|laughing at|
                taking the mick out of|of) (my|our) (son|daughter|child|lad|girl|kid|kids)
            (told|said to|say to|saying to|shouted at|called|calling|call|laughed at|spat at|spat on|
                threatened|threatening|shouting at|swore at|mocked|tripped) (my|our) [_] (son|daughter|
                child|lad|girl|boy|kid|kids|grandson|granddaughter|niece|nephew|brother|sister)
            (need|want|needs) to (talk|speak|tell someone|tell somebody) [to|with|about] [someone|somebody|a
                teacher|an adult|my] [about|who|at|from] (what's been|whats been|something that|happened|
                happening at|home|something bad|my dad|my mum|my stepdad)
            (is there|can i|who can i) [someone|anyone|somebody] [i can] (talk|speak|tell) [to] (someone|
                anyone|somebody|about being|about what)
            """
        ),
    ),
)
