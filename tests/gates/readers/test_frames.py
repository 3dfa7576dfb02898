import numpy as np
import pytest

from gates.readers.frames import bgr


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 1), (4, 6, 3), (4, 6, 4)])
def test_grey_and_see_through_pictures_become_bgr(shape):
    picture = bgr(np.full(shape, 200, np.uint8))
    assert (picture.shape, picture.dtype, picture.min()) == ((4, 6, 3), np.uint8, 200)


def test_a_bgr_picture_stays_the_same_one():
    picture = np.zeros((4, 6, 3), np.uint8)
    assert bgr(picture) is picture


@pytest.mark.parametrize(
    ("shape", "kind", "says"),
    [
        ((4, 6, 3), np.uint16, "not 4 x 6 x 3 of uint16"),
        ((4, 6, 3), np.float32, "not 4 x 6 x 3 of float32"),
        ((4, 6, 2), np.uint8, "not 4 x 6 x 2 of uint8"),
        ((2, 4, 6, 3), np.uint8, "not 2 x 4 x 6 x 3 of uint8"),
        ((0, 6, 3), np.uint8, "not 0 x 6 x 3 of uint8"),
        ((6,), np.uint8, "not 6 of uint8"),
    ],
)
def test_what_is_no_picture_is_said(shape, kind, says):
    with pytest.raises(ValueError, match=says):
        bgr(np.zeros(shape, kind))
