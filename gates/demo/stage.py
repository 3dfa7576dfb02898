"""The drawn lanes' scenes, as the demo's story-teller writes them and reads what became of the cars."""

import itertools
import json
import os
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from gates.cameras.drawing.turns import Car


class Stage:
    """Scene files of a few lanes in one folder. A car's id is unique on the stage."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cars = {}  # lane -> its cars that have not gone
        self.numbers = itertools.count(1)

    def scene(self, lane):
        return self.folder / f"{lane}.json"

    def bring(self, lane, now, **look):
        """Let a car come to the lane at `now`; `look` are fields of `Car`. Returns the car's id."""
        car = Car(id=f"{lane}-{next(self.numbers)}", comes_at=now, **look)
        self.cars.setdefault(lane, []).append(car)
        self._write(lane)
        return car.id

    def turn_back(self, car_id):
        """The driver gives up: the car that stands in the lane reverses out now."""
        for lane, cars in self.cars.items():
            self.cars[lane] = [
                replace(car, leaves="backs_out", after=0.0) if car.id == car_id else car
                for car in cars
            ]
            self._write(lane)

    def is_first(self, car_id):
        """Whether no other car is before this one in its lane."""
        return any(cars and cars[0].id == car_id for cars in self.cars.values())

    def gone(self):
        """The cars that have left since the start: id -> "through" or "backs_out"."""
        left = {}
        for lane, cars in self.cars.items():
            left.update(self._left(lane))
            self.cars[lane] = [car for car in cars if car.id not in left]
        return left

    def _left(self, lane):
        log = self.scene(lane).with_name(f"{lane}.json.log")
        if not log.exists():
            return {}
        whole = [line for line in log.read_text().splitlines() if line.endswith("}")]
        return {one["id"]: one["how"] for one in map(json.loads, whole)}

    def _write(self, lane):
        """In one step, for the camera may read at any moment."""
        fresh = self.scene(lane).with_suffix(".new")
        told = {"cars": [asdict(car) for car in self.cars[lane]]}
        fresh.write_text(json.dumps(told, default=datetime.isoformat))
        os.replace(fresh, self.scene(lane))
