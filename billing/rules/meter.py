"""The meter: what time costs, as it runs. Moments are microseconds (see clock.py), money smallest units.

Time is charged in units: a step, a row of a table of prices, a band's flat price. A unit is owed once it has
begun, by the band in which it began and within the caps of the periods in which it began: of each unit
is asked what all of these caps still let be asked. So no cap is ever exceeded, and nobody pays less for
staying longer.
"""

from bisect import bisect_right
from datetime import timedelta
from itertools import pairwise

from billing.rules.clauses import Cap, Flat, Steps, Tiers
from billing.rules.clock import DAY, EVER, MINUTE, Hours, moment, time_at
from billing.rules.lines import Line, Rule, joined

WHOLE_DAY = timedelta(days=1)
CAP_RULES = {  # the widest first: where several caps were reached, the widest explains the whole
    "stay": Rule.STAY_CAP,
    "24h": Rule.DAY_CAP,
    "calendar_day": Rule.CALENDAR_CAP,
    "vehicle_day": Rule.VEHICLE_CAP,
    "window": Rule.WINDOW_CAP,
    "band": Rule.BAND_CAP,
}
RANKS = {per: rank for rank, per in enumerate(CAP_RULES)}


class Charge:
    """Units of one price that began in a row, and what was asked of it: less where a cap was reached."""

    __slots__ = ("asked", "cap", "each", "end", "name", "rate", "rule", "start", "units")

    def __init__(self, rule, start, end, units, rate, each, name):
        self.rule, self.start, self.end = rule, start, end
        self.units, self.rate, self.each, self.name = units, rate, each, name
        self.asked, self.cap = units * rate, None


class Room:
    """What one cap still lets be asked in its present period, and which charges began in it."""

    __slots__ = ("cap", "counts", "end", "first", "left", "number", "reached")

    def __init__(self, cap, number):
        self.cap, self.number = cap, number
        self.counts, self.end, self.left = False, -EVER, cap.amount
        self.first, self.reached = 0, False


class Table:
    """A table of prices made ready: where its rows end (microseconds), and what each row adds."""

    def __init__(self, tiers):
        self.ends = [row.up_to * MINUTE for row in tiers.tiers]
        self.lengths = [timedelta(minutes=row.up_to) for row in tiers.tiers]
        prices = [0, *(row.price for row in tiers.tiers)]
        self.adds = [after - before for before, after in pairwise(prices)]
        self.then = tiers.then

    def row(self, elapsed):
        """The row in which a unit begins so long after the first: (its number, where it ends), or None."""
        last = self.ends[-1]
        again = 0
        if elapsed >= last:
            if self.then is not None:
                return None
            again, elapsed = elapsed - elapsed % last, elapsed % last
        number = bisect_right(self.ends, elapsed)
        return number, again + self.ends[number]


