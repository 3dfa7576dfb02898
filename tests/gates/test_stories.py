"""What becomes of the odd ones: each story of docs/stays.md, told through the lane API."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from billing.rules.terms import simple
from gates.models import Passage
from gates.occupancy import occupied
from gates.pairing import pair
from gates.passages import correct, give_order
from parking.doubts import settle
from parking.models import CarPark, ParkingSession, Permit
from tests.billing.town import always_priced
from tests.gates.room import text

pytestmark = pytest.mark.django_db

FROM_THE_FIRST_MINUTE = simple(free=0, step=60, step_price=150, day_cap=1200)


def now():
    return datetime.now(UTC)


def ago(**span):
    return now() - timedelta(**span)


def inside(park, plate="AB12CDE", **span):
    entered = ago(**(span or {"hours": 2, "minutes": 10}))
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=entered)


def came(lane_box, plate="AB12CDE", **more):
    """A vehicle that was let in and drove on; its passage's id."""
    told = lane_box.ask(plate, **more).json()
    assert told["decision"] == "open"
    lane_box.tell("opened", told["passage"])
    lane_box.tell("passed", told["passage"])
    return told["passage"]


def let_through(lane_box, operator, plate, passage=None):
    """A person opens for a vehicle that is held; the answer."""
    car = lane_box.ask(plate, passage=passage).json()["passage"]
    give_order(lane_box.lane, "open", by=operator, why="By eye", now=now())
    return lane_box.answer(plate, passage=car)


def stays():
    """Plate, whether it has left, and doubt of all stays that are not void, the first to come first.

    The day seen as a whole says the same.
    """
    assert pair(CarPark.objects.get(), now()) == 0
    rows = ParkingSession.objects.filter(voided_at=None).order_by("entered_at", "id")
    return [(one.plate, one.left_at is not None, one.doubt) for one in rows]


# turn-arounds


@pytest.mark.parametrize(("minutes", "answer"), [(4, "open free"), (6, "hold due")])
def test_who_reads_the_signs_and_leaves_again_owes_nothing(park, way_out, minutes, answer):
    always_priced(park, FROM_THE_FIRST_MINUTE)
    inside(park, minutes=minutes)
    assert way_out.answer() == answer


def test_the_stay_of_who_turned_round_says_so(park, way_out, room):
    always_priced(park, FROM_THE_FIRST_MINUTE)
    stay = inside(park, minutes=4)
    way_out.ask()
    assert "Left again within 5 min" in text(room.get(f"/stays/{stay.pk}/"))


def test_a_longer_free_time_is_told_as_such(park, way_out, room):
    stay = inside(park, minutes=4)
    way_out.ask()
    assert "Free for the first 15 min" in text(room.get(f"/stays/{stay.pk}/"))


# double reads


@pytest.mark.parametrize("permitted", [False, True])
def test_a_vehicle_read_twice_at_the_entry_is_one_stay(park, entry, permitted):
    CarPark.objects.update(places=1)
    if permitted:
        Permit.objects.create(car_park=park, plate="AB12CDE", starts_at=ago(days=1))
    first, second = entry.ask().json(), entry.ask().json()
    assert (second["decision"], second["reason"]) == ("open", first["reason"])
    assert second["session"] == first["session"]
    entry.tell(
        "backed_out", first["passage"]
    )  # the lane gave up what it had seen before it stopped
    entry.tell("passed", second["passage"])
    assert stays() == [("AB12CDE", False, "")]


def test_a_vehicle_read_twice_at_the_exit_leaves_once(park, way_out):
    inside(park, minutes=9)
    assert [way_out.answer() for _ in range(2)] == ["open free"] * 2
    assert stays() == [("AB12CDE", True, "")]


def test_the_same_plate_after_the_first_has_passed_is_another_vehicle(entry):
    came(entry)
    assert entry.answer() == "hold already_inside"


def test_two_lanes_that_see_one_car_make_one_stay(entry, second_entry):
    assert (entry.answer(), second_entry.answer()) == ("open visitor", "hold already_inside")
    assert stays() == [("AB12CDE", False, "")]


# re-reads


def test_what_is_read_better_while_it_waits_is_what_counts(park, way_out):
    wrong, right = inside(park, "AB12CDF"), inside(park, "AB12CDE")
    car = uuid.uuid4()
    assert way_out.ask("AB12CDF", passage=car).json()["session"] == wrong.pk
    assert way_out.ask("AB12CDE", passage=car).json()["session"] == right.pk
    wrong.refresh_from_db()
    assert wrong.waiting_since is None


# backing out


def test_who_backs_out_of_the_entry_was_never_there(entry):
    car = entry.ask().json()["passage"]
    entry.tell("opened", car)
    entry.tell("backed_out", car)
    assert stays() == []
    assert entry.answer() == "open visitor"


