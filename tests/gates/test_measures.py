"""What a site misses is measured from its own books; where that is much, no machine charges long stays."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.quotes import quote
from gates import measures
from gates.models import Passage
from gates.passages import give_order
from parking.doubts import raise_doubt, settle
from parking.evidence import look
from parking.models import CarPark, Doubt, ParkingSession, StayDoubt
from parking.rules.occupancy import share_missed
from tests.gates.room import text

pytestmark = pytest.mark.django_db

FEW, MANY = 0.01, 0.04


def now():
    return datetime.now(UTC)


def is_like(park, missed):
    """What was measured at this car park, a moment ago."""
    measured = {"usual_stay": timedelta(hours=1), "measured_at": now()}
    CarPark.objects.filter(pk=park.pk).update(missed=missed, **measured)


def came(entry, plate="AB12CDE", **ago):
    told = entry.ask(plate).json()
    at = now() - timedelta(**ago)
    ParkingSession.objects.filter(pk=told["session"]).update(entered_at=at)
    Passage.objects.filter(pk=told["passage"]).update(seen_at=at, received_at=at)
    return ParkingSession.objects.get(pk=told["session"])


def pays_to_leave(way_out, plate="AB12CDE"):
    return way_out.answer(plate)


@pytest.mark.parametrize(
    ("missed", "minutes", "answer"),
    [
        (FEW, 190, "hold due"),
        (MANY, 190, "open billed_later"),  # he is not held for what the site misses
        (MANY, 20, "hold due"),  # no time to have been away
        (MANY, 10, "open free"),  # who owes nothing needs no proof
    ],
)
def test_a_long_stay_is_not_charged_where_many_are_missed(
    park, entry, way_out, missed, minutes, answer
):
    came(entry, minutes=minutes)
    is_like(park, missed)
    assert pays_to_leave(way_out) == answer


def test_another_doubt_beside_it_holds_as_the_car_park_says(park, entry, way_out):
    stay = came(entry, hours=3)
    is_like(park, MANY)
    raise_doubt(stay, Doubt.CLOCK, at=now())
    assert way_out.answer() == "hold doubt"


def test_the_driver_and_the_operator_are_told_why(park, entry, way_out, client):
    stay = came(entry, hours=3)
    is_like(park, MANY)
    way_out.ask()
    page = text(client.post("/pay/town/", {"plate": "AB12CDE"}, follow=True))
    assert "We miss many cars here, so you may have been away in between" in page
    assert str(StayDoubt.objects.get(session=stay)) == (
        "many vehicles pass unread here, so it may be two visits (4.0% of all vehicles are missed here)"
    )


def test_a_phone_is_not_asked_for_money_either(park, entry):
    stay = came(entry, hours=3)
    is_like(park, MANY)
    assert quote(ParkingSession.objects.get(pk=stay.pk), now()).held


def test_who_was_asked_and_says_that_he_stayed_pays_as_usual(park, entry, way_out, operator):
    stay = came(entry, hours=3)
    is_like(park, MANY)
    look(ParkingSession.objects.get(pk=stay.pk), now())
    settle(stay, by=operator, why="The driver says that he stayed.", at=now())
    is_like(park, 2 * MANY)
    assert way_out.answer() == "hold due"


def test_what_is_missed_later_says_nothing_of_who_has_left(park, entry, way_out, operator):
    stay = came(entry, hours=3)
    car = way_out.ask().json()["passage"]
    give_order(way_out.lane, "open", by=operator, why="Pays at home", now=now())
    assert way_out.answer(passage=car) == "open operator"
    is_like(park, MANY)
    assert quote(ParkingSession.objects.get(pk=stay.pk), now()).due == 600


# what is measured


def measured(park):
    """The share that is missed, as the lanes' vehicles have it now."""
    CarPark.objects.filter(pk=park.pk).update(measured_at=None)
    measures.measure(CarPark.objects.get(pk=park.pk), now())
    return CarPark.objects.get(pk=park.pk).missed


def test_a_new_site_is_taken_for_a_good_one(park):
    assert CarPark.objects.get(pk=park.pk).missed == measured(park) == share_missed(0, 0) == 0.005


def test_exits_without_a_stay_are_vehicles_that_came_in_unread(park, way_out, operator):
    for plate in ("NE11AAA", "NE12BBB", "NE13CCC"):
        told = way_out.ask(plate).json()
        give_order(way_out.lane, "open", by=operator, why="Let out", now=now())
        way_out.ask(plate, passage=told["passage"])
    assert measured(park) == share_missed(3, 0)


def test_what_a_lane_counts_and_does_not_read_is_missed(park, entry, way_out):
    for _ in range(3):
        way_out.tell("passed")
    entry.tell("passed")
    entry.answer()
    assert measured(park) == share_missed(3, 0)  # the worse of both ways


def test_half_of_the_stays_are_longer_than_the_usual_one(park, entry, way_out):
    for number in range(30):
        plate = f"LE{number:02}AVE"
        came(entry, plate, minutes=12)
        way_out.ask(plate)
    measured(park)
    usual = CarPark.objects.get(pk=park.pk).usual_stay
    assert timedelta(minutes=12) <= usual < timedelta(minutes=13)


def test_it_is_measured_when_vehicles_go_and_not_at_each_of_them(park, entry, way_out):
    for _ in range(2):
        entry.tell("passed", entry.ask().json()["passage"])
        first = CarPark.objects.get(pk=park.pk).measured_at
    assert now() - first < timedelta(seconds=10)
    long_ago = now() - timedelta(minutes=11)
    CarPark.objects.update(measured_at=long_ago)
    entry.tell("passed")
    assert CarPark.objects.get(pk=park.pk).measured_at > long_ago
    again = CarPark.objects.get(pk=park.pk).measured_at
    entry.tell("passed")
    assert CarPark.objects.get(pk=park.pk).measured_at == again
