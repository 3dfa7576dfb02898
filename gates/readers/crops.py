"""Cutting an area out of the frame and setting it upright for the recogniser."""

from dataclasses import dataclass

import cv2
import numpy as np

HEIGHT = 48  # pixels, what the recogniser was made for
# A 2:1 plate at its natural width gets only 12 time steps for 7 characters, so every crop is stretched.
WIDTH = 192


@dataclass(frozen=True)
class Cut:
    """How to cut: margins as parts of the area's height, and degrees to turn."""

    beside: float = 0.0
    above: float = 0.0
    turn: float = 0.0


FIRST = Cut(beside=0.05)
WIDE = Cut(beside=0.5, above=0.05)  # an area cut short shows the rest of the plate here
MORE = (
    Cut(beside=0.2, above=-0.05),
    Cut(beside=0.0, above=-0.1, turn=1.5),
    Cut(beside=0.1, above=0.1, turn=-1.5),
)


def crop(image, area, cut=FIRST, width=WIDTH):
    """The area upright and stretched: HEIGHT x width x 3."""
    size = (area.width + 2 * cut.beside * area.height, area.height * (1 + 2 * cut.above))
    corners = cv2.boxPoints(((area.x, area.y), size, area.slant + cut.turn))
    # boxPoints begins bottom left and goes clockwise; three corners fix an affine map.
    goal = np.array([[0, HEIGHT], [0, 0], [width, 0]], np.float32)
    upright = cv2.getAffineTransform(corners[:3].astype(np.float32), goal)
    return _shrunk(image, upright, corners, width)


def _shrunk(image, upright, corners, width):
    """Warp a plate much larger than the crop from a smaller picture, or its strokes alias."""
    left, top = np.maximum(np.floor(corners.min(0)).astype(int) - 2, 0)
    right, bottom = np.ceil(corners.max(0)).astype(int) + 3
    piece = image[top:bottom, left:right]
    if not piece.size:
        return np.zeros((HEIGHT, width, 3), np.uint8)
    upright = upright @ np.array([[1, 0, left], [0, 1, top], [0, 0, 1]])
    factor = min(1.0, 2 * float(np.sqrt(abs(np.linalg.det(upright[:, :2])))))
    if factor < 1:
        piece = cv2.resize(piece, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        upright = upright @ np.diag([1 / factor, 1 / factor, 1])
    return cv2.warpAffine(
        piece, upright, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
