"""Random tariffs and stays, priced by the engine and by the oracle: differences, and quotes a second
of processor time.

    python benchmarks/quotes.py [--stays 1000000] [--seed 5]

The stays lie about both nights in which the clock is changed in each of five zones. All clauses of a tariff
are drawn: bands, tables, caps, offers, classes, groups, validations, graces, holidays, permits, visits.
"""

import argparse
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.oracle import Clock, Oracle
from billing.rules.lines import Rule
from billing.rules.stays import CAR, Earlier, Stay, Validated
from billing.rules.tariffs import fee, total
from billing.rules.terms import BadTerms, simple, terms_of

MINUTE = timedelta(minutes=1)
NIGHTS = {  # both of 2026, by the clock before it is changed
    "Europe/London": [(3, 29), (10, 25)],
    "America/New_York": [(3, 8), (11, 1)],
    "Australia/Lord_Howe": [(4, 5), (10, 4)],  # half an hour
    "America/Santiago": [(4, 4), (9, 5)],  # at midnight
    "Pacific/Auckland": [(4, 5), (9, 27)],
}
BEFORE, AFTER = timedelta(days=9), timedelta(days=52)
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
STAYS_EACH = 500  # of one tariff about one night


def clocks():
    """(clock, night) of each of the ten nights."""
    for name, nights in NIGHTS.items():
        zone = ZoneInfo(name)
        for month, day in nights:
            night = datetime(2026, month, day, tzinfo=zone).astimezone(UTC)
            first = night - BEFORE
            yield Clock(zone, first, (AFTER + BEFORE) // MINUTE), night


class Draw:
    """Draws tariffs and stays; the same seed draws the same ones."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def maybe(self, share):
        return self.dice.random() < share

    def price(self, most=900):
        if self.maybe(0.04):
            return 0
        return self.dice.choice([50, 100, 150, 333, self.dice.randint(1, most)])

    def length(self):
        return self.dice.choice([1, 7, 10, 15, 20, 30, 45, 60, 60, 60, 90, 120, 240, 1440])

    def clock(self):
        """A time of day, those about which clocks are changed more often."""
        hour = self.dice.choice([0, 1, 2, 2, 3, 6, 8, 12, 18, 20, 22, self.dice.randint(0, 23)])
        return f"{hour:02}:{self.dice.choice([0, 0, 0, 30, 15, 59]):02}"

    def steps(self):
        return {"minutes": self.length(), "price": self.price()}

    def charge(self):
        kind = self.dice.choice(["steps"] * 4 + ["tiers"] * 3 + ["flat", "flat", "free"])
        if kind == "steps":
            return {"kind": kind, **self.steps()}
        if kind == "flat":
            return {"kind": kind, "price": self.price()}
        if kind == "free":
            return {"kind": kind}
        rows, up_to, price = [], 0, 0
        for _ in range(self.dice.randint(1, 5)):
            up_to += self.dice.choice([1, 20, 30, 45, 60, 60, 60, 90, 120, 120, 240, 480])
            price += self.price()
            rows.append({"up_to": up_to, "price": price})
        then = "again" if self.maybe(0.4) else self.steps()
        return {"kind": kind, "tiers": rows, "then": then}

    def band(self, number, dates):
        band = {"name": f"Band {number}", "charge": self.charge()}
        if self.maybe(0.15):
            first = self.dice.choice(dates)
            band["dates"] = [[first.isoformat(), (first + timedelta(days=1)).isoformat()]]
        elif self.maybe(0.6):
            band["days"] = self.dice.sample([*WEEK, "holiday"], self.dice.randint(1, 5))
        if self.maybe(0.75):
            band |= {"from": self.clock(), "to": self.clock()}
        if self.maybe(0.2):
            band["cap"] = self.dice.randint(1, 900)
        return band

    def cap(self):
        cap = {"amount": self.dice.randint(1, 2500)}
        cap["per"] = self.dice.choice(
            ["24h", "24h", "calendar_day", "window", "stay", "vehicle_day"]
        )
        if cap["per"] == "window":
            cap |= {"from": self.clock(), "to": self.clock()}
        if cap["per"] in ("calendar_day", "vehicle_day") and self.maybe(0.5):
            cap["resets_at"] = self.clock()
        return cap

    def offer(self, number):
        offer = {
            "name": f"Offer {number}",
            "price": self.price(),
            "nights": self.dice.choice([0, 1]),
        }
        offer["in_from"], offer["in_by"] = sorted([self.clock(), self.clock()])
        offer["out_from"], offer["out_by"] = sorted([self.clock(), self.clock()])
        if self.maybe(0.3):
            offer["days"] = self.dice.sample([*WEEK, "holiday"], 3)
        return offer

    def document(self, dates):
        dice = self.dice
        bands = [self.band(n, dates) for n in range(dice.choice([0, 0, 1, 1, 2, 3]))]
        document = {
            "free": {
                "minutes": dice.choice([0, 0, 0, 10, 15, 30, 120]),
                "when": dice.choice(["short", "short", "always"]),
            },
            "bands": [*bands, {"name": "Else", "charge": self.charge()}],
            "crossing": dice.choice(["split", "runs_on"]),
            "tiers_count": dice.choice(["stay", "band"]),
            "caps": [self.cap() for _ in range(dice.choice([0, 1, 1, 1, 2, 3]))],
            "offers": [self.offer(n) for n in range(dice.choice([0, 0, 0, 1, 2]))],
            "holidays": "GB-ENG",
            "combine": self.maybe(0.7),
            "grace_at_end": dice.choice([0, 0, 5, 10]),
        }
        if self.maybe(0.3):
            document["classes"] = {"motorcycle": {"percent": 50}, "bus": {"percent": 275}}
        if self.maybe(0.3):
            document["groups"] = {"resident": {"percent": 33}}
        if self.maybe(0.15):
            document["per_pass"] = self.price()
        if self.maybe(0.2):
            then = dice.choice(["no_free", "one_stay"])
            document["no_return"] = {"minutes": dice.choice([30, 120]), "then": then}
        if self.maybe(0.15):
            document["minimum"] = dice.randint(1, 300)
        if self.maybe(0.15):
            document["maximum"] = dice.randint(300, 5000)
        if self.maybe(0.2):
            how = dice.choice(["down", "nearest", "up"])
            document["rounding"] = {"to": dice.choice([5, 10, 25]), "how": how}
        if self.maybe(0.3):
            rate = dice.choice([700, 2000, 875])
            document["tax"] = {"name": "Tax", "rate": rate, "included": self.maybe(0.5)}
        if self.maybe(0.5):
            document["stacking"] = ["minutes", "money", "percent"]
        return document

    def terms(self, dates):
        """Terms that hold together: others are drawn again."""
        while True:
            try:
                return terms_of(self.document(dates))
            except BadTerms:
                continue

    def lasting(self):
        """How long a stay is: most some hours, some days, a few weeks; borders more often than chance."""
        dice, sort = self.dice, self.dice.random()
        if sort < 0.02:
            minutes = 0
        elif sort < 0.80:
            minutes = dice.choice(
                [dice.randint(1, 90), dice.randint(60, 720), dice.randint(60, 720), 60, 120]
            )
        elif sort < 0.97:
            minutes = dice.randint(720, 3 * 1440)
        elif sort < 0.998:
            minutes = dice.randint(3 * 1440, 8 * 1440)
        else:
            minutes = dice.randint(8 * 1440, 42 * 1440)
        seconds = dice.choice([0, 0, 0, 1, 30, 59]) if sort > 0.05 else 0
        return timedelta(minutes=minutes, seconds=seconds)

    def stay(self, zone, night, holidays):
        dice = self.dice
        entered = night + dice.randint(-4 * 1440, 4 * 1440) * MINUTE
        if self.maybe(0.2):
            entered = entered.replace(minute=0)
        until = entered + self.lasting()
        facts = {"vehicle": CAR}
        if self.maybe(0.2):
            facts |= {"vehicle": dice.choice(["motorcycle", "bus"]), "group": "resident"}
        if self.maybe(0.15):
            facts["validated"] = tuple(self.validated() for _ in range(dice.randint(1, 3)))
        if self.maybe(0.15):
            facts["earlier"] = self.earlier(entered)
        if self.maybe(0.15):
            facts["covered"] = self.covered(entered, until)
        if self.maybe(0.3):
            facts["consideration"] = timedelta(minutes=5)
        return Stay(entered, until, zone, holidays, **facts)

    def validated(self):
        kind = self.dice.choice(["minutes", "percent", "money"])
        amount = {"minutes": [30, 60, 120], "percent": [10, 25, 50, 100], "money": [99, 500]}[kind]
        return Validated(kind, self.dice.choice(amount), "Shop")

    def earlier(self, entered):
        left = entered - self.dice.randint(0, 200) * MINUTE
        return (Earlier(left - self.dice.randint(1, 300) * MINUTE, left, self.price()),)

    def covered(self, entered, until):
        minutes = (until - entered) // MINUTE
        marks = sorted(self.dice.randint(0, minutes) for _ in range(self.dice.choice([2, 4])))
        parts = [
            (Rule.PERMIT, entered + a * MINUTE, entered + b * MINUTE)
            for a, b in zip(marks[::2], marks[1::2], strict=True)
            if a < b
        ]
        return tuple(parts)


def compared(stays, seed, *, each=STAYS_EACH, say=None):
    """Price so many stays both ways, `each` by one tariff about one night.

    Returns [(terms, stay, ours, oracle's)] of those that differ, and our seconds.
    """
    draw, different, ours_took, done = Draw(seed), [], 0.0, 0
    nights = list(clocks())
    while done < stays:
        clock, night = nights[(done // each) % len(nights)]
        dates = [(night + timedelta(days=n)).date() for n in range(-3, 4)]
        holidays = frozenset(draw.dice.sample(dates, 2))
        terms = draw.terms(dates)
        some = [draw.stay(clock.zone, night, holidays) for _ in range(min(each, stays - done))]
        began = time.process_time()
        ours = [fee(terms, stay) for stay in some]
        ours_took += time.process_time() - began
        oracle = Oracle(terms, clock, holidays)
        for stay, lines in zip(some, ours, strict=True):
            right = oracle.price(stay)
            if total(lines) != right:
                different.append((terms, stay, total(lines), right))
        done += len(some)
        if say and done % 20_000 == 0:
            say(f"{done:>9,} stays, {len(different)} differences, {done / ours_took:,.0f} quotes/s")
    return different, ours_took


def town_speed(count=100_000):
    """Quotes a second of processor time, of the plainest tariff."""
    dice, zone = random.Random(1), ZoneInfo("Europe/London")
    town = terms_of(simple(free=15, step=60, step_price=150, day_cap=1200))
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    stays = [
        Stay(noon, noon + timedelta(hours=dice.expovariate(1 / 3)), zone) for _ in range(count)
    ]
    began = time.process_time()
    for stay in stays:
        fee(town, stay)
    return count / (time.process_time() - began)


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--stays", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=5)
    options = asked.parse_args()
    different, took = compared(
        options.stays, options.seed, say=lambda line: print(line, flush=True)
    )
    for terms, stay, ours, right in different[:5]:
        print(f"{terms}\n{stay}\nengine {ours}, oracle {right}\n")
    print(f"{options.stays:,} stays: {len(different)} differences")
    print(
        f"{options.stays / took:,.0f} quotes/s of random tariffs, {town_speed():,.0f} of a plain one"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
