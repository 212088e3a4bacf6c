"""Danger to one's own life: own, reported or encouraged. A miss here is the worst miss."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity

SAMARITANS = "Samaritans, signs that somebody may be struggling"
KCSIE = "Keeping children safe in education"
OWN = "our own list of what pupils write"


RULES = (
    Rule(
        name="suicide-intent",
        about="Somebody says that they will or want to end their life",
        example="i want to kill myself",
        source=SAMARITANS,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        phrases=phrases(
            """
            (kill|killing|killed|hang|hanging|drown|drowning|shoot|stab|off|offing|unalive|unaliving|end|
                top|topping) <myself>
            (want|wanna|wana|wanted|wanting|ready|planning|hope i|wish i could|rather|rather just|hoping i)
                [to] [just|literally|actually] (die|be dead|end it|end it all|end my life|take my own life|
                take my life|unalive)
            (going to|gonna|gunna|i'll|ill|will|about to|might) [just|literally|actually|tonight] (end it
                all|end my life|end it tonight|take my own life|take my life|unalive|end it now|commit
                suicide)
            (want|wanna|wana) [to] [just] (die|be dead|not exist|stop existing|disappear forever|not wake
                up)
            (wish|wished) (i was|i were|i wasnt|i wasn't|i weren't) (dead|never born|alive|here|born|here
                anymore)
            wish i (had never been born|was never born|never woke up|could die|wouldn't wake up|didn't
                exist|didnt exist|could disappear forever)
            (end|ending|ended) (it all|my life|my own life|everything tonight|it all tonight|myself)
            (take|taking|took|taken) my (own life|life)
            (go|going) to sleep ~ (not|never) wake up
            (hope|pray|wish) i (don't|dont|never|didn't|do not) wake up
            (better|happier|best) off (without me|if i was gone|if i were dead|if i was dead|if i wasn't
                here|if i wasnt here|if i died|if i just died|when i'm gone|dead)
            better [off] (dead|if i was dead|if i died|if i wasn't here|if i wasnt here|if i were dead|
                without me)
            (suicide|suicidal) [note|letter|plan|thoughts|again|tonight] (written|ready|wrote|done|tonight)
            (i'm|im|i am|i feel|feeling|felt|been|getting) [so|really|actually|properly|very|a bit] suicidal
            (written|wrote|write|writing|left|leaving|done) [a|my|the|her|his|their|me] (goodbye|suicide|
                final|last) (note|notes|letter|letters)
            (has|got|have|made) a plan [to] ~ (note|pills|tablets|kill|die|end|bridge|tonight|rope)
            (taken|took|taking|swallowed|necked|take) (all|a load of|loads of|a lot of|too many|a bunch of|
                lots of|20|30|40|50|a whole|a whole packet of|the whole box of|every one of) [of] [my|the|
                mums|mum's|nans|nan's|his|her|these|packet|box|bottle] [of] (tablets|pills|paracetamol|
                paracetamols|overdose|ibuprofen|antidepressants|sleeping pills)
            (jump|jumping|throw|throwing|step|stepping) [myself] (off|in front of|under|infront of) [a|the|
                that] (bridge|train|roof|car park|bus|motorway|cliff|lorry|building|car|multi storey|tracks)
            (standing|stood|sat|sitting|im|i'm|am) [on|at|by] [the] (edge|top) of (the|a) (bridge|roof|car
                park|cliff|platform|motorway bridge)
            (this is|it's|its) (goodbye|my goodbye|my last post|my last message|my last day|the end for me)
            (by the time|when) you (read|see|get) this (i'll|ill|i will|i) ~ (gone|dead)
            (won't|wont|not gonna|not going to|will not) be (here|alive|around) (tomorrow|much longer|next
                week|on monday|after tonight|for long|in the morning|anymore after)
            (she's|he's|shes|hes|they're|theyre|she is|he is|she|he|they|friend|says|said|friend's) [she's|
                he's|is|says she's|says he's|wants to|going to|gonna|said he's|said she's] [is|going to|
                gonna|wants to|will|to|about to] (end it|end it all|end it tonight|kill herself|kill
                himself|kill themselves|take her own life|take his own life|hang himself|hang herself|
                unalive herself|unalive himself)
            (kill|killing|hang|hanging|hurt|unalive|end|drown) (herself|himself|themself|themselves|hisself)
                [tonight|tomorrow|soon|today|right now]
            (about|going|gonna|trying|tried|wants|want|threatening|threatened|plans) [to] (kill|hang|
                unalive|drown|end) (herself|himself|themselves|themself|hisself)
            (stockpiling|stockpiled|saving up|hoarding|hiding|collecting|saved up|been saving) [all|up] [my|
                her|his|mums|mum's|the|nan's] (tablets|pills|meds|medication|paracetamol|razors|blades|
                painkillers)
            (sat|stood|standing|sitting|up|i'm|im|am) (on|by|at|over|off) [the|a] [edge of the|top of the|
                ledge of the] (railway bridge|motorway bridge|railway tracks|train tracks|railway line|
                ledge|flyover|edge of the roof|edge of the bridge|edge of the platform|bridge over the)
            tell (my|the) (mum|mam|dad|family|brother|sister|kids|girlfriend|nan|parents|mates|boyfriend|
                little brother|little sister) ~ (i love|i loved|i'm sorry|im sorry|it's not her fault|its
                not her fault|not her fault|not their fault|not his fault|goodbye)
            (quickest|easiest|painless|best|fastest|least painful|cleanest|simplest|quick|easy) (way|ways)
                to (not be here|die|go forever|end it|kill|disappear|not exist|not wake up|be dead|end my
                life|hang|od|bleed out|stop breathing)
            how (many|much|long) (paracetamol|paracetamols|tablets|pills|ibuprofen|sleeping pills|of these
                tablets|blood) [_] ~ (die|kill|overdose|take to|to end|enough|fatal|lethal|dangerous|bleed)
            (saying|said|says|posted|posting|sent|sending|messaged|texted|texting|wrote) [his|her|their|him|
                us|me] [_] (goodbye|goodbyes|bye to everyone) ~~ (phone|not answering|missing|worried|can't
                get hold|location|gone off|turned off|switched off|police|ring|please|help|scared)
            (written|wrote|writing|left|done) [goodbye|my|some|a few] (letters|notes|a letter|letter) (to|
                for) (everyone|everybody|all|my family|my mum|mum|each of|the people|people i love|my
                friends|you all) ~~ (love|care about|sleep well|sorry|goodbye|gone|fault|read|die)
            (on|off) the (roof|ledge|edge) of [the|a] [_] (multi storey|car park|building|flats|bridge|tower
                block|school|shopping centre) ~~ (down|jump|jumping|edge|police|talk|scared|help)
            (stuck|up|climbed|sat|stood|standing|sitting|he's|she's|mate's|friend's) [up] on the (roof|
                ledge|tracks|bridge) [and|of] ~~ (won't come down|wont come down|won't get down|jump|crying|
                saying goodbye|police)
            (giving|given|gave) away (all my|all his|all her|my|his|her) (stuff|things|clothes|games|
                belongings|everything) ~~ (sorry|goodbye|won't need|wont need|gone|anymore|die|tonight)
            (last|final) (message|post|time|night|day) (you'll ever|you will ever|you'll|ill ever|i'll ever|
                on earth|on this earth|alive|i'll be|you'll hear from me|ever)
            (attempted|attempting|tried|attempt) suicide
            commit suicide
            (plan|planning|pact) [to|for|a] (suicide|suicide pact|overdose|overdosing)
            suicide pact
            (the|my) last (thing|message|post|video) [i'm|im|i'll|ill|i] [ever|will] (gonna|going to|ever|
                will) (post|write|say|send|do|make) [before]
            (wants|want|wanted|going|ready) to be with (his|her|my) (dad|mum|nan|grandad|brother|uncle|
                sister|mam) [in|again|now|and|up there|soon]
            (on|up|off) the (multi storey|footbridge|bridge|roof|viaduct|flyover|car park roof) ~~ (quiet
                here|up here|so quiet|pretty up|wind|let go|key is|bye|high|cold|phone off|text me back)
            (he's|she's|hes|shes|has|have|i've|ive) [got] it [all] planned [_]
            (worked|working) out how [to|much|many|long|high|i]
            (i|i'll|ill|be|and) (won't|wont) be (a problem|a bother|in the way|any trouble|anyone's problem)
                [anymore|after|no more|much longer]
            (don't|dont) trust myself [_]
            (this is|that's|thats) (me done|it for me|the end of me) [thank|bye|sorry|night|goodbye|love|x]
            (goodbye|bye) (cruel world|forever everyone|world)
            """
        ),
    ),
    Rule(
        name="self-harm-sign",
        about="A sign of despair or of harming oneself, said plainly or in code",
        example="I can't do this any more",
        source=SAMARITANS,
        severity=Severity.HIGH,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        words=frozenset(
            "kms kmsl unalive unaliving unalived sewerslide sewerslidal sewercide suicidal".split()
        ),
        phrases=phrases(
            """
            (can't|cannot|cant|can not|couldn't|don't want to|dont want to|dont wanna|don't wanna) (do|take|
                cope|handle|live|carry on|go on|face) [with] (this|it|life|like this|living|everything|
                things) (anymore|any more|any longer|no more|much longer)
            (can't|cannot|cant|can not|couldn't) (cope|go on|carry on|keep going|keep living|live like this|
                keep doing this|live with this|keep fighting|face another day|face tomorrow|do life|live
                anymore|live any more)
            (don't|dont|do not|didn't|didnt|not|never) (want to|wanna|wana) [even] (be here|live|exist|be
                alive|wake up|go on|carry on|be around|be on this planet|be in this world|live anymore)
                [anymore|any more|no more|any longer]
            (no|what's the|whats the|what is the|see no|there's no|theres no|see the|any|the) point (in|of|
                to) [me|even|it] (carrying on|living|life|going on|being alive|anything|anything anymore|me|
                being here|trying anymore|existing|any of it|it all)
            (nothing|nothing left|no reason|not worth|isn't worth|isnt worth|no point|no reason left) [left]
                [to|worth] (live for|living|live|living for|be here for|carry on for|being here for)
            (nobody|no one|noone|no 1|anyone|anybody|who|who'd|nobody'd) [would|will|wouldn't|wud|d|even]
                [even|actually] (notice|care|miss me|cry|bother|miss|notices|cares) (if|when) (i|i'm|im)
                [was|were|am|died|just|disappeared|went|had|wasn't|vanished|weren't|gone|killed]
            (nobody|no one|noone) (would|will|wud) [even|actually] (miss me|come to my funeral)
            (no one|nobody|noone) (cares|loves me|needs me|wants me|wants me here|would care) (if i|anyway|
                live or die|whether i)
            (cut|cuts|cutting|burn|burning|burns|hurt|hurting|harm|harming|scratching|starving|hit|hitting|
                punching|bruising) (myself|herself|himself|themselves|her arms|his arms|my arms|my wrists|
                her wrists|my legs|my thighs|her legs|hisself|themself|their arms)
            (self harm|self harms|self harming|self harmed|selfharm|selfharming|self harmer)
            (cuts|scars|burns|marks) [all|on] [over|up|on] (my|her|his) (wrists|wrist|arms|arm|thighs|legs)
            (punish|hate and punish|starve) (myself|my body)
            (i|i've|ive|been|started|have|she's|he's|she|he) [been|started|only|still|just] (cutting|cut|
                self harm*) [again|because|every|to|for|since|when] (again|because|every night|to feel|to
                cope|for years|since|when i'm|so i)
            (life|everything) (is|has been|feels|seems) (meaningless|pointless|hopeless|too much to bear)
            (won't|wont|don't think|dont think|doubt|not sure if|not gonna|not going to) [think] [i'll|ill|i
                will|i'm going to|if i'll] [be|still] (be here|be around|here|around|be alive|alive) (for
                results|for christmas|for my|next year|next week|when you|by then|to see|much longer|for
                prom|for the exams|for gcses|after tonight|tomorrow|come monday|on monday|for results day)
            (hurts too much|too painful|too hard|too tired|too broken|hurt too much|too exhausted|so hard|
                can't bear) to (stay|carry on|live|go on|be here|keep going|exist|keep trying|fight anymore|
                be alive)
            (keep|stop|tired of|keep on|sick of|exhausted from|done) (pretending|faking|acting) [i'm|im|that
                i'm|to be|like i'm|it] (fine|ok|okay|happy|alright|normal)
            (arms|arm|legs|wrists|wrist|thighs|thigh|sleeve|sleeves|stomach) ~ (cuts|scars|cut marks|razor|
                bandages|blood|slashes|self harm) [_]
            (found|saw|seen|noticed|showed|hiding|has|got) ~ (cuts|scars|cut marks|razor blades|blades|
                slashes) ~ (arms|arm|legs|wrists|thighs|sleeve|room|bag|bedroom)
            (if|when) i (wasn't|wasnt|weren't|werent|am not|was not|wasn't here|died) (around|here|alive|in
                the way|about) ~ [_]
            (blade|blades|razor|razors|razor blade|razor blades|sharpener blades) (in|under|hidden in) (her|
                his|my|their) (pencil case|bag|room|phone case|bed|pillow|pocket|drawer|bedroom|purse)
            (i|just) [just] want it [all] to (stop|end|be over|go away|all stop)
            (what's|whats|what is|what) [even] [is] the point (of|in) me
            (want|wanted|rather|wish|way|easier|easiest|prefer|deserve) to not (be here|exist|be alive|wake
                up|be around|live)
            (burden|problem|disappointment|waste of space) (to|for|on) (everyone|everybody|my family|my mum|
                you all|all of you|my parents|my friends|mum and dad)
            (make|stop|want) [the|it] [the] (voices|pain stop|voices stop|hurting stop|the pain to end|pain
                to end)
            (in|into|got) a [really|very|such a|bad|pretty] [bad] dark place
            (having|had|have|getting|get|these) [really|very|such] (dark|bad|intrusive|horrible|scary)
                thoughts
            (i'm|im|i am|really|been) [really|so|not|just] (struggling|not coping|not ok) [so|really|
                mentally|with] [bad|much|badly] (with my mental health|mentally|to cope|to stay alive|to
                keep going|inside|to get through|at all|and i need|and nobody)
            (might|going to|gonna|could|scared he'll|scared she'll|worried he'll|worried she'll|afraid
                he'll|scared i'll|think i'll) do something (stupid|silly|bad to myself|to myself|to himself|
                to herself|i can't undo)
            (nobody|no one|noone) (can|could|will|is going to) (help|save|fix) me
            (it's|its|it is) too late (for me|to save me|to help me)
            (slit|slitting|slash|cut|cutting) [my|her|his|their|your|ur] (wrists|wrist|veins)
            (feel|feeling|felt|i'm|im|so|completely|totally) [so|completely|totally|just|like] (worthless|
                hopeless|like a burden|a burden|trapped|empty inside|numb inside|broken inside|like giving
                up|like ending it|dead inside all)
            (hate|hated|hating|despise) (myself|my life|being me|being alive|living|my body|who i am|
                existing) [so|and|i|sm|anymore]
            (give|giving|given|gave) up on (life|everything|living|myself)
            (thinking|think|thought|thoughts|talking|talks|talk|talked|joking|jokes|searching|googling|
                googled|posting|posts) (about|of) (suicide|killing|ending it|death all|dying|jumping|
                unaliving|suicidal|not being here|ending my life|ending her life|ending his life)
            (want|wanna|need|just want|wish) [to|i could] [just] (disappear|vanish|make it stop|make it all
                stop|be gone|the pain to stop|it all to stop|it to end|it to be over|fade away|sleep
                forever)
            (goodbye|bye|farewell) [everyone|everybody|all|guys] [i'm|im|and|i am] [so] (sorry for
                everything|sorry for it all|love you all always|i love you all|forgive me|take care of my)
            (sorry for everything|sorry i wasn't enough|sorry i was such a burden|sorry for being a burden|
                sorry i couldn't be better|sorry mum and dad)
            (look after|take care of) [my] (dog|cat|brother|sister|mum|hamster|little brother|little sister|
                family) (for me|when i'm gone|when im gone|after i'm gone)
            (can't|cant|dont|don't) see a (way out|future|way forward|reason to live|reason to carry on)
            (had enough of|tired of|done with|sick of|over) (life|living|being alive|existing|being here|
                this life|my life|waking up)
            (life|living) (isn't|is not|isnt|is no longer|ain't|not) worth [it|living]
            (die|died|dead) [and|then] [no one|nobody|noone] would (care|notice|miss)
            (nobody|noone|no one) will have to (put up with|worry about|deal with) me
            (won't|wont|not) (make it|get|live) (to|past|through|till|until) (tonight|the night|16|18|
                christmas|tomorrow|my birthday|the weekend|monday)
            (not safe|don't feel safe|dont feel safe|can't trust myself|cant trust myself) (with myself|on
                my own|alone|tonight|around)
            (overdosed|overdosing|overdose on|took an overdose|taken an overdose|take an overdose|taking an
                overdose)
            (starve|starving|make|making|made) (myself|herself|himself) (sick|throw up|thin|skinny|to be)
            (kill|end) (me|it all) (please|i cant|i can't|tonight)
            gonna (off|unalive|yeet|top|end) (myself|me|it)
            (neck myself|neck meself|do one for good|yeet myself|delete myself|forever box|game end myself|
                log off for good|log off forever)
            (never|wont|won't|not) (see|hear from|have to see) me (again|anymore|any more|ever again)
            it (will|would|ll) (all|soon) be over (soon|tonight|tomorrow|for me)
            """
        ),
    ),
    Rule(
        name="urged-to-self-harm",
        about="Somebody is told to end their life or to hurt themselves",
        example="just kill yourself already",
        source="Online Safety Act 2023, section 184; " + KCSIE,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        abuse=0.93,
        stance=Stance.RISK,
        words=frozenset("kys kysl killyourself killurself keepyourselfsafe kyz gkys".split()),
        phrases=phrases(
            """
            (kill|hang|shoot|stab|unalive|end|drown|neck|top|delete|cut|slit|electrocute|bleach) <yourself>
            go off <yourself>
            (go|please|hurry up and|why don't you|why dont you|you should|u should|hope you|hope u|hope she|
                hope he|should just|can you|can u|you can|you all|just go) [go|just|all|and|please] (die|
                commit suicide|an hero|overdose|die in a hole|die already|die in a fire|rot in hell|end it
                all|drop dead|get hit by a|choke|get cancer|kill urself)
            (die|die already|drop dead) (bitch|cunt|slag|faggot|whore|scum|cow|pig|fat|retard|nigger|prick|
                loser|twat)
            (go|should|just|please|favour and|favor and|go and|u) [go|just|take a|to|and] (jump|walk|lie
                down|step|leap|running jump) [off|in front of|under|infront of|into|on] [a|the] (bridge|
                cliff|train|roof|traffic|bus|building|motorway|train tracks|lorry|car park|tracks|moving)
            (hate|despise) (you|u|her|him) [so|sm|all|just] [much] (die|please die|hope you die|go die)
            (drink|neck|swallow|down|chug|gargle|try) [some|a|a bottle of|the] bleach
            (slit|cut) (your|ur|yer) (wrists|throat|wrist)
            (world|school|place|class|everyone|everybody|we|planet|year|family|mum|parents|earth|life|lives)
                [would|will|be|is|d|wud] [all|be] [be] [a] [much|so much|all|lot] (better|happier|nicer|
                better off|better place|happier place) (without you|without u|without him|without her|
                without them|if you died|if u died|if you were dead|if you weren't here|if you werent here|
                if you were gone|if you wasn't here|if you was dead|if you killed)
            (nobody|no one|noone) (would|will|wud) [even|ever] (miss|notice|care about) (you|u|him|her) [if|
                when|anyway]
            (nobody|no one|noone) (would|will|wud) [even|ever] (miss|notice|care) (if you|if u|if she|if he|
                when you) (died|were|was|killed|disappeared|vanished|jumped|went|weren't|wasn't)
            (hope|wish|praying|pray) (you|u|he|she|they|ya|your kids|her kids|his kids|your family) [all|
                both|just|get|would] (die|died|dies|dead|overdose|choke|rot|burn|never wake up|don't wake
                up|dont wake up|get run over|gets run over|get cancer|gets cancer|kill|drop dead|hang|drown|
                drowns)
            (why|how come) (are you|are u|you|u|is she|is he) (still|even|not) (alive|dead|breathing|here
                and not dead|dead yet|living)
            (do|doing) (us all|everyone|us|the world|yourself|everybody|me|your mum|ur mum) a (favour|favor)
                (and|by) [just|go] (die|dying|kill*|end it|jump*|hang*|drop dead|stop breathing|not wake up)
            (you|u) (deserve|deserves|deserved) to (die|be dead|rot|suffer|burn|hang|be shot|get raped|be
                raped|get shot)
            (told|tell|tells|telling|saying|said) (to|her|him|me|them|you|should|my daughter|my son|he
                should|she should) [to|to go|should|to go and|go] (kill|hang|end|hurt|cut) (herself|himself|
                myself|themselves|yourself|hisself|themself)
            (was|were|been|got|being|getting) told to [go|go and|just] (kill|hang|end|cut|hurt|die|jump)
            (you|u|she|he) (won't|wont|wouldn't|wouldnt|haven't got the guts to|too scared to) [even] (kill
                yourself|kill herself|kill himself|cut deep enough|actually jump)
            (bet|dare|double dare) (you|u|ya) [to|wont|won't|don't] (kill|jump off|cut yourself|take all|end
                it)
            (should|shoulda|shouldve|should've) [of|have|a] [been] (aborted|been aborted|drowned at birth|
                been drowned|swallowed|died at birth|never been born|been miscarried)
            (do it already|get on with it and die|just do it then|go on then do it) [_] ~~ (nobody|no one|
                noone|cry|miss|care|die|jump|coward)
            (nobody|no one|noone) (will|would|ll|wud|gonna) [even] (cry|miss you|come to your funeral|notice
                you're gone|notice youre gone|be sad|mourn you|cry for you)
            go [and] (play|lie down|lie|sleep|walk|run|sit|stand) (on|in) the (railway|railway line|train
                tracks|tracks|motorway|traffic|road|fast lane|m1|middle of the road|a1)
            cut deeper
            (everyone|we|they|whole year|we all|we'd all|wed all|people) [would|wud|will] [all] (laugh|
                cheer|party|celebrate|be glad|clap|be happy) (if|when) (you|u|he|she) (died|die|killed|dies|
                jumped|were dead|was dead)
            (rope|noose|razor|blade|razorblade|tablets|bridge|pills) (is|are) (that way|over there|waiting|
                calling|right there|cheap)
            """
        ),
    ),
)
