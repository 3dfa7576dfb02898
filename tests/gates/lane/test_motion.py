"""The trigger `motion` on drawn cars and on photographs, with a clock of the test's own."""

import json
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from gates.cameras.drawn import Drawn
from gates.cameras.folder import Folder
from gates.lane.motion import Motion
from gates.lane.trigger import Way
from gates.readers.fixed import Fixed
from tests.gates.lane.parts import picture

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return START + timedelta(seconds=self.seconds)


def watched(
    camera, clock, motion, seconds, fps, before_frame=lambda seconds: None, read=lambda image: []
):
    """The vehicles seen in so many seconds: (seconds at which it came, left, its way)."""
    seen, came = [], None
    for step in range(int(seconds * fps)):
        clock.seconds = step / fps
        before_frame(clock.seconds)
        image = camera.newest(0).image
        presence = motion.see(image, clock.seconds)
        if presence.look:
            motion.told(bool(read(image)), clock.seconds)
        if presence.there and came is None:
            came = clock.seconds
        elif came is not None and not presence.there:
            seen.append((came, clock.seconds, motion.way()))
            came = None
    return seen if came is None else [*seen, (came, None, None)]


def car(number, leaves, **more):
    return {
        "id": f"c{number}",
        "plate": f"AB{number:02}CDE",
        "comes_at": (START + timedelta(seconds=3)).isoformat(),
        "leaves": leaves,
        **more,
    }


@pytest.mark.parametrize(("light", "fps"), [("day", 4), ("evening", 10)])
def test_one_visit_for_each_drawn_car_and_its_way(tmp_path, light, fps):
    cars = [
        car(1, "through", colour="#aa3322"),
        car(2, "backs_out", after=6, colour="#606060"),
        car(3, "through", colour="#dddddd", readable=False),
        car(4, "backs_out", after=3, colour="#112233"),
    ]
    (tmp_path / "scene").write_text(json.dumps({"cars": cars}))
    arm = tmp_path / "arm"
    # Up for the first, for the second before it backs out, for the third; never for the fourth.
    raised = [(5, 8), (11, 14), (21, 24)]

    def move_arm(seconds):
        arm.write_text("up" if any(up <= seconds < down for up, down in raised) else "down")

    clock = Clock()
    camera = Drawn(str(tmp_path / "scene"), str(arm), light=light, width=640, height=360, now=clock)
    seen = watched(camera, clock, Motion(), 36, fps, move_arm)
    assert [way for _, _, way in seen] == [Way.ON, Way.BACK, Way.ON, Way.BACK]


def test_one_visit_for_each_photograph_whatever_its_size(tmp_path):
    noise = np.random.default_rng(7)
    sizes = [(300, 400), (1200, 900), (480, 640), (200, 800), (300, 400)]
    for number, size in enumerate(sizes):
        rough = noise.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        cv2.imwrite(str(tmp_path / f"{number}.png"), cv2.resize(rough, size[::-1]))
    clock = Clock()
    camera = Folder(str(tmp_path), seconds_each=2.0, gap=1.0, now=clock)
    seen = watched(camera, clock, Motion(), 20, 10, read=Fixed("AB12CDE").read)
    assert len(seen) == len(sizes)


def steady(motion, image, start, seconds, fps=5, told=None):
    """Show one picture for a while; whether a vehicle is there at the end."""
    for step in range(int(seconds * fps)):
        presence = motion.see(image, start + step / fps)
        if presence.look or step % fps == 0:
            motion.told(bool(told), start + step / fps)
    return presence.there


def road():
    """A road with something on it to see the light by."""
    image = np.full((360, 640, 3), 110, np.uint8)
    image[:, 200:440] = 80
    image[300:] = 140
    return image


def with_car(image):
    image = image.copy()
    image[100:280, 220:420] = (40, 40, 200)
    image[140:180, 240:400] = 20
    return image


def test_a_slow_read_of_an_earlier_frame_says_nothing_of_what_stands_there_now():
    motion = Motion()
    motion.see(road(), 0.0)
    for seconds in (4.0, 4.5, 5.0):
        motion.see(with_car(road()), seconds)
    motion.told(False, 0.0)  # the reader took so long for the empty road
    assert motion.see(with_car(road()), 5.1).look
    motion.told(True, 5.1)
    assert motion.see(with_car(road()), 5.2).there


