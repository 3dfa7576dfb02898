"""Number plates as a few countries make them."""

import re
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gates.cameras.drawing.paint import bgr

DOTS = 2  # pixels for each millimetre of plate
WHITE, YELLOW, BLACK, BLUE = "#f4f4ee", "#f6c81e", "#15161a", "#0b3f9e"


@dataclass(frozen=True)
class Style:
    """How a country's plate looks; lengths in millimetres.

    `groups` splits the plate's characters, `joint` stands between the groups, `bands` are the ends
    that carry a blue field, `on_car` is the width that it gets on a drawn car, in metres.
    """

    groups: str
    letters: str = ""
    joint: str = " "
    bands: str = "left"
    face: str = WHITE
    ink: str = BLACK
    size: tuple[int, int] = (520, 111)
    tall: int = 77
    on_car: float = 0.55
    seals: bool = False
    header: str = ""


STYLES = {
    "GB": Style(r"([A-Z]{2}\d{2})([A-Z]{3})", bands="", tall=79),
    "DE": Style(r"([A-Z]{1,3}?)([A-Z]{1,2}\d{1,4}[EH]?)", "D", seals=True, tall=75),
    "FR": Style(r"([A-Z]{2})(\d{3})([A-Z]{2})", "F", joint="-", bands="both"),
    "IT": Style(r"([A-Z]{2})(\d{3})([A-Z]{2})", "I", bands="both"),
    "ES": Style(r"(\d{4})([A-Z]{3})", "E"),
    "PL": Style(r"([A-Z]{2,3})([0-9A-Z]{4,5})", "PL"),
    "NL": Style(
        r"([A-Z]+|\d+)([A-Z]+|\d+)([A-Z]+|\d+)", "NL", joint="-", face=YELLOW, tall=75
    ),
    "US": Style(
        r"([A-Z]{3}|\d[A-Z]{3})(\d{3,4})", bands="", size=(305, 152), tall=70, on_car=0.44,
        ink="#1c2f63", header="#31508f",
    ),
    "BR": Style(
        r"([A-Z]{3})(\d[A-Z0-9]\d{2})", joint="", bands="", size=(400, 130), tall=75, on_car=0.52,
        header=BLUE,
    ),
}  # fmt: skip
PLAIN = Style(r"(.+)", bands="")


def style(country):
    return STYLES.get(country, PLAIN)


def draw_plate(text, country="GB", seed=0):
    """A clean, flat plate: BGR uint8, two pixels for each millimetre (EU: 222 x 1040).

    `text` is canonical (`AB12CDE`); the country's spaces and hyphens are added here. An unknown
    country gets a plain white plate; an empty text leaves it blank.
    """
    look = style(country)
    wide, high = (n * DOTS for n in look.size)
    plate = _face(look, wide, high)
    if not text:
        return _worn(plate, seed)
    left, right = _bands(plate, look)
    margin = (18 if look.bands else 8) * DOTS
    room = (left + margin, wide - right - margin)
    _write(plate, look, text.upper(), room)
    return _worn(plate, seed)


def muddy(plate, seed=0, thick=1.0):
    """The same plate under dried mud: one sees that it is there, but not what it says.

    Half as `thick` it is dirt that a person reads through.
    """
    chance = np.random.default_rng(seed)
    high, wide = plate.shape[:2]
    clouds = _clouds(chance, wide, high, 48) + 0.5 * _clouds(chance, wide, high, 14)
    cover = thick * np.clip((clouds + 1.25) * 2.5, 0, 0.97)[..., None]
    tone = 0.85 + 0.12 * _clouds(chance, wide, high, 40) + 0.06 * _clouds(chance, wide, high, 5)
    mud = bgr("#6b5a45") * 255 * tone[..., None]
    return (plate * (1 - cover) + mud * cover).clip(0, 255).astype(np.uint8)


def _face(look, wide, high):
    plate = Image.new("RGB", (wide, high), look.ink)
    edge = ImageDraw.Draw(plate)
    edge.rounded_rectangle((5, 5, wide - 6, high - 6), 14, fill=look.face)
    return plate


