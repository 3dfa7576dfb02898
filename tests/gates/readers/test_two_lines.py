import numpy as np

from gates.readers.areas import Area
from gates.readers.two_lines import placed_like_two, side_by_side, stacked


def area(x, y, width=90, height=45):
    return Area(x, y, width, height, 0.0, 0.9)


UPPER, LOWER = area(300, 200), area(300, 250, 110)


def test_lines_that_stand_on_each_other_are_a_pair_whichever_was_found_first():
    assert stacked([LOWER, UPPER]) == [(UPPER, LOWER)]
    assert stacked([UPPER, LOWER]) == [(UPPER, LOWER)]


def test_a_line_as_long_as_a_plate_is_one_by_itself():
    assert stacked([area(300, 200, 200), area(300, 250, 200)]) == []


def test_lines_beside_each_other_are_no_pair():
    assert stacked([area(300, 200), area(420, 200)]) == []


def test_the_upper_line_lies_left_and_each_has_room_for_its_length():
    image = np.zeros((400, 600, 3), np.uint8)
    image[170:224] = 200  # the upper line is bright, the lower one dark
    crop = side_by_side(image, UPPER, LOWER)
    assert crop.shape == (48, 192, 3)
    across = crop[24, :, 0]
    assert (across[:80].min(), across[100:].max()) == (200, 0)
    assert np.count_nonzero(across) == round(192 * 90 / (90 + 110))


def test_two_lines_are_placed_like_the_worse_of_them():
    edge = area(300, 5)
    assert placed_like_two(edge, LOWER, 640, 480) < placed_like_two(UPPER, LOWER, 640, 480)
