"""Who comes in one day, from a seed: plates, times, habits. Plain facts; nobody has seen them yet."""

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.days.misreads import ALPHABET

MORNING = datetime(2026, 3, 3, 5, tzinfo=UTC)
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"
SHAPES = (  # country, what its plates look like (A a letter, 9 a digit), how often it comes
    ("GB", "AA99AAA", 10), ("DE", "AAA999", 1), ("DE", "AAA9999", 3), ("DE", "AA999", 1),
    ("FR", "AA999AA", 2), ("NL", "AA999A", 1), ("ES", "9999AAA", 1), ("PL", "AA99999", 1),
)  # fmt: skip

# Shares of the day's visits, or of its vehicles.
PERMITTED = 0.15
AGAIN = 0.05  # comes a second time on the same day
FLEET = 0.03  # drives one of several plates that differ in a character
TWINS = 0.002  # has a twin that differs in O and 0 alone
CLONED = 0.001  # somebody else drives with the same plate
BACKS_OUT = 0.005  # drives up to an entry and turns round
HESITATES = 0.003  # backs out of an exit and comes again
DOUBLE = 0.01  # is seen as two vehicles, one after the other
FLEET_SIZE = 5

HUMPS = ((3.5, 1.2, 3), (7.5, 2.5, 5), (12.5, 2.0, 2))  # hours after MORNING, spread, weight
STAYS = ((12, 0.6, 2), (75, 0.7, 6), (480, 0.2, 2))  # median minutes, spread (log), weight
ENTRIES, EXITS = ("north-entry", "south-entry"), ("north-exit", "south-exit")


@dataclass(frozen=True)
class Visit:
    """One vehicle, once in and out. `enters` and `leaves` are when it stands before the arms.

    `unseen_in`, `unseen_out`: it slips through behind another, and no lane reads it.
    """

    number: int
    vehicle: int
    plate: str
    country: str
    enters: datetime
    leaves: datetime
    entry: str
    exit: str
    permit: bool = False
    unseen_in: bool = False
    unseen_out: bool = False
    hesitates: bool = False
    double_in: bool = False
    double_out: bool = False


@dataclass(frozen=True)
class Day:
    """`turned_round`: vehicles that come up to an entry and back out; they are no stays."""

    visits: tuple[Visit, ...]
    turned_round: tuple[Visit, ...]


def day(stays, missed, seed):
    """The `Day` of so many visits; each passing of a lane is unseen with the probability `missed`."""
    chance = random.Random(f"visits {seed}")
    vehicles = _vehicles(stays, chance)
    visits = []
    for vehicle, (plate, country, permit) in enumerate(vehicles):
        enters = _arrival(chance)
        for _ in range(2 if chance.random() < AGAIN else 1):
            leaves = enters + _length(chance)
            visits.append(
                Visit(
                    number=len(visits),
                    vehicle=vehicle,
                    plate=plate,
                    country=country,
                    enters=enters,
                    leaves=leaves,
                    entry=chance.choice(ENTRIES),
                    exit=chance.choice(EXITS),
                    permit=permit,
                    unseen_in=chance.random() < missed,
                    unseen_out=chance.random() < missed,
                    hesitates=chance.random() < HESITATES,
                    double_in=chance.random() < DOUBLE,
                    double_out=chance.random() < DOUBLE,
                )
            )
            enters = leaves + timedelta(minutes=chance.uniform(15, 240))
    visits = visits[:stays]
    return Day(tuple(visits), tuple(_turned_round(visits, chance)))


def _arrival(chance):
    middle, spread, _ = chance.choices(HUMPS, [weight for *_, weight in HUMPS])[0]
    hours = min(max(chance.gauss(middle, spread), 0.2), 16.0)
    return MORNING + timedelta(hours=hours, seconds=chance.uniform(0, 60))


def _length(chance):
    median, spread, _ = chance.choices(STAYS, [weight for *_, weight in STAYS])[0]
    return timedelta(minutes=max(1.5, median * chance.lognormvariate(0, spread)))


def _vehicles(count, chance):
    """Plate, country and whether it has a permit, of so many vehicles."""
    plates, taken = [], set()
    while len(plates) < count:
        country, shape, _ = chance.choices(SHAPES, [weight for *_, weight in SHAPES])[0]
        for plate in _family(_plate(shape, chance), chance):
            if plate not in taken:
                taken.add(plate)
                plates.append((plate, country))
    vehicles = [(*each, chance.random() < PERMITTED) for each in plates[:count]]
    chance.shuffle(vehicles)
    for number in range(count):
        if chance.random() < CLONED:  # this one drives with another's plate
            vehicles[number] = (*vehicles[chance.randrange(count)][:2], False)
    return _alike_in_permits(vehicles)


def _alike_in_permits(vehicles):
    """A permit is its plate's: whoever drives with it has it."""
    permitted = {plate for plate, _, permit in vehicles if permit}
    return [(plate, country, plate in permitted) for plate, country, _ in vehicles]


def _plate(shape, chance):
    kinds = {"A": LETTERS, "9": "0123456789"}
    return "".join(chance.choice(kinds[kind]) for kind in shape)


def _family(plate, chance):
    """The plate, and those that a fleet or a twin adds to it."""
    kind = chance.random()
    if kind < FLEET / FLEET_SIZE:
        at = chance.randrange(len(plate))
        return [plate[:at] + each + plate[at + 1 :] for each in chance.sample(ALPHABET, FLEET_SIZE)]
    if kind < FLEET / FLEET_SIZE + TWINS:
        plate = plate[:-1] + "0"
        return [plate, plate[:-1] + "O"]
    return [plate]


def _turned_round(visits, chance):
    for visit in visits:
        if chance.random() < BACKS_OUT:
            at = visit.enters - timedelta(minutes=chance.uniform(2, 5))
            yield replace(visit, number=-1 - visit.number, enters=at, leaves=at)


def overlapping(visits):
    """Visits whose plate is inside twice at that time: clones. For reports and tests."""
    by_plate = defaultdict(list)
    for visit in visits:
        by_plate[visit.plate].append(visit)
    return [
        (one, two)
        for same in by_plate.values()
        for one in same
        for two in same
        if one.number < two.number and one.enters < two.leaves and two.enters < one.leaves
    ]
