"""Validations and vouchers: each counts once, for so long, for so many."""

from datetime import UTC, datetime
from datetime import timedelta as td

import pytest
from django.contrib.auth.models import User

from billing import explain, payments, validations
from billing.models import Kind, Validation, Validator, Voucher, VoucherBatch
from billing.providers import PaidEvent
from billing.quotes import quote
from billing.validations import NotGiven, redeem, validate, withdraw
from tests.billing.racer import race
from tests.billing.town import NOON, car, make_town, minutes

ROUNDS = 20


def shop(car_park, name="Baker", kind=Kind.MINUTES, amount=60, **facts):
    return Validator.objects.create(
        car_park=car_park, name=name, kind=kind, amount=amount, made_at=NOON, **facts
    )


def batch(car_park, kind=Kind.MINUTES, amount=60, **facts):
    facts = {"name": "Summer fair", "starts_at": NOON - td(days=1), "made_at": NOON, **facts}
    return VoucherBatch.objects.create(car_park=car_park, kind=kind, amount=amount, **facts)


@pytest.fixture
def session(town):
    return car(town, now=NOON)


@pytest.fixture
def voucher(town):
    return batch(town).make(1, uses=1)[0]


def standing(session):
    return [(one.name, one.words) for one in session.validations.filter(withdrawn_at=None)]


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        (Kind.MINUTES, 60, "1 h free"),
        (Kind.MINUTES, 90, "90 min free"),
        (Kind.PERCENT, 50, "50 % off"),
        (Kind.MONEY, 250, "2.50 GBP off"),
    ],
)
def test_a_shop_gives_what_it_may(town, session, kind, amount, words):
    validate(shop(town, kind=kind, amount=amount), session, now=NOON)
    assert standing(session) == [("Baker", words)]


def test_a_shop_gives_once_for_a_stay(town, session):
    baker = shop(town)
    first = validate(baker, session, now=NOON)
    assert validate(baker, session, amount=30, now=NOON + minutes(5)) == first
    assert standing(session) == [("Baker", "1 h free")]


def test_several_shops_give_for_one_stay(town, session):
    validate(shop(town), session, now=NOON)
    validate(shop(town, "Butcher", Kind.PERCENT, 10), session, amount=5, now=NOON)
    assert standing(session) == [("Baker", "1 h free"), ("Butcher", "5 % off")]


@pytest.mark.parametrize("amount", [0, -1, 61])
def test_a_shop_gives_no_more_than_its_most(town, session, amount):
    with pytest.raises(NotGiven, match="At most 1 h free for one stay"):
        validate(shop(town), session, amount=amount, now=NOON)
    assert standing(session) == []


def test_a_shop_that_has_ended_gives_nothing_and_what_it_gave_stays(town, session):
    baker = shop(town)
    validate(baker, session, now=NOON)
    Validator.objects.update(ended_at=NOON + minutes(1))
    with pytest.raises(NotGiven, match="Baker validates no more stays"):
        validate(baker, car(town, plate="LATE1", now=NOON), now=NOON + minutes(2))
    assert standing(session) == [("Baker", "1 h free")]


def test_a_month_is_the_car_parks_own(town):
    """London, summer time: July begins at 23:00 UTC on 30 June."""
    baker = shop(town, a_month=1)
    june = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    validate(baker, car(town, plate="JUNE1", now=june), now=june)
    with pytest.raises(NotGiven, match="Baker has given all 1 of this month"):
        validate(baker, car(town, plate="JUNE2", now=june), now=june)
    july = june + minutes(1)
    validate(baker, car(town, plate="JULY1", now=july), now=july)
    assert validations.this_month(baker, july).count() == 1


def test_what_is_withdrawn_counts_no_more_and_is_kept(town, session):
    baker, olivia = shop(town, a_month=1), User.objects.create_user("olivia")
    given = validate(baker, session, now=NOON)
    withdraw(given, by=olivia, why="another car's", now=NOON + minutes(1))
    withdraw(given, by=None, why="again", now=NOON + minutes(2))
    given.refresh_from_db()
    assert (given.withdrawn_by, given.withdrawn_why) == (olivia, "another car's")
    assert standing(session) == []
    validate(baker, session, now=NOON + minutes(3))
    assert standing(session) == [("Baker", "1 h free")]


# vouchers


def test_a_voucher_is_used_once(town, session, voucher):
    first = redeem(session, voucher.printed.lower(), NOON)
    assert redeem(session, voucher.code, NOON) == first
    with pytest.raises(NotGiven, match="This voucher was used already"):
        redeem(car(town, plate="OTHER1", now=NOON), voucher.code, NOON)
    assert standing(session) == [("Summer fair", "1 h free")]
    assert Voucher.objects.get().uses_left == 0


def test_a_voucher_for_many_is_used_once_for_a_stay(town, session):
    voucher = batch(town).make(1, uses=2)[0]
    redeem(session, voucher.code, NOON)
    redeem(session, voucher.code, NOON)
    assert Voucher.objects.get().uses_left == 1
    redeem(car(town, plate="OTHER1", now=NOON), voucher.code, NOON)
    assert Voucher.objects.get().uses_left == 0


@pytest.mark.parametrize("typed", ["7KQ29XHM", "nonsense", "", "\0" * 8, "A" * 200])
def test_a_code_that_is_none(session, voucher, typed):
    with pytest.raises(NotGiven, match="No voucher has this code"):
        redeem(session, typed, NOON)


