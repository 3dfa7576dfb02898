"""Money over the desk: once, in an open shift, and counted at the end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta as td

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from billing import desk, payments, refunds
from billing.models import Checkout, Payment, Shift, token
from billing.quotes import quote
from tests.billing.town import LEAVE_WITHIN, car, make_town


def shift_at(town, name="ann", where="Booth"):
    by, _ = User.objects.get_or_create(username=name)
    return desk.open_shift(town, desk=where, by=by, float_amount=5000, now=timezone.now())


@pytest.fixture
def shift(town):
    return shift_at(town)


@pytest.fixture
def session(town):
    return car(town)


def take(session, shift, *, way="cash", shown=300, key=None, now=None, **more):
    key = key or token()
    return desk.take(
        session, way=way, shown=shown, key=key, shift=shift, now=now or timezone.now(), **more
    )


def test_cash_settles_the_stay_and_is_in_the_drawer(session, shift):
    now = timezone.now()
    payment = take(session, shift, given=500, now=now)
    session.refresh_from_db()
    assert session.settled_until == now + LEAVE_WITHIN
    assert (payment.amount, payment.provider, payment.by.username) == (300, "cash", "ann")
    assert payment.why == "given 5.00 GBP, change 2.00 GBP"
    assert payments.checkout_of(payment).fee_lines[0].amount == 300
    assert desk.expected(shift) == 5300


def test_the_same_page_sent_twice_is_one_payment(session, shift):
    key = token()
    assert take(session, shift, key=key) == take(session, shift, key=key)
    assert Payment.objects.count() == 1


def test_another_page_finds_nothing_due(session, shift):
    take(session, shift)
    with pytest.raises(payments.NothingDue):
        take(session, shift)


def test_a_price_that_grew_is_shown_before_it_is_taken(session, shift):
    with pytest.raises(payments.PriceChanged):
        take(session, shift, now=timezone.now() + td(hours=1))
    assert not Payment.objects.exists()


def test_a_slip_counts_once_a_day_at_a_desk(town, session, shift):
    take(session, shift, way="terminal", slip="0042")
    other = car(town, plate="CD34EFG")
    with pytest.raises(desk.NotPossible, match="slip was used"):
        take(other, shift, way="terminal", slip=" 0042 ")
    assert Payment.objects.count() == 1


def test_no_money_is_taken_in_a_shift_that_is_closed(session, shift):
    desk.close_shift(shift, counted=5000, why="", now=timezone.now())
    with pytest.raises(desk.NotPossible, match="Your shift is closed"):
        take(session, shift)
    assert not Payment.objects.exists()


def test_the_card_page_is_closed_before_cash_is_taken(practice, session, shift):
    page = payments.start_checkout(session, timezone.now())
    address = practice.open_page(page)
    take(session, shift)
    assert practice.http.get(address).status_code == 410


def test_a_card_that_was_charged_meanwhile_is_found_before_cash_is_taken(practice, session, shift):
    practice.pay(payments.start_checkout(session, timezone.now()))  # and its webhook is lost
    with pytest.raises(payments.NothingDue):
        take(session, shift)
    assert [one.provider for one in Payment.objects.all()] == ["stripe"]


def test_stripe_being_away_holds_nobody_up_at_the_desk(practice, session, shift):
    practice.open_page(payments.start_checkout(session, timezone.now()))
    practice.faults(*["away"] * 2)
    assert take(session, shift).amount == 300
    assert Checkout.objects.get(provider="stripe").closed_at is None  # reconcile looks at it


def test_a_person_and_a_desk_have_one_shift_each(town, shift):
    for name, where in [("ann", "Other"), ("ben", "Booth")]:
        with pytest.raises(desk.NotPossible, match="ann has a shift open at Booth"):
            shift_at(town, name, where)
    desk.close_shift(shift, counted=5000, why="", now=timezone.now())
    shift_at(town)
    assert Shift.objects.count() == 2


def test_a_difference_needs_a_reason_and_is_kept(session, shift):
    take(session, shift)
    refunds.ask(
        Payment.objects.get(), amount=100, by=shift.by, why="gift", now=timezone.now(), shift=shift
    )
    with pytest.raises(desk.NotPossible, match="say why"):
        desk.close_shift(shift, counted=5100, why=" ", now=timezone.now())
    closed = desk.close_shift(shift, counted=5100, why="coins fell", now=timezone.now())
    assert (closed.expected, closed.counted, closed.difference, closed.why) == (
        5200,
        5100,
        -100,
        "coins fell",
    )
    again = desk.close_shift(shift, counted=1, why="x", now=timezone.now())
    assert again.counted == 5100


@pytest.mark.parametrize(
    ("typed", "found"), [("ab12", 1), ("b1z", 0), ("AB-12 CDE", 1), ("!!", 0), ("", 0)]
)
def test_a_part_of_a_plate_finds_the_stay(town, session, typed, found):
    assert len(desk.found(town, typed, timezone.now())) == found


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_desks_and_a_card_at_once_take_the_money_once(live_server):
    town = make_town()
    shifts = [shift_at(town, "ann", "North"), shift_at(town, "ben", "South")]
    for number in range(6):
        session = car(town, plate=f"CAR{number}")
        start = threading.Barrier(2)

        def pay(shift, session=session, start=start):
            start.wait()
            try:
                return take(session, shift).amount
            except (payments.NothingDue, payments.PriceChanged):
                return 0
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as people:
            taken = sorted(people.map(pay, shifts))
        assert sum(taken) in (0, 300)  # both may be told to look again, never both be paid
        assert sum(one.amount for one in session.payments.all()) == sum(taken)
        assert quote(session, timezone.now()).overpaid == 0
