"""A vehicle asks: what the lane is answered, and what becomes of the stay."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.payments import receive, start_checkout
from billing.providers import PaidEvent
from gates.models import Answer, Passage
from parking.models import BlockedPlate, ParkingSession, Permit
from tests.billing.town import never_priced


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


def inside(park, plate, **span):
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=ago(**span))


def test_a_visitor_comes_in_and_leaves_within_the_free_minutes(entry, way_out):
    first = entry.ask("ab12 cde").json()
    assert (first["decision"], first["reason"], first["plate"]) == ("open", "visitor", "AB12CDE")
    assert first["message"] == "Welcome."
    assert way_out.answer("AB12 CDE") == "open free"
    stay = ParkingSession.objects.get()
    assert (stay.pk, stay.plate) == (first["session"], "AB12CDE")
    assert stay.left_at is not None


def test_a_visitor_who_stayed_longer_is_held_pays_and_leaves(park, way_out):
    stay = inside(park, "AB12CDE", hours=2, minutes=30)
    car = uuid.uuid4()
    held = way_out.ask(passage=car).json()
    assert (held["decision"], held["reason"]) == ("hold", "due")
    assert held["due"] == {"amount": 450, "currency": "GBP"}
    assert held["message"] == "Please pay 4.50 GBP on your phone."
    assert held["ask_again_after"] == 1
    promised = start_checkout(stay, ago())
    receive(PaidEvent("mock", "evt_1", promised.reference, 450, "GBP"), ago())
    assert way_out.answer(passage=car) == "open settled"
    assert [str(one) for one in Answer.objects.all()] == ["hold due", "open settled"]


def test_queueing_at_the_exit_is_free(park, way_out):
    stay = inside(park, "AB12CDE", minutes=61)
    way_out.ask(seen_at=ago(minutes=1))
    ParkingSession.objects.update(waiting_since=stay.entered_at + timedelta(minutes=60))
    assert way_out.ask().json()["due"]["amount"] == 150  # by now it would be 300


def test_a_permit_opens_both_ways(park, entry, way_out):
    Permit.objects.create(
        car_park=park, plate="PE12MIT", holder="Smith & Co", starts_at=ago(days=1)
    )
    assert entry.answer("PE12MIT") == "open permit"
    assert way_out.answer("PE12MIT") == "open permit"


def test_a_permit_granted_meanwhile_is_just_another_answer(park, way_out):
    inside(park, "AB12CDE", hours=5)
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "hold due"
    Permit.objects.create(car_park=park, plate="AB12CDE", holder="Guest", starts_at=ago(days=1))
    assert way_out.answer(passage=car) == "open permit"


def test_a_permit_that_is_over_opens_nothing_for_free(park, entry):
    Permit.objects.create(
        car_park=park, plate="AB12CDE", holder="Late", starts_at=ago(days=2), ends_at=ago(days=1)
    )
    assert entry.answer("AB12CDE") == "open visitor"


def test_a_neighbour_of_a_permit_by_one_character_is_a_visitor(park, entry):
    Permit.objects.create(car_park=park, plate="AB12CDE", holder="Smith", starts_at=ago(days=1))
    assert entry.answer("AB12CDF") == "open visitor"


@pytest.mark.parametrize(
    ("permits", "blocked", "read", "comes_in", "leaves"),
    [
        (["VAN1TY0"], [], "VAN1TYO", "open permit", "open permit"),
        (["OIL1Q"], [], "01L10", "open permit", "open permit"),
        (["AB10", "ABIO"], [], "ABIO", "open permit", "open permit"),
        # Two plates look like the read one: a visitor to the arm, and charged nothing.
        (["ABIO", "AB1O"], [], "AB10", "hold full", "open free"),
        (["AB12CDF", "AB12CD"], [], "AB12CDE", "hold full", "hold due"),
        (["AB10"], ["ABIO"], "AB10", "refuse blocked", "open permit"),
        ([], ["ABIO", "AB1O"], "AB10", "refuse blocked", "hold due"),
        ([], ["AB12CDF"], "AB12CDE", "hold full", "hold due"),
    ],
)
def test_what_a_camera_cannot_tell_apart_is_one_plate(
    park, entry, way_out, permits, blocked, read, comes_in, leaves
):
    park.places = 0
    park.save()
    for plate in permits:
        Permit.objects.create(car_park=park, plate=plate, starts_at=ago(days=1))
    for plate in blocked:
        BlockedPlate.objects.create(car_park=park, plate=plate, starts_at=ago(days=1))
    assert entry.answer(read) == comes_in
    ParkingSession.objects.update(voided_at=ago())
    inside(park, read, hours=5)
    assert way_out.answer(read) == leaves


@pytest.mark.parametrize("lane", ["entry", "way_out"])
def test_plates_that_look_the_same_ask_the_database_nothing_more(park, lane, request):
    box = request.getfixturevalue(lane)

    def asked():
        ParkingSession.objects.update(voided_at=ago())
        with CaptureQueriesContext(connection) as queries:
            box.ask("AB10")
        return len(queries)

    Permit.objects.create(car_park=park, plate="AB10", starts_at=ago(days=1))
    one = asked()
    for plate in ("ABIO", "AB1O", "ABI0", "ABIQ"):
        Permit.objects.create(car_park=park, plate=plate, starts_at=ago(days=1))
    assert asked() == one


def test_a_blocked_plate_is_refused(park, entry):
    BlockedPlate.objects.create(car_park=park, plate="BAD1", why="theft", starts_at=ago(days=1))
    assert entry.answer("BAD 1") == "refuse blocked"
    assert ParkingSession.objects.count() == 0


def test_full_for_visitors_but_not_for_permit_holders(park, entry):
    park.places = 1
    park.save()
    Permit.objects.create(car_park=park, plate="PE12MIT", holder="Smith", starts_at=ago(days=1))
    assert entry.answer("FIRST1") == "open visitor"
    second = uuid.uuid4()
    assert entry.answer("SECOND2", passage=second) == "hold full"
    assert entry.answer("PE12MIT") == "open permit"
    ParkingSession.objects.filter(plate="FIRST1").update(left_at=ago())
    assert entry.answer("SECOND2", passage=second) == "open visitor"


@pytest.mark.parametrize(
    "read",
    [
        {"plate": None},
        {"plate": ""},
        {"plate": "AB12CDE", "confidence": 0.4},
        {"plate": "AB12CDE", "confidence": None},  # unknown is never 100 %
    ],
)
def test_what_cannot_be_read_surely_is_held(entry, way_out, read):
    assert entry.answer(**read) == "hold unreadable"
    assert way_out.answer(**read) == "hold unreadable"
    assert ParkingSession.objects.count() == 0


def test_the_same_ask_again_gets_the_same_answer(entry):
    car, seen = uuid.uuid4(), datetime.now(UTC)
    first = entry.ask(passage=car, seen_at=seen)
    assert entry.ask(passage=car, seen_at=seen).json() == first.json()
    assert (Passage.objects.count(), ParkingSession.objects.count()) == (1, 1)


def test_an_open_exit_stays_open_for_an_answer_lost_on_the_way(park, entry, way_out):
    entry.ask()
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "open free"
    assert way_out.answer(passage=car) == "open free"


def test_one_car_before_two_lanes_is_one_stay(entry, second_entry):
    assert entry.answer() == "open visitor"
    assert second_entry.answer() == "hold already_inside"
    assert ParkingSession.objects.count() == 1


def test_an_exit_without_a_stay_is_held_for_a_person(way_out):
    told = way_out.ask("GH0ST").json()
    assert (told["decision"], told["reason"], told["due"]) == ("hold", "no_session", None)


def test_a_stay_with_a_doubt_is_not_charged_by_machine(park, way_out):
    stay = inside(park, "AB12CDE", hours=5)
    ParkingSession.objects.filter(pk=stay.pk).update(doubt="correction")
    told = way_out.ask().json()
    assert (told["reason"], told["due"], told["pay_url"]) == ("doubt", None, None)


def test_the_plate_of_another_stay_read_first_does_not_stop_its_clock(park, way_out):
    wrong, right = inside(park, "AB12CDF", hours=5), inside(park, "AB12CDE", hours=5)
    car = uuid.uuid4()
    way_out.ask("AB12CDF", passage=car)
    way_out.ask("AB12CDE", passage=car)
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert wrong.waiting_since is None
    assert right.waiting_since == Passage.objects.get().seen_at


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_lane_with_a_wild_clock_cannot_time_a_stay(entry, year):
    entry.ask(seen_at=datetime(year, 1, 1, tzinfo=UTC))
    stay = ParkingSession.objects.get()
    assert stay.doubt == "clock"
    assert abs(stay.entered_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_another_lanes_passage_is_a_conflict(entry, second_entry):
    car = uuid.uuid4()
    entry.ask(passage=car)
    told = second_entry.ask(passage=car)
    assert told.status_code == 409
    assert told.json()["error"].startswith("This passage belongs to another lane")


def test_a_car_park_without_prices_traps_nobody(park, way_out):
    never_priced(park)
    inside(park, "AB12CDE", hours=5)
    assert way_out.answer() == "open free"
