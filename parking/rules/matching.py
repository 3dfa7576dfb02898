"""Which open stay is this read, how sure, how far is the runner-up; which permit's plate.

**The model.** A vehicle stands at an exit; X is its read, E the read of a stay's entry. It is one of
those stays, or nobody's: its entry was missed, or its stay is not among them. Bayes, with each stay's
prior 1 / `inside` and all of it multiplied by `inside`:

    stay      (1 - nobody)  * length * looks         * same(X, E)     / prior(plate)
    nobody    nobody        * inside                                                   any vehicle
            + nobody        * FLEET  * max(1, looks) * sibling(X, E)  / prior(plate)   for each stay
            + CLONED                                 * same(X, E)     / prior(plate)   for each stay

`same` is the sum over all true plates of P(plate | X) P(plate | E): a read gives its candidates their
probabilities, and what they leave of 1 is spread by the table of confusions around them. `prior` is a
plate's share among all vehicles, so that to agree on a rare text says more than to agree on "A1".

`sibling` is what keeps a neighbour from being taken because it alone is open. Plates are not drawn
at random: firms buy rows of them, and the vans of a row look the same. Such a one's entry may have
been missed, so for each open stay there are unknown vehicles whose plate differs from its own by a
character of the same kind. A difference that cameras are known to make (O/0) is far likelier
than such a neighbour's missed entry; E for F is not, and then a person looks.

**The figures are choices** unless a source is named; nothing here was measured in a car park yet.
`MISSED_ENTRY`, where the caller has not measured it: sites report some per cent of vehicles without an
entry read (tailgating alone 2-6 %, by a vendor). `FLEET` is chosen so that in two drawn worlds, where
3 % and 25 % of the vehicles have siblings, what is said is as often right or oftener;
`tests/parking/test_matching.py` holds one of them: of matches said 0.99 and more at least 99 % are right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import fsum
from typing import Any

from parking.rules.confusions import DIGITS, SYMBOLS, USUAL, Confusions, coincidence, overlaid
from parking.rules.plates import folded

# The two bars: a machine takes a stay that is at least so probable, and that is ahead of the second
# likeliest by so much. So at most 2 % may be left for nobody, and hardly more than 1 % for another stay.
TAKEN_AT = 0.98
MARGIN = 0.97

MISSED_ENTRY = 0.02  # of the vehicles at an exit
MISSED_EXIT = 0.02  # of the vehicles at an entry, those that the books have inside
INSIDE = 1000  # open stays, where the caller does not say

SUREST = 0.975  # no engine's word counts for more; only a person's plate is certain
UNSAID = 0.5  # an engine that gives no confidence
MOST_CANDIDATES = 6  # of a read; what others add cannot change what is done
NEGLIGIBLE = 0.0001  # a candidate below this says less than the table of confusions

# Of all vehicles, how many have a plate of so many characters (GB most, as the samples of this house).
LENGTHS = {1: 0.0002, 2: 0.001, 3: 0.005, 4: 0.02, 5: 0.05, 6: 0.2, 7: 0.55, 8: 0.15}
LONGER = 0.02

FLEET = 0.1  # of the vehicles that are nobody's, those with the plate of a sibling of one inside
SIBLING = 0.2  # by so much a sibling's character differs from the other's
OTHER_KIND = 0.75  # as likely is a letter for a digit; in most formats a place has one kind
SIBLING_GAP = 0.5  # as likely is a character more or less
CLONED = 0.0002  # of the vehicles at an exit: the plate of an open stay on another vehicle

# How likely a vehicle leaves after so long, beside one that has been there for some hours. Beyond
# some days an open stay is mostly one whose exit was missed.
LENGTHS_OF_STAY = (
    (timedelta(minutes=-2), 0.0),  # before its entry by more than clocks are apart
    (timedelta(minutes=1), 0.05),  # it turned around, or is another
    (timedelta(days=1), 1.0),
    (timedelta(days=7), 0.3),
    (timedelta(days=30), 0.1),
)
VERY_LONG = 0.03

# What both reads know and is the same, or is not, beside what two vehicles at random would have.
# Cameras name colours badly (silver, grey, white) and models worse; none is sure enough to exclude.
SAME_LOOKS = {
    "country": (1.2, 0.1),
    "type": (1.3, 0.2),
    "colour": (3.0, 0.3),
    "make": (8.0, 0.1),
    "model": (1.5, 0.5),
}


@dataclass(frozen=True)
class Candidate:
    """A plate in canonical spelling and its probability (0..1)."""

    plate: str
    probability: float


@dataclass(frozen=True)
class Read:
    """What is known of a vehicle at a lane.

    `candidates`: none where nothing was read; in sum at most 1, else they are scaled to it; exactly one
    of 1.0 is a person's word and certain. `at`: aware UTC. `vehicle`: type, colour, make, model,
    as far as known. Made by `from_reader` or `from_person`.
    """

    candidates: tuple[Candidate, ...]
    at: datetime
    country: str = ""
    vehicle: Mapping[str, str] | None = None

    @classmethod
    def from_reader(cls, plate, confidence, candidates, at, country="", vehicle=None):
        """The read of an engine: its plate ("" where it read none) with its confidence (0..1 or None),
        and its candidates (`[{"plate", "probability"}]`, with the plate or without it). All of them
        together get at most `SUREST`."""
        listed = {each["plate"]: each["probability"] for each in candidates if each["plate"]}
        if plate and confidence is not None:
            listed[plate] = confidence
        elif plate:
            listed.setdefault(plate, UNSAID)
        whole = max(1.0, fsum(listed.values()) / SUREST)
        shares = (Candidate(name, share / whole) for name, share in listed.items())
        return cls(tuple(shares), at, country, vehicle)

    @classmethod
    def from_person(cls, plate, at, country="", vehicle=None):
        """A plate that a person has said or confirmed."""
        return cls((Candidate(plate, 1.0),), at, country, vehicle)

    @property
    def best(self):
        """The likeliest plate, or "" where nothing was read."""
        shares, _ = weighed(self)
        return shares[0][0] if shares else ""


@dataclass(frozen=True)
class Stay:
    """An open stay: any `id`, the read of its entry, and its entry camera's table."""

    id: Any
    read: Read
    confusions: Confusions = field(default=USUAL, repr=False)


