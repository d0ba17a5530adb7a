"""Numbers as people type them: signs, groups, percents, amounts, powers of ten."""

import re
from functools import lru_cache
from typing import Any

from localsheets.texts.locales import Locale

Json = dict[str, Any]
DIGIT = re.compile(r"\d")
CURRENCIES = "$€£¥₣"


def number(text: str, locale: Locale) -> tuple[float, Json | None] | None:
    """Read a number with its signs, groups, percent or currency; None when it is none."""
    if len(text) < 16 and text.isascii() and text.isdigit():
        return int(text), None
    match = _shape(locale).fullmatch(text)
    if match is None or not DIGIT.search(match["whole"] + (match["tenths"] or "")):
        return None
    marks = [match[name] for name in ("before", "signed", "after") if match[name]]
    if len(marks) > 1 or (marks and match["percent"]) or (match["open"] is None) != (match["close"] is None):
        return None
    digits = re.sub(f"[{re.escape(locale.group_typed)}]", "", match["whole"])
    value = float(f"{digits or 0}.{match['tenths'] or 0}{match['power'] or ''}")
    if value == float("inf"):
        return None
    negative = match["sign"] == "-" or match["open"] is not None
    given = _format(match, marks[0] if marks else "", digits != match["whole"], locale)
    value = value / 100 if match["percent"] else value
    return (-value if negative and value else value), given


@lru_cache(maxsize=64)
def _shape(locale: Locale) -> re.Pattern[str]:
    group, point = f"[{re.escape(locale.group_typed)}]", re.escape(locale.decimal)
    money = "|".join(re.escape(mark) for mark in sorted({*CURRENCIES, locale.currency}, key=len, reverse=True))
    gap = "[ \u00a0\u202f]?"
    return re.compile(
        rf"(?P<open>\()?(?P<before>(?:{money}){gap})?(?P<sign>[+-])?(?P<signed>(?:{money}){gap})?"
        rf"(?P<whole>\d{{1,3}}(?:{group}\d{{3}})+|\d*)(?:{point}(?P<tenths>\d*))?(?P<power>[eE][+-]?\d{{1,3}})?"
        rf"(?P<percent>{gap}%)?(?P<after>{gap}(?:{money}))?(?P<close>\))?",
        re.ASCII,
    )


def _format(match: re.Match[str], mark: str, grouped: bool, locale: Locale) -> Json | None:
    tenths = match["tenths"] is not None
    if match["percent"]:
        return {"type": "PERCENT", "pattern": "0.00%" if tenths else "0%"}
    if mark:
        pattern = locale.currency_pattern
        if mark.strip() != locale.currency:
            pattern = f"#,##0.00[${mark}]" if match["after"] else f"[${mark}]#,##0.00"
        return {"type": "CURRENCY", "pattern": pattern if tenths else pattern.replace("0.00", "0")}
    if match["power"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if grouped:
        return {"type": "NUMBER", "pattern": "#,##0.00" if tenths else "#,##0"}
    return None
