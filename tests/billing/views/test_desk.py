"""The desk's pages: a shift, a payment, bad input, and who may."""

import re
from datetime import timedelta

import pytest

from billing.models import Payment, Refund, Shift
from parking.models import CarPark
from tests.billing.town import car, make_town
from tests.gates.room import browser, person, queries, text


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def room(town):
    return browser(person("operator"))


@pytest.fixture
def session(town):
    return car(town)


def opened(room, amount="50"):
    return room.post("/desk/open/", {"desk": "Booth", "float_amount": amount})


def take(room, session, **typed):
    page = text(room.get(f"/desk/stays/{session.pk}/"))
    key = re.search(r'name="key" value="([^"]+)"', page)
    facts = {"way": "cash", "shown": 300, "key": key and key[1], "given": "5"}
    return room.post(f"/desk/stays/{session.pk}/take/", {**facts, **typed}, follow=True)


def test_a_shift_from_float_to_count(room, session):
    assert "Open your shift" in text(room.get("/desk/"))
    assert opened(room).status_code == 302
    found = text(room.post("/desk/", {"find": "ab1"}))
    assert f"/desk/stays/{session.pk}/" in found
    assert "3.00 GBP" in found
    page = text(take(room, session))
    assert "3.00 GBP taken. Change: 2.00 GBP." in page
    assert "Nothing is due." in page
    counted = room.post("/desk/close/", {"counted": "52.50"})
    assert counted.status_code == 422
    assert "That is 0.50 GBP less than the 53.00 GBP expected." in text(counted)
    closed = room.post("/desk/close/", {"counted": "52.50", "why": "a coin fell"}, follow=True)
    assert "-0.50 GBP</b> against what was expected: a coin fell" in text(closed)
    assert "Open your shift" in text(room.get("/desk/"))


def test_where_many_cars_are_missed_the_cashier_asks_and_takes(room, town):
    CarPark.objects.update(missed=0.04, usual_stay=timedelta(hours=1))
    stay = car(CarPark.objects.get())
    opened(room)
    assert "was this car here all the time?" in text(room.get(f"/desk/stays/{stay.pk}/"))
    assert take(room, stay).status_code == 409  # a page from before
    assert "3.00 GBP taken. Change: 2.00 GBP." in text(take(room, stay, stayed="on"))
    assert Payment.objects.get().amount == 300
    assert stay.doubts.get().why.startswith("The driver said that the car was here all the time")


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"given": "2.99"}, 422, "0.01 GBP is missing."),
        ({"given": ""}, 422, "Type how much cash was given."),
        ({"given": "-5"}, 422, "Type an amount of money in GBP, such as 12.50."),
        ({"given": "5.001"}, 422, "Type an amount of money in GBP"),
        ({"given": "1e9"}, 422, "Type an amount of money in GBP"),
        ({"given": "99999999"}, 422, "Type an amount of money in GBP"),
        ({"way": "terminal", "slip": " "}, 422, "Type the number on the terminal"),
        ({"shown": 1}, 409, "The price has changed since this page was opened."),
        ({"shown": 0}, 422, None),
        ({"shown": -300}, 422, None),
        ({"shown": "3.5"}, 422, None),
        ({"shown": 2**70}, 422, "is missing"),
        ({"key": "x"}, 422, None),
        ({"way": "gold"}, 422, None),
    ],
)
def test_what_cannot_be_taken_says_why_and_takes_nothing(room, session, typed, status, sentence):
    opened(room)
    answer = take(room, session, **{**typed, **({"given": "9" * 7} if "shown" in typed else {})})
    assert answer.status_code == status
    assert (sentence or "") in text(answer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"doubt": "clock"}, "Nothing is charged: this stay is in doubt"),
        ({"voided_at": "2026-01-01T00:00Z"}, "Nothing is due."),
    ],
)
def test_what_is_not_due_is_not_asked_for(room, town, facts, sentence):
    opened(room)
    session = car(town, plate="CD34EFG", **facts)
    page = text(room.get(f"/desk/stays/{session.pk}/"))
    assert sentence in page
    assert 'name="given"' not in page


def test_without_a_shift_there_is_no_till(room, session):
    assert room.get(f"/desk/stays/{session.pk}/")["location"] == "/desk/"
    assert room.post(f"/desk/stays/{session.pk}/take/", {})["location"] == "/desk/"


@pytest.mark.parametrize("amount", ["", "-1", "abc", "1.234", "9" * 30])
def test_a_float_that_is_no_money_opens_nothing(room, amount):
    assert opened(room, amount).status_code == 422
    assert not Shift.objects.exists()


