from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.rules.assignment import best_pairs
from parking.rules.matching import Read
from parking.rules.pairing import Apart, Pair, Period, Seen, _Day, _groups, paired

MORNING = datetime(2026, 11, 21, 8, tzinfo=UTC)


def at(clock):
    hours, minutes, *seconds = map(int, clock.split(":"))
    return MORNING.replace(hour=hours, minute=minutes, second=seconds[0] if seconds else 0)


def day(*lines, confidence=0.97, **more):
    """Reads written as the board at the gate: "E1 9:00 AB12CDE" for an entry, "X1" for an exit."""
    for line in lines:
        name, clock, plate, *said = line.split()
        read = Read.from_reader(plate, float(said[0]) if said else confidence, [], at(clock))
        if said == ["1"]:
            read = Read.from_person(plate, at(clock))
        yield Seen(name, name.startswith("E"), read, **more)


def told(*lines, **more):
    """Pairs as "E1-X1", "E2-", "-X2", with the doubt behind a colon."""
    return sorted(written(pair) for pair in paired(list(day(*lines)), **more))


def written(pair):
    return f"{pair.entry or ''}-{pair.exit or ''}" + (f":{pair.doubt}" if pair.doubt else "")


@pytest.mark.parametrize(
    ("reads", "pairs"),
    [
        # One visit, one vehicle still inside, one whose entry was missed.
        (["E1 9:00 AB12CDE", "X1 10:00 AB12CDE"], ["E1-X1"]),
        (["E1 9:00 AB12CDE"], ["E1-"]),
        (["X1 9:00 AB12CDE"], ["-X1:missed_entry"]),
        # Two visits of one plate.
        (
            ["E1 9:00 AB12CDE", "X1 10:00 AB12CDE", "E2 14:00 AB12CDE", "X2 15:00 AB12CDE"],
            ["E1-X1", "E2-X2"],
        ),
        # The first exit was missed: never one stay from nine to three.
        (
            ["E1 9:00 AB12CDE", "E2 14:00 AB12CDE", "X2 15:00 AB12CDE"],
            ["E1-:missed_exit", "E2-X2"],
        ),
        # The second entry was missed.
        (
            ["E1 9:00 AB12CDE", "X1 10:00 AB12CDE", "X2 15:00 AB12CDE"],
            ["-X2:missed_entry", "E1-X1"],
        ),
        # In, in, out, out of one plate: it may be two vehicles', so even the shortest is in doubt.
        (
            ["E1 9:00 AB12CDE", "E2 12:00 AB12CDE", "X1 13:00 AB12CDE", "X2 15:00 AB12CDE"],
            ["-X2:missed_entry", "E1-:missed_exit", "E2-X1:orphan_read"],
        ),
        # In, out, out, in.
        (
            ["E1 9:00 AB12CDE", "X1 10:00 AB12CDE", "X2 12:00 AB12CDE", "E2 13:00 AB12CDE"],
            ["-X2:missed_entry", "E1-X1", "E2-"],
        ),
        # Two that look alike, one after the other and one within the other.
        (
            ["E1 9:00 AB12CDE", "X1 10:00 AB12CDE", "E2 11:00 A812CDE", "X2 12:00 A812CDE"],
            ["E1-X1", "E2-X2"],
        ),
        (
            ["E1 9:00 AB12CDE", "E2 10:00 A812CDE", "X2 11:00 A812CDE", "X1 12:00 AB12CDE"],
            ["E1-X1", "E2-X2"],
        ),
        # What one exit alone could have taken, the other one shows to be no stay of its own.
        (
            ["E1 9:00 HK47XBE", "E2 9:05 HK47X8E", "X1 11:00 HK47X8E", "X2 12:00 HK47X8E"],
            ["-X2:missed_entry", "E1-:missed_exit", "E2-X1"],
        ),
        # A misread exit, known by its confusion.
        (["E1 9:00 HK47XBE", "X1 10:00 HK47X8E"], ["E1-X1"]),
        # A sibling's exit is nobody's stay.
        (["E1 9:00 AB12CDE", "X1 10:00 AB13CDE"], ["-X1:missed_entry", "E1-"]),
        # Read twice at the entry, and at the exit.
        (
            ["E1 9:00:00 AB12CDE", "E2 9:00:30 AB12CDE", "X1 11:00 AB12CDE"],
            ["E1-:missed_exit", "E2-X1"],
        ),
        (
            ["E1 9:00 AB12CDE", "X1 11:00:00 AB12CDE", "X2 11:00:30 AB12CDE"],
            ["-X2:missed_entry", "E1-X1"],
        ),
        # It turned around at nine, and came again unread: not a stay until three.
        (
            ["E1 9:00:00 AB12CDE", "X1 9:01:00 AB12CDE", "X2 15:00:00 AB12CDE"],
            ["-X2:missed_entry", "E1-X1"],
        ),
        # Two lanes whose clocks are half a minute apart.
        (
            ["E1 9:00 AB12CDE", "E2 9:29:30 AB12CDE", "X1 9:30 AB12CDE", "X2 11:00 AB12CDE"],
            ["E1-X1:clock", "E2-X2:clock"],
        ),
        (["X1 9:00:00 AB12CDE", "E1 9:00:10 AB12CDE"], ["-X1:missed_entry", "E1-"]),
        # A read in between that could be of this plate, and is of no other stay.
        (
            ["E1 9:00 HK47XBE", "X1 10:00 HK47X8E", "X2 15:00 HK47XBE"],
            ["-X1:missed_entry", "-X2:orphan_read", "E1-:orphan_read"],
        ),
        (
            ["E1 9:00 HK47XBE", "E2 14:00 HK47X8E", "X2 15:00 HK47XBE"],
            ["E1-X2:orphan_read", "E2-"],
        ),
        (
            ["E1 9:00 HK47XYE", "X1 14:00 HK48XYE", "X2 15:00 HK47XYE"],
            ["-X1:missed_entry", "E1-X2:orphan_read"],
        ),
        # Nothing read, or nothing sure.
        (["E1 9:00 AB12CDE", "X1 10:00 AB1ZCDF"], ["-X1:missed_entry", "E1-"]),
    ],
)
def test_a_day_at_the_gate(reads, pairs):
    assert told(*reads) == sorted(pairs)
    assert told(*reversed(reads)) == sorted(pairs)
    assert told(*reads, *reads) == sorted(pairs)


