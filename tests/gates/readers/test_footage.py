"""Whole films, with a reader that knows plates by their colours; a few with the real one."""

from itertools import pairwise

import pytest

from gates.readers.footage import vehicles
from tests.gates.readers.films import Colours, clock, drive, film, parked
from tests.gates.readers.pictures import plate, street


@pytest.fixture
def passed(tmp_path):
    """Writes a film of things and reads it: (plate, from, to) of each vehicle, whole seconds / 2."""

    def read(seconds, *things, reader=None, **how):
        path = film(tmp_path / "lane.avi", seconds, *things, **how)
        return [
            (one.vehicle.plate, round(2 * one.began) / 2, round(2 * one.ended) / 2)
            for one in vehicles(path, reader or Colours())
        ]

    return read


def test_each_vehicle_is_told_with_its_times(passed):
    film = drive("AB12CDE", 1), drive("KLM4827", 6, stands=2)
    assert passed(12, *film) == [("AB12CDE", 1.0, 4.0), ("KLM4827", 6.0, 11.0)]


def test_the_next_one_second_later_is_another(passed):
    film = drive("AB12CDE", 1), drive("KLM4827", 5), drive("EF34GHJ", 9)
    assert [one[0] for one in passed(14, *film)] == ["AB12CDE", "KLM4827", "EF34GHJ"]


def test_one_that_stands_for_a_minute_is_one_and_hardly_read(passed):
    reader = Colours()
    assert passed(70, drive("AB12CDE", 2, stands=62), reader=reader) == [("AB12CDE", 2.0, 67.0)]
    assert reader.asked < 100


def test_bumper_to_bumper_are_two(passed):
    film = drive("AB12CDE", 1, stands=3), drive("KLM4827", 5.5, stands=2)
    first, second = passed(13, *film)
    assert (first[0], second[0], second[2]) == ("AB12CDE", "KLM4827", 10.5)


@pytest.mark.parametrize("passing", ["KLM4827", "XY99ZZZ"])
def test_a_parked_car_is_no_vehicle_and_takes_no_votes(passed, passing):
    reader = Colours(doubted=["KLM4827", "XY99ZZZ"])  # the parked car's plate is far the surest
    things = parked("AB12CDE"), clock, drive(passing, 2, stands=1)
    assert passed(8, *things, reader=reader) == [(passing, 2.0, 6.0)]


def test_a_parked_car_beside_one_without_a_plate(passed):
    assert passed(8, parked("AB12CDE"), drive(None, 2, stands=1)) == [(None, 2.0, 6.0)]


def test_a_parked_car_alone_and_a_clock_are_nobody_and_nothing_is_read(passed):
    reader = Colours()
    assert passed(5, parked("AB12CDE"), clock, reader=reader) == []
    assert reader.asked == 0


def test_one_in_the_first_frames_is_a_vehicle_when_it_leaves(passed):
    things = parked("AB12CDE"), drive("KLM4827", -2, stands=2)
    assert passed(8, *things) == [("KLM4827", 0.0, 3.0)]


def test_one_that_stands_when_the_film_ends_is_a_vehicle(passed):
    things = parked("AB12CDE"), drive("KLM4827", 3, stands=60)
    assert passed(8, *things) == [("KLM4827", 3.0, 8.0)]


def test_one_at_the_beginning_and_another_at_the_end(passed):
    things = drive("AB12CDE", -2, stands=2), drive("KLM4827", 6, stands=60)
    assert [one[0] for one in passed(10, *things)] == ["AB12CDE", "KLM4827"]


def test_a_parked_car_that_leaves_in_the_end_is_one_vehicle(passed):
    things = parked("AB12CDE", until=8), drive("KLM4827", 2)
    assert sorted(one[0] for one in passed(10, *things)) == ["AB12CDE", "KLM4827"]


@pytest.mark.parametrize("shade", ["frozen", "black"])
def test_a_film_in_which_nothing_happens_has_no_vehicles(passed, shade):
    def draw(image, at):
        if shade == "black":
            image[:] = 0

    assert passed(4, draw, grain=0) == []


def test_a_film_broken_off_has_the_vehicles_before(tmp_path):
    path = film(tmp_path / "lane.avi", 14, drive("AB12CDE", 1), drive("KLM4827", 9))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert [one.vehicle.plate for one in vehicles(path, Colours())] == ["AB12CDE"]


def test_its_progress_is_told(tmp_path):
    path, told = film(tmp_path / "lane.avi", 3, clock), []
    assert list(vehicles(path, Colours(), told.append)) == []
    assert all(before <= after for before, after in pairwise(told))
    assert (told[0] < 0.1, told[-1]) == (True, pytest.approx(1.0, abs=0.05))


def test_the_real_reader_tells_a_passing_plate_from_a_parked_one(tmp_path, reader):
    def sign(image, at):
        beside = plate("KLM 4827", letters=26), (130, 110), 0
        mine = plate("AB12CDE", letters=34), (320, 250), 0
        image[:] = (
            street(beside, mine, size=(640, 360))
            if 1 <= at < 3
            else street(beside, size=(640, 360))
        )

    path = film(tmp_path / "lane.mp4", 5, sign)
    (one,) = vehicles(path, reader)
    assert (one.vehicle.plate, one.vehicle.accepted) == ("AB12CDE", True)
    assert (one.began, one.ended) == pytest.approx((1.0, 2.9), abs=0.01)
