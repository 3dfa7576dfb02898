import numpy as np

from training.batches import Drawn
from training.sheet import sheet


def test_a_sheet_has_the_crops_as_they_are_in_rows_of_six():
    drawn = Drawn(12, files=())
    page = sheet(drawn)
    assert page.shape == (2 * (48 + 18 + 4), 6 * (192 + 6), 3)
    assert np.array_equal(page[2:50, 3:195], drawn[0][0][0])
