"""The pairing of two sides with the most gain in all: plain Python, exact, for sparse graphs.

Shortest augmenting paths with potentials (Jonker and Volgenant's way): each on the left gets its place in
turn, and may push others to their next best. Who gains nothing by a partner stays alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count


@dataclass(frozen=True)
class _Alone:
    """The place of one on the left that stays alone; each has its own, at no cost."""

    left: object


def best_pairs(gains):
    """`{left: right}` with the greatest sum of gains, each of both sides at most once.

    `gains`: `{(left, right): gain}`; any may be left out, and those below 0 are of no use. Where
    several pairings have the same sum, the order of `gains` decides.
    """
    options = defaultdict(dict)
    for (left, right), gain in gains.items():
        options[left][right] = -gain
    for left, places in options.items():
        places[_Alone(left)] = 0.0
    places = _Places(options)
    for left in options:
        places.give(left)
    return {left: right for left, right in places.of.items() if not isinstance(right, _Alone)}


class _Places:
    """Who has which place so far, at the least cost for all of them."""

    def __init__(self, options):
        self.options = options
        self.of = {}  # left: right
        self.holder = {}  # right: left
        self.price = defaultdict(float)  # the potentials of both sides
        self.worth = {}

    def give(self, start):
        """Find `start` the cheapest way to a free place, and move all on the way by one."""
        self.worth[start] = min(c - self.price[right] for right, c in self.options[start].items())
        costs, came_from, passed, free = self._way(start)
        for right in passed:
            less = costs[free] - costs[right]
            self.worth[self.holder[right]] += less
            self.price[right] -= less
        self.worth[start] += costs[free]
        right, left = free, None
        while left != start:
            left = came_from[right]
            self.holder[right] = left
            self.of[left], right = right, self.of.get(left)

    def _way(self, start):
        costs, came_from, done, heap, turn = {}, {}, [], [], count()
        left, so_far, seen = start, 0.0, set()
        while True:
            for right, cost in self.options[left].items():
                through = so_far + cost - self.worth[left] - self.price[right]
                if right not in seen and through < costs.get(right, float("inf")):
                    costs[right], came_from[right] = through, left
                    heappush(heap, (through, next(turn), right))
            so_far, _, right = heappop(heap)
            while right in seen:
                so_far, _, right = heappop(heap)
            seen.add(right)
            if right not in self.holder:
                return costs, came_from, done, right
            done.append(right)
            left = self.holder[right]
