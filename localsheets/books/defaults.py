"""What a new spreadsheet holds, as recorded from Google's answers."""

import copy
import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from localsheets.errors import invalid
from localsheets.texts.locales import locale_of

Json = dict[str, Any]
WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
THEME_COLORS = {
    "TEXT": {},
    "BACKGROUND": WHITE,
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}
THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": kind, "color": {"rgbColor": color}} for kind, color in THEME_COLORS.items()],
}
SHIFTED = re.compile(r"GMT[+-](0?\d|1\d|2[0-3])(:?[0-5]\d)?")
WRITABLE = ("title", "locale", "timeZone", "autoRecalc")
# Kept as they are given; the default format is Google's whatever a description says.
KEPT = ("iterativeCalculationSettings", "spreadsheetTheme", "importFunctionsExternalUrlAccessAllowed")


@cache
def _zones() -> set[str]:
    return available_timezones()


def check_time_zone(name: str) -> None:
    """Refuse what is no zone of the tz database and no shift like GMT-07:00."""
    if name not in _zones() and not SHIFTED.fullmatch(name):
        raise invalid(f"Invalid time zone: {name}")


def new_properties(given: Json) -> Json:
    """Return the properties of a new book, Google's defaults under what was asked."""
    properties = {
        "title": given.get("title") or "Untitled spreadsheet",
        "locale": given.get("locale") or "en_US",
        "autoRecalc": given.get("autoRecalc", "ON_CHANGE"),
        "timeZone": given.get("timeZone") or "Etc/GMT",
        "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
        "spreadsheetTheme": copy.deepcopy(THEME),
    }
    locale_of(properties["locale"])
    check_time_zone(properties["timeZone"])
    return properties | {name: copy.deepcopy(given[name]) for name in KEPT if given.get(name)}
