"""Times in, fee lines out. Money is integers in the currency's smallest unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Rule(StrEnum):
    FREE = "free"
    PERMIT = "permit"
    STEPS = "steps"
    DAY_CAP = "day_cap"


@dataclass(frozen=True)
class Line:
    """One line of a fee: `units` at `rate` each, for the time from `start` to `end` (aware UTC)."""

    rule: Rule
    start: datetime
    end: datetime
    units: int = 0
    rate: int = 0

    @property
    def amount(self):
        return self.units * self.rate


def fee(tariff, entered, leaving):
    """The lines that explain a stay's fee; their amounts add up to it.

    `tariff` has `free`, `step` (timedeltas), `step_price` and `day_cap` (smallest unit). Both times
    are aware UTC. A stay of exactly the free time is free; longer ones pay from the first minute.
    Each 24 hours from the entry cost at most the cap.
    """
    if leaving - entered <= tariff.free:
        return [Line(Rule.FREE, entered, leaving)]
    lines = []
    start = entered
    while start < leaving:
        end = min(start + DAY, leaving)
        lines.append(_day(tariff, start, end))
        start = end
    return _joined(lines)


def total(lines):
    return sum(line.amount for line in lines)


def _day(tariff, start, end):
    """The fee of at most 24 hours: steps once begun, or the cap where that is cheaper."""
    steps = -((start - end) // tariff.step)  # rounds up: a step once begun counts whole
    if steps * tariff.step_price >= tariff.day_cap:
        return Line(Rule.DAY_CAP, start, end, 1, tariff.day_cap)
    return Line(Rule.STEPS, start, end, steps, tariff.step_price)


def _joined(lines):
    """Days that cost the same cap become one line: a month in a car park is not thirty lines."""
    joined = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and last.rule == line.rule == Rule.DAY_CAP:
            line = Line(line.rule, last.start, line.end, last.units + line.units, line.rate)
            joined.pop()
        joined.append(line)
    return joined
