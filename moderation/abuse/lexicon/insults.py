"""Insults. The strong ones demean wherever they land on a person; the mild ones are half affection."""

from __future__ import annotations

STRONG = frozenset(
    "bellend bellends tosser tossers wanker wankers twat twats knobhead knobheads knobend dickhead "
    "dickheads dickwad prick pricks arsehole arseholes asshole assholes arsewipe asswipe asshat jackass "
    "dumbass dumbasses dumbfuck dipshit shithead shitheads shithouse shitbag shitstain scumbag scumbags "
    "scum bastard bastards bitch bitches bitchy slag slags slut sluts slutty whore whores hoe skank "
    "skanks skanky tramp minger mingers munter munters mingbag idiot idiots moron morons imbecile "
    "imbeciles cretin cretins halfwit halfwits dimwit dimwits nitwit loser losers freak freaks weirdo "
    "weirdos creep creeps perv pervs pervert perverts fatty fatso lardarse lardass fatass chav chavs "
    "chavvy gobshite gobshites douche douchebag douchebags cocksucker cocksuckers fuckwit fuckwits "
    "fucktard fuckface fuckhead fucknut pisshead cockwomble thicko thickos thickie lowlife lowlifes "
    "lowlives degenerate degenerates vermin parasite parasites scrounger scroungers inbred inbreds bimbo "
    "airhead psycho psychos nutjob nutjobs nutcase headcase cunt cunts wench hag libtard libtards "
    "feminazi feminazis turd turds scrote scrotes gimp gimps ratbag wetwipe shitebag arselicker brownnose "
    "sloth pigs swine maggot maggots jerkoff schmuck dunderhead bonehead numbskull numskull meathead "
    "knuckledragger neckbeard trailertrash crackhead crackheads smackhead junkie junkies subhuman "
    "subhumans scally scallies pleb plebs minging".split()
)

MILD = frozenset(
    "muppet muppets numpty numpties plonker plonkers wally wallies div divs divvy divvies pillock "
    "pillocks prat prats twit twits git gits berk berks wazzock wazzocks dope dunce dunces clown clowns "
    "fool fools jobsworth jobsworths busybody snowflake snowflakes whinger whingers moaner nutter nutters "
    "lunatic lunatics dork dorks nerd nerds dweeb twerp nincompoop numbnuts doofus dingbat jerk jerks "
    "donut melt simp sheep sheeple hypocrite hypocrites coward cowards crybaby snob snobs brat brats "
    "karen karens sociopath narcissist nob nobs knob knobs dick dicks tit tits arse".split()
)

OF_A_PERSON = frozenset(
    "stupid dumb thick ugly fat pathetic disgusting vile repulsive gross minging gopping butters idiotic "
    "moronic brainless braindead gormless worthless smelly stinky filthy hideous evil creepy dim "
    "spineless gutless twisted deranged demented unhinged cretinous imbecilic sleazy slimy scummy trashy "
    "deluded delusional senile rotten".split()
)
"""Adjectives that demean when they are said of a person; a stupid rule is criticism."""

UNKIND = frozenset("crazy insane mental ignorant nasty horrible foolish insufferable rank dense fake".split())
"""Adjectives that are unkind said of a person and everyday otherwise."""

FAINT = frozenset(
    "stupidity idiocy hate hates hated trash garbage liar liars lying racist racists bigot bigots bigoted "
    "fascist fascists nazi nazis commie commies ridiculous shut sick disgrace filth crap damn hell sucks "
    "suck kill die dead rape raped bs troll trolls corrupt ignorance loony loons nuts nonsense butt ass "
    "ho puke vomit dumbed screw clueless fools joke pig rat snake cow dog ape apes monkey monkeys savage "
    "savages barbaric invaders thug thugs criminal criminals terrorist terrorists illegals immigrant "
    "immigrants deport".split()
)
"""Words that do no harm alone but stand more often in abuse than elsewhere."""

MASKED = (
    "bitch bitches bastard bastards twat twats wanker wankers prick pricks dick dicks arsehole arse "
    "bellend tosser slag slut whore knob knobhead dickhead idiot stupid minger crap".split()
)
