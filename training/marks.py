"""Marks that stand on plates and are no letters of theirs: print, stickers, pictures, discs."""

import cv2
import numpy as np

from training.chance import one_of
from training.strokes import TALL

SMALL = "ABCDEFHKLMNPRSTUVXYZ"  # letters that are printed small beside a plate's own
MONTHS = ("JAN", "MAR", "MAY", "OCT", "DEC")


def write(blank, text, x, y, wide, tall, colour):
    """Small print around a middle, as wide and tall as fits into so many pixels."""
    mask = blank.lettering.print(text, int(blank.chance.integers(4)))
    share = min(wide / mask.shape[1], tall / mask.shape[0])
    size = max(2, round(mask.shape[1] * share)), max(2, round(mask.shape[0] * share))
    left, top = round(x - size[0] / 2), round(y - size[1] / 2)
    if left >= 0 and top >= 0:
        area, cover = covered(blank.pixels, mask, left, top, size)
        area[:] = area * (1 - cover) + colour * cover


def covered(pixels, mask, left, top, size):
    """The part of `pixels` under a mask scaled to `size` (width, height), and its cover, 0..1."""
    shape = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    area = pixels[max(top, 0) : top + shape.shape[0], max(left, 0) : left + shape.shape[1]]
    cover = shape[: area.shape[0], : area.shape[1], None].astype(np.float32) / 255
    return area, cover


def disc(blank, x, y, radius, colour, thick=-1):
    """A disc, or a ring with a line of `thick` pixels."""
    at = (int(x), int(y))
    cv2.circle(blank.pixels, at, int(radius), _plain(colour), thick, cv2.LINE_AA)


def bar(blank, x, y, half_wide, half_high, colour):
    """A filled rectangle around a middle."""
    start = (int(x - half_wide), int(y - half_high))
    end = (int(x + half_wide), int(y + half_high))
    cv2.rectangle(blank.pixels, start, end, _plain(colour), -1)


def stars(blank, x, y, radius):
    """The ring of twelve stars on a European band, each a dot at this size."""
    for angle in np.arange(12) * np.pi / 6:
        at = (int(x + radius * np.cos(angle)), int(y + radius * np.sin(angle)))
        cv2.circle(blank.pixels, at, 2, (20, 200, 245), -1)


def picture(blank, x, y, size):
    """A picture between groups: a star, a map, a leaf, a badge."""
    chance = blank.chance
    colour = blank.ink if chance.random() < 0.4 else chance.uniform(0, 230, 3)
    points = _outline(chance, x, y, size)
    if chance.random() < 0.75:
        cv2.fillPoly(blank.pixels, [points], _plain(colour), cv2.LINE_AA)
    else:
        cv2.polylines(blank.pixels, [points], True, _plain(colour), 3, cv2.LINE_AA)
    if chance.random() < 0.3:
        disc(blank, x, y, size * 0.4, chance.uniform(0, 255, 3))


def sticker(blank, x, y):
    """A month's or a year's tab."""
    chance = blank.chance
    wide, high = TALL * chance.uniform(0.15, 0.3), TALL * chance.uniform(0.12, 0.2)
    colour = chance.uniform(20, 250, 3)
    bar(blank, x, y, wide, high, colour)
    text = str(chance.integers(8, 30)) if chance.random() < 0.6 else one_of(chance, MONTHS)
    write(blank, text, x, y, wide * 1.6, high * 1.5, 255 - colour.astype(np.float32))


def _outline(chance, x, y, size):
    corners = int(chance.integers(3, 12))
    angle = np.sort(chance.uniform(0, 2 * np.pi, corners))
    radius = size * chance.uniform(0.4, 1.0, corners)
    points = np.stack([x + radius * np.cos(angle), y + 1.2 * radius * np.sin(angle)], 1)
    return points.astype(np.int32)


def _plain(colour):
    return [float(c) for c in colour]
