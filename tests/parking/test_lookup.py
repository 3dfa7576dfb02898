from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parking import stays
from parking.lookup import open_stays_like, open_stays_typed
from parking.models import CarPark, ParkingSession, Permit
from parking.rules.matching import Read
from parking.rules.neighbours import blurred, keys_of, near

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def park():
    return CarPark.objects.create(slug="town", name="Town")


def enter(park, plate, **more):
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=NOON, **more)


def read(plate, *others):
    listed = [{"plate": other, "probability": 0.01} for other in others]
    return Read.from_reader(plate, 0.9, listed, NOON)


def like(park, *plates):
    return sorted(stay.plate for stay in open_stays_like(park, read(*plates)))


def test_the_plate_its_look_alikes_and_its_neighbours_are_found_and_nothing_else(park):
    found = ["AB12CDE", "A8I2CDE", "A812C0E", "AB12CDF", "XB12CDE", "AB12CD", "B12CDE", "AB12CDEX"]
    for plate in [*found, "AB12CXX", "XY99ZZZ", "AB1", "BA12CDE"]:
        enter(park, plate)
    assert like(park, "AB12CDE") == sorted(found)


def test_neighbours_of_all_that_it_could_be_are_found(park):
    enter(park, "XY99ZZZ")
    enter(park, "AB12CDE")
    assert like(park, "AB12CDE", "XY99ZZA") == ["AB12CDE", "XY99ZZZ"]


def test_nothing_read_is_like_nothing(park):
    enter(park, "AB12CDE")
    assert open_stays_like(park, Read.from_reader("", None, [], NOON)) == []


def test_another_car_park_s_stays_are_not_found(park):
    other = CarPark.objects.create(slug="other", name="Other")
    enter(other, "AB12CDE")
    assert like(park, "AB12CDE") == []


def test_a_stay_is_found_as_long_as_it_is_open(park):
    stay = enter(park, "AB12CDE")
    stays.leave(stay, NOON + timedelta(hours=1))
    assert like(park, "AB12CDE") == []
    stays.come_back(stay)
    assert like(park, "AB12CDE") == ["AB12CDE"]
    stays.void(stay, NOON)
    assert like(park, "AB12CDE") == []


def test_a_renamed_stay_is_found_by_its_new_plate_alone(park):
    stay = enter(park, "AB12CDE")
    stay.plate = "XY99ZZZ"
    stay.save(update_fields=["plate"])
    assert like(park, "AB12CDE") == []
    assert like(park, "XY99ZZZ") == ["XY99ZZZ"]


def test_stays_written_in_bulk_are_found(park):
    fresh = [ParkingSession(car_park=park, plate=f"AB1{n}CDE", entered_at=NOON) for n in range(3)]
    ParkingSession.objects.bulk_create(fresh)
    assert like(park, "AB19CDE") == ["AB10CDE", "AB11CDE", "AB12CDE"]
    ParkingSession.objects.filter(plate="AB10CDE").update(plate="XY99ZZZ")
    ParkingSession.objects.filter(plate="AB11CDE").update(left_at=NOON)
    assert like(park, "AB19CDE") == ["AB12CDE"]
    assert like(park, "XY99ZZ") == ["XY99ZZZ"]


def test_what_is_needed_to_price_a_stay_comes_with_it(park, django_assert_num_queries):
    permit = Permit.objects.create(car_park=park, plate="AB12CDE", holder="Ann", starts_at=NOON)
    enter(park, "AB12CDE", permit=permit)
    with django_assert_num_queries(2):
        (found,) = open_stays_like(park, read("AB12CDE"))
        assert (found.permit.holder, found.car_park.slug) == ("Ann", "town")


@pytest.mark.parametrize("length", range(1, 13))
def test_the_database_cuts_plates_as_the_rule_does(park, length):
    plate = "OQDILBSZGX12"[:length]
    stay = ParkingSession.objects.get(pk=enter(park, plate).pk)
    kept = keys_of(blurred(plate))
    assert (stay.front, stay.ends, stay.back) == (kept.front, kept.ends, kept.back)


class TestBesideALookThroughAll(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sets(st.text("ABO018", min_size=1, max_size=6), min_size=1, max_size=25),
        st.text("ABO018", min_size=1, max_size=6),
        st.text("ABO018", min_size=1, max_size=6),
    )
    def test_every_stay_within_one_edit_is_found(self, inside, one, other):
        park = CarPark.objects.create(slug="town", name="Town")
        for plate in inside:
            enter(park, plate)
        expected = {
            plate
            for plate in inside
            if near(blurred(plate), blurred(one)) or near(blurred(plate), blurred(other))
        }
        assert set(like(park, one, other)) == expected


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("AB12CDE", ["AB12CDE"]),
        ("AB12CDX", ["AB12CDE"]),
        ("12CDE", ["AB12CDE"]),
        ("XAB12CDE", ["AB12CDE"]),
        ("2CDE", []),
        ("AB12C", []),
        ("WXYZ9", ["QVWXYZ9", "VWXYZ9"]),
        ("LONG12345", ["LONG12345", "XXLONG12345"]),
    ],
)
def test_what_a_person_types_finds_what_it_could_mean(park, typed, found):
    for plate in ("AB12CDE", "QVWXYZ9", "VWXYZ9", "LONG12345", "XXLONG12345", "UVVWXYZ9"):
        ParkingSession.objects.create(car_park=park, plate=plate, entered_at=NOON)
    assert sorted(one.plate for one in open_stays_typed(park, typed)) == found
