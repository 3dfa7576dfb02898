import pytest

from benchmarks.figures import (
    Answer,
    Bin,
    Score,
    bins,
    brier,
    calibration_error,
    most_resident,
    percentile,
    resident,
    score,
    stage_times,
)

SURE = Answer("AB12 CDE", "AB12CDE", 0.95, True, 40.0, {"look": 30.0, "recognise": 5.0})
MIXED_UP = Answer("OI23ABC", "0123ABC", 0.85, True, 50.0, {"look": 45.0})
WRONG = Answer("KLM4827", "KLM4821", 0.85, True, 60.0)
NOTHING = Answer("XYZ987", "")


@pytest.mark.parametrize(
    ("answer", "exact", "folded", "accepted_wrong"),
    [
        (SURE, True, True, False),
        (MIXED_UP, False, True, False),
        (WRONG, False, False, True),
        (NOTHING, False, False, False),
    ],
)
def test_an_answer_is_right_or_wrong(answer, exact, folded, accepted_wrong):
    found = (answer.exact, answer.folded, answer.accepted_wrong)
    assert found == (exact, folded, accepted_wrong)


def test_the_score_counts_what_was_not_read():
    assert score([SURE, MIXED_UP, WRONG, NOTHING]) == Score(
        count=4, exact=0.25, folded=0.5, accepted=0.75, accepted_wrong=0.25, median=45.0, p95=50.0
    )


@pytest.mark.parametrize(("share", "number"), [(0.0, 1), (0.5, 50), (0.95, 95), (1.0, 100)])
def test_percentiles(share, number):
    assert percentile(range(100, 0, -1), share) == number


def test_reads_are_binned_by_what_they_said():
    assert list(bins([SURE, MIXED_UP, WRONG, NOTHING])) == [
        Bin(0.8, 0.9, 2, 0.85, 0.5),
        Bin(0.95, 0.99, 1, 0.95, 1.0),
    ]


def test_how_far_confidence_is_from_truth():
    answers = [SURE, MIXED_UP, WRONG, NOTHING]
    assert calibration_error(answers) == pytest.approx((2 * 0.35 + 0.05) / 3)
    assert brier(answers) == pytest.approx((0.05**2 + 0.15**2 + 0.85**2) / 3)


def test_without_reads_nothing_is_said_of_confidence():
    assert (calibration_error([NOTHING]), brier([NOTHING])) == (None, None)


def test_a_stage_left_out_took_no_time():
    assert stage_times([SURE, MIXED_UP]) == {"look": [30.0, 45.0], "recognise": [5.0, 0.0]}


def test_this_process_has_a_resident_size():
    assert 5 < resident() <= most_resident()
