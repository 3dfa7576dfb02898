"""What prices are checked for whenever they are saved, with an example stay for all that is found.

Each check tries stays minute by minute. `price(entered, until)` says what a stay costs (smallest unit), with
both times aware in the car park's zone; `money` puts an amount in words; `monday` is the date of a Monday.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from billing.rules.clauses import Flat, Steps, Tiers

MINUTE = timedelta(minutes=1)
HOUR = 60
LONGEST = 25 * HOUR  # minutes that are tried one by one
CALENDAR = ("calendar_day", "vehicle_day")  # their day begins by the clock
DAYS = ("24h", *CALENDAR)
# Comings that are tried: day of the week, hour, minute.
TRIED = ((0, 9, 0), (0, 20, 45), (4, 16, 30), (5, 11, 0), (6, 22, 0))
EVENING = time(20, 45)
EVENINGS = (0, 4, 5, 6)  # days of the week
HALF_A_DAY = 12 * HOUR
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Finding:
    """`state`: "held"; "warned", which has to be acknowledged (`asks`); "refused", which is not saved."""

    state: str
    words: str
    example: str = ""
    asks: str = ""


def checks(terms, price, zone, monday, money):
    """What was found of these `Terms`: one `Finding` for each check, and more where it found more."""
    tried = [_tried(price, zone, monday, *coming) for coming in TRIED]
    return (
        _monotone(terms, tried, money),
        _caps(terms, tried, money),
        _jumps(terms, tried, money),
        _borders(terms, price, zone, monday, money),
        _midnight(terms, price, zone, monday, money),
    )


def _tried(price, zone, monday, day, hour, minute):
    """When it comes in, and what it costs by minutes of stay."""
    entered = datetime.combine(monday + timedelta(days=day), time(hour, minute), zone)
    return entered, [price(entered, _after(entered, minutes)) for minutes in range(LONGEST + 1)]


def _after(moment, minutes):
    """So many minutes later, whatever clocks are changed meanwhile."""
    return datetime.fromtimestamp(moment.timestamp() + minutes * 60, moment.tzinfo)


def _monotone(terms, tried, money):
    if terms.declared_not_monotone:
        return Finding("held", "A longer stay may cost less: that is declared.")
    for entered, costs in tried:
        for minutes in range(LONGEST):
            if costs[minutes + 1] < costs[minutes]:
                return Finding(
                    "refused",
                    "A longer stay costs less. Change that, or declare it below Tax, rounding.",
                    _example(entered, minutes, costs, money),
                )
    return Finding("held", "A longer stay never costs less.")


def _caps(terms, tried, money):
    """What a stay may cost in its first 24 hours and altogether, besides a charge for passing and tax."""
    days = [cap.amount for cap in terms.caps if cap.per == "24h"]
    stays = [cap.amount for cap in terms.caps if cap.per == "stay"]
    whole = min([*stays, *filter(None, [terms.maximum])], default=None)
    if not days and whole is None:
        return Finding("held", "No most is set for a stay or for 24 hours.")
    most = min([*days, *([] if whole is None else [whole])])
    allowed = _with_extras(terms, most)
    for entered, costs in tried:
        if costs[24 * HOUR] > allowed:
            return Finding(
                "refused",
                f"A stay of 24 hours costs more than the most of {money(most)}.",
                _example(entered, 24 * HOUR - 1, costs, money),
            )
    return Finding("held", f"24 hours never cost more than {money(most)}.")


def _with_extras(terms, amount):
    amount += terms.per_pass + (terms.rounding.to if terms.rounding else 0)
    if terms.tax and not terms.tax.included:
        amount += -(-amount * terms.tax.rate // 10_000)
    return amount


def _jumps(terms, tried, money):
    """A minute more costs at most one step, one row of a table or one flat price more."""
    unit = _with_extras(terms, dearest(terms))
    worst = None
    for entered, costs in tried:
        for minutes in range(1, LONGEST):
            jump = costs[minutes + 1] - costs[minutes]
            if jump > unit and (worst is None or jump > worst[0]):
                worst = jump, entered, minutes, costs
    if worst is None:
        return Finding("held", f"A minute more never costs more than {money(unit)} more.")
    jump, entered, minutes, costs = worst
    return Finding(
        "warned",
        f"One minute more can cost {money(jump)} more, which is more than one step.",
        _example(entered, minutes, costs, money),
        "I have seen that jump, and it is meant so.",
    )


def dearest(terms):
    """The most that one step, one row of a table or one flat price costs (smallest unit)."""
    return max(_unit(band.charge) for band in terms.bands)


def _unit(charge):
    if isinstance(charge, Tiers):
        prices = [0, *(tier.price for tier in charge.tiers)]
        rises = [after - before for before, after in pairwise(prices)]
        return max([*rises, charge.then.price if charge.then else prices[1]])
    return charge.price if isinstance(charge, (Steps, Flat)) else 0


def _borders(terms, price, zone, monday, money):
    """Who comes a minute before or after a border pays at most one step more or less for as long a stay."""
    unit, clocks = _with_extras(terms, dearest(terms)), _clocks(terms)
    if not clocks:
        return Finding("held", "Prices change at no time of the day.")
    for clock in clocks:
        border = datetime.combine(monday + timedelta(days=1), time(clock // 60, clock % 60), zone)
        for minutes in (HOUR // 2, 2 * HOUR, 5 * HOUR):
            costs = [price(_after(border, at), _after(border, at + minutes)) for at in (-1, 0)]
            if abs(costs[1] - costs[0]) > unit:
                return Finding(
                    "warned",
                    f"Who comes a minute before {border:%H:%M} or at it pays very differently.",
                    f"{minutes} min from {_after(border, -1):%H:%M} cost {money(costs[0])}, "
                    f"from {border:%H:%M} {money(costs[1])}.",
                    f"I have seen what changes at {border:%H:%M}, and it is meant so.",
                )
    return Finding("held", "A minute before or after prices change makes at most one step.")


def _clocks(terms):
    """The minutes of the day at which something changes."""
    rules = [*terms.bands, *terms.caps]
    clocks = {at for rule in rules for at in (rule.start, rule.end)}
    clocks |= {cap.resets_at or 0 for cap in terms.caps if cap.per in CALENDAR}
    return sorted(clocks - {None})


def _midnight(terms, price, zone, monday, money):
    """The midnight trap: an evening is charged as a whole day, and the next day begins again soon after."""
    for day in EVENINGS:
        entered = datetime.combine(monday + timedelta(days=day), EVENING, zone)
        whole = _whole_day(terms, price, zone, monday + timedelta(days=day))
        costs = [price(entered, _after(entered, minutes)) for minutes in range(HALF_A_DAY + 1)]
        over = next((m for m, cost in enumerate(costs) if whole and cost > whole), None)
        if over is not None:
            reached = next(m for m, cost in enumerate(costs) if cost >= whole)
            return _trap(entered, reached, over, costs, whole, money)
    return Finding("held", "An evening is never charged as more than a whole day.")


def _whole_day(terms, price, zone, day):
    """The most of a day, where there is one; else what twelve hours of the day cost."""
    caps = [cap.amount for cap in terms.caps if cap.per in DAYS]
    morning = datetime.combine(day, time(9), zone)
    return _with_extras(terms, min(caps)) if caps else price(morning, _after(morning, HALF_A_DAY))


def _trap(entered, reached, over, costs, whole, money):
    named = f"comes on a {NAMES[entered.weekday()]} at {entered:%H:%M}"
    return Finding(
        "warned",
        f"The midnight trap: who {named} has paid for a whole day, {money(costs[reached])}, by "
        f"{_after(entered, reached):%H:%M}, and is charged anew soon after.",
        f"Until {_after(entered, over):%H:%M} it costs {money(costs[over])}, until "
        f"{_after(entered, HALF_A_DAY):%H:%M} {money(costs[-1])}; a whole day costs {money(whole)}.",
        f"I know that who comes at {entered:%H:%M} pays more than a whole day by the next morning.",
    )


def _example(entered, minutes, costs, money):
    """Two stays that are one minute apart."""
    first, second = _after(entered, minutes), _after(entered, minutes + 1)
    return (
        f"In on {NAMES[entered.weekday()]} at {entered:%H:%M}: out at {first:%H:%M} for "
        f"{money(costs[minutes])}, at {second:%H:%M} for {money(costs[minutes + 1])}."
    )
