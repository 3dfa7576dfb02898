from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from parking.models import CarPark, ParkingSession, Permit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_car_park_is_added_from_the_command_line(capsys):
    call_command("car_park", "town", "Town Square", "--currency", "eur", "--places", "40")
    park = CarPark.objects.get()
    assert (park.name, park.currency, park.places) == ("Town Square", "EUR", 40)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--timezone", "Mars/Olympus"], "There is no time zone 'Mars/Olympus'"),
        (["--places", "-1"], "greater than or equal to 0"),
    ],
)
def test_a_car_park_that_cannot_be(words, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("car_park", "town", "Town Square", *words)
    assert CarPark.objects.count() == 0


def test_permit_holders_take_no_visitors_place():
    park = CarPark.objects.create(slug="town", name="Town", places=2)
    permit = Permit.objects.create(car_park=park, plate="P1", holder="Smith", starts_at=NOON)
    ParkingSession.objects.create(car_park=park, plate="P1", permit=permit, entered_at=NOON)
    ParkingSession.objects.create(car_park=park, plate="V1", entered_at=NOON)
    ParkingSession.objects.create(car_park=park, plate="V2", entered_at=NOON, left_at=NOON)
    assert park.places_left() == 1


def test_a_plate_is_one_spelling_however_it_is_typed():
    park = CarPark.objects.create(slug="town", name="Town")
    permit = Permit(car_park=park, plate="ab-12 cde", holder="Smith", starts_at=NOON)
    permit.full_clean()
    permit.save()
    assert Permit.covering(park, "AB12CDE", NOON) == permit
    with pytest.raises(ValidationError, match="is not a number plate"):
        Permit(car_park=park, plate="<b>", holder="Smith", starts_at=NOON).full_clean()


def test_a_permit_ends_after_it_starts():
    park = CarPark.objects.create(slug="town", name="Town")
    permit = Permit(
        car_park=park, plate="A1", holder="S", starts_at=NOON, ends_at=NOON - timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="The end must come after the start"):
        permit.full_clean()


def test_a_permit_covers_from_its_first_moment_until_before_its_last():
    park = CarPark.objects.create(slug="town", name="Town")
    Permit.objects.create(
        car_park=park, plate="A1", holder="S", starts_at=NOON, ends_at=NOON + timedelta(hours=1)
    )
    moments = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(hours=1)]
    assert [Permit.covering(park, "A1", at) is not None for at in moments] == [False, True, False]
