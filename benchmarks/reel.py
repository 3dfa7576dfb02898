"""A camera driver for benchmarks: drawn vehicles at 10 frames a second, drawn while the lane is empty.

A lane file names it as `reel:Reel`. Nothing is drawn while a vehicle is in the picture, so the cores
belong to the lane as they do with a real camera.
"""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.scenes import BEGAN, RATE, Spoilt, Studio, letters, passage
from gates.cameras import Frame
from gates.cameras.drawing.turns import REACTION, THROUGH, Turn, position
from gates.cameras.drawn import Pacer

# One camera on one mast: the same for all vehicles, or the road itself would seem to change.
SPOILT = Spoilt(blur=0.15, smear=0.1, noise=4.0, light=0.9, tilt=2.0, dirt=0.0)
ROAD_FIRST, ROAD_BETWEEN = 3.0, 1.5  # seconds of empty road; the trigger learns the first
PATIENCE = 6.0  # seconds; a vehicle whose arm does not rise is let go
STILL = 3  # pictures of a standing vehicle, which differ in their noise


class Reel:
    """Shows `count` vehicles. Each waits at the line until the file `arm` says up.

    A line of JSON in the file `log` tells each frame with a vehicle: {"vehicle", "plate", "letters"
    (their height in pixels), "at" (seconds)}; after the last vehicle comes {"end": true}.
    """

    def __init__(self, log: str, arm: str, count: int = 20, seed: int = 0, fps: int = RATE):
        self.log, self.arm, self.count, self.seed = Path(log), Path(arm), count, seed
        self.studio, self.pacer = Studio(), Pacer(fps)
        self.step = timedelta(seconds=1 / fps)
        self.number = 0
        self.film = self._film()

    def newest(self, timeout: float) -> Frame | None:
        if not self.pacer.wait(timeout):
            return None
        image, said = next(self.film)
        self.number += 1
        if said:
            self._write(said | {"at": time.time()})
        return Frame(self.number, datetime.now(UTC), image)

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, line):
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def _film(self):
        """(picture, what to write down of it) for ever; after the last vehicle the road."""
        yield from self._road(ROAD_FIRST)
        for number in range(self.count):
            coming, standing, leaving = self._drawn(number)
            yield from coming
            yield from self._waiting(standing)
            yield from leaving
            yield from self._road(ROAD_BETWEEN)
        self._write({"end": True})
        while True:
            yield from self._road(1.0)

    def _road(self, seconds):
        road = self.vehicle(0)
        pictures = [self.studio.picture(road, None, number) for number in range(STILL)]
        for number in range(round(seconds / self.step.total_seconds())):
            yield pictures[number % STILL], None

    def vehicle(self, number):
        """Passage `number` as this camera sees it."""
        return replace(passage(number, self.seed, ("clear",)), spoilt=SPOILT, light="day")

    def _drawn(self, number):
        """The pictures of a vehicle: as it comes, as it stands, as it drives on."""
        one = self.vehicle(number)
        turn = Turn(one.car, BEGAN)
        # Vehicles do not come in sight at the moment of a frame.
        coming = self._until(one, turn, BEGAN + self.step * ((number * 0.37) % 1), turn.stopped_at)
        standing = self._until(one, turn, turn.stopped_at, turn.stopped_at + STILL * self.step)
        turn.see(turn.stopped_at, arm_up=True)
        gone = turn.stopped_at + timedelta(seconds=REACTION + THROUGH)
        leaving = self._until(one, turn, turn.stopped_at + timedelta(seconds=REACTION), gone)
        return coming, standing, leaving

    def _until(self, one, turn, at, end):
        pictures = []
        while at < end:
            place = position(turn, at)
            height = letters(one.car, nearness=place.size)
            said = {"vehicle": one.number, "plate": one.car.plate, "letters": round(height, 1)}
            pictures.append((self.studio.picture(one, place, len(pictures)), said))
            at += self.step
        return pictures

    def _waiting(self, standing):
        shown = 0
        while shown * self.step.total_seconds() < PATIENCE and not self._raised():
            yield standing[shown % STILL]
            shown += 1
        for number in range(round(REACTION * RATE)):
            yield standing[number % STILL]

    def _raised(self):
        return self.arm.exists() and self.arm.read_text().strip() == "up"
