"""How long a what-if over a month's stays takes: `python benchmarks/whatif.py [--stays N]`.

Fills a fresh SQLite file with stays of the last 30 days that have left (six of ten paid at a machine, some
with permits and confirmed entitlements), and a database of its own on the PostgreSQL server that
DATABASE_URL names, if it names one. Then it tries other prices on them, slice by slice as the page does, and
on a tenth of them. Prints the seconds, how many of them were this process's own work (on a busy machine the
rest is waiting; PostgreSQL's part is not in it), the longest slice, and the questions to the database of each
slice, which must not depend on how many stays there are.

Of a sample of the stays the price then is compared with what `billing.quotes` says of each alone.
"""

import argparse
import random
import subprocess
import sys
import time
from datetime import timedelta

from installation import ROOT, each_database, environment

SAMPLE = 300


def main():
    options = arguments()
    if options.of:
        return measure(options)
    print(
        f"{'database':12}{'stays':>9}{'seconds':>9}{'own s':>8}{'stays/own s':>13}{'longest slice':>15}"
        f"{'questions a slice':>19}{'other than quotes':>19}",
        flush=True,
    )
    for name, url, folder in each_database():
        command = [sys.executable, __file__, *sys.argv[1:], "--of", name]
        variables = {**environment(url, folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(command, env=variables, cwd=ROOT, check=True)
    return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--stays", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--of", help=argparse.SUPPRESS)  # the database, in a process of its own
    return parser.parse_args()


def measure(options):
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    draw, now = random.Random(options.seed), timezone.now()
    for stays in (options.stays // 10, options.stays):
        park = filled(f"bench-{stays}", stays, draw, now)
        run, seconds, own, slices, asked = tried(park, now)
        print(
            f"{options.of:12}{run.done:>9}{seconds:>9.1f}{own:>8.1f}{run.done / own:>13.0f}"
            f"{max(slices):>13.2f} s{min(asked):>15} to {max(asked)}{differing(park, draw):>19}",
            flush=True,
        )


def filled(slug, count, draw, now):
    """A car park with so many stays that have left, two versions of its prices, permits, payments."""
    from billing.models import Tariff
    from billing.rules.terms import simple
    from parking.models import CarPark

    park = CarPark.objects.create(slug=slug, name=slug)
    cheap = simple(free=15, step=60, step_price=120, day_cap=1000)
    dear = simple(free=15, step=60, step_price=150, day_cap=1200)
    for version, (days, terms) in enumerate(((60, cheap), (15, dear)), 1):
        start = now - timedelta(days=days)
        Tariff.objects.create(car_park=park, version=version, starts_at=start, terms=terms)
    for first in range(0, count, 5000):
        some_stays(park, range(first, min(first + 5000, count)), draw, now)
    return park


def some_stays(park, numbers, draw, now):
    from parking.models import ParkingSession, Permit

    stays = []
    for number in numbers:
        length = timedelta(seconds=30 + draw.expovariate(1 / 7000))
        entered = now - length - timedelta(seconds=draw.uniform(1, 29 * 86400))
        paid = draw.random() < 0.6
        left = entered + length
        stays.append(
            ParkingSession(
                car_park=park,
                plate=f"B{number:06}",
                entered_at=entered,
                left_at=left,
                settled_until=left + timedelta(minutes=5) if paid else None,
            )
        )
    ParkingSession.objects.bulk_create(stays)
    permitted = draw.sample(stays, len(stays) // 50)
    Permit.objects.bulk_create(
        Permit(car_park=park, plate=stay.plate, holder="Firm", starts_at=now - timedelta(days=90))
        for stay in permitted
    )
    payments([stay for stay in stays if stay.settled_until])


def payments(stays):
    """Each of these was paid at a machine ten minutes before it left, or at once where it was shorter."""
    from billing.models import Checkout, Payment
    from billing.rules.tariffs import Line, Rule, kept

    checkouts, paid = [], []
    for stay in stays:
        until = max(stay.entered_at, stay.left_at - timedelta(minutes=10))
        facts = {"session": stay, "provider": "mock", "reference": f"r{stay.pk}", "amount": 150}
        lines = [kept(Line(Rule.STEPS, stay.entered_at, until, 1, 150, timedelta(hours=1)))]
        checkouts.append(
            Checkout(currency="GBP", quoted_at=until, expires_at=until, lines=lines, **facts)
        )
        paid.append(Payment(currency="GBP", paid_at=until, **facts))
    Checkout.objects.bulk_create(checkouts)
    Payment.objects.bulk_create(paid)


def tried(park, now):
    """A what-if run to its end: (run, seconds, those of this process's own work, seconds of each slice,
    questions of each slice)."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from billing.prices import whatif
    from billing.rules.terms import simple

    by, _ = User.objects.get_or_create(username="bench")
    terms = simple(free=10, step=30, step_price=90, day_cap=1400)
    run = whatif.begin(park, terms, by=by, now=now)
    slices, asked = [], []
    started, own = time.monotonic(), time.process_time()
    while run.runs:
        with CaptureQueriesContext(connection) as questions:
            before = time.monotonic()
            run = whatif.go_on(run, now, seconds=0)
            slices.append(time.monotonic() - before)
        asked.append(len(questions))
    own = time.process_time() - own
    return run, time.monotonic() - started, own, slices, asked


def differing(park, draw):
    """How many of a sample the bulk prices otherwise than a quote of each stay alone."""
    from billing.prices.bulk import Prices
    from billing.quotes import quote

    stays = list(park.sessions.select_related("car_park", "permit__pool"))
    sample = draw.sample(stays, min(SAMPLE, len(stays)))
    compared = Prices(park, park.tariffs.last().terms).compared(sample)
    pairs = zip(sample, compared, strict=True)
    return sum(quote(stay, stay.left_at).fee != one.then for stay, one in pairs)


if __name__ == "__main__":
    main()
