"""Films for the tests, drawn here, and a reader that knows plates by their colours: fast and sure."""

import cv2
import numpy as np

from gates.readers import Candidate, Read

SIZE = (640, 360)
PLATES = {  # BGR
    "AB12CDE": (40, 40, 250),
    "KLM4827": (40, 250, 40),
    "EF34GHJ": (250, 40, 40),
    "XY99ZZZ": (250, 40, 250),
    "NY13834": (250, 250, 40),
}


class Colours:
    """Reads the plates of `PLATES`, the surest first; counts how often it was asked."""

    engine = "colours"

    def __init__(self, confidence=0.97, doubted=()):
        self.confidence, self.doubted, self.asked = confidence, doubted, 0

    def read(self, image):
        self.asked += 1
        reads = [self._read(image, plate) for plate in PLATES]
        return [read for read in reads if read]

    def _read(self, image, plate):
        apart = np.abs(image.astype(int) - PLATES[plate]).max(axis=2)
        box = cv2.boundingRect((apart < 60).astype(np.uint8))
        if box[2] < 20 or box[3] < 6:
            return None
        sure = 0.5 if plate in self.doubted else self.confidence
        return Read(plate, sure, sure >= 0.9, box, (Candidate(plate, sure),))


def road():
    """A road with something on it to see the light by."""
    image = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
    image[:, 200:440] = 84
    image[:60] = (190, 160, 130)
    return image


def car(image, plate, middle, wide=180, body=(60, 60, 60)):
    """A car, or a part of one, drawn into the picture; `middle` is that of its plate."""
    x, y = middle
    high = wide * 2 // 3
    _fill(image, x - wide // 2, y - high * 3 // 4, wide, high, body)
    _fill(image, x - wide // 3, y - high * 2 // 3, wide * 2 // 3, high // 4, (30, 25, 20))
    if plate:
        _plate(image, plate, x, y, wide)
    return image


def _plate(image, plate, x, y, body):
    across, down = body // 3, body // 12
    _fill(image, x - across // 2, y - down // 2, across, down, PLATES[plate])
    for letter in range(len(plate)):
        left = x - across // 2 + letter * across // len(plate) + 2
        wide, high = 1 + ord(plate[letter]) % 5, down * (2 + ord(plate[letter]) % 2) // 4
        _fill(image, left, y - down // 4, wide, high, (10, 10, 10))


def _fill(image, x, y, wide, high, colour):
    image[max(y, 0) : max(y + high, 0), max(x, 0) : max(x + wide, 0)] = colour


def drive(plate, comes, stands=0.0, **look):
    """What a car is at each second of a film: drives in from above, stands, drives out below."""

    def draw(image, at):
        gone = at - comes
        if gone < 0 or gone > 3 + stands:
            return
        down = min(gone, 1.5) / 3 + max(gone - 1.5 - stands, 0) / 3
        if down < 1:
            car(image, plate, (320, int(20 + 400 * down)), **look)

    return draw


def parked(plate, place=(90, 120), wide=120, until=float("inf")):
    """A car that stands beside the lane."""

    def draw(image, at):
        if at < until:
            car(image, plate, place, wide, body=(120, 90, 60))

    return draw


def clock(image, at):
    """A camera's own date and time."""
    text = f"2026-11-21 12:00:{at:05.2f}"
    cv2.putText(image, text, (330, 24), cv2.FONT_HERSHEY_PLAIN, 1.2, (255, 255, 255), 2)


def film(path, seconds, *things, fps=10, grain=3):
    """Writes a film in which `things` (each draws into a picture at a second) are seen."""
    kind = {".mp4": "mp4v", ".avi": "MJPG"}[path.suffix]
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*kind), fps, SIZE)
    chance = np.random.default_rng(5)
    noise = chance.integers(0, grain + 1, (SIZE[1] + 9, SIZE[0] + 9, 1), np.uint8)
    for number in range(round(seconds * fps)):
        image = road()
        for draw in things:
            draw(image, number / fps)
        x, y = chance.integers(0, 9, 2)
        video.write(cv2.add(image, np.repeat(noise[y : y + SIZE[1], x : x + SIZE[0]], 3, axis=2)))
    video.release()
    return path
