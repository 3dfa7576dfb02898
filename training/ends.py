"""What stands at a plate's ends: a country's coloured field, an emblem, a sticker."""

import string

from training.chance import one_of
from training.kinds import bgr
from training.marks import SMALL, picture, stars, sticker, write
from training.strokes import TALL
from training.wording import BANDS

FIELDS = ("#0b3f9e", "#0b3f9e", "#123a8c", "#1d6b3a", "#e8e8e8")
SMALL_MARKS = SMALL + string.digits
LEFT, RIGHT = 0, 1


def draw_ends(blank):
    """Draws them; returns the pixels taken at the left and the right end."""
    if blank.kind.emblems:
        return [_emblem(blank, side) for side in (LEFT, RIGHT)]
    if not blank.kind.bands or blank.chance.random() < 1 - blank.kind.bands:
        return [0, 0]
    return _bands(blank)


def _bands(blank):
    chance = blank.chance
    sides = (LEFT,) if chance.random() < 0.75 else (LEFT, RIGHT)
    wide = round(TALL * chance.uniform(0.42, 0.62))
    colour = bgr(one_of(chance, FIELDS))
    for side in sides:
        _band(blank, blank.left if side == LEFT else blank.right - wide, wide, colour)
    return [wide if side in sides else 0 for side in (LEFT, RIGHT)]


def _band(blank, x, wide, colour):
    blank.pixels[blank.top : blank.bottom, x : x + wide] = colour
    middle = x + wide / 2
    if blank.chance.random() < 0.8:
        stars(blank, middle, blank.top + blank.high * 0.32, wide * 0.3)
    country, y = one_of(blank.chance, BANDS), blank.top + blank.high * 0.76
    write(blank, country, middle, y, wide * 0.8, TALL * 0.26, bgr("#f4f4f4"))


def _emblem(blank, side):
    """A picture, a sticker or a stacked word; returns the pixels taken."""
    chance = blank.chance
    if chance.random() > 0.2:
        return 0
    wide = round(TALL * chance.uniform(0.4, 0.95))
    x = blank.left + (wide / 2 if side == LEFT else blank.wide - wide / 2)
    y = blank.top + blank.high * chance.uniform(0.4, 0.65)
    what = chance.random()
    if what < 0.6:
        picture(blank, x, y, wide * chance.uniform(0.35, 0.55))
    elif what < 0.8:
        sticker(blank, x, y)
    elif what < 0.88:
        _small_pair(blank, x, y, wide)
    else:
        _stacked_word(blank, x, y)
    return wide


def _small_pair(blank, x, y, wide):
    """Two small characters that do not belong to the number."""
    chance = blank.chance
    pair = "".join(chance.choice(list(SMALL_MARKS), 2))
    write(blank, pair, x, y, wide * 0.9, TALL * chance.uniform(0.35, 0.55), blank.ink)


def _stacked_word(blank, x, y):
    for line in (-0.35, 0, 0.35):
        letter = one_of(blank.chance, SMALL)
        write(blank, letter, x, y + line * TALL, TALL * 0.3, TALL * 0.32, blank.ink)
