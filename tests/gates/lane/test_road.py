import numpy as np
import pytest

from gates.lane.road import changes, empty_road, parts, shape_of, small_picture
from tests.gates.readers.films import car, parked, road

EMPTY = small_picture(road())


def with_car(plate, middle=(320, 220), **look):
    return small_picture(car(road(), plate, middle, **look))


A, B = with_car("AB12CDE"), with_car("KLM4827", (300, 200), body=(200, 200, 200))
COMING = [with_car("AB12CDE", (320, y), wide=w) for y, w in ((90, 80), (120, 110), (170, 150))]


@pytest.mark.parametrize(
    "pictures",
    [
        [EMPTY] * 4 + [A] * 60 + [EMPTY] * 4,
        [EMPTY] * 2 + COMING + [A] * 30 + [EMPTY] * 2 + [B] * 30 + [EMPTY] * 2,
        [A] * 3 + [EMPTY] * 6 + [B] * 3,
        [EMPTY] * 3 + COMING + [A] * 50,
        [EMPTY],
    ],
)
def test_what_comes_and_goes_is_not_the_road(pictures):
    assert shape_of(empty_road(pictures), EMPTY).share == 0


def test_what_is_in_the_first_and_the_last_picture_is_the_road():
    there = road()
    parked("AB12CDE")(there, 0)
    there = small_picture(there)
    assert shape_of(empty_road([there] * 2 + [A] * 50 + [there] * 2), there).share == 0


def test_things_apart_are_parts_of_their_own():
    image = car(car(road(), "AB12CDE", (150, 200), wide=120), "KLM4827", (480, 200), wide=120)
    found = parts(changes(small_picture(image), EMPTY))
    assert [int(np.flatnonzero(part.any(axis=0)).mean()) for part in found] == [36, 120]
