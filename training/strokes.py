"""Letters drawn as a plate's die strikes them: strokes of one thickness, with rounded turns.

Lettering of real plates (DIN, FE, Charles Wright, the dies of the United States) differs in width,
thickness and roundness, and in how a few characters are built. A `Die` has all of these as numbers.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

TALL = 64  # pixels, height of every mask
SMOOTH = 4  # points on a rounded turn

# Each shape: strokes apart by "|"; points "x,y" from the top left (0,0) to the bottom right (1,1) of
# the letter; "~" rounds the turn at this point, "@" closes the stroke. More shapes are variants.
BARE = "0.5,0 0.5,1"  # a bare stroke has no width of its own
SHAPES = {
    "0": ["@0,0~ 1,0~ 1,1~ 0,1~"],
    "1": ["0.1,0.25 0.6,0 0.6,1", BARE, "0.1,0.22 0.55,0 0.55,1 | 0.05,1 1,1"],
    "2": ["0,0.27 0,0~ 1,0~ 1,0.45~ 0,1 1,1", "0,0.25 0,0~ 1,0~ 1,0.5~ 0,0.62~ 0,1 1,1"],
    "3": ["0,0.22 0,0~ 1,0~ 1,0.47~ 0.4,0.47 | 0.4,0.47 1,0.47~ 1,1~ 0,1~ 0,0.78",
          "0,0 1,0 0.45,0.4 1,0.42~ 1,1~ 0,1~ 0,0.8"],
    "4": ["0.75,1 0.75,0 0,0.7 1,0.7", "0.3,0 0,0.68 1,0.68 | 0.72,0.4 0.72,1",
          "0.6,0 0,0.7 1,0.7 | 0.75,0.45 0.75,1"],
    "5": ["0.95,0 0.1,0 0.05,0.45 1,0.36~ 1,1~ 0,1~ 0,0.8", "1,0 0,0 0,0.42 1,0.42~ 1,1~ 0,1~ 0,0.8"],
    "6": ["0.95,0.2 0.95,0~ 0,0~ 0,1~ 1,1~ 1,0.42~ 0,0.42~", "0.75,0 0.05,0.55~ 0,1~ 1,1~ 1,0.4~ 0.08,0.45~"],
    "7": ["0,0 1,0 0.35,1", "0,0 1,0 0.4,0.45~ 0.35,1"],
    "8": ["@0.05,0~ 0.95,0~ 0.95,0.47~ 0.05,0.47~ | @0,0.47~ 1,0.47~ 1,1~ 0,1~"],
    "9": ["0.05,0.8 0.05,1~ 1,1~ 1,0~ 0,0~ 0,0.58~ 1,0.58~", "0.25,1 0.95,0.45~ 1,0~ 0,0~ 0,0.6~ 0.92,0.55~"],
    "A": ["0,1 0.5,0 1,1 | 0.17,0.68 0.83,0.68",
          "0,1 0.36,0 0.64,0 1,1 | 0.15,0.68 0.85,0.68", "0,1 0,0~ 1,0~ 1,1 | 0,0.6 1,0.6"],
    "B": ["@0,0 0.92,0~ 0.92,0.47~ 0,0.47 | @0,0.47 1,0.47~ 1,1~ 0,1"],
    "C": ["1,0.27 1,0~ 0,0~ 0,1~ 1,1~ 1,0.73"],
    "D": ["@0,0 1,0~ 1,1~ 0,1"],
    "E": ["1,0 0,0 0,1 1,1 | 0,0.48 0.85,0.48"],
    "F": ["1,0 0,0 0,1 | 0,0.48 0.85,0.48"],
    "G": ["1,0.25 1,0~ 0,0~ 0,1~ 1,1~ 1,0.54 0.55,0.54", "1,0.25 1,0~ 0,0~ 0,1~ 1,1~ 1,0.54"],
    "H": ["0,0 0,1 | 1,0 1,1 | 0,0.49 1,0.49"],
    "I": [BARE, "0.5,0 0.5,1 | 0.05,0 0.95,0 | 0.05,1 0.95,1"],
    "J": ["0.95,0 0.95,1~ 0,1~ 0,0.68", "0.4,0 0.95,0 0.95,1~ 0,1~ 0,0.7"],
    "K": ["0,0 0,1 | 1,0 0,0.6 | 0.32,0.42 1,1", "0,0 0,1 | 1,0 0.1,0.5 1,1"],
    "L": ["0,0 0,1 1,1"],
    "M": ["0,1 0,0 0.5,0.62 1,0 1,1", "0,1 0,0 0.5,1 1,0 1,1"],
    "N": ["0,1 0,0 1,1 1,0"],
    "O": ["@0,0~ 1,0~ 1,1~ 0,1~"],
    "P": ["0,1 0,0 1,0~ 1,0.54~ 0,0.54"],
    "Q": ["@0,0~ 1,0~ 1,1~ 0,1~ | 0.58,0.7 1.02,1.05", "@0,0~ 1,0~ 1,1~ 0,1~ | 0.5,0.8 0.75,1.12"],
    "R": ["0,1 0,0 1,0~ 1,0.53~ 0,0.53 | 0.45,0.53 1,1", "0,1 0,0 1,0~ 1,0.53~ 0,0.53 | 0.6,0.53 1,0.7~ 1,1"],
    "S": ["1,0.23 1,0~ 0,0~ 0,0.47~ 1,0.53~ 1,1~ 0,1~ 0,0.77"],
    "T": ["0,0 1,0 | 0.5,0 0.5,1"],
    "U": ["0,0 0,1~ 1,1~ 1,0"],
    "V": ["0,0 0.5,1 1,0"],
    "W": ["0,0 0.25,1 0.5,0.3 0.75,1 1,0", "0,0 0.22,1 0.5,0 0.78,1 1,0", "0,0 0,1 0.5,0.4 1,1 1,0"],
    "X": ["0,0 1,1 | 1,0 0,1"],
    "Y": ["0,0 0.5,0.5 1,0 | 0.5,0.5 0.5,1"],
    "Z": ["0,0 1,0 0,1 1,1"],
}  # fmt: skip
WIDER = {"1": 0.55, "I": 0.5, "J": 0.9, "L": 0.92, "M": 1.2, "W": 1.3, "O": 1.04, "Q": 1.04}


@dataclass(frozen=True)
class Die:
    """`wide` and `thick` are shares of a letter's height, `round` 0..1, `choice` picks variants."""

    wide: float
    thick: float
    round: float
    choice: int

    def mask(self, character):
        """The letter's shape, 0..255, TALL pixels high."""
        if character not in self._masks:
            self._masks[character] = self._struck(character)
        return self._masks[character]

    @cached_property
    def _masks(self):
        return {}

    def _struck(self, character):
        variants = SHAPES[character]
        shape = variants[(self.choice + ord(character)) % len(variants)]
        mask = np.zeros((TALL, self._width(character, shape)), np.uint8)
        for stroke in shape.split("|"):
            self._strike(mask, stroke)
        return mask

    def _width(self, character, shape):
        if shape == BARE:
            return round(max(self.thick * TALL * 1.3, 3))
        return round(max(self.wide * WIDER.get(character, 1.0), 1.6 * self.thick) * TALL)

    def _strike(self, mask, stroke):
        thick = self.thick * TALL
        room = np.array([mask.shape[1] - thick, TALL - thick])
        points, closed = _points(stroke)
        placed = [(np.array(point) * room + thick / 2, soft) for point, soft in points]
        line = _turned(placed, closed, self.round * min(*room) * 0.62)
        # Points in sixteenths of a pixel.
        line = np.round(line * 16).astype(np.int32)
        cv2.polylines(mask, [line], closed, 255, max(1, round(thick)), cv2.LINE_AA, shift=4)


