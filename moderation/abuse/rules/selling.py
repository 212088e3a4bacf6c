"""Adverts and scams."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import compiled, phrases
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import Rule
from moderation.assessment import Label, Severity
from moderation.triage import Fact

FRAUD = "Report Fraud and Which?, common scams"
_LINK = (
    r"(?<!\w)(?:https?://\S{3,200}|www\.\S{3,200}|(?:bit\.ly|tinyurl\.com|t\.co|t\.me|wa\.me|cutt\.ly|"
    r"rb\.gy|is\.gd|goo\.gl|linktr\.ee|rebrand\.ly|ow\.ly)/\S{1,100}|[a-z0-9-]{3,60}\.(?:com|net|org|"
    r"info|shop|xyz|test|"
    r"example|io|online|site|store|biz|link|top|co\.uk)(?!\w)(?:/\S{0,100})?)|\[link\]"
)
_LURE = (
    r"(?<!\w)(?:click|claim|winner|won|prize|free (?:gift|iphone|ipad|entry|vouchers?|robux|v-?bucks|money)|"
    r"verify|suspended|overdue|unusual activity|refund|limited time|act now|hurry|urgent|earn|profit|"
    r"investment|invest|crypto|bitcoin|forex|giveaway|selected|login|log in|password|bank details|"
    r"pay (?:here|now)|account (?:is|has|will)|expires?|parcel|delivery fee|cash ?back|unsubscribe|"
    r"reply stop|weight loss|followers|approved|loans?|no (?:credit )?checks|today only|"
    r"hot (?:girls|singles)|work from home)(?!\w)"
)
_SHORT = r"(?:bit\.ly|tinyurl|cutt\.ly|rb\.gy|is\.gd|t\.me/|wa\.me|goo\.gl)"


def _luring_links(reading: Reading) -> Iterator[tuple[int, int]]:
    text = reading.cleaned.text
    if "." not in text and "[link]" not in text:
        return
    for match in compiled(_LINK).finditer(reading.text):
        if compiled(_LURE).search(reading.text) or compiled(_SHORT).search(match[0]):
            yield match.span()


RULES = (
    Rule(
        name="scam",
        about="A scam: easy money, a prize, a false bill, a link that lures",
        example="Congratulations! You have been selected to receive a free iPhone, claim now",
        source=FRAUD,
        severity=Severity.MEDIUM,
        labels=(Label.SPAM,),
        facts=frozenset({Fact.ADVERT}),
        abuse=0.08,
        find=_luring_links,
        phrases=phrases(
            """
            (earn|earning|earned|earns|make|making|made|makes) [up to|over|me|£_|$_] (£|$|€|_) [_] (a day|
                per day|daily|a week|per week|weekly|an hour|from home|online|working from home|in a week|in
                one week|in 24 hours|in days|every day|monthly) [_]
            (you have|you've|youve|u have) (won|been selected|been chosen|been awarded|been specially
                selected|qualified for a)
            (claim|collect|redeem) (your|ur|now|my|the) [free] (prize|gift|reward|free|now|voucher|refund|
                winnings|award|bonus|iphone|money|at|here|gift card)
            (crypto|bitcoin|forex|binary|fx|nft) (trader|trading|investment|expert|account manager|mentor|
                mining|investor|signals|platform|profits|giveaway)
            (recover|recovery of|recovered) (my|your|lost|stolen|hacked) (crypto|funds|money|bitcoin|
                account|lost)
            (spell caster|love spell|loan offer|instant loan|quick loan|free robux|free v bucks|free vbucks|
                cash app flip|money flip|cashapp flip|account hacker|hack any|hire a hacker|essay writing
                service|write your essay|buy followers|get followers|more followers fast|fake notes|
                counterfeit|fullz|lottery winner|cash prize|guaranteed cash|premium rate|private line|
                ringtone|ringtones|camcorder)
            (account|dinner account|parentpay|payment|parcel|package|delivery|tax|bank) [_] (is|has been|
                will be|was) (overdue|suspended|locked|closed|blocked|on hold|frozen|limited|restricted|
                held) [_] ~ (click|pay|here|link|verify|http|log in|login|update|call)
            (investment|invested|invest) [_] ~ (returns|return|profit|profits|platform|double|doubled|
                guaranteed|mentor|whatsapp|telegram)
            (text|txt|call|reply|send) [_] (to) (win|claim|86888|87121|80082|8007)
            (txt|text|call) [_] (stop|claim|win|yes|free|now) [_] (to|from|on|landline|mobile)
            (work from home|side hustle|passive income|financial freedom|be your own boss|no experience
                needed|network marketing|join my team|dm me to start earning)
            (earned|made|make|making|earning) [£] [_] [_] (last week|this week|last month|from home|overnight)
            (verify|confirm|update|re-issue|reissue|release|settle|enter|reply with) [_] [_] [_] (bank card|
                card|bank details|card details|card number|sort code|pin|password|login|log in|nhs number|
                account number) [today|now|here|to|within|below|and|on]
            (essays|essay|coursework|dissertation|exam papers|exam paper|leaked papers|leaked paper|answers|
                resit|mark scheme) [_] (written|done|for sale|guaranteed|in 24|undetectable|from £|
                undetected|dm|any grade)
            (undetectable|no detector|guaranteed grade|guaranteed pass|buy followers|curse lifted|love
                spell|sugar mummy|sugar daddy|sugar baby|gift card code|apple cards|google play cards|steam
                cards)
            (flip|double|turn) [£] [_] [into|to|your] [_] (same day|instantly|no risk|guaranteed returns|
                legit)
            (placement|holding|registration|joining|release|delivery|vet|admin|unlock) fee [_] [_] (to|at|
                today|of|needed|secure|first|link|£)
            (broke|skint|struggling) [_] ~~ (thanks to|until i met|i met) (mr|mrs|miss|_) [_] [_]
            (real followers|more followers|followers today|no credit check|no credit checks|cash before|
                fast cash|
                payday loan|payday loans|approved in)
            """
        ),
    ),
    Rule(
        name="advert",
        about="Plain advertising",
        example="Check out my window cleaning business, 10% off this month",
        source="school policy: not for personal gain",
        severity=Severity.LOW,
        labels=(Label.SPAM,),
        facts=frozenset({Fact.ADVERT}),
        abuse=0.03,
        phrases=phrases(
            """
            (check out|visit|follow|like|try|support|book|take a look at|have a look at|see) (my|our) [new|
                small|little|online|local] [_] [_] (business|shop|store|page|channel|website|etsy|company|
                services|service|onlyfans|youtube|salon|brand|book on amazon|link|product|products|vinted|
                depop|podcast)
            (special|introductory|exclusive|half price|limited time|limited|black friday|new customer|
                amazing|great|festive|unbeatable) (offer|offers|discount|discounts|deal|deals|rates)
            (10|15|20|25|30|40|50|60|70|80|5) [%|percent] off [_] (this|when|all|your|first|everything|for|
                today|with|your|code|using|selected|any|orders|until|our|on|until|now|if)
            (get|for|with|extra|up to|offering|take|save|enjoy|quote) (10|15|20|25|30|40|50|60|70|80|5)
                [percent] off
            (use|quote|with) (my|code|discount code|promo code|voucher code|referral code|the code) [code|_]
                (for|to get|and get|code|at checkout|%|off|link)
            (cleaning|plumbing|roofing|tutoring|gardening|painting and decorating|dog walking|slimming|lip
                filler|botox|driveway|gutter|carpet|sofa|nails|lashes|mobile hairdresser|removals|man and
                van|ironing|catering|bouncy castle|driving lessons) (service|services|special|business|
                company|available|offer|from £|spaces|quotes|quote|call|free quote|at great|sessions from|
                lessons available|hire)
            (dm|message|inbox|contact|call|whatsapp|pm) [me|us] (for|to) [a|more|any|your] (free quote|
                prices|price list|bookings|quotes|a quote|quote|price|order|place an order|details on how to
                earn|orders|info on how i)
            (send|copy|share|forward|paste|post) [this|and|paste] [this] [to] (10|ten|15|20|five|5|7|seven|2
                ten|12) (people|friends|ppl|groups|contacts|others|mates) [or|before|b4|and]
            ask me how [hun|no|need|ladies|x|to]
            (follow|sub|like|add) (4|for|2|back|me) (follow|back|sub|like|i sub back|for follow|4 follow|ill
                follow)
            (follow|sub|subscribe|subscribe to|check|check out|visit|stream) (my|our|me on) (channel|page|
                beats|soundcloud|youtube|tiktok|insta|mixtape|music|shop|store|link|playlist|etsy|vinted)
            (link|portfolio|prices|menu|code) (in|on) (my|the|our|bio|profile|page)
            (message|dm|text|ring|call|inbox) (the shop|the page|dave|gaz|us today|for a quote|for prices|to
                book|for details|for info|me 4|me for) [page|_]
            (cash paid|free quotes|free quote|no call out charge|fully insured|collected|cash waiting|free
                trial|first lesson free|free delivery|wholesale|half price|90% off|promo code) [_]
            (for sale|to rent|to let|spaces left|slots left|taking bookings|now booking|bookings open|now
                enrolling|sizes) [_] [_] (£|ring|text|dm|call|message|page|inbox|07|01|4|from)
            (tutor|tutoring|tuition|driving lessons|lip filler|lashes|nails|hair and make up|bouncy castles|
                hot tubs|limo|prom dress|prom dresses|puppies|pups|loft clearances|scrap cars|man and van|
                mobile disco) ~ (£|ring|text|dm|hire|available|message|off|free|cash|seats|book|call|left)
            (buy one get one|bogof|free delivery|lowest prices|best prices|order now|shop now|buy now|
                limited stock|while stocks last|subscribe to my|sub to my|sub 4 sub|follow for follow|f4f|
                sub4sub|link in bio|link in my bio|swipe up|herbalife|avon rep|body shop at home|slimming
                world group|juice plus|forex)
            """
        ),
    ),
)
