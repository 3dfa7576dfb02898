"""The day as a whole: which entry and which exit are one stay.

At the lane each exit took the best stay of its moment. Afterwards more is known: what came late, what
was left over, who came again. So the reads that were let through are paired anew, all together: each
possible pair gains the logarithm of how many times likelier it is one vehicle's than two vehicles'
whose exit and entry were missed (`matching.favours`), and the pairing with the most gain in all is
taken, exactly, group by group of reads that could be of one plate.

**Two visits must not become one long stay**: it is the worst that this trade does to drivers, and a stay
taken for two costs a fee at most. Therefore

- a pair is impossible when its very plate was read in between: that vehicle had left, or came again;
- any other read in between that could be of the plate and belongs to no pair of its own makes the pair
  less probable by as much as it could be; below `PAIRED_AT` the two stay apart, above it the pair
  has the doubt `orphan_read`;
- a time in which the gate was open or a lane dark leaves the pair, and its kind as the doubt;
- in, in, out, out of one plate is two missed reads or two vehicles with it: the inner pair has the doubt
  `orphan_read`, too;
- an entry that is left over although another's exit may be its own is in doubt as that pair is;
- of two pairings that are as likely the shorter stays are taken, and neither is probable.

Clocks of two lanes may be apart by `CLOCKS`: reads of one plate that are nearer are in no certain order,
and pairs that need another one than was told have the doubt `clock`. No exit is before its entry.

The answer depends on what was seen, and not on the order in which it is told; a read told twice
counts once.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, log
from operator import attrgetter
from typing import Any

from parking.rules.assignment import best_pairs
from parking.rules.confusions import USUAL, Confusions
from parking.rules.matching import INSIDE, TAKEN_AT, Read, Stay, favours, weighed
from parking.rules.neighbours import blurred, keys_of, near, sought

PAIRED_AT = 0.8  # below it two reads stay apart, and a person may pair them
CLOCKS = timedelta(minutes=2)  # two clocks are hardly further apart (gates.answers.CLOCK_LIMIT)
CLOCKS_APART = log(0.01)  # and it is rare that this turns the order of one plate's reads round
LONGEST = timedelta(days=1)  # further apart, reads say nothing of each other's order
SHORTER = 1e-6  # of gain for each hour: only to choose between equals
# Groups with more possible pairs than this get a lower bound of each pair's probability instead of
# the exact comparison with the best pairing without it.
SMALL = 60


class Apart(StrEnum):
    """Why a read has no partner, or why a pair is in doubt. "" where nothing is to be said."""

    ORPHAN_READ = "orphan_read"  # a read in between, or those around it, could be of the same plate
    WEAK_MATCH = "weak_match"  # the best partner is not probable enough
    CLOCK = "clock"  # times that cannot be compared
    MISSED_EXIT = "missed_exit"  # an entry whose vehicle was seen again later
    MISSED_ENTRY = "missed_entry"  # an exit


@dataclass(frozen=True)
class Seen:
    """A read that was let through at a lane: `id` is its own, `entry` or else an exit.

    `read.at` is the best time known, aware UTC; `trusted`: the lane's clock was right then. `read` is
    made by `Read.from_person` where a person said or confirmed the plate.
    """

    id: Any
    entry: bool
    read: Read
    lane: str = ""
    trusted: bool = True
    confusions: Confusions = field(default=USUAL, repr=False)

    @property
    def at(self):
        return self.read.at


@dataclass(frozen=True)
class Period:
    """A time in which vehicles could pass unread: `kind` is the doubt of the stays that it touches
    (`gate_open`, `lane_dark`). No end: it goes on."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None = None

    def touches(self, start, end):
        return self.starts_at < end and (self.ends_at is None or self.ends_at > start)


@dataclass(frozen=True)
class Pair:
    """One stay: the ids of its entry and its exit, one of which may be None.

    `probability` (0..1) that this is so; `doubt`: why it may not be charged by machine, or "". An entry
    without exit and without doubt is, for all that is known, still inside.
    """

    entry: Any
    exit: Any
    probability: float
    doubt: str = ""


def paired(
    seen: Iterable[Seen],
    periods: Iterable[Period] = (),
    said: Mapping[Any, Any] | None = None,
    *,
    inside: int = INSIDE,
) -> tuple[Pair, ...]:
    """Pair the reads of some days; every one of `seen` is in exactly one `Pair`, in order of time.

    `seen`: from before the oldest stay that may still be open, or its exit would lack its entry.
    `periods`: when vehicles could pass unread. `said`: pairs that a person has decided, `{exit's id:
    entry's id, or None}`; they stay as they are. `inside`: how many vehicles are usually inside.
    """
    day = _Day(seen, tuple(periods), dict(said or {}), inside)
    pairs = day.settled()
    return tuple(sorted(pairs, key=day.turn))


