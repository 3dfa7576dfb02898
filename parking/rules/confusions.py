"""Which characters a camera takes for which: what one read says of the true plate.

The table says how often a true character is read as another one, per true character that is read
right. Its figures are choices, not measurements: their order is that of the misreads which operators
and engines complain of most (O/0, I/1, Q/0 and D/0 first, then B/8, S/5, Z/2, G/6, I/L), and what matters
below is how much likelier a known confusion is than any other slip (a thousand times). A camera's own
counts, from reads that a person or a payment has confirmed, take over as they grow: each rate is the
mean of a Dirichlet whose prior weighs as much as `PRIOR_WEIGHT` characters seen.

Characters that are one to this system (`plates.folded`: O and Q are 0, I is 1) stand apart. Our own
recogniser reads each O as 0, whatever it is sure of, and so does many another; so a read's doubt says
nothing of them, and a plate that differs in them alone is nearly as likely as the very spelling.

Losing or adding a character is rarer than the confusions and commoner than a wild slip.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log, prod

from parking.rules.plates import folded

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
DIGITS = frozenset("0123456789")

# Shares of a true character's reads, in both directions between any two of a group.
RARE = """
    38 3B 68 89 56 35 39 08 06 09 17 27 7T 7Z 7Y 1T IT 1J IJ 4A CG 0C OC 0G OG QG EF FP PR BR BE BD
    8D 8S BS MN HN HM MW NW UV 0U OU VY XY KX VW LE TY 8G AR HK UJ
