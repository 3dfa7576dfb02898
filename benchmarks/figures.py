"""What the benchmarks print of reads: scores, reliability, times, resident sizes. Plain Python."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path

FOLD = str.maketrans("OI", "01")  # truth written down by people mixes them
EDGES = (
    0.0,
    0.5,
    0.7,
    0.8,
    0.9,
    0.95,
    0.99,
)  # where bins of confidence begin; the top matters most


@dataclass(frozen=True)
class Answer:
    """What a pipeline said of one photograph or vehicle.

    `plate` is empty where it read none; `confidence` is 0..1 or None; `stages` holds milliseconds
    by the name of the stage.
    """

    truth: str
    plate: str
    confidence: float | None = None
    accepted: bool = False
    milliseconds: float = 0.0
    stages: dict = field(default_factory=dict)

    @property
    def exact(self):
        return squeezed(self.plate) == squeezed(self.truth)

    @property
    def folded(self):
        """Right with O as 0 and I as 1."""
        return squeezed(self.plate).translate(FOLD) == squeezed(self.truth).translate(FOLD)

    @property
    def accepted_wrong(self):
        return self.accepted and not self.folded


@dataclass(frozen=True)
class Score:
    """Shares (0..1) of all answers; times in milliseconds."""

    count: int
    exact: float
    folded: float
    accepted: float
    accepted_wrong: float
    median: float
    p95: float


@dataclass(frozen=True)
class Bin:
    """Reads whose confidence is at least `low` and less than `high`: how sure they said they are
    (`said`, the mean), and the share that was `right`."""

    low: float
    high: float
    count: int
    said: float
    right: float


def squeezed(text):
    return "".join(c for c in (text or "").upper() if c.isalnum())


def score(answers):
    """The `Score` of one answer or more."""
    times = [answer.milliseconds for answer in answers]
    return Score(
        count=len(answers),
        exact=_share(answer.exact for answer in answers),
        folded=_share(answer.folded for answer in answers),
        accepted=_share(answer.accepted for answer in answers),
        accepted_wrong=_share(answer.accepted_wrong for answer in answers),
        median=statistics.median(times),
        p95=percentile(times, 0.95),
    )


def percentile(numbers, share):
    """The number that `share` (0..1) of all do not exceed."""
    return sorted(numbers)[int(share * (len(numbers) - 1))]


def bins(answers):
    """The reliability table: a `Bin` for each stretch of confidence that has reads."""
    said = _with_confidence(answers)
    for low, high in zip(EDGES, (*EDGES[1:], 1.0001), strict=True):
        inside = [answer for answer in said if low <= answer.confidence < high]
        if inside:
            mean = statistics.fmean(answer.confidence for answer in inside)
            yield Bin(low, min(high, 1.0), len(inside), mean, _share(a.folded for a in inside))


def calibration_error(answers):
    """By how much confidence and truth differ in a read's bin, on average (0..1); None without reads."""
    found = list(bins(answers))
    count = sum(each.count for each in found)
    return (
        sum(each.count * abs(each.said - each.right) for each in found) / count if count else None
    )


def brier(answers):
    """The mean square of what confidence missed the truth by (0..1); None without reads."""
    said = _with_confidence(answers)
    return statistics.fmean((a.confidence - a.folded) ** 2 for a in said) if said else None


def stage_times(answers):
    """Milliseconds that each stage took, answer by answer; a stage left out took none."""
    names = dict.fromkeys(name for answer in answers for name in answer.stages)
    return {name: [answer.stages.get(name, 0.0) for answer in answers] for name in names}


def resident(process="self"):
    """The resident size of a process (its id, or "self") in MB."""
    return _memory(process, "VmRSS")


def most_resident(process="self"):
    """The largest that it has ever been, in MB."""
    return _memory(process, "VmHWM")


def _memory(process, name):
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return 0.0  # a process that has ended and is not yet buried


def _with_confidence(answers):
    return [answer for answer in answers if answer.plate and answer.confidence is not None]


def _share(truths):
    return statistics.fmean(map(float, truths))
