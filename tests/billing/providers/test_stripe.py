"""Stripe's library against the double: pages, saved cards, refunds, webhooks, and all that goes wrong."""

import time
from datetime import timedelta as td
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import RequestFactory
from django.utils import timezone

from billing import links, payments, refunds
from billing.models import Checkout, Payment, Refund, WebhookEvent
from billing.providers import Back, Card, CardSaved, Declined, Unreachable
from billing.providers import stripe as ours
from billing.providers.stripe import Stripe
from tests.billing.practice import DECLINES_LATER, NO_FUNDS, PAYS, SECRET, deliver
from tests.billing.town import car


@pytest.fixture
def checkout(town, practice):
    return payments.start_checkout(car(town), timezone.now())


def credited():
    return [(one.amount, one.currency, one.provider) for one in Payment.objects.all()]


def refreshed(row):
    row.refresh_from_db()
    return row


def test_a_paid_page_is_credited_by_its_webhook_once(client, practice, checkout):
    answer = practice.pay(checkout)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"http://testserver/card/back/{checkout.reference}/",
    )
    told = [deliver(client, event).json()["outcome"] for event in [*practice.events] * 2]
    assert told == ["paid", "paid before", "seen before", "seen before"]
    assert credited() == [(300, "GBP", "stripe")]
    assert refreshed(checkout.session).settled_until > timezone.now()


def test_the_way_back_from_the_page_leads_to_the_stay(client, checkout):
    answer = client.get(f"/card/back/{checkout.reference}/")
    token = answer["location"].split("/")[3]
    assert answer["location"].endswith("/done/")
    assert links.session_of(token, checkout.session.car_park) == checkout.session
    assert client.get(f"/card/back/{checkout.reference}/?declined")["location"].endswith(
        "?declined"
    )
    assert client.get("/card/back/unknown/").status_code == 404


def test_the_page_asked_for_twice_is_one_page(practice, checkout):
    assert practice.open_page(checkout) == practice.open_page(checkout)
    assert len(practice.server.books.of("checkout.session")) == 1


def test_a_declined_card_says_so_and_pays_nothing(client, practice, checkout):
    answer = practice.pay(checkout, NO_FUNDS)
    assert answer.status_code == 402
    assert "Your card has insufficient funds. Nothing was paid." in answer.text
    assert (
        practice.http.post(practice.open_page(checkout), data={"decline": "1"}).status_code == 402
    )
    assert practice.events == []
    assert practice.pay(checkout).status_code == 303  # the same page takes another card


def test_a_page_that_was_expired_cannot_be_paid(practice, checkout):
    address = practice.open_page(checkout)
    assert payments.close(refreshed(checkout), timezone.now()) is True
    answer = practice.http.post(address, data={"number": PAYS})
    assert (answer.status_code, practice.money()) == (410, 0)
    assert "no longer open" in answer.text


def test_a_page_that_was_paid_cannot_be_expired_and_its_money_is_found(practice, checkout):
    practice.pay(checkout)
    assert payments.close(refreshed(checkout), timezone.now()) is False
    assert credited() == [(300, "GBP", "stripe")]


def test_another_price_closes_the_page_of_the_first_at_stripe(practice, checkout):
    address = practice.open_page(checkout)
    later = payments.start_checkout(checkout.session, timezone.now() + td(hours=1))
    assert practice.http.get(address).status_code == 410
    assert (refreshed(checkout).closed_at is not None, later.amount) == (True, 450)


def test_what_was_paid_in_the_other_tab_meanwhile_is_not_asked_for_again(practice, checkout):
    practice.pay(checkout)  # and its webhook is lost
    with pytest.raises(payments.NothingDue):
        payments.start_checkout(checkout.session, timezone.now() + td(hours=1))
    assert credited() == [(300, "GBP", "stripe")]


def test_an_answer_that_was_lost_is_found_by_our_own_reference(practice, checkout):
    address = practice.open_page(checkout)
    Checkout.objects.update(at_provider="")  # it was never written down
    practice.http.post(address, data={"number": PAYS})
    event = Stripe().look(refreshed(checkout))
    assert (event.reference, event.amount, event.currency) == (checkout.reference, 300, "GBP")