def test_a_vehicle_that_stands_for_ten_minutes_is_still_there():
    motion = Motion()
    assert not steady(motion, road(), 0, 3)
    assert steady(motion, with_car(road()), 3, 600, fps=1, told=True)
    assert not steady(motion, road(), 603, 2)


def test_a_vehicle_that_cannot_be_read_is_waited_for():
    motion = Motion(relearn_after=180)
    steady(motion, road(), 0, 3)
    assert steady(motion, with_car(road()), 3, 55, fps=1, told=False)
    steady(motion, road(), 58, 3)
    steady(motion, with_car(road()), 61, 5, told=True)
    steady(motion, road(), 66, 3)
    assert steady(motion, with_car(road()), 69, 170, fps=1, told=False)


def test_what_was_put_down_on_the_road_is_learnt_in_the_end():
    motion = Motion(relearn_after=20)
    steady(motion, road(), 0, 3)
    assert steady(motion, with_car(road()), 3, 10, fps=2, told=False)
    assert not steady(motion, with_car(road()), 13, 20, fps=2, told=False)
    assert not steady(motion, with_car(road()), 33, 5)


@pytest.mark.parametrize(("gain", "offset"), [(0.6, 0), (1.3, 0), (1.0, 40), (0.7, 30)])
def test_another_light_is_no_vehicle(gain, offset):
    motion = Motion()
    steady(motion, road(), 0, 3)
    lit = np.clip(road() * gain + offset, 0, 255).astype(np.uint8)
    assert not steady(motion, lit, 3, 2)
    assert steady(motion, with_car(lit), 5, 1)


def test_a_vehicle_in_the_first_picture_is_no_road():
    motion = Motion()
    assert steady(motion, with_car(road()), 0, 3, told=True)
    assert not steady(motion, road(), 3, 3)
    assert steady(motion, with_car(road()), 6, 1)


def test_a_first_vehicle_that_cannot_be_read_is_no_road_for_long():
    motion = Motion()
    assert not steady(motion, with_car(road()), 0, 3)  # nobody can tell: it is taken for the road
    assert steady(motion, road(), 3, 5)
    assert not steady(motion, road(), 8, 65, fps=2)
    assert steady(motion, with_car(road()), 73, 5, told=True)
    assert not steady(motion, road(), 78, 3)


def test_the_road_is_known_again_after_a_restart(tmp_path):
    memory = tmp_path / "road.png"
    steady(Motion(memory=str(memory)), road(), 0, 3)
    again = Motion(memory=str(memory))
    assert steady(again, with_car(road()), 0, 1)
    memory.write_bytes(b"no picture")
    assert Motion(memory=str(memory)).road is None


def test_only_the_zone_is_watched():
    motion = Motion(zone=[0.0, 0.0, 0.3, 1.0])
    steady(motion, road(), 0, 3)
    assert not steady(motion, with_car(road()), 3, 2)


def test_a_blind_camera_changes_nothing():
    motion = Motion()
    steady(motion, picture(vehicle=False), 0, 3)
    steady(motion, picture(vehicle=True), 3, 1)
    assert motion.see(None, 10).there


@pytest.mark.parametrize("zone", [[0, 0, 1], [0, 0, 2, 1], [0, 0, 0, 1], [-1, 0, 1, 1]])
def test_a_zone_outside_the_picture(zone):
    with pytest.raises(ValueError, match="'zone'"):
        Motion(zone=zone)


def test_a_parked_car_in_the_first_picture_is_road_once_a_vehicle_has_driven_past():
    motion, parked = Motion(), road()
    parked[20:90, 20:160] = (30, 160, 30)  # its plate can be read in every picture
    assert steady(motion, parked, 0, 3, told=True)
    assert steady(motion, with_car(parked), 3, 3, told=True)
    assert not steady(motion, parked, 6, 2, told=True)
    assert steady(motion, with_car(parked), 8, 1, told=True)
    assert not steady(motion, parked, 9, 2, told=True)
