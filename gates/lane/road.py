"""Small pictures of a lane, and which of them shows the empty road.

Every picture is made small and compared after brightness and contrast have been levelled out, so that
a cloud or the camera's own exposure is no vehicle.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

WIDE, HIGH = 160, 90  # all pictures are compared at this size, whatever the camera sends
WHOLE = (0.0, 0.0, 1.0, 1.0)  # the zone that is the whole picture
CONTRAST = 18.0  # grey levels by which a vehicle differs from the road
# Narrower changes are no vehicle: the barrier's arm, a person's shadow, a lamp post's.
NARROW = np.ones((7, 7), np.uint8)
STILL = 0.015  # nothing moves while less than this share of the zone changes
SAME = 12  # grey levels within which two pictures show the same thing at a place
MOST = 16  # pictures are enough
WHOLLY = 0.9  # share of a thing that is the same in two pictures in which it stands
VOICES = 4  # so many pictures speak for what stands still, be it for a second or for an hour


@dataclass(frozen=True)
class Shape:
    """Where in the zone the change is: its share of the area, its upper and lower edge (0..1)."""

    share: float
    top: float = 0.0
    bottom: float = 0.0


NOTHING = Shape(0.0)


def small_picture(image, zone=WHOLE):
    """The zone (x, y, width, height as shares) of a picture: HIGH x WIDE x 3, float32."""
    x, y, wide, high = zone
    rows, columns = image.shape[:2]
    part = image[
        int(y * rows) : max(int((y + high) * rows), int(y * rows) + 1),
        int(x * columns) : max(int((x + wide) * columns), int(x * columns) + 1),
    ]
    small = cv2.resize(part, (WIDE, HIGH), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)


def shape_of(small, road):
    """What has changed between two small pictures, once their light is levelled."""
    changed = changes(small, road)
    rows = np.flatnonzero(changed.any(axis=1))
    if not rows.size:
        return NOTHING
    return Shape(float(changed.mean()), float(rows[0] / HIGH), float((rows[-1] + 1) / HIGH))


def changes(small, road):
    """Where two small pictures differ, once their light is levelled: HIGH x WIDE, 1 or 0."""
    return _broad(np.abs(small - _levelled(road, small)).max(axis=2) > CONTRAST)


def empty_road(pictures):
    """The road behind all that comes and goes in small pictures, in time's order.

    It is what was seen most often at each place, where a thing that stands still for long speaks no
    louder than one that stands briefly: a vehicle that waits for minutes is not the road. But what is
    wholly the same in the first and in the last picture was there all the time.
    """
    first, last = pictures[0], pictures[-1]
    road = _cleared(_commonest(_voices(pictures)), pictures)
    stayed = np.abs(first - last).max(axis=2) <= SAME
    for part in parts(changes(first, road)):
        if stayed[part].mean() >= WHOLLY:
            road[part] = first[part]
    return road


def parts(changed):
    """The separate parts of what `changes` says, each of them as HIGH x WIDE truths."""
    count, numbered = cv2.connectedComponents(changed)
    return [numbered == number for number in range(1, count)]


def _cleared(road, pictures):
    """Without the remains of vehicles that have a colour in common: from the emptiest pictures."""
    shares = [shape_of(picture, road).share for picture in pictures]
    emptiest = [
        p for p, share in zip(pictures, shares, strict=True) if share <= min(shares) + STILL
    ]
    return _commonest(emptiest[:MOST]) if len(emptiest) >= VOICES else road


def _broad(changed):
    # The border is repeated, so that a vehicle half out of the picture is still broad.
    framed = cv2.copyMakeBorder(changed.astype(np.uint8), 4, 4, 4, 4, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(cv2.morphologyEx(framed, cv2.MORPH_OPEN, NARROW)[4:-4, 4:-4])


def _voices(pictures):
    """A few pictures of each time in which nothing moved, and all of those in which something did."""
    rests = [[pictures[0]]]
    for before, picture in pairwise(pictures):
        if shape_of(picture, before).share > STILL:
            rests.append([])
        rests[-1].append(picture)
    return [picture for rest in rests for picture in _few(rest)]


def _few(rest):
    if len(rest) <= VOICES:
        return rest
    return [rest[round(i)] for i in np.linspace(0, len(rest) - 1, VOICES)]


def _commonest(pictures):
    """At each place what most of the pictures show there."""
    stack = np.stack(pictures).astype(np.int16)
    agreeing = np.stack([(np.abs(stack - one).max(axis=3) <= SAME).sum(axis=0) for one in stack])
    chosen = agreeing.argmax(axis=0)[None, :, :, None]
    return np.take_along_axis(stack, chosen, axis=0)[0].astype(np.float32)


def _levelled(road, small):
    """The road in the light of the other picture: each colour's brightness and contrast fitted to it.

    Fitted twice, the second time without the pixels that do not follow: those are the vehicle's.
    Every ninth pixel is enough for that.
    """
    seen, wanted = road[1::3, 1::3].reshape(-1, 3), small[1::3, 1::3].reshape(-1, 3)
    gain, offset = _line(seen, wanted)
    missed = np.abs(wanted - gain * seen - offset).max(axis=1)
    follow = missed <= max(float(np.median(missed)), 1.0)
    gain, offset = _line(seen[follow], wanted[follow])
    return gain * road + offset


def _line(seen, wanted):
    """Gain and offset of each colour that make `seen` most like `wanted` (both pixels x 3)."""
    middle, aim = seen.mean(axis=0), wanted.mean(axis=0)
    spread = seen.var(axis=0)
    slope = ((seen - middle) * (wanted - aim)).mean(axis=0) / np.maximum(spread, 1e-6)
    # A blank wall says nothing about the light, and a light that turns dark to bright there is none.
    gain = np.where(spread < 1.0, 1.0, np.clip(slope, 0.4, 2.5)).astype(np.float32)
    return gain, np.where(spread < 1.0, 0.0, aim - gain * middle).astype(np.float32)
