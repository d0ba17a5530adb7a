"""The words of each language: months, days, truth, titles of new tabs and copies."""

from typing import Any


def _words(months: str, short: str, days: str, days_short: str, **rest: str) -> dict[str, Any]:
    named = {
        "months": tuple(months.split()),
        "months_short": tuple(short.split()),
        "days": tuple(days.split()),
        "days_short": tuple(days_short.split()),
    }
    return named | rest


WORDS: dict[str, dict[str, Any]] = {
    "en": _words(
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Mon Tue Wed Thu Fri Sat Sun",
        true="TRUE",
        false="FALSE",
        first_tab="Sheet1",
        tab_prefix="Sheet",
        copy_prefix="Copy of ",
    ),
    "fr": _words(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lun. mar. mer. jeu. ven. sam. dim.",
        true="VRAI",
        false="FAUX",
        first_tab="Feuille 1",
        tab_prefix="Feuille ",
        copy_prefix="Copie de ",
    ),
    "de": _words(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Mo Di Mi Do Fr Sa So",
        true="WAHR",
        false="FALSCH",
        first_tab="Tabellenblatt1",
        tab_prefix="Tabellenblatt",
        copy_prefix="Kopie von ",
    ),
    "es": _words(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "lunes martes miércoles jueves viernes sábado domingo",
        "lun mar mié jue vie sáb dom",
        true="VERDADERO",
        false="FALSO",
        first_tab="Hoja 1",
        tab_prefix="Hoja ",
        copy_prefix="Copia de ",
    ),
    "it": _words(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "lun mar mer gio ven sab dom",
        true="VERO",
        false="FALSO",
        first_tab="Foglio1",
        tab_prefix="Foglio",
        copy_prefix="Copia di ",
    ),
    "pt": _words(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "seg. ter. qua. qui. sex. sáb. dom.",
        true="VERDADEIRO",
        false="FALSO",
        first_tab="Página1",
        tab_prefix="Página",
        copy_prefix="Cópia de ",
    ),
}
