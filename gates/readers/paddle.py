"""Reads number plates with PaddleOCR's engine, in steps made for plates and not for pages."""

import os

import numpy as np

from gates.readers import Candidate, Read
from gates.readers.areas import areas, joined
from gates.readers.choice import Text, alone, likeness, placed_like, whole
from gates.readers.closer import areas_close_to
from gates.readers.crops import FIRST, MORE, crop
from gates.readers.engine import Engine
from gates.readers.frames import bgr
from gates.readers.letters import pooled, spellings
from gates.readers.two_lines import two_lines
from gates.rules.votes import ACCEPTED_AT
from parking.rules.plates import folded

COARSE, FINE = 480, 960  # longer side of the frame for the first and the second look, pixels
LOW = 14  # map pixels; the ends of lower lines get lost, so these are looked at closer
SURE = 0.95  # a text this probable needs no second opinion
GOOD = 0.6  # worth from which no finer look is taken
BATCH = 4  # areas read in a look, the likeliest first
DOUBTED = 2  # of these, so many get a second opinion
KEPT = 0.02  # texts of less worth are not plates at all
MOST_CANDIDATES = 10


class Paddle:
    """`threads`: cores one reading may use. `models`: folder for the prepared weights."""

    def __init__(self, threads: int = 1, models: str = ""):
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
        self._engine = Engine(threads, models or None)
        self.engine = self._engine.version

    def read(self, image):
        """All plates in a BGR uint8 picture (grey is taken, too), the best first; empty when none.

        Raises ValueError for what is no picture.
        """
        image, texts = bgr(image), []
        for side in (COARSE, FINE):
            texts = self._look(image, side) or texts
            if texts and texts[0].worth >= GOOD:
                break
        return [_read(text) for text in texts]

    def close(self):
        self._engine.close()

    def _look(self, image, side):
        scale = side / max(image.shape[:2])
        texts = self._texts(image, areas(*self._engine.text_map(image, side)), (FIRST,))
        for place, text in enumerate(texts[:DOUBTED]):
            if text.probability < SURE or text.area.height * scale < LOW:
                texts[place] = self._reconsidered(image, text)
            if texts[place].worth >= GOOD:
                break
        texts += two_lines(texts, *image.shape[1::-1])
        return alone(_ranked(text for text in texts if text.worth > KEPT))

    def _reconsidered(self, image, text):
        """The better of the text and of what a closer look at its surroundings says."""
        closer = areas_close_to(text.area, image, self._engine.text_map)
        texts = _ranked([text, *self._texts(image, closer, (FIRST, *MORE[:1]))])
        best = whole(texts)
        if best.probability >= SURE:
            return best
        return self._read_area(image, best.area, (FIRST, *MORE))

    def _texts(self, image, found, cuts):
        """Texts of the likeliest areas and of those joined, the best first."""
        height, width = image.shape[:2]
        found = sorted(
            [*found, *joined(found)], key=lambda area: -placed_like(area, width, height)
        )[:BATCH]
        if not found:
            return []
        crops = np.stack([crop(image, area, cut) for area in found for cut in cuts])
        lists = [spellings(steps) for steps in self._engine.letters(crops)]
        shares = [lists[i : i + len(cuts)] for i in range(0, len(lists), len(cuts))]
        return _ranked(_text(image, *pair) for pair in zip(found, shares, strict=True))

    def _read_area(self, image, area, cuts):
        crops = np.stack([crop(image, area, cut) for cut in cuts])
        return _text(image, area, [spellings(steps) for steps in self._engine.letters(crops)])


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
    return sorted(texts, key=lambda text: -text.worth)


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
