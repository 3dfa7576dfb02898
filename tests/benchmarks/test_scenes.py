import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.scenes import CONDITIONS, PLATES, Spoilt, Studio, grainy, letters, passage
from gates.cameras.drawing.plates import style
from gates.cameras.drawing.turns import AT_THE_LINE


@pytest.fixture(scope="module")
def studio():
    return Studio()


def worst(condition, **change):
    """A passage with the worst that a condition may have."""
    one = passage(1, conditions=(condition,))
    most = {name: high for name, (_, high) in vars(CONDITIONS[condition]).items()}
    spoilt = Spoilt(**{**most, "light": CONDITIONS[condition].light[0]})
    return replace(one, spoilt=spoilt, car=replace(one.car, dirt=spoilt.dirt, **change))


def contrast(studio, passage):
    """Grey levels between letters and ground at the line: what is seen of the letters, without noise."""
    blank = replace(passage, car=replace(passage.car, plate=""))
    seen, ground = (
        studio.picture(each, AT_THE_LINE, 0, noisy=False).astype(int).mean(axis=2)
        for each in (passage, blank)
    )
    apart = np.abs(seen - ground)
    return apart[apart > apart.max() / 2].mean()


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("country", ["GB", "DE", "US"])
def test_the_worst_of_a_condition_can_still_be_read(studio, condition, country):
    worst_one = worst(condition, country=country)
    spoilt = worst_one.spoilt
    assert letters(worst_one.car) >= 20
    assert np.hypot(spoilt.blur, spoilt.smear) <= 0.75
    assert contrast(studio, worst_one) >= max(4 * spoilt.noise, 25)
    assert abs(spoilt.tilt) <= 12


def test_a_passage_is_the_same_each_time(studio):
    one, again, other = passage(3, seed=1), passage(3, seed=1), passage(3, seed=2)
    assert one == again != other
    assert np.array_equal(next(studio.frames(one)), next(studio.frames(again)))


def test_conditions_take_turns():
    assert [passage(number).condition for number in range(len(CONDITIONS))] == list(CONDITIONS)


def test_a_vehicle_comes_nearer_and_stands(studio):
    one = passage(0)
    frames = list(studio.frames(one))
    assert 8 <= len(frames) == len(one.times) <= 12
    moved = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    assert moved[0] > 3 > moved[-1]


@pytest.mark.parametrize("country", PLATES)
def test_plates_look_as_their_country_gives_them_out(country):
    plates = [p.car.plate for p in map(passage, range(200)) if p.car.country == country]
    assert plates
    assert [each for each in plates if not re.fullmatch(style(country).groups, each)] == []


def test_noise_has_the_strength_it_is_told():
    grey = np.full((90, 160, 3), 128, np.uint8)
    assert grainy(grey, 12.0, 5).std() == pytest.approx(12.0, rel=0.05)
    assert np.array_equal(grainy(grey, 12.0, 5), grainy(grey, 12.0, 5))
