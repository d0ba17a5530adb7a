"""Which of both names comes first in a column that holds them together: told by the values themselves."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.full_names import FIRST_LAST, LAST_COMMA_FIRST, LAST_FIRST
from rules.values import fold

#: Common first names, folded: enough of them for a list of people to hold some.
FIRST_NAMES = frozenset(re.findall("[a-z]+", """
    adam adele adrien agathe agnes aicha aime alain albane albert alexandra alexandre alexia alexis alice
    aline alix amandine amelie amina amine ana anais anatole andre andrea ange angele angelique anna anne
    annick annie antoine antoinette antonin arnaud arthur astrid aude audrey augustin aurelia aurelie aurelien
    axel ayoub baptiste barbara bastien beatrice benedicte benjamin benoit bernadette bertrand brahim brice
    brigitte bruno camille capucine carine carla carole caroline catherine cecile cedric celia celine chantal
    charles charline charlotte chloe christelle christian christiane christine christophe claire clara
    clarisse claude claudia claudine clea clemence clement clementine clotilde colette coline constance
    coralie corentin corinne cyril cyrille damien daniel daniele danielle david deborah delphine denis denise
    diane didier dimitri dominique doriane dylan edith edouard eleonore elena eliane elie eliott elisa
    elisabeth elise ella elodie eloise elsa elvire emeline emile emilie emma emmanuel emmanuelle enzo eric
    erwan estelle esther etienne eugenie eva evelyne fabien fabienne fabrice fanny fatima fatou faustine
    felicie felix ferdinand flavie flora florence florent florian floriane france francis franck francois
    francoise frederic frederique gabriel gabrielle gael gaelle gaetan genevieve geoffroy georges gerald
    geraldine gerard germain ghislaine gilbert gilles ginette gregoire gregory guillaume gustave guy gwenaelle
    habib hadrien hamza hannah hassan helene henri henriette herve hicham honore hortense hubert hugo hugues
    ibrahim ida ilyes imane ines ingrid irene iris isaac isabelle ismael ivan jacqueline jacques jade jamila
    jean jeanne jeannine jennifer jeremie jeremy jerome jessica joanna joel joelle johan johanna jonathan
    joseph josephine josette josiane joyce judith jules julia julie julien juliette justin justine karim
    karine karl katia kevin khadija kilian laetitia lamine lara laura laure laurence laurent laurie lea leila
    lena leo leon leonie leopold leslie lila lilian lilou lina line linda lisa lise loic lola lorenzo louis
    louise louna luc luca lucas lucie lucien lucienne ludivine ludovic lydia lydie maelle maelys maeva magali
    malika malik manon manuel marc marceau marcel margaux margot marguerite maria marianne marie marielle
    marina marine marion marius marjorie marlene martha martial martin martine maryse mathias mathieu mathilde
    mathis mathys matteo matthieu maud maurice maxence maxime maya mehdi melanie melissa michel michele
    micheline mickael mila mireille mohamed monique morgane mouna mustapha muriel myriam nabil nadege nadia
    nadine nancy naomi natacha nathalie nathan nawel nicolas nicole nina nino noa noah noe noelle noemie
    norbert nour odette odile olga olivia olivier omar ophelie oriane oscar oumar pablo paola pascal pascale
    patrice patricia patrick paul paula paulette pauline philippe pierre prune quentin rachel rachid raphael
    raphaelle raymond rebecca regine regis remi remy renaud rene renee richard robert robin rodolphe roger
    roland romain romane rosalie rose roxane rudy sabine sabrina sacha said salome samia samir samuel sandra
    sandrine sara sarah sebastien selma serge severine sidonie simon simone sofia sofiane solange solene sonia
    sophie stella stephane stephanie steve suzanne sylvain sylvestre sylvie tanguy tatiana thea theo theodore
    therese thibault thibaut thierry thomas timothee titouan tom tristan ugo ulysse valentin valentine valerie
    vanessa vera veronique victoire victor victoria vincent violette virginie viviane william xavier yann
    yannick yasmine yassine youssef yves yvette yvonne zelie zineb zoe
    """))  # fmt: skip
#: A known person weighs more than capitals, which weigh more than a common first name.
KNOWN, CAPITALS, COMMON = 4, 3, 1
SAID = {LAST_FIRST: "le nom d'abord", FIRST_LAST: "le prénom d'abord", LAST_COMMA_FIRST: "« Nom, Prénom »"}
#: One order has to gather this many times the other's reasons.
CLEARLY = 2


@dataclass(frozen=True)
class Order:
    """The order of both names; '' when nothing tells it clearly."""

    order: str
    reason: str


def name_order(header: str, texts: Sequence[str], known: Iterable[tuple[str, str]] = ()) -> Order:
    """Tell which name comes first; `known` holds (last, first) names that the intranet already has."""
    if texts and sum("," in text for text in texts) > len(texts) / 2:
        return Order(LAST_COMMA_FIRST, "une virgule sépare le nom du prénom")
    people = {(fold(last), fold(first)) for last, first in known}
    votes: Counter[str] = Counter()
    why: dict[str, Counter[str]] = {LAST_FIRST: Counter(), FIRST_LAST: Counter()}
    for text in texts:
        for order, weight, reason in _votes(text.split(), people):
            votes[order] += weight
            why[order][reason] += 1
    if not votes:
        return _from_header(header)
    (order, most), *others = votes.most_common()
    if others and others[0][1] * CLEARLY > most:
        return Order("", "les valeurs se contredisent : « nom prénom » ou « prénom nom » ?")
    told = ", ".join(f"{reason} : {count}" for reason, count in why[order].most_common(2))
    return Order(order, f"{SAID[order]} ({told})")


def _votes(words: list[str], people: set[tuple[str, str]]) -> Iterable[tuple[str, int, str]]:
    if len(words) < 2:
        return
    for cut in range(1, len(words)):
        start, end = fold(" ".join(words[:cut])), fold(" ".join(words[cut:]))
        if (start, end) in people:
            yield LAST_FIRST, KNOWN, "personnes connues de l'intranet"
        if (end, start) in people:
            yield FIRST_LAST, KNOWN, "personnes connues de l'intranet"
    first, last = _capital(words[0]), _capital(words[-1])
    if first != last:
        yield LAST_FIRST if first else FIRST_LAST, CAPITALS, "noms en capitales"
    begins, ends = _common(words[0]), _common(words[-1])
    if begins != ends:
        yield FIRST_LAST if begins else LAST_FIRST, COMMON, "prénoms courants"


def _capital(word: str) -> bool:
    return word.isupper() and sum(letter.isalpha() for letter in word) > 1


def _common(word: str) -> bool:
    return fold(word).split("-")[0] in FIRST_NAMES


def _from_header(header: str) -> Order:
    said = re.findall("prenom|nom", fold(header))
    if "nom" not in said or "prenom" not in said:
        return Order("", "rien ne dit si le nom vient avant le prénom")
    if said.index("nom") < said.index("prenom"):
        return Order(LAST_FIRST, "l'en-tête dit le nom d'abord")
    return Order(FIRST_LAST, "l'en-tête dit le prénom d'abord")
