"""Set phrases that sound worse than they are. A rule's find inside one of them does not count.

Only phrases whose harmless reading is all but certain belong here: an idiom must never cover a cry for help.
"""

from __future__ import annotations

from moderation.abuse.phrases import phrases

HARMLESS = phrases(
    """
    (killing|killed|killin|kills|kill|slayed|slaying|smashed|smashing|smash|nailed) (it|the solo|them notes)
    (kill|killed|die|murder|murdered) for (a|an|some|one|that|those|another|this)
    (could|can|would) (murder|kill|destroy|demolish|smash) (a|an|some|another) ~ (coffee|tea|cuppa|brew|
        pint|curry|burger|sandwich|pizza|kebab|cake|biscuit|drink|beer|wine|gin|chocolate|chips|roast|
        takeaway|sleep|nap|holiday|bacon|toast|cob|butty)
    (feet|back|legs|knees|head|shoes|heels|heel|boots|arms|eyes|suspense|heat|stairs) (is|are|were|was)
        [absolutely] (killing|murdering) (me|us)
    (kill|killed|killing) (time|two birds|the mood|the vibe|the vibes|the lights|the music|the joke|the
        engine|the buzz|the grass|the bacteria|germs)
    (mum|mums|mum's|mam|mams|dad|dads|dad's|wife|wifes|husband|missus|teacher|sir|miss|parents|coach) [is|
        are] (going to|gonna|will|gunna|would) (kill|murder) me
    (mum|mam|dad|wife|husband|missus) [would|will] (kill|murder|kills) me if
    (kill|murder) me now
    (murder|killer) (mystery|weekend|heels|boots|instinct|whale|whales|serve|goal|pass|look|line|queen|
        tracks|question|questions|quiz|set|shot|voice)
    (was|is|quiz|exam|hill|session|workout|race|that) [a|an|such a|was a|is a] (killer|murder|nightmare)
    (dying|died|die|dead|dies|crying) (laughing|of laughter|of embarrassment|of boredom|with laughter|from
        laughing|of cringe|inside|at this|at that|at the|with embarrassment)
    (i'm|im|i am|actually|literally|absolutely) [actually|literally|absolutely] (dying|dead|deceased|crying)
        😂
    (i'm|im|i am) [literally|actually] (dead|dying|deceased) [at|lol|lmao|haha]
    dying (to|for) (see|know|meet|hear|get|try|find|go|a|some|the|watch|come|read)
    (to die for|do or die|old habits die hard|die hard|never say die|dying breed|diehard|diehards)
    dead (proud|good|funny|nice|chuffed|easy|cute|excited|impressed|happy|quick|keen|brilliant|lovely|sweet|
        kind|heat|line|end|right|wood|set|centre|slow|tired|pleased|clever|hard|simple|interesting)
    over (my|your) dead body
    dead on (time|cue|target|nine|ten|arrival)
    <trivial> ~ (make|makes|made|making) me (want to|wanna|wana) (die|cry|scream|kill*|end it)
    <trivial> ~ (death of me|killing me)
    (be|been) the death of me
    [scared|bored|worried|sick|tickled|thrilled] to (death|bits)
    (scared|bored|worried|frightened|loved|starved|freeze|freezing|froze|catch your) to death
    catch [your|my|his|her|their] death
    (break|broke|broken) a leg
    (battery|phone|laptop|tablet|ipad|mic|microphone|plant|plants|hamster|goldfish|projector|engine|car|
        boiler|iphone) (has|is|was|just|will|keeps) (died|dying|dead|die)
    (shoot|shot|shooting) (me|us|him|her|them) [over|across] (a|an) (message|email|text|line|dm|question)
    (shooting|shoot) (star|stars|hoops|practice|drills|session|some hoops|from outside|skills|boots|the
        breeze|for the|for gold)
    (photo|film|fashion|video|new|green|bamboo) (shoot|shoots|shooting)
    (shots|shot) (fired|put|on goal|on target|of the|at goal|glass|in the arm|saved|stopper)
    (long|great|good|best|flu|penalty|screen|head|mug|sling|snap|super) (shot|shots)
    (bath|seed|photo|glitter|cherry|love|poo|hot chocolate|water|snow) (bomb|bombs|bombed|bombing)
    (bombed|bombing) (it|down|around|along|past|a bit)
    (sketch|show|film|joke|jokes|exam|test|gig) (bombed)
    (cost|costs|costing|looks|sleep) (a|like a|the) bomb
    (the bomb|bomb disposal|bomb shelter|atomic bomb|the bombing of|bombing of|bomb damage|unexploded bomb|
        bombs fell|bombed house|bombed houses)
    (water|nerf|glue|heat|nail|top|starting|staple|spray|massage|toy|bubble|radar|foam|laser|caulking|son of
        a) (gun|guns|pistol)
    (gun|guns) (blazing|ho|n roses|and roses)
    jump* the gun
    (knife|knives) and (fork|forks)
    (butter|palette|bread|craft|stanley|pocket|penknife|swiss army|plastic|chef's|pumpkin carving) (knife|
        knives)
    (beat|beating|battered|hammered|thrashed|smashed|destroyed|thumped|annihilated|slaughtered|killed|
        murdered) (them|us|you) [by] (1|2|3|4|5|6|7|8|9|10|0|fair)
    (beat|battered|hammered|thrashed|smashed|destroyed|slaughtered) (your|their|our) (team|lot|score|time|
        record|half marathon|pb)
    (smash|smashed|smashing|beat|hit|crush|crushed|crushing|destroy|destroyed|killed|nailed) (the|our|my|
        his|her|their|your) (target|record|records|exam|exams|test|tests|total|goal|goals|mocks|gcses|sats|
        audition|solo|performance|sats|race|time|interview|score|opposition|other team)
    (hit|hits|hitting) (the|a|it) (ball|six|four|note|notes|ground|nail|spot|road|books|target|net|post|
        shops|hay|beach)
    (punch|punched|punching) (the air|above|bag|line|lines|hole|card|drunk|and judy)
    (hole|fruit|rum|holes) (punch|punches|puncher)
    (knock|knocked|knocking) (them|it|em|us) (dead|out of the park|for six)
    (sick|wicked|savage|insane|mental|filthy|nasty|crazy|ridiculous|dirty) (goal|beat|beats|save|skills|
        moves|shot|trick|tune|drop|free kick|pass|assist|finish|volley|bars|gig|night|week|day|weather|
        number|numbers|amount|good)
    (hang|hanging|hung|hangs) (out|on|up|around|around|in there|back|about)
    (crying|cry|cried) (at|with|happy|watching|tears|laughing|my eyes)
    (stab|crack|bash|shot) at (it|this|writing|making|one)
    (blood|sweat) (sweat|and) [and] tears
    (fat|big|massive|huge) (chance|lot of|thank|thanks|cat|cats|quarter|balls|controller|stack|slice|
        tuesday|free)
    (thick|fat|dense|low|full|saturated|good) (fog|snow|coat|socks|jumper|soup|jumpers|paper|carpet|forest|
        free|ice|mud|skin|and fast|custard|gravy|tights)
    (dirty|filthy|smelly|stinky|muddy|gross|disgusting|minging|manky|rank) (boots|kit|socks|trainers|shoes|
        hands|washing|bag|coat|clothes|dishes|knees|pe kit|football boots|toilets|toilet|water|windows|
        nappy|nappies|weather|food|bib|bibs)
    (crazy|mad|dumb|stupid|silly|daft|ugly) (golf|hair|hair day|question|questions|hat|hats|season|o'clock|
        frog|oclock|sock|socks|jumper|jumpers|duckling|sweater|sisters|hours|busy|walks|game|price|prices|
        rule|rules|idea|ideas|policy|system|thing|things|decision|decisions|app|mistake|mistakes|time|
        amount|amounts|early|cold|expensive)
    (panto villain|evil villain|evil laugh|evil wizard|so evil the|evil step|ugly duckling|ugly sisters|ugly
        bug|fat controller|the twits|horrible histories|horrid henry|gangsta granny|awful auntie|evil queen|
        evil stepmother|wicked witch|demon dentist|stupid o'clock|evil genius|three little pigs|guinea pig|
        guinea pigs|sniffer dog|guide dog|hot dog|hot dogs|black country|red dwarf|snow white|scum class|
        dick whittington|moby dick|dick king smith|dick turpin|cock robin|tit for tat|blue tit|blue tits|
        great tits|coal tit|knob of butter|door knob|maine coon|racoon)
    (mad|mental|crazy) (how|busy|about|week|rush|fun|morning|day|to think)
    (bloody|damn|flipping|blooming) (marvellous|brilliant|good|lovely|well|fantastic|amazing|hell|love)
    (hit|hits|hitting) (different|differently|home)
    (hit|hits|hitting) (you|me|us|him|her|them) up
    (fireworks|bonfire|gunpowder) (night|plot)
    guy fawkes
    (blew|blow|blows|blown|blowing) (me|us|them|him|her|up|my|our) (away|the balloons|balloons|mind|the
        lilo|out the candles)
    gas (cooker|bill|bills|boiler|leak|engineer|meter|hob)
    (rip|burn|burnt|tear|cut|beat|beats|hack) (off|up the|a hole|a rug|the traffic|the queue|the queues|the
        heat|the rush|it fine|out|the calories|calories|the cake|the ribbon|the grass|the clock)
    (cutting|cut) (the grass|the cake|corners|edge|costs|the ribbon|his own|her own|my own|your own|the|out)
        (hair|fringe|grass|cake|shapes|ribbon|nails|sandwiches)
    (weapon|weapons) of (choice|maths|math|mass)
    (attack|attacking|defence|defensive|centre|goal) (midfielder|play|third|half|shooter|attack|defence)
    (crash|dummy|bomb) (landing|test|diet)
    (killing|kill|pissing|wetting) (myself|meself|yourself|ourselves) (laughing|laffing|at this|at that|with
        laughter)
    (drown|drowning|drowned) (myself|meself|you|him|her|them|ourselves) [_] in (the custard|custard|gravy|tea|
        coffee|wine|gin|cake|work|paperwork|homework|marking|kisses|love|glitter|emails|biscuits|cheese)
    (top|topping|topped) (myself|meself|yourself|it) up
    would rather die than (_)
    (nobody|no one|noone) (wants|wanted|want) (you|u|him|her|them|ya) to (leave|go|quit|feel|worry|miss|lose|
        suffer|stop|get hurt|fail)
    (nobody|no one|noone) (likes|loves) (you|u|ya) like (i|we)
    (stab|kill|murder|batter|smother|smash|drown) (you|u|ye|ya|him|her|them) [all] (with|wiv|wi) [my|our|the]
        (kindness|love|hugs|biryani|cake|kisses|cuddles|snacks|facts|rhymes|bars)
    (batter|batters) (ye|you|us|me) a (fish|sausage|haggis|mars bar)
    (kill|kills|killed|smash|smashed|batter|destroy|destroyed|end|bury|murder|shoot|beat|slaughter|rinse)
        (you|u|ya|him|her|them|ye|us) [all] (at|on|in) (mario|fifa|fortnite|cod|uno|monopoly|chess|
        minecraft|roblox|warzone|sports day|table tennis|snap|darts|pool|tennis|cluedo|scrabble|rounders|
        dodgeball|goldeneye|tekken|battleships|the quiz|the dance off|bake off|next round|next game)
    (kill|shoot|smash|destroy|end|snipe|stab) (you|u|ya|him|her|them) ~~ (same map|next round|next map|spawn|
        respawn|lobby|ranked|controller|gg)
    (end|kill|throttle|murder) (you|u|him|her|them) if (you|u|he|she|they) (make me cry|sing that|spoil it|say
        that pun|tell me the ending|beat me at|eat my)
    (faggots|faggot) (and|n) (peas|mash|chips|gravy)
    (absolute|total|proper|what a) (weapon|machine|unit) [_] (carried|that was|legend|💪|🔥|👏)
    (dog|pet|horse|poodle) (groomer|grooming|groomers)
    (grooming) [me|us|him|her] (for|salon|parlour|van|kit) (failure|success|leadership|greatness|dogs|
        poodles|_)
    (dead|died) to me (til|till|until|😂|lol|jk|haha|now|x)
    (snitches|grasses) get stitches was
    (te voy a matar|vou matar _ _|vou te matar) (a besos|a abrazos|de beijos|de abracos|de amor|com beijos)
    (zabije cie|zabije go|zabije ja) za (te|ten|ta|to) _
    (morrer|morro|muero|morir|mourir) de (vergonha|riso|rir|fome|verguenza|risa|hambre|rire|faim|amor)
    """
)
