"""The lines that explain a fee: each has its rule, time, units and price; they always add up."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    # what costs nothing
    FREE = "free"
    PERMIT = "permit"
    ENTITLED = "entitled"  # a person's right, confirmed for this stay
    UNPRICED = "unpriced"  # the car park has no prices
    LEAVING = "leaving"  # the time to leave after paying
    TURNED = "turned"  # looked at the signs and left again, without parking
    MINUTES = "minutes"  # minutes given by a validation
    FREE_BAND = "free_band"
    AGAIN = "again"  # came back too soon for another free time
    # what is charged
    STEPS = "steps"
    TIERS = "tiers"
    FLAT = "flat"
    OFFER = "offer"
    PASS = "pass"  # noqa: S105 -- of a toll or a drop-off lane
    # the most of a period: in place of its charges, or (negative) taken off them
    DAY_CAP = "day_cap"
    CALENDAR_CAP = "calendar_cap"
    VEHICLE_CAP = "vehicle_cap"
    WINDOW_CAP = "window_cap"
    STAY_CAP = "stay_cap"
    BAND_CAP = "band_cap"
    # what changes the price of the whole
    EARLIER = "earlier"  # the visit just before is paid for
    CLASS = "class"
    GROUP = "group"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    PERCENT = "percent"
    MONEY = "money"
    ROUNDED = "rounded"
    TAX = "tax"


# They change the price of the whole stay: their time is the whole stay's.
OF_THE_WHOLE = frozenset(
    {Rule.EARLIER, Rule.CLASS, Rule.GROUP, Rule.PASS, Rule.MINIMUM, Rule.MAXIMUM}
    | {Rule.PERCENT, Rule.MONEY, Rule.ROUNDED, Rule.TAX}
)


class Line(NamedTuple):
    """One line of a fee: `units` at `rate` each, for the time from `start` to `end` (aware UTC).

    `each` is how long one unit is; of a free or a turned line, how long is free. `name` is the band's, the
    offer's, the shop's. `of` is the amount or the share that the rule itself names: of a cap the most
    it lets be asked, of a class the percentage that it pays, of a tax hundredths of a percent.
    """

    rule: Rule
    start: datetime
    end: datetime
    units: int = 0
    rate: int = 0
    each: timedelta | None = None
    name: str = ""
    of: int = 0

    @property
    def amount(self):
        return self.units * self.rate

    @property
    def timed(self):
        """Whether it is for a part of the time, and not for the whole stay."""
        return self.rule not in OF_THE_WHOLE

    @property
    def told(self):
        """Whether it asks for nothing, and only tells what is in the price already."""
        return self.rule == Rule.TAX and not self.units

    @property
    def words(self):
        """The template that says it, in the driver's words."""
        return f"billing/lines/{self.rule}.html"

    def joins(self, other):
        """Whether `other` goes on at the same price: a month is not thirty lines."""
        return (
            self.rule == other.rule
            and self.end == other.start
            and (self.rate, self.each, self.name, self.of)
            == (other.rate, other.each, other.name, other.of)
        )

    def climbs(self, other):
        """Whether `other` is the next row of the same table of prices: the board shows one price for both."""
        return (
            self.rule == other.rule == Rule.TIERS
            and self.end == other.start
            and self.name == other.name
            and self.each < other.each
        )


def total(lines):
    return sum([line.units * line.rate for line in lines])


def joined(lines):
    """The same in as few lines as say it: rows of one table first, then what is alike."""
    climbed = []
    for line in lines:
        if climbed and climbed[-1].climbs(line):
            last = climbed.pop()
            line = line._replace(start=last.start, rate=last.rate + line.rate)
        climbed.append(line)
    told = []
    for line in climbed:
        if told and told[-1].joins(line):
            last = told.pop()
            line = last._replace(end=line.end, units=last.units + line.units)
        told.append(line)
    return told


def kept(line):
    """A line as plain values that JSON can keep: the facts that a receipt is printed from."""
    return {
        "rule": line.rule.value,
        "start": line.start.isoformat(),
        "end": line.end.isoformat(),
        "units": line.units,
        "rate": line.rate,
        "each": None if line.each is None else line.each.total_seconds(),
        "name": line.name,
        "of": line.of,
    }


def recalled(facts):
    """The line that `kept` these facts, by this version or an earlier one."""
    return Line(
        Rule(facts["rule"]),
        datetime.fromisoformat(facts["start"]),
        datetime.fromisoformat(facts["end"]),
        facts["units"],
        facts["rate"],
        None if facts["each"] is None else timedelta(seconds=facts["each"]),
        facts.get("name", ""),
        facts.get("of", 0),
    )
