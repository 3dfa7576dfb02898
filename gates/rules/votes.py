"""Many doubtful reads, one plate: all frames of a vehicle vote.

Reads that look alike are votes for one plate; the group with the most weight is the vehicle's.
Within it every spelling gets the mean of its probabilities, where a surer read weighs more.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from gates.readers import Candidate, Read
from parking.rules.plates import folded

ACCEPTED_AT = 0.80  # a lane acts without a person only on a plate at least this sure
ENOUGH_FRAMES = 2  # so many frames agreeing on an accepted plate: no need to read more
MOST_CANDIDATES = 10
UNKNOWN_WEIGHT = 0.5  # a read whose engine gives no confidence votes, but does not outvote others
BESIDE_WEIGHT = 0.25  # a further plate in the picture (a parked car, the car behind) hardly votes


@dataclass(frozen=True)
class Verdict:
    """What the votes say of one vehicle.

    `plate` is the likeliest spelling; `confidence` its probability (0..1), or None where no engine
    gave any; `accepted`: a lane may act on it. `candidates`: at most ten, best first, their
    probabilities add up to at most 1. `frames`: how many frames read exactly this plate.
    """

    plate: str
    confidence: float | None
    accepted: bool
    candidates: tuple[Candidate, ...] = ()
    country: str | None = None
    frames: int = 0

    @property
    def firm(self):
        """Sure enough to stop reading further frames."""
        return self.accepted and self.frames >= ENOUGH_FRAMES


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
        return sum(vote.weight for vote in self.votes)


def vote(frames: Sequence[Sequence[Read]]) -> Verdict | None:
    """The verdict on one vehicle from the reads of its frames, each frame's main plate first.

    None when no frame shows a plate.
    """
    groups = _grouped(frames)
    if not groups:
        return None
    winner = max(groups, key=lambda group: group.weight)
    candidates = _spellings(winner.votes)
    plate = candidates[0].plate
    agreeing = [vote.read for vote in winner.votes if vote.read.plate == plate]
    confidence = _confidence(winner.votes, candidates[0])
    return Verdict(
        plate=plate,
        confidence=confidence,
        accepted=_acceptable(agreeing, confidence, winner, groups),
        candidates=candidates,
        country=_commonest(vote.read.country for vote in winner.votes),
        frames=len(agreeing),
    )


def alike(one, other):
    """Could both be reads of one plate? At most a quarter of the characters may differ."""
    longest = max(len(one), len(other))
    return distance(folded(one), folded(other)) <= max(1, longest // 4)


def distance(one, other):
    """How many characters must be changed, added or dropped to make one text the other."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def _grouped(frames):
    votes = [
        _Vote(read, _weight(read) * (1.0 if place == 0 else BESIDE_WEIGHT))
        for reads in frames
        for place, read in enumerate(reads)
    ]
    groups = []
    # The surest reads found the groups, so that a blurred one cannot draw two plates together.
    for vote in sorted(votes, key=lambda vote: -vote.weight):
        group = next((group for group in groups if alike(group.plate, vote.read.plate)), None)
        if group is None:
            group = _Group(vote.read.plate)
            groups.append(group)
        group.votes.append(vote)
    return groups


def _weight(read):
    return UNKNOWN_WEIGHT if read.confidence is None else max(read.confidence, 0.01)


def _spellings(votes):
    """All spellings of a group with their mean probability, best first."""
    sums = defaultdict(float)
    for vote in votes:
        for plate, probability in _shares(vote.read):
            sums[plate] += vote.weight * probability
    total = sum(vote.weight for vote in votes)
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:MOST_CANDIDATES]
    return tuple(Candidate(plate, min(share / total, 1.0)) for plate, share in ranked)


def _shares(read):
    """What one read gives each spelling; never more than 1 in all."""
    shares = {candidate.plate: candidate.probability for candidate in read.candidates}
    shares.setdefault(read.plate, _weight(read))
    whole = max(1.0, sum(shares.values()))
    return [(plate, share / whole) for plate, share in shares.items()]


def _confidence(votes, best):
    if all(vote.read.confidence is None for vote in votes):
        return None
    return best.probability


def _acceptable(agreeing, confidence, winner, groups):
    """Some reader trusts this spelling, the votes are sure of it, and no other plate rivals it."""
    if not any(read.accepted for read in agreeing):
        return False
    if winner.weight <= sum(group.weight for group in groups) / 2:
        return False
    if confidence is None:
        return len(agreeing) >= ENOUGH_FRAMES
    return confidence >= ACCEPTED_AT


def _commonest(countries):
    known = Counter(country for country in countries if country)
    return known.most_common(1)[0][0] if known else None
