"""What a provider may tell, and what forgers and broken lines get."""

import json
from datetime import timedelta as td

import pytest
from django.utils import timezone

from billing.models import Payment, WebhookEvent
from billing.payments import start_checkout
from tests.billing.town import car, deliver, told


@pytest.fixture
def checkout(town):
    return start_checkout(car(town), timezone.now())


def nothing_kept():
    return not Payment.objects.exists() and not WebhookEvent.objects.exists()


def test_a_paid_checkout_is_credited_once(client, checkout):
    first, again = deliver(client, told(checkout)), deliver(client, told(checkout))
    assert (first.status_code, first.json()) == (200, {"outcome": "paid"})
    assert (again.status_code, again.json()) == (200, {"outcome": "seen before"})
    assert [one.amount for one in Payment.objects.all()] == [300]


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"Mock-Signature": ""}, "missing or malformed"),
        ({"Mock-Signature": "t=,v1="}, "missing or malformed"),
        ({"Mock-Signature": "t=٣,v1=x"}, "missing or malformed"),
        ({"Mock-Signature": "t=1,v1=é"}, "does not fit"),
        ({"Mock-Signature": "t=" + "9" * 5000}, "missing or malformed"),
        ({"Mock-Signature": "t=1795000000,v1=" + "0" * 64}, "does not fit"),
    ],
)
def test_a_forged_signature_keeps_nothing(client, checkout, headers, sentence):
    answer = deliver(client, told(checkout), **headers)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize("away", [td(minutes=-6), td(minutes=6), td(days=-3)])
def test_an_old_or_future_signature_keeps_nothing(client, checkout, away):
    answer = deliver(client, told(checkout), at=timezone.now() + away)
    assert answer.status_code == 400
    assert answer.json() == {"error": "The signature is too old, or from the future."}
    assert nothing_kept()


def test_a_signature_for_another_body_keeps_nothing(client, checkout):
    signed = deliver(client, told(checkout, type="other")).wsgi_request
    answer = deliver(client, told(checkout), **{"Mock-Signature": signed.headers["Mock-Signature"]})
    assert answer.status_code == 400
    assert nothing_kept()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b"[" * 100_000]
)
def test_what_is_no_event_keeps_nothing(client, checkout, body):
    answer = deliver(client, body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": ""},
        {"id": "x" * 101},
        {"id": "a\0b"},
        {"reference": "\ud800"},
        {"reference": 7},
        {"reference": ["x"]},
        {"amount": "300"},
        {"amount": 300.0},
        {"amount": True},
        {"amount": 10**900},
        {"currency": "POUNDS"},
        {"type": None},
    ],
)
def test_a_wrong_field_is_named_and_keeps_nothing(client, checkout, wrong):
    answer = deliver(client, told(checkout, **wrong))
    assert answer.status_code == 400
    assert f"'{next(iter(wrong))}'" in answer.json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize("missing", ["id", "type", "reference", "amount", "currency"])
def test_a_missing_field_is_named(client, checkout, missing):
    event = told(checkout)
    del event[missing]
    assert f"'{missing}'" in deliver(client, event).json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize("wrong", [{"amount": 299}, {"currency": "EUR"}, {"reference": "unknown"}])
def test_what_was_not_asked_for_is_kept_for_a_person(client, checkout, wrong):
    answer = deliver(client, told(checkout, **wrong))
    assert answer.status_code == 200
    assert answer.json()["outcome"].endswith("kept for a person")
    assert not Payment.objects.exists()
    assert WebhookEvent.objects.count() == 1


def test_events_of_no_interest_are_taken_note_of_and_forgotten(client, checkout):
    answer = deliver(client, told(checkout, type="checkout.expired"))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "nothing to do"})
    assert nothing_kept()


def test_an_unknown_provider_is_told_which_there_are(client, db):
    answer = deliver(client, {}, address="/webhooks/moonbank/")
    assert answer.status_code == 404
    assert (
        answer.json()["error"] == "no payment provider 'moonbank' for page; there are: mock, stripe"
    )


def test_practice_money_pays_nothing_where_real_money_does(client, checkout, settings):
    settings.PAYMENT_PROVIDER = "moonbank"
    assert deliver(client, told(checkout)).status_code == 400
    assert nothing_kept()
    assert client.get(f"/card/{checkout.reference}/").status_code == 404


def test_only_posts_are_webhooks(client, db):
    assert client.get("/webhooks/mock/").status_code == 405


def test_an_answer_is_json_even_for_a_body_that_is_not(client, db):
    assert json.loads(deliver(client, b"<html>").content)["error"] == "The body is not JSON."
