"""Permits as a vehicle meets them at the lanes: pools, hours, lanes, visits, neighbours."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.quotes import quote
from gates.models import Answer, Passage
from parking.models import CarPark, ParkingSession, Permit, Pool
from parking.rules.permits import DAYS
from tests.gates.conftest import lane_box

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def acme(park):
    """A firm with ten plates, of which three may be inside at once."""
    pool = Pool.objects.create(car_park=park, name="Acme", at_once=3)
    for number in range(10):
        permit(park, f"ACME{number}", holder="Acme", pool=pool)
    return pool


def permit(park, plate="AB12CDE", **facts):
    facts = {"holder": "Smith & Co", "starts_at": timezone.now() - timedelta(days=1), **facts}
    return Permit.objects.create(car_park=park, plate=plate, **facts)


def today_only(park, begins, ends):
    """Hours of this weekday around now: so many hours from now each, by the car park's clock."""
    now = timezone.now()
    local = [(now + each * HOUR).astimezone(park.zone) for each in (begins, ends)]
    return [
        {"days": [local[0].weekday()], "from": f"{local[0]:%H:%M}", "until": f"{local[1]:%H:%M}"}
    ]


def enters_long_ago(park, plate, hours, **facts):
    entered = timezone.now() - hours * HOUR
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=entered, **facts)


def drives(lane, plate="AB12CDE"):
    """It asks, and is gone through the lane; the answer as one word."""
    told = lane.ask(plate).json()
    lane.tell("passed", told["passage"])
    return f"{told['decision']} {told['reason']}"


def open_permits(park):
    return sorted(park.inside().exclude(permit=None).values_list("plate", flat=True))


def test_the_fourth_of_a_pool_is_a_paying_visitor_and_is_told_before_it_drives_in(
    park, acme, entry
):
    assert [entry.answer(f"ACME{n}") for n in range(3)] == ["open permit"] * 3
    told = entry.ask("ACME7").json()
    assert (told["decision"], told["reason"]) == ("open", "visitor")
    assert told["message"] == (
        "Welcome. All 3 places of your firm are taken: you are a paying visitor."
    )
    assert open_permits(park) == ["ACME0", "ACME1", "ACME2"]


def test_the_fourth_of_a_pool_pays_and_the_others_do_not(park, acme, entry, way_out):
    for n in range(4):
        entry.answer(f"ACME{n}")
    ParkingSession.objects.update(entered_at=timezone.now() - 2 * HOUR)
    assert [way_out.answer(f"ACME{n}") for n in range(4)] == [*["open permit"] * 3, "hold due"]


def test_a_place_of_a_pool_is_free_again_when_its_vehicle_has_left(park, acme, entry, way_out):
    for n in range(3):
        entry.answer(f"ACME{n}")
    way_out.answer("ACME1")
    assert entry.answer("ACME9") == "open permit"
    assert acme.inside().count() == 3


def test_a_full_car_park_holds_the_fourth_of_a_pool_and_says_why(park, acme, entry):
    park.places = 0
    park.save()
    assert [entry.answer(f"ACME{n}") for n in range(4)] == [*["open permit"] * 3, "hold full"]
    passage = Passage.objects.get(plate="ACME3")
    assert passage.ruling["why"] == "all places of 'Acme' taken, 3 of 3"
    entry.ask("ACME3", passage=passage.pk)


def test_a_place_that_becomes_free_lets_the_waiting_one_in(park, acme, entry, way_out):
    park.places = 0
    park.save()
    for n in range(3):
        entry.answer(f"ACME{n}")
    waits = entry.ask("ACME3").json()["passage"]
    way_out.answer("ACME0")
    assert entry.answer("ACME3", passage=waits) == "open permit"
    told = list(Answer.objects.filter(passage=waits).values_list("reason", "ruling__place"))
    assert told == [("full", "pool Acme, place 4 of 3"), ("permit", "pool Acme, place 3 of 3")]


def test_whoever_backs_out_of_the_entry_gives_its_place_back(park, acme, entry):
    for n in range(2):
        entry.answer(f"ACME{n}")
    turned = entry.ask("ACME2").json()["passage"]
    entry.tell("backed_out", turned)
    assert entry.answer("ACME3") == "open permit"


def test_a_pools_plate_whose_exit_was_missed_takes_one_place_only(park, acme, entry, operator):
    for n in range(3):
        drives(entry, f"ACME{n}")
    again = Passage.objects.get(pk=entry.ask("ACME0").json()["passage"])
    assert again.reason == "already_inside"
    assert again.ruling["covers"]


def test_nobody_of_a_full_pool_is_trapped_whose_entry_was_missed(park, acme, entry, way_out):
    for n in range(3):
        entry.answer(f"ACME{n}")
    assert way_out.answer("ACME5") == "open permit"