def _bands(plate, look):
    """Paints blue fields and headers; returns the pixels taken on the left and on the right."""
    wide, high = plate.size
    brush = ImageDraw.Draw(plate)
    if look.header:
        brush.rounded_rectangle((7, 7, wide - 8, 25 * DOTS), 12, fill=look.header)
    taken = 40 * DOTS
    if look.bands:
        brush.rounded_rectangle((6, 6, taken, high - 7), 12, fill=BLUE)
        _ring(brush, taken // 2 + 2, high * 0.34, 12 * DOTS)
        small = ImageFont.load_default(20 * DOTS)
        brush.text((taken // 2 + 2, high * 0.76), look.letters, "#ffffff", small, anchor="mm")
    if look.bands == "both":
        brush.rounded_rectangle((wide - taken, 6, wide - 7, high - 7), 12, fill=BLUE)
    return (taken if look.bands else 0), (taken if look.bands == "both" else 0)


def _ring(brush, x, y, radius):
    for angle in np.arange(12) * np.pi / 6:
        at = np.array([x + radius * np.cos(angle), y + radius * np.sin(angle)])
        brush.ellipse((*(at - 3.4), *(at + 3.4)), fill="#f5c400")


def _write(plate, look, text, room):
    """Sets the characters in the middle of the room, squeezed sideways when there are many."""
    tall = look.tall * DOTS
    parts = _parts(look, text, tall)
    natural = sum(width for _, width in parts)
    squeeze = min(1.0, (room[1] - room[0]) / natural)
    x = (room[0] + room[1] - natural * squeeze) / 2
    top = (plate.height - tall) // 2 + (11 * DOTS if look.header else 0)
    for part, width in parts:
        _set(plate, look, part, (x, top, width * squeeze, tall))
        x += width * squeeze


def _parts(look, text, tall):
    """What stands in a row: characters, joints and gaps, each with its width in pixels."""
    found = re.fullmatch(look.groups, text)
    parts = []
    for number, group in enumerate(found.groups() if found else [text]):
        if number:
            parts.append(_joint(look))
        for place, character in enumerate(group):
            if place:
                parts.append(("", 10 * DOTS))
            parts.append((character, _width(character, tall)))
    return parts


def _joint(look):
    if look.seals:
        return "seals", 52 * DOTS
    return ("-", 34 * DOTS) if look.joint == "-" else ("", 30 * DOTS if look.joint else 10 * DOTS)


def _set(plate, look, part, place):
    x, top, width, tall = place
    brush = ImageDraw.Draw(plate)
    if part == "seals":
        _seals(brush, x + width / 2, top, tall)
    elif part == "-":
        middle = top + tall / 2
        brush.rectangle((x + width * 0.3, middle - 8, x + width * 0.7, middle + 8), look.ink)
    elif part:
        shape = _glyph(part).resize((max(round(width), 1), tall), Image.Resampling.LANCZOS)
        plate.paste(look.ink, (round(x), round(top)), shape)


def _seals(brush, x, top, tall):
    """The two round stickers of a German plate: the test badge above, the authority's below."""
    for y, colour, radius in ((0.24, "#dcae6e", 13 * DOTS), (0.72, "#cdd0d4", 16 * DOTS)):
        at = top + tall * y
        brush.ellipse((x - radius, at - radius, x + radius, at + radius), fill=colour)


@cache
def _glyph(character):
    """The character's shape, cut to its edges: bold strokes, as plates have."""
    font = ImageFont.load_default(300)
    sheet = Image.new("L", (500, 500))
    ImageDraw.Draw(sheet).text((90, 60), character, 255, font, stroke_width=12)
    return sheet.crop(sheet.getbbox())


def _width(character, tall):
    """Plates have narrow, even characters; only I, J and 1 are much narrower than the rest."""
    shape = _glyph(character)
    return min(max(shape.width / shape.height * 0.92, 0.16), 0.62) * tall


def _worn(plate, seed):
    """Evening light from above, and the dust of some weeks."""
    chance = np.random.default_rng(seed)
    pixels = np.asarray(plate, np.float32)[..., ::-1]
    high, wide = pixels.shape[:2]
    light = np.linspace(1.0, 0.93, high)[:, None, None]
    dust = 1 - 0.05 * np.clip(_clouds(chance, wide, high, 30), 0, 1)[..., None]
    return (pixels * light * dust).clip(0, 255).astype(np.uint8)


def _clouds(chance, wide, high, size):
    """Soft random patches of about `size` pixels, roughly -1..1."""
    grain = chance.standard_normal((high // size + 2, wide // size + 2)).astype(np.float32)
    return cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC)
