"""The ledger: what was written on an old sight is not written, and nobody changes what stands there."""

from datetime import timedelta as td

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from billing import ledger, payments, refunds
from billing.models import Balance, Payment, Refund
from billing.providers import PaidEvent
from billing.quotes import quote
from tests.billing.town import NOON, car, make_town, minutes

LATER = NOON + minutes(90)


@pytest.fixture
def session(town):
    return car(town, ago=td(0), now=NOON)


def line(session, amount, reference):
    facts = {"currency": "GBP", "provider": "cash", "reference": reference, "paid_at": LATER}
    return ledger.post(ledger.seen(session), amount=amount, **facts)


def paid_by(session, amount, **more):
    checkout = payments.start_checkout(session, LATER, **more)
    return PaidEvent(checkout.provider, f"evt_{checkout.pk}", checkout.reference, amount, "GBP")


def balance(session):
    kept = Balance.objects.get(session=session)
    return kept.paid, kept.going_back, kept.version


def amounts():
    return [one.amount for one in Payment.objects.all()]


def test_who_was_overtaken_writes_nothing(session):
    mine = ledger.seen(session)
    line(session, 300, "quicker")
    with pytest.raises(ledger.Overtaken), transaction.atomic():
        ledger.post(
            mine, amount=300, currency="GBP", provider="cash", reference="slower", paid_at=LATER
        )
    assert (amounts(), balance(session)) == ([300], (300, 0, 1))


def test_who_was_overtaken_looks_again(session):
    looks = []

    @ledger.retried
    def pay_the_rest():
        balance = ledger.seen(session)
        looks.append(balance.paid)
        if len(looks) == 1:
            Balance.objects.filter(pk=session.pk).update(version=7, paid=100)  # another writer
        ledger.move(balance, paid=300 - balance.paid)

    pay_the_rest()
    assert (looks, Balance.objects.get().paid) == ([0, 0], 300)


def test_a_stay_whose_money_is_older_than_its_balance_begins_with_it(session):
    Payment.objects.create(
        session=session, amount=300, currency="GBP", provider="cash", reference="old", paid_at=NOON
    )
    assert (ledger.seen(session).paid, ledger.seen(session).version) == (300, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_payment SET amount = 1",
        "DELETE FROM billing_payment",
        "UPDATE billing_payment SET session_id = session_id",
    ],
)
def test_the_database_itself_keeps_the_ledger(session, statement):
    line(session, 300, "kept")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert amounts() == [300]


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_puts_the_guard_up_again():
    call_command("flush", interactive=False, verbosity=0)
    line(car(make_town(), ago=td(0), now=NOON), 300, "kept")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_payment")


def test_a_promise_that_was_paid_another_way_meanwhile_goes_back(session):
    event = paid_by(session, 300)
    line(session, 300, "cash at the desk")
    assert payments.receive(event, LATER) == "paid twice: goes back"
    (refund,) = Refund.objects.all()
    assert (refund.amount, refund.why, refund.by, refund.state) == (
        300,
        "paid twice",
        None,
        "pending",
    )
    assert refunds.carry_out(refund, LATER).state == "done"
    session.refresh_from_db()
    assert (amounts(), quote(session, LATER).overpaid) == ([300, 300, -300], 0)


def test_only_what_was_too_much_goes_back(session):
    event = paid_by(session, 300)
    line(session, 100, "a part, in cash")
    payments.receive(event, LATER)
    assert Refund.objects.get().amount == 100


def test_two_charges_of_one_promise_are_two_movements_and_one_goes_back(session):
    event = paid_by(session, 300)
    other = PaidEvent(event.provider, "evt_other", event.reference, 300, "GBP", "ch_2")
    first = PaidEvent(event.provider, "evt_first", event.reference, 300, "GBP", "ch_1")
    assert payments.receive(first, LATER) == "paid"
    assert payments.receive(other, LATER) == "paid twice: goes back"
    third = PaidEvent(event.provider, "evt_third", event.reference, 300, "GBP", "ch_2")
    assert payments.receive(third, LATER) == "paid before"
    assert (amounts(), Refund.objects.get().amount) == ([300, 300], 300)


def test_a_second_charge_goes_back_even_when_the_first_was_given_back_by_hand(session):
    event = paid_by(session, 300)
    payments.receive(PaidEvent(event.provider, "1", event.reference, 300, "GBP", "ch_1"), LATER)
    payments.refund(Payment.objects.get(), amount=300, by=None, why="wrong car", now=LATER)
    payments.receive(PaidEvent(event.provider, "2", event.reference, 300, "GBP", "ch_2"), LATER)
    assert [one.amount for one in Refund.objects.filter(why="paid twice")] == [300]


def test_who_pays_again_for_a_longer_stay_has_not_paid_twice(session):
    payments.receive(paid_by(session, 300), LATER)
    later = LATER + td(hours=2)
    checkout = payments.start_checkout(session, later)
    event = PaidEvent("mock", "evt_later", checkout.reference, checkout.amount, "GBP")
    assert payments.receive(event, later) == "paid"
    assert (amounts(), Refund.objects.count()) == ([300, 300], 0)


def test_a_refund_that_is_promised_is_not_promised_again(session):
    payments.receive(paid_by(session, 300), LATER)
    payment = Payment.objects.get()
    refunds.ask(payment, amount=200, by=None, why="once", now=LATER)
    with pytest.raises(ValueError, match=r"At most 1\.00 GBP"):
        refunds.ask(payment, amount=200, by=None, why="twice", now=LATER)
    assert balance(session)[:2] == (300, 200)


def test_cash_goes_back_over_the_desk_and_is_written_down_at_once(session):
    refund = refunds.ask(line(session, 300, "cash"), amount=300, by=None, why="gift", now=LATER)
    assert (refund.state, refund.entry.amount, refund.entry.why) == ("done", -300, "gift")
    assert balance(session)[0] == 0


def test_what_failed_is_closed_by_a_person_once(session, django_user_model):
    ann, ben = (django_user_model.objects.create_user(name) for name in ("ann", "ben"))
    payments.receive(paid_by(session, 300), LATER)
    refund = refunds.ask(Payment.objects.get(), amount=300, by=ann, why="x", now=LATER)
    Refund.objects.filter(pk=refund.pk).update(failed_at=LATER)
    assert refunds.close(refund, by=ann, why="given in cash", now=timezone.now()) == 1
    assert refunds.close(refund, by=ben, why="again", now=timezone.now()) == 0
    refund.refresh_from_db()
    assert (refund.closed_by, refund.closed_why) == (ann, "given in cash")
    assert list(refunds.queue(session.car_park)) == []