class _Day:
    def __init__(self, seen, periods, said, inside):
        told = sorted(seen, key=lambda one: (_turn(one), repr(one.read)), reverse=True)
        once = {one.id: one for one in told}
        self.seen = dict(sorted(once.items(), key=lambda item: _turn(item[1])))
        self.periods, self.inside = periods, inside
        self.said = {entry: leaving for leaving, entry in said.items() if entry is not None}
        self.fixed = {*self.said, *said}
        self.like = self._alike()
        self.reads = self._by_plate()
        self.gains = self._gains()

    # which reads could be of one plate

    def _alike(self):
        """For each read the ids of the others that could be of its plate, in order of time."""
        texts = {
            pk: {blurred(plate) for plate, _ in weighed(one.read)[0]}
            for pk, one in self.seen.items()
        }
        having = defaultdict(set)
        for pk, own in texts.items():
            for text in own:
                having[text].add(pk)
        beside = _neighbours(having)
        rank = {pk: number for number, pk in enumerate(self.seen)}
        return {
            pk: sorted(
                {other for text in own for near_by in beside[text] for other in having[near_by]}
                - {pk},
                key=rank.get,
            )
            for pk, own in texts.items()
        }

    def _by_plate(self):
        reads = defaultdict(list)
        for one in self.seen.values():
            if one.read.candidates:
                reads[one.read.best].append(one)
        return reads

    # what a pair gains

    def _gains(self):
        gains = {}
        for pk, one in self.seen.items():
            if not one.entry and pk not in self.fixed:
                gains |= self._gains_of(one)
        return gains

    def _gains_of(self, leaving):
        """Of each entry that could be this exit's."""
        entries = [
            other
            for other in map(self.seen.get, self.like[leaving.id])
            if other.entry
            and other.id not in self.fixed
            and self._order(other, leaving) is not None
        ]
        gains = {}
        for entry, likelier in zip(entries, self._same(leaving, entries), strict=True):
            if likelier > 0:
                hours = (leaving.at - entry.at) / timedelta(hours=1)
                gain = log(likelier) + self._order(entry, leaving) - SHORTER * hours
                if gain > 0:
                    gains[entry.id, leaving.id] = gain
        return gains

    def same(self, later, earlier):
        """How many times likelier both are one vehicle than two."""
        return self._same(later, [earlier], entering=later.entry)[0]

    def _same(self, later, earlier, *, entering=False):
        """The same of several that may be it, all against one and the same stranger."""
        stays = [Stay(one.id, one.read, one.confusions) for one in earlier]
        return favours(later.read, stays, later.confusions, inside=self.inside, entering=entering)

    def _order(self, entry, leaving):
        """What the times say of this pair: None where it cannot be, else a gain of 0 or less."""
        if leaving.at < entry.at:
            return None
        plates = {entry.read.best, leaving.read.best}
        if any(self._read(plate, entry.at + CLOCKS, leaving.at - CLOCKS) for plate in plates):
            return None
        turned = any(self._read(plate, entry.at, leaving.at) for plate in plates)
        return CLOCKS_APART if turned else 0.0

    def _read(self, plate, start, end):
        """Whether this very plate was read between two moments, these not counted."""
        reads, when = self.reads[plate], attrgetter("at")
        return bisect_right(reads, start, key=when) < bisect_left(reads, end, key=when)

    # the best pairing

    def settled(self):
        """All pairs, once those that do not hold have been taken apart."""
        likely = {}
        for gains in _groups(self.gains):
            likely |= _likely(gains)
        broken = {}
        while True:
            explained = {pk for pair in (*likely, *self.said.items()) for pk in pair}
            judged = {
                pair: self._judged(pair, chance, explained) for pair, chance in likely.items()
            }
            apart = {pair: doubt for pair, (chance, doubt) in judged.items() if chance < PAIRED_AT}
            if not apart:
                break
            broken |= apart
            likely = {pair: chance for pair, chance in likely.items() if pair not in apart}
        return [
            *self._as_said(),
            *(Pair(*pair, *judgement) for pair, judgement in judged.items()),
            *self._left_over(likely, broken),
        ]

    def _as_said(self):
        """What a person decided, as far as it is about these reads."""
        for entry, leaving in self.said.items():
            pair = [pk if pk in self.seen else None for pk in (entry, leaving)]
            if any(pk is not None for pk in pair):
                yield Pair(*pair, 1.0)

    def _judged(self, pair, chance, explained):
        """The pair's probability and doubt, seen together with what was read in between."""
        entry, leaving = (self.seen[pk] for pk in pair)
        clear = 1.0
        for other in self._between(pair, explained):
            clear *= 1 - self._shared(other, entry, leaving)
        chance *= clear
        if clear < TAKEN_AT:
            return chance, Apart.ORPHAN_READ
        if chance < PAIRED_AT:
            return chance, Apart.WEAK_MATCH
        if self._within_another(entry, leaving, explained):
            return chance, Apart.ORPHAN_READ
        return chance, self._doubt(entry, leaving, chance)

    def _doubt(self, entry, leaving, chance):
        for period in sorted(self.periods, key=lambda each: (each.kind, each.starts_at)):
            if period.touches(entry.at, leaving.at):
                return period.kind
        if not (entry.trusted and leaving.trusted) or self._order(entry, leaving):
            return Apart.CLOCK
        return "" if chance >= TAKEN_AT else Apart.WEAK_MATCH

    def _between(self, pair, explained):
        """The reads between a pair's that could be of its plate and have no partner of their own."""
        start, end = (self.seen[pk].at for pk in pair)
        around = {other for pk in pair for other in self.like[pk]} - explained
        return [self.seen[pk] for pk in around if start < self.seen[pk].at < end and pk not in pair]

    def _within_another(self, entry, leaving, explained):
        """Whether the plate's nearest reads without partners are an entry before and an exit after."""
        before = [
            one
            for one in self.reads[entry.read.best]
            if one.at < entry.at and one.id not in explained and leaving.at - one.at < LONGEST
        ]
        after = [
            one
            for one in self.reads[leaving.read.best]
            if one.at > leaving.at and one.id not in explained and one.at - entry.at < LONGEST
        ]
        return bool(before and after and before[-1].entry and not after[0].entry)

    def _shared(self, other, entry, leaving):
        """How probable it is that the read in between is of the pair's own vehicle."""
        before, after = self.same(other, entry), self._after(leaving, other)
        return min(before / (1 + before), after / (1 + after))

    def _after(self, leaving, other):
        """`same` of the exit and the read in between, on the same footing as the entry's."""
        return self._same(leaving, [other], entering=other.entry)[0]

    # who has no partner

    def _left_over(self, likely, broken):
        with_partner = {pk for pair in (*likely, *self.said.items()) for pk in pair}
        why = {pk: doubt for pair, doubt in broken.items() for pk in pair}
        partner = {pk: self.gains[pair] for pair in likely for pk in pair}
        rivals = defaultdict(float)
        for pair, gain in self.gains.items():
            for own, other in (pair, pair[::-1]):
                if own not in with_partner:
                    rivals[own] += exp(min(gain - partner.get(other, 0.0), 50.0))
        for pk, one in self.seen.items():
            if pk in with_partner:
                continue
            chance = 1.0 if pk in self.fixed else 1 / (1 + rivals[pk])
            if one.entry:
                doubt = why.get(pk) or self._seen_again(one, with_partner)
                if not doubt and chance < TAKEN_AT:  # another's exit may be its own
                    doubt = Apart.WEAK_MATCH
                yield Pair(pk, None, chance, doubt)
            else:
                yield Pair(None, pk, chance, why.get(pk, Apart.MISSED_ENTRY))

    def _seen_again(self, entry, with_partner):
        """`missed_exit` where this entry's vehicle was read again after it, else ""."""
        for pk in self.like[entry.id]:
            other = self.seen[pk]
            known = other.read.best == entry.read.best or pk not in with_partner
            if known and other.at > entry.at and self.same(other, entry) > 1:
                return Apart.MISSED_EXIT
        return ""

    def turn(self, pair):
        return _turn(self.seen[pair.exit if pair.entry is None else pair.entry])


