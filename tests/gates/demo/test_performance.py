"""The table at the end, and what the story promises about itself."""

from io import StringIO

from rich.console import Console

from gates.demo.performance import WIDE, show
from gates.demo.story import CHAPTERS, LANES, PERMITS, PLACES, VEHICLES
from parking.rules.plates import canonical


def shown(found):
    out = Console(file=StringIO(), width=WIDE)
    return show(found, out), out.file.getvalue()


def as_it_should():
    return {name: list(vehicle.should) for name, vehicle in VEHICLES.items()}


def test_a_story_that_went_well_has_nothing_wrong():
    wrong, table = shown(as_it_should())
    assert wrong == 0
    assert "NO" not in table


def test_every_vehicle_that_met_something_else_is_counted_and_marked():
    wrong, table = shown(as_it_should() | {"shopper": ["no stay"], "twin": ["2 stays, inside"]})
    assert wrong == 2
    assert table.count("NO") == 2
    assert "2 stays, inside" in table


def test_every_vehicle_has_its_visits_and_every_lane_its_vehicles():
    visits = [visit for chapter in CHAPTERS for visit in chapter.visits]
    assert {visit.vehicle for visit in visits} == set(VEHICLES)
    assert {visit.lane for visit in visits} == set(LANES)


def test_each_vehicle_should_meet_as_many_passages_as_it_makes_visits():
    visits = [visit.vehicle for chapter in CHAPTERS for visit in chapter.visits]
    for name, vehicle in VEHICLES.items():
        passages = [line for line in vehicle.should if line.startswith(("entry:", "exit:"))]
        assert len(passages) == visits.count(name)


def test_the_visitors_who_stay_fill_the_car_park():
    staying = [
        name
        for name, vehicle in VEHICLES.items()
        if name not in PERMITS and (name == "overstayer" or vehicle.should[-1] == "1 stay, inside")
    ]
    assert len(staying) == PLACES


def test_the_story_s_plates_are_in_their_one_spelling():
    assert all(canonical(one.plate) == one.plate for one in VEHICLES.values())
