"""What a camera makes of a flat plate: the crop that the recogniser will be given."""

import cv2
import numpy as np

from gates.readers.crops import HEIGHT, WIDTH
from training.chance import clouds
from training.strokes import TALL

SMALLEST, LARGEST = 11, 48  # pixels, how high the letters are in the camera's picture


def photographed(flat, chance):
    """The plate seen by a camera, cut out as the reader cuts: 48 x 192 x 3, BGR uint8."""
    crop = _seen(flat, chance)
    crop = _spoilt(crop, LIGHT, chance)
    crop = _exposed(crop, chance)
    crop = _spoilt(crop, WEATHER_AND_LENS, chance)
    crop = _packed(crop, chance)
    return cv2.resize(crop, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)


def _spoilt(crop, effects, chance):
    for share, effect in effects:
        if chance.random() < share:
            crop = effect(crop, chance)
    return crop


# where the camera stands


def _seen(flat, chance):
    """Shrunk to the size that the camera sees it at, slanted, sheared and in perspective."""
    left, top, right, bottom = _box(flat, chance)
    tall = float(np.exp(chance.uniform(np.log(SMALLEST), np.log(LARGEST))))
    share = tall / TALL
    aside = chance.uniform(0.7, 1.1)  # seen from the side
    size = max(12, round((right - left) * share * aside)), max(6, round((bottom - top) * share))
    corners = np.float32([(left, top), (right, top), (right, bottom), (left, bottom)])
    way = cv2.getPerspectiveTransform(corners, _tilted(size, chance))
    return _shrunk(flat.pixels, way, size, share)


def _box(flat, chance):
    """Where the reader cuts: mostly near the letters, at times the whole plate or loosely."""
    line, plate = np.array(flat.line), np.array(flat.plate)
    kind = chance.random()
    if kind < 0.66:
        box = line + TALL * _near_the_letters(chance)
    elif kind < 0.9:
        box = plate + TALL * (chance.normal(0, 0.1, 4) + np.array([-0.04, -0.04, 0.04, 0.04]))
    else:
        share = chance.uniform(0.1, 0.9, 4)
        box = line * (1 - share) + plate * share
    high, wide = flat.pixels.shape[:2]
    return np.clip(box, 1, [wide - 2, high - 2, wide - 2, high - 2])


def _near_the_letters(chance):
    """How far each side of the box is from the line of letters, in heights of a letter."""
    beside, above = chance.uniform(-0.03, 0.45, 2), chance.uniform(-0.08, 0.3, 2)
    if chance.random() < 0.25:
        beside = chance.uniform(0, 1.0, 2)
    return np.array([-beside[0], -above[0], beside[1], above[1]])


