"""Drivers for the tests of the lane, loaded by their path from a lane file."""

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gates.barriers import RelayFailed
from gates.barriers.mock import Mock
from gates.cameras import Blind, Frame


def picture(vehicle, size=(120, 160)):
    """A grey road; a vehicle is striped all over and fills the middle."""
    high, wide = size
    image = np.full((high, wide, 3), 100, np.uint8)
    if vehicle:
        body = image[high // 6 : -high // 6, wide // 5 : -wide // 5]
        body[::] = 230
        body[:: max(high // 15, 2)] = 20
    return image


class Steps:
    """A camera that sees a vehicle while the file `road` says "vehicle", nothing for "blind"."""

    def __init__(self, road: str, fps: int = 25):
        self.road, self.period, self.number = Path(road), 1 / fps, 0

    def newest(self, timeout):
        time.sleep(self.period)
        said = self.road.read_text() if self.road.exists() else ""
        if said == "blind":
            raise Blind("somebody put a hat on it")
        self.number += 1
        return Frame(self.number, datetime.now(UTC), picture(said == "vehicle"))

    def close(self):
        """Nothing is held."""


class SlowRelay(Mock):
    """A relay that hangs where a test wants to kill the lane: "before" or "during" the pulse."""

    def __init__(self, journal: str, mark: str, hangs: str = "before"):
        super().__init__(journal=journal)
        self.mark, self.hangs = Path(mark), hangs

    def write(self, output, on):
        if on and self.hangs == "before":
            self._hang()
        super().write(output, on)
        if on and self.hangs == "during":
            self._hang()

    def _hang(self):
        self.mark.write_text("here")
        time.sleep(60)


class DeadRelay(Mock):
    """A relay that does not answer."""

    def __init__(self):
        super().__init__()
        self.writes = []

    def write(self, output, on):
        self.writes.append(on)
        raise RelayFailed("the relay does not answer: check its cable.")


class AtHome:
    """A reader that asks for the countries of the site."""

    engine = "at home"

    def __init__(self, home: str = ""):
        self.home = home.split()

    def read(self, image):
        return []

    def close(self):
        """Nothing is held."""


class Stumbling:
    """A reader that fails on every picture."""

    engine = "stumbling"

    def read(self, image):
        raise RuntimeError("no such tensor")

    def close(self):
        """Nothing is held."""
