import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.readers import Candidate, Read
from gates.rules.votes import ACCEPTED_AT, MOST_CANDIDATES, RIVAL_AT, alike, distance, vote
from parking.rules.plates import folded

BOX = (0, 0, 100, 20)


def read(plate, confidence=0.95, accepted=True, country=None, alternatives=(), **candidates):
    spellings = tuple(Candidate(other, share) for other, share in candidates.items())
    return Read(plate, confidence, accepted, BOX, spellings, country, alternatives)


def by_plate(verdict):
    return {each.plate: each.probability for each in verdict.candidates}


def test_nothing_read_is_no_verdict():
    assert vote([]) is None
    assert vote([[], []]) is None


def test_two_sure_frames_are_firm():
    verdict = vote([[read("AB12CDE", country="GB")], [read("AB12CDE")]])
    assert (verdict.plate, verdict.accepted, verdict.firm) == ("AB12CDE", True, True)
    assert (verdict.country, verdict.frames) == ("GB", 2)
    assert verdict.confidence == pytest.approx(0.9807, abs=1e-4)


@pytest.mark.parametrize(
    ("frames", "confidence"), [(1, 0.8), (2, 0.8639), (3, 0.8889), (10, 0.9255), (1000, 0.9411)]
)
def test_frames_that_agree_make_it_surer_but_never_more_than_two_looks(frames, confidence):
    verdict = vote([[read("AB12CDE", 0.8)]] * frames)
    assert verdict.confidence == pytest.approx(confidence, abs=1e-4)
    assert verdict.confidence < 0.8**2 / (0.8**2 + 0.2**2)
    assert verdict.accepted == (confidence >= ACCEPTED_AT)


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
    assert not vote([[read("AB12CDE", None, accepted=False)]] * 5).accepted


def test_frames_too_doubtful_to_be_accepted_each_can_be_together():
    frames = [[read("AB12CDE", 0.85, accepted=False)]]
    assert [vote(frames * count).accepted for count in (1, 2, 3)] == [False, True, True]


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


def test_a_frame_by_itself_is_told_as_it_was_read():
    verdict = vote([[read("AX12CDE", 0.6, AX12CDE=0.6, AX12COE=0.3)]])
    assert by_plate(verdict) == pytest.approx({"AX12CDE": 0.6, "AX12COE": 0.3})


def test_spellings_of_all_frames_are_kept():
    frames = [[read("AX12CDE", 0.6, AX12CDE=0.6, AX12COE=0.4)], [read("AX12CBE", 0.5)]]
    assert set(by_plate(vote(frames))) == {"AX12CDE", "AX12COE", "AX12CBE"}


def test_formats_judge_what_the_votes_say_together():
    frames = [[read("AX12C8E", 0.5, AX12C8E=0.5, AX12CBE=0.45)], [read("AX12C8E", 0.5)]]
    verdict = vote(frames)
    assert (verdict.plate, verdict.country, verdict.frames) == ("AX12CBE", "GB", 0)
    assert not verdict.accepted  # no frame read just that


def test_o_and_0_are_one_candidate_and_spelled_as_the_format_has_it():
    frames = [[read("AX12CD0", 0.9)], [read("AXI2CDO", 0.9)]]
    verdict = vote(frames)
    assert (verdict.plate, verdict.frames, verdict.firm) == ("AX12CDO", 2, True)
    assert len(verdict.candidates) == 1


def test_formats_of_the_site_go_first():
    frames = [[read("NY13834")]] * 2
    assert (vote(frames).plate, vote(frames).country) == ("NY13834", None)
    assert (vote(frames, ("BR",)).plate, vote(frames, ("BR",)).country) == ("NYI3834", "BR")


def test_a_plate_of_no_format_is_as_good_as_any():
    verdict = vote([[read("GWAGEN")]] * 2)
    assert (verdict.plate, verdict.firm, verdict.country) == ("GWAGEN", True, None)


def test_the_readers_know_the_country_better_than_a_format():
    frames = [[read("AX12CDE", country="JE")], [read("AX12CDE")]]
    assert vote(frames).country == "JE"


def test_a_lane_with_a_rival_left_reads_on():
    doubtful = read("AX12CDE", 0.93, AX12CDE=0.93, AX12CBE=0.06)
    verdict = vote([[doubtful]] * 2)
    assert (verdict.accepted, verdict.firm) == (True, False)
    assert [each.plate for each in verdict.rivals] == ["AX12CBE"]
    assert vote([[doubtful]] * 6).firm


