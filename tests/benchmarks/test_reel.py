import json
from itertools import islice

import pytest

from benchmarks.reel import Reel
from benchmarks.scenes import letters


@pytest.fixture
def reel(tmp_path):
    return Reel(str(tmp_path / "frames"), str(tmp_path / "arm"), count=1)


def test_a_vehicle_comes_waits_for_the_arm_and_drives_on(reel):
    assert {said for _, said in islice(reel.film, 30)} == {None}
    heights = [said["letters"] for _, said in islice(reel.film, 35)]
    assert heights[:15] == sorted(set(heights[:15]))
    at_the_line = round(letters(reel.vehicle(0).car), 1)
    assert set(heights[15:]) == {at_the_line}
    reel.arm.write_text("up")
    rest = [said for _, said in islice(reel.film, 32)]
    assert [said["letters"] for said in rest[:5]] == [at_the_line] * 5
    assert rest[5]["letters"] < rest[16]["letters"]
    assert rest[17:] == [None] * 15


def test_each_frame_with_a_vehicle_is_written_down(reel):
    for _ in islice(reel.film, 30):
        pass
    frame = reel.newest(1.0)
    (line,) = map(json.loads, reel.log.read_text().splitlines())
    assert frame.image.shape == (720, 1280, 3)
    assert (line["vehicle"], line["letters"] < 10) == (0, True)
