"""A price against length of stay, as a drawing: what an SVG needs, in its own units."""

from bisect import bisect_left
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 14, 26
HOUR = 60
DAY = 24 * HOUR

# How far apart the marks under a drawing of so many minutes are, and in which unit they are written.
MARKS = (
    (2 * HOUR, 15, "min"),
    (6 * HOUR, HOUR, "h"),
    (DAY, 4 * HOUR, "h"),
    (3 * DAY, DAY // 2, "h"),
)
ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """A line of the grid: where it is, and what it is called."""

    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A step line in a box of `width` by `height`; the last price and each jump may be written at it."""

    path: str
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    last_x: float
    last_y: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def steps(prices):
    """(minutes, amount) where the price changes, of `prices` in order of minutes; the first one always."""
    changes, before = [], None
    for minutes, amount in prices:
        if amount != before:
            changes.append((minutes, amount))
        before = amount
    return changes


def step_chart(prices, longest, written):
    """The `Chart` of (minutes, amount), in order, up to `longest` minutes; `written` says an amount."""
    changes = steps(prices)
    lowest = min(0, *(amount for _, amount in changes)) if changes else 0
    highest = max([1, *(amount for _, amount in changes)])
    grid = _grid(lowest, highest)
    lowest, highest = grid[0], grid[-1]

    def x(minutes):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * minutes / longest, 1)

    def y(amount):
        share = (amount - lowest) / (highest - lowest)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    parts = [f"M{x(0)} {y(changes[0][1])}"] if changes else []
    for minutes, amount in changes[1:]:
        parts.append(f"H{x(minutes)}V{y(amount)}")
    parts.append(f"H{x(longest)}")
    return Chart(
        path="".join(parts),
        across=tuple(Mark(x(minutes), label) for minutes, label in _marks(longest)),
        up=tuple(Mark(y(amount), written(amount)) for amount in grid),
        last_x=x(longest),
        last_y=y(changes[-1][1]) if changes else y(0),
    )


def _marks(longest):
    limits = [limit for limit, _, _ in MARKS]
    place = min(bisect_left(limits, longest), len(MARKS) - 1)
    _, apart, unit = MARKS[place]
    for minutes in range(0, longest + 1, apart):
        yield minutes, f"{minutes} min" if unit == "min" else f"{minutes // HOUR} h"


def _grid(lowest, highest):
    """Round amounts from at most `lowest` to at least `highest`, four or five of them."""
    size = 1
    while True:
        for digit in ROUND:
            apart = digit * size
            if (highest - lowest) <= 4 * apart:
                first = lowest // apart * apart
                count = -(-(highest - first) // apart)
                return [first + apart * number for number in range(count + 1)]
        size *= 10
