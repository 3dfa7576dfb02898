from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image

from gates.cameras import Blind
from gates.cameras.folder import ROAD, Folder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Clock:
    """Goes on by a tenth of a second each time somebody looks at it."""

    def __init__(self):
        self.time = NOON

    def __call__(self):
        self.time += timedelta(seconds=0.1)
        return self.time


def photograph(path, colour, size=(60, 40), **options):
    Image.new("RGB", size, colour).save(path, **options)


def story(folder, frames):
    """What is seen, one entry for each change: (colour BGR or 'road', width, height)."""
    seen = []
    for _ in range(frames):
        image = folder.newest(0).image
        colour = tuple(int(n) for n in image[0, 0])
        view = ("road" if colour == (ROAD,) * 3 else colour, image.shape[1], image.shape[0])
        if not seen or seen[-1] != view:
            seen.append(view)
    return seen


def test_each_photograph_is_one_vehicle(tmp_path):
    photograph(tmp_path / "b.png", (255, 0, 0))
    photograph(tmp_path / "a.png", (0, 0, 255), size=(30, 50))
    folder = Folder(str(tmp_path), seconds_each=1, gap=0.5, now=Clock())
    assert story(folder, 60) == [
        ("road", 640, 480),
        ((255, 0, 0), 30, 50),
        ("road", 30, 50),
        ((0, 0, 255), 60, 40),
        ("road", 60, 40),
    ]


def test_a_photograph_stays_for_its_time_and_frames_are_counted(tmp_path):
    photograph(tmp_path / "a.png", (255, 0, 0))
    folder = Folder(str(tmp_path), seconds_each=1, gap=0.5, now=Clock())
    frames = [folder.newest(0) for _ in range(30)]
    assert [frame.number for frame in frames] == list(range(1, 31))
    red = [frame for frame in frames if tuple(frame.image[0, 0]) == (0, 0, 255)]
    assert len(red) == 10
    assert red[-1].at - red[0].at == timedelta(seconds=0.9)


def test_a_loop_begins_again(tmp_path):
    photograph(tmp_path / "a.png", (255, 0, 0))
    folder = Folder(str(tmp_path), seconds_each=0.5, gap=0.5, loop=True, now=Clock())
    views = [view[0] for view in story(folder, 40)]
    assert views.count((0, 0, 255)) >= 3


def test_photographs_stand_upright(tmp_path):
    lying = Image.Exif()
    lying[0x0112] = 6  # the camera was turned: the picture's right side is up
    photograph(tmp_path / "a.jpg", (255, 0, 0), size=(60, 40), exif=lying)
    folder = Folder(str(tmp_path), seconds_each=1, gap=0, now=Clock())
    assert folder.newest(0).image.shape == (60, 40, 3)


def test_a_deep_photograph_keeps_its_greys(tmp_path):
    deep = np.full((40, 60), 30_000, np.uint16)
    deep[:, 30:] = 60_000
    Image.fromarray(deep).save(tmp_path / "a.png")
    shown = Folder(str(tmp_path), seconds_each=1, gap=0, now=Clock()).newest(0).image
    assert (shown.shape, shown[0, 0].tolist(), shown[0, 59].tolist()) == (
        (40, 60, 3),
        [117] * 3,
        [234] * 3,
    )


def test_broken_huge_and_other_files_are_left_out(tmp_path, caplog):
    photograph(tmp_path / "a.png", (255, 0, 0))
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "b.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.jpg").write_text("not a picture")
    (tmp_path / "notes.txt").write_text("not shown")
    huge = bytearray(whole)
    huge[16:24] = (50_000).to_bytes(4, "big") * 2  # the header's width and height
    (tmp_path / "d.png").write_bytes(huge)
    folder = Folder(str(tmp_path), seconds_each=0.3, gap=0.3, now=Clock())
    assert [view[0] for view in story(folder, 40)] == ["road", (0, 0, 255), "road"]
    assert sorted({record.args[0].name for record in caplog.records}) == ["b.png", "c.jpg", "d.png"]


def test_a_folder_without_photographs_is_blind_until_one_comes(tmp_path):
    folder = Folder(str(tmp_path), gap=0, now=Clock())
    with pytest.raises(Blind, match="no photograph that can be shown"):
        folder.newest(0)
    photograph(tmp_path / "a.png", (255, 0, 0))
    assert tuple(folder.newest(0).image[0, 0]) == (0, 0, 255)


def test_no_folder(tmp_path):
    with pytest.raises(ValueError, match="give one that holds photographs"):
        Folder(str(tmp_path / "absent"))


def test_on_a_real_clock_frames_come_at_their_rate(tmp_path):
    photograph(tmp_path / "a.png", (255, 0, 0))
    folder = Folder(str(tmp_path), fps=5)
    times = [folder.newest(5.0).at for _ in range(4)]
    assert (times[-1] - times[0]).total_seconds() >= 0.5
    assert folder.newest(0.001) is None
    assert np.all(folder.newest(5.0).image == ROAD)
