"""Reads number plates with PaddleOCR's engine, in steps made for plates and not for pages."""

import os

import numpy as np

from gates.readers import Candidate, Read
from gates.readers.areas import areas, joined
from gates.readers.choice import Text, likeness, placed_like
from gates.readers.crops import FIRST, MORE, crop
from gates.readers.engine import Engine
from gates.readers.letters import pooled, spellings
from parking.rules.plates import folded

COARSE, FINE = 480, 960  # longer side of the frame for the first and the second look, pixels
SURE = 0.9  # one crop this probable needs no others beside it
GOOD = 0.6  # worth from which no finer look is taken
ACCEPTED_AT = 0.9
BATCH = 4  # areas read in a look, the likeliest first
VOTED = 2  # of these the doubtful ones are read again in other crops
KEPT = 0.02  # texts of less worth are not plates at all
MOST_CANDIDATES = 10


class Paddle:
    """`threads`: cores one reading may use. `models`: folder for the prepared weights."""

    def __init__(self, threads: int = 1, models: str = ""):
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
        self._engine = Engine(threads, models or None)
        self.engine = self._engine.version

    def read(self, image):
        """All plates in a BGR uint8 picture, the best first; empty when there are none."""
        texts = []
        for side in (COARSE, FINE):
            texts = self._look(image, side) or texts
            if texts and texts[0].worth >= GOOD:
                break
        return [_read(text) for text in texts]

    def close(self):
        self._engine.close()

    def _look(self, image, side):
        height, width = image.shape[:2]
        found = areas(*self._engine.text_map(image, side))
        found += joined(found)
        found.sort(key=lambda area: -placed_like(area, width, height))
        texts = self._texts(image, found[:BATCH])
        for text in texts[:VOTED]:
            if text.probability < SURE:
                texts[texts.index(text)] = self._voted(image, text)
        return _ranked(texts)

    def _texts(self, image, found):
        if not found:
            return []
        seen = self._engine.letters(np.stack([crop(image, area, FIRST) for area in found]))
        return _ranked(
            _text(image, area, [spellings(steps)]) for area, steps in zip(found, seen, strict=True)
        )

    def _voted(self, image, text):
        crops = np.stack([crop(image, text.area, cut) for cut in MORE])
        lists = [spellings(steps) for steps in self._engine.letters(crops)]
        return _text(image, text.area, [list(text.spellings), *lists])


def _text(image, area, lists):
    height, width = image.shape[:2]
    spelled = tuple(_told_apart(pooled(lists)))
    return Text(area, spelled, likeness(spelled[0][0] if spelled else "", area, width, height))


def _told_apart(spelled):
    """One spelling for all that a camera cannot tell apart: O and 0 share their probability."""
    groups = {}
    for text, probability in spelled:
        first, so_far = groups.get(folded(text), (text, 0.0))
        groups[folded(text)] = (first, so_far + probability)
    return sorted(groups.values(), key=lambda entry: -entry[1])


def _ranked(texts):
    return sorted((t for t in texts if t.worth > KEPT), key=lambda text: -text.worth)


def _read(text):
    candidates = [Candidate(p, q) for p, q in text.spellings if 1 <= len(p) <= 12]
    confidence = text.probability
    return Read(
        plate=text.plate,
        confidence=confidence,
        accepted=confidence >= ACCEPTED_AT and text.likeness > 0.3,
        box=text.area.box,
        candidates=tuple(candidates[:MOST_CANDIDATES]),
    )
