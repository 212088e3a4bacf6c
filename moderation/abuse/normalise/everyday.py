"""Everyday words of school talk, the common ones first: what a run of letters is likely made of.

Counted in ordinary public comments, with the words of school life added by hand. No insults: those are
in :mod:`moderation.abuse.lexicon`.
"""

from __future__ import annotations

COMMON_FIRST = (
    """
    the to you and is that it of in for this name be not on but have was my so are with just if me your
    like what as its at can they do no or we about all one he would there an dont from good get think
    now will how up out thanks see know more love when by has some really people well time thats too
    should only here them then been article go much his still why she who had any did thank were him
    also got because than right way other her very am make want even could need back going ive great oh
    sorry their which sure hope being say better youre ill same yes yeah never actually something work
    page first new didnt though take please does thing best feel where after cant those day look ok
    someone use before find call over said thought into these man bad made most doesnt happy point
    pretty our always us come talk probably off many looks help mean keep maybe again last might things
    game already anything since agree two try year down makes nice years doing give long read link
    another may lot little every isnt used glad free life such hes done guy problem post seems wow tell
    let both wish least getting enough ever while put stop nothing everyone edit trying articles wrong
    few around comment source theres bit old person real without place believe haha hard part cool next
    wait having fun guess else anyone yet sources idea reason change seen true until understand looking
    show today far home dude play own through guys different discussion saying sounds case either hey
    remember kind ask text big left start interesting end awesome fact section must friend list gonna
    needs once amazing care okay add yourself question definitely making mind times stuff found days
    money theyre fine everything hear world job exactly luck wont ago went quite week check sad says
    issue rather live funny leave saw second above using wasnt added watch lets sub number support reply
    gets away friends less havent word video information against night talking heard news user happened
    team myself comments seem later enjoy move wouldnt whole anyway matter course send wanted sense came
    kids cheers season whats able hi coming soon under others between removed stay almost instead
    however top called history means thinking win high words claim miss took appreciate shes content
    favorite welcome surprised given happen opinion girl line important phone story head clear youve
    working taking wonder goes school ones full told correct literally poor each lost beautiful
    especially face reliable family pages imagine tried arent unless perhaps possible close works note
    message original reference started meant comes buy games completely playing sometimes absolutely
    edits watching half honestly title single english omg wants deal open together run book won worth
    info account chance answer state couple fair image changed feeling tomorrow clearly late seeing easy
    future hit kid reading past forgot date example whatever simply moment main picture pick policy
    remove super loved hopefully mine side three women posted usually whether tonight rest term missed
    weird car movie gotta issues links kinda baby editing based advice curious shows months mention
    sweet fan worry sentence cause god totally version looked points explain needed hours bring except
    alone mom sort waiting happens obviously pay country cute meet house knew lead mobile response
    current eat similar deleted mentioned situation common dear morning month feels strong laugh write
    otherwise although asked asking further class certainly interested order topic players noticed
    finally personal often thread entire suggest experience shouldnt likely ready early realize men age
    changes self party youll become heart food type statement minutes gave break during project hot gone
    evidence woman outside unfortunately request sound congrats nobody small review religion boy wanna
    level hand seriously adding shot hurt include box longer actual forget view specific contact takes
    excited system problems google played lose character doubt perfect special group giving due knows
    red set sent moved agreed indeed general sleep music research language currently notable hoping
    short cannot calling service serious anymore created several taken cut difference weeks basically
    argument references alright area child apparently episode related report body vote email worse song
    player internet relevant speak wife couldnt block itself huge delete follow fixed dad loves safe
    assume parents forward search sharing written brother blocked confused learn personally living tag
    pass pain notice space normal war yesterday names government appropriate figure sign within subject
    available simple material questions helpful expect hour room water eyes felt site known states
    wondering uk fix bro along admin offer city consider death online hair fast lots white turn
    somewhere prefer discuss huh youd faith cash behind cat characters create wonderful low stand update
    plus standard ahead involved form themselves plan process obvious hold missing series gives liked
    provide hello control disagree posts useful website power aware bet smile drop mother quick exact
    attention appears including fight proud girls fans children company young difficult style
    relationship earlier third public hilarious near mate supposed finish images double helps quote
    included official human avoid community code save quality black birthday congratulations lucky truth
    context cold bed starting count town recent himself mistake terrible multiple separate numbers babe
    category considering considered checked listen easier running american putting political terms table
    valid reasons regards writing photo bottom particular address books yours busy bot prize sir
    straight gold sadly allowed according cost respect appear office drive college easily major telling
    four suggestion trust kept choice meme facts share leaving rules league none rule posting mostly
    action extra pov weekend law thoughts worst generally recently users final certain ball position
    beat attack continue accurate exist attempt wrote chat apply hands hahaha across loss british
    interest watched america cover media truly price older stick match join removing light step front
    thinks details option banned weight drink cake minute places explanation honest random listed
    definition reverted round act pic brought depends excellent somebody accept middle fantastic
    paragraph blue reasonable keeping claims national decision film catch choose test deserve amount
    worked eye fall record hasnt gotten crying decided username opinions neither below summary police
    forever previous willing directly youtube met moving surprise calls paid extremely views anywhere
    legal died reach positive south somehow odd map football worried trouble wall necessary complete
    discussed likes highly fit copy referring local fire shall urgent buddy reminds understanding event
    lovely draw present twice strange ended dinner doctor provided walk suppose art inside finished
    specifically star losing five meeting business turned focus happening slow goal son rate sister
    following effort canada videos mad holiday store loving road trade dream lack clean ice cry spend
    born changing speaking boys social hows significant proper bunch till piece entry brain itll surely
    results decide theyll countries entirely plenty return nor fellow minor conversation worries seemed
    science meaning hug voice edited warning status primary private wake result eating treat twitter
    turns lines error hurts apologies paper majority teams tone lunch cite customer dating possibly gun
    disappointed health data wan linked effect finding uses properly press pictures besides force
    driving killed period touch improve value president afraid feelings dunno regarding medical despite
    paying million arguments mail file careful father fighting realized stopped exists lady fairly
    assuming logic enjoyed draft debate tired named weve club latest slightly land alive earth skin
    matters silly upset proof scene higher card cases perfectly therefore north release quickly angry
    active dark large career neutral closed visit married shame purpose facebook heres guaranteed stated
    lie respond credit phrase broken laughed reaction reality direct throw regardless solution helped
    individual bus excuse abuse covered trip gift til military key spent sitting fault ending everybody
    keeps breaking ways beer blame expected ideas decent bought admit husband ten album immediately
    wording ignore park showing laughing prove church bless orange popular wearing lives access cheap
    range aint hang total genuinely knowing photos allow west input killing rights ring rock theory
    background french handle false wear beyond color knowledge pics bar anyways ends professional merge
    kiss rich build camera upon rare air waste green addition size readers receive modern published
    favourite politics appreciated towards bud hugs seconds criteria various heads concern checking
    werent practice broke sending familiar suggested average lists regret figured whos understood
    negative tip deep mess opposite failed compared messages policies copyright confirm brilliant saved
    location nearly carry learned ban happiness sell thus field march weed refer study pizza track
    examples lower bother defense drugs ground evening bigger particularly tough flag harder drunk
    updated guidelines titles accepted starts court plot concerned door expensive interview replace
    actions murder healthy train behavior reported sections warm soul bold zero folks perspective blood
    grow elsewhere expecting biggest christmas jealous discussions role mouth split charge net argue
    caught hadnt screen street classic fully german summer usual channel required cares clarify sit
    board spot wishes pull snow collection format detail holding anxiety hook pray taste cringe protect
    attacks hardly mark daily secret secondary sms anybody eventually dogs society stranger cross coffee
    dropped whenever fail letting shocked cats incorrect explained coverage proposed walking united
    attractive shopping recommend civil via theyve sun market solid proposal archive songs regular sake
    remain bank legit russian moves dates partner peoples awful caused click stuck computer race belong
    barely painful opportunity marriage guns speed natural band alternative normally pointing sea
    university bored stories describe suggesting description younger cup shoot potential technically
    confusing passed hearing award belongs beginning votes contract heavy noted therapy hits former
    apologize incredibly building apart quit ireland correctly calm culture king massive expand election
    log india released deserves confirmed yall incredible smart plays aight learning yay jokes tax alt
    tears acceptable tend hence education described illegal member loud switch daughter hero network
    wins six chicago reached princess population model sock energy protection colour movies app author
    center among female winning parent promise somewhat collect stands bill rid steal base damage
    discussing toxic bowl guessing adorable nature boyfriend gas shop england criticism contributions
    china extreme limit lesson badly john hide quotes lived independent confusion teacher memory battle
    suspect controversial options placed hat tool skills queen peace cancer brings voting international
    conflict spelling improvement groups balance concerns sat shirt impossible concept semi hospital
    closer mass subs foreign students afternoon clarification selected commons australia mum karma
    conspiracy anytime tree irrelevant members tells girlfriend whose jump century station pissed mode
    limited referenced oops pop row guideline removal boring success hockey jersey challenge mentioning
    humans roll cars constantly reader adult external usage awarded feet became necessarily explaining
    enjoying chill oil coach reminder usa magic benefit religious progress program drug reviews intended
    violation length suggestions texts statements basic commercial rough sports kidding picked shooting
    east helping listening previously sleeping require web supporting campaign accounts deleting wild
    fell corrected complain opening throwing restaurant traffic risk ride birth parties pleasure april
    wars absolute hungry services replied matches object merely applies animal responding buying overall
    unique army injury attitude delicious favor bear justify drama planning guide chinese sides dreams
    additional standing herself episodes gorgeous indicate showed fish held existence conclusion
    agreement legend notes balls letter begin responded push winner gay mistakes offended controversy
    library existing wholesome floor foot entitled burn europe spending confidence ironic managed design
    fyi clue taxes moments translation raised shown famous holy suddenly netflix lord everywhere arguing
    cops flat delivery sites complaining creating ability pushing prevent bias assumed remind listing
    unnecessary supported resolved todays training target emotional offense monday historical pure arms
    raise freedom playoffs depression greatest friday theyd sufficient logo itd categories goals
    established featured restored impressed aside useless impact brave fresh becomes rush expert
    accident grew universe serve acting requests bout joking cities received connection prime gym smoke
    mentions japanese wise protected tags lately onto cheese weak pretend relate voted seasons shower
    steps fear joy dying events detailed spirit boss golden signed staying degree basis feed property
    york oppose speedy smell bug cast uncle asap bringing genius dealing pounds meat border arm improved
    phones vague possibility january guilty winter explains accidentally weekly requested florida
    nowhere trolling tea standards fingers existed persons topics sport speech replaced yellow feedback
    gender dare island laws levels wine remains basketball student plans typical wing brand truck lawyer
    filled whoever rent lazy puts surprising tagged parts bag script insurance conservative forum lonely
    someones male lies recall trick latter picking saturday jobs reflect slowly explicitly strongly
    compromise sees boat glass germany hitting wouldve wishing animals disappointing shots stops chicken
    wondered epic misleading western mid weather sentences journey tiny objection fancy intro resolution
    items edge physical tank shock rip unfortunate nervous babies scope falling supports commenting
    relax realise organization sold rain mirror ship july rude upload goin shell feature passing fired
    spam turning talked nomination poster texas dollars wheres friendly owner irony innocent replying
    windows patient blog films security brown talks stock fantasy curiosity meal cream naming prison
    ignoring stars shoes uncomfortable comic movement aha areas opposed radio searching officially
    method beauty injured stats poorly responsible russia analysis presented window solve finds schools
    teachers teaching classes classroom pupil pupils mums mam dads mummy daddy headteacher headmaster
    headmistress deputy governor governors staff caretaker reception nursery academy sixth assembly
    detention exclusion excluded homework uniform blazer trousers skirt bully bullies bullying bullied
    behaviour discipline gcse gcses btec maths geography spanish pe rugby netball cricket rounders
    athletics swimming fete prom nativity concert choir trips dinners canteen playground gates gate
    leavers exams exam mocks revision revising ofsted inspection senco phonics bookfair worldbookday
    houses captain prefect prefects tutor holidays easter closure lessons remote strike strikes justice
    disgrace disgusting sack resign expose exposed cancel boycott kill kills die dies dead urself stab
    stabbed stabbing shank knife knives bomb bombs bombing batter smash punch kick slap hate hates hated
    hater ugly fat stupid dumb thick dirty smelly stinks stink rape rapes raped rapist rapists paedo
    paedos pedo pedos paedophile nonce nonces groomer groomers perv pervert creep racist racists racism
    sexist homophobic nazi nazis hitler terrorist terrorists muslim muslims islam jew jews gays lesbian
    trans asian asians pakistani indian polish romanian immigrants immigrant migrants foreigners
    refugees gypsy gypsies travellers britain scotland scottish wales welsh irish suicide harm cutting
    cuts nude nudes naked sex sexy porn peng boobs slag slags slut bitch snake snakes liar liars fake
    fakes vape vapes vaping coke dealer dealers beef fights gang gangs mandem opps snapchat snap insta
    instagram tiktok whatsapp discord telegram roblox fortnite followers unfollow fyp foryou foryoupage
    viral trending reel reels memes lol lmao bestie besties sis bruv mates lads lad lass lasses innit
    kys kms fatty pig pigs loser losers freak freaks weirdo tramp tramps scum vermin filth rat rats
    grass snitch snitches stitches seven eight nine eleven twelve thirteen anti mental awareness
    kindness wellbeing pride charity fundraiser raffle bake pta vegan climate eco recycling socks nose
    relief poppy remembrance diwali eid ramadan hanukkah mothers fathers grandparents thankful grateful
    blessed memories throwback motivation tuesday wednesday thursday sunday february june august
    september october november december i a u
    """
).split()