@pytest.mark.parametrize("fault", ["429", "500", "away"])
def test_stripe_in_trouble_is_said_with_what_to_do_and_loses_nothing(client, practice, town, fault):
    session = car(town)
    address = links.pay_path(session, town)
    practice.faults(*[fault] * 3)
    answer = client.post(f"{address}checkout/", {"shown": 300})
    assert answer.status_code == 503
    assert (
        "The card company does not answer at the moment. Nothing was paid."
        in answer.content.decode()
    )
    practice.server.faults.clear()
    answer = client.post(f"{address}checkout/", {"shown": 300})
    assert answer["location"].startswith(practice.server.base)
    assert session.checkouts.count() == 1


def test_a_lost_answer_is_asked_for_again_with_the_same_key(client, practice, town):
    practice.faults("lost")
    session = car(town)
    answer = client.post(f"{links.pay_path(session, town)}checkout/", {"shown": 300})
    assert answer.status_code == 302
    assert len(practice.server.books.of("checkout.session")) == 1


def test_a_slow_stripe_is_waited_for_no_longer_than_said(practice, checkout, settings):
    settings.STRIPE_TIMEOUT = 0.2
    practice.faults("slow", "slow", seconds=2)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        practice.open_page(checkout)
    assert time.monotonic() - began < 2


def test_while_stripe_is_away_a_second_price_is_not_opened_beside_the_first(practice, checkout):
    practice.open_page(checkout)
    practice.faults(*["away"] * 4)
    with pytest.raises(Unreachable):
        payments.start_checkout(checkout.session, timezone.now() + td(hours=1))
    assert checkout.session.checkouts.count() == 1


# Webhooks -------------------------------------------------------------------------------------------


@pytest.fixture
def paid(practice, checkout):
    """The event of a page that was paid."""
    practice.pay(checkout)
    return practice.event("checkout.session.completed")


def nothing_kept():
    return not Payment.objects.exists() and not WebhookEvent.objects.exists()


def changed(event, **about):
    return {**event, "data": {"object": {**event["data"]["object"], **about}}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_forged"},
        {"away": td(minutes=-6)},
        {"away": td(minutes=6)},
        {"away": td(days=-3)},
    ],
)
def test_a_signature_that_is_wrong_old_or_from_the_future_keeps_nothing(client, paid, wrong):
    sent = timezone.now() + wrong.get("away", td(0))
    answer = deliver(client, paid, secret=wrong.get("secret", SECRET), at=sent)
    assert answer.status_code == 400
    assert "signature" in answer.json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize("header", ["", "t=1", "v1=x", "t=now,v1=x", "t=99999999999999999999,v1=x"])
def test_a_malformed_signature_keeps_nothing(client, paid, header):
    answer = client.post(
        "/webhooks/stripe/",
        paid,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )
    assert answer.status_code == 400
    assert nothing_kept()


@pytest.mark.parametrize(
    "wrong", [{"livemode": True}, {"livemode": None}, {"account": "acct_other"}]
)
def test_another_account_or_real_money_in_practice_keeps_nothing(client, paid, wrong):
    assert deliver(client, {**paid, **wrong}).status_code == 400
    assert nothing_kept()


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_total": 299},
        {"amount_total": -300},
        {"currency": "eur"},
        {"client_reference_id": "another session's"},
    ],
)
def test_what_was_not_asked_for_is_kept_for_a_person(client, paid, wrong):
    answer = deliver(client, changed(paid, **wrong))
    assert answer.status_code == 200
    assert answer.json()["outcome"].endswith("kept for a person")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"amount_total": 3.5}, {"amount_total": 10**12}, {"currency": None}, {"payment_intent": ""}],
)
def test_what_cannot_be_understood_is_named_and_keeps_nothing(client, paid, wrong):
    answer = deliver(client, changed(paid, **wrong))
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json()["error"]
    assert nothing_kept()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "{}", '{"livemode": false, "data": 7}'])
def test_what_is_no_event_keeps_nothing(client, practice, db, body):
    assert deliver(client, body).status_code == 400
    assert nothing_kept()


@pytest.mark.parametrize("change", [{"payment_status": "unpaid"}, {"payment_status": None}])
def test_a_page_that_was_finished_but_not_paid_credits_nothing(client, paid, change):
    assert deliver(client, changed(paid, **change)).json() == {"outcome": "nothing to do"}
    assert nothing_kept()