def test_a_voucher_of_another_car_park_is_none_here(session):
    voucher = batch(make_town("harbour")).make(1, uses=1)[0]
    with pytest.raises(NotGiven, match="No voucher has this code"):
        redeem(session, voucher.code, NOON)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"ends_at": NOON}, "This voucher ended on 1 June 2026."),
        ({"ended_at": NOON - td(days=2)}, "This voucher ended on 30 May 2026."),
        ({"starts_at": NOON + td(days=1)}, "This voucher is good from 2 June 2026 on."),
    ],
)
def test_a_voucher_out_of_its_time(town, session, facts, sentence):
    voucher = batch(town, **facts).make(1, uses=1)[0]
    with pytest.raises(NotGiven) as refused:
        redeem(session, voucher.code, NOON)
    assert str(refused.value) == sentence
    assert Voucher.objects.get().uses_left == 1


def test_a_voucher_is_not_wasted_on_a_free_stay(town, voucher):
    with pytest.raises(NotGiven, match="Keep your voucher for another day"):
        redeem(car(town, ago=minutes(3), now=NOON), voucher.code, NOON)
    assert Voucher.objects.get().uses_left == 1


def test_a_withdrawn_voucher_may_be_used_again(town, session, voucher):
    withdraw(redeem(session, voucher.code, NOON), by=None, why="mistake", now=NOON)
    assert standing(session) == []
    redeem(car(town, plate="OTHER1", now=NOON), voucher.code, NOON)
    assert Voucher.objects.get().uses_left == 0


def test_codes_are_random_and_never_shown_in_words(town):
    long, short = batch(town).make(50, uses=1), batch(town).make(50, uses=1, length=8)
    assert {len(one.code) for one in long} == {26}
    assert len({one.code for one in long + short}) == 100
    assert long[0].code not in str(long[0])


# two at once, from processes, on the real database


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_voucher_at_two_phones_at_once_is_used_once():
    town = make_town()
    vouchers = batch(town, starts_at=NOON - td(days=900)).make(ROUNDS, uses=1)
    cars = [[car(town, plate=f"{side}{number}") for number in range(ROUNDS)] for side in "AB"]
    told = race(
        "redeem",
        *(
            [f"{one.pk}:{voucher.code}" for one, voucher in zip(side, vouchers, strict=True)]
            for side in cars
        ),
    )
    for both in zip(*told, strict=True):
        assert sorted(both) == ["This voucher was used already.", "given"]
    assert Validation.objects.count() == ROUNDS
    assert set(Voucher.objects.values_list("uses_left", flat=True)) == {0}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_voucher_twice_for_one_stay_at_once_is_one_use():
    town = make_town()
    vouchers = batch(town, starts_at=NOON - td(days=900)).make(ROUNDS, uses=2)
    same = [f"{car(town, plate=f'A{one.pk}').pk}:{one.code}" for one in vouchers]
    assert race("redeem", same, same) == [["given"] * ROUNDS] * 2
    assert Validation.objects.count() == ROUNDS
    assert set(Voucher.objects.values_list("uses_left", flat=True)) == {1}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_last_stay_of_a_month_is_validated_once_at_two_tills():
    town = make_town()
    shops = [shop(town, f"Shop {number}", a_month=1) for number in range(ROUNDS)]
    tills = [
        [f"{car(town, plate=f'{side}{one.pk}').pk}:{one.pk}" for one in shops] for side in "AB"
    ]
    for both in zip(*race("validate", *tills), strict=True):
        assert len([one for one in both if one == "given"]) == 1
    assert Validation.objects.count() == ROUNDS


# the price


def lines(session, now=NOON):
    return [(str(one.rule), one.amount, one.name) for one in quote(session, now).lines]


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ([(Kind.MINUTES, 60)], 150),
        ([(Kind.MINUTES, 90)], 0),
        ([(Kind.PERCENT, 50)], 150),
        ([(Kind.PERCENT, 100)], 0),
        ([(Kind.MONEY, 50)], 250),
        ([(Kind.MONEY, 5000)], 0),
        # minutes first, then percent, then money: as the tariff says
        ([(Kind.MONEY, 50), (Kind.PERCENT, 50), (Kind.MINUTES, 60)], 25),
    ],
)
def test_the_price_follows(town, session, given, due):
    """An hour and a half costs 3.00."""
    for number, (kind, amount) in enumerate(given):
        validate(shop(town, f"Shop {number}", kind, amount), session, now=NOON)
    assert quote(session, NOON).due == due


def test_each_gift_is_a_line_and_they_add_up(town, session):
    validate(shop(town, "Baker", Kind.PERCENT, 50), session, now=NOON)
    redeem(session, batch(town, Kind.MONEY, 40).make(1, uses=1)[0].code, NOON)
    assert lines(session) == [
        ("steps", 300, ""),
        ("percent", -150, "Baker"),
        ("money", -40, "Summer fair"),
    ]
    assert quote(session, NOON).due == 110


def test_what_is_withdrawn_is_due_again(town, session):
    given = validate(shop(town), session, now=NOON)
    withdraw(given, by=None, why="mistake", now=NOON)
    assert quote(session, NOON).due == 300


def test_a_validation_after_paying_gives_nothing_back_and_shows_the_difference(town, session):
    checkout = payments.start_checkout(session, NOON)
    told = checkout.reference, checkout.amount, "GBP"
    payments.receive(PaidEvent("mock", "evt_1", *told), NOON)
    validate(shop(town), session, now=NOON)
    offer = quote(session, NOON)
    assert (offer.paid, offer.due, offer.overpaid) == (300, 0, 150)
    assert [one.amount for one in session.payments.all()] == [300]
    assert explain.differences(checkout) == []


def test_a_price_that_was_promised_before_is_closed_for_the_lower_one(town, session):
    first = payments.start_checkout(session, NOON)
    validate(shop(town), session, now=NOON)
    second = payments.start_checkout(session, NOON)
    first.refresh_from_db()
    assert (first.closed_at, second.amount) == (NOON, 150)
