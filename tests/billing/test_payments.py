"""Money is recorded once, refunded by a negative entry, and settles the stay."""

from datetime import timedelta as td

import pytest
from django.contrib.auth.models import User

from billing import payments
from billing.models import AppendOnly, Checkout, Payment, WebhookEvent
from billing.providers import PaidEvent
from billing.quotes import quote
from parking import stays
from tests.billing.town import DEARER, LEAVE_WITHIN, NOON, always_priced, car, minutes, never_priced

PAYING = NOON + minutes(90)  # 3.00 are due then


@pytest.fixture
def session(town):
    return car(town, ago=td(0), now=NOON)


def paid_event(checkout, **changed):
    facts = {
        "provider": "mock",
        "id": f"evt_{checkout.reference}",
        "reference": checkout.reference,
        "amount": checkout.amount,
        "currency": checkout.currency,
    }
    return PaidEvent(**{**facts, **changed})


def ledger():
    return [(one.amount, one.currency) for one in Payment.objects.all()]


def leaves_by(session):
    session.refresh_from_db()
    return session.settled_until


def test_paying_what_is_due_gives_time_to_leave(session):
    checkout = payments.start_checkout(session, PAYING)
    assert payments.receive(paid_event(checkout), PAYING + minutes(1)) == "paid"
    assert ledger() == [(300, "GBP")]
    assert leaves_by(session) == PAYING + minutes(1) + LEAVE_WITHIN


def test_asking_twice_for_the_same_price_gives_the_same_checkout(session):
    first = payments.start_checkout(session, PAYING)
    assert payments.start_checkout(session, PAYING + minutes(1)) == first


def test_a_price_that_grew_closes_the_checkout_of_the_old_one(session):
    old = payments.start_checkout(session, PAYING + minutes(29))
    new = payments.start_checkout(session, PAYING + minutes(31))
    old.refresh_from_db()
    assert (old.amount, new.amount) == (300, 450)
    assert old.expires_at <= PAYING + minutes(31) < new.expires_at


def test_a_checkout_that_is_over_is_not_used_again(session):
    old = payments.start_checkout(session, PAYING)
    assert payments.start_checkout(session, PAYING + payments.QUOTE_HOLDS) != old


def test_a_price_other_than_the_one_shown_is_shown_first(session):
    with pytest.raises(payments.PriceChanged, match="has changed"):
        payments.start_checkout(session, PAYING, shown=150)
    assert Checkout.objects.count() == 0


def test_nothing_is_promised_where_nothing_is_due(session):
    with pytest.raises(payments.NothingDue, match="nothing to pay"):
        payments.start_checkout(session, NOON + minutes(3))


def test_nothing_is_promised_while_in_doubt(session):
    session.doubt = "clock"
    session.save()
    with pytest.raises(payments.NothingDue, match="Somebody is looking"):
        payments.start_checkout(session, PAYING)


def test_the_same_event_twice_is_one_payment(session):
    event = paid_event(payments.start_checkout(session, PAYING))
    assert payments.receive(event, PAYING) == "paid"
    assert payments.receive(event, PAYING) == "seen before"
    assert ledger() == [(300, "GBP")]


def test_two_events_of_one_checkout_are_one_payment(session):
    checkout = payments.start_checkout(session, PAYING)
    assert payments.receive(paid_event(checkout, id="evt_1"), PAYING) == "paid"
    assert payments.receive(paid_event(checkout, id="evt_2"), PAYING) == "paid before"
    assert ledger() == [(300, "GBP")]


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        ({"amount": 299}, "299 GBP is not what was asked: kept for a person"),
        ({"amount": -300}, "-300 GBP is not what was asked: kept for a person"),
        ({"currency": "JPY"}, "300 JPY is not what was asked: kept for a person"),
        ({"reference": "other"}, "no checkout other: kept for a person"),
        ({"provider": "cash"}, "no checkout"),
    ],
)
def test_what_was_not_asked_for_credits_nothing_and_is_kept(session, wrong, outcome):
    checkout = payments.start_checkout(session, PAYING)
    assert payments.receive(paid_event(checkout, **wrong), PAYING).startswith(outcome)
    assert (ledger(), leaves_by(session)) == ([], None)
    assert WebhookEvent.objects.get().outcome.startswith(outcome)


def test_a_webhook_that_comes_hours_after_the_promise_ended_still_settles(session):
    checkout = payments.start_checkout(session, PAYING)
    late = PAYING + td(hours=5)
    assert payments.receive(paid_event(checkout), late) == "paid"
    assert leaves_by(session) == late + LEAVE_WITHIN


def test_who_reaches_the_exit_before_the_webhook_does_is_let_out(session):
    """Found by reading: the stay was priced up to the exit then, a step more than was asked for."""
    checkout = payments.start_checkout(session, NOON + minutes(59))
    stays.wait_at_exit(session, NOON + minutes(62))
    payments.receive(paid_event(checkout), NOON + minutes(63))
    session.refresh_from_db()
    assert quote(session, NOON + minutes(63)).due == 0


