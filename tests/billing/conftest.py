"""A car park with a town's prices (`tests.billing.town`)."""

import pytest

from tests.billing.practice import running
from tests.billing.town import make_town


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def practice(settings):
    """The double of Stripe, which tells nobody what happens."""
    with running(settings) as double:
        yield double
