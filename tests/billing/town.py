"""A car park with a town's prices, stays in it, and a provider's webhooks."""

import json
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from billing.models import Tariff
from billing.providers import mock
from billing.rules.terms import simple
from parking.models import CarPark, ParkingSession

# 15 minutes are free, then 1.50 for each hour begun, 12.00 a day at most, 15 minutes to leave.
TOWN = simple(free=15, step=60, step_price=150, day_cap=1200, leave_within=15)
DEARER = simple(free=15, step=60, step_price=999, day_cap=9999, leave_within=15)
LEAVE_WITHIN = timedelta(minutes=15)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_town(slug="town"):
    car_park = CarPark.objects.create(slug=slug, name=f"The {slug} square")
    Tariff.objects.create(
        car_park=car_park,
        version=1,
        starts_at=NOON - timedelta(days=365),
        terms=TOWN,
    )
    return car_park


def always_priced(car_park, terms):
    """As if these had always been its prices: past the guard that keeps versions as they are."""
    Tariff._base_manager.filter(car_park=car_park).update(terms=terms)


def never_priced(car_park):
    """As if it had never had prices."""
    Tariff._base_manager.filter(car_park=car_park).delete()


def car(car_park, *, ago=timedelta(hours=1, minutes=30), plate="AB12CDE", now=None, **facts):
    """A stay that began so long before `now`: by default 3.00 are due."""
    entered = (now or timezone.now()) - ago
    return ParkingSession.objects.create(
        car_park=car_park, plate=plate, entered_at=entered, **facts
    )


def minutes(count):
    return timedelta(minutes=count)


def told(checkout, **changed):
    """What the provider's webhook says of a paid checkout."""
    return {
        "id": f"evt_{checkout.reference}",
        "type": "checkout.paid",
        "reference": checkout.reference,
        "amount": checkout.amount,
        "currency": checkout.currency,
        **changed,
    }


def deliver(client, event, *, at=None, address="/webhooks/mock/", **headers):
    """Post a webhook as the provider does, signed at `at` (aware; now where not given)."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signature = mock.sign(body, (at or timezone.now()).timestamp())
    headers = {"Mock-Signature": signature, **headers}
    return client.post(address, body, content_type="application/json", headers=headers)
