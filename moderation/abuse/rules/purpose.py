"""What the author wants: a reporter's approach, a complaint, a question, praise."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import Rule, Stance
from moderation.assessment import Severity
from moderation.triage import Fact

MEDIA = "school policy: a journalist is answered under the media policy"
SHIELD = "school policy: parents are encouraged to comment; criticism is not abuse"
OWN = "our own list"

_ASKS = (
    r"\?|(?<!\w)(?:please|pls|dm|message|email|contact|get in touch|speak|talk|call|use|permission|comment|"
    r"interview|story|credit|statement|quote)(?!\w)"
)
_REPORTERS_NAME = (
    r"(?<!\w)(?:bbc|itv|sky news|news|newsdesk|reporter|journalist|editor|gazette|herald|echo|chronicle|"
    r"tribune|daily mail|mail online|the sun|mirror|telegraph|guardian|press)(?!\w)"
)


def _named_as_press(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find an author whose shown name is a newsroom's or a reporter's, when they ask for something."""
    if compiled(_REPORTERS_NAME).search(reading.author_name.lower()) and compiled(_ASKS).search(reading.text):
        yield 0, len(reading.text)


def _question_marks(reading: Reading) -> Iterator[tuple[int, int]]:
    if (match := compiled(r"\?(?=[\s!?\"')]|$|[^\x00-\x7f])").search(reading.text)) is not None:
        yield match.span()


