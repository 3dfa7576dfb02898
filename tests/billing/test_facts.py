"""What a price may depend on besides the time: found where the tariff asks for it, and only there."""

from datetime import timedelta as td

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Payment
from billing.quotes import quote
from billing.rules.tariffs import Rule
from parking.models import Permit, Pool
from tests.billing.town import NOON, TOWN, always_priced, car, minutes


def prices(town, **clauses):
    always_priced(town, TOWN | clauses)


def inside(town, plate="AB12CDE", **facts):
    return car(town, ago=minutes(90), now=NOON, plate=plate, **facts)


def left(town, *, ago, paid=0, plate="AB12CDE"):
    """A stay of an hour that left so many minutes before the next one came in."""
    came = NOON - minutes(90 + ago + 60)
    stay = car(town, ago=td(0), now=came, plate=plate, left_at=came + minutes(60))
    if paid:
        Payment.objects.create(
            session=stay,
            amount=paid,
            currency="GBP",
            provider="mock",
            reference=f"r{stay.pk}",
            paid_at=came,
        )
    return stay


def due(stay):
    return quote(stay, NOON).due


@pytest.fixture
def resident(town):
    facts = {"plate": "AB12CDE", "holder": "Ann", "starts_at": NOON - td(days=9)}
    return Permit.objects.create(car_park=town, **facts)


def test_a_motorcycle_pays_half(town):
    prices(town, classes={"motorcycle": {"percent": 50}})
    assert due(inside(town, vehicle_class="motorcycle")) == 150
    assert due(inside(town, plate="CAR1")) == 300


def test_a_permit_of_a_group_pays_its_share_and_one_without_nothing(town, resident):
    prices(town, groups={"resident": {"percent": 50}})
    stay = inside(town)
    assert due(stay) == 0
    Permit.objects.update(group="resident")
    assert due(stay) == 150
    assert [line.rule for line in quote(stay, NOON).lines] == [Rule.STEPS, Rule.GROUP]


def test_a_group_that_the_tariff_does_not_know_pays_the_whole(town, resident):
    Permit.objects.update(group="staff")
    assert due(inside(town)) == 300


def test_a_pools_group_is_its_plates(town, resident):
    prices(town, groups={"firm": {"percent": 10}})
    pool = Pool.objects.create(car_park=town, name="Acme", at_once=3, group="firm")
    Permit.objects.update(pool=pool)
    assert due(inside(town, permit=Permit.objects.get())) == 30


def test_a_public_holiday(town):
    free = {"name": "Holiday", "days": ["holiday"], "charge": {"kind": "free"}}
    prices(town, bands=[free, *TOWN["bands"]], holidays="GB-ENG")
    christmas = NOON.replace(month=12, day=25)
    stay = car(town, ago=minutes(90), now=christmas)
    assert quote(stay, christmas).due == 0
    assert due(inside(town, plate="JUNE")) == 300


def test_who_comes_back_too_soon_has_no_free_time_again(town):
    prices(
        town,
        free={"minutes": 120, "when": "short"},
        no_return={"minutes": 60, "then": "no_free"},
    )
    stay = inside(town)
    left(town, ago=61)
    assert due(stay) == 0
    left(town, ago=30, plate="OTHER")
    assert due(stay) == 0
    left(town, ago=59)
    assert due(stay) == 300


def test_what_was_paid_today_counts_towards_the_vehicles_day(town):
    prices(town, caps=[{"per": "vehicle_day", "amount": 500}])
    stay = inside(town)
    left(town, ago=10, paid=400)
    assert due(stay) == 100


def test_what_the_tariff_does_not_ask_for_is_not_looked_up(town):
    stay = inside(town)
    with CaptureQueriesContext(
        connection,
    ) as plain:
        quote(stay, NOON)
    prices(town, no_return={"minutes": 60, "then": "no_free"})
    with CaptureQueriesContext(connection) as asked:
        quote(stay, NOON)
    assert len(asked) == len(plain) + 1
