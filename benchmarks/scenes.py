"""Drawn passages under the conditions of a real lane, each one readable for a person.

A vehicle comes nearer and stands. Blur, noise, night, tilt and dirt are drawn from `CONDITIONS`,
whose worst values keep a plate readable for a person where it stands, by these limits: letters at
least 20 pixels high; out of focus and moved by at most half of a letter's stroke each (standard
deviations); what is left of the contrast between letters and ground at least four times the noise;
dirt of at most half the thickness that hides a plate; a tilt of at most 12 degrees. The tests hold
them to it; `passages.py --look FOLDER` writes pictures for a person to see.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

import cv2
import numpy as np

from gates.cameras.drawing.plates import style
from gates.cameras.drawing.scene import METRE, Painter
from gates.cameras.drawing.turns import APPROACH, Car, Turn, position

BEGAN = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIZE = (1280, 720)
RATE = 10  # frames a second
FRAMES = (8, 12)  # of one passage
STANDING = (3, 5)  # of these the vehicle stands still
STROKE = 0.18  # of a letter's height

ALL, NO_VOWELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "BCDFGHJKLMNPRSTVWXYZ"
WITHOUT_IOQU = "ABCDEFGHJKLMNPRSTVWXYZ"
# country: (letters in use, what plates look like: A for a letter, 0 for a digit)
PLATES = {
    "GB": ("ABCDEFGHJKLMNOPRSTUVWXY", ["AA00AAA"]),
    "DE": (ALL, ["AAA000", "AA0000", "AAA0000", "AAAA000", "AAAA0"]),
    "FR": (WITHOUT_IOQU, ["AA000AA"]),
    "IT": (WITHOUT_IOQU, ["AA000AA"]),
    "ES": (NO_VOWELS, ["0000AAA"]),
    "PL": (ALL.replace("Q", ""), ["AA00000", "AAA0000", "AA0000A"]),
    "NL": (NO_VOWELS, ["AA000A", "A000AA", "00AAA0"]),
    "US": (ALL, ["AAA0000", "0AAA000", "AAA000"]),
    "BR": (ALL, ["AAA0A00", "AAA0000"]),
}
COLOURS = ("#f1f1ee", "#16181b", "#8c9299", "#a3232a", "#27496f", "#3d5c45", "#c9b37e", "#5a3f36")


@dataclass(frozen=True)
class Condition:
    """What can be wrong with the pictures: for each the least and the most.

    `blur` and `smear` are parts of a letter's stroke (out of focus, and moved while the shutter
    was open), `noise` is in grey levels, `light` the part of the daylight that is left, `tilt` in
    degrees, `dirt` 0..1 as of a drawn car.
    """

    blur: tuple[float, float] = (0.0, 0.0)
    smear: tuple[float, float] = (0.0, 0.0)
    noise: tuple[float, float] = (0.0, 2.0)
    light: tuple[float, float] = (0.9, 1.1)
    tilt: tuple[float, float] = (0.0, 1.0)
    dirt: tuple[float, float] = (0.0, 0.0)


CONDITIONS = {
    "clear": Condition(),
    "blur": Condition(blur=(0.25, 0.5), smear=(0.0, 0.5)),
    "noise": Condition(noise=(8.0, 18.0)),
    "night": Condition(light=(0.22, 0.4), noise=(3.0, 7.0), blur=(0.0, 0.25)),
    "tilt": Condition(tilt=(5.0, 12.0)),
    "dirt": Condition(dirt=(0.25, 0.5)),
    "all at once": Condition(
        blur=(0.1, 0.3),
        smear=(0.0, 0.3),
        noise=(3.0, 8.0),
        light=(0.4, 0.8),
        tilt=(2.0, 8.0),
        dirt=(0.1, 0.3),
    ),
}


@dataclass(frozen=True)
class Spoilt:
    """What is wrong with the pictures of one passage; `tilt` has a sign, the rest as `Condition`."""

    blur: float
    smear: float
    noise: float
    light: float
    tilt: float
    dirt: float


@dataclass(frozen=True)
class Passage:
    """A vehicle's way to the line. `times` are its frames, in seconds after it came in sight."""

    number: int
    condition: str
    car: Car
    spoilt: Spoilt
    light: str
    times: tuple[float, ...]


