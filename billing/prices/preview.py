"""What prices come to, for people to see: the board, the drawing, the checks, of terms saved or not."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from billing.prices.holidays import between
from billing.rules import charts, tariffs, words
from billing.rules.checks import checks
from billing.rules.stays import Stay
from billing.rules.terms import document_of, terms_of
from billing.templatetags.money import money
from parking.templatetags.stay_time import duration

DRAWN = 24 * 60  # minutes of a stay
TABLE = (15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880, 7 * 1440)  # minutes
YEAR = 366

# Stays to draw: a word in the form -> when one comes in.
ARRIVALS = (
    ("weekday", "on a weekday at 09:00"),
    ("evening", "on a weekday at 20:45"),
    ("saturday", "on Saturday at 11:00"),
    ("sunday", "on Sunday at 11:00"),
    ("forward", "in the night when clocks go forward"),
    ("back", "in the night when clocks go back"),
)
FIRST_ARRIVAL = ARRIVALS[0][0]


@dataclass(frozen=True)
class Board:
    """The price board: its sections, and a digest of its text, by which a photograph of it is known."""

    sections: tuple
    digest: str


@dataclass(frozen=True)
class Cost:
    """A row of the table: a stay of so long that leaves then costs so much."""

    stay: str
    leaves: datetime
    amount: int


@dataclass(frozen=True)
class Drawn:
    """Price against length of stay, for a stay that comes in at `entered` (the car park's time)."""

    chart: charts.Chart
    rows: tuple[Cost, ...]
    entered: datetime
    words: str
    last: str

    @property
    def last_is_high(self):
        """Whether what is written at the end must stand below the line."""
        return self.chart.last_y < self.chart.top + 20


@dataclass(frozen=True)
class Check:
    """One thing that prices were checked for.

    `state`: "held"; "warned", which may be saved once its box (`asks`) is ticked; "refused", which may not.
    `token` stands for what it says: what reads otherwise has to be ticked anew.
    """

    state: str
    words: str
    example: str = ""
    asks: str = ""
    ticked: bool = False

    @property
    def token(self):
        return hashlib.sha256(f"{self.words}{self.example}".encode()).hexdigest()[:16]

    @property
    def css(self):
        return f"is-{self.state}"


@dataclass(frozen=True)
class Lack:
    """Something that is wrong with what was typed: which field, where that is, and what to do."""

    at: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Shown:
    """What terms come to; or what is `lacking`, and nothing else."""

    board: tuple = ()
    drawn: Drawn | None = None
    checks: tuple = ()
    currency: str = ""
    lacking: tuple[Lack, ...] = ()

    @property
    def verdict(self):
        """How the checks went, in a few words."""
        open_ones = [check for check in self.checks if check.state != "held" and not check.ticked]
        if not open_ones:
            return f"all {len(self.checks)} hold" if self.checks else ""
        return f"{len(open_ones)} to look at"

    @property
    def forbids(self):
        """Why they may not be saved: sentences; none where they may."""
        for check in self.checks:
            if check.state == "refused":
                yield f"{check.words} {check.example}".strip()
            elif check.state == "warned" and not check.ticked:
                yield f"Read this and tick its box under Checks, or change the prices: {check.words}"

    @property
    def acknowledged(self):
        """What its maker was warned of and ticked, as it was said."""
        ticked = [check for check in self.checks if check.state == "warned" and check.ticked]
        return [f"{check.words} {check.example}".strip() for check in ticked]


def whole(document):
    """The document with nothing left out. Raises `BadTerms`."""
    return document_of(terms_of(document))


def lacking(sheet):
    """What a `billing.prices.sheet.Sheet` that was checked says is wrong."""
    return Shown(lacking=tuple(Lack(*one) for one in sheet.lacking))


def shown(car_park, document, arrival, now, *, ticked=()):
    """What a document of terms comes to, for a stay of `ARRIVALS`; `ticked`: tokens of what was
    acknowledged."""
    terms = terms_of(document)

    def price(entered, until):
        return fee_of(terms, car_park, entered, until)

    return Shown(
        board=board_of(car_park, document).sections,
        drawn=drawn(car_park, price, arrival, now),
        checks=_checked(car_park, terms, price, now, ticked),
        currency=car_park.currency,
    )


def _checked(car_park, terms, price, now, ticked):
    today = now.astimezone(car_park.zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    found = checks(
        terms, price, car_park.zone, monday, lambda amount: money(amount, car_park.currency)
    )
    made = [Check(one.state, one.words, one.example, one.asks) for one in found]
    return tuple(replace(check, ticked=check.token in ticked) for check in made)


def fee_of(terms, car_park, entered, until, **facts):
    """What a stay costs by these terms (smallest unit); `facts` as of `billing.rules.stays.Stay`."""
    stay = Stay(
        entered=entered.astimezone(UTC),
        until=until.astimezone(UTC),
        zone=car_park.zone,
        holidays=_holidays(terms, entered, until),
        consideration=car_park.consideration,
        **facts,
    )
    return tariffs.total(tariffs.fee(terms, stay))


def _holidays(terms, entered, until):
    """Those of whole years, so that the stays of a year share one set."""
    if not terms.holidays:
        return frozenset()
    return between(terms.holidays, entered.year - 1, until.year + 1)


def board_of(car_park, document):
    """The `Board` of a document of terms."""
    sections = words.board(whole(document), lambda amount: money(amount, car_park.currency))
    text = f"{car_park.name}\n{words.board_text(sections)}"
    return Board(sections, hashlib.sha256(text.encode()).hexdigest()[:12])


def drawn(car_park, price, arrival, now):
    """The drawing of `price(entered, until)` (smallest unit) for a stay of `ARRIVALS`."""
    entered = entry(arrival, now.astimezone(car_park.zone))
    prices = [(minutes, price(entered, later(entered, minutes))) for minutes in range(DRAWN + 1)]
    amount = prices[-1][1]
    said = money(amount, car_park.currency)
    return Drawn(
        chart=charts.step_chart(
            prices, DRAWN, lambda amount: money(amount, car_park.currency).split()[0]
        ),
        rows=tuple(_cost(price, entered, minutes) for minutes in TABLE),
        entered=entered,
        words=f"A stay that comes in on {entered:%A} {entered.day} {entered:%B} at {entered:%H:%M}, "
        f"up to {duration(timedelta(minutes=DRAWN))}, in {car_park.currency}",
        last=said,
    )


def _cost(price, entered, minutes):
    until = later(entered, minutes)
    return Cost(duration(timedelta(minutes=minutes)), until, price(entered, until))


def next_midnight(car_park, now):
    """When most new prices begin: at the car park's next midnight (aware, its time)."""
    tomorrow = now.astimezone(car_park.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), car_park.zone)


def later(moment, minutes):
    """So many minutes later on a clock that is never changed, by the zone of `moment`."""
    return datetime.fromtimestamp(moment.timestamp() + minutes * 60, moment.tzinfo)


def entry(arrival, now):
    """When a stay of `ARRIVALS` comes in: the next such moment after `now` (both in the car park's zone)."""
    return ENTRIES[arrival](now)


def _next(weekdays, at):
    def found(now):
        days = (now.date() + timedelta(days=number) for number in range(1, 8))
        day = next(day for day in days if day.weekday() in weekdays)
        return datetime.combine(day, at, now.tzinfo)

    return found


def _change(forward):
    """The evening before the clocks are changed; a weekday evening where they never are."""

    def found(now):
        for number in range(1, YEAR):
            day = now.date() + timedelta(days=number)
            before, after = (
                datetime.combine(day, at, now.tzinfo).utcoffset() for at in (time(0), time(12))
            )
            if (after > before) == forward and after != before:
                return datetime.combine(day - timedelta(days=1), time(22), now.tzinfo)
        return _next(range(5), time(22))(now)

    return found


ENTRIES = {
    "weekday": _next(range(5), time(9)),
    "evening": _next(range(5), time(20, 45)),
    "saturday": _next((5,), time(11)),
    "sunday": _next((6,), time(11)),
    "forward": _change(forward=True),
    "back": _change(forward=False),
}
