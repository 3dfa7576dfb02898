from collections.abc import Callable
from typing import Literal

import pytest

from gates.barriers.mock import Mock
from gates.drivers import FAMILIES, ConfigError, check_options, fits, load, wording


@pytest.mark.parametrize(
    ("family", "name"), [(family, name) for family, table in FAMILIES.items() for name in table]
)
def test_every_name_in_the_tables_is_a_class(family, name):
    assert isinstance(load(family, name), type)


def test_an_unknown_name_lists_the_choices():
    with pytest.raises(ConfigError) as said:
        load("camera", "laser")
    assert str(said.value) == "no camera driver 'laser'; there are: drawn, folder, stream"


def test_a_path_is_anyones_own_driver():
    assert load("barrier", "gates.barriers.mock:Mock") is Mock


@pytest.mark.parametrize("path", ["no.such:Thing", "gates.barriers.mock:Thing", "gates:", ":Mock"])
def test_a_path_that_leads_nowhere_says_so(path):
    with pytest.raises(ConfigError, match="cannot be loaded"):
        load("barrier", path)


class Laser:
    def __init__(
        self,
        barrier,
        power: float,
        colour: Literal["red", "green"] = "red",
        zone: list[float] | None = None,
        beams: int = 1,
        now: Callable[[], float] | None = None,
    ):
        """For the tests below."""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"powr": 1}, "x: unknown key 'powr'; there are: beams, colour, power, zone"),
        ({}, "x: the key 'power' is missing"),
        ({"power": "much"}, "x: 'power' must be a number, not 'much'"),
        ({"power": True}, "x: 'power' must be a number, not True"),
        ({"power": 1, "beams": 1.5}, "x: 'beams' must be a whole number, not 1.5"),
        (
            {"power": 1, "colour": "blue"},
            "x: 'colour' must be one of \"red\", \"green\", not 'blue'",
        ),
        (
            {"power": 1, "now": "noon"},
            "x: unknown key 'now'; there are: beams, colour, power, zone",
        ),
    ],
)
def test_options_that_do_not_fit(options, sentence):
    with pytest.raises(ConfigError) as said:
        check_options(Laser, options, "x", given=("barrier",))
    assert str(said.value) == sentence


def test_options_that_fit():
    options = {"power": 1, "colour": "green", "zone": [0, 0.5, 1, 1]}
    assert check_options(Laser, options, "x", given=("barrier",)) is None


@pytest.mark.parametrize(
    ("value", "hint", "does"),
    [
        (1, int, True),
        (True, int, False),
        (1, float, True),
        ([1, 2], list[float], True),
        ([1, "2"], list[float], False),
        ([1, 2], tuple[float, float], True),
        ([1], tuple[float, float], False),
        ("a", str | None, True),
        (1, str | None, False),
    ],
)
def test_fits(value, hint, does):
    assert fits(value, hint) is does


def test_wording():
    assert wording(list[float] | None) == "a list in square brackets (any number, each a number)"
