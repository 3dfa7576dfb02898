"""A car park with a town's prices (`tests.billing.town`)."""

import pytest

from tests.billing.town import make_town


@pytest.fixture
def town(db):
    return make_town()
