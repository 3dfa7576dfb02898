"""Times in, fee lines out. Money is integers in the currency's smallest unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Rule(StrEnum):
    FREE = "free"
    PERMIT = "permit"
    ENTITLED = "entitled"  # a person's right, confirmed for this stay
    STEPS = "steps"
    DAY_CAP = "day_cap"
    UNPRICED = "unpriced"  # the car park has no prices
    LEAVING = "leaving"  # the time to leave after paying
    TURNED = "turned"  # looked at the signs and left again, without parking


@dataclass(frozen=True)
class Line:
    """One line of a fee: `units` at `rate` each, for the time from `start` to `end` (aware UTC).

    `each` is how long one unit is; of a free or a turned line, how long is free.
    """

    rule: Rule
    start: datetime
    end: datetime
    units: int = 0
    rate: int = 0
    each: timedelta | None = None

    @property
    def amount(self):
        return self.units * self.rate

    def joins(self, other):
        """Whether `other` goes on at the same price: a month is not thirty lines."""
        return (self.rule, self.rate, self.each) == (other.rule, other.rate, other.each)


def fee(tariff, entered, leaving):
    """The lines that explain a stay's fee; their amounts add up to it.

    `tariff`: its `Terms`. Both times are aware UTC. A stay of exactly the free time is free; longer
    ones pay from the first minute. Each 24 hours from the entry cost at most the cap.
    """
    free = timedelta(minutes=tariff.free.minutes)
    if leaving - entered <= free:
        return [Line(Rule.FREE, entered, leaving, each=free)]
    lines = []
    start = entered
    while start < leaving:
        end = min(start + DAY, leaving)
        lines.append(_day(tariff, start, end))
        start = end
    return _joined(lines)


def fee_beside(tariff, entered, leaving, covered):
    """The lines of a stay of which some parts are `covered`: (rule, start, end), in order and apart.

    Each part that is not covered is charged as a stay of its own, with its own free time: who comes
    ten minutes before his permit and leaves ten minutes after it pays nothing. Where that is dearer
    than the whole stay would be for a visitor (two parts of one day, each up to the cap), the
    visitor's price counts: nobody pays for having a permit.
    """
    lines, start = [], entered
    for rule, begins, ends in covered:
        if start < begins:
            lines += fee(tariff, start, begins)
        lines.append(Line(rule, begins, ends))
        start = ends
    if start < leaving or not covered:
        lines += fee(tariff, start, leaving)
    visitors = fee(tariff, entered, leaving)
    return visitors if total(visitors) < total(lines) else lines


def considered(consideration, entered, leaving):
    """The line of who left within the time to consider whether to park; None for who stayed longer."""
    if leaving - entered > consideration:
        return None
    return Line(Rule.TURNED, entered, leaving, each=consideration)


def total(lines):
    return sum(line.amount for line in lines)


def kept(line):
    """A line as plain values that JSON can keep: the facts that a receipt is printed from."""
    return {
        "rule": line.rule.value,
        "start": line.start.isoformat(),
        "end": line.end.isoformat(),
        "units": line.units,
        "rate": line.rate,
        "each": None if line.each is None else line.each.total_seconds(),
    }


def recalled(facts):
    """The line that `kept` these facts."""
    return Line(
        Rule(facts["rule"]),
        datetime.fromisoformat(facts["start"]),
        datetime.fromisoformat(facts["end"]),
        facts["units"],
        facts["rate"],
        None if facts["each"] is None else timedelta(seconds=facts["each"]),
    )


def _day(tariff, start, end):
    """The fee of at most 24 hours: steps once begun, or the cap where that is cheaper."""
    charge, cap = tariff.bands[-1].charge, tariff.caps[0].amount
    step = timedelta(minutes=charge.minutes)
    steps = -((start - end) // step)  # rounds up: a step once begun counts whole
    if steps * charge.price >= cap:
        return Line(Rule.DAY_CAP, start, end, 1, cap, DAY)
    return Line(Rule.STEPS, start, end, steps, charge.price, step)


def _joined(lines):
    joined = []
    for line in lines:
        if joined and joined[-1].joins(line):
            last = joined.pop()
            line = Line(
                line.rule, last.start, line.end, last.units + line.units, line.rate, line.each
            )
        joined.append(line)
    return joined
