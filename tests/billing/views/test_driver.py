"""The driver's pages, as a phone without scripts gets them."""

import re
from datetime import timedelta as td

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from billing import links, payments
from billing.links import By
from billing.models import Checkout, Payment
from parking.models import CarPark, ParkingSession
from tests.billing.town import (
    DEARER,
    always_priced,
    car,
    deliver,
    make_town,
    minutes,
    never_priced,
    told,
)


def text(response):
    """What a page says, without its marks."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body).replace("&#x27;", "'").replace("&minus;", "-").strip()


def asked(client, plate):
    return client.post("/pay/town/", {"plate": plate})


def stay_page(client, session, by=By.LANE):
    """The page as who stands before the lane's display sees it; others see less of the times."""
    return client.get(links.pay_path(session, session.car_park, by))


def check_out(client, session, shown=300):
    address = links.pay_path(session, session.car_park) + "checkout/"
    return client.post(address, {"shown": shown})


def pay(client, session):
    check_out(client, session, "")
    deliver(client, told(session.checkouts.latest("pk")))


def test_money_that_comes_while_the_page_is_made_is_on_it_with_its_time_to_leave(client, town):
    session = car(town)
    check_out(client, session)
    waiting = [told(Checkout.objects.get())]

    def late(execute, sql, *rest):
        if "SUM(" in sql and waiting:  # the stay was read, and what was paid for it is read now
            deliver(Client(), waiting.pop())
        return execute(sql, *rest)

    with connection.execute_wrapper(late):
        assert "Leave by" in text(stay_page(client, session))
    assert waiting == []


# ---- the plate ----


def test_the_first_page_asks_one_question(client, town):
    page = client.get("/pay/town/")
    assert page.status_code == 200
    assert "What is your number plate?" in text(page)


def test_a_car_park_that_is_not_there(client, db):
    assert client.get("/pay/nowhere/").status_code == 404


@pytest.mark.parametrize("typed", ["AB12CDE", "ab12 cde", "AB-12-CDE", "АВ12СDЕ", "ABI2CDE"])
def test_the_plate_is_found_in_any_spelling(client, town, typed):
    car(town)
    page = client.post("/pay/town/", {"plate": typed}, follow=True)
    assert "Is this your car? AB12CDE" in text(page)


def test_a_plate_that_is_not_inside(client, town):
    page = client.post("/pay/town/", {"plate": "NOT1HERE"}, follow=True)
    assert page.status_code == 200
    assert "We did not see your car come in." in text(page)
    assert "Nothing is charged until somebody has looked." in text(page)


def test_inside_or_not_the_answer_has_the_same_form_and_no_plate_in_it(client, town):
    car(town)
    there, gone = asked(client, "AB12CDE"), asked(client, "ZZ99ZZZ")
    assert there.status_code == gone.status_code == 302
    assert len(there.url) == len(gone.url)
    assert there.headers.keys() == gone.headers.keys()
    for answer in (there, gone):
        assert "AB12CDE" not in answer.url
        assert "ZZ99ZZZ" not in answer.url


def test_a_car_in_another_car_park_is_not_found(client, town):
    car(make_town("harbour"))
    assert "We did not see" in text(client.post("/pay/town/", {"plate": "AB12CDE"}, follow=True))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the plate of your car."),
        ("---", "A number plate has at least one letter or digit."),
        ("A" * 13, "A number plate has at most 12 letters and digits."),
        ("A" * 200, "A number plate has at most 12 letters and digits."),
        ("🚗", "is not a number plate: use the letters A-Z and digits only."),
        ("A\0B", "Null characters are not allowed."),
    ],
)
def test_what_is_no_plate_gets_a_sentence(client, town, typed, sentence):
    page = asked(client, typed)
    assert page.status_code == 200
    assert sentence in text(page)


