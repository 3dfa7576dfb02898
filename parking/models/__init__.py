"""Who is inside, and who may be."""

from parking.models.car_parks import CarPark, known_zone
from parking.models.permits import BlockedPlate, Permit
from parking.models.plates import PlateField, looks
from parking.models.sessions import Doubt, ParkingSession

__all__ = [
    "BlockedPlate",
    "CarPark",
    "Doubt",
    "ParkingSession",
    "Permit",
    "PlateField",
    "known_zone",
    "looks",
]
