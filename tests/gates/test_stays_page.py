"""Stays: found by chip and by plate, and one stay with its pictures, price and money."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from parking.doubts import raise_doubt
from parking.models import CarPark, Doubt, ParkingSession, Permit
from tests.billing.town import never_priced
from tests.gates.room import browser, held, jpeg, person, queries, text


def stay(park, plate, ago=timedelta(hours=1), **facts):
    return ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=timezone.now() - ago, **facts
    )


def shown(response):
    """The plates of the rows, in their order."""
    return [row["stay"].plate for row in response.context["rows"]]


@pytest.fixture
def some_stays(park):
    now = timezone.now()
    permit = Permit.objects.create(car_park=park, plate="PE12MIT", holder="Smith & Co")
    stay(park, "AB12CDE")
    stay(park, "SETTLED", ago=timedelta(hours=2), settled_until=now + timedelta(minutes=9))
    stay(park, "L0NG", ago=timedelta(days=3))
    stay(park, "LEFT1", left_at=now)
    stay(park, "LEFT9", ago=timedelta(days=9), left_at=now - timedelta(days=8))
    stay(park, "D0UBT", ago=timedelta(hours=3), doubt=Doubt.CLOCK)
    stay(park, "PE12MIT", ago=timedelta(hours=4), permit=permit)


@pytest.mark.parametrize(
    ("show", "plates"),
    [
        ("inside", ["AB12CDE", "SETTLED", "D0UBT", "PE12MIT", "L0NG"]),
        ("settled", ["SETTLED"]),
        ("long", ["L0NG"]),
        ("left", ["LEFT1"]),
        ("doubt", ["D0UBT"]),
        ("", ["AB12CDE", "SETTLED", "D0UBT", "PE12MIT", "L0NG"]),
    ],
)
def test_chips_choose(some_stays, room, show, plates):
    assert shown(room.get("/stays/", {"show": show})) == plates


@pytest.mark.parametrize(
    ("find", "plates"),
    [
        ("ab12", ["AB12CDE"]),
        ("lo", ["L0NG"]),  # O and 0 count as alike
        ("left", ["LEFT1", "LEFT9"]),
        ("b-12 c", ["AB12CDE"]),
        ("smith", ["PE12MIT"]),
        ("<script>", []),
        ("%", []),
        ("🚗", []),
    ],
)
def test_a_part_of_a_plate_or_a_holder_finds_stays_of_any_state(some_stays, room, find, plates):
    response = room.post("/stays/", {"find": find})
    assert response.status_code == 200
    assert shown(response) == plates
    assert "<script>" not in text(response).split("<main", 1)[1]


def test_a_search_keeps_the_plate_out_of_every_address(some_stays, room):
    page = text(room.post("/stays/", {"find": "AB12"}))
    assert "find=" not in page
    assert "AB12CDE/" not in page


def test_a_search_goes_on_over_the_pages(park, room):
    for number in range(55):
        stay(park, f"CAR{number:02}", ago=timedelta(minutes=number))
    first = room.post("/stays/", {"find": "CAR"})
    assert "55 stays" in text(first)
    second = room.post("/stays/", {"find": "CAR", "page": 2, "show": "all"})
    assert shown(second) == [f"CAR{number:02}" for number in range(50, 55)]


def test_the_empty_list_teaches(park, room):
    assert "A stay begins when an entry lane lets a vehicle in" in text(room.get("/stays/"))
    assert "Try fewer characters" in text(room.post("/stays/", {"find": "ZZ99"}))


def test_the_list_takes_the_same_number_of_queries_for_one_row_and_for_twenty(park, entry, room):
    permit = Permit.objects.create(car_park=park, plate="PE12MIT", holder="Smith & Co")
    entry.send_picture(held(entry).pk, "plate", jpeg())
    stay(park, "PE12MIT", permit=permit)
    first = queries(room, "/stays/")
    for number in range(20):
        passage = held(entry, f"AB{number:02}CDE")
        entry.send_picture(passage.pk, "plate", jpeg())
    assert queries(room, "/stays/") == first


def test_a_stay_shows_both_pictures_its_price_and_its_money(entry, way_out, room):
    came = held(entry)
    entry.send_picture(came.pk, "plate", jpeg())
    session = ParkingSession.objects.get()
    ParkingSession.objects.update(entered_at=timezone.now() - timedelta(minutes=130))
    goes = held(way_out)
    way_out.send_picture(goes.pk, "plate", jpeg("red"))
    payment = session.payments.create(
        amount=150, currency="GBP", provider="mock", reference="1", paid_at=timezone.now()
    )
    page = text(room.get(f"/stays/{session.pk}/"))
    for passage in (came, goes):
        assert f"/pictures/{passage.pictures.get().pk}/" in page
    for words in ("3 steps of 1 h at 1.50 GBP", "4.50 GBP", "3.00 GBP", "at the exit"):
        assert words in page, words
    assert f"/receipt/{payment.receipt}" in page


def test_money_is_for_those_who_may_see_it(park, room):
    session = stay(park, "AB12CDE")
    assert "Payments" in text(room.get(f"/stays/{session.pk}/"))
    assert "Payments" not in text(browser(person("reviewer")).get(f"/stays/{session.pk}/"))


def test_a_doubt_is_told_in_words_and_nothing_is_due(park, room):
    session = stay(park, "AB12CDE")
    raise_doubt(session, Doubt.MISSED_EXIT, at=timezone.now())
    page = text(room.get(f"/stays/{session.pk}/"))
    assert "The vehicle came in again, so its exit was missed" in page
    assert ">held<" in page


def test_a_car_park_without_prices_says_so(park, room):
    never_priced(park)
    session = stay(park, "AB12CDE")
    assert "Parking is free here" in text(room.get(f"/stays/{session.pk}/"))


def test_times_are_the_car_parks_own(park, room):
    park.timezone = "Asia/Tokyo"
    park.save()
    session = ParkingSession.objects.create(
        car_park=park, plate="AB12CDE", entered_at=datetime(2026, 6, 1, 20, 30, tzinfo=UTC)
    )
    assert "2 Jun 05:30 JST" in text(room.get(f"/stays/{session.pk}/"))


def test_a_search_for_no_character_at_all(park, room):
    stay(park, "AB12CDE")
    assert shown(room.post("/stays/", {"find": "\0"})) == ["AB12CDE"]
    assert shown(room.post("/stays/", {"find": "AB\0 12"})) == ["AB12CDE"]


# doubts


def doubted(park, kind=Doubt.ORPHAN_READ, about="exit, 1 Jun 12:10"):
    session = stay(park, "AB12CDE", ago=timedelta(minutes=130))
    return raise_doubt(session, kind, about, at=timezone.now())


def settle_at(doubt):
    return f"/doubts/{doubt.pk}/settle/"


def test_each_doubt_is_shown_with_what_it_is_about(park, room):
    doubt = doubted(park)
    raise_doubt(doubt.session, Doubt.CLOCK, at=timezone.now())
    page = text(room.get(f"/stays/{doubt.session_id}/"))
    for words in (
        "Not certain.</b> Nothing is charged by machine",
        "This plate was seen in between, and that belongs to no stay (exit, 1 Jun 12:10)",
        "The lane&#x27;s clock and the server&#x27;s are too far apart.",
        "Settle this doubt",
    ):
        assert words in page, words


def test_a_settled_doubt_tells_who_and_why_and_the_stay_is_priced_again(park, room):
    doubt = doubted(park)
    assert ">held<" in text(room.get(f"/stays/{doubt.session_id}/"))
    response = room.post(settle_at(doubt), {"why": "Same car on both pictures"}, follow=True)
    page = text(response)
    assert "Settled by olivia: Same car on both pictures" in page
    assert "Not certain" not in page
    assert "4.50 GBP" in page.split("Due")[1]


def test_a_doubt_is_not_settled_without_a_reason(park, room):
    doubt = doubted(park)
    response = room.post(settle_at(doubt), {"why": " "})
    assert response.status_code == 422
    assert "Say what you looked at" in text(response)
    doubt.refresh_from_db()
    assert doubt.settled_at is None


def test_a_doubt_settled_twice_keeps_who_was_first(park, room):
    doubt = doubted(park)
    room.post(settle_at(doubt), {"why": "first"})
    room.post(settle_at(doubt), {"why": "second"})
    doubt.refresh_from_db()
    assert doubt.why == "first"


@pytest.mark.parametrize(("role", "status"), [("reviewer", 302), ("auditor", 403), (None, 403)])
def test_who_may_settle_a_doubt(park, role, status):
    doubt = doubted(park)
    seat = browser(person(role))
    assert seat.post(settle_at(doubt), {"why": "Looked"}).status_code == status
    assert seat.get(settle_at(doubt)).status_code == 405


def test_a_doubt_of_another_car_park_is_not_there(park, room):
    other = CarPark.objects.create(slug="west", name="West End")
    doubt = doubted(other)
    assert room.post(settle_at(doubt), {"why": "Looked"}).status_code == 404


def test_what_lacks_is_told_before_anybody_wrote_it_down(park, room):
    session = stay(park, "AB12CDE", entry_picture_by=timezone.now() - timedelta(minutes=30))
    page = text(room.get(f"/stays/{session.pk}/"))
    assert "Held:</b> there is no picture of the entry." in page
    assert ">held<" in page
    assert not session.doubts.exists()
