import pytest

from benchmarks.lanes import Desk, Seen, seen

TRUTH = "KM0I23A"
FRAMES = [
    {"vehicle": 0, "plate": TRUTH, "letters": 9.0, "at": 100.0},
    {"vehicle": 0, "plate": TRUTH, "letters": 16.5, "at": 100.5},
    {"vehicle": 0, "plate": TRUTH, "letters": 29.0, "at": 103.0},
]


@pytest.mark.parametrize(
    ("arrivals", "became", "right", "wrong"),
    [
        ([(100.75, TRUTH)], Seen(TRUTH, TRUTH, 0.25, 0.75), True, False),
        ([(100.75, "KMOI23A")], Seen(TRUTH, "KMOI23A", 0.25, 0.75), True, False),
        ([(100.75, None), (101.5, "KM0123B")], Seen(TRUTH, "KM0123B", 1.0, 1.5), False, True),
        ([(100.75, None)], Seen(TRUTH), False, False),
        ([(99.0, "THE1CAR"), (104.0, "BEH1ND")], Seen(TRUTH), False, False),
    ],
)
def test_the_first_sure_question_of_a_vehicle_counts(arrivals, became, right, wrong):
    found = seen(FRAMES, arrivals)
    assert (found, found.right, found.wrong) == (became, right, wrong)


@pytest.mark.parametrize(
    ("plate", "confidence", "decision"),
    [("AB12CDE", 0.95, "open"), ("AB12CDE", 0.5, "hold"), (None, None, "hold")],
)
def test_the_desk_opens_for_a_sure_plate(plate, confidence, decision):
    asked = f'{{"passage": "p1", "plate": "{plate}", "confidence": {confidence or "null"}}}'
    desk = Desk()
    assert desk.answer("/api/v1/lane/arrivals", asked.encode())["decision"] == decision
