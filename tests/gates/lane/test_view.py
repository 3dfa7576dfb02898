from types import SimpleNamespace

from gates.lane.view import View
from gates.readers.scenery import STAYS_EMPTY
from tests.gates.readers.films import Colours, car, road

PARKED, BESIDE, PASSING = ("AB12CDE", (110, 200)), ("EF34GHJ", (560, 200)), ("KLM4827", (330, 300))


def scene(*cars):
    image = road()
    for plate, middle in cars:
        car(image, plate, middle, wide=140)
    return image


def plates(view, image):
    return [read.plate for read in view.of_vehicle(Colours().read(image), image)]


def test_the_nearest_in_the_zone_speaks_and_scenery_does_not():
    view = View((0.0, 0.0, 0.75, 1.0))
    for now in (0, STAYS_EMPTY):
        view.empty(scene(PARKED), now)
    assert plates(view, scene(PARKED, BESIDE, PASSING)) == ["KLM4827", "EF34GHJ"]
    assert plates(view, scene(PARKED, BESIDE)) == []


def test_a_trigger_without_a_zone_leaves_the_whole_picture():
    assert plates(View.of(SimpleNamespace()), scene(PASSING, BESIDE)) == ["KLM4827", "EF34GHJ"]
    assert plates(View.of(SimpleNamespace(zone=(0, 0, 0.2, 1))), scene(PASSING, BESIDE)) == []
