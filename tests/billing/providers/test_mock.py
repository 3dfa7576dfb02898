"""The practice provider saves cards, charges them and gives money back, always the same way."""

import json
import re
from types import SimpleNamespace

import httpx
import pytest
from django.test import RequestFactory
from django.utils import timezone

from billing import payments
from billing.models import Payment, WebhookEvent
from billing.providers import (
    Back,
    Can,
    CannotDo,
    Card,
    CardSaved,
    Declined,
    Unreachable,
    called,
    mock,
    provider,
)
from billing.providers.mock import DECLINES_LATER, PAYS, REFUSED, SILENT, Mock
from tests.billing.town import car, deliver, make_town


def card(token):
    return Card("mock", "cus_1", token)


def charged(token, key="exit 1"):
    return Mock().charge(card(token), 300, "GBP", key, "Parking")


def test_the_same_key_is_the_same_charge():
    first, again, other = charged(PAYS), charged(PAYS), charged(PAYS, "exit 2")
    assert (first.amount, first.currency) == (300, "GBP")
    assert first == again
    assert first != other


def test_a_card_that_declines_later_says_so_to_its_driver():
    with pytest.raises(Declined, match="Nothing was charged") as no:
        charged(DECLINES_LATER)
    assert no.value.code == "card_declined"


def test_a_bank_that_does_not_answer_is_no_decline():
    with pytest.raises(Unreachable, match="does not answer"):
        charged(SILENT)


def test_a_refund_is_done_at_once():
    payment = SimpleNamespace(currency="GBP")
    first, again = Mock().refund(payment, 100, "refund 1"), Mock().refund(payment, 100, "refund 1")
    assert first == again
    assert (first.state, first.key, first.amount, first.currency) == (
        Back.DONE,
        "refund 1",
        100,
        "GBP",
    )


@pytest.mark.parametrize("name", ["cash", "terminal", "moonbank"])
def test_what_a_machine_cannot_charge_is_said_with_the_choices(name):
    with pytest.raises(CannotDo, match=f"no payment provider '{name}' for charge; there are: mock"):
        provider(name, Can.CHARGE)


def test_ways_of_paying_have_names_that_people_use():
    assert [called("terminal"), called("cash"), called("old")] == ["card terminal", "cash", "old"]


def test_a_card_shows_its_secret_name_to_nobody():
    assert "pays" not in repr(card(PAYS))


@pytest.fixture
def phone(live_server):
    with httpx.Client(base_url=live_server.url, follow_redirects=False, trust_env=False) as client:
        yield client


def save_page(live_server):
    agreement = SimpleNamespace(
        reference="agreement-1", car_park="Town", get_absolute_url=lambda: "/autopay/1/"
    )
    request = RequestFactory().get("/", SERVER_NAME=live_server.thread.host)
    return Mock().save_card(agreement, request).partition("/card/")[2]


def choose(phone, page, token):
    answer = phone.get(f"/card/{page}")
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)[1]
    return phone.post(f"/card/{page}", data={"csrfmiddlewaretoken": secret, "card": token})


@pytest.mark.django_db(transaction=True)
def test_a_driver_saves_a_card_and_comes_back(phone, live_server):
    page = save_page(live_server)
    answer = choose(phone, page, PAYS)
    assert (answer.status_code, answer.headers["location"]) == (302, "/autopay/1/")
    assert WebhookEvent.objects.get().outcome.startswith("no agreement agreement-1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("token", "sentence"),
    [(REFUSED, "The card was declined. Nothing was saved"), ("gold", "Choose a card.")],
)
def test_what_cannot_be_saved_says_why(phone, live_server, token, sentence):
    answer = choose(phone, save_page(live_server), token)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not WebhookEvent.objects.exists()


def test_an_address_of_ones_own_saves_no_card(client, db):
    assert client.get("/card/save/forged:address/").status_code == 404


def saved_event(**changed):
    told = {"id": "evt_7", "type": "card.saved", "reference": "agreement-1", "card": PAYS}
    return {**told, **changed}


def test_a_saved_card_is_told_by_a_signed_webhook(rf):
    body = json.dumps(saved_event()).encode()
    now = timezone.now()
    request = rf.post(
        "/webhooks/mock/",
        body,
        content_type="application/json",
        headers={"Mock-Signature": mock.sign(body, now.timestamp())},
    )
    event = Mock().read(request, now)
    assert isinstance(event, CardSaved)
    assert (event.reference, event.card.token, event.card.last4) == ("agreement-1", PAYS, "4242")


@pytest.mark.parametrize("token", [REFUSED, "gold", "", None])
def test_a_card_that_was_never_offered_is_refused(client, db, token):
    assert deliver(client, saved_event(card=token)).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_saved_card_pays_what_is_due_once(db):
    session, now = car(make_town()), timezone.now()
    payment = payments.charge(session, card(PAYS), now, about="Parking")
    assert (payment.amount, payment.provider) == (300, "mock")
    session.refresh_from_db()
    assert session.settled_until > now
    with pytest.raises(payments.NothingDue):
        payments.charge(session, card(PAYS), now, about="Parking")
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("token", "refusal"), [(DECLINES_LATER, Declined), (SILENT, Unreachable)])
def test_a_card_that_does_not_pay_leaves_the_pay_page_to_its_driver(db, token, refusal):
    session, now = car(make_town()), timezone.now()
    with pytest.raises(refusal):
        payments.charge(session, card(token), now, about="Parking")
    assert not Payment.objects.exists()
    page = payments.start_checkout(session, now)
    assert (page.how, page.amount) == ("page", 300)
    assert payments.still_open(session, now) == [page]
