"""What a case may cost while nobody looks at it, and whose turn it is.

Harm is the probability that the machine is wrong times the money that hangs on it. A car that stands
before an arm goes before all money: it costs its driver's time, and that of everybody behind it.
"""

from dataclasses import dataclass
from datetime import datetime

# How likely a stay in doubt turns out to be wrong. These are guesses, and only the order of the queue
# hangs on them: two visits in one stay are gravest, a lack of a picture is mostly that and no more.
WRONG = {
    **{"missed_exit": 0.8, "correction": 0.7, "orphan_read": 0.6, "weak_match": 0.5},
    "disputed": 0.5,
    **{"cloned": 0.3, "clock": 0.3, "gate_open": 0.2, "lane_dark": 0.2},
    **{"no_entry_picture": 0.1, "no_exit_picture": 0.1},
    "left_alone": 0.02,
    **{"two_visits": 0.001},  # this one is reckoned: parking.rules.unseen
}
UNKNOWN = 0.5


@dataclass(frozen=True)
class Stake:
    """`wrong`: the probability (0..1) that the machine is wrong; `money` in the smallest unit;
    `waits_since`: since when a vehicle stands before an arm for it, or None."""

    wrong: float
    money: int
    waits_since: datetime | None = None


def harm(stake):
    """The expected harm in money's smallest unit; a vehicle that waits is not in it, but in `turn`."""
    return round(min(max(stake.wrong, 0.0), 1.0) * max(stake.money, 0))


def turn(stake):
    """Sort cases by this: who waits longest goes first, then the greatest harm."""
    if stake.waits_since is not None:
        return (0, stake.waits_since.timestamp())
    return (1, -harm(stake))


def wrong_of_doubt(kind):
    """How likely a stay with this doubt is wrong (0..1)."""
    return WRONG.get(kind, UNKNOWN)
