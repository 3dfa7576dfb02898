"""What is cut out of a scene for a driver: the car above its plate, and nothing of the street."""

import cv2
import numpy as np
import pytest

from gates.lane.pictures import CAR_PIXELS, NO_STREET, car_jpeg

STREET, CAR, WHITE = (40, 200, 40), (160, 100, 100), (255, 255, 255)
PLATE = (430, 560, 140, 32)


def scene():
    """A car in the middle of a green street: its plate white with a black stroke each 8 pixels."""
    picture = np.full((720, 1000, 3), STREET, np.uint8)
    sides = [(330, 300), (670, 300), (760, 460), (760, 640), (240, 640), (240, 460)]
    cv2.fillPoly(picture, [np.array(sides, np.int32)], CAR)
    x, y, wide, high = PLATE
    cv2.rectangle(picture, (x, y), (x + wide, y + high), WHITE, -1)
    for stroke in range(x + 4, x + wide, 8):
        cv2.line(picture, (stroke, y), (stroke, y + high), (0, 0, 0), 2)
    return picture


def opened(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def share(picture, colour):
    return (np.abs(picture.astype(int) - colour).max(axis=2) < 30).mean()


def test_the_cars_upper_part_and_little_of_anything_else():
    picture = opened(car_jpeg(scene(), PLATE))
    assert picture.shape[1] <= CAR_PIXELS
    assert share(picture, CAR) > 0.4
    assert share(picture, STREET) < 0.08
    corners = [picture[0, 0], picture[0, -1]]
    assert all(np.abs(corner.astype(int) - NO_STREET).max() < 12 for corner in corners)


def test_the_plate_is_sharp_and_nothing_else_is():
    whole = scene()
    cv2.line(whole, (400, 450), (400, 450 + 30), (0, 0, 0), 2)
    cv2.rectangle(whole, (480, 400), (520, 440), WHITE, -1)  # a face behind the windscreen
    cv2.circle(whole, (490, 415), 3, (0, 0, 0), -1)
    picture = opened(car_jpeg(whole, PLATE))
    scale = picture.shape[1] / (3.4 * PLATE[2])
    left, top = 500 - 1.7 * 140, 560 - 1.8 * 140
    x, y = round((430 - left) * scale), round((560 - top) * scale)
    plate = picture[y : y + round(32 * scale), x : x + round(140 * scale)]
    rows = slice(round((400 - top) * scale), round((440 - top) * scale))
    face = picture[rows, round((480 - left) * scale) : round((520 - left) * scale)]
    assert plate.std() > 60
    assert face.min() > 60  # no eye is left of it


@pytest.mark.parametrize("box", [(2000, 900, 140, 32), (-500, 10, 100, 20), (5, 5, 4, 2)])
def test_a_box_outside_the_picture_shows_nothing(box):
    assert car_jpeg(scene(), box) is None


def test_a_plate_at_the_edge_is_cut_with_what_there_is():
    assert opened(car_jpeg(scene(), (0, 0, 140, 32))) is not None
