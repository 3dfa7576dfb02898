import os
import signal
import time

import cv2
import numpy as np
import pytest

from gates.cameras import Blind
from gates.cameras.stream import Look, Stream, checked, shown
from tests.gates.cameras.mjpeg import network_camera


@pytest.fixture
def watch():
    """Opens streams and closes them after the test."""
    opened = []

    def open_stream(*args, **options):
        opened.append(Stream(*args, **options))
        return opened[-1]

    yield open_stream
    for stream in opened:
        stream.close()


@pytest.fixture
def camera():
    with network_camera() as camera:
        yield camera


def video(path, frames=12, rate=25):
    """A real video whose frame n is n * 20 bright."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), rate, (160, 120))
    for number in range(frames):
        image = np.full((120, 160, 3), number * 20, np.uint8)
        image[20:40, 20:40] = 255
        writer.write(image)
    writer.release()
    return str(path)


def brightness(frame):
    return round(float(frame.image[100, 100].mean()) / 20)


def frame_within(stream, seconds):
    """The next frame; fails the test when none comes. Blindness in between is allowed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            frame = stream.newest(0.2)
        except Blind:
            continue
        if frame:
            return frame
    raise AssertionError(f"no frame within {seconds} s; trouble: {stream.trouble}")


def blind_within(stream, seconds, words=""):
    """What the camera says when it is blind, with these words; fails when it never says them."""
    until, said = time.monotonic() + seconds, ""
    while time.monotonic() < until:
        try:
            stream.newest(0.2)
        except Blind as blind:
            said = str(blind)
            if words in said:
                return said
    raise AssertionError(f"not blind within {seconds} s; last said: {said}")


def test_every_frame_of_a_video_in_order(watch, tmp_path):
    stream = watch(video(tmp_path / "lane.avi"), every_frame=True)
    frames = [frame_within(stream, 15) for _ in range(12)]
    assert [brightness(frame) for frame in frames] == list(range(12))
    assert [frame.number for frame in frames] == list(range(1, 13))
    assert (frames[-1].at - frames[0].at).total_seconds() == pytest.approx(11 / 25, abs=1e-5)
    assert frames[0].at.utcoffset().total_seconds() == 0
    assert blind_within(stream, 2) == "the video has ended"
    assert blind_within(stream, 2) == "the video has ended"


def test_a_video_plays_at_its_own_speed_and_drops_what_nobody_took(watch, tmp_path):
    stream = watch(video(tmp_path / "lane.avi", frames=13, rate=10))
    first = frame_within(stream, 15)
    time.sleep(0.5)
    later = frame_within(stream, 5)
    passed = (later.at - first.at).total_seconds()
    assert passed >= 0.4
    assert brightness(later) - brightness(first) == pytest.approx(passed * 10, abs=2)
    assert later.number == first.number + 1
    assert blind_within(stream, 3) == "the video has ended"


def test_no_frame_is_lost_while_nobody_asks(watch, tmp_path):
    stream = watch(video(tmp_path / "lane.avi"), every_frame=True)
    assert stream.newest(0.001) is None  # the question is out, the answer comes later
    time.sleep(1.5)
    assert [brightness(frame_within(stream, 15)) for _ in range(3)] == [0, 1, 2]


def test_a_looped_video_begins_again(watch, tmp_path):
    stream = watch(video(tmp_path / "lane.avi", frames=4), every_frame=True, loop=True)
    seen = [brightness(frame_within(stream, 15)) for _ in range(9)]
    assert seen == [0, 1, 2, 3, 0, 1, 2, 3, 0]


def test_a_file_that_is_no_video(watch, tmp_path):
    path = tmp_path / "lane.mp4"
    path.write_bytes(os.urandom(4000))
    message = blind_within(watch(str(path)), 15)
    assert message == f"camera {path} cannot be opened as a video"


