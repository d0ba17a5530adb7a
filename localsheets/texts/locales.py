"""What differs between the locales a book may have."""

from dataclasses import dataclass, field, replace
from typing import Any

from localsheets.errors import missing
from localsheets.texts.locale_words import WORDS

NARROW_SPACE = "\u202f"
SPACES = f" \u00a0{NARROW_SPACE}"


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """Hold how a language writes numbers, dates, truth and tab titles; compared by identity, so cheap as a key."""

    language: str
    decimal: str
    group: str
    group_typed: str
    day_first: bool
    date_pattern: str
    time_pattern: str
    short_time: str
    datetime_pattern: str
    currency: str
    currency_pattern: str
    true: str
    false: str
    first_tab: str
    tab_prefix: str
    copy_prefix: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]
    day_names: frozenset[str] = field(default_factory=frozenset)
    full_months: frozenset[str] = field(default_factory=frozenset)
    month_names: dict[str, int] = field(default_factory=dict)

    @property
    def comma_decimal(self) -> bool:
        """Tell whether a comma separates the decimals: formulas then separate with semicolons."""
        return self.decimal == ","


def _locale(language: str, **given: Any) -> Locale:
    words = WORDS[language]
    date = given["date_pattern"]
    given = {"day_first": True, "time_pattern": "HH:mm:ss", "short_time": "HH:mm"} | given
    given |= {"datetime_pattern": f"{date} HH:mm:ss"} if "datetime_pattern" not in given else {}
    full = frozenset(name.lower() for name in WORDS["en"]["months"] + words["months"])
    named = {"day_names": _day_names(language), "full_months": full, "month_names": _months(language)}
    return Locale(language=language, **words, **given, **named)


def _months(language: str) -> dict[str, int]:
    """Map every spelling of a month to its number: English ones are read everywhere."""
    found: dict[str, int] = {}
    for words in (WORDS["en"], WORDS[language]):
        for names in (words["months"], words["months_short"]):
            for number, name in enumerate(names, start=1):
                found[name.lower()] = found[name.lower().rstrip(".")] = number
    return found


def _day_names(language: str) -> frozenset[str]:
    found: set[str] = set()
    for words in (WORDS["en"], WORDS[language]):
        for name in words["days"] + words["days_short"]:
            found |= {name.lower(), name.lower().rstrip(".")}
    return frozenset(found)


EURO_AFTER = '#,##0.00" €"'
ENGLISH = _locale(
    "en",
    decimal=".",
    group=",",
    group_typed=",",
    day_first=False,
    date_pattern="M/d/yyyy",
    time_pattern="h:mm:ss am/pm",
    short_time="h:mm",
    datetime_pattern="M/d/yyyy H:mm:ss",
    currency="$",
    currency_pattern='"$"#,##0.00',
)
BRITISH = replace(
    ENGLISH,
    day_first=True,
    date_pattern="dd/MM/yyyy",
    time_pattern="HH:mm:ss",
    short_time="HH:mm",
    datetime_pattern="dd/MM/yyyy HH:mm:ss",
    currency="£",
    currency_pattern='"£"#,##0.00',
)
FRENCH = _locale(
    "fr",
    decimal=",",
    group=NARROW_SPACE,
    group_typed=SPACES,
    date_pattern="dd/MM/yyyy",
    currency="€",
    currency_pattern=EURO_AFTER,
)
GERMAN = _locale(
    "de",
    decimal=",",
    group=".",
    group_typed=".",
    date_pattern="dd.MM.yyyy",
    currency="€",
    currency_pattern=EURO_AFTER,
)
SPANISH = _locale(
    "es",
    decimal=",",
    group=".",
    group_typed=".",
    date_pattern="d/M/yyyy",
    time_pattern="H:mm:ss",
    short_time="H:mm",
    datetime_pattern="d/M/yyyy H:mm:ss",
    currency="€",
    currency_pattern=EURO_AFTER,
)
ITALIAN = _locale(
    "it",
    decimal=",",
    group=".",
    group_typed=".",
    date_pattern="dd/MM/yyyy",
    currency="€",
    currency_pattern=EURO_AFTER,
)
BRAZILIAN = _locale(
    "pt",
    decimal=",",
    group=".",
    group_typed=".",
    date_pattern="dd/MM/yyyy",
    currency="R$",
    currency_pattern='"R$ "#,##0.00',
)

KNOWN = {
    "en_US": ENGLISH,
    "en_GB": BRITISH,
    "fr_FR": FRENCH,
    "fr_CA": replace(
        FRENCH,
        date_pattern="yyyy-MM-dd",
        datetime_pattern="yyyy-MM-dd HH:mm:ss",
        group="\u00a0",
        currency="$",
        currency_pattern='#,##0.00" $"',
    ),
    "de_DE": GERMAN,
    "es_ES": SPANISH,
    "it_IT": ITALIAN,
    "pt_BR": BRAZILIAN,
}


def locale_of(name: str) -> Locale:
    """Return what a locale's name stands for; 501 for one that is not known here."""
    if name not in KNOWN:
        raise missing(f"the locale {name} (known: {', '.join(sorted(KNOWN))})")
    return KNOWN[name]