def passage(number, seed=0, conditions=tuple(CONDITIONS)):
    """Passage `number` of a seed: the same one each time; the conditions take turns."""
    chance = random.Random(f"{seed} {number}")
    condition = conditions[number % len(conditions)]
    spoilt = _spoilt(CONDITIONS[condition], chance)
    country = chance.choice(list(PLATES))
    car = Car(
        id=f"{seed}-{number}",
        comes_at=BEGAN,
        plate=plate(country, chance),
        country=country,
        colour=chance.choice(COLOURS),
        dirt=spoilt.dirt,
    )
    light = chance.choice(("day", "evening"))
    return Passage(number, condition, car, spoilt, light, _times(chance))


def plate(country, chance):
    """A plate as that country gives them out."""
    letters, looks = PLATES[country]
    signs = {"A": letters, "0": "0123456789"}
    return "".join(chance.choice(signs[sign]) for sign in chance.choice(looks))


def _spoilt(condition, chance):
    within = {name: chance.uniform(*bounds) for name, bounds in vars(condition).items()}
    within["tilt"] *= chance.choice((-1, 1))
    return Spoilt(**within)


def _times(chance):
    """So many frames, the last of which show the vehicle standing."""
    count, standing = chance.randint(*FRAMES), chance.randint(*STANDING)
    first = APPROACH - (count - standing) / RATE + chance.uniform(0, 1 / RATE)
    return tuple(first + number / RATE for number in range(count))


class Studio:
    """Draws passages. The roads are kept: they take the longest to draw."""

    def __init__(self, size=SIZE, seed=0):
        self.size, self.seed = size, seed
        self._painters = {}

    def frames(self, passage):
        """The BGR pictures of a passage, in order."""
        turn = Turn(passage.car, BEGAN)
        for number, seconds in enumerate(passage.times):
            at = BEGAN + (turn.stopped_at - BEGAN) * (seconds / APPROACH)
            yield self.picture(passage, position(turn, at), number)

    def picture(self, passage, place, number, noisy=True):
        """One picture of the passage's vehicle at a `Place` (None: the empty road)."""
        painter = self._painter(passage.light)
        clean = painter.picture(passage.car if place else None, place, 0.0, number)
        seen = spoil(clean, passage.spoilt, stroke(passage.car, self.size))
        return grainy(seen, passage.spoilt.noise, passage.number * 100 + number) if noisy else seen

    def _painter(self, light):
        if light not in self._painters:
            self._painters[light] = Painter(*self.size, light, self.seed)
        return self._painters[light]


def letters(car, size=SIZE, nearness=1.0):
    """How high a car's letters are in a picture, in pixels; `nearness` is 1 at the stop line."""
    look = style(car.country)
    metres = look.on_car * look.tall / look.size[0]
    return metres * METRE * nearness * size[0] / SIZE[0]


def stroke(car, size=SIZE):
    """How broad the strokes of its letters are at the stop line, in pixels."""
    return STROKE * letters(car, size)


def spoil(picture, spoilt, stroke):
    """The picture as a worse lens, mast and evening would have it."""
    picture = _tilted(picture, spoilt.tilt)
    picture = _smeared(picture, spoilt.smear * stroke)
    if spoilt.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), max(spoilt.blur * stroke, 0.1))
    return _darkened(picture, spoilt.light)


def _tilted(picture, degrees):
    high, wide = picture.shape[:2]
    # Turned about where plates are, so that a vehicle at the line stays in the picture.
    way = cv2.getRotationMatrix2D((wide / 2, high * 0.65), degrees, 1.0)
    return cv2.warpAffine(picture, way, (wide, high), borderMode=cv2.BORDER_REFLECT_101)


def _smeared(picture, sigma):
    """Moved downwards while the shutter was open: as vehicles do that come nearer."""
    if sigma < 0.3:
        return picture
    return cv2.GaussianBlur(picture, (1, 0), sigmaX=0.01, sigmaY=sigma)


def _darkened(picture, light):
    """Less light, and where there is little of it a bloom around what shines."""
    dark = cv2.convertScaleAbs(picture, alpha=light)
    if light > 0.5:
        return dark
    shining = np.maximum(picture, 235) - 235
    small = cv2.resize(shining, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bloom = cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), picture.shape[1::-1])
    return cv2.add(dark, cv2.convertScaleAbs(bloom, alpha=2.0))


def grainy(picture, noise, seed):
    """The same with noise of so many grey levels, alike in all colours: that hides most."""
    grain = np.empty(picture.shape[:2], np.int16)
    cv2.setRNGSeed(seed % 2**31)
    cv2.randn(grain, 0, noise)
    return cv2.add(picture, cv2.merge([grain] * 3), dtype=cv2.CV_8U)