def test_what_no_camera_tells_apart_is_no_rival():
    either = read("QX12CDE", 0.93, QX12CDE=0.93, OX12CDE=0.06)
    assert vote([[either]] * 2).rivals == ()


def test_a_plate_cut_off_at_the_edge_stands_beside_the_whole_one():
    frames = [[read("AX12CDE", 0.93)], [read("AX12C", 0.99)], [read("12CDE", 0.9)]]
    verdict = vote(frames)
    assert (verdict.plate, verdict.accepted) == ("AX12CDE", True)


def test_one_longer_read_does_not_make_a_short_plate_a_part():
    assert vote([[read("AX32", 0.9)]] * 5 + [[read("AX32DE", 0.5)]]).plate == "AX32"


def place(**shares):
    return tuple(Candidate(character, share) for character, share in shares.items())


def test_alternatives_are_the_mean_of_what_the_frames_saw():
    one = read("A8", 0.6, alternatives=(place(A=1.0), place(B=0.3, **{"8": 0.7})))
    other = read("AB", 0.6, alternatives=(place(A=0.8, **{"4": 0.2}), place(B=0.5, D=0.5)))
    blurred = read("AB1", 0.6, alternatives=(place(A=1.0),) * 3)  # of another length: not laid over
    seen = [{each.plate: each.probability for each in spot} for spot in both(one, other, blurred)]
    assert seen == [
        pytest.approx({"A": 0.9, "4": 0.1}),
        pytest.approx({"B": 0.4, "8": 0.35, "D": 0.25}),
    ]


def both(*reads):
    return vote([[each] for each in reads]).alternatives


def test_alternatives_are_told_as_the_plate_is_spelled():
    verdict = vote([[read("0B123", alternatives=(place(**{"0": 0.9, "D": 0.1}),) * 5)]], ("DE",))
    assert (verdict.plate, verdict.alternatives[0]) == ("OB123", place(O=0.9, D=0.1))


def test_without_alternatives_there_are_none():
    assert vote([[read("AX12CDE")]]).alternatives == ()


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [("", "", 0), ("AB", "AB", 0), ("AB12", "AB1", 1), ("AB12", "A812", 1), ("AB", "XYZ", 3)],
)
def test_distance(one, other, changes):
    assert distance(one, other) == distance(other, one) == changes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AB01OIQ", "ABO1010", True),
        ("AB12CDE", "A812C0E", True),  # blurred
        ("AB12CDE", "AB99CXY", False),
        ("AB12CDE", "B12CD", True),  # its ends are missing
        ("AB12CDE", "12C", False),  # so short it is in many plates
        ("AB12CDE", "12CDF", False),
    ],
)
def test_alike(one, other, same):
    assert alike(one, other) == alike(other, one) == same


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


frames = st.lists(st.lists(reads, max_size=3), max_size=6)


def probabilities_of_others(verdict):
    ours = folded(verdict.plate)
    return [each.probability for each in verdict.candidates if folded(each.plate) != ours]


@given(frames)
def test_any_reads_give_a_verdict_that_holds_together(frames):
    verdict = vote(frames)
    if verdict is None:
        assert not any(frames)
        return
    probabilities = [each.probability for each in verdict.candidates]
    assert len(probabilities) <= MOST_CANDIDATES
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1.0001
    assert verdict.candidates[0].plate == verdict.plate
    if verdict.accepted and verdict.confidence is not None:
        assert verdict.confidence >= ACCEPTED_AT
    if verdict.firm:
        assert all(p < RIVAL_AT for p in probabilities_of_others(verdict))


@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_the_frames_does_not_matter(frames, chance):
    mixed = list(frames)
    chance.shuffle(mixed)
    assert vote(mixed) == vote(frames)


of_one_plate = st.builds(
    lambda plate, confidence: read(plate, confidence, accepted=False),
    st.sampled_from(["AX12CDE", "AX12C0E", "AX12CBE", "AX12CD", "AX72CDE"]),
    st.floats(0.05, 0.9),
)


@given(st.lists(of_one_plate, min_size=1, max_size=8), of_one_plate)
def test_a_bad_read_never_removes_a_candidate(good, bad):
    before = vote([[read("AX12CDE", 0.95)], *([each] for each in good)])
    after = vote([[read("AX12CDE", 0.95)], *([each] for each in good), [bad]])
    assert set(by_plate(before)) <= set(by_plate(after))
