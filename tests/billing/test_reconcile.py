"""What webhooks missed is found, what was paid twice goes back; looking again finds nothing more."""

from datetime import timedelta as td

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from billing import ledger, payments
from billing.models import Balance, Checkout, Payment, Refund
from billing.providers import stripe
from billing.reconcile import look_round
from tests.billing.practice import deliver
from tests.billing.town import car


@pytest.fixture
def checkout(town, practice):
    return payments.start_checkout(car(town), timezone.now())


def amounts():
    return [one.amount for one in Payment.objects.order_by("id")]


def test_a_payment_whose_webhook_was_lost_is_found_once(practice, checkout):
    practice.pay(checkout)
    now = timezone.now()
    assert look_round(now) == {"paid": 1}
    checkout.session.refresh_from_db()
    assert checkout.session.settled_until > now
    assert look_round(now) == {}
    assert amounts() == [300]


def test_a_webhook_that_comes_after_the_look_does_nothing(client, practice, checkout):
    practice.pay(checkout)
    look_round(timezone.now())
    told = [deliver(client, event).json()["outcome"] for event in practice.events]
    assert told == ["seen before", "seen before"]


def test_a_page_whose_promise_is_over_is_closed_at_stripe(practice, checkout):
    address = practice.open_page(checkout)
    assert look_round(timezone.now() + payments.QUOTE_HOLDS) == {"closed": 1}
    assert practice.http.get(address).status_code == 410


def test_a_page_whose_promise_holds_stays_open(practice, checkout):
    address = practice.open_page(checkout)
    assert look_round(timezone.now()) == {}
    assert practice.http.get(address).status_code == 200


def test_stripe_being_away_is_said_and_nothing_is_lost(practice, checkout):
    practice.pay(checkout)
    practice.faults(*["away"] * 4)
    assert look_round(timezone.now()) == {"stripe does not answer": 1, "unanswered": 1}
    assert look_round(timezone.now()) == {"paid": 1}


def test_cash_at_the_desk_and_a_card_at_once_give_the_card_its_money_back(practice, checkout):
    practice.pay(checkout)
    ledger.post(
        ledger.seen(checkout.session),
        amount=300,
        currency="GBP",
        provider="cash",
        reference="drawer",
        paid_at=timezone.now(),
    )
    found = look_round(timezone.now())
    assert found == {"paid twice: goes back": 1, "refund done": 1}
    assert (amounts(), practice.money()) == ([300, 300, -300], 0)
    assert look_round(timezone.now()) == {}


def test_a_double_payment_that_nobody_noticed_is_found_in_the_ledger_itself(practice, checkout):
    practice.pay(checkout)
    look_round(timezone.now())
    second = Checkout.objects.get(pk=checkout.pk)
    second.pk, second.reference, second.at_provider, second.closed_at = None, "second", "", None
    second.save()
    practice.pay(second)
    event_less = {"currency": "GBP", "provider": "stripe", "paid_at": timezone.now()}
    intent = practice.event("payment_intent.succeeded")["data"]["object"]["id"]
    ledger.post(
        ledger.seen(checkout.session), amount=300, reference="second", charge=intent, **event_less
    )
    assert look_round(timezone.now())["refund done"] == 1
    assert (amounts(), practice.money()) == ([300, 300, -300], 300)


def test_a_refund_that_stripe_did_not_answer_is_asked_for_again(practice, checkout):
    practice.pay(checkout)
    look_round(timezone.now())
    practice.faults(*["500"] * 2, path="/v1/refunds")
    payment = Payment.objects.get()
    payments.refund(payment, amount=100, by=None, why="gift", now=timezone.now())
    assert look_round(timezone.now()) == {"refund done": 1}
    assert (Refund.objects.get().state, practice.money()) == ("done", 200)


def test_an_amount_written_past_the_ledger_is_said(town):
    session = car(town)
    facts = {"currency": "GBP", "provider": "cash", "reference": "1", "paid_at": timezone.now()}
    ledger.post(ledger.seen(session), amount=300, **facts)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE billing_balance SET paid = 5 WHERE session_id = {session.pk}")
    assert look_round(timezone.now()) == {"balances that are not their payments' sum": 1}
    assert Balance.objects.get().paid == 5


def test_the_command_says_what_it_found(practice, checkout, capsys):
    practice.pay(checkout)
    call_command("reconcile")
    call_command("reconcile")
    first, second = capsys.readouterr().out.splitlines()
    assert (first[20:], second[20:]) == ("1 paid", "nothing was missing")


def test_what_was_promised_long_ago_is_looked_at_too(practice, checkout):
    practice.pay(checkout)
    Checkout.objects.update(quoted_at=timezone.now() - td(days=4))
    assert look_round(timezone.now() + td(days=2)) == {"paid": 1}


def test_more_events_than_one_page_holds_are_all_found(practice, town):
    """Found by a benchmark: the second page of the events was asked for at an address that is none."""
    now = timezone.now()
    for number in range(3):
        practice.pay(payments.start_checkout(car(town, plate=f"CAR{number}"), now))
    pages = stripe.client().v1.events.list({"limit": 2}).auto_paging_iter()
    assert len(list(pages)) == 6
    for _ in range(100):
        practice.server.books.tell("payment_intent.created", {})
    assert look_round(now) == {"paid": 3}
