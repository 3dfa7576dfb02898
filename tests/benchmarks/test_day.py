"""The made-up day that matching is measured with: fair reads, real stays, nobody charged wrongly."""

import random
import uuid
from datetime import timedelta

import pytest

from benchmarks.days.count import counted, overcharged
from benchmarks.days.misreads import Reader
from benchmarks.days.play import Play
from benchmarks.days.visits import MORNING, Day, Visit, day, overlapping

NEVER = timedelta(0)


def reads(noise, number):
    reader = Reader(noise, random.Random(1))
    return [reader.read("AB12CDE") for _ in range(number)]


@pytest.mark.parametrize("noise", [0.03, 0.08])
def test_as_many_reads_are_wrong_as_was_asked_for(noise):
    wrong = sum(read.plate != read.truth for read in reads(noise, 20_000))
    assert wrong / 20_000 == pytest.approx(noise, rel=0.1)


def test_of_reads_that_say_so_much_so_many_are_right():
    said = [read for read in reads(0.3, 20_000) if read.confidence]
    for low in (0.3, 0.5, 0.7, 0.9):
        those = [read for read in said if low <= read.confidence < low + 0.1]
        mean = sum(read.confidence for read in those) / len(those)
        assert sum(read.plate == read.truth for read in those) / len(those) == pytest.approx(
            mean, abs=0.03
        )


def test_of_second_candidates_so_many_are_right_as_they_say():
    seconds = [
        (read.candidates[1], read.truth) for read in reads(0.3, 20_000) if len(read.candidates) > 1
    ]
    said = sum(one["probability"] for one, _ in seconds)
    assert sum(one["plate"] == truth for one, truth in seconds) == pytest.approx(said, rel=0.1)


def test_candidates_never_add_up_to_more_than_one():
    assert (
        max(sum(one["probability"] for one in read.candidates) for read in reads(0.3, 5000)) < 1.001
    )


def test_a_day_is_the_same_each_time_and_another_with_another_seed():
    assert day(300, 0.01, 1) == day(300, 0.01, 1) != day(300, 0.01, 2)


def test_a_day_holds_what_makes_matching_hard():
    visits = day(4000, 0.01, 1).visits
    plates = {visit.plate for visit in visits}
    assert len({visit.vehicle for visit in visits}) < len(visits)  # some come twice
    assert any(plate[:-1] + "O" in plates for plate in plates if plate.endswith("0"))
    assert overlapping(visits) != []
    assert 0.005 < sum(visit.unseen_out for visit in visits) / 4000 < 0.02


@pytest.mark.slow
@pytest.mark.django_db
def test_a_played_day_merges_nobody_and_charges_nobody_wrongly():
    play = Play(day(40, 0.02, 3), 0.08, timedelta(hours=2), NEVER, seed=3, slug="played")
    play.run()
    found = counted(play, seconds=0.0)
    assert (found.stays, found.merged, found.overcharged, overcharged(play)) == (40, 0, 0, [])
    assert found.right >= 34


@pytest.mark.slow
@pytest.mark.django_db
def test_without_noise_a_day_needs_nobody():
    play = Play(day(25, 0.0, 5), 0.0, NEVER, NEVER, seed=5, slug="clear")
    play.run()
    found = counted(play, seconds=0.0)
    assert (found.right, found.merged, found.overcharged, found.reviewed) == (25, 0, 0, 0)


def visit(number, vehicle, hours, **more):
    enters, leaves = (MORNING + timedelta(hours=each) for each in hours)
    return Visit(
        number, vehicle, "AB12CDE", "GB", enters, leaves, "north-entry", "north-exit", **more
    )


@pytest.mark.django_db
@pytest.mark.parametrize("second", [0, 1], ids=["two visits of one car", "somebody with its plate"])
def test_who_is_asked_for_what_is_not_the_own_stay_says_so_and_that_is_counted(second):
    visits = (
        visit(0, 0, (1, 2), unseen_out=True),
        visit(1, second, (3, 4), unseen_in=True),
    )
    play = Play(Day(visits, ()), 0.0, NEVER, NEVER, seed=1, slug="objects")
    play.run()
    found = counted(play, seconds=0.0)
    assert (found.merged, found.overcharged, found.objected) == (1, 0, 1)
    assert list(play.lives[1].objected.values()) == [450]  # 6:00 to 9:00, fifteen minutes free


@pytest.mark.django_db
def test_who_stands_at_an_exit_before_his_entry_was_told_is_helped_all_the_same():
    visits = day(5, 0.0, 5)
    play = Play(visits, 0.0, NEVER, NEVER, seed=5, slug="late")
    life = next(iter(play.lives.values()))
    box = play.boxes[life.visit.exit]
    passage, life.entry = play._passage(life.visit), str(uuid.uuid4())
    told = play._ask(box, passage, play._read(life.visit, box), play.now)
    assert told["reason"] == "no_session"
    for _ in range(2):
        play.attendant.help(life, passage, told["reason"], play.now)
    assert play._ask(box, passage, play._read(life.visit, box), play.now)["decision"] == "open"
