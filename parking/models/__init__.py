"""Who is inside, and who may be."""

from parking.models.car_parks import CarPark, known_zone
from parking.models.counts import Count
from parking.models.doubts import DRIVER_KNOWS, Doubt, StayDoubt
from parking.models.periods import Period
from parking.models.permits import (
    BlockedPlate,
    Confirmation,
    Entitlement,
    Permit,
    Pool,
    not_ended,
)
from parking.models.plates import PlateField, looks
from parking.models.sessions import ParkingSession

__all__ = [
    "DRIVER_KNOWS",
    "BlockedPlate",
    "CarPark",
    "Confirmation",
    "Count",
    "Doubt",
    "Entitlement",
    "ParkingSession",
    "Period",
    "Permit",
    "PlateField",
    "Pool",
    "StayDoubt",
    "known_zone",
    "looks",
    "not_ended",
]
