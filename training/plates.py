"""Flat plates as many countries make them, with all that stands beside the letters."""

from dataclasses import dataclass

import numpy as np

from training.blank import Blank, lay_ground
from training.ends import draw_ends
from training.kinds import SIGN, any_kind
from training.line import set_line
from training.surroundings import draw_fittings, draw_words

SAME_LOOK = str.maketrans("OI", "01")


@dataclass(frozen=True)
class Flat:
    """A flat plate: `pixels` height x width x 3 float32 BGR 0..255 with the car around it.

    `plate` and `line` are left, top, right, bottom in pixels: of the plate and of its line of letters.
    `text` is what the recogniser shall say: digits and capitals, empty where it is no plate.
    `kind` is the name of one of `training.kinds.KINDS`.
    """

    pixels: np.ndarray
    plate: tuple[float, float, float, float]
    line: tuple[float, float, float, float]
    text: str
    kind: str


def folded(text):
    """The letters as a recogniser can tell them: O is 0 and I is 1; formats tell them apart later."""
    return "".join(c for c in text if c.isalnum()).translate(SAME_LOOK)


def flat_plate(lettering, chance):
    """One plate of any kind, drawn anew."""
    kind = any_kind(chance)
    text = kind.text(chance)
    blank = Blank(kind, lettering, chance)
    lay_ground(blank)
    line = set_line(blank, text, *draw_ends(blank))
    draw_words(blank, line)
    draw_fittings(blank, line)
    plate = (blank.left, blank.top, blank.right, blank.bottom)
    said = "" if kind is SIGN else folded(text)
    return Flat(blank.pixels, plate, line, said, kind.name)
