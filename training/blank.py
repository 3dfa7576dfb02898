"""The blank of a plate on its car: the ground that letters and all the rest are drawn on."""

import cv2
import numpy as np

from training.chance import any_colour, clouds, one_of
from training.kinds import SIGN, US, any_colours, bgr
from training.strokes import TALL

MARGIN = TALL  # pixels of the car around the plate
FRAMES = ("#101114", "#26282c", "#9aa0a8", "#e0e0e0")


class Blank:
    """A plate of a kind, still without letters, and what else is drawn takes its measures from.

    `pixels` is height x width x 3, float32, BGR 0..255, with `MARGIN` of the car on all sides; `high` and
    `wide` are the plate's own pixels, `face` and `ink` its colours. `spread` is how widely the die sets its
    letters: below 1 they are narrower than they want to be.
    """

    def __init__(self, kind, lettering, chance):
        self.kind, self.lettering, self.chance = kind, lettering, chance
        self.high = round(TALL * kind.high * chance.uniform(0.94, 1.08))
        self.wide = round(TALL * kind.wide * chance.uniform(0.92, 1.08))
        self.pixels = _car(chance, (self.high + 2 * MARGIN, self.wide + 2 * MARGIN))
        self.face, self.ink = any_colours(kind, chance)
        self.spread = chance.uniform(0.82, 1.12)

    left = top = MARGIN

    @property
    def right(self):
        return MARGIN + self.wide

    @property
    def bottom(self):
        return MARGIN + self.high

    @property
    def area(self):
        """The plate's own part of `pixels`."""
        return self.pixels[self.top : self.bottom, self.left : self.right]

    def at(self, x, y):
        """A spot of the plate (shares of its width and height) in pixels."""
        return MARGIN + x * self.wide, MARGIN + y * self.high


def lay_ground(blank):
    """The plate's face on the car, with its frame, its picture and its edge."""
    chance = blank.chance
    if blank.kind is SIGN and chance.random() < 0.6:
        return  # letters right on the paint, as on a van
    if chance.random() < 0.35:
        _frame(blank)
    blank.area[:] = blank.face
    if blank.kind is US and chance.random() < 0.55:
        _picture(blank.area, chance)
    if chance.random() < 0.7:
        _edge(blank)


def _car(chance, size):
    pixels = np.empty((*size, 3), np.float32)
    pixels[:] = any_colour(chance, 10, 235, grey=0.7)
    pixels += clouds(chance, size, 40)[..., None] * chance.uniform(3, 25)
    for _ in range(int(chance.integers(0, 6))):  # edges of the bumper, a grille
        y, thick = int(chance.integers(size[0])), int(chance.integers(1, 14))
        pixels[y : y + thick] *= chance.uniform(0.3, 1.5)
    return pixels


def _frame(blank):
    """A dealer's frame, or one that holds the plate."""
    rim = int(blank.chance.integers(4, 26))
    rows = slice(blank.top - rim, blank.bottom + rim)
    columns = slice(blank.left - rim, blank.right + rim)
    blank.pixels[rows, columns] = bgr(one_of(blank.chance, FRAMES))


def _picture(area, chance):
    """A scene printed on the plate: a sky, hills, stripes, in pale colours."""
    tint = _tint(chance)
    strength = chance.uniform(0.1, 0.5)
    slope = np.linspace(chance.uniform(), chance.uniform(), len(area), dtype=np.float32)
    if chance.random() < 0.5:
        slope = np.abs(slope - 0.5) * 2
    _wash(area, (slope * strength)[:, None, None], tint)
    if chance.random() < 0.5:
        hills = np.clip(clouds(chance, area.shape[:2], 30) * 2, 0, 1)[..., None] * strength
        _wash(area, hills, _tint(chance))


def _tint(chance):
    return chance.uniform(40, 255, 3).astype(np.float32)


def _wash(area, share, tint):
    area[:] = area * (1 - share) + tint * share


def _edge(blank):
    chance = blank.chance
    colour = blank.ink if chance.random() < 0.6 else blank.face * 0.7
    inset, thick = int(chance.integers(0, 4)), int(chance.integers(1, 4))
    corner = (blank.wide - 1 - inset, blank.high - 1 - inset)
    cv2.rectangle(blank.area, (inset, inset), corner, colour.tolist(), thick)
