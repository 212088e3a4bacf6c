"""Bullying that needs no bad word: shutting out, piling on, mocking, mean sarcasm."""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import Rule, Stance
from moderation.assessment import Label, Severity

SOURCE = "Anti-Bullying Alliance, forms of bullying"

RULES = (
    Rule(
        name="shutting-out",
        about="Somebody is told that nobody wants them, or others are told to shut them out",
        example="nobody wants you there Ellie, just stay home",
        source=SOURCE,
        severity=Severity.MEDIUM,
        labels=(Label.BULLYING,),
        abuse=0.8,
        stance=Stance.CONDUCT,
        phrases=phrases(
            """
            (nobody|no one|noone|no 1|none of us|not one person|literally no one|everyone|everybody|we all|
                whole year|all of us) [even|actually|ever|really|here|literally|in this year|in this class|
                in the year] (likes|like|wants|want|asked|cares about|hates|hate|hated|invited|loves|thinks|
                can stand|misses|missed|asked for|listens to|believes) [to be|to sit|to see|for|to talk|to
                hear] [with|near|friends with] (you|u|ya|her|him|ur|your)
            (nobody|no one|noone) (asked|invited|wants) (you|u|her|him|for your|ur|your) [_]
            (don't|dont|do not|never|nobody|no one|everyone stop|stop|none of you) [ever|anyone|let her|let
                him|even|want to|wants to] (sit|talk|speak|play|hang|hang out|hang around|walk|partner|eat|
                go|work) (with|to|next to|near) (her|him|them|you|u|that|_) [on|at|in|she|he|cos|she's|he's|
                because|lads|girls|guys|anymore|any more|today|tomorrow|lol|😂] (she|he|cos|she's|he's|
                because|girls|lads|guys|smells|stinks|stink|or you're|or ur|weird|😂|lol|contagious|nits)
            (you|u) (can't|cant|cannot|aren't allowed to|arent allowed to|ain't) (sit|play|come|hang|eat|
                join) [here|in] [with|here|near] (us|here|our table|our party|this table)
            (you're|youre|ur|your|she's|shes|he's|hes|you are|u r|u) (not|aint|ain't) (invited|welcome|
                wanted|coming|one of us|in the group|part of|allowed in)
            (everyone|everybody|all of you|girls|lads|guys|let's all|lets all|year _|we should all|let's|
                lets|pls|please|whole year) [please|pls|just|all|go|needs to|need to] (block|unfollow|
                unfriend|ignore|blank|report|unadd|dislike|ghost|exclude|leave out|mass report|ratio|air)
                (her|him|them|_|this girl|this kid|that girl|this boy) [account|page|video|and|till|until|
                from|on|so|off] (and|till|until|account|page|video|pass|from|off|now|on|everywhere|today|so|
                if|insta|so she|so he|then)
            (block|unfollow|ignore|blank|report) (her|him|_) [and] (pass|tell|spread) [it] (on|everyone|
                round)
            (new|make a|making a|made a|separate|another) (group chat|gc|groupchat|group|chat) (without|but
                don't add|but dont add|so she|so he|minus) [her|him|add|_|u|you]
            (whoever|anyone who|anyone thats|anyone that's|if you|if ur|if you're|if u) [is|are|talk|talks|
                still|speak] [still|to] (friends with|mates with|to|sticking up for|sits with|invites|chats
                to) (her|him|that|_) [is|you're|ur|your|are|gets|then] (is|you're|ur|your|are|gets|weird|
                next|dead|out|blocked|as bad|a snake)
            (why don't you|why dont you|u should|you should|do us all a favour and|do us a favour and|do
                everyone a favour and|hurry up and|favour and|favor and|just) [please|just] (stay home|move
                schools|move school|leave the school|change schools|leave school|disappear|not come back|
                stay at home|leave us alone you|stop existing|stay away from us|leave our|crawl back|
                emigrate)
            (why|y) (do|are|does|did|is|would) (you|u|she|he) [even|still|always|bother|actually] (even
                exist|even here|even come|even bother|even try|even speak|exist|come to this|bother coming|
                in this class|in our year|come in|at this school|in our school|turn up|show up|turned up|
                invited|existing|hang round with us|following us)
            (who|why) [the fuck|the hell|on earth|even] (invited|let|lets|asked|added|add) (her|him|you|u|
                that|them|this) [in|here|out|into|to|speak|post|come|thing|one|girl|kid|boy|u|off]
            (billy no mates|no mates|norman no mates|no friends|loner|friendless) [lol|😂|again|as usual|
                haha|sat|on her own|on his own|stood|by herself|by himself|her|him|you|u]
            (sits|sat|stood|sitting|stands|eats|ate|eating|eat) [her|his] [lunch|dinner] (on her own|on his
                own|by herself|by himself|alone|in the toilets|in the toilet|in the loo|in the library)
                [every|all|like|lol|again|at|because|cos|😂|haha|as usual|bless|every day]
            (lol|lmao|haha|😂) [_] ~ (eats|ate|eating|sits|sat) [her|his] [lunch|dinner] (on her own|on his
                own|by herself|by himself|alone|in the toilets|in the toilet)
            """
        ),
    ),
    Rule(
        name="mocking",
        about="Somebody is held up to be laughed at",
        example="imagine wearing that to prom 💀 look at the state of her",
        source=SOURCE,
        severity=Severity.MEDIUM,
        labels=(Label.BULLYING,),
        abuse=0.75,
        stance=Stance.CONDUCT,
        phrases=phrases(
            """
            (look at the|the absolute|what a|look at) state (of|on) (her|him|you|u|them|that|your|his|ur|it)
                [lol|😂|hair|outfit|face]
            (omg|lol|lmao|💀|😭|pls|the way|bro) not (_|her|him) (thinking|trying|wearing|being|crying|acting|
                posting|singing) [she|he|she's|he's|to|like|she can|he can|about] [_]
            (every time|everytime|whenever|when|each time) (he|she|they|_) ~~ (moo|oink|bark|woof|neigh|baa|
                meow|boo|moos|mooing)
            (moo|oink|bark|woof|neigh|baa|boo) (at|when|every time|whenever) (her|him|she|he|_)
            (changed|moved|swapped|switched) (tables|seats|places|rooms|groups|table) (cos|because|bc|to get
                away from|away from) [of] (you|u|her|him|she|he|of you|of her|of him)
            (you|u|her|him|she|he|we) [_] (take|took|get) the hint
            (his|her|your|ur|_) (house|breath|hair|coat|clothes|bag|family|caravan|mum|blazer|room|feet)
                [always|literally|proper|so] (smells|stinks|reeks|smelt|stank|honks) [of|like|bad|so]
            only (on|in|here|got|invited|picked|there|got in|come|playing|doing|friends|mates) ~~ (felt
                sorry|feel sorry|feels sorry|out of pity|pity invite|his dad|her dad|her mum|his mum|nobody
                else|no one else|we had to|made us)
            (drop|put|like|comment|react|send|vote|leave) [a|an|with|with a|the] (🐷|🐄|🐖|🐋|🤮|🤢|🐽|
                💩|🐀|🐍|🐳|🦛|🐘|
                👎|👎🏻) [_] ~ (if|for|her|him|she|he)
            (imagine|imagin) (being|having|looking like|wearing that|wearing|actually wearing|turning up|
                thinking|dressing|posting|smelling|living in|sounding) [that|like|so|this|her|him|you|in|as|
                friends|with|a|you're|your|ur|u|proud] (her|him|you|u|that desperate|so desperate|poor|fat|
                ugly|sad|thick|hair|face|teeth|to prom|mum|council|friends with)
            (have you|have u|did you|did u|has anyone|anyone|everyone|omg did you|who) (seen|see|saw|
                noticed) (what|her|his|how|the state|that) [she's|she|he's|he|shes|hes|hair|face|shoes|
                outfit|fat|ugly|_] [wearing|wore|is wearing|had on|looks|smells|looked|outfit|hair|trainers|
                teeth|shoes|dress|face] (wearing|wore|on|looks|smells|looked|outfit|hair|trainers|teeth|
                shoes|dress|face|today|lol|😂|💀)
            (no wonder|that's why|thats why|explains why|not surprised|i see why|can see why) <your> [own]
                (dad|mum|mam|parents|family|bf|boyfriend|girlfriend|gf|wife|husband|kids|brother|ex) [has|
                have|don't|doesn't] (left|walked out|doesn't want|doesnt want|don't want|hates|don't love|
                dont love|gave you up|gave you away|dumped|cheated|ran off|wants|can't stand|divorced|is
                ashamed|put you|cant stand|didn't want)
            (no wonder|that's why|thats why) (you|u|she|he|nobody|no one|everyone|noone|you've|youve|she's|
                he's) [has|have|got|ve] [got] [no] (friends|no friends|likes|hates|wants|mates|talks|got no|
                have no|sits|alone|single|bullied|left|laughs)
            (cry|crying|cries|run|running|go crying|tell|boo hoo) [about it] [to] [your|ur|her|his|the]
                (mummy|mommy|mum about it|teacher about it|baby|miss again|miss|sir again|daddy) [again|
                then|about|like|little|you|lol|😂|baby|boo]
            (aww|awww|aw|boo hoo|poor) [is|did|has|little|the|diddums|baby|poor] [the|little|poor|wee]
                [little] (baby|diddums|princess|snowflake|bubba|thing|didums|petal) [_] ~ (cry|crying|upset|
                hurt|mummy|mad|sad|tears|feelings|tell|miss|run|again)
            (vote|rate|rank|poll|like|comment|who is|who's|whos) [below|here|for|this|the|if|on|your|now|out
                of 10|out of ten|who] [for|the|who|who's|whos|you think|is] [the] (ugliest|fattest|thickest|
                smelliest|weirdest|biggest|worst|grossest|stupidest|most annoying|dumbest|most hated)
                [loser|girl|boy|person|kid|slag|freak|face|teacher|looking|one|nose|in|teeth|virgin|weirdo]
            (ugliest|fattest|smelliest|thickest|grossest|weirdest) (girl|boy|kid|person|one|lad|lass|people)
                [in|at|of|ever|i've|on] [the|this|our] (year|school|class|set|team|ever|world|form|_)
            (even|your|ur|all) [the|own|ur] (teachers|teacher|mum|friends|best friend|dinner ladies|parents|
                mates|dog|year 7s|boyfriend|cat) [all|actually] (laugh|laughs|laughing|hate|hates|talk|
                talks|feel sorry|feels sorry|think you're|can't stand|cant stand|is embarrassed|are
                embarrassed|take the piss|think your|doesn't like|don't like|thinks you're) [at|about|for|
                of] [you|u|her|him]
            (laugh|laughs|laughing|laughed|talk|talks|talking|bitch|bitches) (at|about) (you|u|her|him)
                (behind|all the time|every|the minute|as soon|when you|in the group|in the gc)
            (she|he|you|u|they|her|him|she's|he's|his house|her house|her hair|his breath|your breath|her
                breath|her family) [always|literally|actually|proper|all|still|just|fucking|well|bare|is]
                (stinks|stink|reeks|reek|smells like|smells of|smells so|smells 🤢|smell of|smell like|stank)
            (she|he|you|u|they|her|his breath|your breath|and she|cos he|because he|cos she|coach she)
                (stinks|stink|reeks|reek|honks)
            (can|could) smell (her|him|you|u|them|it|that) from (here|a mile|miles|across|the other|there|my
                house|over here)
            (from|off|out of|down) (primark|the market|the bins|the bin|a skip|lost property|the charity
                shop|shein|poundland|asda|the tip|a food bank|food banks|oxfam|temu|wish) [lol|😂|🤢|💀|init|
                innit|bless|ffs|you can tell|are they|mate|haha|🤣] (lol|😂|🤢|💀|
                init|innit|bless|you|are|mate|
                haha|can|🤣)
            (your|ur|her|his) (trainers|shoes|mum|dad|house|hair|coat|bag|phone|uniform|teeth|clothes|
                caravan) [is|are|look|looks|was|s|were] [from|off|like|so|a|held|works|cleans|in] [a|the|so]
                (primark|market|bins|skip|lost property|charity shop|fake|busted|cheap|crusty|dusty|tramp|
                mop|rats|minging|bins|cleaner|toilets|food bank|on benefits|benefits)
            (can't|cant|couldn't|couldnt) [even] afford [a|proper|to|new|decent|the|any|real|uniform|actual|
                deodorant|soap|shampoo] [_] [lol|😂|bless|haha|💀|tramp|scruff|peasant|poor] (lol|😂|haha|💀|
                tramp|scruff|peasant|soap|deodorant|shampoo|bless|🤣|povvo)
            (free school meals|free dinners|free meals|council house|council estate|food bank|foster kid|
                care kid|nobody's child|adopted) [kid|kids|scruff|tramp|lot|rat|trash|scum|face|😂|lol|
                stinks|for a reason|gang] (kid|scruff|tramp|rat|trash|scum|face|😂|lol|stinks|gang|povvo|
                peasant)
            (go|get) (wash|have a wash|have a shower|take a shower|take a bath|brush your teeth|get a wash|
                some deodorant|some friends)
            (lay off|put down|leave some|step away from|stop eating|been at|had one too many|ate all) the
                (pies|cakes|kfc|mcdonalds|burgers|doughnuts|fork|donuts|cake|biscuits|chips|dinners|food|
                carbs|crisps) [you|lass|lad|mate|love|fatty|😂|lol|pal|miss|sir]
            (she|he|you|u|ur|you're|she's|he's|shes|hes) [is] [so|such a|a|that|literally|just|still]
                [massive|little|proper|total|complete|right] (loner|reject|rejects|weird kid|try hard|
                tryhard|attention seeker|attention seeking|teachers pet|teacher's pet|creep|beg|wannabe|
                nobody|no mark|mummy's boy|mummys boy|grass|snitch|snake|two faced|fake friend|irrelevant|a
                beg|crybaby|cry baby|embarrassing|cringe|desperate|disgusting to look at|built like|shaped
                like|a whale|a hippo|a walrus|an elephant|pick me|charity case)
            (tell|told|does) <your> (mum|dad|nan|mam|wife) [_] (to) (stop|buy|wash|dress|
                she's|he's|feed|teach|you're|is|get|ashamed)
            (keep|carry on) (crying|telling|running|grassing) [to|on|about|and] [your|sir|miss|the|ur] [mum|
                teachers|mummy|_] ~ (see|worse|nobody|no one|believes|cares|happens|baby)
            (who's|whos|who is) [even] (gonna|going to) (believe|miss|like|date|want|marry|take|dance with|
                go with) (you|u|her|him) [_] (lol|haha|😂|anyway|though|looking|with|fat|ugly)
            (such|what) (an|a) [fucking|complete|total|utter|absolute|big|massive|right] (embarrassment|
                embarassment|joke of a|waste of a|disappointment|sad little|pathetic excuse|poor excuse|
                excuse for) [you|u|to|mate|of|mum|parent|teacher|person|human|man|woman|life]
            (well done|congrats|congratulations|slow clap|round of applause) [for|to|on|you've|mia|you|u|_]
                ~ (ruining|embarrassing yourself|losing us|failing|being the worst|loser of the|dumbest|
                worst player|costing us)
            (lost us|losing us|lose us|cost us|costing us) the (game|match|cup|final|league) [again|because|
                cos|useless|thanks|every|you|u|should|never|drop] (useless|should|never|drop|you|u|
                embarrass*|retire|give up|thanks|loser)
            (post|posting|put|share|sharing|upload|send|screenshot|screenshotted) [the|that|this|her|his|
                your|it|_] [pic|video|photo|vid|clip] [of|where|when] [her|him|_] ~ (crying|falling|
                tripping|wet herself|wet himself|being sick|before she deletes|ugly|fat|everyone laugh|so
                everyone|round the|whole school|spots)
            """
        ),
    ),
)
