"""Danger words of other languages spoken at English schools, as far as they are certain.

Latin letters are read without their accents: ``zabiję cię`` stands here as ``zabije cie``. The models read
the rest; these few phrases see to it that the plainest cries and threats are never missed.
"""

from __future__ import annotations

from moderation.abuse.phrases import phrases
from moderation.abuse.rules.base import CHILD_DISCLOSES, Rule, Stance
from moderation.assessment import Label, Severity, Target

OWN = "our own list, our own wording in each language; no native speaker has read all of it"

RULES = (
    Rule(
        name="suicide-in-another-language",
        about="Somebody says in another language that they do not want to live",
        example="nie chcę już żyć",
        source=OWN,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        facts=CHILD_DISCLOSES,
        sure=True,
        phrases=phrases(
            """
            nie chce [juz|mi sie] [dluzej] (zyc|istniec)
            (chce|chcialabym|chcialbym|wole) (umrzec|sie zabic)
            (zabije|zabijam|powiesze|potne) sie
            (odebrac|odbieram|odbiore) sobie zycie
            list (pozegnalny|samobojczy)
            (nu vreau|nu mai vreau) sa mai (traiesc|fiu aici)
            (vreau|as vrea) sa (mor|ma omor|ma sinucid)
            (ma omor|ma sinucid|ma spanzur)
            (no quiero|ya no quiero|no quiere) (vivir|seguir viviendo|vivir mas)
            (me quiero|quiero|me voy a) (morir|matar|suicidar|matarme|suicidarme)
            (nao quero|ja nao quero|nao quer) (viver|mais viver|continuar a viver)
            (quero|queria) (morrer|matar me|me matar|suicidar me)
            (adormecer|dormir) e nao (acordar|acordar mais)
            (carta|bilhete) de (despedida|suicidio)
            (carta|nota) (suicida|de suicidio)
            (je ne veux|je veux) (plus vivre|mourir|me tuer|me suicider|en finir)
            (main|mein|mai|mujhe|me) [ab|aur] (jeena|zinda rehna) nahi [chahti|chahta|chahte|hai]
            (jeena|zinda rehna) nahi (chahti|chahta|chahte)
            (marna|mar jana) (chahti|chahta) (hoon|hu|hun)
            (khudkushi|khud kushi|khudkashi|aatmahatya|atmahatya)
            (mainu|main) (jeena|jeeuna|jina) nahi
            (dwi|rydw i|rwy|wi) [ddim|n] ddim [yn|isie|isio|eisiau] (byw|bod yma)
            ddim (isie|isio|eisiau) (byw|bod yma)
            (isie|isio|eisiau) marw
            (ddim yn mynd i ddeffro|lladd fy hun|nodyn hunanladdiad)
            (nebenoriu|nenoriu) [daugiau] gyventi
            (noriu mirti|nusizudysiu)
            (nechcem|nechci) [uz] (zit|zit dalej)
            (chcem|chci) (zomriet|umrit|zemrit)
            (yasamak istemiyorum|olmek istiyorum|intihar)
            (waan is dilayaa|ma rabo inaan noolaado)
            (ami|amar) [ar] (more jaite chai|mortam chai|bachtam chai na|bachte chai na|morte chai)
            (nem akarok elni|meg akarok halni|ongyilkos)
            (не хочу|не хоче) [більше|больше] (жити|жить|прокидатися|просыпаться)
            (хочу|хоче|хочет) (померти|умереть|вмерти)
            (покінчити|покончить) (з собою|с собой)
            (передсмертна|предсмертная) (записка)
            لا اريد ان اعيش
            (اريد|بدي|ابغى) (ان اموت|اموت|الموت)
            (انتحر|سانتحر|انتحار|رسالة وداع)
            نمی خواهم زنده
            """
        ),
    ),
    Rule(
        name="told-to-die-in-another-language",
        about="Somebody is told in another language to die or to kill themselves",
        example="zabij się",
        source=OWN,
        severity=Severity.CRITICAL,
        labels=(Label.SELF_HARM,),
        abuse=0.9,
        stance=Stance.RISK,
        sure=True,
        phrases=phrases(
            """
            (zabij|powies|potnij|utop) sie
            (idz|lepiej) (sie zabij|zdechnij|umrzyj)
            (zdechnij|zdychaj)
            (omoara te|sinucide te|spanzura te|du te si mori|sa mori)
            (matate|suicidate|muerete|ojala te mueras|ve a morirte|ahorcate)
            (mata te|mata te ja|vai morrer|vai te matar|podes morrer|enforca te|suicida te)
            (creve|tue toi|suicide toi|va mourir)
            (mar ja|mar jao|marr ja|doob ke mar|doob mar|zeher kha|zehar kha|zeher khao)
            (khudkushi|khud kushi) kar (le|lo)
            (mor ga|moro ga|more ja|fashi kha)
            (lladd dy hun|cer i farw)
            (nusizudyk|pasikark|numirk)
            (zabi sa|zabij se|zdochni|chcipni|obes sa)
            (gebersin|geber|oldur kendini|kendini oldur)
            (naftaada gooy|dhimo)
            (убий себе|убей себя|здохни|сдохни|повісься|повесься|вбий себе)
            (موت احسن|اقتل نفسك|انتحر احسن|روح موت|الله ياخذك)
            """
        ),
    ),
    Rule(
        name="threat-in-another-language",
        about="Threat in another language: somebody will be killed or hurt",
        example="zabiję cię",
        source=OWN,
        severity=Severity.HIGH,
        labels=(Label.THREAT,),
        abuse=0.9,
        stance=Stance.RISK,
        phrases=phrases(
            """
            (zabije|zajebie|zapierdole|dorwe|potne|pobije) (cie|go|ja|was|ich|tego|tego gnojka|te|suke|tobie)
            (polamie|obije) (ci|mu|jej) (nogi|rece|ryj|morde|kosci)
            (te omor|va omor|il omor|o omor|te gasesc|te bat de|iti rup|ii rup|iti sparg|ti rup)
            (te voy|los voy|le voy) a (matar|romper|partir|reventar|rajar|quemar|apunalar)
            (vou|vamos) (te matar|matar te|matar este|matar esse|matar essa|partir te|te partir|te foder a
                cara|rebentar)
            (vou te|vamos te) (matar|partir|rebentar|apanhar|esfaquear)
            (je vais|on va) (te|vous|le|la) (tuer|crever|planter|defoncer|niquer|buter)
            (jaan se|jan se) (maar|mar) (dunga|doonga|denge|dungi)
            (tujhe|tumhe|tumhein|usko|us ko|tenu|tainu|tuhanu|ohnu) [jaan se] (maar dunga|mar dunga|maar
                doonga|marunga|maarunga|kaat dunga|chaku marunga|maar denge|maar du|mar daan ga|vadd|vadh
                dunga|maarna)
            (tang|taang|haddi|hath|muh|tange) (tod|torr|tor) (dunga|doonga|denge|denge)
            (tor|tomar|tumar) [_] (hat|tang|pa|matha|gola|hatta) (bhangia|bhangmu|bhangbo|bhange|katmu|
                kaitta|vangmu)
            (mairra falamu|mairalamu|mere felbo|jane mere|mari laimu|mari falaimu|khun korbo|khun kormu)
            (wna i ladd|dwi'n mynd i dy ladd|mi ladda i|fydda i'n dy ladd)
            (uzmusiu|papjausiu|nudursiu|sulauzysiu)
            (zabijem ta|zabiju te|rozbijem ti|rozbiju ti|podrezem ta)
            (oldururum|seni oldururum|oldurecem|seni oldurecegim|geberticem|kafani kirarim|bicaklarim)
            (waan ku dili|ku dilayaa|waan ku dilayaa|mindi kugu)
            (meg foglak olni|megollek|megtalallak|kinyirlak)
            (вб'ю|вбю|уб'ю|убью|заріжу|зарежу) [_] (тебе|тебя|його|его|її|вас|їх|всіх)
            (я тебе|я тебя) (вб'ю|вбю|убью|знайду|найду|заріжу|зарежу)
            (رح اقتلك|راح اقتلك|ساقتلك|بدي اقتلك|اقتلكم|راح احرق|رح اكسر|راح اذبحك|اذبحك)
            """
        ),
    ),
    Rule(
        name="child-hurt-in-another-language",
        about="Somebody tells in another language that a child is beaten, afraid or missing",
        example="mi padrastro me pega",
        source=OWN,
        severity=Severity.HIGH,
        facts=CHILD_DISCLOSES,
        target=Target.CHILD,
        sure=True,
        phrases=phrases(
            """
            (bije|uderzyl|uderzyla|kopie|dotyka) (mnie|corke|syna|dziecko|moja|mojego|nas|ja|go)
            (boi sie|boje sie) (wrocic|wracac|isc) do domu
            (ne bate|ma bate|o bate|il bate|ne loveste|ma loveste|a lovit o|vanatai pe)
            (me pega|le pega|nos pega|la pega|me toca|lo golpea|la golpea|me golpea)
            (bate no|bate na|bate me|me bate|bate lhe|bate nos) [menino|menina|filho|filha|meu|minha|com|
                todos|cinto]
            (il me frappe|il la frappe|il le frappe|mon pere me|mon beau pere me)
            (abbu|baap|papa|walid|chacha|mamu|sautela|abba) [_] [_] (maarte|marte|maarta|marta|maara|mara|
                peette) (hain|hai|hein|he)
            (belt|dande|joote|danda) se (mara|maara|marte|maarte|maarta)
            ghar (jaane|jane|aane) se (darti|darta|dar)
            (beltor|belt) (maare|mare|diya mare) [_]
            (mae dad|mae nhad|mae e) [_] (taro|bwrw|curo|cyffwrdd)
            (б'є|бє|бьет|бьёт|вдарив|ударил) (нас|мене|меня|дитину|доньку|сина|дочку|сестру)
            (боїться|боится) (йти|іти|идти|повертатися) (додому|домой)
            (يضربها|يضربه|يضربني|يضربنا|يضربونها|يضرب ابنتي|يضرب ابني|لم ترجع|لم يرجع|ما رجعت|ما رجع)
            (hij slaat me|babam beni dovuyor|beni dovuyor|bizi dovuyor)
            (nu a venit acasa|nie wrocila do domu|nie wrocil do domu|no ha vuelto a casa|no volvio a casa|
                nao voltou para casa|ghar nahi aayi|ghar nahi aaya|ghar nahi pahunchi) [_]
            (muse mane|musa mane|jis mane musa|ji mane musa)
            (ma bije|bije ma|bije ju|bije ho)
            """
        ),
    ),
    Rule(
        name="hate-in-another-language",
        about="A hateful word for a group in another language, or a call to throw it out",
        example="ciapaki wszędzie",
        source=OWN,
        severity=Severity.HIGH,
        sure=True,
        labels=(Label.HATE_RACE,),
        abuse=0.9,
        stance=Stance.CONDUCT,
        words=frozenset(
            "ciapaty ciapaki ciapakow ciapakami czarnuch czarnuchy czarnuchow brudasy brudasow bambus".split()
        ),
        phrases=phrases(
            """
            (wracaj|wracajcie|niech wracaja|wypierdalaj|spierdalaj) (do siebie|do polski|na ukraine|skad|do
                kraju)
            (cyganow|zydow|ukraincow|czarnych|muzulmanow) ~ (wywalic|wozic osobnym|gnac|won|wypad|z dala)
            (tigani|tiganii) (imputiti|jegosi|puturosi|hoti|la scoala)
            (tiganca|tiganule) (imputita|puturoasa|puturosule|jegoasa)
            du te (inapoi|acasa) (la|in) (cort|tara ta|tigani|satra)
            (cigani|cigan) (von|spinavi|smradlavi|smradlavy)
            (volta|voltem) para (a tua terra|a india|a africa|o brasil|o teu pais|a vossa terra|a sua terra)
            (preta|preto|ciganos|cigano) (suja|sujo|sujos|de merda|nojenta|nojento)
            (vuelvete|vuelve|largate|regresate) a tu (pais|selva|tierra|africa)
            (negro|negra|moro|mora|gitanos|sudaca) (de mierda|asqueroso|asquerosa|de mierda|ladrones|fuera)
            (retourne|rentre) dans ton (bled|pays)
            (sale|sales) (arabe|arabes|juif|juifs|gitan|negre)
            (kaale|kale|kaalon|gore|gaure) [_] [_] (gande|kutte|kutta|haraami|harami|chor|gandi qaum)
            (gande log|gandi qaum|haraami gore|haraami goreyan)
            (цигани|цыгане|цих чорних|черножопые|чурки|хачі|жиди|бандеро)
            (геть|гнати|вон) (з школи|зі школи|из школы|звідси|отсюда)
            (забирайся|вали|йди) (назад|обратно|додому) (у|в|до) (свою|свій|свое|діру)
            (ارجعي|ارجع|ارجعوا) (الى بلدك|لبلدك|إلى بلدك|على بلدك|الى بلدكم)
            (اطردوا|ارموهم|اخرجوا) [_] (هؤلاء|الغجر|بالبحر|اللاجئين|السود)
            (يا عبد|يا عبيد|الغجر القذرين|لاجئة يا وسخة)
            """
        ),
    ),
    Rule(
        name="insult-in-another-language",
        about="A strong insult in another language, thrown at somebody",
        example="zamknij się idiotko",
        source=OWN,
        severity=Severity.MEDIUM,
        labels=(Label.INSULT,),
        abuse=0.85,
        stance=Stance.CONDUCT,
        words=frozenset(
            "prostule nenorocitule tampitule prostituata curva gerizekali salak orospu pezevenk olodo "
            "oniranu haramzada haramzadi harami haraami kanjar kanjari bhenchod behenchod bhosdike chutiya "
            "chutiye madarchod gashti haramkhor twpsyn pendejo pendeja gilipollas hijueputa debilu "
            "idiotko kretynie szmato zdzira kurwo pizdo skurwysyn skurwysynu "
            "нікчема тварюка скотина придурок дебіл".split()
        ),
        phrases=phrases(
            """
            (glupia|glupi|stara|pieprzona|pierdolony|pieprzony|tepa|gruba|brzydka) (krowa|krowo|baba|babo|
                kurwa|kurwo|cipa|idiota|idiotka|swinia|swinio|szmata|szmato|debil)
            (zamknij|stul) (sie|ryj|morde|pysk|dziob) [glupia|debilu|idioto|szmato|suko]
            (jestes|jest) (zerem|debilem|idiota|idiotka|szmata|glupia krowa|nikim)
            taci din gura
            (esti|e|un) [un|o|cea mai|un] (prost|proasta|bou|cretin|cretina|tampit|tampita|idiot|idioata|
                cacat) [_]
            (eres|es|usted es) [una|un] [vieja|pobre] (idiota|estupida|estupido|imbecil|puta|basura|payasa|
                mentirosa|gorda|cerda|bruja)
            (callate|cierra la boca|vete a la mierda|hijo de puta|hija de puta|putas todas|me cago en tu)
            (es|e) uma (burra|cabra|puta|falsa|vaca|merda|idiota|nojenta) [_]
            (cala te|cala essa boca|cala a boca|vai te foder|filho da puta|filha da puta|cabra de merda|vai
                para o caralho)
            (ta gueule|ferme la|ferme ta gueule|grosse vache|sale gamine|fils de pute|nique ta mere|espece de)
            (bewaqoof|bewakoof|pagal|gadha|gadhi|gadhe|khota|khotey|khoti|jahil|nikamma|nikammi|nalayak|
                badtameez|besharam) (aurat|kahin|kahin ki|kahin ka|hai|hain|ho|insaan|larki|larka|te|log|
                teacher)
            (ullu|ullu ka|ullu ke) (patha|pathe|ka patha|ke pathe)
            (chup kar|chup ho ja|zubaan band) (oye|gadhe|gadhi|kutte|kutti|pagal|tainu|bewakoof|khote|khotey)
            (tui|tumi|oi beti|oi) [ekta|boro] [boro] (gadha|pagol|fagol|beyadob|haramzada|kutta|shala)
            (shala|sala) (pagol|kutta|gadha|harami)
            (cau dy geg|cau hi|twpsyn hyll|does neb yn dy hoffi)
            (kvaila|kvailas|kvailys|durnas|durna) [karve|_]
            (uzsiciaupk|uzsiciaupkit|uzdaryk burna)
            (drz hubu|drz hubo|drz papulu|uplny debil|obycajny hlupak|si debil)
            (kapa ceneni|mal misin|geri zekali|siktir git|esek kadar|it herif|aptal kadin)
            (waa|tahay|yahay) (doqon|doqonta|dameer|wasakh|nacas)
            (doqon|dameer|doqonta) (weyn|yahay|ah)
            (you be|see this|see dis|na) (mumu|olodo|oniranu)
            (mumu|olodo) (like|ni|you|principal|people)
            ta (gueule)
            (dun do chlab|duin do bheul|ist do bheal)
            (ты|ти) (тупий|тупой|тупа|тупая|дурень|дурна|ідіот|идиот|дебіл|дебил|нікчема)
            (يا|انت|انتي|انتِ) (غبي|غبية|حمار|حمارة|كلب|كلبة|حيوان|حقير|حقيرة|وسخ|وسخة|كافر|كافرة)
            خفه شو
            """
        ),
    ),
)
