"""Reads number plates with PaddleOCR's engine, in steps made for plates and not for pages."""

import os
from itertools import islice

import numpy as np

from gates.readers import Candidate, Read
from gates.readers.areas import areas_and_faint, around, joined
from gates.readers.choice import Text, alone, placed_like, spelled_like, whole
from gates.readers.closer import areas_close_to
from gates.readers.crops import FIRST, MORE, WIDE, crop
from gates.readers.engine import Engine
from gates.readers.frames import bgr
from gates.readers.hints import hints
from gates.readers.letters import alternatives, pooled, spellings
from gates.readers.main_vehicle import near
from gates.readers.quality import measured
from gates.readers.two_lines import placed_like_two, side_by_side, stacked
from gates.readers.weights import OURS
from gates.rules.votes import ACCEPTED_AT
from parking.rules.plates import LONGEST, folded

COARSE, FINE = 480, 960  # longer side of the frame for the first and the second look, pixels
LOW = 14  # map pixels; the ends of lower lines get lost, so these are looked at closer
SURE = 0.95  # a text this probable needs no second opinion
FULL = (1.0, 1.0)  # scale of a closer look: about that of the picture
GOOD = 0.4  # worth from which no finer look is taken
CLEAR = 0.6  # worth from which a text is a plate: of several such the nearest goes first
CLOSER = 1  # areas of a closer look that are confirmed
BATCH = 3  # areas read at once, the likeliest first,
MOST_AREAS = 9  # until one of them could be a plate:
PLAUSIBLE = 0.4  # of this worth
DOUBTED = 2  # of these, so many get a second opinion
KEPT = 0.02  # texts of less worth are not plates at all
MOST_CANDIDATES = 10


class Paddle:
    """`threads`: cores one reading may use. `models`: folder for the prepared weights.

    `letters`: whose recogniser reads, "plates" (our own weights) or "general" (PaddleOCR's).
    """

    def __init__(self, threads: int = 1, models: str = "", letters: str = OURS):
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
        self._engine = Engine(threads, models or None, letters)
        self.engine = self._engine.version

    def read(self, image):
        """All plates in a BGR uint8 picture (grey is taken, too), the best first; empty when none.

        Raises ValueError for what is no picture.
        """
        image, texts = bgr(image), []
        for more in self._looks(image):
            texts = alone(_ranked([*texts, *more]))
            if texts and texts[0].worth >= GOOD:
                break
        return [_read(image, text) for text in _nearest_first(texts, image.shape[0])]

    def close(self):
        self._engine.close()

    def _looks(self, image):
        """The texts of one look after the other: a small frame, its faintest spots, a larger frame."""
        text_map, scale = self._engine.text_map(image, COARSE)
        found = areas_and_faint(text_map, scale)
        yield self._settled(image, found, scale)
        for hint in hints(text_map, scale, found):
            close = areas_close_to(hint, image, self._engine.text_map)
            yield self._settled(image, close, FULL) if close else []
        text_map, scale = self._engine.text_map(image, FINE)
        yield self._settled(image, areas_and_faint(text_map, scale), scale)

    def _settled(self, image, found, scale):
        """The texts of the areas of one look, the best first, the doubtful ones confirmed.

        `scale` (across, down) is that of the map in which they were found.
        """
        texts = self._texts(image, found)
        for place, text in enumerate(texts[:DOUBTED]):
            if text.worth < KEPT:
                break
            text = self._confirmed(image, text)
            if text.probability < SURE or text.area.height * scale[1] < LOW:
                text = self._reconsidered(image, text)
            texts[place] = text
            if text.worth >= GOOD:
                break
        texts += self._two_lines(image, found)
        return [text for text in texts if text.worth > KEPT]

    def _confirmed(self, image, text):
        """The text with a second, wider crop voting: an area cut short shows the rest there."""
        (wide,) = self._read_areas(image, [text.area], (WIDE,))
        return whole([_pooled(image, text, wide), wide])

    def _reconsidered(self, image, text):
        """The better of the text and of what a closer look at its surroundings says."""
        closer = areas_close_to(text.area, image, self._engine.text_map)
        texts = [self._confirmed(image, each) for each in self._texts(image, closer)[:CLOSER]]
        best = whole(_ranked([text, *texts]))
        if best.probability >= SURE:
            return best
        (again,) = self._read_areas(image, [best.area], MORE)
        return _pooled(image, best, again, (2, len(MORE)))

    def _texts(self, image, found):
        """Texts of the likeliest areas and of those joined, the best first."""
        height, width = image.shape[:2]
        order = sorted([*found, *joined(found)], key=lambda area: -placed_like(area, width, height))
        texts = []
        for some in batched(order[:MOST_AREAS], BATCH):
            texts = _ranked([*texts, *self._read_areas(image, some, (FIRST,))])
            if texts[0].worth >= PLAUSIBLE:
                break
        return texts

    def _two_lines(self, image, found):
        """The texts of two-line plates among the areas."""
        pairs = stacked(found)[:BATCH]
        if not pairs:
            return []
        crops = np.stack([side_by_side(image, *pair) for pair in pairs])
        height, width = image.shape[:2]
        return [
            _text(around(*pair), [spellings(steps)], steps, placed_like_two(*pair, width, height))
            for pair, steps in zip(pairs, self._engine.letters(crops), strict=True)
        ]

    def _read_areas(self, image, found, cuts):
        """One text for each area, its cuts voting."""
        height, width = image.shape[:2]
        crops = np.stack([crop(image, area, cut) for area in found for cut in cuts])
        seen = batched(self._engine.letters(crops), len(cuts))
        return [
            _text(area, [*map(spellings, views)], views[0], placed_like(area, width, height))
            for area, views in zip(found, seen, strict=True)
        ]


