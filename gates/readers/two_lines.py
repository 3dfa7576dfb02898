"""Plates of two lines, as on motorcycles: two texts that stand on each other are read as one."""

from itertools import permutations, product

from gates.readers.areas import around, on_each_other
from gates.readers.choice import Text, placed_like, spelled_like

SHORT = range(1, 6)  # letters of one line; a longer one is a plate, or a word, by itself
SPELLINGS = 10


def two_lines(texts, width, height):
    """The texts of two-line plates among the one-line `texts` of a width x height picture."""
    short = [text for text in texts if len(text.plate) in SHORT and text.area.parts == 1]
    pairs = [pair for pair in permutations(short, 2) if _stand(*pair)]
    return [_together(upper, lower, width, height) for upper, lower in pairs]


def _stand(upper, lower):
    return upper.area.y < lower.area.y and on_each_other(upper.area, lower.area)


def _together(upper, lower, width, height):
    pairs = product(upper.spellings, lower.spellings)
    spelled = sorted(((a + b, p * q) for (a, p), (b, q) in pairs), key=lambda entry: -entry[1])
    # Each line is shaped and sized like the line of a plate; both together are not.
    placed = min(placed_like(line.area, width, height) for line in (upper, lower))
    like = spelled_like(spelled[0][0]) * placed
    return Text(around(upper.area, lower.area), tuple(spelled[:SPELLINGS]), like)
