"""Terms and the facts of a stay in, the lines of its fee out. Money is integers in the smallest unit.

In this order, as docs/tariffs.md says in words: what the time costs (free time, the meter, an offer where it
is cheaper); what the vehicle's class and the permit's group pay of it; the charge for passing; least and
most; validations; rounding; tax.
"""

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from billing.rules import taxes
from billing.rules.clock import moment, on
from billing.rules.lines import Line, Rule, joined, kept, recalled, total
from billing.rules.meter import Meter
from billing.rules.stays import Earlier, Stay, Validated

DAY = timedelta(days=1)
MOST_FEE = (
    1_000_000_000  # no stay is ever asked for more, whatever its terms say: what a column holds
)
MINUTE = timedelta(minutes=1)

meter = lru_cache(maxsize=1000)(Meter)  # of terms, a zone and its holidays


def fee(terms, stay):
    """The lines of what a `Stay` costs by these `Terms`; their amounts add up to the fee, never below 0.

    Times join without a gap from the entry to `until`; the lines behind them, which change the price of
    the whole, have the times of the whole stay. An `until` before the entry counts as the entry.
    """
    if stay.until < stay.entered:
        stay = replace(stay, until=stay.entered)
    if not terms.combine and len(stay.validated) > 1:
        each = [fee(terms, replace(stay, validated=(one,))) for one in stay.validated]
        return min(each, key=total)
    lines = _time(terms, stay)
    if stay.covered and all(line.rule in COVERED for line in lines):
        return tuple(lines)  # no part of it is anybody's but the permit's
    return tuple(_whole(terms, stay, lines))


COVERED = (Rule.PERMIT, Rule.ENTITLED)


# what the time costs


def _time(terms, stay):
    """The lines of the time. Each part that is not covered is charged as a stay of its own.

    Who comes ten minutes before his permit and leaves ten minutes after it pays nothing, where so much is
    free. Where the parts are dearer than the whole stay would be for a visitor, the visitor's price
    counts: nobody pays for having a permit.
    """
    given = [one for one in stay.validated if one.kind == "minutes"]
    if not stay.covered:
        lines = _part(terms, stay, given)
    else:
        lines = _beside(terms, stay, given)
        visitors = _part(terms, stay.part(stay.entered, stay.until, stay.earlier), given)
        lines = visitors if total(visitors) < total(lines) else lines
    if stay.until - stay.entered <= stay.consideration and total(lines):
        return [Line(Rule.TURNED, stay.entered, stay.until, each=stay.consideration)]
    return lines


def _beside(terms, stay, given):
    lines, start = [], stay.entered
    for rule, begins, ends in stay.covered:
        if start < begins:
            lines += _part(terms, _between(stay, start, begins), given)
            given = _left(given, begins - start)
        lines.append(Line(rule, begins, ends))
        start = ends
    if start < stay.until:
        lines += _part(terms, _between(stay, start, stay.until), given)
    return lines


def _between(stay, start, end):
    return stay.part(start, end, stay.earlier if start == stay.entered else ())


