"""Autopay against the stateful double of Stripe: what it has charged is charged once, whatever was heard."""

from datetime import timedelta as td

import pytest
from django.core import mail
from django.test import RequestFactory
from django.utils import timezone

from billing import payments
from billing.autopay import agreements, charges, letters
from billing.models import Agreement, AutopayTry, Payment
from billing.providers import stripe
from tests.billing.practice import DECLINES_LATER, PAYS
from tests.billing.town import car

CHARGES = "/v1/payment_intents"


@pytest.fixture
def stay(town):
    return car(town)


def registered(practice, stay, number=PAYS):
    """An agreement whose owner has saved this card on the double's page."""
    now = timezone.now()
    agreements.begin(stay, email="ada@example.org", most=2000, now=now)
    agreement = Agreement.objects.get()
    page = stripe.Stripe().save_card(agreement, RequestFactory().get("/"))
    answer = practice.http.post(page, data={"number": number})
    assert answer.headers["location"].endswith(agreement.get_absolute_url())
    saved = stripe.understood(practice.event("checkout.session.completed"))
    assert payments.receive(saved, now) == "active"
    return agreement


def outcomes():
    return [(one.amount, str(one.outcome)) for one in AutopayTry.objects.all()]


def ledger():
    return [one.amount for one in Payment.objects.all()]


def test_a_saved_card_is_charged(practice, stay):
    registered(practice, stay)
    charges.charge(stay, timezone.now())
    assert (outcomes(), ledger(), practice.money()) == ([(300, "paid")], [300], 300)


def test_a_card_that_is_declined_later_turns_autopay_off_in_stripes_words(practice, stay):
    agreement = registered(practice, stay, DECLINES_LATER)
    charges.charge(stay, timezone.now())
    assert (outcomes(), ledger(), practice.money()) == ([(300, "declined")], [], 0)
    agreement.refresh_from_db()
    assert agreement.state == "failed"
    letters.sweep(timezone.now())
    assert "OFF: your card was declined" in mail.outbox[-1].subject
    assert agreement.tries.get().said in mail.outbox[-1].body


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_charge_whose_answer_was_lost_is_found_by_the_sweep(practice, stay, forgotten):
    """Also when Stripe has forgotten the key, as it does after a day."""
    registered(practice, stay)
    practice.faults("lost", "lost", path=CHARGES)
    now = timezone.now()
    charges.charge(stay, now)
    assert (outcomes(), ledger(), practice.money()) == ([(300, "")], [], 300)
    if forgotten:
        practice.behave("keys/forget")
    assert charges.sweep(now + td(minutes=1)) == 1
    assert (outcomes(), ledger(), practice.money()) == ([(300, "paid")], [300], 300)


def test_a_driver_who_turns_to_the_page_after_a_lost_answer_pays_once(practice, stay):
    registered(practice, stay)
    practice.faults("lost", "lost", path=CHARGES)
    now = timezone.now()
    charges.charge(stay, now)
    later = now + charges.PATIENCE
    with pytest.raises(payments.NothingDue):
        payments.start_checkout(stay, later)
    assert charges.sweep(later + td(seconds=1)) == 1
    assert (outcomes(), ledger(), practice.money()) == ([(300, "paid")], [300], 300)


def test_stripe_that_is_away_charges_nothing_and_the_sweep_charges_what_is_still_owed(
    practice, stay
):
    registered(practice, stay)
    practice.faults("500", "500", path=CHARGES)
    now = timezone.now()
    charges.charge(stay, now)
    assert (outcomes(), ledger(), practice.money()) == ([(300, "")], [], 0)
    assert charges.sweep(now + td(minutes=1)) == 1
    assert (outcomes(), ledger(), practice.money()) == ([(300, "paid")], [300], 300)
