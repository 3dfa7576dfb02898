from dataclasses import dataclass

import pytest

from parking.rules.matching import match, rows_of


@dataclass(frozen=True)
class Stay:
    plate: str


def test_the_exact_plate_is_taken_before_one_that_looks_alike():
    assert match("AB10", [Stay("ABIO"), Stay("AB10")]).session == Stay("AB10")
    assert match("AB10", [Stay("ABIO"), Stay("AB10")]).exact is True


def test_the_only_one_that_a_camera_cannot_tell_apart_is_taken():
    found = match("ABI0", [Stay("AB1O"), Stay("XY99")])
    assert (found.session, found.exact) == (Stay("AB1O"), False)


def test_two_that_look_alike_are_no_answer():
    assert match("AB10", [Stay("ABIO"), Stay("AB1O")]) is None


def test_a_neighbour_by_one_character_is_not_this_car():
    assert match("AB12CDE", [Stay("AB12CDF"), Stay("AB12CD")]) is None


@pytest.mark.parametrize(
    ("plate", "rows", "found"),
    [
        ("AB10", ["ABIO", "AB10", "AB10"], ["AB10", "AB10"]),
        ("AB10", ["ABIO", "XY99", "ABIO"], ["ABIO", "ABIO"]),
        ("AB10", ["ABIO", "AB1O"], []),
        ("AB10", ["AB11", "AB1", "AB100"], []),
        ("AB10", [], []),
    ],
)
def test_the_rows_of_a_plate(plate, rows, found):
    assert rows_of(plate, [Stay(row) for row in rows]) == [Stay(row) for row in found]
