"""One long stay, or two visits with a way out and back that nobody read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.rules.unseen import MOST, longest_charged, two_visits

USUAL = timedelta(minutes=80)


@pytest.mark.parametrize(
    ("missed", "minutes", "charged"),
    [
        (0.005, 60, True),
        (0.005, 10_000, True),  # where few are missed a long stay is a long stay
        (0.014, 10_000, True),
        (0.015, 60, True),
        (0.015, 90, False),
        (0.03, 35, True),  # hardly time to have been away
        (0.03, 40, False),
        (0.1, 15, False),  # a site that misses so many can charge next to nobody
    ],
)
def test_how_long_a_stay_a_machine_charges_where_so_many_are_missed(missed, minutes, charged):
    chance = two_visits(missed, timedelta(minutes=minutes), USUAL)
    assert (chance <= MOST) is charged


def test_where_nobody_is_missed_there_are_no_two_visits():
    assert two_visits(0.0, timedelta(days=30), USUAL) == 0.0


def test_a_clock_that_runs_backwards_is_no_two_visits():
    assert two_visits(0.1, timedelta(minutes=-1), USUAL) == 0.0


def test_the_longer_and_the_more_are_missed_the_likelier():
    hour = timedelta(hours=1)
    assert two_visits(0.02, hour / 2, USUAL) < two_visits(0.02, hour, USUAL)
    assert two_visits(0.02, hour, USUAL) < two_visits(0.03, hour, USUAL)


def test_where_hardly_anybody_is_missed_any_stay_is_charged():
    assert longest_charged(0.014, USUAL) is None


@given(st.floats(0.015, 0.5), st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
def test_the_longest_that_is_charged_is_the_last_that_is_likely_enough_to_be_one(missed, usual):
    longest = longest_charged(missed, usual)
    assert two_visits(missed, 0.999 * longest, usual) <= MOST
    assert two_visits(missed, 1.001 * longest, usual) > MOST
