"""What a person types of prices, read as that person meant it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import typed


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("90", 90),
        ("1 h 30", 90),
        ("1h30min", 90),
        ("1:30", 90),
        ("1 hour", 60),
        ("2 days", 2880),
        ("1 d 2 h", 1560),
        (" 15 min ", 15),
        ("0", 0),
    ],
)
def test_a_length_of_time(words, minutes):
    assert typed.minutes_of(words) == minutes


@pytest.mark.parametrize("words", ["", "soon", "-5", "1.5", "1 h 30 s", "1:75", "9" * 400])
def test_a_length_of_time_that_nobody_can_tell(words):
    with pytest.raises(typed.Unclear, match=r"^Type"):
        typed.minutes_of(words)


@pytest.mark.parametrize(
    ("words", "decimals", "amount"),
    [
        ("1.50", 2, 150),
        ("1,5", 2, 150),
        ("2", 2, 200),
        ("£3.00", 2, 300),
        ("1.500", 2, 150),
        ("0", 2, 0),
        ("200", 0, 200),
        ("1.234", 3, 1234),
    ],
)
def test_an_amount(words, decimals, amount):
    assert typed.amount_of(words, decimals) == amount


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("-1", "A price is never less than nothing."),
        ("1.505", "There is no smaller coin than 0.01: type fewer decimals."),
        ("free", "Type an amount such as 1.50."),
        ("1.5.0", "Type an amount such as 1.50."),
        ("", "Type an amount such as 1.50."),
        ("9" * 5000, "Type at most 100000.00."),
        ("1e9", "Type an amount such as 1.50."),
    ],
)
def test_an_amount_that_cannot_be_taken(words, sentence):
    with pytest.raises(typed.Unclear) as told:
        typed.amount_of(words, 2)
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("words", "clock"),
    [("8", "08:00"), ("8:00", "08:00"), ("18.30", "18:30"), ("24:00", "00:00"), ("0:00", "00:00")],
)
def test_a_time_of_day(words, clock):
    assert typed.clock_of(words) == clock


@pytest.mark.parametrize("words", ["", "25:00", "24:01", "8:60", "noon", "8:5"])
def test_a_time_of_day_that_is_none(words):
    with pytest.raises(typed.Unclear):
        typed.clock_of(words)


@pytest.mark.parametrize(("words", "kept"), [("20", 2000), ("17.5 %", 1750), ("0", 0)])
def test_a_percentage(words, kept):
    assert typed.percent_of(words) == kept


@pytest.mark.parametrize("words", ["", "101", "-5", "half", "1.234"])
def test_a_percentage_that_is_none(words):
    with pytest.raises(typed.Unclear):
        typed.percent_of(words)


@given(minutes=st.integers(0, typed.MOST_MINUTES))
def test_what_is_written_back_is_read_as_it_was(minutes):
    assert typed.minutes_of(typed.minutes_typed(minutes)) == minutes


@given(amount=st.integers(0, typed.MOST_AMOUNT), decimals=st.sampled_from([0, 2, 3]))
def test_an_amount_that_is_written_back_is_read_as_it_was(amount, decimals):
    assert typed.amount_of(typed.amount_typed(amount, decimals), decimals) == amount


@given(hundredths=st.integers(0, 100_00))
def test_a_percentage_that_is_written_back_is_read_as_it_was(hundredths):
    assert typed.percent_of(typed.percent_typed(hundredths)) == hundredths


@pytest.mark.parametrize(
    ("words", "ranges"),
    [
        ("", []),
        ("2026-12-31", [["2026-12-31", "2026-12-31"]]),
        (
            "2026-12-24 to 2026-12-26, 2026-12-31",
            [["2026-12-24", "2026-12-26"], ["2026-12-31", "2026-12-31"]],
        ),
    ],
)
def test_dates(words, ranges):
    assert typed.dates_of(words) == ranges
    assert typed.dates_of(typed.dates_typed(ranges)) == ranges


@pytest.mark.parametrize(
    "words", ["Christmas", "2026-02-30", "2026-12-26 to 2026-12-24", "24.12.2026"]
)
def test_dates_that_are_none(words):
    with pytest.raises(typed.Unclear):
        typed.dates_of(words)
