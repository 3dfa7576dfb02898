"""What a camera calls a vehicle, and what the tariff does."""

import pytest

from gates.models import Passage
from gates.vehicles import vehicle_class


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"type": "motorcycle"}, "motorcycle"),
        ({"type": "twoWheelVehicle"}, "motorcycle"),
        ({"type": "Heavy Truck"}, "truck"),
        ({"type": "car"}, ""),
        ({"type": "spaceship"}, ""),
        ({"type": None}, ""),
        ({"type": 5}, ""),
        ({}, ""),
    ],
)
def test_the_class_of_a_vehicle(told, meant):
    assert vehicle_class(Passage(vehicle=told)) == meant
