import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gates.cameras.drawing.turns import AT_THE_LINE, Car
from gates.cameras.drawn import Drawn, draw_scene
from gates.readers.paddle import Paddle

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SMALL = {"width": 320, "height": 180}
CAR = {"id": "c1", "plate": "AB12CDE", "comes_at": NOON.isoformat(), "colour": "#aa3322"}


class Clock:
    def __init__(self):
        self.time = NOON

    def __call__(self):
        return self.time

    def goes_to(self, seconds):
        self.time = NOON + timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def scene(tmp_path):
    return tmp_path / "scene.json"


@pytest.fixture
def arm(tmp_path):
    return tmp_path / "arm"


@pytest.fixture
def camera(scene, arm, clock):
    return Drawn(str(scene), str(arm), now=clock, **SMALL)


def play(camera, clock, start, end):
    """The images of tenths of a second from start to end."""
    images = []
    for tenth in range(round(start * 10), round(end * 10)):
        clock.goes_to(tenth / 10)
        images.append(camera.newest(0).image)
    return images


def write(scene, *cars):
    scene.write_text(json.dumps({"cars": cars}))


def unlike(one, other):
    """The share of pixels that differ by more than the camera's noise."""
    return float((np.abs(one.astype(int) - other).max(axis=2) > 40).mean())


def test_a_car_comes_stands_and_leaves_when_the_arm_is_up(camera, clock, scene, arm):
    [road] = play(camera, clock, 0, 0.1)
    write(scene, CAR)
    standing = play(camera, clock, 0.1, 5)[-1]
    assert unlike(road, standing) > 0.2
    arm.write_text("up")
    play(camera, clock, 5, 8)
    arm.write_text("down")
    assert unlike(road, play(camera, clock, 8, 10)[-1]) == 0
    [entry] = [json.loads(line) for line in (scene.parent / "scene.json.log").open()]
    assert (entry["id"], entry["how"]) == ("c1", "through")
    assert datetime.fromisoformat(entry["stopped_at"]) == NOON + timedelta(seconds=1.6)
    assert datetime.fromisoformat(entry["left_at"]) == NOON + timedelta(seconds=6.7)


def test_frames_are_counted_and_have_their_time(camera, clock):
    clock.goes_to(3)
    frames = [camera.newest(0) for _ in range(3)]
    assert [frame.number for frame in frames] == [1, 2, 3]
    assert frames[0].at == NOON + timedelta(seconds=3)
    assert frames[0].image.shape == (180, 320, 3)
    assert not np.array_equal(frames[0].image, frames[1].image), "a sensor's noise never repeats"


def test_the_arm_rises_within_half_a_second(camera, clock, arm):
    down = play(camera, clock, 0, 0.2)[-1]
    arm.write_text("up\n")
    half, *_, up = play(camera, clock, 0.4, 1.5)
    assert unlike(down, half) > 0.01
    assert unlike(half, up) > 0.01
    arm.unlink()
    assert unlike(down, play(camera, clock, 1.5, 3)[-1]) == 0


@pytest.mark.parametrize(
    "garbage",
    [
        "{",
        "[]",
        '{"cars": 3}',
        '{"cars": [{"id": "c1"}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00"}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "leaves": "flies"}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "colour": "red"}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "wheels": 3}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "plate": 7}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "readable": "no"}]}',
        '{"cars": [{"id": "c2", "comes_at": "2026-11-21T12:00:00Z", "dirt": 1.5}]}',
    ],
)
def test_a_scene_that_cannot_be_read_leaves_the_last_good_one(camera, scene, garbage, caplog):
    write(scene, CAR)
    assert [car.id for car in camera.scene.cars()] == ["c1"]
    scene.write_text(garbage)
    assert [car.id for car in camera.scene.cars()] == ["c1"]
    assert [car.id for car in camera.scene.cars()] == ["c1"]
    assert len(caplog.records) == 1


def test_a_restarted_camera_does_not_play_a_car_again(camera, clock, scene, arm):
    (scene.parent / "scene.json.log").write_text('{"id": "c0", "st\n')
    write(scene, {**CAR, "leaves": "backs_out", "after": 0})
    road = play(camera, clock, 0, 5)[-1]
    again = Drawn(str(scene), str(arm), now=clock, **SMALL)
    assert unlike(road, play(again, clock, 5, 8)[-1]) == 0
    assert len((scene.parent / "scene.json.log").read_text().splitlines()) == 2


def test_the_same_car_looks_the_same_in_every_process():
    car = Car("c1", NOON, plate="AB12CDE")
    one, other = (draw_scene(car, AT_THE_LINE, size=(320, 180)) for _ in range(2))
    assert np.array_equal(one, other)


def test_plates_can_be_clean_muddy_or_missing():
    views = [Car("c1", NOON, "AB12CDE", readable=True), Car("c1", NOON, "AB12CDE", readable=False)]
    views.append(Car("c1", NOON, "AB12CDE", hidden=True))
    plates = [draw_scene(car, AT_THE_LINE)[440:510, 540:740] for car in views]
    bright = [float((plate.min(axis=2) > 150).mean()) for plate in plates]
    assert bright[0] > 0.2
    assert bright[1] < 0.1
    assert bright[2] < 0.02


def test_on_a_real_clock_frames_come_at_their_rate(scene):
    camera = Drawn(str(scene), fps=5, **SMALL)
    times = [camera.newest(5.0).at for _ in range(4)]
    assert (times[-1] - times[0]).total_seconds() >= 0.5
    assert camera.newest(0.001) is None


@pytest.fixture(scope="module")
def reader():
    reader = Paddle()
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("plate", "country"),
    [
        ("AB12CDE", "GB"),
        ("MXY1234", "DE"),
        ("FG482HJ", "FR"),
        ("KN305TW", "IT"),
        ("4821KLM", "ES"),
        ("WX7429K", "PL"),
        ("R482TX", "NL"),
        ("7KLM482", "US"),
        ("BRA2E19", "BR"),
        ("ZH482917", "CH"),
    ],
)
def test_the_real_reader_reads_a_drawn_car(reader, plate, country):
    image = draw_scene(Car("c1", NOON, plate, country), AT_THE_LINE, light="day")
    assert reader.read(image)[0].plate == plate


@pytest.mark.parametrize("look", [{"readable": False}, {"hidden": True}])
def test_the_real_reader_accepts_nothing_under_mud_or_without_a_plate(reader, look):
    image = draw_scene(Car("c1", NOON, "AB12CDE", **look), AT_THE_LINE)
    assert not any(read.accepted for read in reader.read(image))


def test_the_real_reader_sees_nothing_on_an_empty_road(reader):
    assert reader.read(draw_scene()) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"light": "disco"}, "no light 'disco'; there are: evening, day"),
        ({"fps": 0}, "try 1280 x 720 at 10"),
        ({"width": 20_000}, "try 1280 x 720 at 10"),
        ({"pace": 0}, "pace must be more than 0"),
    ],
)
def test_options_that_cannot_be(scene, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Drawn(str(scene), **options)
