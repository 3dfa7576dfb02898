"""A second opinion on prices: minute by minute, from the words of docs/tariffs.md alone.

Written apart from the engine, of which it shares only the shapes of terms and stays; slow and plain. It
looks at each minute of a stay and asks whether something new is owed. Stays must begin on a whole minute.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from billing.rules.clauses import Flat, Nothing, Steps, Tiers

MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Clock:
    """What a car park's clock has shown at most, at each minute from `first` (aware UTC) on."""

    def __init__(self, zone, first, minutes):
        self.zone, self.first = zone, first
        most, self.shown = datetime.min, []
        for n in range(minutes):
            now = (first + n * MINUTE).astimezone(zone).replace(tzinfo=None)
            most = max(most, now)
            self.shown.append((most.date(), most.hour * 60 + most.minute))

    def minute(self, at):
        """The number of the minute of an aware time."""
        return (at - self.first) // MINUTE


class Oracle:
    """Prices stays by some terms in one place; `price(stay)` in the smallest unit."""

    def __init__(self, terms, clock, holidays):
        self.terms, self.clock, self.holidays = terms, clock, holidays
        self.days = {}
        days = {day: self._day(day) for day in {day for day, _ in clock.shown}}
        self.bands = [days[day][minute] for day, minute in clock.shown]

    def _day(self, day):
        """Which band holds at each minute of a day that the clock shows; days alike are looked at once."""
        before = day - timedelta(days=1)
        named = tuple((self._named(one, day), self._named(one, before)) for one in self.terms.bands)
        if named not in self.days:
            self.days[named] = [self._band(named, minute) for minute in range(1440)]
        return self.days[named]

    def _band(self, named, minute):
        for number, (band, (today, yesterday)) in enumerate(
            zip(self.terms.bands, named, strict=True)
        ):
            start, end = band.start or 0, band.end or 0
            if end > start:
                holds = today and start <= minute < end
            else:
                holds = (today and minute >= start) or (yesterday and minute < end)
            if holds:
                return number
        raise AssertionError("no band holds")

    def _named(self, one, day):
        dates = getattr(one, "dates", ())
        if dates:
            return any(a <= day <= b for a, b in dates)
        if not one.days:
            return True
        return NAMES[day.weekday()] in one.days or ("holiday" in one.days and day in self.holidays)

    # 1. what the time costs

    def price(self, stay):
        terms = self.terms
        if stay.until < stay.entered:
            return self._again(stay, until=stay.entered)
        if not terms.combine and len(stay.validated) > 1:
            return min(self._again(stay, validated=(one,)) for one in stay.validated)
        whole_is_covered = (
            stay.covered
            and stay.covered[0][1] <= stay.entered
            and stay.covered[-1][2] >= stay.until
            and all(a[2] == b[1] for a, b in pairwise(stay.covered))
        )
        if whole_is_covered:
            return 0
        return self._whole(stay, self._time(stay))

    def _again(self, stay, **changed):
        facts = {name: getattr(stay, name) for name in stay.__slots__} | changed
        return self.price(type(stay)(**facts))

    def _time(self, stay):
        if stay.until - stay.entered <= stay.consideration:
            return 0
        minutes = sum(one.amount for one in stay.validated if one.kind == "minutes")
        as_visitor = self._part(stay, stay.entered, stay.until, minutes)
        if not stay.covered:
            return as_visitor
        together, at = 0, stay.entered
        for _, start, end in stay.covered:
            if start > at:
                together += self._part(stay, at, start, minutes)
                minutes = max(0, minutes - (start - at) // MINUTE)
            at = end
        if stay.until > at:
            together += self._part(stay, at, stay.until, minutes)
        return min(together, as_visitor)

    def _part(self, stay, start, end, minutes):
        rule = self.terms.no_return
        free = self.terms.free.minutes
        earlier = stay.earlier if start == stay.entered else ()
        if rule:
            for one in earlier:
                away = start - one.left
                if timedelta(0) <= away < rule.minutes * MINUTE:
                    if rule.then == "no_free":
                        return self._cheapest(start, end, 0, minutes, earlier)
                    came = start - (one.left - one.entered)
                    before = self._cheapest(came, start, free, 0, ())
                    return max(0, self._cheapest(came, end, free, minutes, ()) - before)
        return self._cheapest(start, end, free, minutes, earlier)

    def _cheapest(self, start, end, free, minutes, earlier):
        if end - start <= free * MINUTE:
            return 0
        prices = [self._metered(start, end, free, minutes, earlier)]
        came, left = start.astimezone(self.clock.zone), end.astimezone(self.clock.zone)
        for offer in self.terms.offers:
            nights = (left.date() - came.date()).days
            in_time = offer.in_from <= came.hour * 60 + came.minute <= offer.in_by
            out_time = offer.out_from <= left.hour * 60 + left.minute <= offer.out_by
            if in_time and out_time and nights == offer.nights and self._named(offer, came.date()):
                prices.append(offer.price)
        return min(prices)

    def _metered(self, entered, end, free, minutes, earlier):
        """Minute after minute: does a unit begin in it, and what is it still allowed to cost?"""
        terms, bands = self.terms, self.bands
        begin = self.clock.minute(entered)
        start = begin + minutes + (free if terms.free.when == "always" else 0)
        last = -((self.clock.first - end) // MINUTE) - 1  # the last minute with time in it
        if start > max(last, begin):
            return 0
        # A unit is owed by who stays longer than its beginning and the grace.
        owed_to = last - terms.grace_at_end
        cuts, charged = terms.crossing == "split", {}
        total, unit_end, unit_piece = 0, -1, -1
        piece, came_in = 0, {}
        ends_with_band = False
        for minute in range(start, max(last, start) + 1):
            band = bands[minute]
            if minute > start and band != bands[minute - 1]:
                piece += 1
            if minute > start:
                moved = piece != unit_piece
                over = moved if ends_with_band else minute >= unit_end or (cuts and moved)
                if not over:
                    continue
                if minute > owed_to:
                    break
            unit_piece = piece
            came_in.setdefault(piece, minute)
            charge, price = terms.bands[band].charge, 0
            ends_with_band = isinstance(charge, Flat | Nothing)
            if isinstance(charge, Flat):
                price = charge.price
            elif isinstance(charge, Steps):
                price, unit_end = charge.price, minute + charge.minutes
            elif isinstance(charge, Tiers):
                origin = start if terms.tiers_count == "stay" else came_in[piece]
                price, unit_end = self._row(charge, minute, origin)
            total += self._allowed(price, minute, begin, piece, band, charged, earlier)
        return total

    @staticmethod
    def _row(table, minute, origin):
        """Price and end of the unit of a table that begins in this minute."""
        gone, length = minute - origin, table.tiers[-1].up_to
        if gone >= length and table.then is not None:
            return table.then.price, minute + table.then.minutes
        round_begins = origin + gone // length * length
        before = 0
        for row in table.tiers:
            if round_begins + row.up_to > minute:
                return row.price - before, round_begins + row.up_to
            before = row.price
        raise AssertionError("no row")

    def _allowed(self, price, minute, begin, piece, band, charged, earlier):
        """What of a price all caps of this minute's periods leave; it is counted in all of them."""
        keys = []
        if self.terms.bands[band].cap is not None:
            keys.append((("band", piece), self.terms.bands[band].cap))
        for number, cap in enumerate(self.terms.caps):
            period = self._period(cap, minute, begin)
            if period is None:
                continue
            key = (number, period)
            if cap.per == "vehicle_day" and key not in charged:
                same_day = [
                    one.cost
                    for one in earlier
                    if self._period(cap, self.clock.minute(one.entered), begin) == period
                ]
                charged[key] = min(cap.amount, sum(same_day))
            keys.append((key, cap.amount))
        for key, amount in keys:
            price = min(price, amount - charged.get(key, 0))
        for key, _ in keys:
            charged[key] = charged.get(key, 0) + price
        return price

    def _period(self, cap, minute, begin):
        """A name for the period of a cap in which a minute lies; None outside its window."""
        day, shown = self.clock.shown[minute]
        yesterday = day - timedelta(days=1)
        if cap.per == "stay":
            return "stay"
        if cap.per == "24h":
            return (minute - begin) // 1440
        if cap.per in ("calendar_day", "vehicle_day"):
            return day if shown >= (cap.resets_at or 0) else yesterday
        if cap.end > cap.start:
            return day if cap.start <= shown < cap.end else None
        if shown >= cap.start:
            return day
        return yesterday if shown < cap.end else None

    # 2. to 7.

    def _whole(self, stay, price):
        terms = self.terms
        for shares, name in ((terms.classes, stay.vehicle), (terms.groups, stay.group)):
            for share in shares:
                if share.name == name:
                    price = price * share.percent // 100
        price += terms.per_pass
        if price and terms.minimum:
            price = max(price, terms.minimum)
        price = min(price, terms.maximum or 1_000_000_000, 1_000_000_000)
        for kind in terms.stacking:
            for one in stay.validated:
                if one.kind == kind == "percent":
                    price = price * (100 - min(one.amount, 100)) // 100
                elif one.kind == kind == "money":
                    price = max(0, price - one.amount)
        if terms.rounding:
            to, rest = terms.rounding.to, price % terms.rounding.to
            if rest:
                half = 2 * rest >= to
                up = {"down": False, "up": True, "nearest": half}[terms.rounding.how]
                price += to - rest if up else -rest
        if terms.tax and not terms.tax.included:
            exact = price * terms.tax.rate
            price += exact // 10_000 + (1 if exact % 10_000 >= 5_000 else 0)
        return price
