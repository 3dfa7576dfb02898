"""Whose turn it is in the review queue."""

from datetime import UTC, datetime, timedelta

import pytest

from gates.rules.harm import Stake, harm, turn, wrong_of_doubt
from parking.models import Doubt

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "money", "pence"),
    [
        (0.5, 1200, 600),
        (1.0, 350, 350),
        (0.0, 9900, 0),
        (0.1, 0, 0),
        (7.0, 100, 100),
        (0.5, -20, 0),
    ],
)
def test_harm_is_probability_times_money(wrong, money, pence):
    assert harm(Stake(wrong, money)) == pence


def test_the_longest_waiting_car_goes_first_then_the_dearest_doubt():
    just_came = Stake(0.1, 0, NOON)
    stands_long = Stake(0.1, 0, NOON - timedelta(minutes=2))
    dear, cheap = Stake(0.5, 2000), Stake(0.9, 100)
    assert sorted([cheap, just_came, dear, stands_long], key=turn) == [
        stands_long,
        just_came,
        dear,
        cheap,
    ]


@pytest.mark.parametrize("doubt", [doubt for doubt in Doubt.values if doubt])
def test_every_doubt_has_a_probability(doubt):
    assert 0 < wrong_of_doubt(doubt) < 1