@dataclass(frozen=True)
class Scored:
    """A stay, its likeliest plate, and the probability (0..1) that the read vehicle is its."""

    id: Any
    plate: str
    probability: float


@dataclass(frozen=True)
class Match:
    """The stays that a read could be, best first and at most five; `nobody`: the probability that it
    is none of all that were looked at; `taken`: the best one, where a machine may take it, or None."""

    ranked: tuple[Scored, ...] = ()
    nobody: float = 1.0
    taken: Scored | None = None

    @property
    def best(self):
        return self.ranked[0] if self.ranked else None

    @property
    def runner_up(self):
        return self.ranked[1] if len(self.ranked) > 1 else None

    @property
    def margin(self):
        """By how much the best is ahead of the second, in probability."""
        if not self.ranked:
            return 0.0
        second = self.runner_up.probability if self.runner_up else 0.0
        return self.best.probability - second


RANKED = 5


def match_read(
    read, stays, confusions=USUAL, now=None, *, inside=INSIDE, entering=False, missed=MISSED_ENTRY
):
    """Which of the open `stays` this `read` is, as a `Match`.

    `stays`: all that the read could be (`parking.lookup.open_stays_like`), in any order; ids are
    different. `confusions`: the table of the camera that made the read. `now`: when it stands there by
    the server's clock, where that is not the read's own time. `inside`: how many stays are open in
    all; its magnitude is enough (to count 100,000 rows takes longer than all the rest). `entering`: it
    stands at an entry, so that it is inside only if its exit was missed; how long that is ago says nothing
    then. `missed`: the share of the vehicles at an exit whose entry was not read.
    """
    told = replace(read, at=now or read.at)
    weights, nobody = _weighed_against(told, stays, confusions, inside, entering, missed)
    whole = fsum([nobody, *(weight for weight, _, _ in weights)])
    scored = [Scored(stay.id, plate, weight / whole) for weight, stay, plate in weights if weight]
    scored.sort(key=lambda each: (-each.probability, each.plate, str(each.id)))
    return _judged(scored[:RANKED], nobody / whole)


def favours(read, stays, confusions=USUAL, *, inside=INSIDE, entering=False):
    """How many times likelier this `read` is each stay's vehicle than nobody's, as a list in the order
    of `stays`: from 0 to some thousands (a clone is never out of the question). Nobody is the same one
    for all of them, so any two may be compared. The words are those of `match_read`."""
    weights, nobody = _weighed_against(read, stays, confusions, inside, entering, MISSED_ENTRY)
    return [weight / nobody for weight, _, _ in weights]


