"""Strong swearing. Mild oaths (bloody, damn, crap, bugger) are not in it: half the country says them."""

from __future__ import annotations

STRONG = frozenset(
    "fuck fucks fucked fucker fuckers fuckin fucking fuckinell fucksake fuckery fuk fukin fuking fck "
    "fcking fckin fkn fkin fking feck fecking phuck motherfucker motherfuckers motherfucking mofo shit "
    "shits shite shitty shitting shat shithole bullshit horseshit shitshow wtf ffs stfu gtfo omfg wank "
    "wanking bollocks bollox cunt cunts cunting pissflaps clusterfuck bastarding arseholes effing "
    "frigging fuckwittery".split()
)

MASKED = (
    "fuck fucking fucked fucker fuckers fucks shit shite shitty bullshit shitting motherfucker cunt cunts "
    "wank wanking bollocks".split()
)