def test_who_backs_out_of_the_exit_is_inside_and_its_time_goes_on(park, way_out):
    stay = inside(park)
    car = way_out.ask().json()["passage"]
    way_out.tell("backed_out", car)
    stay.refresh_from_db()
    assert (stay.left_at, stay.waiting_since) == (None, None)


# tailgating


def test_who_follows_under_the_arm_of_another_has_a_stay_of_its_own(entry):
    CarPark.objects.update(places=1)
    came(entry, "LEADER1")
    follower = entry.ask("TA1LER").json()
    assert follower["reason"] == "full"
    entry.tell("passed", follower["passage"])
    assert stays() == [("LEADER1", False, ""), ("TA1LER", False, "")]


def test_who_follows_out_unpaid_has_left_and_owes_what_it_owes(park, way_out, client):
    inside(park, "LEADER1", minutes=5)
    inside(park, "TA1LER")
    assert way_out.answer("LEADER1") == "open free"
    follower = way_out.ask("TA1LER").json()
    assert follower["reason"] == "due"
    way_out.tell("passed", follower["passage"])
    assert stays() == [("TA1LER", True, ""), ("LEADER1", True, "")]
    page = text(client.post("/pay/town/", {"plate": "TA1LER"}, follow=True))
    assert "Pay 4.50 GBP" in page


def test_who_followed_in_unseen_is_not_charged_for_the_leaders_time(entry, way_out):
    came(entry, "LEADER1")
    ParkingSession.objects.update(entered_at=ago(hours=5))
    told = way_out.ask("UNSEEN1").json()
    assert (told["reason"], told["due"]) == ("no_session", None)


# trailers


def test_a_towed_trailer_is_let_through_with_its_car_and_has_no_stay_of_its_own(
    park, entry, way_out
):
    trailer = {"vehicle": {"type": "trailer"}}
    car = entry.ask("CAR1").json()
    towed = entry.ask("TRA1LER", **trailer).json()
    assert (towed["decision"], towed["session"]) == ("open", car["session"])
    for passage in (car, towed):
        entry.tell("passed", passage["passage"])
    assert stays() == [("CAR1", False, "")]
    assert way_out.answer("CAR1") == "open free"
    assert way_out.answer("TRA1LER", **trailer) == "open free"
    assert stays() == [("CAR1", True, "")]


def test_an_exit_that_reads_the_trailers_plate_waits_for_a_person(park, way_out, operator):
    inside(park, "CAR1")
    car = way_out.ask("TRA1LER").json()
    assert car["reason"] == "no_session"
    passage = Passage.objects.get(pk=car["passage"])
    correct(passage, "CAR1", by=operator, why="The trailer's plate", now=now())
    assert way_out.answer("TRA1LER", passage=car["passage"]) == "hold due"


# motorcycles


def test_a_motorcycle_whose_plate_was_only_seen_leaving_pays_nothing(
    park, entry, way_out, operator
):
    assert let_through(entry, operator, None) == "open operator"
    assert occupied(park, now()).inside == 1
    told = way_out.ask("M0T0R1").json()
    assert (told["reason"], told["due"]) == ("no_session", None)
    assert let_through(way_out, operator, "M0T0R1") == "open operator"
    assert stays() == []
    assert occupied(park, now()).inside == 0


# clones


def test_a_plate_seen_twice_at_once_is_charged_to_neither(entry, second_entry, way_out, operator):
    came(entry)
    assert second_entry.answer() == "hold already_inside"
    assert let_through(second_entry, operator, "AB12CDE") == "open operator"
    assert stays() == [("AB12CDE", False, "orphan_read")]
    ParkingSession.objects.update(entered_at=ago(hours=5))
    first = uuid.uuid4()
    assert way_out.answer(passage=first) == "hold doubt"
    assert let_through(way_out, operator, "AB12CDE", passage=first) == "open operator"
    way_out.tell("passed", first)
    assert way_out.answer() == "hold no_session"


def test_the_same_plate_hours_later_is_a_missed_exit_and_the_first_stay_costs_nothing(
    park, entry, operator
):
    inside(park, hours=30)
    assert entry.answer() == "hold already_inside"
    assert let_through(entry, operator, "AB12CDE") == "open operator"
    assert stays() == [("AB12CDE", True, "missed_exit"), ("AB12CDE", False, "")]


def test_the_same_plate_on_the_same_day_may_be_a_clone_and_a_person_compares_the_pictures(
    park, entry, way_out, operator
):
    inside(park, hours=3)
    assert let_through(entry, operator, "AB12CDE") == "open operator"
    assert stays() == [("AB12CDE", True, "missed_exit"), ("AB12CDE", False, "cloned")]
    ParkingSession.objects.filter(left_at=None).update(entered_at=ago(hours=2))
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "hold doubt"
    settle(ParkingSession.objects.get(left_at=None), by=operator, why="One car", at=now())
    assert way_out.answer(passage=car) == "hold due"
