"""What is due for a stay, why, and until when to leave."""

from datetime import timedelta as td

import pytest
from django.contrib.auth.models import User

from billing import payments
from billing.models import Payment, Tariff
from billing.quotes import quote
from billing.rules.tariffs import Rule
from parking.models import CarPark, Confirmation, Entitlement, Permit, Pool
from tests.billing.town import DEARER, LEAVE_WITHIN, NOON, car, minutes


def enters(town, **facts):
    return car(town, ago=td(0), now=NOON, **facts)


def pays(session, at, amount=None):
    """Pay what is due at `at` (or `amount`), and let the payment settle the stay."""
    checkout = payments.start_checkout(session, at)
    Payment.objects.create(
        session=session,
        amount=amount or checkout.amount,
        currency="GBP",
        provider=checkout.provider,
        reference=checkout.reference,
        paid_at=at,
    )
    payments.settle(checkout, at)
    session.refresh_from_db()


def words(offer):
    return [(line.rule, line.amount) for line in offer.lines]


@pytest.mark.parametrize(
    ("stay", "due", "lines"),
    [
        (minutes(15), 0, [(Rule.FREE, 0)]),
        (minutes(16), 150, [(Rule.STEPS, 150)]),
        (td(hours=9), 1200, [(Rule.DAY_CAP, 1200)]),
        (td(days=2, hours=1), 2550, [(Rule.DAY_CAP, 2400), (Rule.STEPS, 150)]),
    ],
)
def test_what_a_visitor_owes(town, stay, due, lines):
    offer = quote(enters(town), NOON + stay)
    assert (offer.due, offer.fee, offer.paid, words(offer)) == (due, due, 0, lines)
    assert offer.leave_by is None


def test_a_free_stay_tells_until_when_it_is_free(town):
    session = enters(town)
    assert quote(session, NOON + minutes(5)).free_until == NOON + minutes(15)
    assert quote(session, NOON + minutes(16)).free_until is None


def test_time_in_the_queue_of_the_exit_is_not_billed(town):
    session = enters(town, waiting_since=NOON + minutes(55))
    offer = quote(session, NOON + td(hours=3))
    assert (offer.due, offer.until) == (150, NOON + minutes(55))


def test_a_settled_stay_owes_nothing_until_its_time_to_leave_is_over(town):
    session = enters(town)
    pays(session, NOON + minutes(90))
    in_time = quote(session, NOON + minutes(90) + LEAVE_WITHIN)
    assert (in_time.due, in_time.leave_by) == (0, NOON + minutes(105))
    late = quote(session, NOON + td(hours=2, minutes=1))
    assert (late.due, late.paid, late.leave_by) == (150, 300, None)


def test_what_was_paid_for_and_the_time_to_leave_are_two_lines(town):
    session = enters(town)
    pays(session, NOON + minutes(115))
    offer = quote(session, NOON + minutes(125))
    assert words(offer) == [(Rule.STEPS, 300), (Rule.LEAVING, 0)]
    assert (offer.fee, offer.overpaid) == (300, 0)


def test_who_left_in_time_owes_nothing_for_ever(town):
    session = enters(town)
    pays(session, NOON + minutes(115))
    session.left_at = NOON + minutes(125)
    session.save()
    offer = quote(session, NOON + td(days=30))
    assert (offer.due, offer.fee) == (0, 300)


def test_who_left_too_late_owes_the_rest(town):
    session = enters(town)
    pays(session, NOON + minutes(115))
    session.left_at = NOON + td(hours=4)
    session.save()
    assert quote(session, NOON + td(days=30)).due == 300


def test_who_was_at_the_exit_in_time_owes_nothing_however_long_the_queue_took(town):
    session = enters(town)
    pays(session, NOON + minutes(50))
    session.waiting_since = NOON + minutes(64)
    session.save()
    assert quote(session, NOON + td(hours=2)).due == 0


def test_a_doubt_forbids_to_charge(town):
    session = enters(town, doubt="clock")
    offer = quote(session, NOON + td(hours=3))
    assert (offer.due, offer.held, offer.fee) == (None, True, 450)


def test_a_doubt_does_not_hold_what_is_free_or_paid(town):
    session = enters(town)
    assert quote(session, NOON + minutes(5)).due == 0
    pays(session, NOON + minutes(90))
    session.doubt = "clock"
    session.save()
    assert quote(session, NOON + minutes(91)).due == 0
    assert quote(session, NOON + td(hours=5)).held


def permit(town, starts, ends):
    return Permit.objects.create(
        car_park=town, plate="AB12CDE", holder="Smith", starts_at=starts, ends_at=ends
    )