def test_a_corrected_plate_of_the_same_pool_keeps_its_place(park, acme, entry, room):
    for n in range(2):
        entry.answer(f"ACME{n}")
    wrong = entry.ask("ACME2").json()["passage"]
    room.post(f"/passages/{wrong}/plate/", {"plate": "ACME8", "why": "by eye"})
    assert open_permits(park) == ["ACME0", "ACME1", "ACME8"]


def test_outside_its_hours_a_permit_opens_as_for_a_visitor_and_the_driver_knows(park, entry):
    permit(park, hours=today_only(park, 1, 2))
    told = entry.ask().json()
    assert (told["decision"], told["reason"]) == ("open", "visitor")
    assert "You pay for the time outside." in told["message"]
    assert any(day in told["message"] for day in DAYS)


def test_within_its_hours_the_driver_is_told_until_when(park, entry):
    permit(park, hours=today_only(park, -1, 1))
    told = entry.ask().json()
    assert (told["decision"], told["reason"]) == ("open", "permit")
    assert "; you pay for later time." in told["message"]


def test_only_the_time_within_the_hours_is_free(park, way_out):
    enters_long_ago(park, "AB12CDE", 4, permit=permit(park, hours=today_only(park, -5, -0.5)))
    told = way_out.ask().json()
    assert (told["reason"], told["due"]) == ("due", {"amount": 150, "currency": "GBP"})


def test_a_permit_for_other_lanes_does_not_open_here_and_does_open_every_exit(
    park, entry, second_entry, way_out
):
    permit(park, lanes=["south-entry"])
    told = entry.ask().json()
    assert (told["reason"], told["message"]) == (
        "visitor",
        "Welcome. Your permit is for south-entry, not for this lane: here you are a paying visitor.",
    )
    drives(way_out)
    assert drives(second_entry) == "open permit"
    assert drives(way_out) == "open permit"


def test_whoever_came_in_by_a_lane_that_the_permit_is_not_for_pays(park, entry, way_out):
    permit(park, lanes=["south-entry"])
    entry.answer()
    ParkingSession.objects.update(entered_at=timezone.now() - 2 * HOUR)
    assert way_out.answer() == "hold due"


def test_who_drives_in_under_anothers_arm_has_the_permit_that_would_have_opened(park, entry):
    """A pool that is full, another lane's permit, or a neighbour's, opens no more by tailgating."""
    CarPark.objects.update(places=0)
    full = Pool.objects.create(car_park=park, name="Acme", at_once=1)
    enters_long_ago(park, "ACME1", 1, permit=permit(park, "ACME1", pool=full))
    permit(park, "ACME2", pool=full)
    permit(park, "N0TH3RE", lanes=["south-entry"])
    permit(park, "AB12CDE")
    permit(park, "AB12CDF")
    neighbours = [
        {"plate": "AB12CDE", "probability": 0.93},
        {"plate": "AB12CDF", "probability": 0.06},
    ]
    held = [
        entry.ask("ACME2").json(),
        entry.ask("N0TH3RE").json(),
        entry.ask("AB12CDE", confidence=0.93, candidates=neighbours).json(),
    ]
    assert [one["decision"] for one in held] == ["hold"] * 3
    for one in held:
        entry.tell("passed", one["passage"])
    assert park.inside().count() == 4
    assert open_permits(park) == ["ACME1"]


def test_a_pass_for_one_visit_opens_once(park, entry, way_out):
    permit(park, visitor=True, visits=1)
    assert [drives(entry), drives(way_out), drives(entry)] == [
        "open permit",
        "open permit",
        "open visitor",
    ]


def test_a_visit_that_backed_out_is_none(park, entry):
    permit(park, visitor=True, visits=1)
    entry.tell("backed_out", entry.ask().json()["passage"])
    assert entry.answer() == "open permit"


def test_a_one_character_neighbour_is_a_visitor_like_any_other(park, entry):
    permit(park, "AB12CDE")
    told = entry.ask("AB12CDF").json()
    assert (told["reason"], told["message"]) == ("visitor", "Welcome.")
    assert Passage.objects.get(plate="AB12CDF").ruling == {}


def test_a_read_that_could_be_another_permits_plate_waits_for_a_person(park, entry, room):
    for plate in ("AB12CDE", "AB12CDF"):
        permit(park, plate)
    both = [{"plate": "AB12CDE", "probability": 0.92}, {"plate": "AB12CDF", "probability": 0.06}]
    told = entry.ask("AB12CDE", confidence=0.92, candidates=both).json()
    assert (told["decision"], told["reason"]) == ("hold", "unreadable")
    room.post(f"/passages/{told['passage']}/plate/", {"plate": "AB12CDF", "why": "by eye"})
    again = entry.ask("AB12CDE", passage=told["passage"], confidence=0.92, candidates=both)
    assert again.json()["reason"] == "permit"
    assert ParkingSession.objects.get().permit.plate == "AB12CDF"


