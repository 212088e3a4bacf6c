"""The named lists that phrases draw on: ``<grave>`` in a phrase is one of the grave harms below."""

from __future__ import annotations

LISTS = {
    # ...and what is theirs
    "your": "your|ur|yer|ya|yr",
    # ...and what they are
    "youre": "you're|youre|ur|you are|u are|u r|your",
    # Whoever is meant
    "him": "him|her|them|he|she|they|you|u|ya|me",
    # ...and what is theirs
    "his": "his|her|their|your|ur|my|our",
    # When and where school life happens
    "when": (
        "today|tonight|tomorrow|tmrw|tmoz|2moro|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
        "after school|at lunch|at break|at dinner|at the gates|at the gate|at the bus stop|on the bus|"
        "at the park|period one|in the morning|next week"
    ),
    # This place
    "here": (
        "here|in this school|at this school|in our school|in this country|in our country|in england|"
        "in britain|round here"
    ),
    # Apps to be reached by
    "app": (
        "snap|snapchat|sc|insta|instagram|ig|discord|whatsapp|whats app|kik|telegram|tiktok|wizz|roblox|"
        "signal|facetime|messenger|yubo|omegle|onlyfans"
    ),
    # Apps that hardly any business uses
    "young_app": "snap|snapchat|sc|discord|kik|tiktok|wizz|roblox|yubo|omegle|insta|ig",
    # A child, as grown-ups and friends say it
    "young_person": (
        "son|daughter|child|kid|kids|lad|girl|boy|little one|grandson|granddaughter|nephew|niece|brother|"
        "sister|children|stepson|stepdaughter|youngest|eldest|pupil|student|friend|mate|classmate"
    ),
    # Who has care of or power over a child
    "carer": (
        "dad|mum|mom|stepdad|stepmum|step dad|step mum|stepfather|stepmother|father|mother|uncle|auntie|"
        "aunty|grandad|mums boyfriend|mum's boyfriend|mums bf|mum's bf|dads girlfriend|foster dad|"
        "foster mum|foster carer|carer|babysitter|parents|older brother|big brother|brother|cousin|"
        "boyfriend|bf|teacher|coach|tutor|ta|mr _|mrs _|miss _|sir|sister"
    ),
    # Oneself, as pupils spell it
    "myself": "myself|my self|meself|me self|mysel|maself|miself",
    # The other, as pupils spell it
    "yourself": "yourself|your self|urself|ur self|yaself|yerself|yourselves|yourselfs|yoself|urselves",
    # What is going to be done
    "will": (
        "i'll|ill|i will|i'm going to|i'm gonna|im gonna|im going to|i'm gunna|im gunna|imma|ima|gonna|"
        "gunna|going to|we'll|we will|we're going to|we're gonna|were gonna|i'd|i would|i swear i'll|"
        "i swear ill|about to|boutta|finna|i want to|i wanna|want to|wanna|im ganna|ganna|someone should|"
        "somebody should|someone needs to|somebody needs to|i could|i might|might just|lets|let's|time to|"
        "someone is gonna|someone is going to|we should|i hope someone|he's gonna|my brother will|"
        "my brothers gonna|my dad will|my dads gonna|my cousin will|my cousins gonna|my dad is gonna|"
        "mandem will"
    ),
    # ...and how firmly
    "firmly": (
        "fucking|literally|actually|properly|come and|go and|come round and|just|personally|be|so|"
        "definitely|find you and|absolutely|come and find you and|have to|happily|gladly"
    ),
    # Grave harm
    "grave": (
        "kill|stab|shank|shoot|murder|batter|strangle|fill in|fuck up|rape|behead|drown|bury|lynch|bottle|"
        "headbutt|throttle|bray|bang out|gut|chef|merk"
    ),
    # Rough handling, also said of sport
    "rough": (
        "deck|smash|knock out|hurt|beat|beat up|punch|slap|bash|slice|choke|leather|run over|jump|kick|"
        "burn|end|bang"
    ),
    # Who it is done to, in any case
    "victim": (
        "you|u|ya|ye|yer|him|her|them|your|ur|his|their|that|those|the|these|every|all|everyone|everybody|"
        "someone|this|mr|mrs|miss|ms|dr|a teacher|teachers|some teacher|each and every|sir|kids|people|"
        "somebody"
    ),
    # ...and only where a person is meant
    "personally": (
        "you|u|ya|ye|him|her|your|ur|mr|mrs|miss|ms|dr|someone|somebody|sir|a teacher|that teacher|"
        "this teacher"
    ),
    # Before a weapon
    "a_or_his": "a|an|my|his|her|the|me|out a|some|in a",
    # ...its kind
    "sort_of_weapon": (
        "big|kitchen|flick|stanley|zombie|rambo|dads|dad's|brothers|loaded|real|fucking|massive"
    ),
    # ...itself
    "weapon": (
        "knife|knives|shank|blade|machete|gun|axe|acid|shiv|crossbow|zombie knife|pistol|shotgun|bb gun|"
        "knuckle duster|knuckledusters|samurai sword|nank|chete"
    ),
    # ...and where it is
    "somewhere": (
        "in school|to school|into school|in tomorrow|in tmrw|in on|in with|in friday|in monday|in my bag|"
        "in his bag|in her bag|in their bag|on him|on me|on her|on them|at school|in the|in my|in his|"
        "in her|in class|to class|in today|under his|under my|on the bus|down his|down my|for him|for her|"
        "for them|for you|for tomorrow"
    ),
    # A member of staff who can be told apart
    "named_staff": (
        "mr _|mrs _|miss _|ms _|dr _|sir _|that teacher|this teacher|the caretaker|that caretaker|"
        "the deputy|the deputy head|the receptionist|the bursar|the business manager|"
        "the chair of governors|that governor|the senco|that ta|the ta|the coach|the pe teacher|"
        "the maths teacher|the science teacher|the music teacher|his teacher|her teacher|head of year|"
        "the head of year|her tutor|his tutor|the site manager|the cook|the technician|the tutor|"
        "one of the teachers|a teacher there|your caretaker"
    ),
    # The head
    "the_head": (
        "the head|headteacher|head teacher|the headteacher|the head teacher|the headmaster|headmaster|"
        "headmistress|the principal|our head|your head|your headteacher|this head"
    ),
    # What links a person to wrongdoing
    "does": (
        "is|was|has|s|has been|were|are|been|always|keeps|regularly|just|got caught|caught|used to|who|"
        "openly|clearly|obviously|still"
    ),
    "being": "been|always|just|also|obviously|clearly|actually|a|openly|still|only|an",
    # Wrongdoing at work
    "wrong": (
        "fakes|fake marks|rigs|inflates|makes up|doctored|doctors|stealing|stole|steals|nicking|nicked|"
        "pocketing|pocketed|fiddling|fiddles|fiddled|embezzling|embezzled|creaming off|on the take|fraud|"
        "a fraud|fraudster|a thief|thief|taking backhanders|backhanders|bribes|taking bribes|bribed|"
        "corrupt|bent|drunk|drinking|drinks|stinks of drink|stinks of booze|smells of alcohol|"
        "smells of drink|on drugs|dealing|deals drugs|takes drugs|cocaine|racist|a racist|sexist|a bully|"
        "bully|bullies|bullying|bullied|lying|lied|lies|liar|a liar|covering up|covered up|covers up|"
        "having an affair|affair|sleeping with|shagging|faked|faking|forged|forging|falsified|falsifying|"
        "cheating|cheated|fiddling the|rigged|rigging|changed the marks|changing marks|sacked from|"
        "was sacked|struck off|got arrested|arrested|convicted|criminal record|been in prison|hits|hit|"
        "abuses|abusive|a pervert|pervert|perv|watching porn|porn|sends messages|messaging|grooming|"
        "a groomer|fired from|turns up drunk|turned up drunk|comes in drunk|money laundering|misusing|"
        "siphoning|discriminates|discriminating|victimising|threatened|assaulted|selling grades|paid off|"
        "spending school money|paedo|nonce"
    ),
    # Where journalists work
    "outlet": (
        "bbc|itv|courier|sky news|channel 4|the sun|daily mail|mail online|the mail|the mirror|daily mirror|"
        "the guardian|the times|the telegraph|gazette|the gazette|herald|echo|chronicle|tribune|"
        "evening post|evening standard|news|newspaper|paper|radio|magazine|press association|observer|"
        "advertiser|mercury|argus|local paper|newsdesk|news desk|post|express|independent|schools week|tes|"
        "huffpost|buzzfeed|newsquest|reach plc|channel 5|gb news|talktv|podcast|documentary|live"
    ),
    # Trifles that nobody dies of
    "trivial": (
        "traffic|queue|queues|parking|wifi|weather|rain|cold|heat|hangover|hold music|tune|song|website|"
        "app|cringe|advert"
    ),
    # What hateful claims call people
    "vile": (
        "scum|vermin|animals|savages|rapists|terrorists|criminals|thieves|parasites|cockroaches|rats|filth|"
        "evil|disgusting|dirty|inferior|subhuman|sub human|stupid|dumb|retarded|mentally ill|sick|"
        "degenerates|degenerate|pedos|paedos|pedophiles|paedophiles|nonces|groomers|invaders|backward|"
        "backwards|barbaric|violent|lazy|useless|inbred|murderers|killers|liars|cancer|a cancer|a plague|"
        "a disease|trash|garbage|monkeys|apes|pigs|dogs|whores|sluts|bitches|hoes|weak|perverts|freaks|"
        "unnatural|abominations|an abomination|confused|disgrace|a joke|a threat|a problem|the problem|"
        "the enemy|demons|demonic|emotional|hysterical|property|objects|a burden|burdens|worthless|smelly|"
        "cheap|greedy|thugs|benefit scroungers|not welcome|not human|not wanted|not british|not english|"
        "not normal|not real women|going to hell|to blame"
    ),
    # What hateful claims would do to people
    "out": (
        "shot|killed|deported|banned|hanged|hung|gassed|sent back|sent home|sterilised|exterminated|"
        "locked up|kicked out|put down|removed|wiped out|burned|burnt|in camps|in zoos|rounded up|beaten|"
        "castrated|eradicated|drowned|put in prison|euthanised|aborted|stopped|thrown out|dead|raped|"
        "eliminated|segregated|nuked|lynched|enslaved"
    ),
    # What makes a claim sweeping
    "all_those": "all|these|those|most|fucking|bloody|them|the|filthy|damn|dirty|illegal|you",
    # Race, nation, Roma and Travellers, refuge
    "race": (
        "black|blacks|black people|asian|asians|indian|indians|pakistani|pakistanis|african|africans|"
        "somali|somalis|polish|poles|romanian|romanians|chinese|bulgarians|albanian|albanians|roma|gypsy|"
        "gypsies|traveller|travellers|foreigner|foreigners|immigrant|immigrants|migrants|refugee|refugees|"
        "illegals|mexicans|mexican|arab|arabs|asylum seekers|white people|whites|brown people|"
        "eastern europeans|nigerians|irish|nonwhites|non whites|boat people|latinos|hispanics|bangladeshis"
    ),
    # Religion
    "religion": (
        "muslim|muslims|islam|moslem|moslems|jew|jews|jewish|hindu|hindus|sikh|sikhs|catholics|christians|"
        "islamists|zionists|mosques|hijabs|burqas|burkas"
    ),
    # Sexuality and gender
    "lgbt": (
        "gay|gays|gay people|lesbian|lesbians|trans|trans people|trans kids|transgender|transgenders|"
        "transgender people|homosexual|homosexuals|bisexuals|queers|lgbt|lgbtq|drag queens|trans women|"
        "transwomen|non binary|homosexuality|transsexuals|the gays"
    ),
    # Disability
    "disability": (
        "disabled|disabled people|autistic|autistics|autistic kids|special needs|special needs kids|"
        "send kids|sen kids|sen pupils|wheelchair users|handicapped|deaf people|downs kids|disabled kids|"
        "autistic people|cripples|adhd kids|the disabled"
    ),
    # Sex
    "sex": "women|woman|females|female|girls|feminists|feminist|wives|female teachers|single mums|feminism",
}
