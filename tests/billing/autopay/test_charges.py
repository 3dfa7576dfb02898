"""A saved card is charged once, whatever happens in between; what is declined falls back to the pay page."""

from datetime import timedelta as td

import pytest
from django.core import mail
from django.utils import timezone

from billing import payments
from billing.autopay import agreements, charges
from billing.models import Agreement, AutopayTry, How, Payment, State
from billing.providers import PaidEvent
from billing.providers.mock import DECLINES_LATER, PAYS, SILENT, named
from billing.quotes import quote
from tests.billing.autopay.test_agreements import EMAIL, active, commits  # noqa: F401
from tests.billing.racer import race
from tests.billing.town import NOON, car, make_town, minutes

LEAVING = NOON + minutes(90)  # 3.00 are due then


@pytest.fixture
def stay(town):
    return car(town, ago=td(0), now=NOON)


def outcomes(stay):
    return [(one.amount, str(one.outcome)) for one in stay.autopay_tries.order_by("pk")]


def ledger(stay):
    return [one.amount for one in stay.payments.all()]


def waits(stay, now=LEAVING):
    stay.refresh_from_db()
    return charges.waits(stay, quote(stay, now), now)


def test_a_stay_is_paid_with_the_saved_card(stay, commits):  # noqa: F811
    active(stay)
    assert waits(stay)
    told = commits(charges.charge, stay, LEAVING)
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])
    assert not waits(stay)
    assert quote(stay, LEAVING).settled
    assert told == [(EMAIL, "Parking at The town square: 3.00 GBP")]
    assert f"/receipt/{Payment.objects.get().receipt}/" in mail.outbox[-1].body


def test_asked_again_it_charges_nothing_more(stay):
    active(stay)
    for _ in range(3):
        charges.charge(stay, LEAVING)
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])


def test_the_receipt_has_the_lines(stay, client):
    active(stay)
    charges.charge(stay, LEAVING)
    page = client.get(f"/receipt/{Payment.objects.get().receipt}/").content.decode()
    assert "2 steps of 1 h at 1.50 GBP" in page


def test_a_decline_falls_back_and_turns_autopay_off_and_says_so(stay, commits):  # noqa: F811
    active(stay, token=DECLINES_LATER)
    told = commits(charges.charge, stay, LEAVING)
    assert (outcomes(stay), ledger(stay)) == ([(300, "declined")], [])
    assert not waits(stay)
    assert Agreement.objects.get().state == State.FAILED
    assert told == [(EMAIL, "Autopay at The town square is OFF: your card was declined")]
    assert "declined for 3.00 GBP" in mail.outbox[-1].body
    # the pay page works at once
    assert payments.start_checkout(stay, LEAVING).amount == 300
    tried = stay.autopay_tries.get()
    assert (tried.said, tried.code) == (
        "The card was declined. Nothing was charged.",
        "card_declined",
    )


def test_a_new_card_is_charged_for_the_same_stay(stay):
    agreement = active(stay, token=DECLINES_LATER)
    charges.charge(stay, LEAVING)
    Agreement.objects.update(card_token=PAYS)
    agreement.refresh_from_db()
    agreements.resume(agreement, LEAVING + minutes(1))
    assert waits(stay, LEAVING + minutes(1))
    charges.charge(stay, LEAVING + minutes(1))
    assert outcomes(stay) == [(300, "declined"), (300, "paid")]


def test_a_silent_card_company_holds_nobody_for_long(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    assert (outcomes(stay), ledger(stay)) == ([(300, "")], [])
    assert waits(stay, LEAVING + charges.PATIENCE - td(seconds=1))
    assert not waits(stay, LEAVING + charges.PATIENCE)
    assert Agreement.objects.get().state == State.ACTIVE


def test_a_provider_that_is_in_use_no_more_holds_nobody(stay):
    active(stay)
    Agreement.objects.update(provider="gone")
    charges.charge(stay, LEAVING)
    assert outcomes(stay) == [(300, "")]
    assert "no payment provider 'gone'" in stay.autopay_tries.get().said
    assert not waits(stay, LEAVING + charges.PATIENCE)
    assert charges.sweep(LEAVING + minutes(1)) == 0


def test_what_was_not_answered_is_found_out_by_the_sweep(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    later = LEAVING + minutes(1)
    assert charges.sweep(later) == 0
    Agreement.objects.update(card_token=PAYS)  # it answers again
    assert charges.sweep(later) == 1
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])


def test_what_was_paid_otherwise_meanwhile_is_not_charged(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    after = LEAVING + minutes(1)
    page = payments.start_checkout(stay, after)
    payments.receive(PaidEvent("mock", "evt_1", page.reference, page.amount, "GBP"), after)
    Agreement.objects.update(card_token=PAYS)
    assert charges.sweep(after + minutes(1)) == 1
    assert (outcomes(stay), ledger(stay)) == ([(300, "needless")], [page.amount])


def test_an_agreement_that_ended_meanwhile_is_not_asked_again(stay):
    agreement = active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    agreements.end(agreement, LEAVING)
    Agreement.objects.update(card_token=PAYS)
    assert charges.sweep(LEAVING + minutes(1)) == 1
    assert (outcomes(stay), ledger(stay)) == ([(300, "needless")], [])


def test_after_a_day_without_an_answer_nobody_asks_any_more(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    assert charges.sweep(LEAVING + td(hours=24, seconds=1)) == 1
    assert outcomes(stay) == [(300, "unanswered")]


def test_who_died_after_the_charge_is_followed_by_one_who_finds_it(stay):
    """Killed between the card company's answer and ours: the money has moved, and nobody knows."""
    active(stay)
    running = charges._claim(stay, LEAVING)
    running.checkout = payments.start_checkout(stay, LEAVING, shown=300, by="mock", how=How.CARD)
    running.save()
    assert waits(stay, LEAVING + td(seconds=1))
    assert charges.charge(stay, LEAVING + td(seconds=2)) is None  # he may be at it still
    later = LEAVING + charges.ASKS_FOR
    charges.charge(stay, later)
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])
    assert Payment.objects.get().reference == running.checkout.reference