""".split()  # noqa: SIM905 - a table reads better in rows
ONE_LOOK = ("0O", "0Q", "OQ", "1I")
GROUPS = (
    (0.25, ONE_LOOK),
    (0.02, ("0OQD",)),
    (0.01, ("1L", "IL", "8B", "5S", "2Z", "6G")),
    (0.0001, RARE),
)
SLIP = 0.00001  # any other character for this one
LOST = 0.002  # a true character is not read at all
ADDED = 0.0005  # a character is read where none stands (a bolt, a seal, the frame), per character
PRIOR_WEIGHT = 2000
# How unsure an average read is in all: a read of few confusable characters is not therefore one whose
# rare slips are likelier, so a read's doubt is never spread over less than this.
LEAST_SPREAD = 0.1
# Beyond this much doubt the table no longer says where the rest of a read's probability lies.
MOST_DOUBT = 0.3
MOST_EDITS_APART = 2  # lengths that differ by more are two plates
ALSO = 0.5
SYMBOLS = 13  # a plate's characters are as hard to guess as if each were one of so many


def _prior():
    rates = {(t, r): SLIP for t in ALPHABET for r in ALPHABET if t != r}
    for rate, groups in GROUPS:
        for group in groups:
            for true in group:
                for read in group:
                    if true != read:
                        rates[true, read] = max(rate, rates[true, read])
    return rates


PRIOR = _prior()


@dataclass(frozen=True)
class Confusions:
    """The table of one camera: the prior and what was counted there.

    `counts`: how often a true character was read as another or as itself, `{(true, read): n}`; with
    "" as `read` it was lost, with "" as `true` it was added (`observed` makes them). Counts must
    hold the right reads too, or every error looks common.
    """

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def rate(self, true, read):
        """How likely the character `true` is read as `read`, another one (0..1)."""
        seen = self._seen.get(true, 0)
        return (PRIOR_WEIGHT * PRIOR[true, read] + self.counts.get((true, read), 0)) / (
            PRIOR_WEIGHT + seen
        )

    @cached_property
    def rates(self):
        """`rate` for all pairs of two characters."""
        if not self.counts:
            return PRIOR
        return {pair: self.rate(*pair) for pair in PRIOR}

    @cached_property
    def lost(self):
        """How likely a true character is not read at all."""
        return self._share(LOST, lambda true, read: true and not read)

    @cached_property
    def added(self):
        """How likely a character that is read does not stand there."""
        return self._share(ADDED, lambda true, read: read and not true)

    @cached_property
    def _seen(self):
        seen = Counter()
        for (true, _), count in self.counts.items():
            seen[true] += count
        return seen

    @cached_property
    def _doubts(self):
        """For each character read, how likely in all it is another one that looks different."""
        doubts = Counter()
        for (true, read), rate in self.rates.items():
            if not _one_look(true, read):
                doubts[read] += rate
        return doubts

    def _share(self, prior, which):
        counted = sum(count for pair, count in self.counts.items() if which(*pair))
        seen = sum(self.counts.values())
        return (PRIOR_WEIGHT * prior + counted) / (PRIOR_WEIGHT + seen)

    def spread(self, plate):
        """By how much the table doubts a plate that was read: expected errors in it."""
        doubts = sum(self._doubts[character] for character in plate)
        return max(doubts + len(plate) * (self.lost + self.added), LEAST_SPREAD)

    def heat(self, plate, doubt):
        """The factor on the table's rates that makes them add up to this read's own `doubt` (0..1).

        With errors as rare independent events, a plate read with no error at all has the
        probability exp(-expected errors): so that is 1 - doubt.
        """
        return -log(1 - min(doubt, MOST_DOUBT)) / self.spread(plate)


USUAL = Confusions()


def observed(true, read):
    """What a confirmed read teaches: a Counter of `(true, read)` characters, right ones included.

    Both canonical. A lost character is `(true, "")`, an added one `("", read)`. Plates that differ in
    more than half of their characters are two vehicles' and teach nothing.
    """
    pairs = _aligned(true, read)
    wrong = sum(one != other for one, other in pairs)
    return Counter(pairs) if 2 * wrong <= len(true) else Counter()


def _aligned(true, read):
    """The cheapest way to lay the texts over each other; substitutions go before gaps, left first."""
    costs = [[i + j for j in range(len(read) + 1)] for i in range(len(true) + 1)]
    for i, one in enumerate(true, 1):
        for j, other in enumerate(read, 1):
            costs[i][j] = min(
                costs[i - 1][j - 1] + (one != other), costs[i - 1][j] + 1, costs[i][j - 1] + 1
            )
    pairs, i, j = [], len(true), len(read)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + (true[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((true[i], read[j]))
        elif i and costs[i][j] == costs[i - 1][j] + 1:
            i -= 1
            pairs.append((true[i], ""))
        else:
            j -= 1
            pairs.append(("", read[j]))
    return pairs[::-1]


def overlaid(one, other, weight, alone, other_alone):
    """How well two texts lie over each other: the product of their characters' weights.

    Equal characters weigh 1, different ones `weight(one's, other's)`. Texts of one length are laid
    straight. Where one is longer, its further characters stand alone and weigh `alone` (or
    `other_alone`), and all ways to choose them add up; beyond `MOST_EDITS_APART` it is 0.
    """
    if one == other:
        return 1.0
    if len(one) == len(other):
        return prod(weight(x, y) for x, y in zip(one, other, strict=True) if x != y)
    if len(one) < len(other):
        return _shorter(one, other, weight, other_alone)
    return _shorter(other, one, lambda y, x: weight(x, y), alone)


def _shorter(short, long, weight, alone):
    """`overlaid` for a shorter text and a longer one, some of whose characters stand alone."""
    spare = len(long) - len(short)
    if spare > MOST_EDITS_APART:
        return 0.0
    ways = [alone**skipped for skipped in range(spare + 1)]  # by characters passed over so far
    for at, x in enumerate(short):
        for skipped in range(spare + 1):
            y = long[at + skipped]
            ways[skipped] *= 1.0 if x == y else weight(x, y)
            if skipped:
                ways[skipped] += ways[skipped - 1] * alone
    return ways[-1]


def _one_look(x, y):
    return folded(x) == folded(y)


def coincidence(one, other):
    """How probable it is that two reads' true plates are equal, up to their prior.

    `one` and `other`: `(plate, heat, Confusions)`, heat as of `Confusions.heat` and 0 for a plate that
    is certain. It is the sum over all true plates of how probable each of both reads makes them,
    relative to both being right. That both misread one character differently is left out: the
    table's entry for the two characters read stands for it.

    Characters that no camera tells apart (`plates.folded`) are spelled by one guess for the whole
    plate, so a second one spelled differently is hardly less likely than the first: `ALSO`. How hot a
    read is does not matter there, only whether it is a camera's.
    """
    (plate, heat, table), (other_plate, other_heat, other_table) = one, other
    rates, other_rates = table.rates, other_table.rates

    def weight(x, y):  # the first is wrong and the true one is y, or the second is and it is x
        return heat * rates[y, x] + other_heat * other_rates[x, y]

    spelled = 1.0
    if len(plate) == len(other_plate):
        guesses = [
            min(1.0, bool(heat) * rates[y, x] + bool(other_heat) * other_rates[x, y])
            for x, y in zip(plate, other_plate, strict=True)
            if x != y and _one_look(x, y)
        ]
        spelled = max(guesses, default=1.0) * ALSO ** max(len(guesses) - 1, 0)
        plate, other_plate = folded(plate), folded(other_plate)
    return spelled * overlaid(
        plate,
        other_plate,
        weight,
        (heat * table.added + other_heat * other_table.lost) / SYMBOLS,
        (heat * table.lost + other_heat * other_table.added) / SYMBOLS,
    )
