import pytest

from gates.readers import Read
from gates.readers.main_vehicle import in_lane, ranked, within

SIZE = (1280, 720)
LEFT_HALF = (0.0, 0.0, 0.5, 1.0)
EVERYWHERE = (0.0, 0.0, 1.0, 1.0)


def read(plate, confidence, x, y, high=40):
    return Read(plate, confidence, (confidence or 0) >= 0.9, (x, y, 4 * high, high))


NEAR = read("NEAR", 0.4, 300, 500, high=44)
BEHIND = read("BEHIND", 0.99, 300, 250, high=24)
BESIDE = read("BESIDE", 0.99, 1000, 520, high=60)
SIGN = read("SIGN", 0.08, 200, 640, high=70)
UNSAID = read("UNSAID", None, 300, 500, high=44)


@pytest.mark.parametrize(
    ("reads", "order"),
    [
        ([BEHIND, NEAR], ["NEAR", "BEHIND"]),
        ([BESIDE, BEHIND, NEAR], ["NEAR", "BEHIND", "BESIDE"]),
        ([BESIDE, SIGN], ["SIGN", "BESIDE"]),
        ([SIGN, BEHIND], ["BEHIND", "SIGN"]),
        ([BEHIND, UNSAID], ["UNSAID", "BEHIND"]),
        ([], []),
    ],
)
def test_the_nearest_in_the_zone_goes_first(reads, order):
    assert [each.plate for each in ranked(reads, LEFT_HALF, SIZE)] == order


def test_of_two_as_near_the_surer_goes_first():
    doubtful, sure = read("DOUBT", 0.5, 100, 400), read("SURE", 0.95, 500, 400)
    assert ranked([doubtful, sure], EVERYWHERE, SIZE) == [sure, doubtful]


def test_a_plate_beside_the_zone_alone_speaks_for_nobody():
    assert in_lane([BESIDE], LEFT_HALF, SIZE) == []
    assert in_lane([BESIDE, NEAR], LEFT_HALF, SIZE) == [NEAR, BESIDE]


@pytest.mark.parametrize(("x", "inside"), [(540, True), (580, False), (-300, False)])
def test_the_middle_of_the_plate_tells_where_it_is(x, inside):
    assert within(read("AB12", 0.9, x, 300), LEFT_HALF, SIZE) == inside