def test_a_permit_that_ended_lately_is_told_of_and_an_old_one_is_not(park, entry):
    now = timezone.now()
    permit(park, "NEW1", starts_at=now - 9 * HOUR, ends_at=now - HOUR)
    permit(park, "OLD1", starts_at=now - timedelta(days=90), ends_at=now - timedelta(days=60))
    assert "Your permit ended on" in entry.ask("NEW1").json()["message"]
    assert entry.ask("OLD1").json()["message"] == "Welcome."


def test_a_permit_to_come_hides_none_that_is_valid(park, entry):
    permit(park, starts_at=timezone.now() + HOUR)
    permit(park)
    assert entry.answer() == "open permit"


def test_a_permit_beside_a_full_pool_opens(park, acme, entry):
    for n in range(3):
        entry.answer(f"ACME{n}")
    permit(park, "ACME4")
    assert entry.answer("ACME4") == "open permit"
    assert ParkingSession.objects.get(plate="ACME4").permit.pool is None


def test_a_stay_told_late_takes_a_place_of_its_pool_or_pays(park, acme, entry):
    for n in range(3):
        entry.answer(f"ACME{n}")
    arrival = {"passage": "0" * 32, "seen_at": timezone.now().isoformat(), "plate": "ACME3"}
    arrival |= {"confidence": 0.99}
    passage = "11111111-1111-1111-1111-111111111111"
    entry.tell("decided_offline", passage, arrival=arrival, decision="open", reason="alone")
    assert ParkingSession.objects.get(plate="ACME3").permit is None
    assert Passage.objects.get(pk=passage).ruling["why"] == "all places of 'Acme' taken, 3 of 3"


def test_a_pool_counts_in_its_own_car_park(acme, entry, db):
    from parking.models import CarPark

    other = CarPark.objects.create(slug="west", name="West")
    west = lane_box(other, "west-entry", "in")
    assert west.answer("ACME0") == "open visitor"


def test_all_spellings_of_a_rival_count_together(park, entry):
    for plate in ("AB12CDE", "AB10CDE"):
        permit(park, plate)
    told = [("AB12CDE", 0.985), ("AB10CDE", 0.006), ("ABI0CDE", 0.006)]
    candidates = [{"plate": plate, "probability": share} for plate, share in told]
    assert entry.answer("AB12CDE", confidence=0.985, candidates=candidates) == "hold unreadable"
    assert entry.answer("AB12CDE", confidence=0.985, candidates=candidates[:2]) == "open permit"


def test_asking_for_a_plain_permit_takes_no_more_questions_than_for_none(park, entry):
    def questions(plate):
        with CaptureQueriesContext(connection) as asked:
            entry.ask(plate)
        return len(asked)

    permit(park)
    assert questions("AB12CDE") == questions("ZZ99ZZZ")


def misread_at_the_entry(entry, way_out):
    """AB12CDE comes in as AB12CDF, stays for two hours and is read well at the exit."""
    doubtful = [
        {"plate": "AB12CDF", "probability": 0.94},
        {"plate": "AB12CDE", "probability": 0.06},
    ]
    assert entry.answer("AB12CDF", confidence=0.94, candidates=doubtful) == "open visitor"
    ParkingSession.objects.update(entered_at=timezone.now() - 2 * HOUR)
    sure = [{"plate": "AB12CDE", "probability": 0.99}, {"plate": "AB12CDF", "probability": 0.01}]
    return way_out.answer("AB12CDE", confidence=0.99, candidates=sure)


def test_a_permit_holder_who_was_misread_at_the_entry_leaves_by_his_permit(park, entry, way_out):
    permit(park, "AB12CDE")
    assert misread_at_the_entry(entry, way_out) == "open permit"
    assert ParkingSession.objects.get().left_at is not None


def test_who_left_by_the_permit_of_his_plate_owes_nothing_and_is_no_case_for_a_person(
    park, entry, way_out
):
    smith = permit(park, "AB12CDE")
    misread_at_the_entry(entry, way_out)
    stay = ParkingSession.objects.get()
    offer = quote(stay, timezone.now())
    assert (stay.permit, stay.doubt, offer.due, offer.permitted) == (smith, "", 0, True)


def test_a_visitor_who_was_misread_at_the_entry_pays(park, entry, way_out):
    assert misread_at_the_entry(entry, way_out) == "hold due"


def test_a_doubtful_plate_that_could_be_of_a_pool_waits_for_a_person(park, acme, entry):
    doubtful = [{"plate": "ACME1", "probability": 0.6}, {"plate": "ACNE1", "probability": 0.3}]
    assert entry.answer("ACME1", confidence=0.6, candidates=doubtful) == "hold unreadable"
    other = [{"plate": "ZCME1", "probability": 0.6}, {"plate": "ZCNE1", "probability": 0.3}]
    assert entry.answer("ZCME1", confidence=0.6, candidates=other) == "open visitor"
