"""Two spellings of a plate laid above each other, so that an eye finds where they differ."""

from dataclasses import dataclass
from functools import cache

from parking.rules.plates import folded

# A look-alike (O and 0) is hardly a difference, so it lies above its like; another character costs
# less than leaving both out, and two gaps more than that.
ALIKE, OTHER, GAP = 1, 4, 3


@dataclass(frozen=True)
class Column:
    """One place of both spellings; an empty string where one of them has nothing there."""

    above: str
    below: str

    @property
    def same(self):
        return self.above == self.below

    @property
    def alike(self):
        """Differs by spelling only: a camera cannot tell the one from the other."""
        both = self.above and self.below
        return bool(both) and not self.same and folded(self.above) == folded(self.below)


def aligned(above, below):
    """The columns of two spellings (canonical; either may be empty), fewest differences first."""

    @cache
    def best(i, j):
        """Cost and columns of what is left from `above[i]` and `below[j]` on."""
        if i == len(above) and j == len(below):
            return 0, ()
        ways = []
        if i < len(above) and j < len(below):
            ways.append(_on(_cost(above[i], below[j]), (above[i], below[j]), best(i + 1, j + 1)))
        if i < len(above):
            ways.append(_on(GAP, (above[i], ""), best(i + 1, j)))
        if j < len(below):
            ways.append(_on(GAP, ("", below[j]), best(i, j + 1)))
        return min(ways, key=lambda way: way[0])

    return tuple(Column(*pair) for pair in best(0, 0)[1])


def _on(cost, pair, rest):
    return cost + rest[0], (pair, *rest[1])


def _cost(one, other):
    if one == other:
        return 0
    return ALIKE if folded(one) == folded(other) else OTHER


def in_words(columns):
    """What differs, as a sentence for who cannot see the marks; places count from one."""
    told = [
        f"{_name(column.above)} above and {_name(column.below)} below at place {place}"
        for place, column in enumerate(columns, start=1)
        if not column.same
    ]
    return f"Differs: {'; '.join(told)}." if told else "All characters are the same."


def _name(character):
    return character or "nothing"
