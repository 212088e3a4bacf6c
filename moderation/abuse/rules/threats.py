"""Threats: stated, conditional, veiled or coded; weapons; the school itself."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import Rule, Stance
from moderation.assessment import Label, Severity
from moderation.triage import Fact

OWN = "our own list of what schools hear"
OSA = "Online Safety Act 2023, section 181"


RULES = (
    Rule(
        name="weapon-or-bomb",
        about="A weapon, a bomb or an attack on the school is announced or reported",
        example="there's a bomb in the science block",
        source="Action Counters Terrorism and NaCTSO advice on threats to schools",
        severity=Severity.CRITICAL,
        labels=(Label.THREAT,),
        facts=frozenset({Fact.SITE_THREATENED}),
        abuse=0.8,
        stance=Stance.THREAT,
        phrases=phrases(
            """
            (there's|theres|there is|is|planted|put|placed|left|hid|leaving|planting|got|have) [a] bomb*
                (in|at|under|inside|near|on|going)
            (bomb|bombs) (in|under|inside|at) (the|this|that|your|our|school) [school|main|science|sports|
                english|maths|art|sixth form|dinner] (school|block|hall|building|toilets|office|gym|canteen|
                academy|car park|reception|bins|bin|library)
            (blow|blowing|bomb|burn|burning|torch|torching|shoot|shooting|shot) [up|the|this|that|down]
                [the|this|that|your|whole|place|fucking] [fucking|whole|shit|entire] (school|building|place|
                academy|classroom|shithole|hall|science block|office|gym) [up|down]
            (blow|burn|shoot|burning|shooting|blowing) (the|this|that|your|ur|it) [whole|fucking] (school|
                place|building|academy|shithole|lot|dump) (up|down)
            (school|academy|place|assembly|everyone) [is|are|gonna|going to|will|getting|is getting|is
                gonna|is going to|will be] [be|get|getting] (shot up|blown up|bombed|shot|burnt down|burned
                down|burning down|torched|going up in flames)
            (school shooting|school shooter|shoot up the|shooting up the|shooting up schools|mass shooting|
                pull a columbine|another columbine|do a columbine|like columbine)
            (bring|bringing|brought|brang|bringin|carry|carrying|carries|got|has|have|had|took|take|taking|
                hiding|hid|packing|pulled|pulls|keeps|keeping|seen with|with) [<a_or_his>]
                [<sort_of_weapon>] <weapon> <somewhere>
            (bring|bringing|bringin|brang) [<a_or_his>] [<sort_of_weapon>] <weapon>
            (knife|shank|blade|machete|gun|zombie knife|axe|acid) (in|to|into|at|on) (school|his bag|her
                bag|my bag|their bag|class|his blazer|his locker|the playground|the gates|his pocket|my
                locker|his coat|my blazer|the school)
            (don't|dont|do not) (come|go) (in|to school|into school|in to school) [tomorrow|on|monday|
                tuesday|wednesday|thursday|friday|tmrw] [_] ~ (want to live|wanna live|value your life|
                shooting|something bad|blood|gonna happen|warned you|you'll see|going down)
            (bringing|bringin|bring|brings) (it|something|sumfin|summat|sumthin|the rambo|the thing|my
                brothers thing|the strap|my strap|a strap|the ting|my ting) in (tomorrow|tmrw|monday|
                tuesday|wednesday|thursday|friday|on fri|on monday|on friday|on tuesday|with me)
            (letter|parcel|car|nail|pipe|petrol|acid|suicide|fire) (bomb|bombs|bombing)
            (making|make|made|built|building|build|planted) [a|some|my|pipe|own] (bomb|bombs|explosive|
                explosives|pipe bomb|nail bomb|petrol bomb|molotov|molotovs)
            """
        ),
    ),
    Rule(
        name="deadly-threat",
        about="A stabbing, shooting or killing is announced, or somebody has a weapon",
        example="gonna stab Tyler at the bus stop 3.15 tmrw",
        source=OSA,
        severity=Severity.CRITICAL,
        labels=(Label.THREAT,),
        abuse=0.9,
        stance=Stance.THREAT,
        phrases=phrases(
            """
            (stab|shank|shoot|knife|stabbing|shanking|shooting|chef|chefing|kill|killing|murder) <him> [up]
                ~ <when>
            (i'll|ill|i will|gonna|going to|gunna|imma|ima|want to|wanna|about to|boutta) (stab|shank|shoot|
                knife|chef|kill|murder) [_] (someone|everyone|people|kids|pupils|students|teachers|a
                teacher|every teacher|some kid|anyone|them all|you all)
            (gonna|going to|gunna|i'll|ill|i will|imma|ima|about to|boutta) [be] (stab|shank|stabbing|
                shanking) (_|you|him|her|them|this|that|some|someone|up)
            (he's|hes|she's|shes|they've|theyve|someone's|someones|there's|theres|he has|she has|some kid
                has|someone has|kid with|lad with|boy with|man with|girl with|pupil with|kids with|lads
                with) [got|brought|pulled] [<a_or_his>] [<sort_of_weapon>] (knife|gun|machete|blade|shank|
                weapon|axe|zombie knife)
            (everyone|you|u|all of you|you're all|they're all|yall) [will|are|all|gonna|is|going to|gonna
                all|all gonna] (die|gonna die|dead|going to die) (on|tomorrow|at school|friday|monday|in
                school|when i|tuesday|wednesday|thursday)
            """
        ),
    ),
    Rule(
        name="threat",
        about="Harm to somebody is stated, with or without a condition",
        example="If he comes near my lad again I'll knock his teeth out",
        source=OSA,
        severity=Severity.HIGH,
        labels=(Label.THREAT,),
        abuse=0.88,
        stance=Stance.THREAT,
        phrases=phrases(
            """
            <will> [<firmly>] <grave> [up|out|in] <victim>
            <will> [<firmly>] <rough> [up|out|in] <personally>
            <will> [fucking|literally|actually|just] (kick|smash|punch|knock|bash|cave|break|rip|slap|stamp|
                break|snap|beat|blow|bang) <his> (head|face|teeth|legs|arms|neck|jaw|nose|skull|windows|car|
                door|fucking|throat|kneecaps|back|ass|arse|ribs|fingers|brains|lights)
            (knock|smash|kick|punch|break|cave|slap|stamp|bash|blow|beat|rip|snap|cut) <his> [fucking|
                stupid|ugly|fat|smug] (head|face|teeth|legs|jaw|nose|skull|throat|kneecaps|neck|windows|
                brains|block|ribs|head in|face in|car up|tyres)
            put (you|him|her|them|u|one of them|that) in [a|the] (hospital|ground|coma|grave|wheelchair|body
                bag|a and e|box|morgue|coffin)
            (you're|youre|ur|your|u r|you are|he's|hes|she's|shes|they're|theyre|he is|she is|your son is|
                your daughter is|you lot are) [so|actually|fucking|a|all] (dead|dead meat|dead man|dead on|
                finished mate|getting it|gonna get it|going to get it|getting battered|getting jumped|
                getting banged|gonna get jumped|gonna get battered|gonna die|getting stabbed|gonna get
                stabbed|getting shanked|getting bricked|getting your head kicked in|getting smashed|going to
                die|gonna regret|going to regret|getting filled in|getting slapped|dead to us) [on|after|at|
                when|tomorrow|mate|tonight|if|for|bro|this|meat|monday|soon|next|lad]
            (you|u|he|she|they|ya|mr _|mrs _|miss _) (better|best|might want to|had better) [not] (watch|
                sleep with one eye|run|hide|walk home alone|be careful|start running|look over|count|turn
                up|show up|show his face|show her face|show your face|hope i|hope we|pray i|pray we|move
                house|stay inside|come near|be looking over|keep looking over|say goodbye|get ready|have
                eyes in the back)
            (watch|mind) (your|ur|ya|yer|his|her) (back|backs|step|mouth mate)
            (i|we) know (where|which house|what bus|what time|what route|which bus|what car) (you|u|he|she|
                they|your kids|your family|your mum|her kids|his kids|ya) (live|lives|work|works|walk|walks|
                go|park|parks|drive|drives|sleep|get|gets|goes|finish|finishes|are|drink)
            (gonna|going to|gunna|getting|gettin|gets|get|be|about to) [get|be] (bladed|stabbed up|shanked|
                chinged|dipped|splashed|wet up|jumped|battered|bricked|rushed|banged out|filled in|
                leathered|panned in|kneecapped|curbed|stomped) [by|at|on|after|friday|monday|tmrw|tomorrow|
                2moz|tonight|for|in|outside|if|when|soon]
            (gets|get|getting|having) (his|her|your|ur|their|yer) (legs|knees|windows|jaw|teeth|face|arm|
                arms|fingers|head) (snapped|broken|done|put in|smashed|bashed in|kicked in|wired|caved in|
                stamped on|knocked out)
            (i'm|im|we're|were|we are|i'll|we'll) [be] (coming|come|round) (round|to) (yours|your house|your
                ends|ur house|his|hers|your yard) [tonight|with|tomorrow|and|after|later]
            (burn|burning|torch|petrol bomb|light up|set fire to|firebomb) [down] (the|your|ur|that|his|her|
                their|every|it) [_] (down|hotel|mosque|house|school|caravan|caravans|site|car|flat|
                synagogue|temple|church|office)
            (you're|youre|ur|u r|your) (dead|finished|done) (friday|monday|tuesday|wednesday|thursday|
                saturday|sunday|tomorrow|tmrw|tonight|after that|after school|next week|at the gates|on
                sight)
            (need|needs|wants|deserve|deserves|asking for) [a|his|her|their|your] [good|proper] (kicking|
                bullet|noose|hiding|kneecapping|kicking in|stabbing|battering|lynching)
            (kick|kicks|stamp on|boot|smash) (his|her|your|their|ur) head (in|off|open)
            (letting|let|set) the dogs (off|out|loose|on) ~ (you|them|yous|next|warning|kids|travellers|back)
            (careful|mind) (how you|on the|walking|going|you don't) ~ (home|accident|stairs|bike|dark|fall|
                slip|brakes)
            (wait|just wait|wait till|wait until|wait til|just you wait) [till|until|til] (i|we|my dad|my
                brother|my cousin|my brothers) (see|catch|get|find|gets|finds|sees|catches|get hold|meet)
                (you|u|him|her|them|ya|hold|ye)
            (if i|when i|if we|when we|next time i|next time we|till i|until i|let me) (see|catch|find|get)
                (you|u|him|her|them|ya|hold of) [again|on|outside|near|in|at|hold|alone|of|walking|anywhere]
                ~ (dead|kill|batter|hospital|teeth|swing*|smash*|knock*|regret|sorry|deck|floor|punch|slap|
                bang|ground|head|alone|on your own|outside|street)
            (we're|we|they're|i'm|were|im|theyre|we are|they are|everyone's) [all|gonna be|going to be]
                (jumping|banging|battering|bricking|rushing|filling|decking|beating|smashing) (you|u|him|
                her|them|ya|_) [up|in|out|after|at|by|on|outside|tomorrow|tonight|later]
            (you're|youre|ur|he's|she's|hes|shes|gonna|going to|getting|needs|need|deserve|deserves|wants|
                asking for|cruising for) [gonna|going to|to|a|get] [be|get|getting|got|a|good|proper]
                [getting|get|your|his|her] (battered|jumped|decked|banged out|stabbed|shanked|bricked|filled
                in|his head kicked in|your head kicked in|her head kicked in|kicking|a kicking|a slap|a
                smack|punched|slapped|smacked|head kicking in|beating|a beating|a bullet|hanging|burning|
                lynching|a good hiding|sorted out|done in|merked|what's coming to|whats coming to|what you
                deserve|knocking out|knocked out|strung up|a good kicking|run over|beaten up|beat up)
            (meet|see) (me|us|you|ya) (outside|round the back|behind the|at the gates|at the park|after
                school|at the bus stop|down the) ~ (fight|scrap|batter|1v1|straightener|one on one|bang|sort
                it|settle this|if you're hard|if your hard|hard enough)
            (no|break|smash|do|without|lose|break his|smash his|your) [his|her|your|their] (kneecaps|knee
                caps) [_]
            (your|ur|his|her) (card's|cards|card is) [well and truly] marked
            (i'll|ill|we'll|be|i'm|im) [be] (outside|waiting|at the gates|round the corner) ~~ (not coming
                for a chat|not for a chat|not to talk|not there to talk|bring your mum|you'd better run|you
                better run|see how hard|finish this|finish you|sort this out like men)
            come (say|and say|n say) (it|that) to my face
            (snitches|snitchs|grasses|rats|grassers) (get|end up in|belong in|gets|getting|wind up in)
                (stitches|ditches|ditch|battered|what they deserve|banged|hurt)
            (tick|tick tock|clock is ticking|time is ticking|times ticking|time's ticking|counting down|your
                days|ur days|his days|her days|days are|your time|time is) [tock|are|is] (tock|numbered|
                nearly up|running out|coming|up) [mr|mrs|miss|sir|teacher|for you]
            (be|such|would be) a (shame|pity) if (something|anything|someone|somebody|it|one|that)
                (happened|were to|was to|caught fire|got|burnt|burned|went|found out|hurt)
            (nice|lovely|pretty|beautiful|cute) [little|big] (house|car|family|kids|wife|daughter|daughters|
                windows|dog|motor) ~~ (shame|pity|keep them|keep it that way|be careful|look after|wouldn't
                want|hate for|watch them|keep an eye|keep her|keep him)
            (something|things|bad things|accidents) (bad|nasty|horrible|terrible|can|could|will|might|
                happens|happen) [is|will|might|could] (happen|happens|gonna happen|going to happen) (to you|
                to your|to him|to her|to them|to people|if)
            (you|u|they|he|she|ya|this school|that school) (will|gonna|going to|are going to|'ll|are gonna|
                ll) [all|fucking|really|so|be] (pay for|regret|be sorry|suffer for|get what's coming|get
                whats coming|get yours|live to regret|rue|wish you|wish you'd|wish you had) (this|it|what|
                that|crossing|messing|born|you did|the day|never|hadn't|been|doing|for|soon)
            (youll|you'll|ull|he'll|she'll|they'll|hell|theyll) [all|fucking|soon|so|really] (pay for this|
                regret this|regret it|regret that|be sorry|be next|get yours|get what's coming|get whats
                coming|get what you deserve|wish you'd never|wish you hadn't|wish you were dead|never see|
                suffer|see what happens|find out what happens|be picking|be eating through|need an
                ambulance|be leaving in|end up in hospital|be drinking through a straw)
            (see|find out) what happens (when|if|to) (you|u|people|i|we|ya|he|snitches|grasses)
            (i'm|im|we're|were|i am|we are|people are|lads are|my dads|my brothers|my cousins) [all]
                (coming|comin|driving|on my way|heading|on our way) (for|down there|round|to get|over there)
                [you|u|him|her|them|to|ya|and|tonight|your] (you|u|him|her|them|kill|find|ya|sort|smash|
                batter|get|drag|your house|his house|your door|deal with)
            (i'm|im|we're|were|i am|they're) coming for (you|u|him|her|them|ya|your|all of you|yous)
            (come|coming|comin) (to|round|down to) (your|ur|his|her|yer) (house|door|yard|ends|work|street|
                home|mums|mum's) ~ (kill|smash|batter|burn|fight|drag|regret|hurt|windows|petrol|knock you|
                sort you|lads)
            (swear down|swear to god|on my mums life|on my mum's life|wallahi|on my life|i swear|swear) ~
                (kill|stab|batter|shank|smash|deck|bang|hurt|end|knock|jump|beat|fight|dead) (you|u|him|her|
                them|your|his|that|ya|someone|this|on)
            (bring|bringing|getting|sending|fetching) my (brother|brothers|boys|lads|cousins|cousin|dad|
                mates|uncles|olders) ~~ (see how|brave|sort|hard you|laughing then|tough|deal with|have a
                word|wait for|gates)
            (meet|see) (me|us|you) ~~ (it's on|its on|bring your mates|bring ur mates|bring your boys|bring
                who you want|fair fight|straightener|fight|1v1|scrap)
            (got|get|getting|bring|bringing|have|need|buying|bought) [a|some|the|my] [can of|bottle of|jerry
                can of|can] (petrol|lighter fluid|acid|matches) ~~ (window|house|door|school|the head|burn|
                lighter|office|know where|know which|face|going up|flames)
            (which|what) (window|door|room|house|car|desk) is (the heads|the head's|his|hers|yours|mr _|mrs
                _|miss _) ~~ (petrol|brick|burn|tonight|torch|smash)
            (petrol|brick|bricks|torch|burn) ~~ (which|what) (window|door|house|car) is (the heads|the
                head's|his|hers|yours|the)
            (get|got|getting|bring|bringing|send|sending|tell|telling) (my|the) (brother|brothers|cousin|
                cousins|boys|olders|dad|mandem|big brother|uncle|uncles|lads) (on|onto|to|down|to sort|to
                bang|to batter|to get|to deal|will|round)
            (gonna|going to|gunna|will|boutta|about to) (be|get) (blood|bodies|trouble|carnage|violence|war)
                [on|in|at|tomorrow|when]
            (throw|throwing|chuck|chucking|put|putting|lob) [a|some] (brick|bricks|acid|bottle|petrol) (at|
                through|over|in) (his|her|your|the|their|ur|that)
            (slash|slashing|key|keying|scratch|burn|torch|smash|smashing) (his|her|your|their|ur|the heads|
                that) (tyres|car|van|house|windows|windscreen|bike)
            (should|ought to|needs to|need to|deserves to|deserve to|must|gotta|has to|have to|oughta) [all|
                just|fucking] be (shot|hanged|hung|killed|stabbed|lynched|strung up|beaten|put down|burned|
                burnt|gassed|executed|exterminated|shot dead|raped|taken out and shot|put against a wall|
                castrated|drowned|slapped|punched|run over)
            [someone|somebody] (please|someone|somebody|pls) [please|just|needs to|should|go|gonna|has to|go
                and] (shoot|kill|stab|batter|punch|slap|deck|bang|knock out) (him|her|them|that|this|these|
                those|mr|mrs|miss)
            (kill|hang|shoot|burn|gas|lynch|exterminate|behead|stone|deport and shoot) (all|them all|every|
                the|these) [of|all|the|last|single|fucking] (jews|muslims|them|blacks|gays|women|immigrants|
                migrants|trannies|whites|christians|pakis|niggers|fags|faggots|liberals|teachers|men|pigs|
                cops|arabs|refugees|traitors|bastards|feminists|jew|hindus|asians|gypsies|travellers|kids|
                politicians|communists|nazis|illegals)
            (he|she|you|they|u) (wants|want|needs|need|ought) to (be careful|watch himself|watch herself|
                watch yourself|watch his back|watch her back|watch themselves|watch it)
            (i|we) know (what time|when|where|which way|which door|how) (he|she|you|they|u) (locks|lock|
                leaves|leave|
                finishes|drives|gets home|walks home|goes home|jogs|runs|parks up)
            """
        ),
    ),
    Rule(
        name="blackmail",
        about="Something is demanded under the threat of exposure or loss",
        example="send me £50 or everyone sees those pics",
        source="Internet Watch Foundation and Childline on sextortion",
        severity=Severity.HIGH,
        labels=(Label.THREAT,),
        abuse=0.85,
        stance=Stance.THREAT,
        phrases=phrases(
            """
            (send|pay|give|transfer) [me|us] ~ (or|unless|otherwise) [i'll|ill|i will|i|everyone|your mum|ur
                mum|your parents|they|the whole school|all your friends] [will|gonna|gets to|is gonna]
                (post|posting|send|share|sharing|leak|leaking|expose|exposing|sees|see|gets sent|get sent|
                tell everyone|find out|knows about)
            (or|unless|otherwise) (i'll|ill|i will|im gonna|i'm gonna|we'll|i|everyone|im) [will|gonna|ll]
                (post|leak|share|send|show|expose|tell everyone|upload|sees|see|put) [the|your|ur|them|
                those|it|that|this|her|his|everyone|all]
            (still|got|i've|ive|have|kept) [got] [everything|all|that|every|the] [_] [_] (pic|pics|nude|
                nudes|video|vid|photo|photos|messages|screenshot|screenshots) ~~ (follows me|sees it|see it|
                your mum|whole year|be nice|quid|£|pay|till 9|by tonight|by midnight|go viral|post it|send
                it|drop it|delete)
            (pay|send|give) [me|us] [what|£|50|100|200|_] [_] [_] ~ (or|otherwise|or else) [_] [_] (goes up|
                gets|get|sees|see|goes|posted|leaked|sent|out)
            (bitcoin|crypto|quid|£|cash) ~ (or|otherwise) [_] ~ (goes up|leak|posted|sees|online|public|
                record)
            (got|have|saved|screenshotted|ive got|i've got|still got) (your|ur|her|his|the|them|those|all)
                (pics|pictures|nudes|photos|screenshots|videos|messages|video) ~ (post|leak|share|send|show|
                pay|do what|or|unless|expose|everyone)
            (i'll|ill|gonna|going to|will|imma|ima) (leak|expose|post|share|upload|spread|send round) (your|
                ur|her|his|ya|them|those|the|all your|all ur) [private|naked] (pics|pictures|nudes|photos|
                secrets|screenshots|video|videos|dms|messages|secret|body)
            """
        ),
    ),
    Rule(
        name="threat-in-pictures",
        about="A person and a weapon drawn with emoji",
        example="tick tock Mrs Patel 🔪",
        source=OWN,
        severity=Severity.HIGH,
        labels=(Label.THREAT,),
        abuse=0.6,
        stance=Stance.THREAT,
        phrases=phrases(
            """
            (you|u|your|ur|him|her|tomorrow|mr|mrs|miss|soon|tmrw|monday|dead|next|later|watch|snitch|opps|
                tonight|ticking|tock) ~ (🔪|🔫|💣|🗡|🪓|⚰|🩸)
            (🔪|🔫|💣|🗡|🪓) ~ (period|lesson|class|school|assembly|monday|tuesday|wednesday|thursday|friday|
                lunch|break|dinner|tomorrow)
            (not long now|count down|countdown|wait for it|coming soon|any day now) ~ (🔪|🔫|💣|🗡|🪓|⚰)
            (🔪|🔫|💣|🗡|🪓|⚰|🩸) ~ (you|u|your|ur|him|her|soon|tomorrow|tmrw|next|mr|mrs|miss|dead|coming|
                watch|
                later)
            """
        ),
    ),
)
