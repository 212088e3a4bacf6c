"""The words that masking knows. They decide only what an email shows, never how an item is judged."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HARSH_STEMS = _words(
    """
    arsehole asshole bastard bellend bitch bollock bullshit chav cretin cunt dickhead dipshit dumbass
    faggot feminazi fuck gimp golliwog gypo gyppo idiot imbecile jackass jerkoff kike knobhead loser
    minger minging mong moron motherfucker nigga nigger nonce nutter paedo paki peado pedo perv pikey
    pillock pisshead pleb poofter prick raghead retard scumbag shit simpleton slapper slut spastic spaz
    tosser towelhead trann trannies turd twat vermin wank weirdo whore
    """
)
"""Masked wherever a word begins with one of them."""

HARSH_WORDS = _words(
    """
    arse arses ass chink chinks clown clowns cock cocks coon coons cow crap cripple cripples dick dicks
    dumb dummy dunce dyke dykes fag fags fat fatso fatty freak freaks fuk hag knob knobs midget midgets
    nazi nazis pathetic pig pigs piss pissed plank poof poofs psycho psychos queer queers rat rats scum
    skank slag slags snake spack stupid stupidest tard tart thick thicko tit tits tranny troll trolls
    ugliest ugly witch wog wogs yid yids yob yobs
    """
)
"""Masked when they are the whole word."""

FIRST_NAMES = _words(
    """
    aaliyah aaron abdul abdullah abigail adam adele adrian ahmed aidan aileen aisha alan alastair alex
    alexander alexandra alfie ali alice alicia alison alistair amanda amber amelia amina amir amy andrea
    andrew andy angela anita ann anna anne annette anthony antony arthur asha ashley ava barbara barry
    beatrice becky ben benjamin bernard beth bethany beverley brenda brian bryan caitlin callum cameron
    carl carla carly carol caroline catherine cerys charlie charlotte cheryl chloe chris christian
    christina christine christopher claire clare clive colin connor craig daisy daniel danielle darren
    dave david dawn dean debbie deborah declan deepak denise dennis derek diana diane dominic donna
    dorothy douglas duncan dylan edward eileen elaine eleanor elizabeth ella ellie emily emma eric erin
    ethan evan evie ewan fatima fiona florence frances francesca fred freddie freya gareth gary gavin
    gemma geoff george georgia gerald gillian glen glenn gordon graham greg gwen hannah harriet harry
    hassan hayley hazel heather helen henry holly howard hugh hussain ian ibrahim imogen imran irene isaac
    isabel isabella isla ivan jackie jacob jacqueline jade jake jamal james jamie jan jane janet janice
    jasmine jason jayden jean jeff jennifer jenny jeremy jessica jill jim joan joanna joanne jodie joe
    joel john johnny jon jonathan jordan joseph josh joshua joyce judith julia julian julie justin karen
    karl kate katherine kathleen kathryn katie keith kelly ken kenneth kerry kevin kieran kim kirsty kyle
    laura lauren leah leanne lee leon lesley lewis liam linda lindsay lisa logan lorraine louis louise
    lucas lucy luke lynn lynne maisie malcolm marcus margaret maria marie marion martin martina mary mason
    matthew maureen megan melanie melissa michael michelle mike mohamed mohammad mohammed molly monica
    muhammad naomi natalie natasha nathan neil niamh nicholas nick nicola nicole nigel noah norman oliver
    olivia omar oscar owen pamela patricia patrick paul paula pauline penny peter phil philip phillip
    phoebe poppy priya rachael rachel ralph raymond rebecca rhys richard rita robert roger ronald rosie
    ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sebastian shannon
    sharon shaun sheila shirley simon sonia sophia sophie stacey stanley stephanie stephen steve steven
    stuart susan suzanne sylvia tara teresa terry theo theresa thomas tim timothy tina toby tom tony
    tracey tracy trevor valerie vanessa vera victor victoria vikram vincent wayne wendy william yasmin
    yvonne zainab zara zoe
    """
)
"""First names that are hidden even in small letters; names that are everyday words are not among them."""

TITLES = _words("mr mrs ms miss mx dr prof professor sir madam rev reverend coach nurse")

ALWAYS_CAPITAL = _words(
    """
    a-level a-levels academy april august british christmas covid dad december diwali dm dsl easter ehcp
    eid english eu facebook faq february form french friday fridays gcse gcses german google h&s halloween
    i i'd i'll i'm i've ict inset instagram irish it january july june lol march maths may miss monday
    mondays mum nhs november october ofsted ok omg pe pshe pta ramadan re sats saturday school scottish
    sen senco send september sir sixth slt spanish sunday teams thursday tuesday tv twitter uk wednesday
    welsh whatsapp x year youtube
    """
)
"""Written with a capital anywhere without being somebody's name."""