RULES = (
    Rule(
        name="press",
        about="A journalist asks for words, pictures or contact",
        example="Hi, I'm a reporter with the Oakfield Echo, could I talk to you about Friday's incident?",
        source=MEDIA,
        severity=Severity.NONE,
        facts=frozenset({Fact.PRESS}),
        find=_named_as_press,
        phrases=phrases(
            """
            (i'm|im|i am|my name is _ and i'm|we are|we're|name is _) [a|an|the|_] [_] [freelance|trainee|
                senior|local|education|news|_] (journalist|reporter|correspondent|news editor|features
                writer|journo|producer|broadcaster|newsreader) [_]
            (reporter|journalist|producer|correspondent|writer|editor|newsdesk|researcher) [here|_] (with|
                at|for|from|here from|on) [the|_] <outlet>
            (reporter|journalist|producer|correspondent|newsdesk|news desk) here
            <outlet> (reporter|journalist|producer|correspondent|newsdesk|news desk|researcher) [here|_]
            (working|writing|doing|researching|putting together|running|preparing) [on|up] (a|an|this) [_]
                (piece|story|article|feature|report|documentary|investigation|segment) [_] ~ (for|about|on|
                into|with)
            (here|writing|calling|working|i write|i'm|im|message|reporting|contacting you) [from|for|at|
                with|on behalf of] [the|_] [_] <outlet> [_] ~ (comment|story|talk|speak|permission|
                interview|video|piece|use|contact|touch|dm|email|article|feature|statement|credit)
            (can|could|may) (we|i|<outlet>) [_] (use|feature|share|run|broadcast|show) (your|this|the) [_]
                (video|photo|footage|clip|picture|pictures|story|photos|post) [_] ~ (bbc|itv|news|credit|
                platforms|programme|article|website|partners|on air|paper|story)
            (would you like to comment|for comment|request for comment|statement from the school|press
                office|right of reply|press enquiry|media enquiry|media request|press officer|on the record|
                off the record|before we publish|before we go to print|our readers|going to print|we are
                running a story|were running a story|we're running a story|licensing your video|all
                platforms with credit)
            (would|do|could|can|willing) (you|any parents|any parent|anyone|parents) [be] [willing|happy|
                like|want|prepared] [to] (be interviewed|do an interview|talk to us|speak to us|give an
                interview|talk to our|speak to our|share your story with)
            (reporter|journalist|correspondent|newsdesk|producer) (at|for|with|from) (the|bbc|itv|
                sky|channel|_)
            (freelance|freelancer|freelancing|newsdesk|news desk|newsroom|picture desk|picture editor|
                evening desk|education desk|county desk|culture desk|snow desk|property editor|documentary
                unit|trade weekly) (for|here|at|of|on|journalist|reporter|_)
            (i|we) (report|write|produce|present|cover|edit) (for|on|courts|schools|education|a|an|the) [_]
                [_] (paper|weekly|daily|bulletin|show|programme|podcast|newsletter|column|schools|magazine|
                messenger|lantern|echo|herald|gazette|courier|post|news|chronicle|wold|western)
            (making|producing|writing|shooting|doing|researching) (a|an) [_] [_] (documentary|podcast|
                programme|long read|feature|series|film for|half hour|hour on|piece) [_]
            (i'm|im|i am|we're) [a|an|with|on] [a|the|an] [_] [_] (paper|weekly|daily|newspaper|bulletin|
                magazine|radio station|tv channel|regional tv|tv desk|wire|news agency) [_]
                (and|could|would|can|here|may|looking)
            (writing|working|researching|calling) for [a|an|the|our] [_] [_] (paper|newspaper|magazine|
                weekly|daily|national|website|column|sunday|radio)
            (for|on) (tonight's|tomorrow's|saturday's|sunday's|friday's) [_] (bulletin|piece|
                programme|show|edition|paper|front page|front|page|pages|drive time|phone in|broadcast|
                column|podcast)
            (before|when) (we|i) (run|print|air|publish|broadcast|report|drop|use|read) (it|this|that|
                anything|what|any)
            (any|a|for|could i have a|can i get a|short|quick) (comment|statement|quote|line|response)
                [from|on|at|by|before|please|for] (the head|the school|the trust|the governors|noon|today|
                tonight|tomorrow|deadline|all|your|you|4pm|5pm|40 words)
            any comment
            (deadline|deadline's) [is] (today|tomorrow|monday|tuesday|wednesday|thursday|friday|noon|
                4pm|5pm|3pm|at noon|at 5|at 4) [_]
            (could|would|can|will|may|does|do) (the|your|a|any|someone from the) [_] (head|headteacher|
                school|trust|principal|governor|governors|teacher|parent|spokesperson|staff) [_] (comment|
                confirm|speak|talk|respond|do an interview|come on|record|sit down|appear|join us|give|take
                a call|do live|like to comment|want to answer|have a response)
            (live|come|speak|chat|interview|do) (on|for) [the|our|a] (breakfast|drive|radio|morning|
                afternoon|lunchtime|drive time|sofa) [show|programme|at|with|_]
            (on air|off the record|on background|press contact|press team|press pass|right of reply|for the
                record we)
            (may|can|could) (we|i) (print|quote|photograph|film|reprint) (your|the|this|a|that|them|it)
            (who|who's|whos) (handles|handle|does|is your) (press|media)
            (parents|sources|two sources|a parent|a reader|a listener|families|readers|listeners) (have|has|
                tell|tells|say|says|told|allege|alleges|rang) [told|shown|sent|contacted] [us|me] ~
                (confirm|comment|response|print|school's side|reply|fair|speak|publish)
            (send|sending|bring) (a|our|the) (photographer|camera crew|cameras|film crew|clippers cam)
            """
        ),
    ),
    Rule(
        name="complaint",
        about="A complaint or criticism; never abuse by itself",
        example="Absolutely disgusted that the trip was cancelled. Not good enough.",
        source=SHIELD,
        severity=Severity.NONE,
        facts=frozenset({Fact.COMPLAINT}),
        stance=Stance.OPINION,
        words=frozenset(
            "disgusted disgusting disgraceful disgrace appalling appalled unacceptable shambles shambolic "
            "complaint complaints complain complained complaining furious fuming livid disappointed "
            "disappointing unprofessional incompetent incompetence solicitor solicitors lawyer ofsted "
            "unfair diabolical atrocious pathetic ridiculous farce farcical outrageous outraged "
            "dismissive inexcusable negligent negligence discrimination discriminated discriminating "
            "outrage abysmal dreadful rubbish extortionate useless clueless horrendous".split()
        ),
        phrases=phrases(
            """
            (not|isn't|isnt|hardly|nowhere near|wasn't) [really|at all|even] (good enough|acceptable|fair|
                on|happy|impressed|safe|right|ok|okay|appropriate|professional|helpful|fit for purpose|value
                for money)
            (absolutely|totally|bloody|really|completely|utterly|fucking|pretty|truly|so) (shocking|awful|
                terrible|dire|shit|crap|disgraceful|ridiculous|useless|hopeless|let down|fed up|gutted|
                annoyed|angry|poor|rude|unsafe|chaos)
            (shocking|awful|terrible|poor|dire|zero|appalling|no|rubbish|crap|bad|lack of|shit|terrible) [_]
                (communication|service|organisation|management|leadership|teaching|behaviour from|customer
                service|attitude|standards|supervision|support for|parking|food|treatment|planning)
            (fed up|sick|tired|sick and tired|had enough|bored) (of|with) [_]
            (still|been) (waiting|no reply|no response|no answer|nothing|not heard|heard nothing|not had|
                haven't|havent|hasn't|nobody|no one|chasing) [_]
            (no|never|without|zero|had no|not had a|not one|ignored) [a|any|single|even|my|our|all] (reply|
                response|answer|communication|explanation|apology|warning|notice at all|notice given|
                feedback|email back|call
                back|emails|phone calls) [_]
            (nobody|no one|noone|never|not one person|they never|you never|school never|office never|school
                don't|school doesn't|nothing is ever|nothing ever|nothing gets) [ever|even|there|actually|
                is|gets|being] (replies|answers|responds|cares|listens|does anything|doing anything|
                answered|replied|rings back|called back|gets back|bothered|done|do anything|works|changes|
                picks up|reply|listen|care|bothers|working)
            (lost|losing|lose|lacking|no|zero) [all|any|my|our|every bit of|so much|complete|total] (faith|
                confidence|trust|patience|respect) (in|with|for|left)
            funny how (there's|theres|there is|you|they|the|it's|its|we|nobody|no one|when) [_]
            (deserve|deserves|deserved|expected|expect|demand) [so much|much|a lot|far] (better|more than
                this)
            another (week|day|term|year|month|lesson) [and] another
            (whoever|who) (thought|decided|came up with|signed off|organised|approved|made that decision|
                runs this|designed) ~~ (clearly|obviously|job|clue|idea|sense|fired|shame|head examined|
                wants|needs|never|children|kids|joke)
            (gone|going|went) (downhill|to the dogs|to pot|down the pan|down the drain)
            (haven't|havent|hasn't|hasnt|has not|not|without|don't|doesn't) [got|have|a] [a] (clue|idea
                what|a clue)
            (let|letting|lets) [us|him|her|them|our|my|the|these|so many|the kids|kids] [_] down
            (why|how) (was|were|is|are|isn't|isnt|can't|cant|does|doesn't|doesnt|do|did|didn't|didnt|has|
                hasn't|hasnt|have|haven't|should|must|would|can) (my|our|the|it|this|that|you|they|there|we|
                nobody|no one|parents|a|school|i|these|she|he) [_] ~ (detention|again|allowed|still|locked|
                cancelled|acceptable|fair|right|told|excluded|isolation|suspended|late|notice|ignored|over
                the top|only|have to pay|nothing|so long|blame|punished|ridiculous|excuse|nobody|
                confiscated|always|replied|reply|responded|rude|left|dirty|cold|unheated|shut|joke)
            (over|way over) the top
            (thanks|thank you|cheers) for (nothing|ruining|wasting|ignoring|not)
            (waste|wasting) of (time|money|everyone's time|space this school)
            (is|it's|its|this is|absolute|complete|total|what|such|become|utter|bit of) a [absolute|
                complete|total|bloody|utter|right|proper|fucking] (joke|disgrace|shambles|farce|nightmare|
                mess|scandal|rip off|con|money grab|liberty|waste|failure|let down)
            (money grabbing|rip off|ripping off|rip-off|penny pinching|money making|daylight robbery|taking
                the piss|taking the mick|taking the mickey|take the biscuit|takes the biscuit|beggars
                belief|last straw|final straw|jobs worth)
            (take|taking|taken|took) [this|it|the matter] (further|higher|to the governors|to ofsted|to the
                council|to the papers|legal|up with|to court|to the local authority|to the ombudsman|to the
                press)
            (fight|appeal|challenge|contest|oppose|object to|escalate|dispute) [this|the|that|your|it|to]
                [_] (decision|exclusion|policy|ruling|all the way|to the governors|suspension|sanction|
                proposal|plan|change|closure|further|mark|grade)
            (head|headteacher|heads|governors|leadership|slt|he|she|whoever|someone) (should|needs to|must|
                ought to|has to) (resign|go|be sacked|be ashamed|step down|apologise|answer for|be held|do
                better|explain|sort|get a grip|quit|be replaced)
            (be|is|are|am|feel) (ashamed|embarrassed) (of|to|at|that) [yourselves|yourself|this|how|
                themselves|say|my]
            (learnt|learned|learning|taught|teaches) (nothing|him nothing|her nothing|them nothing|
                absolutely nothing|sod all|bugger all)
            (poor|bad|terrible|awful|rubbish|shocking|weak|useless|hopeless|rude|lazy|unhelpful|dismissive|
                abrupt|patronising) (teacher|teachers|teaching|head|headteacher|receptionist|staff|office|
                school|leadership|management|communication|decision|attitude|office staff|lesson|lessons|
                show|form)
            (was|is|were|are|been|so|very|really) [so|very|really|extremely|incredibly|quite|always|just]
                (rude|dismissive|unhelpful|unprofessional|abrupt|patronising|ignorant to|condescending|
                aggressive with|sarcastic|cold and) [to|with|when|about|on]
            (pull|pulling|taking|moving|removing|take|move|remove|withdraw) [my|our|him|her|them] [_] [_]
                (out of|from|to another|to a different|schools) [this|that|your|the|here|the school|school]
                [_]
            (demand|want|expect|owed|deserve|deserves|waiting for|need) [an|a|some|you|the] [_] (apology|
                explanation|refund|answers|meeting with the head|answer|full refund|investigation|written
                apology)
            (hearing|hear) from my (solicitor|lawyer|mp|solicitors|barrister)
            (see you in court|legal action|formal complaint|official complaint|complaints procedure|
                complaints policy|chair of governors|lodge a complaint|ombudsman|petition)
            (sort|sort it|get it sorted|pull your finger|get your act|sort yourselves|sort your|get a grip|
                do something about|wake up and|do your job|do better|pull your socks) (it out|out|together|
                this|the|oakfield|school|now|please|act|finger out|and|up)
            (never|doesn't|doesnt|don't|won't|hardly|barely|not|isn't) [ever|even|bloody] (works|work|open|
                answered|answer|listen|turn up|turns up|arrives|working|on time|cleaned|enough|told|
                communicate|communicates|informed|heated) [_]
            (one|two|three|four|five|six|several|countless|numerous|multiple|many|third|3|4|5|6|10|
                umpteenth) [of] [my|our] (emails|phone calls|calls|messages|letters|email|times|complaint|
                voicemails|weeks) [_] ~ (no|nothing|nobody|ignored|still|later|reply|unanswered|response|
                now|ago|waiting)
            (blame|blaming|punish|punished|punishing|punishes|penalise|penalised|penalising|victim blaming)
                [the|our|my|every|all|good|innocent|a] [_] (kids|child|children|parents|victim|pupils|son|
                daughter|everyone|class|whole class|working parents|family|families)
            (food|uniform|policy|app|website|parking|homework|system|toilets|rule|rules|price|prices|
                timetable|trip|blazer|decision|bus|buses|lunches|portions|canteen|heating|wifi) [_] (is|are|
                was|were|has been) [so|just|absolutely|really|a|an|still|utterly|bloody|fucking|too|far too|
                completely] [bit|total|complete|fucking|bloody|absolute] (stupid|rubbish|shit|crap|
                ridiculous|terrible|awful|disgusting|joke|shambles|nightmare|broken|dangerous|expensive|
                filthy|useless|pathetic|mess|disgrace|cold|late|dire|vile|inedible|minging|wrong|unfair|
                tiny|poor|extortionate)
            (dangerous|unsafe|accident waiting to happen|health and safety|someone will get hurt|somebody
                will get hurt|hazard)
            (couldn't|couldnt|can't|cant) (organise|run|manage) a
            (what is|what's|whats) the point (of|in) [even] (this|a|the|having|that|asking|booking|these)
            joke of a (school|system|place|decision|policy)
            (give it a rest|in writing|some of us have jobs|some of us have been at work|not one word|
                not a word|never a word about|same every year|same every time)
            (that|that's|it|it's|this) [is] (theft|daylight robbery|against the law|illegal|extortion)
            """
        ),
    ),
    Rule(
        name="question",
        about="A question or a request",
        example="Does anyone know if PE kit is needed on Monday",
        source=OWN,
        severity=Severity.NONE,
        facts=frozenset({Fact.QUERY}),
        find=_question_marks,
        phrases=phrases(
            """
            (does|do|did|can|could|has|would|is|will) (anyone|anybody|any1|someone|somebody|you|any parents|
                other parents) [please|else|kindly] (know|tell|have|help|say|confirm|clarify|explain|
                remember|advise|share|send|let|direct|recommend|seen|got|found|heard|going|lend|point|
                recall|post|put|get|check|add|please)
            (please|pls|kindly) [can|could] (can|could|tell|let|confirm|advise|explain|send|clarify|share|
                check|help) [you|me|us|someone|anyone|i] [_]
            (what|when|where|which|who|how) (time|day|date|is|are|do|does|can|will|should|much|many|long|
                gate|page|teacher|year|room|colour|form|to) [_] ~ (start|starts|finish|finishes|open|opens|
                close|closes|tomorrow|monday|tuesday|wednesday|thursday|friday|tickets|apply|book|pay|bring|
                wear|needed|available|term|trip|club|fair|evening|kit|cost|due|order|contact|collect|find|
                buy|deadline|number)
            (any|have you got|got) (idea|ideas|news|update|updates|chance|details|info|information|more
                info|word) (when|what|if|on|about|where|how|please|of|yet|for)
            (wondering|wonder|like to know|want to know|need to know|trying to find|wanted to ask|can i ask|
                could i ask|may i ask|just asking|quick question|question about|how do i|how do we|how can
                i|where do i|where can i|who do i|who can i|is there|are there|will there|is it|is the
                school|are we|do we|do i|am i able)
            """
        ),
    ),
    Rule(
        name="praise",
        about="Thanks or praise",
        example="Well done Year 6, fantastic assembly this morning!",
        source=OWN,
        severity=Severity.NONE,
        facts=frozenset({Fact.PRAISE}),
        stance=Stance.OPINION,
        words=frozenset(
            "thanks thank thankyou ta cheers brilliant fantastic amazing wonderful fab fabulous lovely "
            "congratulations congrats awesome excellent superb proud outstanding incredible marvellous "
            "stunning beautiful inspiring impressive talented magical delighted bravo 👏 ❤ 🥰 😍 🎉 🙌 💙 "
            "💚 💛 💜 "
            "🧡 👍 🏆 🥳 diolch dziekuje shukriya smashed mint class legend legends".split()
        ),
        phrases=phrases(
            """
            (well|good|great|nice|top|cracking|superb|bloody good) (done|job|work|effort|one|stuff|lads|
                girls|story|idea|day|night|show|fun|to see|play|game|match|result|news|assembly|school|
                performance)
            (so|really|very|dead|proper|absolutely|super|well) (proud|supportive|pleased|chuffed|grateful|
                happy with|impressed|talented|helpful|kind|lucky|good|cute|clever)
            (loved|love|loves|enjoyed|adored|enjoying) (it|this|the|every|every minute|seeing|these|that|
                his|her|their|school|him|her)
            (keep up the|credit to|hats off|hats off to|shout out to|can't thank|cant thank|couldn't ask|
                couldnt ask|best school|best teacher|best teachers|best day|gold star|big thanks|huge
                thanks|thank you so|ta very|ta to|three cheers)
            """
        ),
    ),
)
