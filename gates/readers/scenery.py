"""Scenery: plates that the camera always sees, such as a parked car's, and its own date and time.

What is written in the picture of the empty lane is no vehicle's plate.
"""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np

from gates.readers import Read
from gates.rules.votes import alike

WIDEST = 640  # pixels of the grey pictures that are compared
LEARN_EVERY = 10.0  # seconds between two pictures of the empty lane
STAYS_EMPTY = 1.0  # seconds after a picture; else a vehicle was coming that nobody had noticed yet
PICTURES = 2  # all of them must show it: a vehicle that a loop lost for a moment is in one at most
SHAKE = 3  # pixels by which a camera may shake
ALIKE = 0.8  # correlation of the same plate in two pictures; two small plates can have 0.7
FLAT = 3.0  # spread of grey levels below which there is nothing to compare
OVERLAP = 0.5  # of two boxes' united area, for the same place
KNOWN = 20  # plates remembered


@dataclass(frozen=True)
class Grey:
    """A small grey picture and how much smaller it is than the frame."""

    pixels: np.ndarray
    scale: float

    @classmethod
    def of(cls, image):
        scale = min(WIDEST / image.shape[1], 1.0)
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return cls(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), scale)

    def patch(self, box, margin=0):
        """The grey pixels of a box (x, y, width, height in pixels of the frame)."""
        x, y, wide, high = (each * self.scale for each in box)
        rows = slice(max(int(y) - margin, 0), max(int(y + high) + margin, 0) + 1)
        return self.pixels[rows, max(int(x) - margin, 0) : max(int(x + wide) + margin, 0) + 1]


class Scenery:
    """Learns from pictures of the empty lane what is written there."""

    def __init__(self):
        self._empty = deque(maxlen=PICTURES)
        self._new, self._new_at = None, float("-inf")  # of the empty lane, as far as is known yet
        self._known = deque(maxlen=KNOWN)

    def learn(self, image, now):
        """A picture (BGR uint8) of the lane without a vehicle; `now` in monotonic seconds."""
        if self._new is None and now - self._new_at >= LEARN_EVERY:
            self._new, self._new_at = Grey.of(image), now
        elif self._new is not None and now - self._new_at >= STAYS_EMPTY:
            self.know(self._new)
            self._new = None

    def know(self, grey):
        """A `Grey` of the lane without a vehicle."""
        if self._empty and self._empty[0].pixels.shape != grey.pixels.shape:
            self._empty.clear()
        self._empty.append(grey)

    def without(self, reads, image):
        """The reads of a frame, in which a vehicle may be, that are no scenery."""
        self._new = None
        if not reads or not self._empty:
            return list(reads)
        grey = Grey.of(image)
        return [read for read in reads if not self._is_scenery(read, grey)]

    def _is_scenery(self, read, grey):
        # Its pixels change where an overlay lies over a passing van, but it says the same there.
        if any(_same_place(read, known) for known in self._known):
            return True
        if not all(_shows(empty, read.box, grey) for empty in self._empty):
            return False
        self._known.append(read)
        return True


def _same_place(read: Read, known: Read):
    return _overlap(read.box, known.box) >= OVERLAP and alike(read.plate, known.plate)


def _overlap(one, other):
    """The shared part of two boxes' united area."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(wide, 0) * max(high, 0)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1)


def _shows(empty, box, grey):
    """Does the picture of the empty lane show the same there, a few pixels off at most?"""
    patch, around = grey.patch(box), empty.patch(box, SHAKE)
    if empty.pixels.shape != grey.pixels.shape or min(patch.shape) < 2:
        return False
    if patch.std() < FLAT or around.std() < FLAT:
        return False
    return float(cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED).max()) >= ALIKE
