"""The camera `drawn`: cars that a scene file describes, drawn as a lane's camera would see them.

For the demo, for tests and for trying a lane without a car park. The reader gets pixels and nothing
else. The scene is a JSON file that may change at any time:

    {"cars": [{"id": "c1", "plate": "AB12CDE", "country": "GB", "colour": "#aa3322",
               "comes_at": "2026-11-21T17:00:00+00:00", "leaves": "through"}]}

`leaves` is "through" (waits at the stop line until the arm is up) or "backs_out" (reverses `after`
seconds at the line). `readable` false covers the plate in mud, `dirt` (0..1) does so in part, and
`hidden` true leaves the plate off. Cars come one at a time: one whose time has passed comes as soon
as the lane is free. A car may be changed while it stands (it is to back out after all). For every
car that has left, a line of JSON is added to `<scene>.log`: {"id", "stopped_at", "left_at", "how"};
a car named there does not come again.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from gates.cameras import Frame
from gates.cameras.drawing.plates import draw_plate
from gates.cameras.drawing.road import LIGHTS
from gates.cameras.drawing.scene import Painter, draw_scene
from gates.cameras.drawing.turns import WAYS, Car, Lane

__all__ = ["Drawn", "draw_plate", "draw_scene"]

log = logging.getLogger(__name__)
ARM_TAKES = 0.5  # seconds from down to up
WRITTEN_AS = {datetime: str, float: (int, float)}  # how JSON writes what a car has


class Drawn:
    """A camera whose lane is drawn.

    `scene` is the scene's file and `arm` a text file that says up or down (absent: down); `light`
    is evening or day; `pace` 2.0 makes cars move twice as fast; `gap` is the least empty time
    between two cars in seconds; another `seed` grows other trees. `now` gives the time: with a
    clock of one's own, `newest` never waits.
    """

    def __init__(
        self,
        scene: str,
        arm: str = "",
        fps: int = 10,
        width: int = 1280,
        height: int = 720,
        light: Literal["day", "evening"] = "evening",
        pace: float = 1.0,
        gap: float = 1.0,
        seed: int = 0,
        now: Callable | None = None,
    ):
        _check(fps, width, height, light, pace)
        self.now = now or _utc
        self.pacer = Pacer(fps, waits=now is None)
        self.scene = SceneFile(scene)
        self.arm = ArmFile(arm)
        self.painter = Painter(width, height, light, seed)
        self.lane = Lane(pace, gap, self.scene.finished())
        self.number = 0

    def newest(self, timeout: float) -> Frame | None:
        if not self.pacer.wait(timeout):
            return None
        now = self.now()
        raised = self.arm.raised(now)
        self._drive(now)
        car = self.lane.turn and self.lane.turn.car
        self.number += 1
        image = self.painter.picture(car, self.lane.place(now), raised, self.number)
        return Frame(self.number, now, image)

    def _drive(self, now):
        cars = self.scene.cars()
        gone = self.lane.step(cars, now, self.arm.up)
        if gone:
            self.scene.write_down(gone)
        if self.lane.turn is None:
            self.painter.prepare(self.lane.next_car(cars))

    def close(self) -> None:
        """Nothing is held open."""


def _utc():
    return datetime.now(UTC)


def _check(fps, width, height, light, pace):
    if light not in LIGHTS:
        raise ValueError(f"no light '{light}'; there are: {', '.join(LIGHTS)}")
    if not 1 <= fps <= 60 or not 160 <= width <= 3840 or not 90 <= height <= 2160:
        raise ValueError(f"cannot draw {width} x {height} at {fps} fps: try 1280 x 720 at 10.")
    if pace <= 0:
        raise ValueError("pace must be more than 0; 1.0 is life.")


class Pacer:
    """Lets frames out at an even rate; a late one is not made up for."""

    def __init__(self, fps, waits=True):
        self.period = 1 / fps if waits else 0.0
        self.due = time.monotonic()

    def wait(self, timeout):
        """Waits until the next frame is due; False when that is more than `timeout` away."""
        left = self.due - time.monotonic() if self.period else 0.0
        if left > timeout:
            time.sleep(timeout)
            return False
        if left > 0:
            time.sleep(left)
        self.due = max(self.due + self.period, time.monotonic())
        return True


class ArmFile:
    """Where the barrier's arm is, from the file that the relay of the demo writes."""

    def __init__(self, path):
        self.path = Path(path) if path else None
        self.up = False
        self._raised = 0.0
        self._seen = None

    def raised(self, now):
        """0 (down) to 1 (up); it takes half a second from one to the other."""
        self.up = self._says_up()
        passed = (now - self._seen).total_seconds() / ARM_TAKES if self._seen else 1.0
        step = passed if self.up else -passed
        self._raised, self._seen = min(max(self._raised + step, 0.0), 1.0), now
        return self._raised

    def _says_up(self):
        if self.path is None:
            return False
        try:
            return self.path.read_text(errors="replace").strip() == "up"
        except FileNotFoundError:
            return False
        except OSError as error:
            log.warning("arm file %s cannot be read: %s", self.path, error)
            return self.up


class SceneFile:
    """The cars that a story-teller wants to see. What cannot be read leaves the last good cars."""

    def __init__(self, path):
        self.path = Path(path)
        self.log = self.path.with_name(self.path.name + ".log")
        self._stamp = None
        self._cars = ()

    def cars(self):
        try:
            seen = self.path.stat()
        except OSError:
            return self._cars
        stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        if stamp != self._stamp:
            self._stamp = stamp
            self._read()
        return self._cars

    def _read(self):
        try:
            self._cars = tuple(_car(entry) for entry in json.loads(self.path.read_text())["cars"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("scene %s keeps its last cars: %s", self.path, error)

    def finished(self):
        """The ids of the cars that have come and gone, also before a restart."""
        try:
            lines = self.log.read_text().splitlines()
        except FileNotFoundError:
            return []
        return [gone for line in lines if (gone := _id(line))]

    def write_down(self, gone):
        with self.log.open("a") as log_file:
            log_file.write(json.dumps(asdict(gone), default=datetime.isoformat) + "\n")


def _id(line):
    """The id in a line of the log, or None: a line may be cut short by a power cut."""
    try:
        return json.loads(line)["id"]
    except (ValueError, KeyError, TypeError):
        return None


def _car(entry):
    """A `Car` from its entry in the scene; raises ValueError, TypeError or KeyError."""
    known = {field.name: field.type for field in fields(Car)}
    for name, value in entry.items():
        if name not in known:
            raise ValueError(f"a car has no '{name}'; there are: {', '.join(sorted(known))}")
        if not isinstance(value, WRITTEN_AS.get(known[name], known[name])):
            raise ValueError(f"{name} of a car cannot be {value!r}")
    car = Car(**{**entry, "comes_at": datetime.fromisoformat(entry["comes_at"])})
    if car.comes_at.tzinfo is None:
        raise ValueError(f"comes_at of car {car.id} needs a time zone, such as +00:00")
    if car.leaves not in WAYS:
        raise ValueError(f"a car cannot leave '{car.leaves}'; there are: {', '.join(WAYS)}")
    if not re.fullmatch("#[0-9a-fA-F]{6}", car.colour):
        raise ValueError(f"colour '{car.colour}' should look like #aa3322")
    if not 0 <= car.dirt <= 1:
        raise ValueError(f"dirt of car {car.id} is 0 (clean) to 1, not {car.dirt}")
    return car
