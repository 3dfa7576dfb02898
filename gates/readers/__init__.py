"""Readers: what number plates a picture shows.

A reader driver is a class in a file of this folder, named in `gates/drivers.py`. Its constructor's
keyword arguments are the options of the `[reader]` table of a lane file.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gates.readers.quality import Quality


@dataclass(frozen=True)
class Candidate:
    """One spelling that a plate could have, and how probable that is (0..1)."""

    plate: str
    probability: float


@dataclass(frozen=True)
class Read:
    """What a reader says of one plate in one frame.

    `plate` is canonical (`parking.rules.plates`); `confidence` is 0..1, or None where the engine
    gives none; `accepted` says whether a lane may act on it without a person; `box` is x, y, width,
    height in pixels of the frame; `candidates` holds at most ten, best first; `alternatives` holds,
    for each character of `plate`, the characters that could stand there, at most five, best first;
    `country` is a guess (two letters) or None; `quality` is None where nobody measured it.
    """

    plate: str
    confidence: float | None
    accepted: bool
    box: tuple[int, int, int, int]
    candidates: tuple[Candidate, ...] = ()
    country: str | None = None
    alternatives: tuple[tuple[Candidate, ...], ...] = ()
    quality: Quality | None = None


class Reader(Protocol):
    """A reader may also have `rest()`: called again and again while the lane is empty."""

    engine: str  # its name and version, kept with the passage

    def read(self, image: np.ndarray) -> list[Read]:
        """All plates in a BGR uint8 picture, the best (main vehicle) first; empty when none."""

    def close(self) -> None: ...