def test_a_script_in_the_plate_is_shown_as_text(client, town):
    page = asked(client, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# ---- nearly the plate, or a part of it ----


def typed(client, plate, **more):
    return client.post("/pay/town/", {"plate": plate}, follow=True, **more)


@pytest.mark.parametrize(
    "nearly",
    ["AB12CDX", "AB12CD", "B12CDE", "AB12CCDE", "12CDE", "I2CDE"],
    ids=["one wrong", "the last lacks", "the first lacks", "one too many", "the end", "as drawn"],
)
def test_nearly_the_plate_shows_the_car_to_pick(client, town, nearly):
    session = car(town)
    page = typed(client, nearly)
    assert "Which is your car?" in text(page)
    assert "AB12CDE This is my car" in text(page)
    chosen = re.search(r'class="car-choice" href="([^"]+)"', page.content.decode())[1]
    assert chosen == links.pay_path(session, town)
    assert "Is this your car? AB12CDE" in text(client.get(chosen))


@pytest.mark.parametrize(
    "too_little",
    ["CDE", "2CDE", "AB12", "AB12C", "AX12CDX", "12CED", "AB"],
    ids=["three", "four", "begin", "longer begin", "two wrong", "turned round", "two"],
)
def test_too_little_of_a_plate_is_answered_like_a_plate_that_is_not_there(client, town, too_little):
    car(town)
    little, nobody = asked(client, too_little), asked(client, "ZZ99ZZZ")
    assert (little.status_code, len(little.url)) == (nobody.status_code, len(nobody.url))
    told, page = client.get(little.url), client.get(nobody.url)
    assert told.content == page.content
    assert "We did not see your car come in." in text(told)


def test_a_picked_car_is_paid_and_no_other(client, town):
    first, second = car(town), car(town, plate="AB12CDF")
    page = typed(client, "AB12CDX").content.decode()
    addresses = re.findall(r'class="car-choice" href="([^"]+)"', page)
    assert addresses == [links.pay_path(first, town), links.pay_path(second, town)]
    client.post(addresses[1] + "checkout/", {"shown": 300})
    deliver(client, told(Checkout.objects.get()))
    dues = [payments.quote(one, timezone.now()).due for one in (first, second)]
    second.refresh_from_db()
    assert dues[0] == 300
    assert payments.quote(second, timezone.now()).settled


def test_more_cars_than_one_can_look_at_are_shown_to_nobody(client, town):
    for letter in "ABCDF":
        car(town, plate=f"KL34MN{letter}")
    assert "We did not see your car come in." in text(typed(client, "KL34MNX"))


def test_all_answers_have_one_form(client, town):
    car(town)
    answers = [asked(client, plate) for plate in ("AB12CDE", "AB12CDX", "ZZ99ZZZ", "CDE")]
    assert {answer.status_code for answer in answers} == {302}
    assert len({len(answer.url) for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1


def test_the_link_of_several_cars_pays_for_none(client, town):
    session = car(town)
    address = asked(client, "AB12CDX").url
    for page in ("checkout/", "done/"):
        answer = client.post(address + page) if page == "checkout/" else client.get(address + page)
        assert "Which is your car?" in text(answer)
    assert client.get(address + "plate.jpg").status_code == 404
    assert client.get(address + "car.jpg").status_code == 404
    assert session.checkouts.count() == 0


# ---- what a stranger sees ----


def test_who_typed_a_plate_sees_the_hour_it_came_and_not_the_minute(client, town):
    session = car(town)
    came = session.entered_at.astimezone(town.zone)
    page = stay_page(client, session, By.TYPED)
    after = (came + td(hours=1)).strftime("%H")
    assert f"It came between {came:%H}:00 and {after}:00" in text(page)
    assert f"{came:%H:%M}" not in text(page) or came.minute == 0
    assert came.strftime("%Y-%m-%dT") not in page.content.decode()


def test_who_typed_a_plate_sees_no_receipt_but_who_paid_does(client, town):
    session = car(town)
    check_out(client, session)
    deliver(client, told(Checkout.objects.get()))
    assert ": receipt" in text(stay_page(client, session, By.TYPED))
    stranger = Client()
    seen = stay_page(stranger, session, By.TYPED)
    assert "Paid. Leave by" in text(seen)
    assert ": receipt" not in text(seen)


def test_to_begin_to_pay_shows_no_more(client, town):
    session = car(town)
    check_out(client, session)
    assert "It came between" in text(stay_page(client, session, By.TYPED))


def test_the_displays_link_is_spent_when_the_car_has_gone(client, town):
    session = car(town)
    address = links.pay_path(session, town, By.LANE)
    ParkingSession.objects.update(left_at=timezone.now() - td(minutes=9))
    assert client.get(address).status_code == 200
    ParkingSession.objects.update(left_at=timezone.now() - td(minutes=11))
    page = client.get(address)
    assert page.status_code == 404
    assert "This link is too old, or was for another car. Type your plate to go on." in text(page)


# ---- the price ----


def test_the_price_and_why(client, town):
    page = text(stay_page(client, car(town)))
    assert "Here for 1 h 30 min" in page
    assert "2 steps of 1 h at 1.50 GBP" in page
    assert page.count("Pay 3.00 GBP") == 1


def test_days_and_hours_are_two_lines_and_a_sum(client, town):
    page = text(stay_page(client, car(town, ago=td(days=2, minutes=50))))
    assert "2 days at most 12.00 GBP each" in page
    assert "1 step of 1 h at 1.50 GBP" in page
    assert "To pay 25.50 GBP" in page


def test_a_free_stay_tells_until_when(client, town):
    session = car(town, ago=minutes(3))
    until = (session.entered_at + minutes(15)).astimezone(town.zone)
    page = text(stay_page(client, session))
    assert "There is nothing to pay." in page
    assert f"Until {until:%H:%M}" in page
    assert "Pay " not in page


def test_times_are_those_of_the_car_park(client, town):
    CarPark.objects.update(timezone="America/New_York")
    session = car(town)
    there = session.entered_at.astimezone(CarPark.objects.get().zone)
    assert f"since {there:%H:%M}" in text(stay_page(client, session))


def test_a_doubtful_stay_is_held_in_words_and_cannot_be_paid(client, town):
    session = car(town, doubt="clock")
    assert "Nothing is charged until somebody has looked." in text(stay_page(client, session))
    answer = check_out(client, session)
    assert answer.status_code == 409
    assert "Somebody is looking at this stay." in text(answer)
    assert Checkout.objects.count() == 0


def test_a_car_that_has_left(client, town):
    session = car(town, ago=minutes(20), left_at=timezone.now() - minutes(6))
    assert "This car has left." in text(stay_page(client, session))


def test_a_car_that_left_without_paying_may_still_pay(client, town):
    session = car(town, ago=minutes(91), left_at=timezone.now() - td(seconds=30))
    assert "It has left. It was here for 1 h 30 min" in text(stay_page(client, session))
    pay(client, session)
    assert "This car has left." in text(stay_page(client, session))


def test_a_car_that_turned_back_at_the_entry(client, town):
    page = text(stay_page(client, car(town, voided_at=timezone.now())))
    assert "This car did not come in." in page


def test_a_car_park_without_prices_charges_nothing(client, town):
    session = car(town)
    never_priced(town)
    assert "There is nothing to pay." in text(stay_page(client, session))
    assert check_out(client, session).status_code == 409


def test_a_link_stays_the_same_while_a_lane_asks_each_second(town):
    session = car(town)
    assert links.token(session) == links.token(session)


def test_a_forged_or_spent_link_leads_back_to_the_plate(client, town):
    yesterday = int((timezone.now() - td(days=1)).timestamp()) // links.BEAT
    token = links.signer().sign_object([By.TYPED, [f"{car(town).pk:09}"], yesterday])
    spent = f"/pay/town/{token}/"
    for address in (spent, "/pay/town/forged/", "/pay/town/1/checkout/", "/pay/town/1/done/"):
        page = client.post(address) if "checkout" in address else client.get(address)
        assert page.status_code == 404
        assert "This link is too old, or was for another car." in text(page)
        assert "What is your number plate?" in text(page)


def test_a_link_opens_no_stay_of_another_car_park(client, town):
    there = links.pay_path(car(make_town("harbour")), town)
    assert client.get(there).status_code == 404


@pytest.mark.parametrize("page", ["", "done/"])
def test_nothing_is_kept_by_browsers_and_nothing_is_told_to_others(client, town, page):
    session = car(town)
    answer = client.get(links.pay_path(session, town) + page)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


# ---- paying ----


def test_pay_leads_to_the_card_page(client, town):
    answer = check_out(client, car(town))
    assert answer.status_code == 302
    assert answer.url == f"http://testserver/card/{Checkout.objects.get().reference}/"


def test_a_double_click_is_one_checkout(client, town):
    session = car(town)
    assert check_out(client, session).url == check_out(client, session).url
    assert Checkout.objects.count() == 1


@pytest.mark.parametrize("shown", ["1", "-300", "0", "3e2", "99999999999999999999"])
def test_an_amount_changed_in_the_page_charges_nothing(client, town, shown):
    answer = check_out(client, car(town), shown)
    assert answer.status_code == 409
    assert "The price has changed since this page was opened." in text(answer)
    assert "Pay 3.00 GBP" in text(answer)
    assert Checkout.objects.count() == 0


def test_paying_needs_the_forms_own_token(town):
    strict = Client(enforce_csrf_checks=True)
    session = car(town)
    assert check_out(strict, session).status_code == 403
    assert asked(strict, "AB12CDE").status_code == 403


def test_back_from_the_card_page_the_driver_waits_for_the_webhook(client, town):
    session = car(town)
    check_out(client, session)
    page = client.get(links.pay_path(session, town) + "done/")
    assert "Waiting for your payment" in text(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    assert "?looked=1" in page.content.decode()


def test_the_waiting_page_ends_with_what_to_do(client, town):
    session = car(town)
    check_out(client, session)
    for looked in ("60", "999"):
        page = client.get(links.pay_path(session, town) + f"done/?looked={looked}")
        assert "We have had no word of a payment." in text(page)
        assert 'http-equiv="refresh"' not in page.content.decode()
    for looked in ("-1", "x", "²", "9" * 5000):
        page = client.get(links.pay_path(session, town) + "done/", {"looked": looked})
        assert "Waiting for your payment" in text(page)


def test_once_paid_the_page_tells_until_when_to_leave(client, town):
    session = car(town)
    pay(client, session)
    session.refresh_from_db()
    until = session.settled_until.astimezone(town.zone)
    for page in ("", "done/"):
        answer = client.get(links.pay_path(session, town) + page)
        assert f"Paid. Leave by {until:%H:%M}" in text(answer)
        assert re.search(r'data-seconds="(89\d|900)"', answer.content.decode())


def test_paying_at_the_barrier_says_that_it_opens(client, town):
    session = car(town, waiting_since=timezone.now())
    assert "Time at the exit is not counted." in text(stay_page(client, session))
    pay(client, session)
    assert "Paid. The barrier opens by itself." in text(stay_page(client, session))


def test_a_payment_that_is_not_enough_leaves_only_the_rest(client, town):
    session = car(town)
    check_out(client, session)
    ParkingSession.objects.update(entered_at=session.entered_at - td(hours=2))
    deliver(client, told(Checkout.objects.get()))
    page = text(client.get(links.pay_path(session, town) + "done/"))
    assert "Paid already -3.00 GBP" in page
    assert "Pay 3.00 GBP" in page


def test_two_drivers_pay_each_for_their_own_stay(client, town):
    mine, other = car(town), car(town, plate="XY34ZZZ")
    pay(client, mine)
    assert payments.quote(other, timezone.now()).due == 300
    assert "Pay 3.00 GBP" in text(stay_page(client, other))


# ---- the receipt ----


def receipt(client, payment):
    return client.get(f"/receipt/{payment.receipt}/")


def test_a_receipt_says_what_was_paid_for_and_how_to_dispute_it(client, town):
    session = car(town)
    pay(client, session)
    payment = Payment.objects.get()
    page = text(receipt(client, payment))
    came = session.entered_at.astimezone(town.zone)
    for fact in (
        "Receipt: 3.00 GBP",
        "AB12CDE",
        f"{came:%H:%M}",
        "2 steps of 1 h at 1.50 GBP",
        payment.reference,
        "Practice card (no money moved)",
        "Is something wrong?",
    ):
        assert fact in page


def test_a_receipt_stays_the_same_when_prices_change(client, town):
    pay(client, car(town))
    before = text(receipt(client, Payment.objects.get()))
    always_priced(town, DEARER)
    assert text(receipt(client, Payment.objects.get())) == before


def test_the_receipt_of_a_second_payment_adds_up(client, town):
    session = car(town)
    pay(client, session)
    ParkingSession.objects.update(settled_until=None, entered_at=session.entered_at - td(hours=1))
    pay(client, session)
    page = text(receipt(client, Payment.objects.latest("pk")))
    assert "3 steps of 1 h at 1.50 GBP" in page
    assert "Paid before -3.00 GBP Paid 1.50 GBP" in page


def test_a_refund_has_a_receipt_as_well(client, town):
    pay(client, car(town))
    payment = Payment.objects.get()
    entry = payments.refund(
        payment, amount=150, by=None, why="<b>gift</b>", now=timezone.now()
    ).entry
    page = receipt(client, entry)
    assert "Given back: 1.50 GBP" in text(page)
    assert "&lt;b&gt;gift&lt;/b&gt;" in page.content.decode()


def test_nobody_guesses_a_receipt(client, town):
    pay(client, car(town))
    assert client.get("/receipt/1/").status_code == 404
    assert len(Payment.objects.get().receipt) >= 32


@pytest.mark.parametrize("under", ["receipt", "card"])
def test_an_address_with_a_character_that_no_database_keeps(client, town, under):
    assert client.get(f"/{under}/%00/").status_code == 404


# ---- it is not my car, or not my stay ----


def say_wrong(client, session, **told):
    return client.post(links.pay_path(session, session.car_park) + "wrong/", told, follow=True)


def test_the_first_answer_to_another_car_is_to_type_again(client, town):
    page = client.get(links.pay_path(car(town), town) + "wrong/")
    assert "Is this another car than yours?" in text(page)
    assert 'href="/pay/town/">Yes: type my plate again' in page.content.decode()


def test_a_dispute_suspends_the_stay(client, town):
    session = car(town)
    page = text(say_wrong(client, session, what="times", words="I came at noon"))
    assert "Somebody has to look at your stay first." in page
    assert "You told us that something is wrong with your stay." in page
    assert "Nothing is charged until somebody has looked." in page
    assert check_out(client, session).status_code == 409


@pytest.mark.parametrize("told", [{}, {"what": "else"}, {"what": "times", "words": "x" * 141}])
def test_a_dispute_that_says_nothing_is_asked_again(client, town, told):
    session = car(town)
    page = say_wrong(client, session, **told)
    assert page.status_code == 422
    assert session.doubts.count() == 0


def test_disputes_are_few_from_one_address(client, town):
    stays = [car(town, plate=f"KL3{number}MNO") for number in range(4)]
    answers = [say_wrong(client, stay, what="never").status_code for stay in stays]
    assert answers == [200, 200, 200, 429]
    assert [stay.doubts.count() for stay in stays] == [1, 1, 1, 0]


def test_looking_at_the_dispute_page_changes_nothing(client, town):
    session = car(town)
    client.get(links.pay_path(session, town) + "wrong/?what=times")
    assert session.doubts.count() == 0


# ---- what goes wrong ----


def test_the_queue_at_the_exit_costs_nothing_however_long_it_takes(client, town):
    """It came to the exit an hour and a half after it came in, and has stood there for three hours."""
    now = timezone.now()
    session = car(town, now=now, ago=td(hours=4, minutes=30), waiting_since=now - td(hours=3))
    page = text(stay_page(client, session))
    assert "Here for 1 h 30 min" in page
    assert "Time at the exit is not counted." in page
    assert "Pay 3.00 GBP" in page
    assert check_out(client, session, 300).status_code == 302
    assert Checkout.objects.get().amount == 300


def test_a_price_that_went_up_meanwhile_is_shown_before_it_is_paid(client, town):
    session = car(town)
    ParkingSession.objects.update(entered_at=session.entered_at - td(hours=1))
    page = check_out(client, session, 300)
    assert page.status_code == 409
    assert "The price has changed since this page was opened." in text(page)
    assert "Pay 4.50 GBP" in text(page)


def test_a_second_tab_after_it_was_paid_takes_nothing(client, town):
    session = car(town)
    pay(client, session)
    page = check_out(client, session, 300)
    assert page.status_code == 409
    assert "There is nothing to pay." in text(page)
    assert "Paid. Leave by" in text(page)
    assert Payment.objects.count() == 1


def test_a_link_with_another_stays_number_in_it_is_no_link(client, town):
    """The signature is of the whole token: neither number nor way nor time of it can be changed."""
    mine, other = car(town), car(town, plate="XY34ZZZ")
    head, signature = links.token(mine).rsplit(":", 1)
    forged = links.token(other).rsplit(":", 1)[0]
    assert client.get(f"/pay/town/{head}:{signature}/").status_code == 200
    for token in (f"{forged}:{signature}", f"{head}:{signature[:-1]}", head, f"{head}:"):
        page = client.get(f"/pay/town/{token}/")
        assert page.status_code == 404
        assert "Type your plate to go on." in text(page)


@pytest.mark.parametrize("payload", [[], ["t"], ["x", ["000000001"], 0], ["t", "no", 0], {}, 7])
def test_a_signed_token_of_another_shape_is_no_link(client, town, payload):
    token = links.signer().sign_object(payload)
    assert client.get(f"/pay/town/{token}/").status_code == 404
