"""Plates of two lines, as on motorcycles: both lines are laid side by side and read as one."""

from itertools import permutations

import numpy as np

from gates.readers.areas import on_each_other
from gates.readers.choice import placed_like
from gates.readers.crops import FIRST, WIDTH, crop

LONGEST_LINE = 3.5  # width to height; a longer line is a plate, or a word, by itself


def stacked(found):
    """The pairs of areas (upper, lower) that stand on each other like the lines of one plate."""
    short = [area for area in found if area.parts == 1 and area.width < LONGEST_LINE * area.height]
    return [
        (upper, lower)
        for upper, lower in permutations(short, 2)
        if upper.y < lower.y and on_each_other(upper, lower)
    ]


def side_by_side(image, upper, lower):
    """One crop, HEIGHT x WIDTH x 3, with the upper line on the left and the lower on the right."""
    shapes = [area.width / area.height for area in (upper, lower)]
    left = round(WIDTH * shapes[0] / sum(shapes))
    lines = [crop(image, upper, FIRST, left), crop(image, lower, FIRST, WIDTH - left)]
    return np.hstack(lines)


def placed_like_two(upper, lower, width, height):
    """How much both are placed like a plate's lines: each by itself is shaped so, together not."""
    return min(placed_like(area, width, height) for area in (upper, lower))
