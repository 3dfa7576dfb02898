import numpy as np
import pytest

from training.camera import photographed
from training.lettering import Lettering
from training.plates import flat_plate


def test_a_crop_is_what_the_recogniser_takes():
    lettering, chance = Lettering(np.random.default_rng(1), files=()), np.random.default_rng(2)
    crops = [photographed(flat_plate(lettering, chance), chance) for _ in range(60)]
    assert {(crop.shape, crop.dtype.name) for crop in crops} == {((48, 192, 3), "uint8")}


@pytest.mark.parametrize("seed", range(5))
def test_the_flat_plate_stays_as_it_was(seed):
    lettering = Lettering(np.random.default_rng(1), files=())
    flat = flat_plate(lettering, np.random.default_rng(seed))
    before = flat.pixels.copy()
    photographed(flat, np.random.default_rng(seed))
    assert np.array_equal(flat.pixels, before)