def test_a_second_shift_is_refused_in_a_sentence(room):
    opened(room)
    answer = opened(room)
    assert answer.status_code == 409
    assert "ann has a shift open at Booth: close it first." in text(answer)


@pytest.mark.parametrize("role", ["reviewer", "engineer", "auditor"])
def test_who_takes_no_money_sees_no_desk(town, role):
    assert browser(person(role)).get("/desk/").status_code == 403


def test_a_shift_is_its_owners(room, town):
    opened(room)
    shift = Shift.objects.get()
    assert room.get(f"/desk/shifts/{shift.pk}/").status_code == 200
    assert room.get(f"/desk/shifts/{shift.pk}/openings/").status_code == 200
    assert room.get("/desk/shifts/999/").status_code == 404


def test_a_list_asks_no_more_for_more_stays(room, town):
    opened(room)
    car(town, plate="AB1")
    few = queries(room, "/desk/")
    for number in range(5):
        car(town, plate=f"AB2{number}")
    assert queries(room, "/desk/") == few


# Refunds --------------------------------------------------------------------------------------------


@pytest.fixture
def payment(room, session):
    opened(room)
    take(room, session)
    return Payment.objects.get()


def give(room, payment, **typed):
    facts = {"amount": "1.00", "why": "a step too many"}
    return room.post(f"/payments/{payment.pk}/refund/", {**facts, **typed}, follow=True)


def test_cash_goes_back_out_of_the_drawer_with_who_and_why(room, payment):
    assert "1.00 GBP went back." in text(give(room, payment))
    entry = Payment.objects.get(amount__lt=0)
    assert (entry.amount, entry.by.username, entry.why, entry.shift) == (
        -100,
        "ann",
        "a step too many",
        Shift.objects.get(),
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "3.01"}, "At most 3.00 GBP of this payment can be refunded."),
        ({"amount": "0"}, "At least 0.01 GBP."),
        ({"amount": "-1"}, "Type an amount of money"),
        ({"amount": ""}, "This field is required."),
        ({"why": " "}, "Say why it goes back, in a few words."),
    ],
)
def test_a_refund_that_cannot_be_says_why(room, payment, typed, sentence):
    assert sentence in text(give(room, payment, **typed))
    assert Payment.objects.count() == 1


def test_cash_needs_an_open_drawer(room, payment):
    room.post("/desk/close/", {"counted": "53.00"})
    assert "open a shift at the desk, for its drawer" in text(give(room, payment))
    assert not Refund.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "auditor"])
def test_who_may_not_refund_cannot(payment, role):
    client = browser(person(role, name="ben"))
    assert client.post(f"/payments/{payment.pk}/refund/", {}).status_code == 403
    assert "Give back" not in text(client.get(f"/stays/{payment.session_id}/"))


def test_a_corrected_stay_offers_what_was_too_much_with_one_button(room, payment):
    session = payment.session
    session.settled_until, session.entered_at = None, payment.paid_at
    session.save()
    page = text(room.get(f"/stays/{session.pk}/"))
    assert "Give 3.00 GBP back" in page
    stale = room.post(f"/stays/{session.pk}/give-back/", {"shown": 200}, follow=True)
    assert "What is owed back has changed." in text(stale)
    page = text(room.post(f"/stays/{session.pk}/give-back/", {"shown": 300}, follow=True))
    assert "3.00 GBP went back." in page
    assert "Give 3.00 GBP back" not in page
    assert sum(one.amount for one in Payment.objects.all()) == 0


def test_what_failed_waits_for_a_person(room, payment, django_user_model):
    asked = Refund.objects.create(
        payment=payment, amount=100, why="gift", asked_at=payment.paid_at, failed_at=payment.paid_at
    )
    assert "Take it off the list" in text(room.get("/money/refunds/"))
    room.post(f"/money/refunds/{asked.pk}/close/", {"why": ""})
    asked.refresh_from_db()
    assert asked.closed_at is None
    room.post(f"/money/refunds/{asked.pk}/close/", {"why": "given in cash"})
    assert "No money waits to go back." in text(room.get("/money/refunds/"))


def test_a_page_that_asks_changes_nothing(room, payment):
    assert room.get(f"/payments/{payment.pk}/refund/").status_code == 200
    assert room.get(f"/stays/{payment.session_id}/give-back/").status_code == 405
    assert Payment.objects.count() == 1
