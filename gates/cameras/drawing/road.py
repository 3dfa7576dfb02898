"""The lane itself: sky, trees, asphalt, kerbs, the stop line, and the barrier with its arm."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from gates.cameras.drawing.paint import Sheet, bgr, box, darker, ellipse, ink, lighter, mix, rounded

# All coordinates are for a picture of 1280 x 720; other sizes are scaled.
WIDE, HIGH = 1280, 720
VANISHING = (640, 212)
STOP = 640  # where the tyres of a waiting car touch the road
PIVOT = (1172, 596)
ARM = 1090


@dataclass(frozen=True)
class Light:
    """The colours of a time of day."""

    sky: tuple
    far: str
    leaves: str
    grass: tuple
    asphalt: tuple
    sun: str
    warmth: float


LIGHTS = {
    "evening": Light(
        sky=("#86a6d2", "#dccdd2", "#ffd9a8"), far="#9a90a0", leaves="#55663c", grass=("#98975c", "#59683f"),
        asphalt=("#98918c", "#55545a"), sun="#ffd9a0", warmth=0.09,
    ),
    "day": Light(
        sky=("#86b3dc", "#bcd7ea", "#e9f1f5"), far="#9db0b4", leaves="#4f6f42", grass=("#8fa365", "#587344"),
        asphalt=("#9a9b9c", "#5b5d61"), sun="#fff6dd", warmth=0.03,
    ),
}  # fmt: skip


@lru_cache(maxsize=4)
def draw_road(width=WIDE, height=HIGH, light="evening", seed=0):
    """The empty lane without its arm: BGR uint8, height x width x 3. Copy it before drawing."""
    chance = np.random.default_rng(seed)
    look = LIGHTS[light]
    sheet = Sheet(0, 0, WIDE, HIGH, 1)
    _sky(sheet, look)
    _trees(sheet, look, chance)
    _soften(sheet, 1.6)
    _ground(sheet, look, chance)
    _lane(sheet, look, chance)
    _sign(sheet)
    _cabinet(sheet)
    picture = _graded(sheet.pixels[..., :3], look)
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _sky(sheet, look):
    high, middle, low = look.sky
    sheet.fill(box(0, 0, WIDE, 120), (high, middle))
    sheet.fill(box(0, 120, WIDE, 240), (middle, low))
    sheet.light(ellipse(980, 190, 240, 90), look.sun, 70, 0.35)
    for x, y, wide in ((250, 60, 210), (420, 84, 150), (860, 46, 240), (1100, 96, 160)):
        sheet.light(ellipse(x, y, wide, 7), look.sun, 9, 0.22)


def _trees(sheet, look, chance):
    hills = [(x, 196 - 16 * np.sin(x / 170) - 7 * np.sin(x / 47)) for x in range(-20, 1320, 20)]
    sheet.fill([*hills, (1320, 260), (-20, 260)], (look.far, mix(look.far, look.leaves, 0.5)))
    _building(sheet, look)
    for x in range(-10, 1310, 24):
        size = chance.uniform(12, 30)
        _crown(sheet, chance, mix(look.leaves, look.far, 0.3), (x, 214 - size * 0.55), size)
    for x, y, size in ((40, 128, 92), (196, 150, 62), (1232, 118, 98), (1085, 160, 52)):
        sheet.fill(box(x - size * 0.07, y, x + size * 0.07, 240), darker("#5a4a3c", 0.3))
        _crown(sheet, chance, look.leaves, (x, y), size)


def _crown(sheet, chance, colour, at, size):
    """A tree's crown: clumps of leaves, darker below and left, lit from the upper right."""
    for clump in range(46):
        angle, reach = chance.uniform(0, 2 * np.pi), size * 0.75 * np.sqrt(chance.uniform())
        x, y = reach * np.cos(angle), reach * 0.8 * np.sin(angle)
        bright = 0.5 * (x - y) / size + chance.uniform(-0.25, 0.25) + (clump - 23) / 90
        tone = lighter(colour, min(bright * 0.4, 0.4)) if bright > 0 else darker(colour, -bright)
        clump_size = size * chance.uniform(0.14, 0.3)
        place = ellipse(at[0] + x, at[1] + y, clump_size, clump_size * 0.8, 12)
        sheet.fill(place, tone, size * 0.015, 0.9)


def _building(sheet, look):
    """The car park's decks, far behind: bands of concrete with light between them."""
    concrete = mix("#b9b3ab", look.far, 0.3)
    for deck in range(3):
        y = 120 + deck * 30
        sheet.fill(box(760, y, 1030, y + 13), (lighter(concrete, 0.2), concrete))
        sheet.fill(box(768, y + 13, 1022, y + 30), ("#4b4a50", "#6b6159"))
        for x in range(776, 1020, 27):
            sheet.light(ellipse(x, y + 17, 7, 2), look.sun, 2, 0.5)
            sheet.fill(box(x + 11, y + 13, x + 14, y + 30), darker(concrete, 0.25))


def _ground(sheet, look, chance):
    sheet.fill(box(0, 214, WIDE, HIGH), look.grass)
    sheet.fill(box(0, 206, WIDE, 222), darker(look.leaves, 0.25), 3, 0.8)
    for _ in range(700):
        y = 222 + 498 * chance.uniform() ** 1.5
        near = (y - 200) / 520
        x = chance.uniform(0, WIDE)
        tone = darker(look.grass[1], 0.2) if chance.uniform() < 0.5 else look.grass[0]
        sheet.fill(ellipse(x, y, 22 * near + 2, 4 * near + 0.6, 10), tone, 1, 0.35)


