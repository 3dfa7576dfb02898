import numpy as np
import pytest

from gates.readers.areas import Area
from gates.readers.hints import hints

HALF = (0.5, 0.5)


def seen(*spots, nothing=0.001):
    """A map of 200 x 100 with lines of letters that hardly show: (x, y, strength) each."""
    text_map = np.full((100, 200), nothing, np.float32)
    for x, y, strength in spots:
        text_map[y - 1 : y + 2, x - 6 : x + 7] = strength
    return text_map


def places(found):
    return [(round(area.x), round(area.y)) for area in found]


def test_where_nothing_shows_nothing_is_looked_at():
    assert hints(seen(), HALF, []) == []


def test_a_trace_is_looked_at_where_it_is_in_the_picture():
    (hint,) = hints(seen((60, 40, 0.05)), HALF, [])
    assert (abs(hint.x - 120) < 6, abs(hint.y - 80) < 4) == (True, True)
    assert (hint.width, hint.height) == (120, 24)


def test_the_strongest_go_first_and_there_are_three_at_most():
    spots = [(10, 10, 0.02), (190, 10, 0.08), (10, 90, 0.04), (190, 90, 0.06)]
    strengths = [round(hint.strength, 2) for hint in hints(seen(*spots), HALF, [])]
    assert strengths == sorted(strengths, reverse=True)
    assert [(x > 200, y > 100) for x, y in places(hints(seen(*spots), HALF, []))] == [
        (True, False), (True, True), (False, True),
    ]  # fmt: skip


def test_what_was_found_already_is_no_hint():
    plate = Area(120, 80, 60, 12, 0, 0.9)
    assert hints(seen((60, 40, 0.9)), HALF, [plate]) == []


@pytest.mark.parametrize("edge", [(7, 2), (193, 2), (7, 97), (193, 97)])
def test_a_trace_at_the_edge_is_no_trouble(edge):
    assert len(hints(seen((*edge, 0.05)), HALF, [])) == 1
