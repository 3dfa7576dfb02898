import numpy as np
import pytest

from gates.cameras.drawing.plates import STYLES, draw_plate, muddy


@pytest.mark.parametrize(
    ("text", "country", "shape"),
    [
        ("AB12CDE", "GB", (222, 1040, 3)),
        ("MAB1234", "DE", (222, 1040, 3)),
        ("7KLM482", "US", (304, 610, 3)),
        ("BRA2E19", "BR", (260, 800, 3)),
        ("Z9", "XX", (222, 1040, 3)),
        ("ABCDEFGH1234", "FR", (222, 1040, 3)),
    ],
)
def test_a_plate_has_its_country_s_size(text, country, shape):
    plate = draw_plate(text, country)
    assert plate.shape == shape
    assert plate.dtype == np.uint8


def dark_columns(plate):
    """How many separate groups of columns have ink, leaving out frame and bands."""
    inside = plate[40:-40, 110:-110].max(axis=2).min(axis=0) < 90
    return int((np.diff(inside.astype(int)) == 1).sum())


@pytest.mark.parametrize(("text", "country"), [("AB12CDE", "GB"), ("4821KLM", "ES"), ("KX9", "XX")])
def test_characters_stand_apart(text, country):
    assert dark_columns(draw_plate(text, country)) == len(text)


def test_the_same_seed_draws_the_same_plate():
    assert np.array_equal(draw_plate("AB12CDE", seed=4), draw_plate("AB12CDE", seed=4))
    assert not np.array_equal(draw_plate("AB12CDE", seed=4), draw_plate("AB12CDE", seed=5))


def test_a_plate_without_text_is_blank():
    assert dark_columns(draw_plate("")) == 0


@pytest.mark.parametrize("country", STYLES)
def test_mud_hides_most_of_a_plate(country):
    clean = draw_plate("AB12CDE", country).astype(int)
    changed = np.abs(muddy(clean.astype(np.uint8), 3) - clean).max(axis=2) > 40
    assert changed.mean() > 0.6


def test_letters_show_through_thin_dirt():
    clean, dirty = draw_plate("AB12CDE", "GB"), muddy(draw_plate("AB12CDE", "GB"), 3, thick=0.5)
    ink, face = (clean.max(axis=2) < 60), (clean.min(axis=2) > 200)
    assert dirty[face].mean() - dirty[ink].mean() > 90
