"""A closer look: text areas again, in a small piece of the frame at its full resolution."""

from dataclasses import replace

import numpy as np

from gates.readers.areas import areas

LINE = 28  # pixels; the height at which the detector sees a line's ends best
PIECE = 320  # pixels across of the scaled piece
LARGEST_SCALE = 3.0  # more only blurs


def areas_close_to(area, image, text_map):
    """What `area` turns out to be: text areas on its spot, in frame pixels.

    `text_map` is the engine's. Other texts nearby are not looked for: they have areas themselves.
    """
    scale = min(LINE / area.height, PIECE / (1.3 * area.width), LARGEST_SCALE)
    left, top, piece = _piece(image, area, PIECE / scale)
    if not piece.size:
        return []
    found = areas(*text_map(piece, max(64, round(max(piece.shape[:2]) * scale))))
    found = [replace(each, x=each.x + left, y=each.y + top) for each in found]
    return [each for each in found if each.lies_in(area) or area.lies_in(each)]


def _piece(image, area, across):
    """The part of the picture around an area, twice as wide as high, and where it begins."""
    centre = np.array([area.x, area.y])
    half = np.array([across / 2, max(across / 4, 1.5 * area.height)])
    left, top = np.maximum(centre - half, 0).astype(int)
    right, bottom = np.ceil(centre + half).astype(int)
    return int(left), int(top), image[top:bottom, left:right]
