"""The money of some local days of a car park, line by line and added up in several ways.

Every sum is made of the same lines, so that all of them come to the ledger's own.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery

from billing.models import Payment
from billing.providers import called
from billing.rules import taxes

UNKNOWN = "still inside, or not known"
MOST_DAYS = 366


@dataclass(frozen=True)
class Entry:
    """One line of the ledger, with what it was for. `tax` is what of `amount` is tax."""

    number: int
    at: datetime
    amount: int
    currency: str
    provider: str
    reference: str
    receipt: str
    stay: int
    entered: datetime
    left: datetime | None
    lane: str
    version: int | None
    rate: int
    shift: int | None
    by: str
    why: str

    @property
    def tax(self):
        """Included in the price; of a refund it is negative."""
        return taxes.included(self.amount, self.rate)

    @property
    def hour(self):
        return self.at.hour


def window(zone, first, last):
    """The moments (aware) from the beginning of the local day `first` to the end of `last`."""
    ends = last + timedelta(days=1)
    return datetime.combine(first, time.min, zone), datetime.combine(ends, time.min, zone)


def lines(car_park, first, last):
    """The ledger's lines of some local days, as a query in the order of the ledger."""
    begins, ends = window(car_park.zone, first, last)
    versions = car_park.tariffs.standing().order_by("-starts_at")
    in_force = versions.filter(starts_at__lte=OuterRef("session__entered_at"))
    return (
        Payment.objects.filter(session__car_park=car_park, paid_at__gte=begins, paid_at__lt=ends)
        .select_related("session", "by")
        .annotate(tariff=Subquery(in_force.values("pk")[:1]))
        .order_by("paid_at", "id")
    )


def entries(car_park, first, last):
    """The lines as `Entry`, one after the other, however many there are. Times are local."""
    tariffs = {one.pk: one for one in car_park.tariffs.standing()}
    oldest = min(tariffs.values(), key=lambda one: one.starts_at, default=None)
    for line in lines(car_park, first, last).iterator(chunk_size=2000):
        yield _entry(line, tariffs.get(line.tariff, oldest), car_park.zone)


def _entry(line, tariff, zone):
    stay = line.session
    return Entry(
        number=line.pk,
        at=line.paid_at.astimezone(zone),
        amount=line.amount,
        currency=line.currency,
        provider=line.provider,
        reference=line.reference,
        receipt=line.receipt,
        stay=stay.pk,
        entered=stay.entered_at.astimezone(zone),
        left=stay.left_at and stay.left_at.astimezone(zone),
        lane=stay.left_by,
        version=tariff and tariff.version,
        rate=tax_rate(tariff),
        shift=line.shift_id,
        by=line.by.username if line.by else "",
        why=line.why,
    )


def tax_rate(tariff):
    """The tax included in a tariff's prices, in hundredths of a percent; 0 where it has none."""
    tax = tariff and tariff.rules.tax
    return tax.rate if tax else 0


@dataclass
class Sum:
    """Money in and money back (both in the smallest unit; `back` is negative), and how often."""

    paid: int = 0
    back: int = 0
    payments: int = 0
    tax: int = 0

    def add(self, entry):
        if entry.amount > 0:
            self.paid += entry.amount
            self.payments += 1
        else:
            self.back += entry.amount
        self.tax += entry.tax

    @property
    def net(self):
        return self.paid + self.back


# The ways in which a day is added up: its words, and what a line belongs to.
WAYS = {
    "How": lambda entry: called(entry.provider),
    "Prices": lambda entry: f"version {entry.version}" if entry.version else "no prices",
    "Exit": lambda entry: entry.lane or UNKNOWN,
}


@dataclass(frozen=True)
class Day:
    """The days from `first` to `last`, added up. `ways`: words -> {name: Sum}; `hours`: 24 of them."""

    first: date
    last: date
    whole: Sum
    ways: dict
    hours: list

    @property
    def busiest(self):
        return max((one.net for one in self.hours), default=0)


def added_up(found, first, last):
    """The `Day` of entries: each is put into one sum of each way."""
    whole, hours = Sum(), [Sum() for _ in range(24)]
    ways = {words: defaultdict(Sum) for words in WAYS}
    for entry in found:
        whole.add(entry)
        hours[entry.hour].add(entry)
        for words, belongs in WAYS.items():
            ways[words][belongs(entry)].add(entry)
    sorted_ways = {words: dict(sorted(sums.items())) for words, sums in ways.items()}
    return Day(first, last, whole, sorted_ways, hours)