def _weighed_against(read, stays, confusions, inside, entering, missed):
    """The model's weights of the stays, as [(weight, stay, its likeliest plate)], and of nobody."""
    told = _Told.of(read, confusions)
    nobody = 1 - MISSED_EXIT if entering else missed
    weights, rest = [], [nobody * inside]
    for stay in stays:
        length = 1.0 if entering else _length(read.at - stay.read.at)
        entered = _Told.of(stay.read, stay.confusions)
        weight, others = _weights(told, entered, length, nobody)
        weights.append((weight, stay, entered.best))
        rest.append(others)
    return weights, fsum(rest)


def _judged(ranked, nobody):
    match = Match(tuple(ranked), nobody)
    if match.best and match.best.probability >= TAKEN_AT and match.margin >= MARGIN:
        return Match(match.ranked, nobody, match.best)
    return match


def weighed(read):
    """A read's plates as `[(plate, probability)]`, likeliest first, and its doubt: what they leave
    of 1. The one place where candidates that do not add up are scaled to 1."""
    sums = {}
    for each in read.candidates:
        sums[each.plate] = sums.get(each.plate, 0.0) + max(each.probability, 0.0)
    whole = max(1.0, fsum(sums.values()))
    shares = [(plate, share / whole) for plate, share in sums.items() if share >= NEGLIGIBLE]
    shares.sort(key=lambda each: (-each[1], each[0]))
    del shares[MOST_CANDIDATES:]
    return shares, max(0.0, 1 - fsum(share for _, share in shares))


@dataclass(frozen=True)
class _Told:
    """A read with its plates weighed: `[(probability, (plate, heat, table))]`, likeliest first."""

    read: Read
    shares: list

    @classmethod
    def of(cls, read, confusions):
        shares, doubt = weighed(read)
        heated = ((plate, confusions.heat(plate, doubt), confusions) for plate, _ in shares)
        return cls(read, [(share, plate) for (_, share), plate in zip(shares, heated, strict=True)])

    @property
    def best(self):
        return self.shares[0][1][0] if self.shares else ""


def _weights(told, entered, length, nobody):
    """The model's lines for one stay: its own, and those of siblings and clones."""
    looks = _looks(told.read, entered.read)
    same, sibling = _agreement(told.shares, entered.shares)
    own = (1 - nobody) * length * looks * same
    return own, nobody * FLEET * max(1.0, looks) * sibling + CLONED * same


def _agreement(told, entered):
    """`same` and `sibling`, both over the plates' prior."""
    same = sibling = 0.0
    lone = SIBLING * SIBLING_GAP / SYMBOLS
    for share, one in told:
        for their_share, other in entered:
            both = share * their_share / _prior(max(one[0], other[0], key=len))
            same += both * coincidence(one, other)
            if one[0] != other[0]:
                sibling += both * overlaid(one[0], other[0], _sibling, lone, lone)
    return same, sibling


def _prior(plate):
    """This plate's share among all vehicles, if all of its length were alike."""
    return LENGTHS.get(len(plate), LONGER) / SYMBOLS ** len(plate)


def _sibling(one, other):
    """How likely a plate of the same row has the other character there."""
    if (one in DIGITS) == (other in DIGITS):
        return SIBLING / (9 if one in DIGITS else 25)
    return SIBLING * OTHER_KIND / 18  # ten digits, or 26 letters


def _length(stay):
    for until, likely in LENGTHS_OF_STAY:
        if stay < until:
            return likely
    return VERY_LONG


def _looks(read, other):
    """The likelihood ratio of what is known of both vehicles besides their plates."""
    ratio = 1.0
    for name, (same, different) in SAME_LOOKS.items():
        one, two = _known(read, name), _known(other, name)
        if one and two:
            ratio *= same if one == two else different
    return ratio


def _known(read, name):
    word = read.country if name == "country" else (read.vehicle or {}).get(name)
    return str(word or "").casefold().strip()


def rows_of(plate, rows):
    """Those of the `rows` (with a `.plate`) that are this plate's, as a list.

    They are in its very spelling, else in that of the only other plate that looks the same.
    """
    exact = [row for row in rows if row.plate == plate]
    alike = exact or [row for row in rows if folded(row.plate) == folded(plate)]
    return alike if len({row.plate for row in alike}) == 1 else []