def _tilted(size, chance):
    """The corners of a crop of `size` (width, height) after turning, shearing and perspective."""
    goal = np.float32([(0, 0), (size[0], 0), size, (0, size[1])])
    middle = goal.mean(0)
    angle = np.deg2rad(np.clip(chance.normal(0, 2.2), -7, 7))
    shear = np.clip(chance.normal(0, 0.1), -0.35, 0.35)
    turn = np.float32([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    tilted = (goal - middle) @ turn.T
    tilted[:, 0] += shear * tilted[:, 1]
    # The reader's box holds all of the slanted line.
    tilted *= min(1.0, 0.999 * size[1] / np.ptp(tilted[:, 1]) + 0.35 * chance.random())
    tilted += middle + chance.normal(0, 0.02, (4, 2)) * size[1]
    return tilted.astype(np.float32)


def _shrunk(pixels, way, size, share):
    """Softened and sampled finely enough that strokes do not alias, then brought to `size`."""
    fine = 2 if share < 0.45 else 1
    if share * fine < 0.7:
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.42 / (share * fine))
    seen = cv2.warpPerspective(
        pixels,
        np.diag([fine, fine, 1.0]) @ way,
        (size[0] * fine, size[1] * fine),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(seen, size, interpolation=cv2.INTER_AREA) if fine > 1 else seen


# sun, shade, glare, night and infrared lamps


def _infrared(crop, chance):
    return np.repeat(crop.mean(2, keepdims=True), 3, 2)


def _shaded(crop, chance):
    slope = np.linspace(chance.uniform(0.55, 1), chance.uniform(0.55, 1), crop.shape[1])
    return crop * slope[None, :, None]


def _half_in_shadow(crop, chance):
    high, wide = crop.shape[:2]
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    angle = chance.uniform(0, 2 * np.pi)
    at = chance.uniform(0.2, 0.8) * wide * np.cos(angle)
    at += chance.uniform(0.2, 0.8) * high * np.sin(angle)
    edge = x * np.cos(angle) + y * np.sin(angle) > at
    return crop * np.where(edge, chance.uniform(0.35, 0.8), 1.0)[..., None]


def _dazzled(crop, chance):
    high, wide = crop.shape[:2]
    x, y = np.meshgrid(np.arange(wide), np.arange(high))
    cx, cy = chance.uniform(0, wide), chance.uniform(0, high)
    size = chance.uniform(0.1, 0.4) * wide
    glare = np.exp(-((x - cx) ** 2 + 2 * (y - cy) ** 2) / (2 * size**2))
    return crop + glare[..., None] * chance.uniform(60, 230)


def _exposed(crop, chance):
    gain = float(np.clip(np.exp(chance.normal(0, 0.3)), 0.4, 1.6))
    if chance.random() < 0.12:
        gain = chance.uniform(0.15, 0.5)  # night
    contrast, middle = chance.uniform(0.45, 1.15), crop.mean()
    tint = chance.uniform(0.85, 1.15, 3) if chance.random() < 0.5 else 1.0
    lit = ((crop - middle) * contrast + middle) * gain * tint
    return np.clip(lit + chance.normal(0, 8), 0, 255)


# dirt, focus, motion, the camera's own sharpening and noise


def _dirty(crop, chance):
    patches = clouds(chance, crop.shape[:2], max(3, crop.shape[0] // 3))
    thin, most = chance.uniform(0.3, 1.2), chance.uniform(0.2, 0.75)
    cover = np.clip((patches - thin) * 2, 0, most)[..., None]
    return crop * (1 - cover) + chance.uniform(40, 160) * cover


def _out_of_focus(crop, chance):
    return cv2.GaussianBlur(crop, (0, 0), chance.uniform(0.3, 0.045 * crop.shape[0] + 0.4))


def _in_motion(crop, chance):
    length = int(chance.integers(2, max(3, crop.shape[0] // 5)))
    return cv2.blur(crop, (length, 1) if chance.random() < 0.7 else (1, max(2, length // 2)))


def _sharpened(crop, chance):
    return crop + chance.uniform(0.3, 1.2) * (crop - cv2.GaussianBlur(crop, (0, 0), 1.2))


def _grainy(crop, chance):
    grain = chance.standard_normal(crop.shape[:2], dtype=np.float32)
    return crop + grain[..., None] * chance.uniform(1, 13)


def _packed(crop, chance):
    """As the camera hands it over: bytes, mostly out of a JPEG or a video."""
    crop = np.clip(crop, 0, 255).astype(np.uint8)
    if chance.random() < 0.75:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(16, 96))]
        crop = cv2.imdecode(cv2.imencode(".jpg", crop, quality)[1], cv2.IMREAD_COLOR)
    return crop


# What share of the plates has each, in the order in which light meets them.
LIGHT = ((0.15, _infrared), (0.25, _shaded), (0.15, _half_in_shadow), (0.08, _dazzled))
WEATHER_AND_LENS = (
    (0.2, _dirty),
    (0.5, _out_of_focus),
    (0.2, _in_motion),
    (0.25, _sharpened),
    (0.6, _grainy),
)
