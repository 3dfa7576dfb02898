"""How good the picture of a plate is: what a site engineer can put right at the camera.

All is measured on the line of letters set upright and brought to one height, so that a number means
the same for a near plate and for one far away.
"""

from dataclasses import dataclass

import cv2
import numpy as np

LINE = 32  # pixels high; smaller plates are enlarged to it, and then look a little softer
LONGEST = 12  # times its height; a longer area is no plate, and would only cost time
REACH = 9  # pixels over which it is blurred again: about a stroke and the gap beside it
BLACK, WHITE = 1, 254  # a lossy camera never sends a wholly black or white field as 0 or 255


@dataclass(frozen=True)
class Quality:
    """Of one plate in one frame; every number is finite, whatever the picture.

    `blur` is 0 to 1: how little is lost when the picture is blurred once more (Crété-Roffet and
    others, "The blur effect", 2007), in the worse of the two directions, so that it finds a lens out
    of focus and a plate that moved alike. Sharp plates have 0.15 to 0.35, from 0.5 on strokes run
    into each other. `contrast` is 0 (letters as grey as their ground) to 1: the grey levels between
    the darkest and the brightest twentieth. `clipping` is the share (0..1) of pixels that are wholly
    black or white. `height` is that of the letters' line in pixels of the frame, 1 at least.
    """

    blur: float
    contrast: float
    clipping: float
    height: int


def measured(image, area):
    """The `Quality` of the plate in an `Area` (gates/readers/areas.py) of a BGR uint8 picture."""
    line = _upright(image, area)
    dark, bright = np.percentile(line, (5, 95))
    return Quality(
        blur=_blur(line.astype(np.float32)),
        contrast=float(bright - dark) / 255,
        clipping=float(np.mean((line <= BLACK) | (line >= WHITE))),
        height=max(1, round(area.height)),
    )


def _upright(image, area):
    """The area in grey and level: LINE pixels high, as wide as its shape asks for."""
    high = max(area.height, 1)
    width = round(LINE * min(max(area.width / high, 1), LONGEST))
    corners = area.corners()
    left, top = np.maximum(np.floor(corners.min(0)).astype(int) - 2, 0)
    right, bottom = np.maximum(np.ceil(corners.max(0)).astype(int) + 3, 0)
    piece = image[top:bottom, left:right]
    if not piece.size:  # the area lies outside the picture
        return np.zeros((LINE, width), np.uint8)
    grey, smaller = cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY), min(1.0, LINE / high)
    if smaller < 1:
        size = tuple(max(1, round(side * smaller)) for side in grey.shape[::-1])
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    # boxPoints begins bottom left and goes clockwise; three corners fix an affine map.
    found = ((corners[:3] - (left, top)) * smaller).astype(np.float32)
    upright = cv2.getAffineTransform(found, np.array([[0, LINE], [0, 0], [width, 0]], np.float32))
    return cv2.warpAffine(grey, upright, (width, LINE), borderMode=cv2.BORDER_REPLICATE)


def _blur(line):
    across = _lost(line, cv2.blur(line, (REACH, 1)), 1)
    down = _lost(line, cv2.blur(line, (1, REACH)), 0)
    return max(across, down)


def _lost(line, blurred, axis):
    """1 less the share of the differences between neighbours that another blurring takes away."""
    sharp, soft = (np.abs(np.diff(each, axis=axis)) for each in (line, blurred))
    whole = float(sharp.sum())
    if not whole:
        return 1.0  # one flat grey: no edge is left
    return 1 - float(np.maximum(sharp - soft, 0).sum()) / whole
