"""How full it is, and how sure that is."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from parking.rules.occupancy import (
    Missed,
    at_night,
    counted,
    longer_than,
    share_missed,
    since,
    still_inside,
    surest,
)

FOUR = datetime(2026, 6, 1, 4, tzinfo=UTC)
NONE = Missed(coming=0.0, leaving=0.0)
SOME = Missed(coming=0.01, leaving=0.01)
HOUR = timedelta(hours=1)


def hours(*lengths):
    return [timedelta(hours=length) for length in lengths]


def bar(found):
    return found.low, found.inside, found.high


@pytest.mark.parametrize(
    ("number", "came", "left", "missed", "expected"),
    [
        (0, 0, 0, NONE, (0, 0, 0)),
        (37, 0, 0, NONE, (36, 37, 38)),  # who counts 37 may have overlooked one
        (0, 40, 10, NONE, (30, 30, 30)),
        (0, 400, 370, SOME, (25, 30, 36)),
        (0, 4000, 3970, SOME, (12, 30, 48)),  # the further from the count the longer the bar
        (5, 0, 9, NONE, (0, 0, 0)),  # never less than nobody
    ],
)
def test_counted_in_and_out_from_what_somebody_counted(number, came, left, missed, expected):
    assert bar(since(counted(FOUR, number), came, left, missed)) == expected


def test_free_places_are_told_with_the_same_uncertainty():
    found = since(counted(FOUR, 0), 400, 370, SOME)
    assert found.free(71) == (35, 46)
    assert found.free(28) == (0, 3)


def test_cameras_that_miss_more_cars_coming_than_leaving_are_corrected():
    found = since(counted(FOUR, 0), 1000, 1000, Missed(coming=0.03, leaving=0.01))
    assert found.inside == 20


def test_an_open_stay_counts_as_likely_as_its_age_allows():
    longer = longer_than(hours(*[1] * 300, *[2] * 150, *[8] * 50))
    chances = [still_inside(age, longer, 0.005) for age in hours(0.5, 3, 9, 24, 240)]
    assert [round(chance, 2) for chance in chances] == [1.0, 0.96, 0.58, 0.5, 0.16]


def test_without_missed_exits_whoever_is_in_the_books_is_inside():
    longer = longer_than(hours(1, 2))
    assert still_inside(timedelta(days=30), longer, 0.0) == 1.0


def test_the_night_takes_stays_whose_exit_was_missed_out_of_the_number():
    longer = longer_than(hours(*[1] * 300, *[2] * 150, *[8] * 50))
    night = at_night(FOUR, 12, [timedelta(days=20)] * 30, longer, Missed(0.005, 0.005))
    assert round(night.inside) == 17  # 42 in the books, 30 of them for twenty days
    assert 1 < night.sd < 3


def test_a_young_car_park_has_an_idea_of_how_long_stays_last():
    longer = longer_than([])
    shares = [longer(age) for age in hours(0, 3, 100)]
    assert [round(share, 2) for share in shares] == [1.0, 0.71, 0.05]


@pytest.mark.parametrize(
    ("missed", "seen", "share"), [(0, 0, 0.005), (0, 2000, 0.0005), (20, 1980, 0.0095)]
)
def test_how_many_are_missed_is_measured_from_a_guess_on(missed, seen, share):
    assert round(share_missed(missed, seen), 4) == share


def test_the_surer_of_two_speaks_and_of_equals_the_later():
    long_ago = since(counted(FOUR - 24 * HOUR, 30), 3000, 2990, SOME)
    tonight = since(counted(FOUR, 40), 0, 0, SOME)
    assert surest([long_ago, tonight]) is tonight
    later = since(counted(FOUR + HOUR, 40), 0, 0, SOME)
    assert surest([later, tonight]) is later


def test_the_bar_holds_the_truth_nineteen_times_of_twenty():
    """Two hundred days of 2,000 vehicles of which cameras miss one of two hundred, either way."""
    chance, right = random.Random(4), 0
    for _ in range(200):
        truth = came = left = 0
        for _ in range(2000):
            truth += 1
            came += chance.random() >= 0.005
        for _ in range(1950):
            truth -= 1
            left += chance.random() >= 0.005
        found = since(counted(FOUR, 0), came, left, Missed(0.005, 0.005))
        right += found.low <= truth <= found.high
    assert 185 <= right <= 200