def test_a_success_that_is_replayed_after_its_refund_credits_nothing(client, practice, paid):
    deliver(client, paid)
    payments.refund(Payment.objects.get(), amount=300, by=None, why="wrong car", now=timezone.now())
    again = {**paid, "id": "evt_again"}
    assert deliver(client, again).json() == {"outcome": "paid before"}
    assert sum(one.amount for one in Payment.objects.all()) == 0 == practice.money()


# Saved cards ----------------------------------------------------------------------------------------


def saved(practice, town, number=PAYS):
    """The card that a driver saved on the double's page."""
    agreement = SimpleNamespace(
        reference=f"agreement-{number}", car_park=town, get_absolute_url=lambda: "/autopay/1/"
    )
    address = Stripe().save_card(agreement, RequestFactory().get("/"))
    answer = practice.http.post(address, data={"number": number})
    assert answer.headers["location"] == "http://testserver/autopay/1/"
    told = practice.event("checkout.session.completed")
    return ours.understood(told)


def test_a_saved_card_is_told_with_what_a_person_knows_it_by(practice, town):
    event = saved(practice, town)
    assert isinstance(event, CardSaved)
    assert (event.reference, event.card.brand, event.card.last4, event.card.expires) == (
        f"agreement-{PAYS}",
        "visa",
        "4242",
        "2034-12",
    )


def test_a_saved_card_pays_without_its_driver_once(client, practice, town):
    session, card = car(town), saved(practice, town).card
    payment = payments.charge(session, card, timezone.now(), about="Parking")
    assert (payment.amount, practice.money()) == (300, 300)
    event = practice.event("payment_intent.succeeded")
    assert deliver(client, event).json() == {"outcome": "paid before"}
    assert credited() == [(300, "GBP", "stripe")]


def test_a_saved_card_that_is_declined_says_why_and_the_page_takes_over(practice, town):
    session, card = car(town), saved(practice, town, DECLINES_LATER).card
    with pytest.raises(Declined, match=r"Your card was declined. Nothing was charged.") as no:
        payments.charge(session, card, timezone.now(), about="Parking")
    assert no.value.code == "card_declined"
    assert practice.pay(payments.start_checkout(session, timezone.now())).status_code == 303


def test_a_charge_whose_answer_was_lost_is_not_charged_twice(practice, town):
    session, card, now = car(town), saved(practice, town).card, timezone.now()
    practice.faults("lost", "lost", path="/v1/payment_intents")
    with pytest.raises(Unreachable):
        payments.charge(session, card, now, about="Parking")
    payments.charge(session, card, now + td(minutes=1), about="Parking")
    assert (credited(), practice.money()) == ([(300, "GBP", "stripe")], 300)


def test_a_charge_whose_answer_was_lost_is_found_before_the_page_opens(practice, town):
    session, card, now = car(town), saved(practice, town).card, timezone.now()
    practice.faults("lost", "lost", path="/v1/payment_intents")
    with pytest.raises(Unreachable):
        payments.charge(session, card, now, about="Parking")
    with pytest.raises(payments.NothingDue):
        payments.start_checkout(session, now)
    assert (credited(), practice.money()) == ([(300, "GBP", "stripe")], 300)


def test_a_charge_repeated_after_its_key_was_forgotten_goes_back(practice, town):
    session, card, now = car(town), saved(practice, town).card, timezone.now()
    practice.faults("lost", "lost", path="/v1/payment_intents")
    with pytest.raises(Unreachable):
        payments.charge(session, card, now, about="Parking")
    practice.behave("keys/forget")
    payments.charge(session, card, now + td(minutes=1), about="Parking")
    assert practice.money() == 600
    for event in practice.events:
        if event["type"] == "payment_intent.succeeded":
            payments.receive(ours.understood(event), now)
    (refund,) = Refund.objects.all()
    refunds.carry_out(refund, now)
    assert (practice.money(), sum(one.amount for one in Payment.objects.all())) == (300, 300)


# Refunds --------------------------------------------------------------------------------------------


@pytest.fixture
def payment(client, practice, paid):
    deliver(client, paid)
    return Payment.objects.get()


def give_back(payment, amount=100):
    return payments.refund(
        payment, amount=amount, by=None, why="a step too many", now=timezone.now()
    )


