"""The versions of the prices: one follows the other, none is ever changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import Stands, Tariff
from billing.prices import versions
from billing.prices.versions import NotMade, publish, state, with_stays, withdraw
from billing.quotes import quote
from tests.billing.town import DEARER, TOWN, car, minutes
from tests.gates.room import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def olivia(db):
    return person("operator", "olivia")


@pytest.fixture
def now():
    return timezone.now()


def made(town, by, now, **more):
    return publish(town, DEARER, by=by, now=now, **more)


def test_a_version_follows_and_says_who_made_it_when_and_why(town, olivia, now):
    version = made(town, olivia, now, note="Costs rose")
    assert (version.version, version.starts_at, version.made_at) == (2, now, now)
    assert (version.made_by, version.note, version.terms) == (olivia, "Costs rose", DEARER)


def test_who_came_before_it_keeps_the_prices_of_his_entry(town, olivia, now):
    early = car(town, now=now, ago=minutes(60))
    made(town, olivia, now)
    late = car(town, now=now + minutes(60), ago=minutes(59), plate="LATE")
    assert quote(early, now + minutes(30)).fee == 300
    assert quote(late, now + minutes(61)).fee == 999


def test_nothing_begins_in_the_past(town, olivia, now):
    with pytest.raises(NotMade, match="in the past"):
        made(town, olivia, now, starts_at=now - minutes(1))
    assert town.tariffs.count() == 1


def test_the_database_refuses_a_start_before_it_was_made(town, olivia, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tariff.objects.create(
            car_park=town, version=2, terms=TOWN, starts_at=now - DAY, made_at=now, made_by=olivia
        )


def test_a_version_is_never_changed_or_deleted(town):
    version = town.tariffs.get()
    version.terms = DEARER
    acts = (
        version.save,
        version.delete,
        lambda: town.tariffs.update(terms=DEARER),
        lambda: Tariff.objects.all().delete(),
    )
    for act in acts:
        with pytest.raises(Stands):
            act()
    assert town.tariffs.get().terms == TOWN


def test_two_editors_make_one_version_and_the_second_is_told(town, olivia, now):
    made(town, olivia, now + minutes(1), after=1)
    with pytest.raises(NotMade, match="Version 2 was made in the meantime"):
        made(town, olivia, now + minutes(2), after=1)
    assert town.tariffs.count() == 2


def test_two_versions_do_not_begin_at_one_moment(town, olivia, now):
    made(town, olivia, now, starts_at=now + DAY)
    with pytest.raises(NotMade, match="begins at that very moment") as why:
        made(town, olivia, now, starts_at=now + DAY)
    assert why.value.about_start


def test_one_that_has_not_begun_is_withdrawn_and_prices_nothing(town, olivia, now):
    made(town, olivia, now, starts_at=now + DAY)
    withdraw(town, 2, by=olivia, now=now)
    withdraw(town, 2, by=olivia, now=now + minutes(1))  # twice is once
    version = town.tariffs.get(version=2)
    assert (version.withdrawn_at, version.withdrawn_by) == (now, olivia)
    assert Tariff.in_force(town, now + 2 * DAY).version == 1


def test_one_that_is_in_force_is_not_withdrawn(town, olivia, now):
    made(town, olivia, now)
    for version in (1, 2):
        with pytest.raises(NotMade, match="prices stays already"):
            withdraw(town, version, by=olivia, now=now + minutes(1))


def test_the_only_one_prices_who_came_before_it_and_stays(olivia, now, db):
    from parking.models import CarPark

    new = CarPark.objects.create(slug="new", name="New")
    car(new, now=now)
    made(new, olivia, now, starts_at=now + DAY)
    with pytest.raises(NotMade, match="prices stays already"):
        withdraw(new, 1, by=olivia, now=now)


def test_one_that_has_not_begun_is_replaced(town, olivia, now):
    made(town, olivia, now, starts_at=now + DAY)
    version = made(town, olivia, now, starts_at=now + DAY, replaces=2)
    assert version.version == 3
    assert [one.version for one in town.tariffs.filter(withdrawn_at=None)] == [3, 1]


def test_a_replacement_that_cannot_be_made_withdraws_nothing(town, olivia, now):
    made(town, olivia, now, starts_at=now + DAY)
    made(town, olivia, now, starts_at=now + 2 * DAY)
    with pytest.raises(NotMade):
        made(town, olivia, now, starts_at=now + 2 * DAY, replaces=2)
    assert town.tariffs.get(version=2).withdrawn_at is None


def test_the_list_says_how_each_stands_and_what_it_priced(town, olivia, now):
    for ago, plate in ((90, "A1"), (30, "B2"), (20, "C3")):
        car(town, now=now, ago=minutes(ago), plate=plate)
    Tariff.objects.create(car_park=town, version=2, starts_at=now - minutes(60), terms=DEARER)
    made(town, olivia, now, starts_at=now + DAY)
    made(town, olivia, now, starts_at=now + 2 * DAY)
    withdraw(town, 4, by=olivia, now=now)
    found = [(one.version, state(one, now), one.stays) for one in with_stays(town)]
    assert found == [(4, "withdrawn", 0), (3, "to come", 0), (2, "in force", 2), (1, "past", 1)]
    by_number = {one.version: one for one in with_stays(town)}
    assert by_number[1].ends_at == by_number[2].starts_at
    assert versions.before(by_number[3], by_number.values()).version == 2
