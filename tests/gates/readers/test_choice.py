import pytest

from gates.readers.areas import Area
from gates.readers.choice import Text, alone, placed_like, spelled_like, whole


def area(x=640, y=450, width=160, height=50, parts=1):
    return Area(x, y, width, height, 0, 0.9, parts)


def text(plate, probability=0.9, at=None):
    at = at or area()
    likeness = spelled_like(plate) * placed_like(at, 1280, 720)
    return Text(at, ((plate, probability),), likeness)


@pytest.mark.parametrize("other", ["SUNSHINE", "20261121", "5550123", "OPEN", "GR8", "A", ""])
def test_a_plate_is_likelier_than_other_texts(other):
    assert spelled_like(other) < spelled_like("KLM4827")


@pytest.mark.parametrize(
    "other", [area(height=6), area(width=900), area(y=4), area(width=50), area(parts=2)]
)
def test_small_long_or_overlaid_texts_are_less_likely(other):
    assert placed_like(other, 1280, 720) < placed_like(area(), 1280, 720)


def test_a_plate_cut_short_gives_way_to_the_whole():
    part, plate = text("576AH", 0.98), text("RK576AH", 0.6)
    assert whole([part, plate]) == plate


def test_a_plate_with_its_country_band_does_not_win():
    plate, banded = text("RK867AD", 0.95), text("SRK867AD", 0.3)
    assert whole([plate, banded]) == plate


def test_of_texts_on_one_spot_the_best_is_kept():
    plate, part = text("KLM4827"), text("4827", at=area(x=680))
    far = text("ABC123", at=area(x=200))
    assert alone([plate, part, far]) == [plate, far]
