"""Which of the texts in a picture is the number plate?

Shop signs, slogans, state names, dealer frames and the camera's own clock are texts, too. Each text
gets a likeness to a plate: the product of a few plain judgements, 1 where nothing speaks against it.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np

from gates.readers.areas import Area

# Plates of seven characters are the commonest; the longest in use have ten.
LENGTHS = {3: 0.1, 4: 0.45, 5: 0.85, 6: 1.0, 7: 1.0, 8: 0.95, 9: 0.45, 10: 0.1}
ONLY_DIGITS = 0.4  # phone numbers, prices, dates; some plates, too
ONLY_LETTERS = 0.25  # words; now and then a plate of somebody's choice
A_DATE = 0.05
DATE = re.compile(r"(19|20)\d\d(0\d|1[0-2])([0-2]\d|3[01])\d*")
NARROWEST, WIDEST = 1.3, 7.5  # a plate's letters, width to height
ODD_SHAPE = 0.2
AT_THE_EDGE = 0.5  # camera overlays hug the upper and lower edge
JOINED = 0.8  # two areas are one plate only where neither of them is one alone
CUT_SHORT = 0.75  # worth of a whole plate beside that of a part, for each character it lacks
LIKE_A_PLATE = 0.3  # from this likeness on only the letters are in doubt
TYPICAL_HEIGHT = 0.055  # of letters, as a part of the picture's longer side


@dataclass(frozen=True)
class Text:
    """What one area says: spellings (text, probability), best first.

    `steps` is what the recogniser saw in it (time x 37).
    """

    area: Area
    spellings: tuple[tuple[str, float], ...]
    likeness: float
    steps: np.ndarray | None = field(default=None, compare=False)

    @property
    def plate(self):
        return self.spellings[0][0] if self.spellings else ""

    @property
    def probability(self):
        return self.spellings[0][1] if self.spellings else 0.0

    @property
    def credit(self):
        """How far it is believed to be a plate at all, 0..1: only what looks little like one loses."""
        return min(1.0, self.likeness / LIKE_A_PLATE)

    @property
    def worth(self):
        """By this the best text of a picture is chosen."""
        return self.probability**0.5 * self.likeness


def spelled_like(text):
    """How much a text looks like a plate's, 0..1."""
    judgement = LENGTHS.get(len(text), 0.0)
    if text.isdigit():
        judgement *= A_DATE if DATE.fullmatch(text) else ONLY_DIGITS
    elif text.isalpha():
        judgement *= ONLY_LETTERS
    return judgement


def placed_like(area, width, height):
    """How much an area is shaped and placed like the line of a plate, before it is read."""
    judgement = _size(area.height / max(width, height)) * (JOINED if area.parts > 1 else 1.0)
    if not NARROWEST < area.width / area.height < WIDEST:
        judgement *= ODD_SHAPE
    if area.y < 0.04 * height or area.y > 0.96 * height:
        judgement *= AT_THE_EDGE
    return judgement


def _size(part):
    """Falls slowly away from the typical height, faster for small letters than for large."""
    steps = math.log2(part / TYPICAL_HEIGHT)
    return 1 / (1 + (steps / (2.5 if steps < 0 else 2.0)) ** 2)


def whole(texts):
    """The best of `texts` (best first), or a longer one that holds all of it.

    An area cut short reads the rest of a plate without a doubt. The more it lacks, the less sure
    the longer one need be: a country band or a seal adds one character, hardly ever two.
    """
    best = texts[0]
    longer = [
        text
        for text in texts
        if best.plate in text.plate
        and text.worth >= best.worth * CUT_SHORT ** (len(text.plate) - len(best.plate))
    ]
    return max(longer, key=lambda text: len(text.plate))


def alone(texts):
    """Without those that stand where a better one stands; `texts` is best first."""
    kept = []
    for text in texts:
        if not any(text.area.lies_in(better.area) for better in kept):
            kept.append(text)
    return kept
