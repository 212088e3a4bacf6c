"""Spellings: text speak, Scots, Geordie, Scouse and Yorkshire forms, and the words they stand for.

Only where the meaning is sure, and read only where no rule knows the spelling itself. What stands for a
denial is given without its apostrophe, so that it denies nothing that follows: ``idk why ur so thick``.
Forms of African-American and London English (``dat``, ``dem``) are left alone: reading them made such
speech look ruder than it is to its speakers, and hid nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache

from moderation.abuse.normalise.traced import Edit

_TEXT_SPEAK = """
gr8 great|m8 mate|m8s mates|h8 hate|h8s hates|h8r hater|h8rs haters|h8d hated|l8 late|l8r later
b4 before|w8 wait|str8 straight|2day today|2nite tonight|2night tonight|2moro tomorrow|2morro tomorrow
2morrow tomorrow|2mrw tomorrow|2moz tomorrow|tmrw tomorrow|tmoz tomorrow|tomoz tomorrow|tomo tomorrow
tmw tomorrow|tmr tomorrow|tomorow tomorrow|tommorow tomorrow|tommorrow tomorrow|tonite tonight
2gether together|4ever forever|4eva forever|4get forget|4give forgive|4u for you|2u to you
b4u before you|every1 everyone|evry1 everyone|some1 someone|sum1 someone|any1 anyone|ne1 anyone
no1 no one|som1 someone|u2 you too|ppl people|peeps people|plp people|skl school|skool school
skewl school|scl school|schl school|techer teacher|techers teachers|teecher teacher|teechers teachers
teachas teachers|teacha teacher|hmwk homework|homewrk homework|rlly really|rly really|reely really
srsly seriously|deffo definitely|defo definitely|probs probably|prolly probably|prob probably
obvs obviously|cud could|shud should|wud would|cudnt couldnt|wudnt wouldnt|shudnt shouldnt
coulda could have|shoulda should have|woulda would have|cuz cos|coz cos|bcos because|bcuz because
becoz because|becuz because|bcz because|wiv with|wid with|wif with
tho though|thru through|wot what|wots whats|wat what|wats whats|wen when|wher where
wer where|evrything everything|nuffin nothing|nuttin nothing|nufin nothing
nothin nothing|sumfin something|sumthin something|somethin something|sumthing something|somfin something
anyfin anything|anythin anything|everythin everything|fink think|finks thinks|abt about|bout about
msg message|msgs messages|fone phone|fones phones|snd send|giv give|hav have|av have|luv love|luvs loves
lv love|luvly lovely|pls please|plz please|plse please|pleez please|thx thanks|thnx thanks|thanx thanks
idk i dont know|idek i dont even know|idc i dont care|cba cant be bothered|dunno dont know
dunnno dont know|wanna want to|wana want to|gonna going to|gunna going to|gona going to|gotta got to
gimme give me|lemme let me|omw on my way|nvm never mind|wtv whatever|wyd what are you doing
wya where are you|ily i love you|ilysm i love you|kys kill yourself|kms kill myself
stfu shut the fuck up|gtfo get the fuck out|ffs for fucks sake|fgs for gods sake|wtf what the fuck
omfg oh my fucking god|jfc jesus fucking christ|foff fuck off|mf motherfucker|mfs motherfuckers
gf girlfriend|bf boyfriend|bff best friend|bday birthday|bdays birthdays|secs seconds|mins minutes
hrs hours|wk week|wks weeks|yr year|yrs years|nxt next|lst last|wkend weekend|thier their|wierd weird
definately definitely|becuase because|freind friend|freinds friends|beleive believe|recieve receive
tounge tongue|dosent doesnt|frend friend|frends friends|gyal girl|gyals girls|mandem lads
wasteman waste man|wastemen waste men|urslf yourself|yrself yourself|yourslf yourself|urselfs yourselves
yoself yourself|youself yourself|uself yourself|unalive kill|unalived killed|unaliving killing
sewerslide suicide|sewercide suicide|suiside suicide|suacide suicide|sucide suicide|suecide suicide
kil kill|kll kill|killl kill|seggs sex|secks sex|sexc sexy|nudez nudes|newds nudes|pr0n porn
payedo paedo|paydo paedo|peedo paedo|pdo paedo|paedofile paedophile|pedofile paedophile|peado paedo
peodo paedo|nonse nonce|fcuk fuck|fck fuck|fuk fuck|fuq fuck|phuck fuck|phuk fuck|fvck fuck|fook fuck
fukk fuck|fukkin fucking|fuken fucking|fukin fucking|fkin fucking|fckin fucking|fcking fucking
fking fucking|focking fucking|fackin fucking|biatch bitch|biotch bitch|beotch bitch|bich bitch
bytch bitch|bitchez bitches|btch bitch|btches bitches|bizatch bitch|cvnt cunt|kunt cunt|cnt cunt
cuntz cunts|shyt shit|shyte shite|sheit shit|sht shit|shitt shit|sh1te shite|azz ass|azzhole asshole
asshol asshole|arsehol arsehole|wnker wanker|wanka wanker|wankas wankers|wancker wanker|tw4t twat
twatt twat|twot twat|dik dick|dikhead dickhead|dickhed dickhead|dickhd dickhead|nobhead knobhead
nobheads knobheads|nobhed knobhead|knobhed knobhead|belend bellend|bellened bellend|prik prick
priks pricks|slagg slag|sket slag|skets slags|slutt slut|hoez hoes|retart retard|reetard retard
ritard retard|spastik spastic|mongoloyd mongoloid|fagit faggot|faggit faggot|phaggot faggot|phag fag
tranni tranny|pakki paki|packi paki|niga nigga|nigah nigga|niggr nigger|nigg nigger|pikie pikey
piky pikey|pykey pikey|gipsy gypsy|gypo gypo|gyppo gyppo|stoopid stupid|stupit stupid|stewpid stupid
stupd stupid|stpid stupid|dumm dumb|thik thick|fik thick|ugley ugly|ugli ugly|uglee ugly|fatt fat
loosers losers|idot idiot|idiet idiot|idoit idiot|eejit idiot|eejits idiots|eedjit idiot|wierdo weirdo
weridos weirdos
"""

_NORTHERN = """
nae no|naw no|aye yes|dinnae don't|didnae didn't|didny didn't|cannae can't|couldnae couldn't
wouldnae wouldn't|shouldnae shouldn't|wisnae wasn't|wasnae wasn't|wisny wasn't|isnae isn't|isny isn't
arenae aren't|werenae weren't|havenae haven't|hasnae hasn't|hadnae hadn't|doesnae doesn't|willnae won't
winnae won't|divvent don't|divn't don't|divvn't don't|heid head|heids heads|deid dead|yersel yourself
yersell yourself|yerself yourself|yoursel yourself|yersels yourselves|masel myself|masell myself
maself myself|mesel myself|hissel himself|himsel himself|hersel herself|themsel themselves
thasen yourself|thissen yourself|yous you|youse you|yis you|yiz you|bairn child|bairns children
wean child|weans children|lassie girl|lassies girls|laddie boy|laddies boys|polis police|bizzies police
bizzy police|hame home|yem home|oot out|aboot about|doon down|roon round|roond round|toon town|noo now
hoose house|mooth mouth|haud hold|telt told|gie give|gies give us|gied gave|gonnae going to
ganna going to|gan go|gannin going|gaun going|gaan going|wor our|marra mate|marras mates|nowt nothing
owt anything|summat something|summick something|wi with|fae from|frae from|tae to|aff off|affa off
ower over|hing thing|hings things|nuhin nothing|nuttin nothing|wis was|wur our|yin one|twa two
kens knows|greetin crying|skelp slap|skelped slapped|chib stab|chibbed stabbed|chibs stabs|malky stab
malkied stabbed|bampot idiot|bampots idiots|bawbag bellend|bawbags bellends|walloper bellend
wallopers bellends|fud cunt|fannybaws bellend|tadger dick|clatty dirty|boak vomit|radge nutter
radgie nutter|radgies nutters|gadgie man|gadgies men|charver chav|charva chav|charvas chavs
charvers chavs|divvy divvy|gizza give me a|gerroff get off|gerron get on|gerrout get out|gerrin get in
gorra got to|worra what a|lorra lot of|worrabout what about|norra not a|arl old|kidda lad|meff tramp
bezzie best friend|bezzies best friends
"""

_SPELT_HERE = """
color colour|favorite favourite|behavior behaviour|neighbor neighbour|neighbors neighbours|honor honour
center centre|mom mum|moms mums|mommy mummy|momma mum|organize organise|realize realise
apologize apologise|recognize recognise|defense defence|offense offence|jewelry jewellery
program programme|gray grey|pajamas pyjamas|asshole arsehole|assholes arseholes|ass arse|pedo paedo
pedos paedos|pedophile paedophile|pedophiles paedophiles|pedophilia paedophilia|traveler traveller
travelers travellers|bullyed bullied|counselor counsellor|criticize criticise|victimize victimise
gypsys gypsies|gipsies gypsies
"""


@cache
def _all() -> dict[str, str]:
    entries = re.split(r"[|\n]", "\n".join((_TEXT_SPEAK.strip(), _NORTHERN.strip(), _SPELT_HERE.strip())))
    pairs = (entry.partition(" ") for entry in entries)
    return {spelt: meant for spelt, _, meant in pairs}


def unknown_to(known: Container[str]) -> dict[str, str]:
    """Return the spellings that nobody knows yet and whose meaning, or some word of it, somebody does."""
    return {
        spelt: meant
        for spelt, meant in _all().items()
        if spelt not in known and any(word.replace("'", "") in known for word in meant.split())
    }


_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_DIGIT_WORD = re.compile(
    r"(?<![\w£$.:-])(?P<to>2)(?= (?:u|you|me|him|her|them|kill|fight|meet|see|get|go|do|be|come|tell|say)\b)"
    r"|(?<![\w£$.:-])(?P<for>4)(?= (?:u|you|me|him|her|them|ever|real|fucks?|gods?)\b)"
    r"|(?<=\bu )(?P<too>2)(?![\w:.-])|(?<=\byou )(?P<also>2)(?![\w:.-])"
)
_COUNTED = re.compile(
    r"\b(?:years?|yrs?|y|key stage|ks|class|period|part|room|page|team|at|top|number|stage) $"
)


def edits(text: str, spellings: Mapping[str, str]) -> Iterator[Edit]:
    """Give each word of the table as what it means, and the digits that stand for a word in a sentence."""
    found = list[Edit]()
    if not spellings.keys().isdisjoint(_TOKEN.findall(text)):
        for match in _TOKEN.finditer(text):
            if (meant := spellings.get(match[0])) is not None:
                found.append((*match.span(), meant))
    if "2" in text or "4" in text:
        for match in _DIGIT_WORD.finditer(text):
            if not _COUNTED.search(text, max(0, match.start() - 12), match.start()):
                word = {"to": "to", "for": "for"}.get(str(match.lastgroup), "too")
                found.append((*match.span(), word))
        found.sort()
    return iter(found)
