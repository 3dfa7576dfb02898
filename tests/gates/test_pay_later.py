"""An exit that lets a driver pay later, its words, and the list of who did not."""

from datetime import timedelta as td

import pytest
from django.utils import timezone

from billing.models import Unpaid
from gates import displays
from gates.models import Passage
from parking.models import CarPark, ParkingSession
from tests.gates.room import browser, person, queries, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def later_park(park):
    CarPark.objects.update(pay_later=24)
    park.refresh_from_db()
    return park


def inside(park, plate="AB12CDE", **span):
    entered = timezone.now() - td(**(span or {"hours": 1, "minutes": 30}))
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=entered)


def overdue(park, count=1):
    CarPark.objects.update(pay_later=24)
    now = timezone.now()
    for number in range(count):
        stay = inside(park, f"KL{number:02}MNO", days=2, minutes=20)
        stay.left_at = now - td(days=2)
        stay.save()
        Unpaid.objects.create(
            session=stay, amount=300, let_out_at=stay.left_at, due_by=now - td(days=1)
        )


def test_the_exit_opens_and_says_until_when(later_park, way_out):
    stay = inside(later_park)
    told = way_out.ask().json()
    row = Unpaid.objects.get()
    until = row.due_by.astimezone(later_park.zone)
    assert (told["decision"], told["reason"], row.session, row.amount) == (
        "open",
        "pay_later",
        stay,
        300,
    )
    assert told["message"] == (
        f"Goodbye. Please pay 3.00 GBP by {until:%A} {until.day} {until:%B}, {until:%H:%M}: "
        "type your plate at our pay page."
    )


def test_the_screen_shows_the_price_and_the_code_while_the_arm_goes_up(later_park, way_out):
    inside(later_park)
    told = way_out.ask().json()
    screen = browser().get(displays.address(way_out.lane).removeprefix("http://127.0.0.1:8000"))
    assert "3.00 GBP" in text(screen)
    assert "<svg viewBox" in text(screen)
    way_out.tell("passed", told["passage"])
    screen = browser().get(displays.address(way_out.lane).removeprefix("http://127.0.0.1:8000"))
    assert "<svg" not in text(screen)


def test_an_answer_asked_for_again_is_the_same_and_counts_once(later_park, way_out):
    inside(later_park)
    first = way_out.ask().json()
    again = way_out.ask(passage=first["passage"]).json()
    assert again == first
    assert Unpaid.objects.count() == 1


def test_without_hours_the_exit_holds(park, way_out):
    inside(park)
    assert way_out.answer() == "hold due"


def test_who_owes_from_the_last_time_is_held(later_park, way_out):
    overdue(later_park)
    inside(later_park, "KL00MNO")
    assert way_out.answer("KL00MNO") == "hold due"


def test_the_pay_page_takes_it_later(later_park, way_out, client):
    inside(later_park)
    way_out.ask()
    page = text(client.post("/pay/town/", {"plate": "AB12CDE"}, follow=True))
    assert "It has left." in page
    assert "Please pay by" in page
    assert "Pay 3.00 GBP" in page


def test_a_driver_leaves_an_address(later_park, client):
    stay = inside(later_park)
    page = client.post("/pay/town/", {"plate": "AB12CDE"})
    assert "within 24 hours" in text(client.get(page.url))
    told = client.post(page.url + "remind/", {"email": "ann@example.com"})
    assert "We will remind you once" in text(told)
    assert Unpaid.objects.get(session=stay).email == "ann@example.com"
    wrong = client.post(page.url + "remind/", {"email": "ann"})
    assert (wrong.status_code, Unpaid.objects.get().email) == (422, "ann@example.com")


def test_where_nobody_pays_later_no_address_is_taken(park, client):
    inside(park)
    page = client.post("/pay/town/", {"plate": "AB12CDE"})
    assert client.post(page.url + "remind/", {"email": "a@b.example"}).status_code == 409
    assert Unpaid.objects.count() == 0


def test_the_stream_says_it_in_words(later_park, way_out, room):
    inside(later_park)
    way_out.ask()
    assert "Opened: 3.00 GBP to be paid later" in text(room.get("/passages/"))
    assert Passage.objects.get().reason == "pay_later"


def test_the_list_and_writing_off(park, room, operator):
    overdue(park, 2)
    page = text(room.get("/unpaid/"))
    assert (page.count("Write off 3.00 GBP"), "KL00MNO" in page) == (2, True)
    row = Unpaid.objects.first()
    assert "Let out owing; to be paid by" in text(room.get(f"/stays/{row.session_id}/"))
    answer = room.post(f"/unpaid/{row.pk}/write-off/", {"why": "A funeral"}, follow=True)
    assert f"{row.session.plate} is written off." in text(answer)
    row.refresh_from_db()
    assert (row.written_off_by, row.why) == (operator, "A funeral")
    assert "olivia" in text(room.get("/unpaid/?show=written_off"))
    assert "by olivia: A funeral" in text(room.get(f"/stays/{row.session_id}/"))


def test_writing_off_needs_a_reason(park, room):
    overdue(park)
    row = Unpaid.objects.get()
    answer = room.post(f"/unpaid/{row.pk}/write-off/", {"why": ""}, follow=True)
    assert "Say why it is written off, in a few words." in text(answer)
    row.refresh_from_db()
    assert row.written_off_at is None


@pytest.mark.parametrize(
    ("role", "looks", "writes"),
    [("operator", 200, 302), ("auditor", 200, 403), ("reviewer", 403, 403), (None, 403, 403)],
)
def test_who_may(park, role, looks, writes):
    overdue(park)
    someone = browser(person(role))
    row = Unpaid.objects.get()
    assert someone.get("/unpaid/").status_code == looks
    assert someone.post(f"/unpaid/{row.pk}/write-off/", {"why": "So"}).status_code == writes


def test_a_longer_list_asks_no_more(park, room):
    overdue(park, 2)
    few = queries(room, "/unpaid/")
    Unpaid.objects.all().delete()
    ParkingSession.objects.all().delete()
    overdue(park, 30)
    assert queries(room, "/unpaid/") == few


def test_an_empty_list_says_what_to_do(park, room):
    page = text(room.get("/unpaid/"))
    assert "This car park lets nobody pay later" in page
