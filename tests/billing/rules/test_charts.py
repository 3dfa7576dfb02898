"""The drawing of a price against length of stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import charts

TOWN = [(0, 0), (15, 0), (16, 150), (60, 150), (61, 300), (120, 300)]


def test_the_line_has_a_corner_where_the_price_changes_and_nowhere_else():
    drawn = charts.step_chart(TOWN, 120, str)
    assert charts.steps(TOWN) == [(0, 0), (16, 150), (61, 300)]
    assert drawn.path.count("V") == 2
    assert [mark.label for mark in drawn.across] == [f"{m} min" for m in range(0, 121, 15)]
    assert [mark.label for mark in drawn.up] == ["0", "100", "200", "300"]
    assert (drawn.last_x, drawn.last_y) == (drawn.right, drawn.top)


@pytest.mark.parametrize(
    ("longest", "labels"),
    [(360, ["0 h", "1 h", "2 h", "3 h", "4 h", "5 h", "6 h"]), (1440, ["0 h", "4 h", "8 h"])],
)
def test_longer_times_have_fewer_marks(longest, labels):
    drawn = charts.step_chart([(0, 0)], longest, str)
    assert [mark.label for mark in drawn.across][: len(labels)] == labels


def test_what_costs_nothing_is_a_line_at_the_bottom():
    drawn = charts.step_chart([(0, 0), (60, 0)], 60, str)
    assert drawn.last_y == drawn.bottom


@given(amounts=st.lists(st.integers(0, 10**9), min_size=1, max_size=50))
def test_nothing_is_drawn_outside_of_the_box(amounts):
    drawn = charts.step_chart(list(enumerate(amounts)), max(1, len(amounts)), str)
    ys = [float(part.split("V")[1]) for part in drawn.path.split("H")[1:] if "V" in part]
    assert all(drawn.top <= y <= drawn.bottom for y in [*ys, drawn.last_y])
    assert 2 <= len(drawn.up) <= 6