@pytest.mark.parametrize(
    ("start", "end", "doubt"),
    [
        ("7:00", "8:00", ""),
        ("7:00", "9:30", "gate_open"),
        ("9:10", "9:20", "gate_open"),
        ("9:50", "11:00", "gate_open"),
        ("10:00", "11:00", ""),
        ("9:59", None, "gate_open"),
        ("11:00", None, ""),
    ],
)
def test_a_stay_that_an_open_gate_touches_is_in_doubt(start, end, doubt):
    reads = list(day("E1 9:00 AB12CDE", "X1 10:00 AB12CDE"))
    period = Period("gate_open", at(start), end and at(end))
    (pair,) = paired(reads, [period])
    assert (pair.entry, pair.exit, pair.doubt) == ("E1", "X1", doubt)


def test_a_lane_whose_clock_is_wrong_times_no_stay():
    reads = [*day("E1 9:00 AB12CDE", trusted=False), *day("X1 10:00 AB12CDE")]
    assert [written(pair) for pair in paired(reads)] == ["E1-X1:clock"]


def test_what_a_person_said_stays():
    reads = ["E1 9:00 AB12CDE", "E2 9:30 XY99ZZZ", "X1 10:00 AB12CDE", "X2 11:00 XY99ZZZ"]
    assert told(*reads, said={"X1": "E2"}) == ["-X2:missed_entry", "E1-:missed_exit", "E2-X1"]
    assert told(*reads, said={"X1": None}) == ["-X1:missed_entry", "E1-:missed_exit", "E2-X2"]
    assert told(*reads, said={"X1": "E0"})[0] == "-X1"


def test_a_person_s_word_on_a_plate_is_certain():
    lines = ["E1 9:00 AB10 1", "X1 10:00 ABIO 1"]
    assert told(*lines) == ["-X1:missed_entry", "E1-"]


def seen(name, plate, confidence, others, country, hour):
    """A `Seen` as a camera tells it: with candidates, and the country where it was read."""
    candidates = [{"plate": plate, "probability": confidence}, *others]
    when = datetime(2026, 3, 3, hour, tzinfo=UTC)
    read = Read.from_reader(plate, confidence, candidates, when, country, {})
    return Seen(name, name.startswith("E"), read)


MUDDY = [{"plate": "TN41EFO", "probability": 0.2531}, {"plate": "TN4FEFO", "probability": 0.19}]


def test_of_twins_a_muddy_exit_is_nobody_s_until_more_is_known():
    """O and 0, both inside: the exit may be the first's, and the second may be the first come again."""
    reads = [
        seen("E1", "TN41EFO", 0.99, [], "", 12),
        seen("E2", "TN41EF0", 0.99, [], "GB", 13),
        seen("X", "TNA1EFO", 0.2552, MUDDY, "GB", 14),
    ]
    told = {(one.entry, one.exit): one.doubt for one in paired(reads)}
    assert told == {
        ("E1", None): "orphan_read",
        ("E2", None): "missed_exit",
        (None, "X"): "orphan_read",
    }


def test_of_twins_the_one_is_taken_that_the_exit_lists():
    """That the other one's country was read as well makes up for no character of its plate."""
    reads = [
        seen("E1", "TN41EF0", 0.99, [], "GB", 11),
        seen("E2", "TN41EFO", 0.99, [], "", 12),
        seen("X1", "TNA1EFO", 0.2552, MUDDY, "GB", 14),
        seen("X2", "TN41EF0", 0.99, [], "GB", 15),
    ]
    told = {(one.entry, one.exit) for one in paired(reads)}
    assert told == {("E1", "X2"), ("E2", "X1")}


