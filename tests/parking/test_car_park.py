from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from parking.models import BlockedPlate, CarPark, ParkingSession, Permit
from parking.rules.plates import folded

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


# Plates with a row -> the one that covers the read plate, and the permit that is behind it.
@pytest.mark.parametrize(
    ("plates", "read", "covers", "behind"),
    [
        (["AB12CDE"], "AB12CDE", "AB12CDE", "AB12CDE"),
        (["OIL1Q"], "01L10", "OIL1Q", "OIL1Q"),
        (["01L10"], "OIL1Q", "01L10", "01L10"),
        (["ABIO", "AB10"], "AB10", "AB10", "AB10"),  # its very spelling goes first
        (["AB10", "ABIO"], "ABIO", "ABIO", "ABIO"),
        (["ABIO", "AB1O"], "AB10", "ABIO", None),  # either covers it, neither is surely its own
        (["ABIO", "ABIO"], "AB10", "ABIO", "ABIO"),  # two rows, one plate
        (["AB12CDF"], "AB12CDE", None, None),  # a neighbour by one character
        (["AB12CD"], "AB12CDE", None, None),
        (["AB12CDEF"], "AB12CDE", None, None),
        (["AB128CD"], "AB12BCD", None, None),  # a camera tells 8 from B
        (["BA12CDE"], "AB12CDE", None, None),
        ([], "AB10", None, None),
    ],
)
def test_a_plate_is_covered_by_what_a_camera_cannot_tell_from_it(
    plates, read, covers, behind, django_assert_num_queries
):
    park = CarPark.objects.create(slug="town", name="Town")
    for place, plate in enumerate(plates):
        row = {"car_park": park, "plate": plate, "starts_at": NOON}
        Permit.objects.create(holder=f"Holder {place}", **row)
        BlockedPlate.objects.create(why="theft", **row)
    with django_assert_num_queries(3):
        found = [
            Permit.covering(park, read, NOON),
            Permit.behind(park, read, NOON),
            BlockedPlate.covering(park, read, NOON),
        ]
    permit, own, blocked = (row and row.plate for row in found)
    assert (permit, own) == (covers, behind)
    assert (blocked is None) == (covers is None)


def test_only_what_is_valid_now_counts_among_plates_that_look_the_same():
    park = CarPark.objects.create(slug="town", name="Town")
    Permit.objects.create(car_park=park, plate="AB10", starts_at=NOON, ends_at=NOON)
    Permit.objects.create(car_park=park, plate="ABIO", starts_at=NOON)
    Permit.objects.create(car_park=park, plate="AB1O", starts_at=NOON + timedelta(days=1))
    assert Permit.behind(park, "AB10", NOON).plate == "ABIO"
    assert Permit.behind(park, "AB10", NOON - timedelta(days=1)) is None


WRITTEN = {  # ways to write a plate that say nothing of how it looks
    "created": lambda park: Permit.objects.create(car_park=park, plate="oil-1q"),
    "in bulk": lambda park: Permit.objects.bulk_create([Permit(car_park=park, plate="OIL1Q")]),
    "updated": lambda park: (
        Permit.objects.create(car_park=park, plate="A1"),
        Permit.objects.update(plate="OIL1Q"),
    ),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_however_a_plate_is_written_it_is_found_by_its_looks(write):
    park = CarPark.objects.create(slug="town", name="Town")
    write(park)
    assert Permit.objects.get().folded == "01L10"


@pytest.mark.parametrize("plate", ["ABCDEFGHIJKL", "MNOPQRSTUVWX", "YZ0123456789", "OOIIQQ001"])
def test_the_database_folds_as_the_rules_do(plate):
    park = CarPark.objects.create(slug="town", name="Town")
    stay = ParkingSession.objects.create(car_park=park, plate=plate, entered_at=NOON)
    assert ParkingSession.objects.get(folded=folded(plate)) == stay