class Meter:
    """The meter of some terms, for one zone and its holidays."""

    def __init__(self, terms, zone, holidays):
        self.bands, self.caps = terms.bands, terms.caps
        self.hours = Hours(terms.bands, terms.caps, zone, holidays)
        self.runs_on = terms.crossing == "runs_on"
        self.by_stay = terms.tiers_count == "stay"
        self.grace = terms.grace_at_end * MINUTE
        self.tables = [
            Table(band.charge) if isinstance(band.charge, Tiers) else None for band in terms.bands
        ]
        steps = [self._steps(band.charge) for band in terms.bands]
        self.steps = [
            (one.minutes * MINUTE, one.price, timedelta(minutes=one.minutes)) if one else None
            for one in steps
        ]
        self.spend = any(cap.per == "vehicle_day" for cap in terms.caps)

    @staticmethod
    def _steps(charge):
        if isinstance(charge, Tiers):
            return charge.then
        return charge if isinstance(charge, Steps) else None

    def lines(self, entered, start, until, earlier=()):
        """The lines of the time from `start` to `until` of a stay that came in at `entered` (aware UTC).

        `earlier`: (moment of entry, cost) of the vehicle's stays before, for caps of a vehicle's day.
        """
        begun, ended = moment(start), moment(until)
        came = begun if start is entered else moment(entered)
        self.hours.cover(came, ended)
        charges, reached = self._run(came, begun, ended, earlier)
        charges[-1].end = ended
        clock = {begun: start, ended: until}
        lines = self._told(charges, reached, clock)
        return joined(lines) if len(lines) > 1 else lines

    def _run(self, came, start, until, earlier):
        """All charges, and the periods whose cap was reached: (rank, first charge, last charge, cap)."""
        end = max(until - self.grace, start + 1)  # the first unit is owed by whoever parks at all
        charges, reached = [], []
        rooms = [Room(cap, number) for number, cap in enumerate(self.caps)]
        at, leaves_band = start, -EVER
        band = in_band = room_of_band = None
        while at < end:
            if at >= leaves_band:
                number, leaves_band = self.hours.piece(at)
                band, in_band = self.bands[number], at
                if room_of_band is not None:
                    self._turned(room_of_band, charges, reached)
                    rooms.pop()
                room_of_band = self._room_of(band, leaves_band, charges)
                if room_of_band is not None:
                    rooms.append(room_of_band)
            border = leaves_band if leaves_band < end else end
            for room in rooms:
                if at >= room.end:
                    self._turned(room, charges, reached)
                    self._turn(room, at, came, earlier, len(charges))
                if room.end < border:
                    border = room.end
            charge = self._charge(number, at, in_band, border, leaves_band, start)
            if rooms and charge.asked:
                _hold(charge, rooms)
            charges.append(charge)
            at = charge.end
            if charge.end > until:
                charge.end = until
        for room in rooms:
            self._turned(room, charges, reached)
        return charges, reached

    def _charge(self, number, at, in_band, border, leaves_band, start):
        """The units that begin from `at` to before `border`; of a table one row."""
        band = self.bands[number]
        kind = type(band.charge)
        steps = self.steps[number]
        if kind is Tiers:
            origin = start if self.by_stay else in_band
            found = self.tables[number].row(at - origin)
            if found:
                row, ends = found
                table = self.tables[number]
                end = self._cut(origin + ends, leaves_band)
                each = table.lengths[row]
                return Charge(Rule.TIERS, at, end, 1, table.adds[row], each, band.name)
        if steps:
            length, price, each = steps
            units = -((at - border) // length)  # rounds up: a step once begun counts whole
            end = self._cut(at + units * length, leaves_band)
            return Charge(Rule.STEPS, at, end, units, price, each, band.name)
        if kind is Flat:
            # Once, at coming in: behind it there is nothing more to ask for in this band.
            return Charge(Rule.FLAT, at, leaves_band, 1, band.charge.price, None, band.name)
        return Charge(Rule.FREE_BAND, at, leaves_band, 0, 0, None, band.name)

    def _cut(self, end, leaves_band):
        return end if self.runs_on or end < leaves_band else leaves_band

    def _room_of(self, band, leaves_band, charges):
        if band.cap is None:
            return None
        room = Room(Cap("band", band.cap), None)
        room.counts, room.end, room.first = True, leaves_band, len(charges)
        return room

    def _turn(self, room, at, came, earlier, first):
        """The cap's next period begins."""
        cap = room.cap
        room.first, room.reached, room.left, room.counts = first, False, cap.amount, True
        if cap.per == "24h":
            room.end = came + ((at - came) // DAY + 1) * DAY
        elif cap.per == "stay":
            room.end = EVER
        else:
            room.counts, begins, room.end = self.hours.period(room.number, at)
            if cap.per == "vehicle_day":
                spent = sum(cost for entered, cost in earlier if begins <= entered < room.end)
                room.left = max(0, cap.amount - spent)

    @staticmethod
    def _turned(room, charges, reached):
        """The cap's period has ended."""
        if room.reached:
            reached.append((RANKS[room.cap.per], room.first, len(charges) - 1, room.cap))
            room.reached = False

    def _told(self, charges, reached, clock):
        """Lines: a cap that was reached stands for all of its period, where nothing else does already."""
        if not reached:
            return [_line(one, clock) for one in charges]
        stands = {}
        for _, first, last, cap in sorted(reached, key=lambda one: one[:3]):
            if all(number not in stands for number in range(first, last + 1)):
                stands.update(dict.fromkeys(range(first, last + 1), (first, last, cap)))
        lines, number = [], 0
        while number < len(charges):
            if number in stands:
                first, last, cap = stands[number]
                whole = charges[first : last + 1]
                asked = sum(one.asked for one in whole)
                lines.append(_cap_line(cap, whole[0], whole[-1].end, asked, clock))
                number = last + 1
                continue
            one = charges[number]
            lines.append(_line(one, clock))
            if one.cap:
                off = one.asked - one.units * one.rate
                lines.append(_cap_line(one.cap, one, one.end, off, clock))
            number += 1
        return lines


def _hold(charge, rooms):
    """Ask of a charge what all caps let be asked."""
    asked = charge.asked
    for room in rooms:
        if room.counts and room.left < asked:
            asked, charge.cap = room.left, room.cap
    for room in rooms:
        if room.counts:
            if charge.asked > asked == room.left:
                room.reached = True
            room.left -= asked
    charge.asked = asked


def _line(one, clock):
    start = clock.get(one.start) or _at(one.start, clock)
    end = clock.get(one.end) or _at(one.end, clock)
    return Line(one.rule, start, end, one.units, one.rate, one.each, one.name)


def _cap_line(cap, first, end, amount, clock):
    each = WHOLE_DAY if cap.per == "24h" else None
    name = first.name if cap.per == "band" else ""
    start, end = _at(first.start, clock), _at(end, clock)
    return Line(CAP_RULES[cap.per], start, end, 1, amount, each, name, cap.amount)


def _at(moment, clock):
    if moment not in clock:
        clock[moment] = time_at(moment)
    return clock[moment]
