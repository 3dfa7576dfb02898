"""What a film's scene is when no vehicle is in it, found out before any vehicle is looked for.

A lane learns its road in the course of time. A film begins anywhere, with a vehicle at the barrier or
a parked car whose plate can be read in every frame; but it may be looked through beforehand.
"""

from dataclasses import dataclass, field

import numpy as np

from gates.lane.road import changes, empty_road, parts, shape_of, small_picture
from gates.readers.film import frames
from gates.readers.main_vehicle import FAINT
from gates.readers.scenery import Grey

A_SECOND = 5  # pictures looked at
LOOKED_THROUGH = 180.0  # seconds; the trigger learns later changes by itself
MOST = 64  # pictures kept, evenly over time
PLATE_IN = 0.5  # share of a plate's box that has changed, where the plate belongs to the change


@dataclass
class Outlook:
    """Pictures of a film, few and small, and its first and last frame (BGR)."""

    smalls: list[np.ndarray] = field(default_factory=list)
    greys: list[Grey] = field(default_factory=list)
    first: np.ndarray | None = None
    last: np.ndarray | None = None
    _every: int = 1
    _seen: int = 0

    def add(self, image):
        self.first = image if self.first is None else self.first
        self.last = image
        if self._seen % self._every == 0:
            self.smalls.append(small_picture(image).astype(np.uint8))
            self.greys.append(Grey.of(image))
        self._seen += 1
        if len(self.smalls) > MOST:
            self.smalls, self.greys, self._every = (
                self.smalls[::2],
                self.greys[::2],
                2 * self._every,
            )

    def road(self, reader):
        """The empty road, a small picture.

        Whoever drives into a film at its end leaves the same pictures as who leaves it at its
        beginning, in another order: there the reader says which of the two shows a plate.
        """
        road = empty_road([small.astype(np.float32) for small in self.smalls])
        ends = [_End(image) for image in (self.first, self.last)]
        apart = changes(ends[0].small, ends[1].small)
        for part in parts(apart):
            plated = [end.plate_in(part, reader) for end in ends]
            if plated[0] != plated[1]:
                road[part] = ends[plated[0]].small[part]
        return road

    def emptiest(self, road):
        """The `Grey` that shows the least of any vehicle."""
        shares = [shape_of(small.astype(np.float32), road).share for small in self.smalls]
        return self.greys[int(np.argmin(shares))]


class _End:
    """The first or the last frame; read once, and only when it must be."""

    def __init__(self, image):
        self.image, self.small, self._boxes = image, small_picture(image), None

    def plate_in(self, part, reader):
        """Does a plate lie where `part` (HIGH x WIDE truths) is?"""
        if self._boxes is None:
            reads = reader.read(self.image)
            self._boxes = [read.box for read in reads if (read.confidence or 0.0) >= FAINT]
        return any(_covered(part, box, self.image.shape) for box in self._boxes)


def _covered(part, box, shape):
    """Does the part cover most of the box (x, y, width, height in pixels of the frame)?"""
    down, across = part.shape[0] / shape[0], part.shape[1] / shape[1]
    x, y, wide, high = box
    rows = slice(max(int(y * down), 0), int(np.ceil((y + high) * down)))
    columns = slice(max(int(x * across), 0), int(np.ceil((x + wide) * across)))
    piece = part[rows, columns]
    return bool(piece.size) and float(piece.mean()) >= PLATE_IN


def looked_through(path, progress=lambda share: None):
    """The `Outlook` of a video, or None where it has no frames. Raises `NotAVideo`."""
    outlook = Outlook()
    for at, image in frames(path, A_SECOND, progress):
        if at > LOOKED_THROUGH:
            break
        outlook.add(image)
    return outlook if outlook.smalls else None
