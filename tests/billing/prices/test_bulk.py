"""Many stays priced at once cost what each of them costs alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import payments
from billing.models import Tariff, Validation, Validator
from billing.prices.bulk import Prices
from billing.quotes import quote
from billing.rules.terms import simple
from parking.models import Entitlement, Permit, Pool
from parking.stays import confirm
from tests.billing.test_payments import paid_event
from tests.billing.town import DEARER, always_priced, car, minutes
from tests.gates.room import person

pytestmark = pytest.mark.django_db
OFFICE = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "09:00", "until": "11:00"}]
CHEAP = simple(free=0, step=30, step_price=20, day_cap=300)
AGAIN = {
    **CHEAP,
    "free": {"minutes": 60, "when": "short"},
    "no_return": {"minutes": 120, "then": "no_free"},
    "caps": [{"per": "vehicle_day", "amount": 250}],
    "classes": {"motorcycle": {"percent": 50}},
    "groups": {"resident": {"percent": 25}},
}


@pytest.fixture
def stays(town):
    """Stays of the last days, of each kind that is priced otherwise."""
    now = timezone.now()
    long_ago = {"car_park": town, "starts_at": now - timedelta(days=90)}
    permit = {**long_ago, "holder": "Smith"}
    pool = Pool.objects.create(car_park=town, name="Acme", at_once=2, hours=OFFICE)
    Permit.objects.create(plate="PE1", **permit)
    Permit.objects.create(plate="H0URS", hours=OFFICE, **permit)
    Permit.objects.create(plate="RE51", group="resident", **permit)
    Permit.objects.create(plate="E11DED", ends_at=now - minutes(100), **permit)
    member = Permit.objects.create(plate="ACME1", pool=pool, **permit)
    badge = Entitlement.objects.create(car_park=town, name="Badge", free_for=timedelta(hours=1))

    def gone(plate, length=130, before=60, **facts):
        left = now - minutes(before)
        return car(town, plate=plate, now=left, ago=minutes(length), left_at=left, **facts)

    entitled = gone("BADGE")
    confirm(entitled, badge, by=person(name="rita"), why="Shown", now=now)
    paid = car(town, plate="PA1D", now=now - minutes(70), ago=minutes(60))
    checkout = payments.start_checkout(paid, now - minutes(70))
    payments.receive(paid_event(checkout), now - minutes(70))
    paid.refresh_from_db()
    paid.left_at = now - minutes(60)
    paid.save()
    shop = Validator.objects.create(
        car_park=town, name="Shop", kind="money", amount=100, made_at=now
    )
    shopper = gone("SH0PPER")
    facts = {"kind": shop.kind, "amount": shop.amount, "name": shop.name, "at": now}
    Validation.objects.create(session=shopper, validator=shop, **facts)
    return [
        entitled,
        paid,
        shopper,
        *(gone(plate) for plate in ("VIS1T", "PE1", "H0URS", "HOURS", "RE51", "E11DED")),
        gone("ACME1", permit=member),
        gone("SH0RT", 4),
        gone("LONG", 3 * 24 * 60),
        gone("B1KE", vehicle_class="motorcycle"),
        gone("AGA1N", 50, 200),
        gone("AGA1N", 50, 100),
    ]


@pytest.mark.parametrize("terms", [DEARER, CHEAP, AGAIN])
def test_each_costs_what_it_costs_alone(town, stays, terms):
    then = [quote(stay, timezone.now()).fee for stay in stays]
    bulk = list(Prices(town, terms).compared(stays))
    always_priced(town, terms)
    now = [quote(stay, timezone.now()).fee for stay in stays]
    assert [one.then for one in bulk] == then
    assert [one.now for one in bulk] == now
    assert len(set(then)) > 3


def test_each_is_priced_by_the_version_of_its_entry(town, stays):
    Tariff.objects.create(
        car_park=town, version=2, starts_at=timezone.now() - timedelta(days=1), terms=DEARER
    )
    bulk = Prices(town, CHEAP).compared(stays)
    assert [one.then for one in bulk] == [quote(stay, timezone.now()).fee for stay in stays]


def test_a_car_park_without_prices_took_nothing(town, stays):
    Tariff._base_manager.all().delete()
    assert {one.then for one in Prices(town, CHEAP).compared(stays)} == {0}


def test_more_stays_ask_no_more(town, stays):
    def asked(some):
        with CaptureQueriesContext(connection) as questions:
            list(Prices(town, AGAIN).compared(some))
        return len(questions)

    some = list(town.sessions.select_related("permit__pool").filter(left_at__isnull=False))
    assert asked(some[:2]) == asked(some)
