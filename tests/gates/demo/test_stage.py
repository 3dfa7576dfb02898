"""The stage and the drawn camera understand each other."""

from datetime import UTC, datetime, timedelta

import pytest

from gates.cameras.drawn import Drawn
from gates.demo.stage import Stage

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path / "scenes")


@pytest.fixture
def camera(stage, clock):
    arm = stage.folder / "north.arm"
    return Drawn(scene=str(stage.scene("north")), arm=str(arm), width=320, height=180, now=clock)


def let_pass(camera, clock, seconds):
    for _ in range(int(seconds * 10)):
        clock.now += timedelta(seconds=0.1)
        camera.newest(1)


def test_a_car_that_is_let_in_is_gone_through(stage, camera, clock):
    car = stage.bring("north", NOON, plate="AB12CDE")
    let_pass(camera, clock, 5)
    assert stage.gone() == {}
    (stage.folder / "north.arm").write_text("up")
    let_pass(camera, clock, 5)
    assert stage.gone() == {car: "through"}


def test_a_car_may_change_its_mind(stage, camera, clock):
    car = stage.bring("north", NOON, plate="AB12CDE")
    let_pass(camera, clock, 5)
    stage.turn_back(car)
    let_pass(camera, clock, 5)
    assert stage.gone() == {car: "backs_out"}


def test_only_the_first_of_a_queue_is_first(stage, camera, clock):
    first = stage.bring("north", NOON, plate="AB12CDE", leaves="backs_out", after=1.0)
    second = stage.bring("north", NOON, plate="XY34ZAB")
    assert (stage.is_first(first), stage.is_first(second)) == (True, False)
    let_pass(camera, clock, 8)
    assert stage.gone() == {first: "backs_out"}
    assert stage.is_first(second)
