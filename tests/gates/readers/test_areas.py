import cv2
import numpy as np
import pytest

from gates.readers.areas import Area, areas, joined, on_each_other

# The map shows only the core of a line: 100 x 20 stands for so much more, width to height.
GROWN = (100 + 27) / (20 + 27)


def text_map(*boxes):
    """A map of 480 x 270 with slanted boxes: ((x, y), (width, height), degrees)."""
    seen = np.zeros((270, 480), np.float32)
    for box in boxes:
        cv2.fillPoly(seen, [cv2.boxPoints(box).astype(int)], 0.9)
    return seen


@pytest.mark.parametrize("slant", [-30, -8, 0, 8, 30])
def test_an_area_lies_in_frame_pixels_along_its_line(slant):
    (area,) = areas(text_map(((240, 135), (100, 20), slant)), (0.25, 0.25))
    assert (area.x, area.y) == pytest.approx((960, 540), abs=8)
    assert area.slant == pytest.approx(slant, abs=2)
    assert area.width / area.height == pytest.approx(GROWN, rel=0.05)
    assert area.strength == pytest.approx(0.9, abs=0.01)


def test_specks_are_no_text():
    assert areas(text_map(((30, 30), (1, 1), 0)), (1, 1)) == []
    assert areas(np.zeros((270, 480), np.float32), (1, 1)) == []


def area(x, y, width=80, height=30):
    return Area(x, y, width, height, 0, 0.9)


def test_groups_of_one_line_are_joined():
    (both,) = joined([area(100, 50), area(200, 52)])
    assert (both.x, both.width, both.parts) == (150, 180, 2)


@pytest.mark.parametrize("other", [area(400, 50), area(200, 120), area(200, 50, height=90)])
def test_far_or_unlike_areas_are_not_joined(other):
    assert joined([area(100, 50), other]) == []


def test_lines_of_a_plate_stand_on_each_other():
    assert on_each_other(area(100, 50), area(104, 85))
    assert not on_each_other(area(100, 50), area(104, 150))
    assert not on_each_other(area(100, 50), area(190, 85))
