import cv2
import numpy as np
import pytest

from gates.readers.footage import NotAVideo, Vehicle, frames, vehicles
from tests.gates.readers.pictures import plate, street

SIZE = (640, 360)
EMPTY = street(size=SIZE)


def car(text):
    return street((plate(text, letters=34), (320, 220), 0), size=SIZE)


def film(path, *scenes, fps=10):
    """Writes scenes of (picture, seconds)."""
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), fps, SIZE)
    for picture, seconds in scenes:
        for _ in range(round(seconds * fps)):
            video.write(picture)
    video.release()
    return path


@pytest.fixture
def two_cars(tmp_path):
    scenes = (EMPTY, 1), (car("AB12CDE"), 1), (EMPTY, 2), (car("KLM4827"), 1), (EMPTY, 0.4)
    return film(tmp_path / "lane.avi", *scenes)


def test_each_vehicle_is_told_with_its_times(two_cars, reader):
    first, second = vehicles(two_cars, reader)
    assert (first.verdict.plate, first.verdict.accepted) == ("AB12CDE", True)
    assert (first.began, first.ended) == pytest.approx((1.0, 1.8), abs=0.01)
    assert (second.verdict.plate, second.began) == ("KLM4827", pytest.approx(4.0, abs=0.01))


def test_a_video_broken_off_ends_there(two_cars, reader):
    whole = two_cars.read_bytes()
    two_cars.write_bytes(whole[: len(whole) // 2])
    assert [v.verdict.plate for v in vehicles(two_cars, reader)] == ["AB12CDE"]


def test_frames_come_with_their_seconds(two_cars):
    seconds = [at for at, _ in frames(two_cars, a_second=2)]
    assert seconds == pytest.approx(np.arange(0, 5.4, 0.5))


def test_a_file_of_another_kind_is_said(tmp_path):
    (tmp_path / "empty.mp4").write_bytes(b"")
    with pytest.raises(NotAVideo, match="not a video of a known kind"):
        list(frames(tmp_path / "empty.mp4"))


def test_one_doubtful_read_is_no_vehicle(reader):
    (read,) = reader.read(car("AB12CDE"))
    assert Vehicle(0, 0, [read]).real
    doubtful = type(read)(read.plate, 0.4, False, read.box)
    assert not Vehicle(0, 0, [doubtful]).real
    assert Vehicle(0, 0, [doubtful, doubtful]).real
