"""Plate formats: they tell O from 0 and I from 1 by position, and rank what was read.

No format rejects a plate. Which formats there are is said in `formats.toml`.
"""

import re
import string
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from math import fsum, prod
from pathlib import Path

from parking.rules.plates import LONGEST

# What no picture tells apart. A recogniser may write either for both.
SAME_LOOK = str.maketrans("OI", "01")
FITS = 3.0  # a spelling that fits a format is so many times as credible as one that fits none,
FITS_HOME = 6.0  # and one that fits a format of the site's own country
RARE = 0.1  # weight of a format of which few plates are left
LETTERS = string.ascii_uppercase
SETS = {"L": LETTERS, "D": string.digits, "N": string.digits[1:]}
PART = re.compile(r"(?P<what>[A-Z]|\[[A-Z0-9]+\])(?P<least>\d)?(?:-(?P<most>\d))?")


@dataclass(frozen=True)
class Shape:
    """A format at one length: each part takes what a piece looks like to how it is spelled."""

    country: str
    parts: tuple[dict[str, str], ...]
    share: float  # the country's plates of this shape, as a part of all

    @property
    def length(self):
        return sum(_width(part) for part in self.parts)

    @property
    def chance(self):
        """How probable one certain plate of this shape is, before anything is read."""
        return self.share / prod(len(part) for part in self.parts)

    def spelled(self, look):
        """The spelling of a text that looks like `look`, or None where it does not fit."""
        pieces, at = [], 0
        for part in self.parts:
            width = _width(part)
            piece = part.get(look[at : at + width])
            if piece is None:
                return None
            pieces.append(piece)
            at += width
        return "".join(pieces)


@dataclass(frozen=True)
class Fit:
    """One way in which a text is a plate, and how probable just that plate was beforehand."""

    country: str
    spelling: str
    chance: float


@dataclass(frozen=True)
class Plate:
    """What a text is taken for, and how much more credible it is than one that fits no format."""

    spelling: str
    country: str | None = None
    gain: float = 1.0


def respelled(spellings, home=(), *, weigh=True):
    """Spellings as a plate format has them, the best first, and the country they speak for.

    `spellings` are (text, probability); so is what comes back, as a list. The O, 0, I and 1 of each
    are those of the format that it fits; what fits none stays as it was read. With `weigh`, a
    spelling gains by fitting; all together stay as probable as they were. `home` are the countries
    of the site (two letters): their formats go first. The country is None where several fit.
    """
    fitted = [_as_plate(text, tuple(home)) for text, _ in spellings]
    before = [share for _, share in spellings]
    after = [share * (fit.gain if weigh else 1) for share, fit in zip(before, fitted, strict=True)]
    scale = fsum(before) / (fsum(after) or 1)
    together, country = defaultdict(list), {}
    for fit, share in zip(fitted, after, strict=True):
        together[fit.spelling].append(share * scale)
        country[fit.spelling] = fit.country
    ranked = sorted(
        ((spelling, fsum(shares)) for spelling, shares in together.items()),
        key=lambda entry: (-entry[1], entry[0]),
    )
    return ranked, country[ranked[0][0]] if ranked else None


@cache
def countries():
    """The countries whose formats are known, two letters each."""
    return tuple(sorted({shape.country for shape in _shapes()}))


def home_of(said):
    """The countries of a site, as `respelled` takes them. Raises ValueError that names the choices."""
    home = tuple(country.strip().upper() for country in said)
    unknown = [country for country in home if country not in countries()]
    if unknown:
        named = " and ".join(f"'{country}'" for country in unknown)
        raise ValueError(
            f"no plate formats of {named}; there are those of {', '.join(countries())}"
        )
    return home


def _as_plate(text, home):
    fits = _fits(_look(text))
    at_home = [fit for fit in fits if fit.country in home]
    chosen = at_home or fits
    if not chosen:
        return Plate(text)
    spelling = _commonest(chosen, text)
    country = _country({fit.country for fit in chosen if fit.spelling == spelling}, home)
    return Plate(spelling, country, FITS_HOME if at_home else FITS)


def _commonest(fits, text):
    """The likeliest spelling over all formats; of equal ones that nearest to what was read."""
    chances = defaultdict(list)
    for fit in fits:
        chances[fit.spelling].append(fit.chance)
    return min(chances, key=lambda s: (-fsum(chances[s]), _changes(s, text), s))


def _changes(one, other):
    return sum(a != b for a, b in zip(one, other, strict=True))


def _country(fitting, home):
    """The first of the site's own countries among the fitting ones, or the only one."""
    ours = [country for country in home if country in fitting]
    alone = len(fitting) == 1
    return ours[0] if ours else next(iter(fitting)) if alone else None


@lru_cache(maxsize=4096)
def _fits(look):
    """All ways to spell what looks like `look` as a plate."""
    tried = ((shape, shape.spelled(look)) for shape in _by_length().get(len(look), ()))
    return tuple(Fit(shape.country, text, shape.chance) for shape, text in tried if text)


# from the file to shapes


@cache
def _by_length():
    shapes = defaultdict(list)
    for shape in _shapes():
        shapes[shape.length].append(shape)
    return dict(shapes)


@cache
def _shapes():
    """Every shape. A country counts as much as any other, so its formats share its weight."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    weights = defaultdict(float)
    for entry in told["format"]:
        weights[entry["country"]] += _weight(entry)
    return tuple(
        shape
        for entry in told["format"]
        for shape in _shapes_of(
            entry,
            _weight(entry) / weights[entry["country"]],
            told["places"].get(entry["country"], ""),
        )
    )


def _weight(entry):
    return RARE if entry.get("rare") else 1.0


def _shapes_of(entry, share, places):
    sets = SETS | {name: _set(said) for name, said in entry.get("sets", {}).items()}
    every = [
        parts for pattern in entry["patterns"] for parts in _expanded(pattern, sets, places.split())
    ]
    fitting = [parts for parts in every if sum(map(_width, parts)) <= entry.get("longest", LONGEST)]
    return [Shape(entry["country"], parts, share / len(fitting)) for parts in fitting]


def _set(said):
    if said.startswith("not "):
        return "".join(letter for letter in LETTERS if letter not in said[4:])
    return said


def _expanded(pattern, sets, places):
    """A pattern with counts as all the sequences of parts that it stands for."""
    choices = []
    for part in PART.finditer(pattern):
        least = int(part["least"] or 1)
        most = int(part["most"] or least)
        kinds = _kinds(part["what"], sets, places)
        choices.append([(kind,) * n for kind in kinds for n in range(least, most + 1)])
    return [sum(parts, ()) for parts in product(*choices)]


def _kinds(what, sets, places):
    """What may stand there, one mapping for each width: only places have several."""
    pieces = places if what == "P" else what.strip("[]") if "[" in what else sets[what]
    widths = sorted({len(piece) for piece in pieces})
    return [{_look(piece): piece for piece in pieces if len(piece) == width} for width in widths]


def _look(text):
    return text.translate(SAME_LOOK)


def _width(part):
    return len(next(iter(part)))