def _left(given, used):
    """What remains of given minutes after a part of the stay."""
    left = []
    for one in given:
        spent = min(used // MINUTE, one.amount)
        used -= spent * MINUTE
        left.append(replace(one, amount=one.amount - spent))
    return left


def _part(terms, stay, given):
    """The lines of a stay without covered parts: its free time, then the meter, or an offer."""
    back = terms.no_return and _back(terms.no_return, stay)
    if not back:
        return _first(terms, stay, given)
    if terms.no_return.then == "no_free":
        again = Line(Rule.AGAIN, stay.entered, stay.entered, each=_minutes(terms.no_return))
        lines = _first(terms, stay, given, free=0)
        return [again, *lines] if terms.free.minutes else lines
    # As if it had come so much earlier as the earlier visit was long: that part is paid for.
    came = stay.entered - (back.left - back.entered)
    lines = _first(terms, stay.part(came, stay.until), given)
    paid_for = _first(terms, stay.part(came, stay.entered), [])
    off = min(total(paid_for), total(lines))
    line = Line(Rule.EARLIER, came, stay.until, 1, -off, back.left - back.entered)
    return [*lines, line] if off else lines


def _back(no_return, stay):
    """The stay that this one came back from too soon, or None."""
    within = _minutes(no_return)
    for one in stay.earlier:
        if timedelta(0) <= stay.entered - one.left < within:
            return one
    return None


def _minutes(clause):
    return timedelta(minutes=clause.minutes)


def _first(terms, stay, given, free=None):
    """Free time, then the meter; an offer for all of it where that is cheaper."""
    entered, until = stay.entered, stay.until
    free = terms.free.minutes if free is None else free
    length = timedelta(minutes=free)
    if until - entered <= length:
        return [Line(Rule.FREE, entered, until, each=length)]
    lines, start = [], entered
    if free and terms.free.when == "always":
        start = entered + length
        lines.append(Line(Rule.FREE, entered, start, each=length))
    for one in given:
        if start < until and one.amount > 0:
            each = timedelta(minutes=one.amount)
            end = min(start + each, until)
            lines.append(Line(Rule.MINUTES, start, end, each=each, name=one.name))
            start = end
    if start < until or not lines:
        runs = meter(terms, stay.zone, stay.holidays)
        earlier = _spent(stay) if runs.spend else ()
        lines += runs.lines(entered, start, until, earlier)
    if not terms.offers:
        return lines
    return _offered(terms, stay, lines)


def _spent(stay):
    return [(moment(one.entered), one.cost) for one in stay.earlier]


def _offered(terms, stay, lines):
    """The cheapest offer's line, where that is cheaper than these lines."""
    came = stay.entered.astimezone(stay.zone)
    left = stay.until.astimezone(stay.zone)
    fits = [one for one in terms.offers if _fits(one, came, left, stay.holidays)]
    best = min(fits, key=lambda one: one.price, default=None)
    if best is None or best.price >= total(lines):
        return lines
    return [Line(Rule.OFFER, stay.entered, stay.until, 1, best.price, name=best.name)]


def _fits(offer, came, left, holidays):
    """Whether a stay came and went at an offer's times, by what the clock showed, to the minute."""
    day = came.date()
    return (
        offer.in_from <= came.hour * 60 + came.minute <= offer.in_by
        and offer.out_from <= left.hour * 60 + left.minute <= offer.out_by
        and (left.date() - day).days == offer.nights
        and (not offer.days or on(offer.days, day, holidays))
    )


# what changes the price of the whole


def _whole(terms, stay, lines):
    """The lines, followed by those of all that changes the price of the whole."""
    due = total(lines)
    if due <= MOST_FEE and not terms.changes_the_whole and not stay.validated:
        return lines
    behind = _Behind(stay, due)
    behind.share(Rule.CLASS, terms.classes, stay.vehicle)
    behind.share(Rule.GROUP, terms.groups, stay.group)
    if terms.per_pass:
        behind.add(Rule.PASS, terms.per_pass)
    if terms.minimum and 0 < behind.due < terms.minimum:
        behind.add(Rule.MINIMUM, terms.minimum - behind.due, of=terms.minimum)
    most = min(terms.maximum or MOST_FEE, MOST_FEE)
    if behind.due > most:
        behind.add(Rule.MAXIMUM, most - behind.due, of=most)
    if stay.validated:
        behind.validated(terms.stacking, stay.validated)
    if terms.rounding:
        behind.rounded(terms.rounding)
    if terms.tax:
        behind.taxed(terms.tax)
    return [*lines, *behind.lines] if behind.lines else lines


class _Behind:
    """A price that is changed step by step; each change is a line."""

    def __init__(self, stay, due):
        self.stay, self.due, self.lines = stay, due, []

    def add(self, rule, amount, *, name="", of=0):
        if amount:
            line = Line(rule, self.stay.entered, self.stay.until, 1, amount, name=name, of=of)
            self.lines.append(line)
            self.due += amount

    def share(self, rule, shares, name):
        """So many percent of the price; half a penny is the driver's."""
        for share in shares:
            if share.name == name:
                self.add(
                    rule, self.due * share.percent // 100 - self.due, name=name, of=share.percent
                )

    def validated(self, stacking, given):
        for kind in stacking:
            for one in given:
                if one.kind == kind and kind != "minutes":
                    self.take_off(one)

    def take_off(self, one):
        amount = max(0, one.amount)
        if one.kind == "money":
            self.add(Rule.MONEY, -min(self.due, amount), name=one.name)
        else:
            percent = min(100, amount)
            left = self.due * (100 - percent) // 100
            self.add(Rule.PERCENT, left - self.due, name=one.name, of=percent)

    def rounded(self, rounding):
        up = {"down": 0, "nearest": rounding.to // 2, "up": rounding.to - 1}[rounding.how]
        to = (self.due + up) // rounding.to * rounding.to
        self.add(Rule.ROUNDED, to - self.due, of=rounding.to)

    def taxed(self, tax):
        """Added to the price; or, where it is in the price already, told: no units of so much."""
        if not self.due:
            return
        if tax.included:
            stay, amount = self.stay, taxes.included(self.due, tax.rate)
            line = Line(Rule.TAX, stay.entered, stay.until, 0, amount, name=tax.name, of=tax.rate)
            self.lines.append(line)
        else:
            self.add(Rule.TAX, taxes.added(self.due, tax.rate), name=tax.name, of=tax.rate)


__all__ = [
    "DAY",
    "MOST_FEE",
    "Earlier",
    "Line",
    "Rule",
    "Stay",
    "Validated",
    "fee",
    "joined",
    "kept",
    "recalled",
    "total",
]
