"""Made-up traffic on two lanes of the real stage; no pictures are drawn and no clock runs."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from gates.cameras.drawing import turns
from gates.cameras.drawn import SceneFile
from gates.demo.stage import Stage
from gates.demo.traffic import ENTRY, EXIT, MOST, SHAPES, Habit, Traffic, Where, new_driver
from parking.rules.plates import canonical

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Road:
    """A drawn lane without its pictures. Its arm rises for every car where `opens` holds."""

    def __init__(self, stage, name, opens):
        self.scene, self.lane, self.opens = SceneFile(stage.scene(name)), turns.Lane(), opens

    def step(self, now):
        plate = self.lane.turn and self.lane.turn.car.plate
        gone = self.lane.step(self.scene.cars(), now, bool(plate) and self.opens(plate))
        if gone:
            self.scene.write_down(gone)


class Site:
    """Traffic over an entry that opens for all and an exit that opens for those who `paid`."""

    def __init__(self, folder, *, entry_opens=True):
        self.paid, self.said = [], []
        self.stage = Stage(folder)
        self.roads = [
            Road(self.stage, ENTRY, lambda plate: entry_opens),
            Road(self.stage, EXIT, lambda plate: plate in self.paid),
        ]
        chance = random.Random(3)
        self.traffic = Traffic(self.stage, self.paid.append, self.said.append, chance=chance)
        self.now = NOON

    def go_on(self, seconds):
        for _ in range(int(seconds * 2)):
            self.now += timedelta(seconds=0.5)
            for road in self.roads:
                road.step(self.now)
            self.traffic.step(self.now)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_cars_come_stay_pay_and_leave(site):
    site.go_on(900)
    came = [line.split()[0] for line in site.said if "came in" in line]
    left = [line.split()[0] for line in site.said if line.endswith(" left")]
    assert len(left) > 20
    assert set(left) <= set(came)
    assert set(left) <= set(site.paid)


def test_never_more_cars_than_the_site_holds(tmp_path):
    site = Site(tmp_path, entry_opens=False)
    site.go_on(600)
    assert len(site.traffic.drivers) <= MOST


def test_a_driver_who_is_not_let_in_turns_back(tmp_path):
    site = Site(tmp_path, entry_opens=False)
    site.go_on(120)
    assert any(line.endswith("turned back at the entry") for line in site.said)


def test_a_late_payer_waits_at_the_exit_first(site):
    site.traffic.step(site.now)
    driver = site.traffic.drivers[0]
    assert driver.habit == Habit.PAYS_LATE
    while driver.where != Where.LEAVING:
        site.go_on(1)
    arrived = site.now
    while driver.plate not in site.paid:
        site.go_on(1)
    assert (site.now - arrived).total_seconds() > 40


def test_an_exit_that_never_opens_does_not_jam(tmp_path):
    site = Site(tmp_path)
    site.roads[1].opens = lambda plate: False
    site.go_on(900)
    assert len([line for line in site.said if "turned back at the exit" in line]) > 3


def test_plates_are_plates_of_their_country():
    chance = random.Random(1)
    for _ in range(100):
        driver = new_driver(chance)
        shape = SHAPES[driver.look["country"]][0]
        assert canonical(driver.plate) == driver.plate
        assert len(driver.plate) == len(shape)


def test_permit_holders_are_among_the_drivers():
    chance = random.Random(1)
    plates = {new_driver(chance, permits=["LM68EPC"]).plate for _ in range(50)}
    assert "LM68EPC" in plates
