"""Where in a picture there is text: the detector's map becomes slanted boxes in frame pixels."""

import math
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np

TEXT = 0.3  # from this on a spot of the map is text, PaddleOCR's own border
FAINT = 0.12  # a small plate in the dark hardly shows on a small frame
LEAST = 3  # map pixels; a lower area has letters that nobody can read
GROW = 1.6  # the map shows the core of a line; PaddleOCR's own factor to grow it back


@dataclass(frozen=True)
class Area:
    """A slanted box of text: centre, width along the line, height across it, in frame pixels.

    `slant` is the line's angle in degrees, clockwise. `strength` (0..1) is how sure the detector is;
    `parts` is of how many found areas it is made.
    """

    x: float
    y: float
    width: float
    height: float
    slant: float
    strength: float
    parts: int = 1

    @property
    def box(self):
        """The upright box around it: x, y, width, height, whole pixels."""
        x, y, width, height = cv2.boundingRect(self.corners())
        return int(x), int(y), int(width), int(height)

    def lies_in(self, other):
        """Is its middle within the other's upright box?"""
        x, y, width, height = other.box
        return x <= self.x <= x + width and y <= self.y <= y + height

    def corners(self):
        return cv2.boxPoints(((self.x, self.y), (self.width, self.height), self.slant))


def areas_and_faint(text_map, scale):
    """All text areas of a map, and where it shows none those that hardly show."""
    found = areas(text_map, scale)
    faint = areas(text_map, scale, FAINT)
    return found + [a for a in faint if not any(a.lies_in(b) or b.lies_in(a) for b in found)]


def areas(text_map, scale, threshold=TEXT):
    """All text areas of a map made at `scale` (across, down), in frame pixels."""
    spots = (text_map > threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(spots, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = (_area(outline, text_map, scale) for outline in outlines)
    return [area for area in found if area]


def _area(outline, text_map, scale):
    x, y, width, height = cv2.boundingRect(outline)
    if min(width, height) < LEAST:
        return None
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [outline - (x, y)], -1, 1, cv2.FILLED)
    strength = cv2.mean(text_map[y : y + height, x : x + width], inside)[0]
    points = (outline.reshape(-1, 2) / np.array(scale)).astype(np.float32)
    return _grown(*_levelled(cv2.minAreaRect(points)), strength)


def _levelled(rectangle):
    """OpenCV's rectangle with its width along the line: a slant between -45 and 45 degrees."""
    (x, y), (width, height), slant = rectangle
    while slant > 45:
        slant, width, height = slant - 90, height, width
    while slant < -45:
        slant, width, height = slant + 90, height, width
    return x, y, width, height, slant


def _grown(x, y, width, height, slant, strength):
    more = GROW * width * height / max(width + height, 1)
    return Area(x, y, width + more, height + more, slant, strength)


def joined(found):
    """Areas made of two that stand side by side on one line: a plate's groups lie far apart."""
    return [around(a, b) for a, b in combinations(found, 2) if _one_line(a, b)]


def _one_line(a, b):
    along, across = _apart(a, b)
    gap = along - (a.width + b.width) / 2
    low, high = sorted((a.height, b.height))
    return high < 1.5 * low and -0.5 * low < gap < 1.5 * high and across < 0.35 * low


def on_each_other(upper, lower):
    """Do two areas stand on each other like the lines of a two-line plate?"""
    along, across = _apart(upper, lower)
    low, high = sorted((upper.height, lower.height))
    wide = max(upper.width, lower.width)
    return (
        high < 1.6 * low
        and along < 0.3 * wide
        and 0.6 * low < across < 1.6 * high
        and wide < 6 * high
        and min(upper.width, lower.width) > 0.4 * wide
    )


def _apart(a, b):
    """How far apart two centres are, along and across the line of the wider one."""
    slant = math.radians(a.slant if a.width > b.width else b.slant)
    right, down = b.x - a.x, b.y - a.y
    along = right * math.cos(slant) + down * math.sin(slant)
    across = down * math.cos(slant) - right * math.sin(slant)
    return abs(along), abs(across)


def around(a, b):
    """The area that holds both."""
    wide = a if a.width > b.width else b
    corners = np.concatenate([a.corners(), b.corners()])
    turn = cv2.getRotationMatrix2D((wide.x, wide.y), wide.slant, 1)
    level = corners @ turn[:, :2].T + turn[:, 2]
    low, high = level.min(0), level.max(0)
    middle = cv2.invertAffineTransform(turn) @ [*(low + high) / 2, 1]
    width, height = high - low
    return replace(
        wide,
        x=float(middle[0]),
        y=float(middle[1]),
        width=float(width),
        height=float(height),
        strength=min(a.strength, b.strength),
        parts=a.parts + b.parts,
    )