def test_who_died_before_the_promise_charges_nothing_and_another_does(stay):
    active(stay)
    charges._claim(stay, LEAVING)
    charges.charge(stay, LEAVING + charges.ASKS_FOR)
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])


def test_the_webhook_of_the_same_charge_credits_nothing_more(stay):
    active(stay)
    charges.charge(stay, LEAVING)
    key = stay.checkouts.get().reference
    late = PaidEvent("mock", "evt_late", key, 300, "GBP", named("ch", key))
    assert payments.receive(late, LEAVING) == "paid before"
    assert ledger(stay) == [300]


@pytest.mark.parametrize("why", ["limit", "doubt", "paused", "free", "other plate", "no card"])
def test_when_no_card_is_charged(town, stay, why):
    agreement = active(stay)
    now = LEAVING
    if why == "limit":
        Agreement.objects.update(most=299)
    elif why == "doubt":
        stay.doubt = "weak_match"
        stay.save()
    elif why == "paused":
        agreements.pause(agreement, NOON)
    elif why == "free":
        now = NOON + minutes(5)
    elif why == "other plate":
        stay = car(town, plate="OTHER1", ago=td(0), now=NOON)
    else:
        Agreement.objects.update(state=State.BEGUN)
    assert not waits(stay, now)
    assert charges.charge(stay, now) is None
    assert (outcomes(stay), ledger(stay)) == ([], [])


def test_what_lacks_evidence_is_not_charged(stay):
    active(stay)
    stay.entry_picture_by = NOON
    stay.save()
    assert quote(stay, LEAVING).held
    assert charges.charge(stay, LEAVING) is None


def test_a_limit_is_what_is_charged_at_most(stay):
    active(stay)
    Agreement.objects.update(most=300)
    assert waits(stay)
    charges.charge(stay, LEAVING)
    assert ledger(stay) == [300]


def test_an_agreement_that_ends_before_the_card_company_is_asked_is_not_charged(stay):
    agreement = active(stay)
    running = charges._claim(stay, LEAVING)
    agreements.end(agreement, LEAVING)
    charges._ask(running, LEAVING)
    assert (outcomes(stay), ledger(stay)) == ([(300, "needless")], [])
    assert not waits(stay)
    assert payments.start_checkout(stay, LEAVING).amount == 300


def test_a_charge_that_ran_when_its_agreement_ended_counts(town, stay, commits):  # noqa: F811
    """The card company has taken the money; its word comes by webhook after all had ended."""
    agreement = active(stay)
    running = charges._claim(stay, LEAVING)
    running.checkout = payments.start_checkout(stay, LEAVING, shown=300, by="mock", how=How.CARD)
    running.save()
    agreements.end(agreement, LEAVING)
    key = running.checkout.reference
    word = PaidEvent("mock", "evt_late", key, 300, "GBP", named("ch", key))
    assert payments.receive(word, LEAVING) == "paid"
    told = commits(charges.sweep, LEAVING + minutes(1))
    assert (outcomes(stay), ledger(stay)) == ([(300, "paid")], [300])
    assert told == [(EMAIL, "Parking at The town square: 3.00 GBP")]
    assert Agreement.objects.get().state == State.ENDED


def test_no_page_is_opened_while_the_card_is_charged_and_one_is_after(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    with pytest.raises(payments.NothingDue, match="Your saved card is being charged"):
        payments.start_checkout(stay, LEAVING + td(seconds=7))
    page = payments.start_checkout(stay, LEAVING + charges.PATIENCE)
    assert (page.how, page.amount) == (How.PAGE, 300)


def test_an_open_page_is_closed_before_the_card_is_charged(stay):
    active(stay)
    page = payments.start_checkout(stay, LEAVING)
    charges.charge(stay, LEAVING)
    page.refresh_from_db()
    assert page.closed_at == LEAVING
    assert ledger(stay) == [300]


def test_a_card_that_was_charged_late_is_given_back_what_the_page_had_taken(stay):
    active(stay, token=SILENT)
    charges.charge(stay, LEAVING)
    later = LEAVING + minutes(1)
    page = payments.start_checkout(stay, later)
    payments.receive(PaidEvent("mock", "evt_1", page.reference, 300, "GBP", "ch_page"), later)
    key = stay.autopay_tries.get().checkout.reference
    late = PaidEvent("mock", "evt_2", key, 300, "GBP", named("ch", key))
    assert payments.receive(late, later) == "paid twice: goes back"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_exits_at_once_charge_once():
    town, now = make_town(), timezone.now()
    stays = [car(town, plate=f"RACE{number}", now=now) for number in range(20)]
    for one in stays:
        active(one, f"{one.plate}@example.org", now=now - td(hours=2))
    told = race("charge", *[[one.pk for one in stays]] * 3)
    assert sorted({word for lines in told for word in lines}) in (["None", "paid"], ["paid"])
    assert [outcomes(one) for one in stays] == [[(300, "paid")]] * 20
    assert [ledger(one) for one in stays] == [[300]] * 20
    assert AutopayTry.objects.count() == 20