def batched(many, size):
    """Lists of at most `size`, in order."""
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some


def _text(area, lists, steps, placed):
    """What an area says by several lists of spellings; `placed`, 0..1, is how like a plate it lies."""
    spelled = tuple(_told_apart(pooled(lists)))
    like = spelled_like(spelled[0][0] if spelled else "") * placed
    return Text(area, spelled, like, steps)


def _pooled(image, text, other, votes=(1, 1)):
    """What two texts of one area say together; each has as many votes as it had crops."""
    height, width = image.shape[:2]
    lists = [text.spellings] * votes[0] + [other.spellings] * votes[1]
    return _text(text.area, lists, text.steps, placed_like(text.area, width, height))


def _told_apart(spelled):
    """One spelling for all that a camera cannot tell apart: O and 0 share their probability."""
    groups = {}
    for text, probability in spelled:
        first, so_far = groups.get(folded(text), (text, 0.0))
        groups[folded(text)] = (first, so_far + probability)
    return sorted(groups.values(), key=lambda entry: -entry[1])


def _ranked(texts):
    return sorted(texts, key=lambda text: -text.worth)


def _nearest_first(texts, height):
    """Of several clear ones the nearest vehicle's goes first: large, and low in the picture."""
    clear = [text for text in texts if text.worth >= CLEAR]
    clear.sort(key=lambda text: -near(text.area.height, text.area.y, height))
    return clear + [text for text in texts if text.worth < CLEAR]


def _read(image, text):
    candidates = [
        Candidate(p, q * text.credit) for p, q in text.spellings if 1 <= len(p) <= LONGEST
    ]
    confidence = text.probability * text.credit
    return Read(
        plate=text.plate,
        confidence=confidence,
        accepted=confidence >= ACCEPTED_AT,
        box=text.area.box,
        candidates=tuple(candidates[:MOST_CANDIDATES]),
        alternatives=_alternatives(text),
        quality=measured(image, text.area),
    )


def _alternatives(text):
    seen = alternatives(text.steps, text.plate)
    return tuple(tuple(Candidate(*each) for each in place) for place in seen)
