"""What emoji mean: short words for the models, and the words that some stand for in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from moderation.abuse.normalise.traced import Edit

_MEANINGS = """
laughing 😂🤣😆😹|grinning 😀😃😄😁😸😺|smiling 🙂😊☺😌|nervous_laugh 😅|winking 😉|cheeky 😜😝😛🤪😋
cool 😎|love 😍🥰😻|kiss 😘😗😙😚😽💋|hug 🤗🫂|starstruck 🤩|party 🥳🎉🎊🪅|angel 😇👼|thinking 🤔🧐
shush 🤫|giggle 🤭|lying 🤥|zip_mouth 🤐|raised_eyebrow 🤨|blank_face 😐😑😶🫥|smirk 😏|unamused 😒
eye_roll 🙄|awkward 😬|relieved 😪|sleeping 😴💤🥱|mask 😷|sick 🤒🤕🤧|disgusted 🤢|vomit 🤮|hot 🥵
cold 🥶|dizzy 😵🥴💫|mind_blown 🤯|cowboy 🤠|upside_down_smile 🙃|melting 🫠|salute 🫡|confused 😕😟🫤
sad 🙁☹😞😔🥺😥😓😿|shocked 😮😯😲😱🙀🫢|blushing 😳|scared 😨😰😧😦|crying 😢😭|pained 😣😖😫😩
angry 😠😡😤👿😾|swearing 🤬|devil 😈👹👺|skull 💀☠|shit 💩|clown 🤡|ghost 👻|alien 👽👾|robot 🤖
monkey 🐵🐒🙈🙉🙊|heart ❤♥💕💖💗💓💞💘💝💟❣🧡💛💚💙💜🤎🖤🤍🩷🩵🩶🫶|broken_heart 💔|hundred 💯|anger 💢
explosion 💥|sweat 💦|gust 💨|bomb 💣🧨|speech 💬🗨💭🗯|wave 👋🤚🖐✋🖖|ok 👌🆗|pinch 🤏🤌|peace ✌
fingers_crossed 🤞|rock_on 🤘🤟|call_me 🤙|pointing_at 👈👉👆👇☝🫵|middle_finger 🖕|thumbs_up 👍
thumbs_down 👎|fist ✊👊🤛🤜|clapping 👏|hands_up 🙌👐🤲|handshake 🤝|praying 🙏|writing ✍📝✏🖊|nails 💅
selfie 🤳|muscle 💪🦾|leg 🦵🦿|foot 🦶👣|ear 👂🦻|nose 👃|brain 🧠|tooth 🦷|bone 🦴|eyes 👀👁|tongue 👅
lips 👄|baby 👶🍼|child 🧒|boy 👦|girl 👧|person 🧑👤|man 👨🧔👱|woman 👩|old_person 🧓|old_man 👴
old_woman 👵|no_gesture 🙅🙎|frowning_person 🙍|shrug 🤷|facepalm 🤦|hand_raised 🙋|bowing 🙇
hair_flip 💁|police 👮🚓🚔|detective 🕵|guard 💂|builder 👷|prince 🤴|princess 👸|turban 👳|headscarf 🧕
bride 👰|groom 🤵|pregnant 🤰|santa 🎅🤶|superhero 🦸|villain 🦹|wizard 🧙|fairy 🧚|vampire 🧛|zombie 🧟
haircut 💇💈|walking 🚶|running 🏃|dancing 💃🕺👯|family 👪|couple 👫💑💏|two_men 👬|two_women 👭
people 👥🗣|teacher 🧑‍🏫👩‍🏫👨‍🏫|pupil 🧑‍🎓👩‍🎓👨‍🎓|doctor 👩‍⚕👨‍⚕🧑‍⚕|pride_flag 🏳‍🌈|trans_flag 🏳‍⚧
pirate_flag 🏴‍☠|flag 🏁🚩🎌🏴🏳|dog 🐶🐕🐩🦮|wolf 🐺|fox 🦊|raccoon 🦝|cat 🐱🐈|lion 🦁|tiger 🐯🐅
horse 🐴🐎|unicorn 🦄|cow 🐮🐄🐂🐃|pig 🐷🐖🐽🐗|sheep 🐑🐏|goat 🐐|camel 🐪🐫|elephant 🐘|mouse 🐭🐁
rat 🐀|rabbit 🐰🐇|bear 🐻|panda 🐼|chicken 🐔🐓🐣🐤🐥|penguin 🐧|bird 🐦🕊|duck 🦆|owl 🦉|frog 🐸
snake 🐍|dragon 🐉🐲|whale 🐳🐋|dolphin 🐬|fish 🐟🐠🎣|shark 🦈|octopus 🐙|snail 🐌|butterfly 🦋
bug 🐛🐜🪲🦗|bee 🐝|ladybird 🐞|cockroach 🪳|spider 🕷🕸|germ 🦠|gorilla 🦍🦧|hippo 🦛|ape 🦧
flower 💐🌸🌹🌺🌻🌼🌷🥀🪷|tree 🌲🌳🌴🎄|leaf 🌿🍀🍁🍂🍃☘|cactus 🌵|mushroom 🍄|banana 🍌|peach 🍑
cherry 🍒|aubergine 🍆|apple 🍎🍏|fruit 🍇🍉🍊🍋🍍🍐🍓🥝🥭🫐|vegetable 🥕🥦🥒🌽🌶🧅🥔|peanuts 🥜
bread 🍞🥖🥪|meat 🍖🍗🥩🥓|burger 🍔|chips 🍟|pizza 🍕|hot_dog 🌭|taco 🌮|egg 🥚🍳|food 🍲🍝🍜🍛🍱🥗🍽
sushi 🍣|ice_cream 🍦🍨🍧|doughnut 🍩|biscuit 🍪|cake 🎂🍰🧁🥧|chocolate 🍫|sweets 🍬🍭|milk 🥛
tea ☕🍵🫖|beer 🍺🍻|wine 🍷🍾🥂|drink 🥤🧃🧋🍸🍹🥃|world 🌍🌎🌏🌐|mountain ⛰🏔🗻|beach 🏖🏝|tent ⛺🏕
house 🏠🏡🏘|office 🏢|hospital 🏥|school 🏫|church ⛪|mosque 🕌|synagogue 🕍|temple 🛕|train 🚂🚆🚄🚉
bus 🚌🚍|ambulance 🚑|fire_engine 🚒|car 🚗🚕🚙🏎|van 🚐🚚🚛|bike 🚲🏍🛵🛴|plane ✈🛫🛬|rocket 🚀
ship 🚢⛵🛶🚤|hourglass ⌛⏳|clock ⏰⏱⏲🕐🕛🕰|sun ☀🌞🌅|moon 🌙🌚🌝🌛🌜|star ⭐🌟✨🌠|cloud ☁⛅🌥
rain 🌧☔🌂☂|lightning ⚡🌩|snow ❄☃⛄🌨|fire 🔥🧯|wave_of_water 🌊|rainbow 🌈|halloween 🎃
fireworks 🎆🎇|balloon 🎈|present 🎁|ticket 🎟🎫|trophy 🏆🏅🥇🥈🥉🎖|football ⚽|basketball 🏀
rugby 🏉🏈|cricket 🏏|tennis 🎾|hockey 🏑🏒|boxing 🥊🥋|swimming 🏊|weights 🏋|game 🎮🕹🎲🎯🎰
theatre 🎭|art 🎨🖼|music 🎵🎶🎼🎤🎧🎷🎸🎹🎺🎻🥁|film 🎬🎥📽|crown 👑|graduation 🎓|bag 🎒👜👝
clothes 👗👚👕👔👖🧥🩳|underwear 👙🩲|shoe 👞👟👠👡👢🥾|glasses 👓🕶🥽|ring 💍💎|loud 📢📣🔊|silent 🔇🔕
bell 🔔🛎|phone 📱📞☎📲|computer 💻🖥⌨|camera 📷📸📹|television 📺📻|light 💡🔦🕯|book 📚📖📕📗📘📙📓📒
news 📰🗞|money 💰💴💵💶💷💸🤑💳|email 📧✉📩📨💌|post 📮📬📦|folder 📁📂🗂|calendar 📅📆🗓|graph 📈📉📊
pin 📌📍|paperclip 📎|scissors ✂|lock 🔒🔐|unlocked 🔓|key 🔑🗝|hammer 🔨⚒🛠🔧|axe 🪓|knife 🔪🗡🔪
sword ⚔🤺|gun 🔫|bow 🏹|shield 🛡|chain ⛓|rope 🪢|noose 🪤|science 🔬🧪🧬⚗|needle 💉|blood 🩸|pill 💊
plaster 🩹|coffin ⚰|grave 🪦⚱|cigarette 🚬|no_smoking 🚭|toilet 🚽🚾🧻|rubbish 🗑🚮|shower 🚿🛁🧼
warning ⚠|siren 🚨|no_entry ⛔🚫|no_under_18 🔞|wheelchair ♿🦽🦼|men 🚹♂|women 🚺♀|trans ⚧|cross ✝☦⛪
star_of_david ✡🔯|crescent ☪|hindu 🕉|scales ⚖|atom ⚛|yes ✅✔☑|no ❌❎✖|question ❓❔|plus ➕|recycle ♻
arrow ➡⬅⬆⬇↗↘↙↖↩↪➜|red 🔴🟥|green 🟢🟩|blue 🔵🟦|black ⚫⬛|white ⚪⬜|yellow 🟡🟨|new 🆕|free 🆓|sos 🆘
vs 🆚|cool 🆒|top 🔝|soon 🔜|back 🔙|on 🔛|end 🔚|o ⭕|sparkle ❇✳
"""

_COUNTRIES = """
gb british|ie irish|us american|ca canadian|au australian|fr french|de german|es spanish|it italian
pt portuguese|nl dutch|pl polish|ro romanian|bg bulgarian|al albanian|tr turkish|gr greek|ua ukrainian
ru russian|lt lithuanian|hu hungarian|in indian|pk pakistani|bd bangladeshi|af afghan|ir iranian
iq iraqi|sy syrian|il israeli|ps palestinian|sa saudi|ae emirati|jo jordanian|eg egyptian|ng nigerian
gh ghanaian|so somali|jm jamaican|za african|cn chinese|jp japanese|kr korean|hk chinese|ph filipino
vn vietnamese|mx mexican|br brazilian|ar argentinian|eu european
"""

_TAGS = {"gbeng": "english", "gbsct": "scottish", "gbwls": "welsh"}
_TAG = "\U000e0020-\U000e007f"
_TONE = "\U0001f3fb-\U0001f3ff"
_BASE = (
    "\u2190-\u21ff\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d"
    "\U0001f000-\U0001f12f\U0001f18e-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_LOOKS = f"[\ufe0e\ufe0f\u20e3{_TONE}]*"
_PICTURE = re.compile(rf"[{_BASE}]{_LOOKS}(?:[{_TAG}]{{2,8}}|(?:\u200d[{_BASE}]{_LOOKS})*)")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]{2,}")
_IN_NO_NAME = re.compile(f"[\ufe0e\ufe0f\u20e3{_TONE}{_TAG}]")
_EMPTY_NAME = re.compile(r"\b(?:with|face|sign|symbol|of|and|the|heavy|emoji|black|white|squared)\b")


def _read(block: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"[|\n]", block.strip()):
        word, _, pictures = entry.partition(" ")
        yield word.replace("_", " "), pictures


_SIGNS = "❗❕💲"
"""Drawn signs, which folding makes plain."""

_LETTERS = "⭕❌✝"
"""Pictures that stand for the letters o, x and t inside a word."""

_LETTER_BESIDE = re.compile("[A-Za-z0-9]")

_WORDS = {
    picture: word
    for word, pictures in _read(_MEANINGS)
    for picture in re.findall(rf"[{_BASE}](?:\u200d[{_BASE}])*", pictures)
}
_DEMONYMS = dict(_read(_COUNTRIES))


def flags(text: str, after: str = "") -> Iterator[Edit]:
    """Give each row of country flags as the people of those countries, where it does not spell a word.

    ``after`` is put behind each of them.
    """
    for match in _FLAGS.finditer(text):
        letters = "".join(chr(ord(c) - 0x1F1E6 + ord("a")) for c in match[0])
        codes = [letters[i : i + 2] for i in range(0, len(letters), 2)]
        if all(code in _DEMONYMS for code in codes):
            for place, code in enumerate(codes):
                first = match.start() + 2 * place
                yield first, first + 2, f" {_DEMONYMS[code]}{after} "


def pictures(text: str) -> Iterator[Edit]:
    """Give each emoji as its word in spaces; of a row of the same one, the first two stay."""
    previous, count, last = "", 0, -1
    for match in _PICTURE.finditer(text):
        if match[0][0] in _SIGNS or (
            match[0][0] in _LETTERS and _LETTER_BESIDE.search(text, *_beside(match))
        ):
            continue
        count = count + 1 if match[0] == previous and match.start() == last else 1
        previous, last = match[0], match.end()
        yield *match.span(), f" {meaning(match[0])} " if count <= 2 else " "


def _beside(match: re.Match[str]) -> tuple[int, int]:
    return max(0, match.start() - 1), match.end() + 1


@lru_cache(maxsize=4096)
def _of_one(picture: str) -> str:
    if (word := _WORDS.get(picture)) is not None:
        return word
    name = _EMPTY_NAME.sub(" ", unicodedata.name(picture, "").lower().replace("-", " "))
    return " ".join(name.split()[:3]) or "emoji"


@lru_cache(maxsize=4096)
def meaning(picture: str) -> str:
    """Return a short word or two for an emoji, whatever its skin colour; ``emoji`` when it has no name."""
    for tag, people in _TAGS.items():
        if picture.endswith("".join(chr(0xE0000 + ord(c)) for c in tag) + "\U000e007f"):
            return people + " flag"
    bare = _IN_NO_NAME.sub("", picture)
    if (word := _WORDS.get(bare)) is not None:
        return word
    return " ".join(dict.fromkeys(_of_one(part) for part in bare.split("\u200d")[:6]))


# A bomb is left to the rules, which know the emoji itself.
_DOES = {"🔪": "stab", "🗡": "stab", "🔫": "shoot", "☠": "kill", "💀": "kill", "⚰": "kill"}
_IS = {
    "🐷": "pig", "🐖": "pig", "🐽": "pig", "🐄": "cow", "🐮": "cow", "🐀": "rat", "🐁": "rat", "🐍": "snake",
    "🤡": "clown", "💩": "shit", "🐵": "monkey", "🐒": "monkey", "🦍": "ape", "🐶": "dog", "🐕": "dog",
    "🐋": "whale", "🐳": "whale", "🐓": "cock", "🪳": "cockroach", "🗑": "trash", "🚮": "trash", "🐑": "sheep",
}  # fmt: skip
_DOING = re.compile(
    rf"(?:(?:gonna|gunna|will|i'?ll|ima|imma|to|should|go|and|wanna|want|lets|let's|please|just|can|could|"
    rf"would) ?(?P<does>[{''.join(_DOES)}]) ?(?=(?:you|u|ya|him|her|them|your|ur|mr|mrs|miss|all|every|"
    rf"those|these|some|the)\b)|(?P<self>[{''.join(_DOES)}]) ?(?=(?:your|ur|ya|my|him|her|them)sel))"
)
_BEING = re.compile(
    rf"(?<!\w)(?:you|ur|you're|youre|u|r|such an?|fat|ugly|stupid|little|dirty|fucking|absolute|total|that|"
    rf"smelly|lying|sneaky|old|piece of|like an?|is an?|are|he's an?|she's an?) ?(?P<is>[{''.join(_IS)}])"
)


def stand_ins(text: str) -> Iterator[Edit]:
    """Give the emoji that stand for a word in a sentence as that word: what one does, or what one is."""
    found = list[Edit]()
    for match in _DOING.finditer(text):
        group = "does" if match["does"] else "self"
        found.append((*match.span(group), f" {_DOES[match[group]]} "))
    for match in _BEING.finditer(text):
        found.append((*match.span("is"), f" {_IS[match['is']]} "))
    done = 0
    for edit in sorted(found):
        if edit[0] >= done:
            done = edit[1]
            yield edit
