"""What other prices would have made of the same stays: counted stay by stay, told at the end."""

from dataclasses import dataclass, field

ROUND = (1, 2, 5)
BARS = 4  # on either side of "the same"


@dataclass(frozen=True)
class Compared:
    """One stay under both prices (smallest unit): its times are ISO texts, and it has no plate."""

    entered: str
    left: str
    then: int
    now: int

    @property
    def difference(self):
        return self.now - self.then


@dataclass(frozen=True)
class Tally:
    """So many stays counted. `differences`: by how much dearer (or, negative, cheaper) -> how many."""

    stays: int = 0
    then: int = 0
    now: int = 0
    differences: dict = field(default_factory=dict)
    dearest: Compared | None = None  # that of all whose price rises the most
    cheapest: Compared | None = None

    @property
    def more(self):
        return sum(count for difference, count in self.differences.items() if difference > 0)

    @property
    def less(self):
        return sum(count for difference, count in self.differences.items() if difference < 0)

    @property
    def same(self):
        return self.differences.get(0, 0)


@dataclass(frozen=True)
class Bar:
    """So many stays whose price changes by `low` to `high` (both included, smallest unit)."""

    low: int
    high: int
    count: int


def counted(tally, compared):
    """The tally with these stays (`Compared`) added."""
    differences, stays, then, now = dict(tally.differences), tally.stays, tally.then, tally.now
    dearest, cheapest = tally.dearest, tally.cheapest
    for one in compared:
        gap = one.difference
        differences[gap] = differences.get(gap, 0) + 1
        stays, then, now = stays + 1, then + one.then, now + one.now
        if gap > (dearest.difference if dearest else 0):
            dearest = one
        if gap < (cheapest.difference if cheapest else 0):
            cheapest = one
    return Tally(stays, then, now, differences, dearest, cheapest)


def kept(tally):
    """As plain values that JSON can keep."""
    return {
        "stays": tally.stays,
        "then": tally.then,
        "now": tally.now,
        "differences": {str(gap): count for gap, count in tally.differences.items()},
        "dearest": vars(tally.dearest) if tally.dearest else None,
        "cheapest": vars(tally.cheapest) if tally.cheapest else None,
    }


def recalled(facts):
    """The tally that `kept` these facts; an empty one for none."""
    if not facts:
        return Tally()
    return Tally(
        stays=facts["stays"],
        then=facts["then"],
        now=facts["now"],
        differences={int(gap): count for gap, count in facts["differences"].items()},
        dearest=Compared(**facts["dearest"]) if facts["dearest"] else None,
        cheapest=Compared(**facts["cheapest"]) if facts["cheapest"] else None,
    )


def bars(tally):
    """The differences in a few bars of the same round width, from cheaper to dearer; "the same" apart.

    Only bars between the outermost two that are not empty are given.
    """
    if not tally.differences:
        return []
    width = _width(max(map(abs, tally.differences)))
    counts = {}
    for gap, count in tally.differences.items():
        place = 0 if gap == 0 else (-1 if gap < 0 else 1) * -(-abs(gap) // width)
        counts[place] = counts.get(place, 0) + count
    return [
        _bar(place, width, counts.get(place, 0)) for place in range(min(counts), max(counts) + 1)
    ]


def _bar(place, width, count):
    if place == 0:
        return Bar(0, 0, count)
    if place > 0:
        return Bar((place - 1) * width + 1, place * width, count)
    return Bar(place * width, (place + 1) * width - 1, count)


def _width(farthest):
    """The smallest round width of which `BARS` reach as far."""
    size = 1
    while True:
        for digit in ROUND:
            if digit * size * BARS >= farthest:
                return digit * size
        size *= 10
