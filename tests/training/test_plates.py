import numpy as np
import pytest

from gates.readers.weights import PLATE_LETTERS
from training.kinds import KINDS
from training.lettering import Lettering
from training.plates import flat_plate, folded


@pytest.fixture(scope="module")
def flats():
    lettering, chance = Lettering(np.random.default_rng(1), files=()), np.random.default_rng(2)
    return [flat_plate(lettering, chance) for _ in range(300)]


def test_every_kind_comes(flats):
    assert {flat.kind for flat in flats} == {kind.name for kind in KINDS}


def test_only_what_a_camera_can_tell_apart_is_said(flats):
    assert {c for flat in flats for c in flat.text} == set(PLATE_LETTERS) - set("OI")


def test_signs_say_nothing_and_plates_say_something(flats):
    assert {flat.text for flat in flats if flat.kind == "sign"} == {""}
    assert [flat for flat in flats if flat.kind != "sign" and not flat.text] == []


def test_the_letters_stand_on_the_plate_and_the_plate_on_the_car(flats):
    for flat in flats:
        high, wide = flat.pixels.shape[:2]
        left, top, right, bottom = flat.plate
        assert (left, top, right, bottom) == (64, 64, wide - 64, high - 64)
        assert top <= flat.line[1] < flat.line[3] <= bottom
        assert flat.line[0] < flat.line[2]


def test_the_letters_stand_out_from_the_face(flats):
    pale = [f for f in flats if f.kind == "eu" and f.pixels[_rows(f)].std() < 10]
    assert pale == []


def _rows(flat):
    left, top, right, bottom = (round(n) for n in flat.line)
    return slice(top, bottom), slice(left, right)


def test_o_is_0_and_i_is_1_and_gaps_are_nothing():
    assert folded("OI-12 AB") == "0112AB"
