"""A plate's own line: its letters, and what stands in the gaps between their groups."""

import string
from dataclasses import dataclass

import numpy as np

from training.blank import MARGIN
from training.chance import any_colour, clouds
from training.kinds import SIGN
from training.marks import SMALL, bar, covered, disc, picture, write
from training.strokes import TALL

NOTHING, DASH, DOT, SEALS, PICTURE, PAIR = "nothing", "dash", "dot", "seals", "picture", "pair"
GAPS = {NOTHING: 0.36, DASH: 0.2, DOT: 0.07, SEALS: 0.13, PICTURE: 0.18, PAIR: 0.06}
FLAKE = 7  # pixels across
SIGN_GAPS = dict.fromkeys(GAPS, 0) | {NOTHING: 1}


@dataclass(frozen=True)
class Part:
    """A letter (`mask`), a gap with something in it (`joint`) or bare air, `width` pixels wide."""

    width: float
    mask: np.ndarray | None = None
    joint: str = NOTHING


def set_line(blank, text, left, right):
    """Sets the text between what is taken `left` and `right`; returns the line's box in pixels."""
    chance = blank.chance
    parts = _parts(blank, text)
    natural = sum(part.width for part in parts)
    room = blank.wide - left - right - TALL * chance.uniform(0.1, 0.5)
    squeeze = min(blank.spread, room / natural)
    tall = TALL if blank.kind is not SIGN else round(TALL * chance.uniform(0.6, 1.1))
    start = MARGIN + left + (blank.wide - left - right - natural * squeeze) / 2
    start += chance.normal(0, 0.06) * TALL
    top = _top(blank, tall)
    end = _struck(blank, parts, start, top, squeeze, tall)
    return (start, top, end, top + tall)


def _top(blank, tall):
    low = blank.kind.low * blank.high
    return MARGIN + (blank.high - tall) / 2 + low * blank.chance.uniform(0.3, 1.4)


def _struck(blank, parts, x, top, squeeze, tall):
    """Draws part after part from `x` on; returns where the last one ends."""
    chance = blank.chance
    worn = chance.uniform(0.4, 1.4) if chance.random() < 0.12 else 0
    pressed = chance.uniform(0.1, 0.45) if chance.random() < 0.5 else 0
    for part in parts:
        width = part.width * squeeze
        if part.mask is not None:
            _letter(blank, part.mask, x, top, (width, tall), worn, pressed)
        elif part.joint != NOTHING:
            JOINTS[part.joint](blank, x + width / 2, top, tall)
        x += width
    return x


# what a line is made of


def _parts(blank, text):
    letters = blank.lettering.any(blank.chance)
    space = TALL * blank.chance.uniform(0.06, 0.26)
    parts = []
    for place, character in enumerate(text):
        if place and "-" not in (character, text[place - 1]):
            parts.append(Part(space))
        if character == " " or (character == "-" and blank.kind is not SIGN):
            parts.append(_gap(blank, space))
        elif (mask := _mask(letters, character)) is not None:
            parts.append(Part(max(mask.shape[1], 6), mask))
    return parts or [Part(TALL)]


def _mask(letters, character):
    try:
        return letters.mask(character.upper())
    except KeyError:
        return None  # a die has no marks


def _gap(blank, space):
    chance = blank.chance
    shares = SIGN_GAPS if blank.kind is SIGN else GAPS
    joint = chance.choice(list(shares), p=list(shares.values()))
    air, image = chance.uniform(0.05, 0.5), chance.uniform(0.35, 0.85)
    wide = {
        NOTHING: space + TALL * air,
        DASH: 0.34 * TALL,
        DOT: 0.28 * TALL,
        SEALS: 0.62 * TALL,
        PICTURE: TALL * image,
        PAIR: 0.42 * TALL,
    }
    return Part(wide[joint] + 0.3 * space, joint=joint)


def _letter(blank, mask, x, top, size, worn, pressed):
    """Inks one letter. Paint has flaked off a `worn` one; a `pressed` one has a bright and a dark flank."""
    size = (max(2, round(size[0])), round(size[1]))
    area, cover = covered(blank.pixels, mask, round(x), round(top), size)
    if cover.size == 0:
        return
    if worn:
        flakes = clouds(blank.chance, cover.shape[:2], FLAKE)[..., None]
        cover = cover * np.clip(1.6 - worn * (flakes + 1), 0.12, 1)
    if pressed:
        shadow = np.roll(cover, (2, 2), (0, 1))
        area *= 1 - pressed * shadow * (1 - cover)
        light = np.roll(cover, (-2, -2), (0, 1)) * (1 - cover)
        area += (255 - area) * pressed * light
    area[:] = area * (1 - cover) + blank.ink * cover


# what stands between groups; none of it is a letter of the plate


def _dash(blank, x, top, tall):
    chance = blank.chance
    half = tall * chance.uniform(0.06, 0.14)
    thick = max(2, int(tall * chance.uniform(0.05, 0.13)))
    bar(blank, x, top + tall / 2, half, thick / 2, blank.ink)


def _dot(blank, x, top, tall):
    chance = blank.chance
    y = top + tall / 2 + tall * chance.choice([0, 0, 0.4])
    disc(blank, x, y, tall * chance.uniform(0.05, 0.1), blank.ink)


def _seals(blank, x, top, tall):
    """Two seals, one above the other, or one of them alone."""
    which = blank.chance.random()
    if which <= 0.85:
        _seal(blank, x, top + tall * 0.26, tall)
    if which >= 0.15:
        _seal(blank, x, top + tall * 0.74, tall)


def _seal(blank, x, y, tall):
    chance = blank.chance
    radius = int(tall * chance.uniform(0.13, 0.22))
    colour = any_colour(chance, 90, 240, grey=0.6)
    disc(blank, x, y, radius, colour)
    inner = colour * chance.uniform(0.5, 1.2)
    disc(blank, x, y, radius // 2, inner, thick=int(chance.integers(1, 4)))


def _picture(blank, x, top, tall):
    picture(blank, x, top + tall / 2, tall * blank.chance.uniform(0.18, 0.42))


def _pair(blank, x, top, tall):
    """Two small characters, one above the other."""
    pair = blank.chance.choice(list(SMALL + string.digits), 2)
    for y, character in zip((0.28, 0.76), pair, strict=True):
        write(blank, str(character), x, top + tall * y, tall * 0.3, tall * 0.36, blank.ink)


JOINTS = {DASH: _dash, DOT: _dot, SEALS: _seals, PICTURE: _picture, PAIR: _pair}
