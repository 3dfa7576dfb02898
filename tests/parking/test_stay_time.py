from datetime import timedelta

import pytest

from parking.templatetags.stay_time import duration


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=12), "12 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=14, seconds=59), "14 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=14), "2 h 14 min"),
        (timedelta(days=3, hours=2, minutes=50), "3 d 2 h"),
        (None, ""),
    ],
)
def test_how_long_in_words(span, words):
    assert duration(span) == words