def test_a_permit_costs_nothing(town):
    session = enters(town, permit=permit(town, NOON - td(days=1), None))
    offer = quote(session, NOON + td(days=9))
    assert (offer.due, words(offer)) == (0, [(Rule.PERMIT, 0)])


def test_the_time_after_a_permit_is_charged_and_has_its_own_free_minutes(town):
    session = enters(town, permit=permit(town, NOON - td(days=1), NOON + td(hours=5)))
    assert quote(session, NOON + td(hours=5, minutes=15)).due == 0
    offer = quote(session, NOON + td(hours=6, minutes=30))
    assert words(offer) == [(Rule.PERMIT, 0), (Rule.STEPS, 300)]
    assert offer.lines[0].end == offer.lines[1].start == NOON + td(hours=5)


def test_a_permit_that_is_given_during_the_stay_covers_it(town):
    session = enters(town)
    permit(town, NOON + td(hours=1), None)
    assert quote(session, NOON + td(hours=2)).due == 0


@pytest.mark.parametrize(
    ("plates", "due"),
    [(["ABIO"], 0), (["ABIO", "AB1O"], 0), (["AB1O", "AB10"], 0), (["AB11", "AB1"], 300)],
)
def test_a_permit_of_what_looks_the_same_is_charged_nothing(town, plates, due):
    session = enters(town, plate="AB10")
    for plate in plates:
        Permit.objects.create(car_park=town, plate=plate, starts_at=NOON)
    assert quote(session, NOON + td(hours=2)).due == due


def test_a_permit_whose_end_is_moved_before_the_entry_charges_nothing_before_the_entry(town):
    """Found by reading: the hours between the permit's end and the entry were charged as well."""
    session = enters(town, permit=permit(town, NOON - td(days=9), NOON - td(days=3)))
    offer = quote(session, NOON + minutes(90))
    assert (offer.due, offer.lines[0].start) == (300, NOON)


def test_a_lane_clock_ahead_of_ours_charges_no_negative_time(town):
    offer = quote(enters(town), NOON - minutes(1))
    assert (offer.due, offer.until) == (0, NOON)


def test_a_double_payment_is_seen_whole_even_while_the_time_to_leave_runs(town):
    """Found by reading: a step begun while leaving was taken off what had been paid twice."""
    session = enters(town)
    pays(session, NOON + minutes(119))
    Payment.objects.create(
        session=session, amount=300, currency="GBP", provider="mock", reference="x", paid_at=NOON
    )
    assert quote(session, NOON + minutes(130)).overpaid == 300


def test_a_refund_of_a_stay_that_left_in_time_makes_nothing_due(town):
    session = enters(town)
    pays(session, NOON + minutes(90))
    session.left_at = NOON + minutes(95)
    session.save()
    payment = session.payments.get()
    payments.refund(payment, amount=300, by=None, why="wrong car", now=NOON + td(days=1))
    assert quote(session, NOON + td(days=2)).due == 0


def test_a_refund_while_inside_is_due_again_when_the_time_to_leave_is_over(town):
    session = enters(town)
    pays(session, NOON + minutes(90))
    payments.refund(session.payments.get(), amount=300, by=None, why="changed mind", now=NOON)
    assert quote(session, NOON + minutes(100)).due == 0
    assert quote(session, NOON + minutes(110)).due == 300


def test_for_a_stay_that_never_was_all_that_was_paid_is_too_much(town):
    session = enters(town)
    pays(session, NOON + minutes(90))
    session.voided_at = NOON + minutes(91)
    session.save()
    offer = quote(session, NOON + td(days=2))
    assert (offer.due, offer.overpaid, words(offer)) == (0, 300, [])


def test_money_of_another_currency_is_not_counted(town):
    session = enters(town)
    Payment.objects.create(
        session=session, amount=300, currency="EUR", provider="mock", reference="x", paid_at=NOON
    )
    assert quote(session, NOON + minutes(90)).due == 300


def test_a_stay_is_priced_by_the_version_in_force_when_it_began(town):
    session = enters(town)
    Tariff.objects.create(
        car_park=town,
        version=2,
        starts_at=NOON + minutes(1),
        terms=DEARER,
    )
    assert quote(session, NOON + minutes(90)).due == 300
    assert (
        quote(car(town, ago=td(0), now=NOON + minutes(2), plate="X1"), NOON + td(hours=1)).due
        == 999
    )


def test_a_car_park_without_prices_charges_nothing(db):
    car_park = CarPark.objects.create(slug="bare", name="The bare field")
    assert quote(car(car_park, now=NOON), NOON + td(days=3)).due == 0


# permits with hours, and what a person is entitled to

OFFICE = [
    {"days": [0, 1, 2, 3, 4], "from": "07:00", "until": "19:00"}
]  # NOON is a Monday, 13:00 BST


