"""How well weights read drawn plates that no training saw: other seeds, other fonts."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

import numpy as np
import onnxruntime

from gates.readers.letters import spellings
from training.batches import Drawn
from training.plates import folded

SEED = 7_000_003  # far from any training's
BATCH = 20
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
READ = 0.5  # a sign that is said with less is not taken for a plate


@dataclass
class Result:
    """`kinds`: plates right and seen by kind; `signs`: crops without a plate, silent and seen.

    `reliability` holds (the probability said, whether it was right) of every plate that was read.
    """

    kinds: dict = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    signs: list = field(default_factory=lambda: [0, 0])
    reliability: list = field(default_factory=list)

    @property
    def seen(self):
        """How many plates were looked at."""
        return sum(seen for _, seen in self.kinds.values())

    @property
    def right(self):
        """The share of plates (0..1) read without a fault, O as 0 and I as 1."""
        return sum(right for right, _ in self.kinds.values()) / max(self.seen, 1)

    @property
    def silent(self):
        """The share of crops without a plate (0..1) in which none was read."""
        silent, seen = self.signs
        return silent / max(seen, 1)

    def table(self):
        """(from, to, how many, mean said, share right) for each bin of what was said."""
        said, right = np.array(self.reliability, float).reshape(-1, 2).T
        rows = []
        for low, high in pairwise(BINS):
            within = (said >= low) & ((said < high) | (high == BINS[-1]))
            if within.any():
                mean, share = said[within].mean(), right[within].mean()
                rows.append((low, high, int(within.sum()), float(mean), float(share)))
        return rows

    def judge(self, steps, text, kind):
        """Count one crop: its probabilities (time x 37), what it says, and its plate's kind."""
        said, probability = (spellings(steps) or [("", 0.0)])[0]
        if not text:
            self._count(self.signs, not said or probability < READ)
            return
        right = folded(said) == text
        self._count(self.kinds[kind], right)
        if said:
            self.reliability.append((probability, right))

    @staticmethod
    def _count(tally, good):
        tally[0] += bool(good)
        tally[1] += 1


def evaluated(letters, plates, seed=SEED, tell=lambda done: None, files=None):
    """Reads drawn plates, in batches of 20, by single crops.

    `letters` takes crops (count x 48 x 192 x 3, BGR uint8) and returns probabilities, count x time x
    37, as `gates.readers.engine.Engine.letters` does. `tell(done)` hears how it goes; `files` are the
    fonts to draw with, those of this system by default.
    """
    result, drawn = Result(), Drawn(BATCH, seed, held_out=True, files=files)
    for number in range(ceil(plates / BATCH)):
        crops, texts, kinds = drawn.with_kinds(number)
        for steps, text, kind in zip(letters(crops), texts, kinds, strict=True):
            result.judge(steps, text, kind)
        tell((number + 1) * BATCH)
    return result


def letters_of(file, threads):
    """What `evaluated` needs, of an exported ONNX file as it is."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(file, options)
    name = session.get_inputs()[0].name

    def letters(crops):
        planes = (crops.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2)
        return session.run(None, {name: planes})[0]

    return letters
