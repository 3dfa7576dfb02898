"""Video files as they come: broken, mislabelled, and wrong about their own rate."""

import struct

import cv2
import numpy as np
import pytest

from gates.readers.film import Clock, NotAVideo, frames
from gates.readers.photographs import is_video
from tests.gates.readers.films import clock, film


@pytest.fixture
def avi(tmp_path):
    return film(tmp_path / "a.avi", 4, clock)


def seconds(path, a_second=5):
    return [at for at, _ in frames(path, a_second)]


def test_frames_come_with_their_seconds(avi):
    assert seconds(avi, 2) == pytest.approx(np.arange(0, 4, 0.5))
    assert seconds(avi, 100) == pytest.approx(np.arange(0, 4, 0.1))


def broken(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


@pytest.mark.parametrize("share", [0.3, 0.61, 0.999])
def test_a_file_broken_off_ends_there(avi, share):
    assert seconds(broken(avi, share))[-1] == pytest.approx(4 * share, abs=0.4)


def test_a_file_that_lacks_its_table_of_contents_is_said(tmp_path):
    path = broken(film(tmp_path / "a.mp4", 4, clock), 0.8)
    with pytest.raises(NotAVideo, match="damaged"):
        seconds(path)


WRONG = "the file is not a video of a known kind, or it is damaged"


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "the file is empty"), (b"\0" * 4096, WRONG), (b"ftyp but no more", WRONG)],
)
def test_what_is_no_video_is_said(tmp_path, content, why):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(NotAVideo) as error:
        seconds(tmp_path / "a.mp4")
    assert str(error.value) == why


def test_frames_that_are_too_large_are_said(tmp_path):
    path = tmp_path / "large.avi"
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (6000, 4200))
    video.write(np.zeros((4200, 6000, 3), np.uint8))
    video.release()
    with pytest.raises(NotAVideo, match="its frames have 6000 x 4200 pixels; at most 25 million"):
        seconds(path)


@pytest.mark.parametrize(("claimed", "rate"), [(0, 10), (600, 25), (1_000_000, 25)])
def test_a_file_may_claim_an_impossible_rate(avi, claimed, rate):
    content = avi.read_bytes()
    scale_and_rate = content.index(b"strh") + 28
    told = struct.pack("<II", 1, claimed)
    avi.write_bytes(content[:scale_and_rate] + told + content[scale_and_rate + 8 :])
    assert seconds(avi, 100)[-1] == pytest.approx(39 / rate)


@pytest.mark.parametrize(
    ("rate", "told", "seconds"),
    [
        (10, [0, 0.1, 0.5, 0.6], [0, 0.1, 0.5, 0.6]),  # frames left out
        (10, [3, 3.1, 0.1, 0.2], [0, 0.1, 0.2, 0.3]),  # it begins late and leaps back
        (10, [0, 0, 0, 90000], [0, 0.1, 0.2, 0.3]),
        (0, [0, 0, 0], [0, 0.04, 0.08]),
        (1e6, [0, 1e-6, 2e-6], [0, 0.04, 0.08]),
        (float("nan"), [0, 0.5], [0, 0.5]),
    ],
)
def test_the_time_goes_forwards_whatever_a_file_tells(rate, told, seconds):
    ticking = Clock(rate)
    assert [ticking.tick(each) for each in told] == pytest.approx(seconds)


def test_a_play_list_is_not_followed(tmp_path):
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://[::1]/\n")
    with pytest.raises(NotAVideo):
        seconds(tmp_path / "a.mp4")


@pytest.mark.parametrize("suffix", [".avi", ".mp4"])
def test_a_video_is_known_by_its_beginning(tmp_path, suffix):
    path = film(tmp_path / f"a{suffix}", 1, clock)
    assert is_video(path.rename(tmp_path / "b.jpg"))
    cv2.imwrite(str(tmp_path / "c.png"), np.zeros((9, 9, 3), np.uint8))
    assert not is_video((tmp_path / "c.png").rename(tmp_path / "c.mp4"))
