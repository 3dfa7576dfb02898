"""What a camera gets wrong, done to drawn plates, and what is then measured."""

import cv2
import numpy as np
import pytest

from gates.cameras.drawing.plates import draw_plate
from gates.readers.areas import Area
from gates.readers.quality import Quality, measured
from gates.rules.quality import SHARPNESS, word

PLATES = [("AB12CDE", "GB"), ("MHK4127", "DE"), ("FG347HK", "FR"), ("1111LTT", "ES")]
AT = (400, 200)  # the middle of the plate in the frame, pixels
ROAD = 90  # grey


def seen(plate, tall=40, turned=0.0):
    """A frame with the plate in it `tall` pixels high, and the area of its letters' line."""
    wide = round(plate.shape[1] * tall / plate.shape[0])
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), -turned, 1)
    turn[:, 2] += (AT[0] - wide / 2, AT[1] - tall / 2)
    small = cv2.resize(plate, (wide, tall), interpolation=cv2.INTER_AREA)
    frame = np.full((400, 800, 3), ROAD, np.uint8)
    frame = cv2.warpAffine(small, turn, (800, 400), frame, borderMode=cv2.BORDER_TRANSPARENT)
    return frame, Area(*AT, 0.92 * wide, 0.8 * tall, turned, 0.9)


def unsharp(plate, share):
    """Out of focus: blurred by a share of the plate's height."""
    return cv2.GaussianBlur(plate, (0, 0), share * plate.shape[0]) if share else plate


def moved(plate, share):
    """Driven on while the shutter was open."""
    return cv2.blur(plate, (1 + round(share * plate.shape[0]), 1))


def darkened(plate, share):
    return (plate * (1 - share)).astype(np.uint8)


def dazzled(plate, share):
    """A lamp's reflection, ever larger, in the middle of the plate."""
    lit = plate.copy()
    high, wide = lit.shape[:2]
    cv2.circle(lit, (wide // 2, high // 2), round(share * wide / 2), (255, 255, 255), -1)
    return lit


WRONG = [
    (unsharp, "blur", 1),
    (moved, "blur", 1),
    (darkened, "contrast", -1),
    (dazzled, "clipping", 1),
]


@pytest.mark.parametrize(("wrong", "measure", "way"), WRONG)
@pytest.mark.parametrize(("text", "country"), PLATES)
def test_the_worse_the_picture_the_worse_its_measure(text, country, wrong, measure, way):
    plate = draw_plate(text, country)
    shares = (0, 0.05, 0.1, 0.2)
    found = [way * getattr(measured(*seen(wrong(plate, share))), measure) for share in shares]
    assert found == sorted(set(found))


@pytest.mark.parametrize(("share", "said"), [(0, "sharp"), (0.06, "blurred")])
@pytest.mark.parametrize(("text", "country"), PLATES)
def test_blur_means_the_same_near_and_far_and_turned(text, country, share, said):
    plate = unsharp(draw_plate(text, country), share)
    pictures = [seen(plate, tall, turned) for tall in (30, 48, 96) for turned in (0.0, 12.0)]
    assert {word(SHARPNESS, measured(*picture).blur) for picture in pictures} == {said}


def test_a_dark_picture_is_not_called_blurred():
    plate = draw_plate("AB12CDE")
    found = [measured(*seen(darkened(plate, share))).blur for share in (0, 0.5, 0.8)]
    assert max(found) - min(found) < 0.02


def test_the_height_is_that_of_the_area_in_the_frame():
    plate = draw_plate("AB12CDE")
    assert [measured(*seen(plate, tall)).height for tall in (20, 50, 120)] == [16, 40, 96]


@pytest.mark.parametrize(
    ("area", "quality"),
    [
        (Area(-300, -300, 100, 20, 0, 0.9), Quality(1.0, 0.0, 1.0, 20)),
        (Area(9000, 10, 100, 20, 30, 0.9), Quality(1.0, 0.0, 1.0, 20)),
        (Area(20, 20, 30, 0, 0, 0.9), Quality(1.0, 0.0, 0.0, 1)),
        (Area(0, 0, 9000, 5000, 5, 0.9), Quality(1.0, 0.0, 0.0, 5000)),
    ],
)
def test_where_there_is_nothing_to_see_nothing_is_sharp(area, quality):
    road = np.full((40, 60, 3), ROAD, np.uint8)
    assert measured(road, area) == quality
