"""A reader driver that does what a picture tells it to, for tests of the process around it."""

import os
import time
from pathlib import Path

import numpy as np

from gates.readers import Read

HANGS, FAILS, ENDS, GROWS, LATE = 250, 251, 252, 253, 254
LATE_BY = 0.6  # seconds


def picture(number, size=(720, 1280)):
    """A picture that the driver `Odd` reads as this number."""
    return np.full((*size, 3), number, np.uint8)


class Odd:
    """Reads the brightness of the first pixel; some numbers make trouble. `busy` is written before."""

    engine = "odd 1"

    def __init__(self, threads: int = 1, busy: str = "", fault: str = "", slow_start: float = 0.0):
        if fault:
            raise RuntimeError(fault)
        time.sleep(slow_start)
        self.busy, self.kept = busy, []

    def read(self, image):
        number = int(image[0, 0, 0])
        if self.busy:
            Path(self.busy).write_text(str(number))
        trouble = {HANGS: self.hang, FAILS: self.fail, ENDS: self.end, GROWS: self.grow}
        trouble.get(number, bool)()
        if number == LATE:
            time.sleep(LATE_BY)
        pinned = os.environ["OMP_NUM_THREADS"]
        return [Read(f"N{number}T{pinned}", 0.9, True, (0, 0, *image.shape[1::-1]))]

    def close(self):
        """Nothing is held."""

    def hang(self):
        time.sleep(600)

    def fail(self):
        raise ArithmeticError("no such tensor")

    def end(self):
        os._exit(7)

    def grow(self):
        self.kept.append(np.ones(1_000_000, np.uint8))
