"""Many doubtful reads, one plate: all frames of a vehicle vote.

Reads that look alike are votes for one plate; the group with the most weight is the vehicle's.
Within it every spelling gets the mean of its probabilities, where a surer read weighs more. Frames
that agree make it surer than the mean, but not as if each were the first: they show one plate in
one light. Plate formats speak last, of what the votes say together and not of single reads.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum

from gates.readers import Candidate, Read
from gates.readers.formats import SAME_LOOK, respelled
from parking.rules.plates import folded

# The one bar: a machine acts without a person only on a plate at least so probable, whether one
# frame says it or many.
ACCEPTED_AT = 0.90
ENOUGH_FRAMES = 2  # so many frames agreeing on an accepted plate: no need to read more
RIVAL_AT = 0.02  # unless another plate is still as probable as this
# How much of its faults a frame shares with the others of its vehicle: dirt, glare, a bent plate.
# With a half, two frames are worth 1.3 looks, ten 1.8, and any number at most 2.
SHARED_FAULTS = 0.5
MOST_CANDIDATES = 10
MOST_ALTERNATIVES = 5
UNKNOWN_WEIGHT = 0.5  # a read whose engine gives no confidence votes, but does not outvote others
BESIDE_WEIGHT = 0.25  # a further plate in the picture (a parked car, the car behind) hardly votes
CUT_OFF = 2  # a plate at the picture's edge lacks so many characters; a seal adds only one
# What a blurred picture does not tell apart either. It makes reads alike, never spellings equal.
BLURRED = str.maketrans("OQDIBSZG", "00018526")


@dataclass(frozen=True)
class Verdict:
    """What the votes say of one vehicle.

    `plate` is the likeliest spelling; `confidence` its probability (0..1), or None where no engine
    gave any; `accepted`: a lane may act on it. `candidates`: at most ten, best first, their
    probabilities add up to at most 1. `frames`: how many frames read exactly this plate.
    `alternatives`: for each of its characters at most five, best first; empty where no reader told.
    """

    plate: str
    confidence: float | None
    accepted: bool
    candidates: tuple[Candidate, ...] = ()
    country: str | None = None
    frames: int = 0
    alternatives: tuple[tuple[Candidate, ...], ...] = ()

    @property
    def rivals(self):
        """Other plates that it could still be; O for 0 is no other plate to a camera."""
        return tuple(
            each
            for each in self.candidates
            if each.probability >= RIVAL_AT and folded(each.plate) != folded(self.plate)
        )

    @property
    def firm(self):
        """Sure enough to stop reading and open.

        A rival could be blocked, inside already, or without a permit. Only the server knows, and to
        ask it for each would tell it of vehicles that are not there. So a lane that has a rival left
        reads on, until its patience ends.
        """
        return self.accepted and self.frames >= ENOUGH_FRAMES and not self.rivals


@dataclass
class _Vote:
    read: Read
    weight: float


@dataclass
class _Group:
    """The votes that could be for one and the same plate."""

    plate: str
    votes: list[_Vote] = field(default_factory=list)

    @property
    def weight(self):
        return fsum(vote.weight for vote in self.votes)

    def supported(self, groups):
        """Its weight with that of reads which show a part of its plate, where these do not prevail."""
        parts = [group.weight for group in groups if _cut_off(group.plate, self.plate)]
        return self.weight + fsum(weight for weight in parts if weight <= 2 * self.weight)


def vote(frames: Sequence[Sequence[Read]], home: Sequence[str] = ()) -> Verdict | None:
    """The verdict on one vehicle from the reads of its frames, each frame's main plate first.

    `home`: the countries of the site (two letters), whose plate formats go first. None when no
    frame shows a plate. The order of the frames does not matter.
    """
    groups = _grouped(frames)
    if not groups:
        return None
    winner = max(groups, key=lambda group: (group.supported(groups), group.plate))
    spelled, country = respelled(_spellings(winner.votes), home)
    plate, probability = spelled[0]
    agreeing = [vote.read for vote in winner.votes if _look(vote.read.plate) == _look(plate)]
    known = any(vote.read.confidence is not None for vote in winner.votes)
    confidence = probability if known else None
    return Verdict(
        plate=plate,
        confidence=confidence,
        accepted=_acceptable(agreeing, confidence, winner, groups),
        candidates=tuple(Candidate(*each) for each in spelled[:MOST_CANDIDATES]),
        country=_commonest(vote.read.country for vote in winner.votes) or country,
        frames=len(agreeing),
        alternatives=_alternatives(winner.votes, plate),
    )


def alike(one, other):
    """Could both be reads of one plate? At most a quarter of the characters may differ, or the ends
    be missing."""
    return _near(one, other) or _cut_off(one, other) or _cut_off(other, one)


def distance(one, other):
    """How many characters must be changed, added or dropped to make one text the other."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def _near(one, other):
    longest = max(len(one), len(other))
    return distance(one.translate(BLURRED), other.translate(BLURRED)) <= max(1, longest // 4)


def _cut_off(part, whole):
    """Is it the whole plate but for its ends? Less than half of it could be of any plate."""
    lacks = len(whole) - len(part)
    return CUT_OFF <= lacks < len(part) and folded(part) in folded(whole)


# who votes for what


def _grouped(frames):
    votes = [
        _Vote(read, _weight(read) * (1.0 if place == 0 else BESIDE_WEIGHT))
        for reads in frames
        for place, read in enumerate(reads)
    ]
    groups = []
    # The surest reads found the groups, so that a blurred one cannot draw two plates together.
    for vote in sorted(votes, key=_surest_first):
        group = next((group for group in groups if _near(group.plate, vote.read.plate)), None)
        if group is None:
            group = _Group(vote.read.plate)
            groups.append(group)
        group.votes.append(vote)
    return groups


def _surest_first(vote):
    """An order that does not depend on which frame came first."""
    spelled = [(each.plate, each.probability) for each in vote.read.candidates]
    return -vote.weight, vote.read.plate, vote.read.confidence is None, spelled


def _weight(read):
    return UNKNOWN_WEIGHT if read.confidence is None else max(read.confidence, 0.01)


def _shares(read):
    """What one read gives each spelling; never more than 1 in all."""
    shares = {candidate.plate: candidate.probability for candidate in read.candidates}
    shares.setdefault(read.plate, _weight(read))
    whole = max(1.0, fsum(shares.values()))
    return [(plate, share / whole) for plate, share in shares.items()]


# what the votes say together


def _spellings(votes):
    """All spellings of a group with their probability. Those of one look are one, spelled as most."""
    given = defaultdict(lambda: defaultdict(list))
    for vote in votes:
        for plate, probability in _shares(vote.read):
            given[_look(plate)][plate].append(vote.weight * probability)
    weights = [vote.weight for vote in votes]
    means = {}
    for spelled in given.values():
        sums = {plate: fsum(shares) for plate, shares in spelled.items()}
        usual = min(sums, key=lambda plate: (-sums[plate], plate))
        means[usual] = fsum(sums.values()) / fsum(weights)
    return _sharpened(means, looks=fsum(weights) / max(weights))


def _sharpened(means, looks):
    """Mean probabilities as so many looks make them that share a part of their faults.

    One look leaves them; n looks that share nothing would raise them to the n-th power.
    """
    power = looks / (1 + (looks - 1) * SHARED_FAULTS)
    unlisted = max(1 - fsum(means.values()), 0.0)
    raised = {plate: mean**power for plate, mean in means.items()}
    whole = fsum([*raised.values(), unlisted**power])
    return [(plate, share / whole) for plate, share in raised.items()]


def _alternatives(votes, plate):
    """For each character of `plate` what the reads of that length saw there, the mean of them."""
    telling = [vote for vote in votes if len(vote.read.alternatives) == len(plate)]
    whole = fsum(vote.weight for vote in telling)
    return tuple(_place(telling, at, plate[at], whole) for at in range(len(plate)) if telling)


def _place(votes, at, letter, whole):
    seen = defaultdict(list)
    for vote in votes:
        for each in vote.read.alternatives[at]:
            character = letter if _look(each.plate) == _look(letter) else each.plate
            seen[character].append(vote.weight * each.probability / whole)
    ranked = sorted(((fsum(shares), character) for character, shares in seen.items()), reverse=True)
    return tuple(Candidate(character, share) for share, character in ranked[:MOST_ALTERNATIVES])


def _acceptable(agreeing, confidence, winner, groups):
    """The reader trusts this spelling, the votes are sure of it, and no other plate rivals it."""
    if not _trusted(agreeing):
        return False
    if winner.supported(groups) <= fsum(group.weight for group in groups) / 2:
        return False
    if confidence is None:
        return len(agreeing) >= ENOUGH_FRAMES
    return confidence >= ACCEPTED_AT


def _trusted(reads):
    """Was it accepted in a frame, or read in none so surely that it could have been?

    A reader that is sure of a text and yet does not accept it takes it for something else.
    """
    if any(read.accepted for read in reads):
        return True
    sure = [read.confidence is None or read.confidence >= ACCEPTED_AT for read in reads]
    return bool(sure) and not any(sure)


def _commonest(countries):
    known = Counter(country for country in countries if country)
    return min(known, key=lambda country: (-known[country], country), default=None)


def _look(plate):
    return plate.translate(SAME_LOOK)