def office(town, **facts):
    facts = {"starts_at": NOON - td(days=30), "hours": OFFICE, **facts}
    return Permit.objects.create(car_park=town, plate="AB12CDE", holder="Smith", **facts)


@pytest.mark.parametrize(
    ("enters", "leaves", "due"),
    [
        (td(hours=5, minutes=30), td(hours=7), 150),  # 18:30 to 20:00 pays from 19:00
        (td(hours=5, minutes=30), td(hours=6, minutes=10), 0),  # ten minutes late
        (td(hours=5, minutes=30), td(hours=6, minutes=20), 150),
        (td(hours=-6, minutes=-10), td(hours=1), 0),  # ten minutes early
        (td(hours=-7), td(hours=1), 150),  # an hour early
        (td(0), td(days=1), 1200),  # one night
        (td(days=5), td(days=5, hours=1), 150),  # on a Saturday
    ],
)
@pytest.mark.parametrize("came_in_with_it", [True, False])
def test_only_the_time_outside_a_permits_hours_is_charged(
    town, enters, leaves, due, came_in_with_it
):
    permit = office(town)
    session = car(town, ago=td(0), now=NOON + enters, permit=permit if came_in_with_it else None)
    assert quote(session, NOON + leaves).due == due


def test_the_free_and_the_charged_part_are_lines_of_their_own(town):
    session = car(town, ago=td(0), now=NOON + td(hours=5, minutes=30), permit=office(town))
    offer = quote(session, NOON + td(hours=7))
    assert words(offer) == [(Rule.PERMIT, 0), (Rule.STEPS, 150)]
    assert offer.lines[1].start == NOON + td(hours=6)
    assert not offer.permitted


def test_a_stay_that_has_cost_something_is_not_told_to_be_free_again(town):
    session = car(town, ago=td(0), now=NOON - td(hours=7), permit=office(town))
    offer = quote(session, NOON + td(hours=6, minutes=5))
    assert (offer.due, offer.lines[-1].rule, offer.free_until) == (150, Rule.FREE, None)


@pytest.mark.parametrize("bound", [{"lanes": ["north"]}, {"visits": 3}])
def test_what_is_granted_at_the_entry_covers_no_stay_that_it_was_not_granted_to(town, bound):
    permit = office(town, hours=[], **bound)
    assert quote(enters(town), NOON + td(hours=2)).due == 300
    town.sessions.update(permit=permit)
    assert quote(town.sessions.get(), NOON + td(hours=2)).due == 0


def test_a_plate_of_a_pool_that_got_no_place_pays(town):
    pool = Pool.objects.create(car_park=town, name="Acme", at_once=1, hours=OFFICE)
    permit = office(town, hours=[], pool=pool)
    session = enters(town)
    assert quote(session, NOON + td(hours=2)).due == 300
    session.permit = permit
    assert quote(session, NOON + td(hours=7)).due == 150  # by the pool's hours


def entitle(session, free_for=None, **facts):
    badge = Entitlement.objects.create(car_park=session.car_park, name="Badge", free_for=free_for)
    by = User.objects.create_user("olivia")
    facts = {"by": by, "why": "seen", "at": NOON, "free_for": free_for, **facts}
    return Confirmation.objects.create(session=session, entitlement=badge, **facts)


@pytest.mark.parametrize(
    ("free_for", "due", "lines"),
    [
        (None, 0, [(Rule.ENTITLED, 0)]),
        (td(hours=3), 300, [(Rule.ENTITLED, 0), (Rule.STEPS, 300)]),
    ],
)
def test_a_confirmed_entitlement_makes_the_price_follow(town, free_for, due, lines):
    session = enters(town)
    entitle(session, free_for)
    offer = quote(session, NOON + td(hours=5))
    assert (offer.due, words(offer)) == (due, lines)


def test_a_withdrawn_entitlement_counts_no_more(town):
    session = enters(town)
    entitle(session, withdrawn_at=NOON)
    assert quote(session, NOON + td(hours=1)).due == 150


def test_an_entitlement_that_is_confirmed_after_paying_is_money_too_much(town):
    session = enters(town)
    pays(session, NOON + minutes(90))
    entitle(session)
    assert quote(session, NOON + minutes(100)).overpaid == 300


def test_entitlement_and_permit_follow_one_another(town):
    session = car(town, ago=td(0), now=NOON + td(hours=5), permit=office(town))
    entitle(session, td(minutes=30))
    offer = quote(session, NOON + td(hours=7))
    assert words(offer) == [(Rule.ENTITLED, 0), (Rule.PERMIT, 0), (Rule.STEPS, 150)]


def test_an_entitlement_needs_no_evidence_of_the_stay(town):
    session = enters(town, doubt="clock")
    entitle(session)
    assert quote(session, NOON + td(hours=3)).due == 0