def test_a_stay_is_priced_up_to_the_exit_where_it_waits(session):
    stays.wait_at_exit(session, NOON + minutes(55))
    checkout = payments.start_checkout(session, NOON + minutes(75))
    assert checkout.amount == 150
    payments.receive(paid_event(checkout), NOON + minutes(76))
    assert leaves_by(session) == NOON + minutes(76) + LEAVE_WITHIN


def test_who_backs_out_of_the_exit_while_paying_gets_the_price_that_was_promised(session):
    stays.wait_at_exit(session, NOON + minutes(55))
    checkout = payments.start_checkout(session, NOON + minutes(75))
    stays.come_back(session)
    payments.receive(paid_event(checkout), NOON + minutes(76))
    assert leaves_by(session) == NOON + minutes(76) + LEAVE_WITHIN


def test_who_was_let_out_before_the_webhook_came_owes_nothing(session):
    checkout = payments.start_checkout(session, PAYING)
    stays.leave(session, PAYING + minutes(5))
    payments.receive(paid_event(checkout), PAYING + td(hours=3))
    session.refresh_from_db()
    assert quote(session, PAYING + td(days=1)).due == 0


def test_a_late_webhook_does_not_pay_for_hours_that_came_after_it_was_promised(session):
    checkout = payments.start_checkout(session, PAYING)
    stays.leave(session, PAYING + td(hours=3))
    payments.receive(paid_event(checkout), PAYING + td(hours=4))
    session.refresh_from_db()
    assert quote(session, PAYING + td(days=1)).due == 450


def test_a_payment_that_does_not_settle_stays_and_only_the_rest_is_due(session):
    checkout = payments.start_checkout(session, PAYING)
    session.entered_at -= td(hours=2)  # a person put the entry right
    session.save()
    assert payments.receive(paid_event(checkout), PAYING) == "paid"
    assert leaves_by(session) is None
    rest = quote(session, PAYING)
    assert (rest.fee, rest.paid, rest.due) == (600, 300, 300)
    payments.receive(paid_event(payments.start_checkout(session, PAYING)), PAYING)
    assert leaves_by(session) == PAYING + LEAVE_WITHIN
    assert ledger() == [(300, "GBP"), (300, "GBP")]


def test_a_payment_that_meets_a_doubt_is_kept_and_held(session):
    checkout = payments.start_checkout(session, PAYING)
    session.doubt = "correction"
    session.entered_at -= td(hours=2)
    session.save()
    assert payments.receive(paid_event(checkout), PAYING) == "paid"
    offer = quote(session, PAYING)
    assert (offer.paid, offer.held, leaves_by(session)) == (300, True, None)


def test_a_payment_for_a_stay_that_turned_back_is_kept_and_shown_as_too_much(session):
    checkout = payments.start_checkout(session, PAYING)
    stays.void(session, PAYING)
    assert payments.receive(paid_event(checkout), PAYING) == "paid"
    session.refresh_from_db()
    assert (session.settled_until, quote(session, PAYING).overpaid) == (None, 300)


def test_a_payment_survives_the_loss_of_the_prices(session):
    checkout = payments.start_checkout(session, PAYING)
    never_priced(session.car_park)
    assert payments.receive(paid_event(checkout), PAYING) == "paid"
    assert (ledger(), leaves_by(session)) == ([(300, "GBP")], None)


def test_the_promise_keeps_its_lines_whatever_happens_to_the_prices(session):
    checkout = payments.start_checkout(session, PAYING)
    always_priced(session.car_park, DEARER)
    checkout.refresh_from_db()
    (line,) = checkout.fee_lines
    assert (line.units, line.rate, line.amount, line.end) == (2, 150, 300, PAYING)
    assert checkout.paid_before == 0


@pytest.fixture
def payment(session):
    payments.receive(paid_event(payments.start_checkout(session, PAYING)), PAYING)
    return Payment.objects.get()


def test_a_refund_is_a_negative_entry_with_who_and_why(payment, db):
    clerk = User.objects.create_user("clerk")
    entry = payments.refund(payment, amount=100, by=clerk, why="a step too many", now=PAYING).entry
    assert (entry.amount, entry.by, entry.why) == (-100, clerk, "a step too many")
    assert ledger() == [(300, "GBP"), (-100, "GBP")]


def test_no_more_is_given_back_than_was_paid(payment):
    payments.refund(payment, amount=200, by=None, why="once", now=PAYING)
    payments.refund(payment, amount=100, by=None, why="twice", now=PAYING)
    for amount in (1, 0, -5, 300):
        with pytest.raises(ValueError, match=r"At most 0\.00 GBP"):
            payments.refund(payment, amount=amount, by=None, why="again", now=PAYING)
    assert sum(one.amount for one in Payment.objects.all()) == 0


def test_a_refund_is_not_refunded(payment):
    entry = payments.refund(payment, amount=200, by=None, why="once", now=PAYING).entry
    with pytest.raises(ValueError, match=r"At most 0\.00 GBP"):
        payments.refund(entry, amount=1, by=None, why="again", now=PAYING)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda payment: payment.save(),
        lambda payment: payment.delete(),
        lambda payment: Payment.objects.update(amount=1),
        lambda payment: payment.session.payments.all().delete(),
    ],
)
def test_the_ledger_is_only_added_to(payment, tamper):
    with pytest.raises(AppendOnly):
        tamper(payment)
    assert ledger() == [(300, "GBP")]
