"""Public holidays of metropolitan France, and the only module that knows the library which counts them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=32)
def of_year(year: int) -> Mapping[date, str]:
    """Return {day: its name in French} of a year; the first year asked for takes a quarter of a second."""
    return dict(country_holidays("FR", years=year, language="fr"))


def among(days: Iterable[date]) -> dict[date, str]:
    """Return {day: its name} of these days that are public holidays."""
    return {day: of_year(day.year)[day] for day in days if day in of_year(day.year)}


def is_one(day: date) -> bool:
    """Tell whether a day is a public holiday."""
    return day in of_year(day.year)
