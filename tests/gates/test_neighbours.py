"""A permit never opens for a neighbour's plate, one character away (a thousand fleets: benchmarks)."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fleets import exactly, fleets, noisy
from gates.rules.votes import ACCEPTED_AT
from parking.models import Permit
from parking.rules.plates import folded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FLEETS = 3  # in each example
every_seed = given(seed=st.integers(0, 2**32), noise=st.floats(0, 0.5))
# Each example clears the permits of the one before it.
one_database = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def opened_by(park, read):
    """The plate of the permit that opens for this read, or None."""
    if read["confidence"] < ACCEPTED_AT:
        return None
    told = tuple((one["plate"], one["probability"]) for one in read["candidates"])
    facts = {"lane": "north-entry", "candidates": told}
    found = Permit.behind(park, read["plate"], NOW, **facts)
    return found.plate if found else None


@one_database
@every_seed
def test_no_permit_opens_for_a_neighbour(park, seed, noise):
    Permit.objects.all().delete()
    chance, found = random.Random(seed), fleets(FLEETS, seed)
    Permit.objects.bulk_create(
        Permit(car_park=park, plate=plate, holder="Fleet", starts_at=NOW)
        for one in found
        for plate in one.members
    )
    for one in found:
        assert [opened_by(park, exactly(plate)) for plate in one.neighbours] == [None] * 4
        assert [opened_by(park, exactly(plate)) for plate in one.members] == list(one.members)
        for plate in one.members:
            by = opened_by(park, noisy(chance, plate, noise))
            assert by is None or folded(by) == folded(plate)
