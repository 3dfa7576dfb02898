"""Car fronts as the camera above the barrier sees them."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from gates.cameras.drawing.paint import Sheet, box, darker, ellipse, lighter, mirrored, mix, rounded
from gates.cameras.drawing.plates import draw_plate, muddy, style

DETAIL = 460  # pixels for each metre of car: more than it gets at the stop line, so it stays sharp
GLASS, RUBBER, CHROME = "#1d262e", "#15161a", "#c9ced4"


@dataclass(frozen=True)
class Body:
    """The measures of a kind of car, in metres: half widths, and heights above the ground."""

    half: float
    high: float
    roof: float
    bonnet: float
    plate: float
    bars: int


BODIES = (
    Body(half=0.88, high=1.45, roof=0.53, bonnet=0.97, plate=0.47, bars=3),  # hatchback
    Body(half=0.91, high=1.40, roof=0.50, bonnet=0.93, plate=0.46, bars=0),  # saloon
    Body(half=0.94, high=1.62, roof=0.60, bonnet=1.08, plate=0.52, bars=4),  # off-roader
)


class Sprite(NamedTuple):
    """A car cut out, ready to be laid over a picture.

    `colour` is BGR uint8, already multiplied by the cover; `clear` is uint8 of the same shape: how
    much of the picture behind stays (255: all). `foot` is the point (x, y) on the ground in the
    middle of its front, `scale` its pixels for each metre.
    """

    colour: np.ndarray
    clear: np.ndarray
    foot: tuple[float, float]
    scale: float


def draw_car(colour, plate="", country="GB", seed=0, readable=True, hidden=False, dirt=0.0):
    """A car with this body colour ('#rrggbb') and plate, the same for the same seed."""
    chance = np.random.default_rng(seed)
    dirt = dirt if readable else 1.0
    body = BODIES[chance.integers(len(BODIES))]
    sheet = Sheet(-1.5, 1.85, 3.0, 2.15, DETAIL, upwards=True)
    _shadow(sheet, body)
    _wheels(sheet, body)
    _cabin(sheet, body, colour)
    _mirrors(sheet, body, colour)
    _front(sheet, body, colour)
    _bonnet(sheet, body, colour)
    _grille(sheet, body)
    _bumper(sheet, body, colour)
    _lamps(sheet, body)
    _plate(sheet, body, chance, None if hidden else _pressed(plate, country, seed, dirt))
    return _cut_out(sheet)


def _pressed(text, country, seed, dirt):
    plate = draw_plate(text, country, seed)
    return (muddy(plate, seed, dirt) if dirt else plate), style(country).on_car


def _shadow(sheet, body):
    sheet.fill(ellipse(0, 0.03, body.half + 0.1, 0.1), "#0b0d12", soft=0.07, strength=0.75)
    sheet.fill(box(-0.72, 0.3, 0.72, 0.02), "#0b0d12", soft=0.02, strength=0.9)


def _wheels(sheet, body):
    for side in (-1, 1):
        outer, inner = side * (body.half - 0.03), side * (body.half - 0.26)
        sheet.fill(rounded(box(inner, 0.4, outer, 0.0), 0.06), ("#23252b", "#0f1013"))


def _cabin(sheet, body, colour):
    high, roof, line = body.high, body.roof, body.bonnet
    shell = [(0, high), (roof - 0.08, high - 0.01), (roof + 0.05, high - 0.09)]
    shell += [(body.half - 0.16, line), (body.half - 0.1, line - 0.15), (0, line - 0.15)]
    sheet.fill(rounded(mirrored(shell), 0.09), (lighter(colour, 0.3), darker(colour, 0.35)))
    glass = [(0, high - 0.085), (roof - 0.08, high - 0.095), (roof - 0.01, high - 0.14)]
    glass += [(body.half - 0.23, line - 0.02), (0, line - 0.02)]
    pane = rounded(mirrored(glass), 0.06)
    sheet.fill(pane, (mix(GLASS, "#9db4c6", 0.5), GLASS))
    _inside(sheet, body)
    _sky_in_glass(sheet, body)


def _inside(sheet, body):
    """Head rests, the driver and the mirror: seen darkly, as one does through a windscreen."""
    seat = body.bonnet + 0.12
    for x in (-0.33, 0.33):
        sheet.fill(rounded(box(x - 0.15, seat + 0.16, x + 0.15, seat - 0.2), 0.07), "#11171c", 0.01)
    head = seat + 0.1
    sheet.fill(ellipse(0.33, seat - 0.11, 0.19, 0.15), "#2c3a48", 0.012, 0.8)
    sheet.fill(ellipse(0.33, head, 0.066, 0.085), "#9a7b68", 0.008, 0.6)
    sheet.fill(ellipse(0.33, head + 0.045, 0.07, 0.05), "#2a211c", 0.01, 0.7)
    sheet.fill(rounded(box(-0.09, body.high - 0.11, 0.09, body.high - 0.16), 0.02), "#0d1114")
    wheel = ellipse(0.33, body.bonnet, 0.17, 0.09)
    rim = np.concatenate([wheel, wheel[:1], ellipse(0.33, body.bonnet, 0.145, 0.07)[::-1]])
    sheet.fill(rim, "#07090b", 0.004, 0.9)


def _sky_in_glass(sheet, body):
    high, line = body.high - 0.1, body.bonnet
    streak = [(-0.44, high), (-0.16, high), (-0.34, line), (-0.62, line)]
    sheet.fill(rounded(streak, 0.03), ("#c7d6e2", "#5b6b78"), soft=0.03, strength=0.2)
    sheet.fill(box(0.1, high, 0.2, line), "#c7d6e2", soft=0.04, strength=0.1)


def _mirrors(sheet, body, colour):
    for side in (-1, 1):
        x, y = side * (body.half - 0.015), body.bonnet + 0.1
        foot = side * (body.half - 0.2)
        arm = [(foot, y - 0.1), (x, y - 0.065), (x, y - 0.02), (foot - side * 0.03, y - 0.03)]
        sheet.fill(arm, darker(colour, 0.7))
        case = rounded(box(x - 0.105, y + 0.08, x + 0.105, y - 0.065), 0.065)
        sheet.fill(case, (lighter(colour, 0.25), darker(colour, 0.45)))
        trim = rounded(box(x - 0.09, y - 0.03, x + 0.09, y - 0.065), 0.03)
        sheet.fill(trim, "#14171a", 0, 0.75)


def _front(sheet, body, colour):
    half, line = body.half, body.bonnet
    outline = [(0, line + 0.02), (half - 0.2, line - 0.02), (half - 0.04, line - 0.14)]
    outline += [(half, line - 0.34), (half, 0.36), (half - 0.05, 0.22), (0, 0.2)]
    sheet.fill(rounded(mirrored(outline), 0.1), (lighter(colour, 0.12), darker(colour, 0.5)))
    for side in (-1, 1):
        edge = [(side * half, line - 0.3), (side * half, 0.3), (side * (half - 0.14), 0.3)]
        sheet.fill([*edge, (side * (half - 0.07), line - 0.25)], "#000000", 0.04, 0.25)


def _bonnet(sheet, body, colour):
    half, line = body.half, body.bonnet
    outline = [(0, line + 0.045), (half - 0.32, line + 0.03), (half - 0.16, line - 0.03)]
    outline += [(half - 0.11, line - 0.2), (half - 0.45, line - 0.27), (0, line - 0.28)]
    sheet.fill(rounded(mirrored(outline), 0.1), (lighter(colour, 0.5), mix(colour, "#000000", 0.1)))
    for side in (-1, 1):
        crease = [(side * (half - 0.42), line), (side * (half - 0.39), line)]
        crease += [(side * (half - 0.47), line - 0.26), (side * (half - 0.51), line - 0.26)]
        sheet.fill(crease, "#ffffff", 0.008, 0.22)
    sheet.fill(ellipse(-0.15, line - 0.03, 0.4, 0.028), "#ffffff", 0.03, 0.3)
    seam = [(0, line - 0.275), (half - 0.45, line - 0.265), (half - 0.12, line - 0.195)]
    seam += [(half - 0.115, line - 0.202), (half - 0.45, line - 0.273), (0, line - 0.283)]
    sheet.fill(mirrored(seam), "#000000", 0.003, 0.5)


def _grille(sheet, body):
    top, bottom = body.bonnet - 0.27, body.plate + 0.1
    outline = [(0, top), (0.42, top), (0.36, bottom), (0, bottom)]
    sheet.fill(rounded(mirrored([(x * 1.03, y) for x, y in outline]), 0.05), CHROME)
    dark = [(0, top - 0.012), (0.41, top - 0.012), (0.352, bottom + 0.012), (0, bottom + 0.012)]
    sheet.fill(rounded(mirrored(dark), 0.04), ("#0d0f12", "#22262b"))
    step = (top - bottom) / (body.bars + 1)
    for bar in range(body.bars):
        y = top - step * (bar + 1)
        sheet.fill(box(-0.36, y + 0.006, 0.36, y - 0.006), "#7d848c", 0, 0.8)
    middle = (top + bottom) / 2
    sheet.fill(ellipse(0, middle, 0.055, 0.055), (CHROME, "#6e757d"))
    sheet.fill(ellipse(0, middle, 0.042, 0.042), "#2a3138")


def _bumper(sheet, body, colour):
    sheet.fill(rounded(box(-0.62, 0.36, 0.62, 0.25), 0.04), ("#0c0e10", "#1d2125"))
    lip = [(0, 0.24), (body.half - 0.12, 0.25), (body.half - 0.1, 0.19), (0, 0.17)]
    sheet.fill(rounded(mirrored(lip), 0.02), darker(colour, 0.75))
    for side in (-1, 1):
        x = side * (body.half - 0.17)
        sheet.fill(rounded(box(x - 0.1, 0.43, x + 0.1, 0.33), 0.04), "#14171a")
        sheet.fill(ellipse(x, 0.38, 0.035, 0.032), ("#dfe6ea", "#8a949c"))


def _lamps(sheet, body):
    line, half = body.bonnet, body.half
    for side in (-1, 1):
        shape = [(0.45, line - 0.29), (half - 0.2, line - 0.21), (half - 0.03, line - 0.17)]
        shape += [(half - 0.02, line - 0.27), (half - 0.14, line - 0.37), (0.43, line - 0.38)]
        lamp = rounded([(side * x, y) for x, y in shape], 0.035)
        sheet.fill(lamp, ("#e9eef2", "#8d99a3"))
        core = (side * (half - 0.2), line - 0.285)
        sheet.fill(ellipse(*core, 0.07, 0.055), ("#5c6670", "#2c3339"))
        sheet.fill(ellipse(*core, 0.045, 0.04), "#fffdf2")
        strip = [(0.46, line - 0.355), (half - 0.16, line - 0.345), (half - 0.08, line - 0.29)]
        strip += [(half - 0.09, line - 0.275), (half - 0.17, line - 0.325), (0.46, line - 0.337)]
        sheet.fill([(side * x, y) for x, y in strip], "#ffffff")
        sheet.light(ellipse(*core, 0.06, 0.06), "#fff3d6", 0.07, 0.8)
        sheet.light(ellipse(*core, 0.14, 0.12), "#ffe9bd", 0.12, 0.25)


def _plate(sheet, body, chance, pressed):
    """Screwed on a little crooked, as they are. Without a plate one sees the empty holder."""
    plate, wide = pressed or (None, 0.52)
    high = wide * 0.22 if plate is None else wide * plate.shape[0] / plate.shape[1]
    corners = np.array(box(-wide / 2, high / 2, wide / 2, -high / 2))
    angle = np.radians(chance.uniform(-1.2, 1.2))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = corners @ turn + (0, body.plate + 0.05 - high / 2)
    sheet.fill(corners * 1.0 + (0, -0.012), "#000000", 0.012, 0.6)
    grown = (corners - corners.mean(0)) * (1.035, 1.14) + corners.mean(0)
    sheet.fill(rounded(grown, 0.01), "#17191c")
    if plate is not None:
        sheet.put(plate, corners)


def _cut_out(sheet):
    """The finished sheet as a sprite, a little wider below: the camera looks down on it."""
    pixels = _keystone((sheet.pixels * 255).clip(0, 255).astype(np.uint8))
    clear = cv2.cvtColor(255 - pixels[..., 3], cv2.COLOR_GRAY2BGR)
    foot = (clear.shape[1] / 2, 1.85 * DETAIL)
    return Sprite(np.ascontiguousarray(pixels[..., :3]), clear, foot, DETAIL)


def _keystone(pixels):
    high, wide = pixels.shape[:2]
    near, far = wide * 0.0, wide * 0.02
    source = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    target = np.float32([(far, 0), (wide - far, 0), (wide - near, high), (near, high)])
    way = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(pixels, way, (wide, high), flags=cv2.INTER_LINEAR)
