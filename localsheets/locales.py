"""What differs between the locales a book may have."""

from dataclasses import dataclass

from localsheets.errors import missing

NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Locale:
    """Hold how a language writes numbers, dates, truth and tab titles."""

    decimal: str
    group: str
    group_typed: str
    day_first: bool
    date_pattern: str
    time_pattern: str
    true: str
    false: str
    first_tab: str
    tab_prefix: str
    currency: str
    currency_pattern: str
    copy_prefix: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]


ENGLISH = Locale(
    decimal=".",
    group=",",
    group_typed=",",
    day_first=False,
    date_pattern="M/d/yyyy",
    time_pattern="h:mm:ss am/pm",
    true="TRUE",
    false="FALSE",
    first_tab="Sheet1",
    tab_prefix="Sheet",
    currency="$",
    currency_pattern='"$"#,##0.00',
    copy_prefix="Copy of ",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    days_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)

FRENCH = Locale(
    decimal=",",
    group=NARROW_SPACE,
    group_typed=f" \u00a0{NARROW_SPACE}",
    day_first=True,
    date_pattern="dd/MM/yyyy",
    time_pattern="HH:mm:ss",
    true="VRAI",
    false="FAUX",
    first_tab="Feuille 1",
    tab_prefix="Feuille ",
    currency="€",
    currency_pattern='#,##0.00" €"',
    copy_prefix="Copie de ",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    months_short=(
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ),
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    days_short=("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
)

KNOWN = {"en_US": ENGLISH, "fr_FR": FRENCH}


def locale_of(name: str) -> Locale:
    """Return what a locale's name stands for; 501 for one that is not known here."""
    if name not in KNOWN:
        raise missing(f"the locale {name} (known: {', '.join(sorted(KNOWN))})")
    return KNOWN[name]
