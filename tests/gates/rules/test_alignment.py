"""Two spellings above each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.rules.alignment import aligned, in_words


def laid(above, below):
    """Both lines as they stand on the page, a dot where there is nothing."""
    columns = aligned(above, below)
    return "".join(c.above or "." for c in columns), "".join(c.below or "." for c in columns)


@pytest.mark.parametrize(
    ("above", "below", "lines"),
    [
        ("AB12CDE", "AB12CDE", ("AB12CDE", "AB12CDE")),
        ("AB12CDE", "A812CDE", ("AB12CDE", "A812CDE")),
        ("AB12CDE", "AB2CDE", ("AB12CDE", "AB.2CDE")),
        ("B12CDE", "AB12CDE", (".B12CDE", "AB12CDE")),
        ("AB10", "AB1O7", ("AB10.", "AB1O7")),
        ("", "AB1", ("...", "AB1")),
        ("", "", ("", "")),
    ],
)
def test_equal_characters_stand_above_each_other(above, below, lines):
    assert laid(above, below) == lines


def test_a_look_alike_is_told_from_another_character():
    marks = [(c.same, c.alike) for c in aligned("AO1", "B0")]
    assert marks == [(False, False), (False, True), (False, False)]


def test_differences_in_words():
    assert in_words(aligned("AB12", "A812")) == "Differs: B above and 8 below at place 2."
    assert in_words(aligned("AB1", "AB")) == "Differs: 1 above and nothing below at place 3."
    assert in_words(aligned("AB1", "AB1")) == "All characters are the same."


plates = st.text("ABO018IQ", max_size=12)


@given(plates, plates)
def test_no_character_is_lost_and_none_moves(above, below):
    columns = aligned(above, below)
    assert "".join(c.above for c in columns) == above
    assert "".join(c.below for c in columns) == below
    assert all(c.above or c.below for c in columns)