def test_money_goes_back_to_the_card(practice, payment):
    refund = give_back(payment)
    assert (refund.state, refund.entry.amount, practice.money()) == ("done", -100, 200)


def test_a_refund_that_takes_days_is_pending_until_its_webhook(client, practice, payment):
    practice.behave("refunds", ["pending"])
    refund = give_back(payment)
    assert (refund.state, refund.entry) == ("pending", None)
    event = practice.event("refund.created")
    done = changed({**event, "id": "evt_done", "type": "refund.updated"}, status="succeeded")
    assert deliver(client, done).json() == {"outcome": "refunded"}
    assert (refreshed(refund).state, refund.entry.amount) == ("done", -100)


def test_a_refund_that_stripe_refuses_is_queued_for_a_person(practice, payment):
    practice.behave("refunds", ["failed"])
    refund = give_back(payment)
    assert refund.state == "pending"
    payments.receive(ours.understood(practice.event("refund.failed")), timezone.now())
    assert (refreshed(refund).state, refund.trouble) == ("failed", "lost or stolen card")
    assert list(refunds.queue(payment.session.car_park)) == [refund]
    assert refunds.left(payment) == 300


def test_money_that_comes_back_days_later_is_ours_again_and_queued(client, practice, payment):
    refund = give_back(payment)
    practice.behave("refund/fail", {"id": refund.at_provider})
    deliver(client, practice.event("refund.failed"))
    assert [one.amount for one in Payment.objects.all()] == [300, -100, 100]
    assert (refreshed(refund).state, practice.money()) == ("failed", 300)
    assert list(refunds.queue(payment.session.car_park)) == [refund]


def test_a_refund_whose_answer_was_lost_is_given_once(practice, payment):
    practice.faults("lost", "lost", path="/v1/refunds")
    refund = give_back(payment)
    assert (refund.state, refund.trouble) == (
        "pending",
        "The card company does not answer at the moment.",
    )
    assert refunds.carry_out(refund, timezone.now()).state == "done"
    assert practice.money() == 200


def test_a_refund_that_was_given_at_stripe_by_hand_before_is_refused_and_queued(practice, payment):
    ours.client().v1.refunds.create({"payment_intent": payment.charge})
    refund = give_back(payment, 300)
    assert refund.state == "failed"
    assert "greater than unrefunded amount" in refund.trouble


def test_a_refund_event_before_its_answer_is_one_refund(client, practice, payment):
    refund = refunds.ask(payment, amount=100, by=None, why="x", now=timezone.now())
    answer = Stripe().refund(payment, 100, refund.key)
    deliver(client, practice.event("refund.created"))
    assert refunds.stands(answer, timezone.now()) == "done before"
    assert (answer.state, [one.amount for one in Payment.objects.all()]) == (Back.DONE, [300, -100])


# Keys -----------------------------------------------------------------------------------------------

KEYS = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x", "STRIPE_API": ""}


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY is missing: put the secret key"),
        ({"STRIPE_SECRET_KEY": "pk_test_x"}, "is no secret key"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "/webhooks/stripe/ at Stripe and put its secret"),
        (
            {"STRIPE_API": "http://stripe.example"},
            "STRIPE_API must be https, or http on this machine",
        ),
        (
            {"STRIPE_SECRET_KEY": "sk_live_x", "STRIPE_API": "http://127.0.0.1:1"},
            "for practice keys",
        ),
    ],
)
def test_what_is_missing_is_said_before_a_driver_would(settings, lacking, sentence):
    settings.PAYMENT_PROVIDER = "stripe"
    for name, value in {**KEYS, **lacking}.items():
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=sentence):
        call_command("check")
    with pytest.raises(Unreachable):
        ours.client()


def test_with_its_keys_it_is_ready(settings):
    settings.PAYMENT_PROVIDER = "stripe"
    for name, value in KEYS.items():
        setattr(settings, name, value)
    call_command("check")


def test_a_provider_that_does_not_exist_is_said_with_the_choices(settings):
    settings.PAYMENT_PROVIDER = "moonbank"
    with pytest.raises(SystemCheckError, match="is 'moonbank'; there are: mock, stripe"):
        call_command("check")


def test_a_card_shows_its_secret_name_to_nobody():
    assert "pm_" not in repr(Card("stripe", "cus_1", "pm_1"))
