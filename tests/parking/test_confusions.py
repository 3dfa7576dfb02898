from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.rules.confusions import (
    ALPHABET,
    MOST_DOUBT,
    PRIOR_WEIGHT,
    USUAL,
    Confusions,
    coincidence,
    observed,
)

plates = st.text(ALPHABET, min_size=1, max_size=9)


def odds(one, other, heat=1.0, table=USUAL):
    return coincidence((one, heat, table), (other, heat, table))


@pytest.mark.parametrize("pair", ["O0", "0Q", "D0", "OQ", "1I", "L1", "IL", "B8", "S5", "Z2", "G6"])
def test_known_confusions_are_hundreds_of_times_likelier_than_slips(pair):
    true, read = pair
    assert USUAL.rate(true, read) == USUAL.rate(read, true) >= 500 * USUAL.rate("X", "4")


def test_one_counted_confusion_does_not_make_a_slip_a_known_confusion():
    counted = Confusions({("E", "F"): 1, ("E", "E"): 50})
    assert USUAL.rate("E", "F") < counted.rate("E", "F") < USUAL.rate("B", "8") / 10


def test_a_camera_that_takes_h_for_n_all_day_teaches_it():
    counted = Confusions({("H", "N"): 600, ("H", "H"): 1400})
    assert counted.rate("H", "N") == pytest.approx((PRIOR_WEIGHT * 0.0001 + 600) / 4000)
    assert counted.rate("N", "H") == USUAL.rate("N", "H")


def test_lost_and_added_characters_are_counted_too():
    counted = Confusions({("A", ""): 40, ("", "1"): 20, ("A", "A"): 1940})
    assert counted.lost == pytest.approx((2000 * 0.002 + 40) / 4000)
    assert counted.added == pytest.approx((2000 * 0.0005 + 20) / 4000)


@pytest.mark.parametrize(
    ("true", "read", "wrong"),
    [
        ("AB12", "AB12", {}),
        ("AB12", "A812", {("B", "8"): 1}),
        ("AB12", "B12", {("A", ""): 1}),
        ("AB12", "AB121", {("", "1"): 1}),
        ("AABB", "ABB", {("A", ""): 1}),
    ],
)
def test_what_a_confirmed_read_teaches(true, read, wrong):
    taught = observed(true, read)
    assert {pair: n for pair, n in taught.items() if pair[0] != pair[1]} == wrong
    assert "".join(one for one, _ in taught.elements() if one).translate({}) != ""
    assert Counter(true) == Counter(one for one, _ in taught.elements() if one)


def test_another_vehicle_teaches_nothing():
    assert observed("AB12CDE", "XY99ZZZ") == Counter()


@given(plates, plates)
def test_to_lay_over_is_the_same_from_both_sides(one, other):
    assert odds(one, other) == pytest.approx(odds(other, one))


@given(plates)
def test_an_equal_plate_goes_before_all_that_differ(plate):
    assert odds(plate, plate) == 1.0
    for at, character in enumerate(plate):
        other = plate[:at] + ("X" if character != "X" else "Y") + plate[at + 1 :]
        assert odds(plate, other) < 0.1


@given(plates, st.floats(0.01, MOST_DOUBT))
def test_the_table_is_heated_to_the_reads_own_doubt(plate, doubt):
    heat = USUAL.heat(plate, doubt)
    assert heat * USUAL.spread(plate) >= doubt
    assert USUAL.heat(plate, 0.0) == 0.0
    assert USUAL.heat(plate, 1.0) == USUAL.heat(plate, MOST_DOUBT)


def test_two_plates_that_are_certain_are_one_only_when_equal():
    assert odds("AB10", "AB10", heat=0.0) == 1.0
    assert odds("AB10", "ABIO", heat=0.0) == 0.0


@pytest.mark.parametrize(
    ("likelier", "less"),
    [
        (("AB12CDO", "AB12CD0"), ("AB12CDO", "AB12CDX")),
        (("AB12CDE", "B12CDE"), ("AB12CDE", "AB12CD4")),
        (("AB12CDE", "AB12CD"), ("AB12CDE", "AB12C")),
        (("AB12CDE", "AB12CD"), ("AB12CDE", "AB12")),
    ],
)
def test_which_of_two_misreads_is_likelier(likelier, less):
    assert odds(*likelier) > odds(*less)


@pytest.mark.parametrize("heat", [0.001, 0.1, 1.0])
@pytest.mark.parametrize("other", ["AB1O", "AB1Q", "ABI0"])
def test_what_no_camera_tells_apart_is_nearly_as_likely_however_sure_the_read_is(other, heat):
    assert odds("AB10", other, heat=heat) == 0.5
    assert odds("AB10", "AB1D", heat=heat) < 0.05


def test_beside_a_persons_word_a_cameras_spelling_is_half_as_likely():
    assert coincidence(("AB10", 0.0, USUAL), ("AB1O", 0.01, USUAL)) == 0.25


def test_a_camera_that_was_seen_to_tell_o_from_0_does_so():
    counted = Confusions({("O", "O"): 6000, ("0", "0"): 6000})
    assert odds("AB10", "AB1O", table=counted) < odds("AB10", "AB1O") / 3


def test_to_a_camera_that_reads_each_o_as_0_the_other_spelling_is_as_likely_and_no_more():
    counted = Confusions({("O", "0"): 60_000, ("0", "O"): 20_000, ("0", "0"): 40_000})
    assert odds("AB10", "AB1O", table=counted) == 1.0


def test_a_second_letter_spelled_by_the_same_guess_hardly_counts():
    assert odds("AB10", "ABIO") == odds("AB10", "AB1O") / 2
