"""The practice card page: the only thing it tells the car park is a signed webhook over HTTP."""

import re

import httpx
import pytest
from django.utils import timezone

from billing import links
from billing.models import Payment
from billing.payments import start_checkout
from tests.billing.town import car, deliver, make_town, minutes, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(live_server):
    with httpx.Client(base_url=live_server.url, follow_redirects=True, trust_env=False) as client:
        yield client


@pytest.fixture
def checkout(live_server):
    return start_checkout(car(make_town()), timezone.now())


def card(checkout):
    return f"/card/{checkout.reference}/"


def press(phone, page, button=None):
    """Send the form of a page, as pressing one of its buttons does."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    pressed = {"csrfmiddlewaretoken": token, **({button: "1"} if button else {})}
    return phone.post(str(page.url), data=pressed)


def test_the_whole_way_of_a_payment_without_scripts(phone, live_server):
    session = car(make_town())
    page = phone.get("/pay/town/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    page = phone.post("/pay/town/", data={"plate": "ab12 cde", "csrfmiddlewaretoken": token})
    assert "Is this your car?" in page.text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    shown = re.search(r'name="shown" value="(\d+)"', page.text)[1]
    to_card = re.search(r'action="([^"]+checkout/)"', page.text)[1]
    page = phone.post(to_card, data={"csrfmiddlewaretoken": token, "shown": shown})
    assert "No money moves." in page.text
    assert "3.00 GBP" in page.text
    page = press(phone, page)
    assert page.url.path.endswith("/done/")
    assert "Paid.<br>Leave by" in page.text
    session.refresh_from_db()
    assert session.settled_until > timezone.now()
    page = phone.get(re.search(r'href="(/receipt/[^"]+)"', page.text)[1])
    assert "Receipt: 3.00 GBP" in page.text


def test_a_declined_card_pays_nothing(phone, checkout):
    page = press(phone, phone.get(card(checkout)), "decline")
    assert "The card was declined. Nothing was paid." in page.text
    assert "Pay 3.00 GBP" in page.text
    assert not Payment.objects.exists()


def test_a_page_that_was_paid_takes_no_more(phone, checkout):
    page = phone.get(card(checkout))
    press(phone, page)
    for answer in (phone.get(card(checkout)), press(phone, page), press(phone, page, "decline")):
        assert answer.status_code == 410
        assert "This was paid already." in answer.text
    assert Payment.objects.count() == 1


def test_a_price_that_is_no_longer_open_is_refused(phone, checkout):
    page = phone.get(card(checkout))
    checkout.expires_at = timezone.now()
    checkout.save()
    for answer in (phone.get(card(checkout)), press(phone, page)):
        assert answer.status_code == 410
        assert "This price is no longer open. Nothing was paid" in answer.text
    assert not Payment.objects.exists()


def test_paying_again_from_the_start_closes_the_first_tab(phone, checkout):
    page = phone.get(card(checkout))
    session = checkout.session
    session.entered_at -= minutes(60)
    session.save()
    assert start_checkout(session, timezone.now()).amount == 450
    assert press(phone, page).status_code == 410
    assert not Payment.objects.exists()


def test_pressed_twice_it_is_paid_once(phone, checkout, client):
    page = phone.get(card(checkout))
    deliver(client, told(checkout))  # the first press's webhook, while its answer was lost
    assert press(phone, page).status_code == 410
    assert [one.amount for one in Payment.objects.all()] == [300]


def test_there_is_no_page_for_an_unknown_checkout(phone, live_server):
    assert phone.get("/card/unknown/").status_code == 404


def test_the_way_back_is_a_fresh_link_to_the_same_stay(phone, checkout):
    checkout.expires_at = timezone.now()
    checkout.save()
    back = re.search(r'href="/pay/town/([^/]+)/"', phone.get(card(checkout)).text)[1]
    assert links.session_of(back, checkout.session.car_park) == checkout.session
