"""Slurs, by the group they hit. ``CLEAR`` words have no other use; ``DOUBLE`` words do and need an aim."""

from __future__ import annotations

RACE_CLEAR = frozenset(
    "paki pakis nigger niggers nigga niggas niggah chink chinks chinky gook gooks wog wogs spic spics "
    "wetback wetbacks darkie darkies golliwog pikey pikeys pikies pikie gyppo gyppos gypo gypos gippo "
    "gippos sambo raghead ragheads towelhead towelheads sandnigger beaner beaners polack chingchong "
    "groid niglet porchmonkey pickaninny zipperhead currymuncher halfcaste pajeet pajeets coolie "
    "coolies jigaboo currymunchers shitskin shitskins mudslime kaffir kaffirs coonass negroid dindu "
    "mudshark".split()
)
RACE_DOUBLE = frozenset("coon coons knacker knackers jap japs gyp gyps negro negroes redskin honky".split())
RELIGION_CLEAR = frozenset(
    "kike kikes muzzie muzzies muzzrat mudslimes goatfucker goatfuckers heeb muzz".split()
)
RELIGION_DOUBLE = frozenset("yid yids jihadi jihadis islamist".split())
LGBT_CLEAR = frozenset(
    "faggot faggots faggy fagot poof poofs poofter poofters battyboy battyman tranny trannies shemale "
    "shemales lezza lezzas lezzer lezzers lesbo lesbos bumboy bumboys bumder bumders lezzie lezzies "
    "lezbo lezbos gaybo troon troons ladyboy carpetmuncher fudgepacker faggotry".split()
)
LGBT_DOUBLE = frozenset("fag fags dyke homo homos bender benders sissy gaylord gaylords lez".split())
DISABILITY_CLEAR = frozenset(
    "retard retards retarded spastic spastics spaz spazz spacker spackers spakka mong mongs mongol "
    "mongy mongoloid flid windowlicker windowlickers sped tard tards spacka spackas spakker spakkers "
    "downie downies".split()
)
DISABILITY_DOUBLE = frozenset("cripple cripples midget midgets schizo psychos".split())

MASKED = (
    "paki pakis nigger niggers nigga pikey pikeys faggot faggots fag chink retard retards retarded tranny "
    "spastic mong kike gyppo wog poof".split()
)
