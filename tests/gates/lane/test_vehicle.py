"""What a lane tells of a vehicle: of its reads, those that count."""

from datetime import UTC, datetime

import numpy as np
import pytest

from gates.cameras import Frame
from gates.lane.vehicle import Vehicle
from gates.readers import Read
from gates.readers.quality import Quality

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FRAME = Frame(1, NOON, np.zeros((4, 4, 3), np.uint8))


def read(confidence, quality=None):
    return Read("AB12CDE", confidence, True, (0, 0, 4, 2), quality=quality)


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ([], None),
        ([read(0.9)], None),
        (
            [read(0.9, Quality(0.4, 0.5, 0.0, 20)), read(0.97, Quality(0.25555, 0.7, 0.01, 24))],
            {"blur": 0.256, "contrast": 0.7, "clipping": 0.01, "height": 24},
        ),
        (
            [read(0.97, Quality(0.2, 0.7, 0.0, 24)), read(0.6, Quality(0.9, 0.1, 0.0, 12))],
            {"blur": 0.2, "contrast": 0.7, "clipping": 0.0, "height": 24},
        ),
    ],
)
def test_the_quality_of_the_surest_read_is_told(reads, told):
    vehicle = Vehicle(1, NOON, 0.0)
    for one in reads:
        vehicle.add(FRAME, [one])
    assert vehicle.arrival("in", "fixed")["quality"] == told
