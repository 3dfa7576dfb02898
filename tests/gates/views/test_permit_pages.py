"""Pages about permits: hours and lanes picked, pools, visitor passes, entitlements for a visit."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from billing.quotes import quote
from parking.models import Confirmation, Entitlement, ParkingSession, Permit, Pool
from tests.gates.room import browser, person, queries, text

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
WEEK = [0, 1, 2, 3, 4]


def permit_fields(**fields):
    return {"plate": "ab12 cde", "holder": "Smith", "starts_at": "2026-06-01T08:00", **fields}


def pool_fields(**fields):
    return {"name": "Acme", "at_once": 3, "plates": "ac11 aaa\n\nAC-22-AAA\nac11aaa", **fields}


@pytest.fixture
def stay(park):
    entered = timezone.now() - timedelta(hours=1, minutes=50)
    return ParkingSession.objects.create(car_park=park, plate="AB12CDE", entered_at=entered)


# hours and lanes


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ({}, []),
        (
            {"days": WEEK, "opens": "07:00", "closes": "19:00"},
            [{"days": WEEK, "from": "07:00", "until": "19:00"}],
        ),
        (
            {"opens": "22:00", "closes": "06:00"},
            [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "until": "06:00"}],
        ),
        ({"days": [5]}, [{"days": [5], "from": "00:00", "until": "00:00"}]),
    ],
)
def test_hours_are_picked_and_shown_again(park, entry, room, fields, hours):
    room.post("/permits/add/", permit_fields(**fields))
    permit = Permit.objects.get()
    assert permit.hours == hours
    again = room.get(f"/permits/{permit.pk}/").context["form"]
    shown = {name: again[name].value() or "" for name in ("days", "opens", "closes")}
    room.post(f"/permits/{permit.pk}/", permit_fields(**shown))
    permit.refresh_from_db()
    assert permit.hours == hours


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens": "07:00"}, "Give both times, or none for the whole day."),
        ({"closes": "07:00"}, "Give both times, or none for the whole day."),
        ({"opens": "7 in the morning", "closes": "19:00"}, "Enter a valid time."),
        ({"days": ["7"]}, "7 is not one of the available choices."),
        ({"lanes": ["back-door"]}, "back-door is not one of the available choices."),
        ({"visits": "0"}, "greater than or equal to 1"),
        ({"visits": "-1"}, "greater than or equal to 0"),
        ({"visits": "99999999999"}, "less than or equal to 1000"),
    ],
)
def test_what_is_wrong_is_said(park, entry, room, fields, words):
    response = room.post("/permits/add/", permit_fields(**fields))
    assert response.status_code == 422
    assert words in text(response)
    assert not Permit.objects.exists()


def test_only_entries_may_be_picked_and_a_lane_that_is_gone_stays_picked(
    park, entry, second_entry, way_out, room
):
    room.post("/permits/add/", permit_fields(lanes=["south-entry"]))
    permit = Permit.objects.get()
    assert permit.lanes == ["south-entry"]
    second_entry.lane.delete()
    choices = room.get(f"/permits/{permit.pk}/").context["form"]["lanes"]
    assert [value for value, _ in choices.field.choices] == ["north-entry", "south-entry"]


def test_further_hours_that_the_form_has_no_room_for_are_told_and_kept(park, entry, room):
    saturday = {"days": [5], "from": "08:00", "until": "12:00"}
    office = {"days": WEEK, "from": "07:00", "until": "19:00"}
    permit = Permit.objects.create(car_park=park, plate="AB12CDE", hours=[office, saturday])
    page = text(room.get(f"/permits/{permit.pk}/"))
    assert "Besides these it is valid Saturday 08:00-12:00." in page
    room.post(f"/permits/{permit.pk}/", permit_fields(days=WEEK, opens="08:00", closes="19:00"))
    permit.refresh_from_db()
    assert permit.hours == [{**office, "from": "08:00"}, saturday]


def test_the_list_says_what_each_permit_is_limited_to(park, entry, room):
    pool = Pool.objects.create(car_park=park, name="Acme", at_once=3)
    office = [{"days": WEEK, "from": "07:00", "until": "19:00"}]
    for number, facts in enumerate(
        (
            {"hours": office, "lanes": ["north-entry"]},
            {"visitor": True, "visits": 1},
            {"pool": pool},
        )
    ):
        Permit.objects.create(car_park=park, plate=f"AB{number}", holder="x", **facts)
    page = room.get("/permits/")
    assert {row.plate: row.terms for row in page.context["page"]} == {
        "AB0": ["Monday to Friday 07:00-19:00", "at north-entry"],
        "AB1": ["visitor pass", "1 visit"],
        "AB2": ["pool Acme"],
    }
    for chip, plates in (("visitors", ["AB1"]), ("pools", ["AB2"]), ("nonsense", 3)):
        shown = [row.plate for row in room.get("/permits/", {"show": chip}).context["page"]]
        assert shown == plates or len(shown) == plates


def test_the_list_takes_as_many_queries_for_twenty_pools_as_for_one(park, room):
    def of_pools(count):
        for _ in range(count):
            pool = Pool.objects.create(car_park=park, name=f"P{Pool.objects.count()}", at_once=1)
            Permit.objects.create(car_park=park, plate=f"A{pool.pk}", holder="x", pool=pool)
        return queries(room, "/permits/"), queries(room, "/permits/pools/")

    assert of_pools(1) == of_pools(20)


# pools


def test_an_empty_list_of_pools_teaches(park, room):
    assert "No pools yet. Add one with its firm's plates" in text(room.get("/permits/pools/"))


def test_a_pool_is_its_firms_plates_one_a_line(park, entry, room):
    response = room.post("/permits/pools/add/", pool_fields(), follow=True)
    pool = Pool.objects.get()
    assert sorted(pool.permits.values_list("plate", flat=True)) == ["AC11AAA", "AC22AAA"]
    assert "Acme: 2 plates added, 0 ended." in text(response)
    assert entry.answer("AC11AAA") == "open permit"


def test_a_line_taken_out_ends_that_plates_permit_and_one_put_back_begins_anew(park, entry, room):
    room.post("/permits/pools/add/", pool_fields())
    pool = Pool.objects.get()
    address = f"/permits/pools/{pool.pk}/edit/"
    assert room.get(address).context["form"]["plates"].value() == "AC11AAA\nAC22AAA"
    room.post(address, pool_fields(plates="AC22AAA"))
    assert entry.answer("AC11AAA") == "open visitor"
    room.post(address, pool_fields())
    assert [one.plate for one in pool.members(timezone.now()).order_by("plate")] == [
        "AC11AAA",
        "AC22AAA",
    ]
    assert pool.permits.count() == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "required"),
        ({"at_once": 0}, "greater than or equal to 1"),
        ({"at_once": 99999999999}, "less than or equal to 10000"),
        ({"plates": "AC11AAA\n???\n<b>"}, "Line 2: "),
        ({"plates": "\n".join(f"A{n}" for n in range(501))}, "at most 500 plates"),
        ({"name": "St Mary"}, "There is a pool of this name: change that one."),
    ],
)
def test_a_pool_that_is_wrong_gets_a_sentence(park, room, fields, words):
    Pool.objects.create(car_park=park, name="St Mary", at_once=1)
    response = room.post("/permits/pools/add/", pool_fields(**fields))
    assert response.status_code == 422
    assert words in text(response)
    assert (Pool.objects.count(), Permit.objects.count()) == (1, 0)


def test_a_pools_page_says_who_is_inside_and_who_pays(park, entry, room):
    room.post("/permits/pools/add/", pool_fields(at_once=1))
    pool = Pool.objects.get()
    assert "Nobody." in text(room.get(f"/permits/pools/{pool.pk}/"))
    for plate in ("AC11AAA", "AC22AAA", "ZZ99ZZZ"):
        entry.answer(plate)
    page = room.get(f"/permits/pools/{pool.pk}/")
    assert [stay.plate for stay, _ in page.context["inside"]] == ["AC11AAA"]
    assert [stay.plate for stay, _ in page.context["beside"]] == ["AC22AAA"]
    assert "Inside now: 1 of 1" in text(page)
    assert "All places are taken." in text(page)


def test_a_plate_of_a_pool_has_no_hours_of_its_own_to_change(park, entry, room):
    room.post("/permits/pools/add/", pool_fields(days=WEEK))
    permit = Permit.objects.get(plate="AC11AAA")
    assert "days" not in room.get(f"/permits/{permit.pk}/").context["form"].fields
    room.post(f"/permits/{permit.pk}/", permit_fields(plate="AC33AAA", days=[6]))
    permit.refresh_from_db()
    assert (permit.plate, permit.hours, permit.pool.hours[0]["days"]) == ("AC33AAA", [], WEEK)


def test_another_car_parks_pool_is_not_there(park, room):
    from parking.models import CarPark

    other = CarPark.objects.create(slug="west", name="West")
    pool = Pool.objects.create(car_park=other, name="Acme", at_once=1)
    badge = Entitlement.objects.create(car_park=other, name="Badge")
    assert room.get(f"/permits/pools/{pool.pk}/").status_code == 404
    assert room.post(f"/permits/pools/{pool.pk}/edit/", pool_fields()).status_code == 404
    assert room.post(f"/permits/entitlements/{badge.pk}/end/").status_code == 404


# visitor passes


def visitor_fields(**fields):
    return {"plate": "vi51 tor", "holder": "Plumber", "until": "tonight", **fields}


@pytest.mark.parametrize(("until", "days"), [("tonight", 0), ("tomorrow", 1), ("day", 9)])
def test_a_visitor_pass_ends_at_night(park, entry, room, until, days):
    last = timezone.now().astimezone(LONDON).date() + timedelta(days=days)
    later = {"last_day": last.isoformat()} if until == "day" else {}
    response = room.post("/permits/visitor/", visitor_fields(until=until, **later), follow=True)
    permit = Permit.objects.get()
    assert permit.ends_at == datetime(last.year, last.month, last.day, 23, 59, tzinfo=LONDON)
    assert (permit.visitor, permit.holder) == (True, "Plumber")
    assert f"VI51TOR may come until 23:59, {last.day} {last:%B}." in text(response)
    assert entry.answer("VI51TOR") == "open permit"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"plate": ""}, "Type the plate"),
        ({"holder": ""}, "required"),
        ({"until": "day"}, "Choose a day from today to a year from now."),
        ({"until": "day", "last_day": "2020-01-01"}, "Choose a day from today"),
        ({"until": "day", "last_day": "9999-12-31"}, "Choose a day from today"),
        ({"until": "day", "last_day": "31/02/x"}, "Enter a valid date."),
        ({"until": "never"}, "Select a valid choice"),
    ],
)
def test_a_visitor_pass_that_is_wrong_gets_a_sentence(park, room, fields, words):
    response = room.post("/permits/visitor/", visitor_fields(**fields))
    assert response.status_code == 422
    assert words in text(response)
    assert not Permit.objects.exists()


@pytest.mark.parametrize("visits", ["", "1"])
def test_a_pass_for_a_visitor_who_is_inside_already_covers_this_stay(
    park, stay, entry, way_out, room, visits
):
    room.post("/permits/visitor/", visitor_fields(plate="AB12CDE", visits=visits))
    assert quote(ParkingSession.objects.get(), timezone.now()).due == 0
    assert way_out.answer() == "open permit"
    assert entry.answer() == ("open visitor" if visits else "open permit")


# entitlements


def test_an_empty_list_of_entitlements_teaches(park, room, stay):
    assert "None yet. Add one, for instance a disabled badge" in text(
        room.get("/permits/entitlements/")
    )
    assert "There is nothing to confirm yet." in text(room.get(f"/stays/{stay.pk}/"))


def test_an_entitlement_is_added_and_ended(park, room, stay):
    address = "/permits/entitlements/"
    room.post(address, {"name": "Disabled badge", "hours": "3"})
    badge = Entitlement.objects.get()
    assert (badge.name, badge.free_for) == ("Disabled badge", timedelta(hours=3))
    twice = room.post(address, {"name": "Disabled badge", "hours": ""})
    assert (twice.status_code, "There is one of this name." in text(twice)) == (422, True)
    assert room.post(address, {"name": "x", "hours": "nan"}).status_code == 422
    assert room.post(address, {"name": "x", "hours": "-1"}).status_code == 422
    room.post(f"{address}{badge.pk}/end/")
    assert "confirmed no more" in text(room.get(address))
    assert "There is nothing to confirm yet." in text(room.get(f"/stays/{stay.pk}/"))


@pytest.fixture
def badge(park):
    return Entitlement.objects.create(car_park=park, name="Badge", free_for=timedelta(hours=1))


def confirmed(room, stay, badge, why="Badge shown"):
    fields = {"entitlement": badge.pk, "why": why}
    return room.post(f"/stays/{stay.pk}/entitlement/", fields, follow=True)


def test_a_confirmed_entitlement_is_recorded_and_the_price_follows(stay, badge, room, operator):
    assert quote(stay, timezone.now()).due == 300
    page = text(confirmed(room, stay, badge))
    kept = Confirmation.objects.get()
    assert (kept.session, kept.by, kept.why, kept.free_for) == (
        stay,
        operator,
        "Badge shown",
        timedelta(hours=1),
    )
    assert "Badge is confirmed for this stay." in page
    assert "olivia" in page
    assert quote(stay, timezone.now()).due == 150


def test_who_waits_at_the_exit_is_let_out_once_it_is_confirmed(park, stay, way_out, room):
    carer = Entitlement.objects.create(car_park=park, name="Carer")
    waits = way_out.ask().json()["passage"]
    assert way_out.answer(passage=waits) == "hold due"
    confirmed(room, stay, carer)
    assert way_out.answer(passage=waits) == "open free"


def test_a_confirmation_is_for_this_visit_only(park, stay, entry, way_out, room):
    carer = Entitlement.objects.create(car_park=park, name="Carer")
    confirmed(room, stay, carer)
    way_out.tell("passed", way_out.ask().json()["passage"])
    entry.answer()
    ParkingSession.objects.filter(left_at=None).update(
        entered_at=timezone.now() - timedelta(hours=2)
    )
    assert way_out.answer() == "hold due"


def test_twice_is_once_and_without_a_reason_it_is_not_confirmed(stay, badge, room):
    refused = room.post(f"/stays/{stay.pk}/entitlement/", {"entitlement": badge.pk, "why": " "})
    assert refused.status_code == 422
    assert "Say why, in a few words." in text(refused)
    assert not Confirmation.objects.exists()
    confirmed(room, stay, badge)
    confirmed(room, stay, badge, "again")
    assert Confirmation.objects.get().why == "Badge shown"


def test_a_withdrawn_confirmation_stays_to_be_seen_and_counts_no_more(stay, badge, room):
    confirmed(room, stay, badge)
    kept = Confirmation.objects.get()
    address = f"/entitlements/{kept.pk}/withdraw/"
    assert "Say why it is withdrawn" in text(room.post(address, {"why": ""}, follow=True))
    page = text(room.post(address, {"why": "Not the holder"}, follow=True))
    assert "Withdrawn by olivia" in page
    assert "Not the holder" in page
    room.post(address, {"why": "again"})
    kept.refresh_from_db()
    assert kept.withdrawn_why == "Not the holder"
    assert quote(stay, timezone.now()).due == 300
    confirmed(room, stay, badge, "It was the holder after all")
    assert Confirmation.objects.count() == 2


def test_what_is_changed_later_changes_no_confirmed_price(park, stay, room):
    carer = Entitlement.objects.create(car_park=park, name="Carer")
    confirmed(room, stay, carer)
    Entitlement.objects.update(free_for=timedelta(minutes=1))
    assert quote(stay, timezone.now()).due == 0


def test_an_auditor_sees_what_was_confirmed_and_confirms_nothing(stay, badge, room):
    confirmed(room, stay, badge)
    auditor = browser(person("auditor"))
    page = text(auditor.get(f"/stays/{stay.pk}/"))
    assert "Badge shown" in page
    assert "Confirm for this visit" not in page
    assert confirmed(auditor, stay, badge).status_code == 403


# the chain of reasons


def test_the_passage_shows_every_reason_to_whoever_may_see_it(park, entry, room):
    room.post("/permits/pools/add/", pool_fields(at_once=1, days=range(7), lanes=["north-entry"]))
    entry.answer("AC11AAA")
    passage = entry.ask("AC22AAA").json()["passage"]
    for someone in (room, browser(person("auditor"))):
        page = text(someone.get(f"/passages/{passage}/"))
        assert "Permit: it does not count here" in page
        for words in (
            "Matched pool &#x27;Acme&#x27;",
            "All places of &#x27;Acme&#x27; taken, 1 of 1",
            "Valid every day all day",
            "At lane north-entry",
            "All 1 places of your firm are taken",
        ):
            assert words in page
    assert "Opened for a visitor: all places of" in text(room.get("/lanes/north-entry/card/"))
