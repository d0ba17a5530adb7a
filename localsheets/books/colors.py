"""Colours as Google keeps them: 8 bits a channel, zero left out, the style beside the colour."""

import struct
from typing import Any

from localsheets.books import masks

Json = dict[str, Any]
PAIRS = {
    "backgroundColor": "backgroundColorStyle",
    "foregroundColor": "foregroundColorStyle",
    "tabColor": "tabColorStyle",
    "color": "colorStyle",
    "headerColor": "headerColorStyle",
    "firstBandColor": "firstBandColorStyle",
    "secondBandColor": "secondBandColorStyle",
    "footerColor": "footerColorStyle",
}


def channel(value: float) -> float | int:
    """Return a channel, kept within 0 to 1, rounded down to 8 bits and written as a 32-bit float."""
    level = int(min(max(value, 0), 1) * 255 + 1e-6)
    single = struct.unpack("f", struct.pack("f", level / 255))[0]
    return int(single) if single in (0, 1) else float(f"{single:.8g}")


def color(given: Json) -> Json:
    """Return a Color as Google would answer it."""
    channels = {name: channel(given[name]) for name in ("red", "green", "blue") if given.get(name)}
    return {name: value for name, value in channels.items() if value}


def with_styles(given: Json) -> Json:
    """Return a format or properties with each colour in both of its writings; the style wins."""
    result = {name: with_styles(value) if isinstance(value, dict) else value for name, value in given.items()}
    for name, style in PAIRS.items():
        if result.get(style) == {}:
            del result[style]
        chosen = result.get(style)
        if chosen and "rgbColor" in chosen:
            rgb = color(chosen["rgbColor"])
            result[style] = {"rgbColor": rgb}
            result[name] = rgb
        elif isinstance(result.get(name), dict) and not chosen:
            result[name] = color(result[name])
            result[style] = {"rgbColor": result[name]}
    return result


def overlaid(old: Json, new: Json, mask: masks.Mask) -> Json:
    """Lay masked fields over a format; a colour given in one writing replaces the other writing of it."""
    return with_styles(masks.overlay(_without_twins(old, mask), new, mask))


def _without_twins(old: Json, mask: masks.Mask) -> Json:
    result = dict(old)
    for name, style in PAIRS.items():
        if (name in mask) != (style in mask):
            result.pop(style if name in mask else name, None)
    for name, inner in mask.items():
        if isinstance(result.get(name), dict):
            result[name] = _without_twins(result[name], inner)
    return result


def hexadecimal(given: Json) -> str:
    """Write a Color as #rrggbb."""
    levels = (round(given.get(name, 0) * 255) for name in ("red", "green", "blue"))
    return "#" + "".join(f"{level:02x}" for level in levels)
