"""The fonts of this system whose capitals could stand on a plate."""

import shutil
import subprocess
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.strokes import SHAPES, TALL

# Families: any part of a font's file name, in small letters.
PLATE_LIKE = (
    "dejavusans", "liberationsans", "roboto", "ubuntu", "opensans", "bebas", "freesans", "routed",
    "nimbussans", "carlito", "cantarell", "national", "b612-", "osifont", "clearsans", "dosis",
    "yanone", "lato-", "inter", "league", "jura", "sora",
)  # fmt: skip
HEAVY = (
    "bold", "medium", "semibold", "heavy", "black", "cond", "narrow", "routed", "osifont", "bebas",
    "national",
)  # fmt: skip
NEVER = ("italic", "oblique", "mono", "serif", "thin", "light", "variable", "outline", "[")
SHEET = 220  # pixels; holds a letter of the size that masks are cut from
PRINT = 40  # pixels, size of small print before it is scaled


class Font:
    """A font file, its letters as masks."""

    def __init__(self, file):
        self.file = file
        self._font = ImageFont.truetype(file, 96)
        self._masks = {}

    def mask(self, character):
        """The letter's shape, 0..255, TALL pixels high. Raises `ValueError` where it has none."""
        if character not in self._masks:
            self._masks[character] = self._drawn(character)
        return self._masks[character]

    def _drawn(self, character):
        sheet = Image.new("L", (SHEET, SHEET))
        ImageDraw.Draw(sheet).text((60, 40), character, 255, self._font)
        box = sheet.getbbox()
        if box is None:
            raise ValueError(f"{self.file} has no {character}")
        cut = sheet.crop(box)
        wide = max(2, round(cut.width * TALL / cut.height))
        return np.asarray(cut.resize((wide, TALL), Image.Resampling.BOX))


@cache
def installed():
    """The plate-like font files of this system, in the same order wherever the same ones are."""
    lister = shutil.which("fc-list")
    if lister is None:
        return ()
    listed = subprocess.run(  # noqa: S603 - the system's own list
        [lister, ":", "file"], capture_output=True, text=True, check=True
    )
    files = {line.split(":")[0] for line in listed.stdout.splitlines()}
    return tuple(sorted(filter(plate_like, files), key=lambda file: (_name(file), file)))


def plate_like(file):
    """Whether a font file's name says that its capitals are upright, plain and heavy enough."""
    name = _name(file)
    return (
        name.endswith((".ttf", ".otf"))
        and any(part in name for part in PLATE_LIKE)
        and any(part in name for part in HEAVY)
        and not any(part in name for part in NEVER)
    )


def _name(file):
    return file.rsplit("/", 1)[-1].lower().replace("_", "")


@cache
def usable(files):
    """The fonts of these files that have every letter of a plate."""
    return tuple(font for font in map(_loaded, files) if font)


def _loaded(file):
    try:
        font = Font(file)
        for character in SHAPES:
            font.mask(character)
    except (ValueError, OSError):
        return None
    return font


@cache
def print_mask(text, file):
    """A line of small print, 0..255; without a file in the font that Pillow brings."""
    font = _print_font(file)
    box = font.getbbox(text)
    sheet = Image.new("L", (int(box[2] - box[0]) + 4, int(box[3] - box[1]) + 4))
    ImageDraw.Draw(sheet).text((2 - box[0], 2 - box[1]), text, 255, font)
    return np.asarray(sheet)


@cache
def _print_font(file):
    return ImageFont.truetype(file, PRINT) if file else ImageFont.load_default(PRINT)
