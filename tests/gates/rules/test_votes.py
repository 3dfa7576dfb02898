import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.readers import Candidate, Read
from gates.rules.votes import ACCEPTED_AT, MOST_CANDIDATES, alike, distance, vote

BOX = (0, 0, 100, 20)


def read(plate, confidence=0.95, accepted=True, country=None, **candidates):
    spellings = tuple(Candidate(other, share) for other, share in candidates.items())
    return Read(plate, confidence, accepted, BOX, spellings, country)


def test_nothing_read_is_no_verdict():
    assert vote([]) is None
    assert vote([[], []]) is None


def test_two_sure_frames_are_firm():
    verdict = vote([[read("AB12CDE", country="GB")], [read("AB12CDE")]])
    assert (verdict.plate, verdict.accepted, verdict.firm) == ("AB12CDE", True, True)
    assert (verdict.country, verdict.frames) == ("GB", 2)
    assert verdict.confidence == pytest.approx(0.95)


def test_one_sure_frame_is_accepted_but_not_firm():
    verdict = vote([[read("AB12CDE")]])
    assert (verdict.accepted, verdict.firm) == (True, False)


def test_a_blurred_frame_is_outvoted():
    frames = [[read("AB12CDF", 0.5, accepted=False)], *[[read("AB12CDE", 0.97)]] * 3]
    verdict = vote(frames)
    assert (verdict.plate, verdict.accepted, verdict.frames) == ("AB12CDE", True, 3)
    assert verdict.candidates[1].plate == "AB12CDF"


def test_frames_that_disagree_are_for_a_person():
    frames = [[read("AB12CDE", 0.9)], [read("AB12CDF", 0.9)]] * 3
    assert not vote(frames).accepted


def test_what_no_reader_trusts_is_not_accepted():
    assert not vote([[read("AB12CDE", 0.95, accepted=False)]] * 5).accepted


def test_a_parked_car_behind_does_not_win():
    frames = [[read("AB12CDE", 0.85), read("ZZ99ZZZ", 0.99)]] * 4
    assert vote(frames).plate == "AB12CDE"
    assert vote(frames).accepted


def test_two_cars_as_often_in_front_are_for_a_person():
    assert not vote([[read("AB12CDE")], [read("ZZ99ZZZ")]] * 3).accepted


def test_no_confidence_stays_none_and_needs_two_frames():
    one, two = vote([[read("AB12CDE", None)]]), vote([[read("AB12CDE", None)]] * 2)
    assert (one.confidence, one.accepted) == (None, False)
    assert (two.confidence, two.accepted) == (None, True)


def test_spellings_of_all_frames_are_kept():
    frames = [[read("AB12CDE", 0.6, AB12CDE=0.6, AB12COE=0.4)]] * 2
    shares = {each.plate: each.probability for each in vote(frames).candidates}
    assert shares == pytest.approx({"AB12CDE": 0.6, "AB12COE": 0.4})


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [("", "", 0), ("AB", "AB", 0), ("AB12", "AB1", 1), ("AB12", "A812", 1), ("AB", "XYZ", 3)],
)
def test_distance(one, other, changes):
    assert distance(one, other) == distance(other, one) == changes


def test_alike_counts_what_cameras_confuse_as_equal():
    assert alike("AB01OIQ", "ABO1010")
    assert not alike("AB12CDE", "AB99CXY")


plates = st.text(alphabet="AB01O", min_size=1, max_size=7)
shares = st.floats(0, 1, allow_nan=False)
reads = st.builds(
    lambda plate, confidence, accepted, more: Read(
        plate, confidence, accepted, BOX, tuple(Candidate(*each) for each in more)
    ),
    plates,
    st.none() | shares,
    st.booleans(),
    st.lists(st.tuples(plates, shares), max_size=4),
)


@given(st.lists(st.lists(reads, max_size=3), max_size=6))
def test_any_reads_give_a_verdict_that_holds_together(frames):
    verdict = vote(frames)
    if verdict is None:
        assert not any(frames)
        return
    assert len(verdict.candidates) <= MOST_CANDIDATES
    assert sum(each.probability for each in verdict.candidates) <= 1.0001
    assert verdict.candidates[0].plate == verdict.plate
    if verdict.accepted and verdict.confidence is not None:
        assert verdict.confidence >= ACCEPTED_AT
