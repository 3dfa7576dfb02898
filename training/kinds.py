"""The kinds of plates that are drawn, and what sets them apart."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.chance import one_of
from training.wording import brazilian, british, line_text, plate_text, words

PLAIN = ("#f4f4ee", "#ffffff", "#e6e6e0", "#f6c81e", "#e9b91a", "#d8d8d0", "#c9ccd2")
PALE = (*PLAIN, "#f2e9c8", "#cfe0f2", "#f8dcc0", "#dfeecf", "#b9bcc4")
DARK = ("#15161a", "#000000", "#1c2f63")
INKS = (*DARK, "#0d3b24", "#7a1420", "#30333c", "#16406f", "#4a2a12")
REVERSED = (("#15161a", "#f0f0ea"), ("#8f1d22", "#f4f4f0"), ("#0d2f6b", "#f2f2f2"), ("#14502d", "#f4f4ee"),
            ("#101216", "#e6c23a"), ("#5b5f68", "#f2f2f2"), ("#1d3a7a", "#f0d060"))  # fmt: skip
REVERSED_SHARE = 0.12  # light letters on a dark face


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`high` and `wide` are heights of a letter, `share`, `bands` and so on shares from 0 to 1."""

    name: str
    share: float  # of all plates drawn
    high: float
    wide: float
    text: Callable = plate_text
    faces: tuple[str, ...] = PLAIN
    inks: tuple[str, ...] = DARK
    bands: float = 0.0  # how many have a coloured field at an end
    emblems: bool = False  # pictures, stickers or stacked words beside the letters
    words: float = 0.0  # how many have words above the letters
    low: float = 0.0  # how far the letters stand below the middle, of the plate's height
    screws: float = 0.1  # how many of the holes have a screw


EU = Kind(name="eu", share=0.26, high=1.44, wide=6.8, bands=0.75, words=0.25)
UK = Kind(name="uk", share=0.08, high=1.4, wide=6.6, text=british, bands=0.3, words=0.4)
US = Kind(name="us", share=0.38, high=2.2, wide=4.35, faces=PALE, inks=INKS, emblems=True, words=0.95,
          low=0.06, screws=0.3)  # fmt: skip
BR = Kind(name="br", share=0.13, high=2.05, wide=6.2, text=brazilian, emblems=True, words=0.9,
          low=0.1, screws=0.3)  # fmt: skip
LINE = Kind(name="line", share=0.08, high=2.6, wide=4.0, text=line_text, words=0.3)
SIGN = Kind(
    name="sign", share=0.07, high=1.8, wide=7.0, text=words, faces=PALE, inks=INKS, words=0.1
)
KINDS = (EU, UK, US, BR, LINE, SIGN)


def any_kind(chance):
    """One of them, each as often as its share says."""
    drawn = chance.random()
    for kind in KINDS:
        drawn -= kind.share
        if drawn < 0:
            return kind
    return KINDS[0]


def any_colours(kind, chance):
    """The colours of a plate's face and of its letters: B, G, R from 0 to 255."""
    if chance.random() < REVERSED_SHARE:
        face, ink = one_of(chance, REVERSED)
    else:
        face, ink = one_of(chance, kind.faces), one_of(chance, kind.inks)
    return bgr(face), bgr(ink)


def bgr(colour):
    """ "#rrggbb" as B, G, R from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (5, 3, 1)], np.float32)
