"""A sheet to paint on, measured in the units of what is drawn, with soft edges and gradients."""

import cv2
import numpy as np

FINE = 2  # shapes are cut out this much larger and then shrunk, which smooths their edges
CURVE = np.linspace(0, 1, 7)[:, None]


def bgr(colour):
    """'#rrggbb' as three floats 0..1 in OpenCV's order; a sequence of such floats as it is."""
    if not isinstance(colour, str):
        return np.asarray(colour, np.float32)
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return np.array([blue, green, red], np.float32)


def mix(one, other, share):
    """The colour `share` (0..1) of the way from one to the other."""
    return bgr(one) * (1 - share) + bgr(other) * share


def ink(colour):
    """The colour as cv2's drawing functions want it: 0..255."""
    return tuple(float(share) * 255 for share in bgr(colour))


def lighter(colour, share):
    return mix(colour, "#ffffff", share)


def darker(colour, share):
    return mix(colour, "#000000", share)


def mirrored(half):
    """A closed outline from its right half, given from the top middle to the bottom middle."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def rounded(outline, radius):
    """The outline with its corners rounded: up to `radius` of each side goes into the curve."""
    corners = np.asarray(outline, np.float64)
    curves = [
        _corner(corners[i - 1], corners[i], corners[(i + 1) % len(corners)], radius)
        for i in range(len(corners))
    ]
    return np.concatenate(curves)


def _corner(before, corner, after, radius):
    start = _towards(corner, before, radius)
    end = _towards(corner, after, radius)
    return start * (1 - CURVE) ** 2 + 2 * corner * CURVE * (1 - CURVE) + end * CURVE**2


def _towards(corner, other, radius):
    side = other - corner
    length = float(np.hypot(*side)) or 1.0
    return corner + side * min(radius / length, 0.5)


def ellipse(x, y, wide, high, turns=40):
    """The outline of an ellipse around (x, y) with these half axes."""
    angle = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    return np.stack([x + wide * np.cos(angle), y + high * np.sin(angle)], axis=1)


def box(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


class Sheet:
    """A see-through sheet. `pixels` is height x width x 4 float32, BGR and cover, each 0..1.

    The colours are already multiplied by the cover, so light can be added without covering.
    `left` and `top` are the coordinates of the corner, `scale` is pixels for each unit, and
    `upwards` says that y grows towards the sky.
    """

    def __init__(self, left, top, width, height, scale, upwards=False):
        self.corner = np.array([left, top], np.float64)
        self.scale = scale
        self.way = np.array([1, -1 if upwards else 1])
        self.pixels = np.zeros((round(height * scale), round(width * scale), 4), np.float32)

    def fill(self, outline, paint, soft=0.0, strength=1.0):
        """Covers the outline with a colour, or (top, bottom) colours; `soft` blurs its edge."""
        found = self._cut(outline, soft)
        if found is None:
            return
        where, mask = found
        mask = mask[..., None] * strength
        part = self.pixels[where]
        part *= 1 - mask
        part[..., :3] += mask * _gradient(paint, mask.shape[0])
        part[..., 3:] += mask

    def light(self, outline, colour, soft, strength):
        """Adds light without covering what lies beneath, as a lamp does."""
        found = self._cut(outline, soft)
        if found is not None:
            where, mask = found
            self.pixels[where][..., :3] += mask[..., None] * strength * bgr(colour)

    def put(self, picture, corners):
        """Lays a BGR uint8 picture into four corners: top left, top right, bottom right, left."""
        high, wide = picture.shape[:2]
        source = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
        target = np.float32(self._points(corners))
        low = np.floor(target.min(0)).astype(int)
        size = np.ceil(target.max(0)).astype(int) - low + 1
        way = cv2.getPerspectiveTransform(source, np.float32((target - low) * FINE))
        full = tuple(int(n) * FINE for n in size)
        small = tuple(int(n) for n in size)
        seen = cv2.warpPerspective(picture, way, full, flags=cv2.INTER_AREA)
        cover = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), way, full)
        seen, cover = (cv2.resize(x, small, interpolation=cv2.INTER_AREA) for x in (seen, cover))
        part = self.pixels[low[1] : low[1] + small[1], low[0] : low[0] + small[0]]
        mask = cover[..., None].astype(np.float32) / 255
        part *= 1 - mask
        part[..., :3] += seen.astype(np.float32) / 255 * mask
        part[..., 3:] += mask

    def _points(self, outline):
        return (np.asarray(outline, np.float64) - self.corner) * self.way * self.scale

    def _cut(self, outline, soft):
        """Where on the sheet the outline lies (two slices) and its mask 0..1, or None outside."""
        points = self._points(outline)
        blur = soft * self.scale
        margin = int(blur * 3) + 2
        size = self.pixels.shape[1::-1]
        low = np.clip(np.floor(points.min(0)).astype(int) - margin, 0, size)
        high = np.clip(np.ceil(points.max(0)).astype(int) + margin, 0, size)
        if (high <= low).any():
            return None
        mask = _mask(points - low, high - low)
        if blur:
            mask = cv2.GaussianBlur(mask, (0, 0), blur)
        where = np.s_[low[1] : high[1], low[0] : high[0]]
        return where, mask


def _mask(points, size):
    wide, high = (int(n) for n in size)
    large = np.zeros((high * FINE, wide * FINE), np.uint8)
    cv2.fillPoly(large, [np.round(points * FINE * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    small = cv2.resize(large, (wide, high), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / 255


def _gradient(paint, high):
    if isinstance(paint, tuple) and len(paint) == 2:
        share = np.linspace(0, 1, high, dtype=np.float32)[:, None, None]
        return bgr(paint[0]) * (1 - share) + bgr(paint[1]) * share
    return bgr(paint)
