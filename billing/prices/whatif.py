"""What other prices would have made of last month's stays: priced slice by slice, without a job server.

Whoever looks at the page drives it: each request prices stays for about a second and writes how far it came,
so that a reload, another window or another server goes on from there.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from billing.models import WhatIf
from billing.prices.bulk import Prices
from billing.rules import comparing
from billing.rules.comparing import Compared
from billing.templatetags.money import money
from parking.models import ParkingSession

WEEKS = timedelta(days=30)
SLICE = 500  # stays between two looks at the clock
A_SECOND = 0.8


@dataclass(frozen=True)
class Bar:
    """A bar of the drawing: which change of price, how many stays, and its length of 100."""

    words: str
    kind: str
    count: int
    share: float


@dataclass(frozen=True)
class Jump:
    """The stay whose price changes the most, without its plate."""

    stay: Compared
    gap: str
    entered: datetime
    left: datetime

    @property
    def length(self):
        return self.left - self.entered


def begin(car_park, document, *, by, now, typed=None):
    """A new `WhatIf` of these terms over the stays of the last 30 days; nothing is priced yet."""
    run = WhatIf(
        car_park=car_park,
        terms=document,
        typed=typed or {},
        by=by,
        begun_at=now,
        since=now - WEEKS,
        until=now,
    )
    run.to_do = _stays(run).count()
    run.finished_at = None if run.to_do else now
    run.save()
    return run


def of(car_park):
    """The what-ifs of a car park, the newest first, as a query."""
    return WhatIf.objects.filter(car_park=car_park).select_related("by")


def go_on(run, now, *, seconds=A_SECOND, size=SLICE, clock=time.monotonic):
    """Price the next stays for so many seconds, one slice of `size` at least; the `WhatIf` then.

    Of two that go on at the same time one counts: whoever comes second finds the slice counted.
    """
    started = clock()
    prices = Prices(run.car_park, run.terms)
    while run.runs:
        found = list(_stays(run).filter(pk__gt=run.last).order_by("pk")[:size])
        tally = comparing.counted(comparing.recalled(run.tally), prices.compared(found))
        _write(run, found, tally, now if len(found) < size else None)
        run.refresh_from_db()
        if clock() - started > seconds:
            break
    return run


def _write(run, found, tally, finished_at):
    """Keep how far it came, if nobody else came as far or stopped it meanwhile."""
    ours = WhatIf.objects.filter(pk=run.pk, last=run.last, finished_at=None, cancelled_at=None)
    ours.update(
        last=found[-1].pk if found else run.last,
        done=F("done") + len(found),
        tally=comparing.kept(tally),
        finished_at=finished_at,
    )


def cancel(run, now):
    """Stop where it is; what was counted stays."""
    WhatIf.objects.filter(pk=run.pk, finished_at=None, cancelled_at=None).update(cancelled_at=now)


def _stays(run):
    """The stays it is about: those that came in these weeks, have left and were stays at all."""
    return ParkingSession.objects.select_related("permit__pool").filter(
        car_park=run.car_park_id,
        entered_at__gte=run.since,
        entered_at__lt=run.until,
        left_at__isnull=False,
        voided_at=None,
    )


# what it found, for people


def told(run):
    """What a `WhatIf` found so far, in words and lengths."""
    tally, currency = comparing.recalled(run.tally), run.car_park.currency
    return {
        "then": tally.then,
        "now": tally.now,
        "change": _signed(tally.now - tally.then, currency),
        "percent": _percent(tally.now - tally.then, tally.then, sign=True),
        "more": tally.more,
        "less": tally.less,
        "same": tally.same,
        "more_share": _percent(tally.more, tally.stays),
        "less_share": _percent(tally.less, tally.stays),
        "same_share": _percent(tally.same, tally.stays),
        "jumps": list(_jumps(tally, currency, run.car_park.zone)),
        "bars": _bars(tally, currency),
    }


def _jumps(tally, currency, zone):
    named = (("The largest rise", tally.dearest), ("The largest fall", tally.cheapest))
    for name, stay in named:
        if stay:
            entered, left = (
                datetime.fromisoformat(at).astimezone(zone) for at in (stay.entered, stay.left)
            )
            yield name, Jump(stay, _signed(stay.difference, currency), entered, left)


def _bars(tally, currency):
    found = comparing.bars(tally)
    most = max((bar.count for bar in found), default=1) or 1
    return [
        Bar(_words(bar, currency), _kind(bar), bar.count, round(100 * bar.count / most, 1))
        for bar in found
    ]


def _kind(bar):
    return "more" if bar.low > 0 else "less" if bar.high < 0 else "same"


def _words(bar, currency):
    if bar.low == bar.high == 0:
        return "the same"
    low, high = sorted((abs(bar.low), abs(bar.high)))
    figures = (
        money(high, currency)
        if low == high
        else f"{_bare(low, currency)} to {money(high, currency)}"
    )
    return f"{figures} {_kind(bar)}"


def _bare(amount, currency):
    return money(amount, currency).split()[0]


def _signed(amount, currency):
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _percent(part, whole, *, sign=False):
    return f"{100 * part / whole:{'+' if sign else ''}.1f}%" if whole else ""
