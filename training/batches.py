"""Drawn crops by the batch: the same number gives the same batch, wherever the same fonts are."""

import numpy as np

from training.camera import photographed
from training.lettering import Lettering
from training.plates import flat_plate


class Drawn:
    """An endless, numbered row of batches; `seed` begins another row, `held_out` has other fonts.

    `files` are font files to draw with, those of this system by default.
    """

    def __init__(self, size, seed=1, held_out=False, files=None):
        self.size, self.seed = size, seed
        self._lettering = Lettering(np.random.default_rng(seed), files, held_out)

    def __getitem__(self, number):
        """Crops (size x 48 x 192 x 3, BGR uint8) and what they say."""
        return self.with_kinds(number)[:2]

    def with_kinds(self, number):
        """Crops, what they say, and the name of each plate's kind (`training.kinds.KINDS`)."""
        chance = np.random.default_rng((self.seed, number))
        flats, crops = [], []
        for _ in range(self.size):
            flats.append(flat_plate(self._lettering, chance))
            crops.append(photographed(flats[-1], chance))
        return np.stack(crops), [flat.text for flat in flats], [flat.kind for flat in flats]
