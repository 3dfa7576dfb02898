"""A second, blind look at a small sample of answers, and how well two people agree."""

from dataclasses import dataclass
from hashlib import blake2s
from statistics import median

ONE_IN = 50  # so many answers are checked by somebody else's


@dataclass(frozen=True)
class Agreement:
    """In `same` of `asked` cases two people said the same; `seconds` is the median for an answer,
    None without any."""

    answers: int
    asked: int
    same: int
    seconds: float | None

    @property
    def share(self):
        return self.same / self.asked if self.asked else None


def asked_twice(case):
    """Whether the case with this number is shown to a second reviewer: the same for ever, and not
    to be told from its number by who answers it."""
    return int.from_bytes(blake2s(str(case).encode()).digest()[:4], "big") % ONE_IN == 0


def agreement(seconds, agreed):
    """The `Agreement` of some answers: how long each took (seconds), and for each case among them
    that was asked twice whether both said the same."""
    return Agreement(
        answers=len(seconds),
        asked=len(agreed),
        same=sum(agreed),
        seconds=median(seconds) if seconds else None,
    )
