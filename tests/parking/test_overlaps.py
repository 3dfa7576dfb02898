"""Which stays a time without a look touches; the rule and the database say the same."""

from datetime import UTC, datetime, timedelta

import pytest

from parking import periods
from parking.models import CarPark, ParkingSession, Period
from parking.rules.overlaps import touches

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = NOON + timedelta(hours=4)


def at(minutes):
    return None if minutes is None else NOON + timedelta(minutes=minutes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("period", "stay", "touched"),
    [
        ((0, 60), (-30, 90), True),
        ((0, 60), (-30, None), True),
        ((0, None), (-30, None), True),
        ((0, 60), (10, 12), True),
        ((0, 60), (10, 11), False),  # as short as a look at the tariff board
        ((0, 60), (-30, 1), False),
        ((0, 60), (59, 90), False),
        ((0, 60), (60, 90), False),
        ((0, 60), (-90, 0), False),
        ((0, 1), (-90, 90), False),  # a barrier held up for one lorry
        ((0, 2), (-90, 90), True),
        ((0, None), (239, None), False),
    ],
)
def test_two_minutes_inside_without_a_look(period, stay, touched):
    park = CarPark.objects.create(slug="town", name="Town")
    period = Period.objects.create(
        car_park=park, lane="exit", kind="gate_open", starts_at=at(period[0]), ends_at=at(period[1])
    )
    session = ParkingSession.objects.create(
        car_park=park, plate="AB12CDE", entered_at=at(stay[0]), left_at=at(stay[1])
    )
    assert touches(period, session, NOW) == touched
    assert list(periods.touched(period, NOW)) == ([session] if touched else [])
    assert periods.touching(session, NOW) == ([period] if touched else [])
