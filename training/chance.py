"""What several parts draw from a random generator (`chance`, a `numpy.random.Generator`).

The same generator gives the same plates only as long as nobody changes the order of these draws.
"""

import cv2
import numpy as np


def one_of(chance, stock):
    """Any of the stock, each as often."""
    return stock[int(chance.integers(len(stock)))]


def any_colour(chance, low, high, grey):
    """A colour between `low` and `high` (0..255); `grey` is how much of it has no hue (0..1)."""
    return chance.uniform(low, high, 3) * (1 - grey) + chance.uniform(low, high) * grey


def clouds(chance, size, grain):
    """Soft random patches of about `grain` pixels, roughly -1..1; `size` is height, width."""
    high, wide = size
    coarse = chance.standard_normal((high // grain + 2, wide // grain + 2)).astype(np.float32)
    return cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
