"""When the car park's clock passes its borders. Moments are whole microseconds of UTC since 1970.

A border falls at the first moment at which the clock shows its time or a later one. So in the night when
the clock is put back, what it shows a second time changes nothing; and a time that it jumps over passes
when it jumps.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from billing.rules.clauses import DAY_MINUTES, HOLIDAY, WEEKDAYS

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = DAY_MINUTES * MINUTE
EVER = 1 << 62  # after all times
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=14)  # how much more than asked for is looked up at once


def moment(at):
    """Of an aware time."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def time_at(moment):
    """The aware UTC time of a moment."""
    return EPOCH + timedelta(0, 0, moment)


def border(zone, day, minute):
    """The first moment at which the clock of `zone` shows this minute of this day, or a later one."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = shown.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == shown:
        return moment(at)
    early, late = moment(at - timedelta(hours=3)), moment(at)  # the clock jumps over it in between
    while late - early > SECOND:
        middle = (early + late) // 2 // SECOND * SECOND
        if time_at(middle).astimezone(zone).replace(tzinfo=None) < shown:
            early = middle
        else:
            late = middle
    return late


class Hours:
    """Which band holds when, for one zone and its holidays: `starts[i]` begins a time of `bands[i]`.

    `windows` of the caps and the times at which their days begin are kept beside them. Looked up once for
    some weeks, then only searched.
    """

    def __init__(self, bands, caps, zone, holidays):
        self.bands, self.caps, self.zone, self.holidays = bands, caps, zone, holidays
        self.since, self.until = EVER, -EVER
        self.first = self.last = None
        self.starts, self.held = [-EVER], [0]
        self.periods = [None] * len(caps)
        self.days = {}
        self.needed = len(bands) > 1 or any(
            cap.per in ("calendar_day", "vehicle_day", "window") for cap in caps
        )

    def cover(self, start, end):
        """Look up all borders between two moments."""
        if not self.needed or (self.since <= start and end <= self.until):
            return
        first, last = time_at(start).date() - AHEAD, time_at(end).date() + AHEAD
        self.first = min(first, self.first or first)
        self.last = max(last, self.last or last)
        days = [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]
        self._bands(days)
        self.periods = [self._periods(cap, days) for cap in self.caps]
        self.since = border(self.zone, days[2], 0)  # what began the day before is known as well
        self.until = border(self.zone, days[-2], 0)

    def piece(self, at):
        """The band that holds at a moment, and until when."""
        n = bisect_right(self.starts, at)
        return self.held[n - 1], self.starts[n] if n < len(self.starts) else EVER

    def period(self, number, at):
        """The period of the cap with this number: (whether it counts, start, end)."""
        marks = self.periods[number]
        n = bisect_right(marks, at)
        counts = n & 1 or self.caps[number].per != "window"
        return counts, marks[n - 1] if n else -EVER, marks[n] if n < len(marks) else EVER

    def _bands(self, days):
        starts, held = [], []
        if len(self.bands) == 1:
            self.starts, self.held = [-EVER], [0]
            return
        for day in days:
            for minute, band in self._day(day):
                at = border(self.zone, day, minute)
                if starts and starts[-1] == at:  # the clock jumped over all of the one before
                    starts.pop(), held.pop()
                if not held or held[-1] != band:
                    starts.append(at)
                    held.append(band)
        self.starts, self.held = starts, held

    def _day(self, day):
        """The bands of a day: (from which minute on, which band)."""
        before = day - timedelta(days=1)
        today = tuple(self._begins(band, day) for band in self.bands)
        yesterday = tuple(self._begins(band, before) for band in self.bands)
        if (today, yesterday) not in self.days:
            self.days[today, yesterday] = self._painted(today, yesterday)
        return self.days[today, yesterday]

    def _painted(self, today, yesterday):
        minutes = [len(self.bands) - 1] * DAY_MINUTES
        for n in reversed(range(len(self.bands))):
            start, end = span(self.bands[n])
            if today[n]:
                minutes[start : min(end, DAY_MINUTES)] = [n] * (min(end, DAY_MINUTES) - start)
            if yesterday[n] and end > DAY_MINUTES:
                minutes[: end - DAY_MINUTES] = [n] * (end - DAY_MINUTES)
        return [
            (minute, band)
            for minute, band in enumerate(minutes)
            if not minute or minutes[minute - 1] != band
        ]

    def _begins(self, band, day):
        """Whether the hours of a band begin on this day."""
        if band.dates:
            return any(first <= day <= last for first, last in band.dates)
        return not band.days or on(band.days, day, self.holidays)

    def _periods(self, cap, days):
        """Moments at which a cap's periods begin (counted), or end (not counted), by turns."""
        if cap.per == "window":
            start, end = span(cap)
            later = timedelta(days=end // DAY_MINUTES)
            return [
                mark
                for day in days
                for mark in (
                    border(self.zone, day, start),
                    border(self.zone, day + later, end % DAY_MINUTES),
                )
            ]
        return [border(self.zone, day, cap.resets_at or 0) for day in days]


def span(times):
    """From which minute of the day to which; beyond 1440 is the next day."""
    start, end = times.start or 0, times.end or 0
    return start, end if end > start else end + DAY_MINUTES


def on(days, day: date, holidays):
    """Whether a date is one of these days of the week, or a public holiday where those are named."""
    return WEEKDAYS[day.weekday()] in days or (HOLIDAY in days and day in holidays)
