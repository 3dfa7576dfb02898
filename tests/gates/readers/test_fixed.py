import json

import numpy as np
import pytest

from gates.readers.fixed import Fixed

ROAD = np.full((90, 160, 3), 96, np.uint8)
CAR = np.random.default_rng(1).integers(0, 255, (90, 160, 3), dtype=np.uint8)


def test_it_says_what_it_was_told():
    (read,) = Fixed(plate="ab 12-cde").read(CAR)
    assert (read.plate, read.confidence, read.accepted) == ("AB12CDE", 0.99, True)
    assert read.candidates[0].plate == "AB12CDE"


def test_an_empty_road_has_no_plate():
    assert Fixed(plate="AB12CDE").read(ROAD) == []
    assert Fixed().read(CAR) == []


def test_without_a_confidence_there_is_none():
    (read,) = Fixed(plate="AB12CDE", confidence=None).read(CAR)
    assert (read.confidence, read.candidates) == (None, ())


@pytest.mark.parametrize(("confidence", "accepted"), [(0.95, True), (0.5, False)])
def test_a_doubtful_plate_is_not_accepted(confidence, accepted):
    (read,) = Fixed(plate="AB12CDE", confidence=confidence).read(CAR)
    assert read.accepted is accepted


def test_the_script_is_read_each_time(tmp_path):
    script = tmp_path / "plate.json"
    reader = Fixed(script=str(script))
    assert reader.read(CAR) == []
    script.write_text(json.dumps({"plate": "XY99ZZZ", "confidence": 0.7}))
    assert reader.read(CAR)[0].plate == "XY99ZZZ"
    script.write_text("null")
    assert reader.read(CAR) == []
