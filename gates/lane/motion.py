"""The trigger `motion`: a vehicle is what differs from the empty road, which is slowly learnt."""

import os
from collections import deque
from contextlib import suppress
from pathlib import Path
from statistics import fmean, median
from typing import Literal

import cv2
import numpy as np

from gates.lane.road import HIGH, STILL, WHOLE, WIDE, shape_of, small_picture
from gates.lane.trigger import Presence, Way

STANDS = 0.5  # seconds without a move: the vehicle stands
# So often must the reader find nothing before what stands there may be a change of the road.
NO_PLATE_TIMES = 3
SHIFT = 0.08  # a vehicle has moved when an edge of it went this share of the zone's height
NEW_PICTURE = 0.5  # so much of it changed: what stood in the first picture is gone
DROVE_PAST = 0.15  # what covered so much of the zone and left it as it was is a vehicle
FIRST_LOOK = 1.0  # seconds for which a first picture must stand still to count as road
DOUBTED_AFTER = 60.0  # seconds: `relearn_after` at most, while the first road may be a vehicle
MEMORY_EVERY = 60.0  # seconds between two writings of the road to disk


class Motion:
    """Compares with the empty road.

    `zone` is x, y, width and height of the part to watch as shares of the picture. A vehicle covers at
    least `least` of it, for `arrive` seconds; it is gone when less has changed for `clear` seconds.
    `forward` is where vehicles leave the picture when they go through: "down" under a camera that
    sees them come, "up" for one that sees them from behind, "any" where the picture cannot tell.
    When nothing has moved and no plate was read for `relearn_after` seconds, the picture is taken for
    the road (the sun moved a shadow, a skip was put down): longer than a person needs to come to a
    vehicle whose plate cannot be read. A first picture may have been such a vehicle itself, whose
    leaving looks like an arrival: until a vehicle that was read has left and shown the road again,
    a minute is enough. `memory` is the file that keeps the road over a restart; the lane chooses it.
    """

    def __init__(
        self,
        zone: list[float] | None = None,
        least: float = 0.04,
        arrive: float = 0.15,
        clear: float = 0.5,
        forward: Literal["down", "up", "any"] = "down",
        relearn_after: float = 600.0,
        learns_in: float = 20.0,
        memory: str = "",
    ):
        self.zone = _checked(zone)
        self.least, self.arrive, self.clear = least, arrive, clear
        self.forward, self.relearn_after, self.learns_in = forward, relearn_after, learns_in
        self.memory = Path(memory) if memory else None
        self.road = self._remembered()
        self._proven = self.road is not None  # a vehicle that was read has left this road empty
        self._read_here = False
        self.share = 0.0  # of the zone, that differs from the road in the newest picture
        self._there = False
        self._since = None  # monotonic: how long the picture has been saying the opposite
        self._seen = None  # the newest small picture
        self._seen_at = None
        self._nothing_read = 0
        self._plated = False
        self._rest = None  # the picture since which nothing has moved, and when that was
        self._rest_at = 0.0
        self._covered = 0.0  # of a first picture that is not proven, the largest share so far
        self._stood = deque(maxlen=100)  # shapes while the vehicle stood, and the last ones of all
        self._track = deque(maxlen=5)
        self._way = Way.UNKNOWN
        self._written_at = None

    def know(self, road) -> None:
        """The empty road (a `small_picture` of the zone), for who can tell before the first picture."""
        self.road, self._proven = road.astype(np.float32), True

    def see(self, image, now: float) -> Presence:
        if image is None:
            return Presence(self._there, look=False)
        small = small_picture(image, self.zone)
        moving = self._moves(small, now)
        if self.road is None:
            return self._without_road(small, now)
        shape = shape_of(small, self.road)
        self.share = shape.share
        self._settle(shape.share >= self.least, now)
        if self._there and self._mistaken(now):
            self._learn(small)
        elif self._there:
            self._follow(shape, now)
        else:
            self._learn_slowly(small, shape, now)
        self._seen, self._seen_at = small, now
        return Presence(self._there, moving=moving)

    def told(self, plates: bool, seen_at: float) -> None:
        self._read_here = self._read_here or (plates and self._there)
        # A slow read of the empty road must not make a road of the vehicle that has come meanwhile.
        if seen_at >= self._rest_at:
            self._plated = self._plated or plates
            self._nothing_read = 0 if plates else self._nothing_read + 1

    def way(self) -> Way:
        return self._way

    def _moves(self, small, now):
        if self._rest is None or shape_of(small, self._rest).share > STILL:
            self._rest, self._rest_at = small, now
            self._plated, self._nothing_read = False, 0
            return True
        return False

    def _without_road(self, small, now):
        """Nobody knows yet whether this first picture is the road: the reader must look."""
        still = now - self._rest_at
        if self._there and self._driven_past(small, still):
            self._learn(self._seen)  # its plate is that of a parked car, or a sign
        elif self._uncovered(small, still) or self._plateless(still):
            self._learn(small)
        elif self._plated and not self._there:
            self._there, self._seen = True, small
        return Presence(self._there, look=self.road is None)

    def _driven_past(self, small, still):
        """Has a vehicle come and gone, and all is as in the first picture again?"""
        share = shape_of(small, self._seen).share
        self._covered = max(self._covered, share)
        back = share < self.least / 2 and still >= self.clear
        return back and self._covered >= DROVE_PAST

    def _uncovered(self, small, still):
        """Has what stood in the first picture gone, and is this what was behind it?"""
        if not self._there or still < STANDS or not self._nothing_read:
            return False
        return shape_of(small, self._seen).share > NEW_PICTURE

    def _plateless(self, still):
        return still >= FIRST_LOOK and self._nothing_read >= (2 if self._there else 1)

    def _settle(self, changed, now):
        """Believe a change of mind only when it lasts."""
        if changed == self._there:
            self._since = None
            return
        self._since = now if self._since is None else self._since
        if now - self._since >= (self.arrive if changed else self.clear):
            self._since = None
            self._there = changed
            if changed:
                self._begin()
            else:
                self._way = self._judged()
                self._proven = self._proven or self._read_here

    def _begin(self):
        self._track.clear()
        self._stood.clear()
        self._read_here = False
        self._way = Way.UNKNOWN

    def _follow(self, shape, now):
        if shape.share < self.least:
            return
        self._track.append(shape)
        if now - self._rest_at >= STANDS:
            self._stood.append(shape)

    def _judged(self):
        """The way out, from where the change was last and where it had stood.

        The lower edge decides. It rises when a vehicle drives away from the camera, whichever part of
        it still differs from the road then; towards the camera it never does.
        """
        if self.forward == "any" or not self._track or not self._stood:
            return Way.UNKNOWN
        bottom = fmean(shape.bottom for shape in list(self._track)[-2:])
        stood_top = median(shape.top for shape in self._stood)
        stood_bottom = median(shape.bottom for shape in self._stood)
        if stood_bottom - bottom >= SHIFT:
            return Way.ON if self.forward == "up" else Way.BACK
        if max(self._track[-1].top - stood_top, bottom - stood_bottom) >= SHIFT:
            return Way.ON if self.forward == "down" else Way.BACK
        return Way.UNKNOWN

    def _mistaken(self, now):
        """Is what seems to stand there only a change of the road?"""
        enough = self.relearn_after if self._proven else min(DOUBTED_AFTER, self.relearn_after)
        still = now - self._rest_at >= enough
        return still and not self._plated and self._nothing_read >= NO_PLATE_TIMES

    def _learn(self, small):
        self.road = small.copy()
        self._there, self._since = False, None
        self._way = Way.UNKNOWN

    def _learn_slowly(self, small, shape, now):
        """Only while no vehicle is near, or it would be learnt into the road."""
        if self._since is not None or self._seen_at is None or shape.share > self.least / 2:
            return
        share = min((now - self._seen_at) / self.learns_in, 1.0)
        self.road += (small - self.road) * np.float32(share)
        self._keep(now)

    def _keep(self, now):
        if self.memory is None or (
            self._written_at is not None and now - self._written_at < MEMORY_EVERY
        ):
            return
        self._written_at = now
        beside = self.memory.with_name(self.memory.name + ".new.png")
        if cv2.imwrite(str(beside), self.road.astype(np.uint8)):
            with suppress(OSError):
                os.replace(beside, self.memory)

    def _remembered(self):
        if self.memory is None or not self.memory.exists():
            return None
        road = cv2.imread(str(self.memory), cv2.IMREAD_COLOR)
        if road is None or road.shape[:2] != (HIGH, WIDE):
            return None
        return road.astype(np.float32)


def _checked(zone):
    if zone is None:
        return WHOLE
    if len(zone) != 4 or min(zone) < 0 or zone[0] + zone[2] > 1 or zone[1] + zone[3] > 1:
        raise ValueError(f"'zone' is x, y, width, height as shares of the picture, not {zone}.")
    if zone[2] <= 0 or zone[3] <= 0:
        raise ValueError("'zone' must have a width and a height above 0.")
    return tuple(zone)
