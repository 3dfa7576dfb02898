"""What stands around a plate's letters: words, screws, tabs, the lip of a frame."""

import numpy as np

from training.chance import one_of
from training.kinds import US
from training.marks import SMALL, disc, sticker, write
from training.strokes import TALL
from training.wording import DEALERS, SLOGANS, STATES

# Shares of a plate's width and height.
HOLES = ((0.13, 0.12), (0.87, 0.12), (0.13, 0.88), (0.87, 0.88), (0.03, 0.5), (0.97, 0.5))
TABS = ((0.08, 0.14), (0.92, 0.14), (0.08, 0.86), (0.92, 0.86))
SMALLEST = 6  # pixels; lower words would be lost
OVERHANG = 8  # pixels that a frame stands over the ends of the plate


def draw_words(blank, line):
    """Words above and below the line of letters (its box in pixels), and beyond the plate."""
    chance, (_, upper, _, lower) = blank.chance, line
    x = blank.left + blank.wide / 2 + chance.normal(0, 0.08) * blank.wide
    if chance.random() < blank.kind.words:
        stock = SLOGANS if chance.random() < 0.2 else STATES
        _word(
            blank,
            stock,
            x,
            (blank.top + upper) / 2,
            (upper - blank.top) * chance.uniform(0.55, 0.95),
        )
    if chance.random() < blank.kind.words * 0.7:
        stock = one_of(chance, (SLOGANS, DEALERS, STATES))
        room = blank.bottom - lower
        _word(blank, stock, x, (blank.bottom + lower) / 2, room * chance.uniform(0.5, 0.9))
    if chance.random() < 0.25:  # a frame's or a bumper's lettering
        y = blank.bottom + TALL * chance.uniform(0.15, 0.5)
        _word(blank, DEALERS, x, y, TALL * chance.uniform(0.15, 0.4))
    if blank.kind is US and chance.random() < 0.12:
        _stacked_letters(blank, line)


def draw_fittings(blank, line):
    """Screws, stickers, month and year tabs, a strip of frame over the edge."""
    _screws(blank)
    if blank.kind is not US:
        return
    for spot in TABS:
        if blank.chance.random() < 0.25:
            sticker(blank, *blank.at(*spot))
    if blank.chance.random() < 0.25:
        _lip(blank, line)


def _word(blank, stock, x, y, tall):
    if tall < SMALLEST:
        return
    chance = blank.chance
    text = one_of(chance, stock).replace("~", " ")
    printed = chance.random() < 0.6
    colour = blank.ink if printed else chance.uniform(0, 200, 3).astype(np.float32)
    write(blank, text, x, y, blank.wide * chance.uniform(0.4, 0.85), tall, colour)


def _stacked_letters(blank, line):
    """Two small letters, one above the other, at an end of the line."""
    chance, (left, top, right, _) = blank.chance, line
    x = left - TALL * 0.22 if chance.random() < 0.5 else right + TALL * 0.22
    for y in (0.28, 0.74):
        letter, tall = one_of(chance, SMALL), TALL * chance.uniform(0.28, 0.4)
        write(blank, letter, x, top + TALL * y, TALL * 0.3, tall, blank.ink)


def _screws(blank):
    chance = blank.chance
    for hole in HOLES:
        if chance.random() < blank.kind.screws:
            grey = chance.uniform(20, 240)
            disc(blank, *blank.at(*hole), TALL * chance.uniform(0.04, 0.11), (grey, grey, grey))


def _lip(blank, line):
    """A frame's lip covers the plate's lower and upper edge, sometimes near the letters."""
    chance, (_, upper, _, lower) = blank.chance, line
    colour = chance.uniform(5, 200)
    columns = slice(blank.left - OVERHANG, blank.right + OVERHANG)
    start = lower + (blank.bottom - lower) * chance.uniform(0.25, 0.9)
    blank.pixels[round(start) : blank.bottom + 10, columns] = colour
    if chance.random() < 0.6:
        end = upper - (upper - blank.top) * chance.uniform(0.25, 0.9)
        blank.pixels[blank.top - 10 : round(end), columns] = colour