def _points(stroke):
    """A stroke's points as ((x, y), whether the turn is soft), and whether it closes."""
    stroke = stroke.strip()
    closed = stroke.startswith("@")
    corners = stroke.lstrip("@").split()
    return [(tuple(map(float, w.rstrip("~").split(","))), w.endswith("~")) for w in corners], closed


def _turned(points, closed, radius):
    """The stroke's points with the soft corners rounded by curves of at most `radius` pixels."""
    line = []
    for i, (point, soft) in enumerate(points):
        inner = closed or 0 < i < len(points) - 1
        if not (soft and inner):
            line.append(point)
            continue
        before, after = points[i - 1][0], points[(i + 1) % len(points)][0]
        start, end = _towards(point, before, radius), _towards(point, after, radius)
        for t in np.linspace(0, 1, SMOOTH + 2):
            line.append(start * (1 - t) ** 2 + 2 * point * t * (1 - t) + end * t**2)
    return np.array(line)


def _towards(corner, other, radius):
    side = other - corner
    length = float(np.hypot(*side)) or 1.0
    return corner + side * min(radius / length, 0.5)


def any_die(chance):
    """A die like one of many: from narrow and boxy to wide and round."""
    wide = chance.uniform(0.42, 0.72)
    return Die(
        wide=wide,
        thick=wide * chance.uniform(0.17, 0.31),
        round=chance.choice([0.35, 0.7, 1.0, 1.0]) * chance.uniform(0.8, 1.0),
        choice=int(chance.integers(6)),
    )
