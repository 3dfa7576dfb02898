"""Versions of prices: what may be kept, and what older installations had."""

from datetime import timedelta as td

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from billing.models import Tariff
from billing.rules.terms import simple, terms_of
from tests.billing.town import NOON, TOWN


def version(town, terms):
    return Tariff(car_park=town, version=2, starts_at=NOON, terms=terms)


def test_the_terms_of_a_version_are_read(town):
    assert town.tariffs.get().rules == terms_of(TOWN)
    assert town.tariffs.get().leave_within == td(minutes=15)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bands": []}, "bands: List 1 to 40 of them."),
        ({"minimum": -1}, "minimum: Give an amount in the smallest unit, such as 150 for 1.50"),
        ({"holidays": "XX"}, "holidays: There is no calendar 'XX': choose one as GB-ENG or DE-BY."),
        ({"holidays": "GB-XYZ"}, "holidays: There is no calendar 'GB-XYZ'"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_a_sentence(town, change, sentence):
    with pytest.raises(ValidationError) as refused:
        version(town, TOWN | change).full_clean()
    assert refused.value.message_dict["terms"][0].startswith(sentence)


@pytest.mark.parametrize("calendar", ["GB-ENG", "DE-BY", "US", "NZ", "AU-NSW"])
def test_calendars_of_public_holidays_are_known(town, calendar):
    version(town, TOWN | {"holidays": calendar}).full_clean()


@pytest.mark.django_db(transaction=True)
def test_prices_of_an_earlier_version_are_carried_over():
    executor = MigrationExecutor(connection)
    before = [("billing", "0005_unpaid")]
    executor.migrate(before)
    parks = executor.loader.graph.leaf_nodes("parking")
    apps = executor.loader.project_state([*before, *parks]).apps
    park = apps.get_model("parking", "CarPark").objects.create(slug="old", name="Old")
    apps.get_model("billing", "Tariff").objects.create(
        car_park=park,
        version=1,
        starts_at=NOON,
        free=td(seconds=90),
        step=td(minutes=30),
        step_price=120,
        day_cap=800,
        leave_within=td(minutes=10),
    )
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    (tariff,) = Tariff.objects.all()
    plain = simple(free=2, step=30, step_price=120, day_cap=800, leave_within=10)
    assert tariff.rules == terms_of(plain)