def test_two_pairings_that_are_as_likely_are_no_answer():
    lines = ["E1 9:00 AB1O", "E2 9:05 ABI0", "X1 11:00 AB10"]
    assert told(*lines) == ["-X1:weak_match", "E1-:missed_exit", "E2-:weak_match"]


def test_a_later_fact_mends_an_earlier_guess():
    """A late exit of the other vehicle shows which of two look-alikes had left before."""
    before = ["E1 9:00 HK47XBE", "X2 12:00 HK47X8E"]
    assert told(*before) == ["E1-X2"]
    assert told(*before, "E2 10:00 HK47X8E", "X1 13:00 HK47XBE") == ["E1-X1", "E2-X2"]


# properties


@st.composite
def days(draw):
    """Some days of few plates that look alike, with anything missing, at any time."""
    plates = st.sampled_from(["HK47XBE", "HK47X8E", "HK47XBF", "HK41XBE", "HK4IXBE", "XY99ZZZ"])
    count = draw(st.integers(0, 9))
    seen = []
    for number in range(count):
        when = MORNING + timedelta(seconds=30 * draw(st.integers(0, 240)))
        read = Read.from_reader(draw(plates), draw(st.sampled_from([0.6, 0.9, 0.97])), [], when)
        seen.append(Seen(number, draw(st.booleans()), read, trusted=draw(st.booleans())))
    return seen


@settings(max_examples=150, deadline=None)
@given(days(), st.randoms())
def test_neither_order_nor_repetition_matters(seen, shuffled):
    again = [*seen, *seen[::2]]
    shuffled.shuffle(again)
    assert paired(again) == paired(seen)


@settings(max_examples=150, deadline=None)
@given(days())
def test_each_read_is_in_one_pair_and_no_exit_before_its_entry(seen):
    by_id = {one.id: one for one in seen}
    pairs = paired(seen)
    assert sorted(
        pk for pair in pairs for pk in (pair.entry, pair.exit) if pk is not None
    ) == sorted(by_id)
    for pair in pairs:
        assert 0 <= pair.probability <= 1
        if pair.entry is not None and pair.exit is not None:
            entry, leaving = by_id[pair.entry], by_id[pair.exit]
            assert (entry.entry, leaving.entry) == (True, False)
            assert leaving.at >= entry.at


@settings(max_examples=150, deadline=None)
@given(days())
def test_what_may_be_charged_has_no_read_of_its_plate_in_between(seen):
    by_id = {one.id: one for one in seen}
    for pair in paired(seen):
        if pair.doubt or pair.entry is None or pair.exit is None:
            continue
        entry, leaving = by_id[pair.entry], by_id[pair.exit]
        between = [one for one in seen if entry.at < one.at < leaving.at]
        plates = {entry.read.best, leaving.read.best}
        assert [one for one in between if one.read.best in plates] == []


@settings(max_examples=100, deadline=None)
@given(days())
def test_the_best_pairing_of_the_day_is_found(seen):
    """Before pairs are taken apart for what was read in between, beside all pairings tried."""
    gains = _Day(seen, (), {}, 1000).gains
    found = {}
    for group in _groups(gains):
        found |= best_pairs(group)
    entries, exits = sorted({p[0] for p in gains}), sorted({p[1] for p in gains})
    sums = [0.0]
    for size in range(1, min(len(entries), len(exits)) + 1):
        for some in combinations(entries, size):
            for others in permutations(exits, size):
                pairs = list(zip(some, others, strict=True))
                if all(pair in gains for pair in pairs):
                    sums.append(sum(gains[pair] for pair in pairs))
    assert sum(gains[pair] for pair in found.items()) == pytest.approx(max(sums))


def test_an_empty_day():
    assert paired([]) == ()


def test_unread_vehicles_belong_to_nobody():
    reads = [Seen(1, True, Read((), MORNING)), Seen(2, False, Read((), at("9:00")))]
    assert paired(reads) == (
        Pair(1, None, 1.0, ""),
        Pair(None, 2, 1.0, Apart.MISSED_ENTRY),
    )


def test_a_clone_s_long_stay_around_two_short_ones_leaves_all_in_doubt():
    lines = [
        "E1 9:00 AB12CDE",
        "E2 10:00 AB12CDE",
        "X2 11:00 AB12CDE",
        "E3 12:00 AB12CDE",
        "X3 13:00 AB12CDE",
        "X1 14:00 AB12CDE",
    ]
    assert told(*lines) == [
        "-X1:missed_entry",
        "E1-:missed_exit",
        "E2-X2:orphan_read",
        "E3-X3:orphan_read",
    ]