def _turn(one):
    return one.at, not one.entry, one.lane, str(one.id)


def _neighbours(texts):
    """For each text those of `texts` that are one edit from it, or it; found by keys."""
    kept = defaultdict(list)
    for text in texts:
        for key in _named(keys_of(text)):
            kept[key].append(text)
    return {
        text: {
            other
            for keys in sought(text)
            for key in _named(keys)
            for other in kept.get(key, ())
            if near(text, other)
        }
        for text in texts
    }


def _named(keys):
    return (("front", keys.front), ("ends", keys.ends), ("back", keys.back))


def _groups(gains):
    """The possible pairs, apart by groups that share no read; in the order of `gains`."""
    group_of, groups = {}, {}
    for pair, gain in gains.items():
        known = dict.fromkeys(group_of[pk] for pk in pair if pk in group_of)
        own, *others = known or [pair]
        joined = groups.setdefault(own, {})
        for other in others:
            moved = groups.pop(other)
            joined |= moved
            group_of |= {pk: own for each in moved for pk in each}
        joined[pair] = gain
        group_of |= dict.fromkeys(pair, own)
    return list(groups.values())


def _likely(gains):
    """The best pairing of a group, `{pair: probability}`.

    A pair is as probable as the best pairing is likelier than the best one without this pair. In a
    large group the latter is not looked for: it is at most the rest with both's next best partners.
    """
    best = best_pairs(gains)
    if len(gains) > SMALL:
        lost = {pair: gains[pair] - _next_best(gains, pair) for pair in best.items()}
    else:
        lost = {
            pair: _sum(gains, best) - _sum(gains, best_pairs(_without(gains, pair)))
            for pair in best.items()
        }
    return {pair: 1 / (1 + exp(-max(loss, -50.0))) for pair, loss in lost.items()}


def _without(gains, pair):
    return {each: gain for each, gain in gains.items() if each != pair}


def _sum(gains, pairs):
    return sum(gains[pair] for pair in pairs.items())


def _next_best(gains, pair):
    """What both of a pair could gain at most with others."""
    entry, leaving = pair
    others = [(each, gain) for each, gain in gains.items() if each != pair]
    return max((gain for each, gain in others if each[0] == entry), default=0.0) + max(
        (gain for each, gain in others if each[1] == leaving), default=0.0
    )