def _strip(left, right, top=VANISHING[1] + 8, bottom=HIGH):
    """A stripe along the road; left and right are pixels off the middle at the stop line."""
    ends = []
    for y in (top, bottom):
        share = (y - VANISHING[1]) / (STOP - VANISHING[1])
        ends.append(((VANISHING[0] + left * share, y), (VANISHING[0] + right * share, y)))
    return [ends[0][0], ends[0][1], ends[1][1], ends[1][0]]


def _lane(sheet, look, chance):
    sheet.fill(_strip(-560, 500), look.asphalt)
    _asphalt(sheet, chance)
    for side in (-190, 190):
        sheet.fill(_strip(side - 55, side + 55), "#1d1d20", 6, 0.16)
    for left, right, tone in ((-600, -566, "#b8b4ac"), (-566, -552, "#7c7872")):
        sheet.fill(_strip(left, right), (darker(tone, 0.1), lighter(tone, 0.1)))
    for left, right, tone in ((492, 506, "#7c7872"), (506, 800, "#a39f98")):
        sheet.fill(_strip(left, right), (darker(tone, 0.05), lighter(tone, 0.05)))
    sheet.fill(_strip(-530, -516), "#e9e6dc", 0.6, 0.75)
    sheet.fill(_strip(-505, 470, 662, 688), "#efece2", 0.8, 0.88)
    _arrow(sheet)


def _arrow(sheet):
    sheet.fill(_strip(-16, 16, 340, 420), "#e9e6dc", 1, 0.6)
    left, right = _strip(-60, 60, 420, 421)[:2]
    sheet.fill([left, right, (VANISHING[0], 462)], "#e9e6dc", 1, 0.6)


def _asphalt(sheet, chance):
    """Grain: fine stones, and patches where the surface is older."""
    stones = chance.standard_normal((HIGH, WIDE)).astype(np.float32)
    patches = cv2.resize(chance.standard_normal((9, 14)).astype(np.float32), (WIDE, HIGH))
    grain = 0.028 * cv2.GaussianBlur(stones, (0, 0), 0.7) + 0.018 * patches
    where = np.zeros((HIGH, WIDE), np.float32)
    cv2.fillPoly(where, [np.int32(_strip(-560, 500))], 1.0)
    sheet.pixels[..., :3] += (grain * where)[..., None]


def _sign(sheet):
    """The blue P by the roadside, which every country knows."""
    sheet.fill(box(176, 170, 184, 470), ("#9aa0a6", "#5e646a"))
    sheet.fill(ellipse(180, 470, 22, 5), "#000000", 4, 0.35)
    sheet.fill(rounded(box(128, 96, 232, 214), 14), "#f2f4f5")
    sheet.fill(rounded(box(133, 101, 227, 209), 10), ("#2a63b8", "#1d4f9f"))
    sheet.fill(rounded(box(157, 118, 205, 162), 21), "#f7f9fa")
    sheet.fill(rounded(box(171, 131, 191, 149), 9), "#2459ac")
    sheet.fill(box(157, 118, 172, 194), "#f7f9fa")


def _cabinet(sheet):
    """The barrier's housing on the island at the right."""
    sheet.fill(ellipse(1200, 702, 96, 14), "#000000", 10, 0.45)
    sheet.fill(rounded(box(1136, 520, 1262, 706), 10), ("#d9d5cc", "#8f8b84"))
    sheet.fill(rounded(box(1136, 520, 1172, 706), 10), "#000000", 6, 0.14)
    sheet.fill(rounded(box(1128, 506, 1270, 532), 8), ("#f0b43c", "#c9882a"))
    sheet.fill(rounded(box(1186, 560, 1246, 690), 4), "#000000", 1, 0.08)
    sheet.fill(ellipse(1236, 626, 4, 4), "#55585c")


def _soften(sheet, blur):
    """What is far away is a little out of focus."""
    sheet.pixels = cv2.GaussianBlur(sheet.pixels, (0, 0), blur)


def _graded(colours, look):
    y, x = np.mgrid[-1 : 1 : HIGH * 1j, -1 : 1 : WIDE * 1j].astype(np.float32)
    corners = 1 - 0.12 * np.clip(x**2 * 0.8 + y**2 * 0.5, 0, 1.3)
    warm = mix(colours.reshape(-1, 3).mean(0) * 0 + 1, bgr(look.sun), look.warmth * 2)
    return (colours * corners[..., None] * warm * 255).clip(0, 255).astype(np.uint8)


def draw_arm(picture, raised):
    """Draws the arm into a picture, in place. `raised` is 0 (down) to 1 (up)."""
    scale = picture.shape[1] / WIDE
    angle = np.radians(84 * raised)
    along = np.array([-np.cos(angle), -np.sin(angle)])
    across = np.array([-along[1], along[0]])
    for number in range(12):
        start, end = ARM * number / 12, ARM * (number + 1) / 12
        colour = "#d8392f" if number % 2 else "#f4f1ea"
        _stripe(picture, (along, across, scale), (start, end), colour)
    pivot = tuple(round(n * scale * 16) for n in PIVOT)
    for radius, colour in ((24, "#3a3d42"), (15, "#6b7077")):
        cv2.circle(picture, pivot, int(radius * scale * 16), ink(colour), -1, cv2.LINE_AA, 4)


def _stripe(picture, way, ends, colour):
    """One stripe of the arm: lit above, shaded below, thinner towards the tip."""
    along, across, scale = way
    for top, bottom, tone in ((-1, 1, darker(colour, 0.3)), (-1, 0.25, bgr(colour))):
        corners = []
        for at, edge in ((0, top), (1, top), (1, bottom), (0, bottom)):
            half = 15 - 5 * ends[at] / ARM
            corners.append(PIVOT + along * ends[at] - across * half * edge)
        points = np.round(np.array(corners) * scale * 16).astype(np.int32)
        cv2.fillPoly(picture, [points], ink(tone), cv2.LINE_AA, 4)