def test_a_network_camera_stalls_and_comes_back(watch, camera):
    stream = watch(camera.address, stall_after=1.0, retry_after=0.1)
    before = frame_within(stream, 15)
    assert before.image.shape == (120, 160, 3)
    camera.mood = "stall"
    blind_within(stream, 8, "has given no picture for")
    camera.mood = "play"
    assert frame_within(stream, 15).number > before.number


def test_a_frozen_then_black_then_living_picture(watch, camera):
    stream = watch(camera.address, frozen_after=0.4)
    frame_within(stream, 15)
    camera.mood = "freeze"
    blind_within(stream, 8, "has given the same picture for")
    camera.mood = "black"
    blind_within(stream, 8, "shows only black")
    camera.mood = "play"
    assert frame_within(stream, 15).image.max() > 100


def test_garbage_in_place_of_pictures(watch, camera):
    camera.mood = "garbage"
    stream = watch(camera.address, stall_after=1.0, open_within=3.0, retry_after=0.1)
    assert blind_within(stream, 15).startswith("camera http://127.0.0.1")
    camera.mood = "play"
    assert frame_within(stream, 15).image.shape == (120, 160, 3)


def test_an_absent_camera_is_named_without_its_password(watch, caplog, capfd):
    with network_camera() as gone:
        port = gone.port
    stream = watch(f"http://ann:s3cret@127.0.0.1:{port}/lane?key=t0ken")
    message = blind_within(stream, 15)
    assert message == f"camera http://127.0.0.1:{port}/lane does not answer with pictures"
    said = message + caplog.text + "".join(capfd.readouterr())
    assert "s3cret" not in said
    assert "t0ken" not in said


def test_an_absent_usb_camera(watch):
    assert blind_within(watch(63), 15) == "camera 63 does not answer with pictures"


def test_a_killed_child_is_replaced(watch, camera):
    stream = watch(camera.address, retry_after=0.1)
    frame_within(stream, 15)
    os.kill(stream.child.process.pid, signal.SIGKILL)
    blind_within(stream, 8, "its process has ended")
    assert frame_within(stream, 15)


def test_a_stopped_child_is_killed_and_replaced(watch, camera):
    stream = watch(camera.address, stall_after=1.0, retry_after=0.1)
    frame_within(stream, 15)
    child = stream.child.process
    os.kill(child.pid, signal.SIGSTOP)
    blind_within(stream, 8, "does not respond")
    assert not child.is_alive()
    assert frame_within(stream, 15)


@pytest.mark.parametrize(
    "url",
    ["gopher://camera/1", "file:///etc/passwd", "concat:a|b", "rtsp://", "/no/such.mp4", "", "-1"],
)
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="no camera at"):
        Stream(url)


@pytest.mark.parametrize(
    ("url", "kind"),
    [("rtsp://u:p@cam/1", "network"), ("HTTPS://cam/x", "network"), ("0", "usb"), (1, "usb")],
)
def test_allowed_addresses(url, kind):
    assert checked(url)[1] == kind


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("rtsp://ann:pa/s@s@cam:554/1?token=x#y", "rtsp://cam:554/1"),
        ("gopher://ann:pass@cam", "gopher://cam"),
        ("ann:pass@cam", "cam"),
        ("lane.mp4", "lane.mp4"),
        (0, "0"),
    ],
)
def test_passwords_are_not_shown(url, name):
    assert shown(url) == name


def test_a_still_picture_is_frozen_only_after_its_time():
    picture = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    look = Look(frozen_after=10)
    assert look.fault(picture, 100.0) is None
    assert look.fault(picture, 109.0) is None
    said = look.fault(picture, 112.0)
    assert said == "has given the same picture for more than 10 s"
    assert look.fault(picture, 113.0) == said  # or each second would be news for the log
    assert look.fault(picture[::-1], 113.0) is None
    assert look.fault(np.full_like(picture, 128), 114.0) == "shows nothing but one colour"
