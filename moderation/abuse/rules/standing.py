"""People's and the school's standing: damaging claims about named staff or the head, posing as somebody."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrase, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity, Target
from moderation.triage import Fact

POLICY = "school policy: defamatory content goes to a senior person at once"


_WRONGDOING = tuple(
    phrase(text)
    for text in phrases(
        """
        <does> [<being>] <wrong>
        <being> <wrong>
        <wrong>
        (fiddling the books|cooking the books|on the fiddle|lining his|lining her|hush money|backhander|
            backhanders|brown envelope|slush fund|jobs for|trip money|roof money|in the till|kickback|
            kickbacks)
        """
    )
)
_NEAR = 60


class _Accuses:
    """Finds wrongdoing said right after one of the school's own names for this person."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def __call__(self, reading: Reading) -> Iterator[tuple[int, int]]:
        for start, end, target in reading.named:
            if target is not self._target:
                continue
            stop = compiled(r"[.!?\n]").search(reading.text, end)
            last = min(end + _NEAR, stop.start() if stop else len(reading.text))
            for wrong in _WRONGDOING:
                if wrong.keys.isdisjoint(reading.words):
                    continue
                for _, place in wrong.spans(reading.text, end, last):
                    yield start, place


RULES = (
    Rule(
        name="accused-of-abuse",
        about="A person is said to be a danger to children",
        example="That caretaker is a paedo, keep your kids away",
        source=POLICY + "; Keeping children safe in education, part four",
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.DEFAMATION, Label.SEXUAL),
        facts=frozenset({Fact.CHILD_AT_RISK}),
        abuse=0.7,
        stance=Stance.CONDUCT,
        words=frozenset(
            "paedo paedos pedo pedos nonce nonces paedophile paedophiles pedophile pedophiles "
            "kiddyfiddler peado peados noncey".split()
        ),
        phrases=phrases(
            """
            (kiddy|kiddie) (fiddler|fiddlers|fiddling)
            (child|children) (molester|molesters|abuser|abusers|groomer|toucher)
            (keep|get) (your|ur|our|the) (kids|children|daughters|girls|boys|sons|daughter) [well|far|right]
                (away|clear|safe|out) [from|of] (from|of|him|her)
            (sex offender|sex offenders|sex offenders register|registered sex|kid toucher)
            """
        ),
    ),
    Rule(
        name="head-accused",
        about="The head is accused of wrongdoing, a matter for the governors; disagreeing is not",
        example="The head is fiddling the books and everyone knows it",
        source=POLICY,
        severity=Severity.MEDIUM,
        labels=(Label.DEFAMATION,),
        facts=frozenset({Fact.HEAD_ACCUSED}),
        abuse=0.45,
        stance=Stance.CONDUCT,
        target=Target.HEAD,
        find=_Accuses(Target.HEAD),
        phrases=phrases(
            """
            <the_head> [<does>] [<being>] <wrong>
            <the_head> [_] ~ (fiddling the books|cooking the books|on the fiddle|lining his|lining her|
                stealing from|covering up|covered it up|covered up|swept it under|lied to|lying to|bullies
                staff|bullying staff|in his pocket|in her pocket|hush money|took a bribe|backhander|
                backhanders|is corrupt|is a liar|is a bully|drunk at|nepotism|jobs for)
            <the_head> ~~ (pocketed|pocketing|backhander|backhanders|kickback|kickbacks|brown envelope|brown
                envelopes|his mate the|his mates the|her mate the|his brother the|his wife the contract|
                cooked the books|hush money|paid off|slush fund|stole|stolen money|stealing)
            <the_head> [_] ~ (fiddled the|fiddling the|in the till|in the gin|roof money|line his|line her|
                paid off|buried it|sacked from|touching up|an affair|on the take|her pocket|his pocket|
                wife's purse|jobs to|pocketing|drunk|lied on|bribe)
            (cover up|coverup|covered up|corruption|lies|bullying|racism) (by|from) <the_head>
            """
        ),
    ),
    Rule(
        name="staff-accused",
        about="A member of staff is accused of wrongdoing",
        example="Mr Hughes has been stealing from the trip money",
        source=POLICY,
        severity=Severity.MEDIUM,
        labels=(Label.DEFAMATION,),
        facts=frozenset({Fact.STAFF_ACCUSED}),
        abuse=0.45,
        stance=Stance.CONDUCT,
        target=Target.STAFF,
        find=_Accuses(Target.STAFF),
        phrases=phrases(
            """
            <named_staff> [<does>] [<being>] <wrong>
            <named_staff> [_] ~ (stealing from|steals from|pocketing|turns up drunk|turned up drunk|comes in
                drunk|came in drunk|drunk in|smells of booze|stinks of booze|smells of drink|dealing drugs|
                sells drugs|sells vapes|fiddling|faked his|faked her|fake qualifications|isn't even
                qualified|isnt even qualified|affair with|sleeping with|carrying on with|had an affair|
                covered it up|lied about|lied to|covering up|got sacked|was sacked|been sacked|sacked from|
                got arrested|was arrested|changed the grades|changed grades|hates black|hates asian|hates
                girls|hates boys)
            (mr _|mrs _|miss _|ms _|sir|coach|bursar|caretaker|deputy|matron|ta|nurse|governor|technician)
                [_] ~ (sacked from|thrown out of|let go from|paid off|struck off|been suspended for|
                convicted|a conviction|on the fiddle|the till|pocketing|stealing|slapping a|touching up|
                touching kids|messing with kids|messing wi|a drinker|on the drink|drunk in|drunk at|fiddled|
                fiddling|blackmail*|dealing|porn|an affair|nicking|embezzl*)
            (everyone knows|we all know|fact is|common knowledge|rumour has it|ask anyone) [that|about]
                <named_staff> [_] ~ (drunk|drink*|affair|steal*|drugs|coke|bully|racist|pervert|lied|money|
                sacked|shagging)
            """
        ),
    ),
    Rule(
        name="posing-as-somebody",
        about="Somebody poses as the school, as staff, a pupil or an official, or says that another does",
        example="someone has made a fake account pretending to be my daughter",
        source="school policy: users must declare who they are",
        severity=Severity.MEDIUM,
        labels=(Label.IMPERSONATION,),
        abuse=0.3,
        stance=Stance.RISK,
        phrases=phrases(
            """
            (this|it) is [the|your|mr|mrs|miss|ms] [new|acting] [_] (headteacher|head teacher|headmaster|
                headmistress|principal|head) [_] (writing|speaking|here|posting|announcing|everyone|school)
            (headteacher|head teacher|principal|school office|deputy head|official school) here [school|all|
                everyone|the|please|just|lessons|exams|to|we|i|do|no|parents] (school|all|everyone|lessons|
                exams|closed|no|parents|cancelled)
            (i'm|im|i am) [the|your|a|from|with|actually] [new|real|the] (headteacher|head teacher|deputy
                head|school counsellor|police officer|from ofsted|ofsted inspector|social worker|from the
                council|pe teacher|teacher here|teacher at oakfield) [and|here|dm|message|message|so|send|
                from|add|ofsted] (dm|message|send|add|tell|need your|give|school is|cancelled|closed|can you
                send|i need|all)
            (pretending|pretends|posing|poses|masquerading|impersonating|impersonates|impersonated) [to be|
                as] [a|the|my|our|mr|mrs|miss|ms|his|her] (daughter|son|me|teacher|school|oakfield|
                headteacher|pupil|student|mum|dad|child|police|parent|him|her|staff|teachers|head|someone
                else|mr _|mrs _|miss _)
            (this is|its|it's|it is) (the|your|mr|mrs|miss|ms|dr) [_] [_] (office|exams office|finance
                office|headteacher|head|head teacher|chair of governors|school nurse|it team|admissions
                team|admissions|counsellor|coach|form tutor|police|ofsted|council|deputy|supply|attendance
                officer) [here|from|and|on|now|speaking|i'm|im|please|to|we|all|_]
            (mr|mrs|miss|ms|coach|dr) [_] (here|from science|from the office|the real one) [new|i'm|my|i|
                this|on|again] (number|account|work|phone|private|please|message|text|send|am|drunk|new)
            (new|my|our|own|private|work) (account|number|phone|insta|page) [_] [_] (broke|broken|please
                send|message me here|isn't working|dont tell|don't mention|pay only|please pay)
            (someone|somebody|there's|theres|an account|a page|account) [_] ~ (pretending|claiming|calling
                itself|posing|impersonat*|made to look like|using our|using the school)
            (isn't|isnt|is not|not) (mr _|mrs _|miss _|our page|the school's page|us|the real school|the
                school|really the head)
            signed (the real one|your headteacher|the head|mr _|mrs _)
            (fake|clone|cloned|copycat|bogus|duplicate|scam|parody|imposter|impostor) [_] (account|page|
                profile|instagram|facebook|accounts|pages|website|insta|twitter|snapchat|tiktok|school page)
            (account|page|profile|website|email|site) [_] (is|isn't|isnt|was|are|is not|not) [not|a|really|
                actually|the] [the|a|really] (fake|real school|really the school|official school|run by the
                school|fake one)
            (someone|somebody|people|they|kids|pupils|he|she) [has|have|is|are|'s|'ve] (set up|made|created|
                making|hacked|started|running|setting up) [a|an|my|his|her|the|another] [fake|account|page|
                new] (account|page|profile|tiktok) (as|in my|in her|in his|in the|using|pretending|with my|
                with her|with his|about|called|named|of) [_]
            (using|used|stole|stolen|uses) (my|her|his|our|the school's|the schools|my daughter's|my son's|
                my daughters|my sons) (name|photo|photos|pictures|identity|logo|face|badge|picture) [_] ~
                (account|page|profile|pretend*|fake|message*)
            """
        ),
    ),
    Rule(
        name="posing-as-a-child",
        about="Somebody poses as a pupil, or a family says that their child is copied",
        example="there's a fake account using my son's pictures",
        source="school policy: users must declare who they are",
        severity=Severity.MEDIUM,
        labels=(Label.IMPERSONATION,),
        facts=CHILD_DISCLOSES,
        stance=Stance.RISK,
        target=Target.CHILD,
        phrases=phrases(
            """
            (fake|clone|bogus|another) [_] (account|page|profile) [_] ~ (my|our) (daughter|son|child|kids|
                lad|girl|daughter's|son's|daughters|sons)
            (pretending|posing|impersonating|impersonated|pretend) [to|as] [be] [my|our] [_] (daughter|son|
                child|pupil|pupils|lad|my girl|student|15|14|13|16|a girl|a teenager)
            """
        ),
    ),
)