COMMON = _words(
    """
    a able about above absolute absolutely academy account across actual actually after again against age
    agree ah all allow almost alone along already also although always am amazing among an and angry
    annoyed another answer any anybody anyone anything anyway appalled apparently are aren't around as ask
    asked assembly at away awful back bad badly bake ball band be beautiful because been before begging
    behind being believe best better between big bit blame book books both boy boys break breakfast
    brilliant bring brother budget bullies bully bus but by bye call called came can can't cancelled
    cannot canteen car card care carry case catch cause change cheap check child children children's choir
    class classes clear close closed club cold come comes coming community complaint completely concert
    congratulations costume could couldn't course cry crying dad's dare date daughter day days dead dear
    decision definitely did didn't different dinner dirty disappointed disgrace disgusted disgusting do
    does doesn't doing don't done door down drive drop dropped during each early easy eat eight either
    else email end enough even evening ever every everybody everyone everyone's everything everywhere
    exactly exam exams excellent excuse extra face fact fair family fantastic far fault feel fees felt
    fete few field fifth final finally find fine first fix follow food football for forever forget found
    fourth free friend friends from front full fun fundraiser funny game gate gates gave get getting girl
    girls give given glad go goes going gone good got governors grades great group guys had hadn't hair
    half hall happen happened happening happens happy hard has hasn't hate have haven't having he he'd
    he'll he's head headteacher hello help her here here's hers hey hi him his hit hold holiday holidays
    home homework honestly hope hoping hour hours house how however hungry hurt husband idea if ignore
    imagine in instead into is isn't it'll it's its job join joke just keep keeps kid kids kids' kill kind
    knew know knows lad lads lady last late later laugh lazy learn least leave left lesson lessons let
    let's letter liar liars library lie lies like line list little live lol long look looking looks lost
    lot lots love loved lovely lucky lunch made make makes making man many matter maybe me mean means meet
    meeting men menu message might mind mine minute miss missed mobile money month more morning most
    mother move much mum's mums must my myself name nasty near need needs never new news next nice night
    nine no nobody nobody's none nonsense nope nor not nothing notice now nowhere nursery obviously of off
    office oh okay old on once one only open or orchestra other others our out outside over own paid
    parent parents parents' park parking part party pass past pay pe people perhaps person phone photo
    photos pick place plan play please plus point poor post posted posts pray pretty primary principal
    probably problem prom proper proud pupil pupils pupils' put question queue quick quiet quite racist
    raffle rang read reading ready real really reason reception red reply report respect rest results
    right ring road room rubbish rude run sad safe said sale same save saw say says scared school's second
    secondary see seems seen send sent seriously seven shame she she'd she'll she's shocking should
    shouldn't shout shouted show shut sick side since sister sit site six smell smells so some somebody
    somebody's someone something sometimes son soon sorry sort speak sport sports spread staff stand start
    started stay still stop stopped story straight street strong student students stuff such sure take
    taken taking talk talking teach teacher teachers team tell tells ten term terrible test than thank
    thanks that that'll that's the their them then there there's these they they'd they'll they're they've
    thing things think third this those though thought threat three through thursday till time times tired
    to today today's toilets told tomorrow tonight too took top total totally town traffic treat tried
    trip trips true trust try trying turn twice two typical uniform unless until up upset us use used
    useful useless usual utter utterly very visit wait waiting walk want wanted wants warm was wasn't
    waste watch water way we we'd we'll we're we've wear weather website week weekend weeks welcome well
    went were weren't what what's when where where's whether which while who who's whole whose why wife
    will wish with without woman women won't wonder wonderful word words work worked working works world
    worried worse worst would wouldn't wow write wrong yeah year year's years yell yelling yes yesterday
    yet you you'd you'll you're you've young your yours yourself youtube
    """
)
"""Words that may begin a sentence, or shout, without being a name."""

COMMON_ENDINGS = (
    "ing",
    "ed",
    "ly",
    "ful",
    "less",
    "tion",
    "sion",
    "ment",
    "ness",
    "ous",
    "able",
    "ible",
    "ive",
)
"""Endings of everyday words; they only count where a capital letter says nothing."""
