"""Endless made-up traffic for `./run demo`: drivers who come, stay for a while, pay or wait, and leave."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ENTRY, EXIT = "north-entry", "south-exit"
EVERY = (9.0, 18.0)  # seconds between two arrivals
STAY = (20.0, 180.0)  # seconds inside
PATIENCE = 45.0  # seconds that a driver waits before an arm before doing something about it
REST = 20.0  # seconds until a driver who turned back at the exit tries again
MOST = 12  # cars on the site; more would only queue

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SHAPES = {  # country -> what its plates look like (A a letter, 9 a digit) and how often it comes
    "GB": ("AA99AAA", 12),
    "DE": ("AAA9999", 2),
    "FR": ("AA999AA", 2),
    "NL": ("AA999A", 1),
    "ES": ("9999AAA", 1),
    "IT": ("AA999AA", 1),
    "PL": ("AA99999", 1),
}
COLOURS = ("#a33b2a", "#2f5d8a", "#e8e6df", "#20242b", "#4a7a5c", "#8a8f94", "#c9a227", "#5b3a66")


class Where(StrEnum):
    ENTERING = "entering"
    INSIDE = "inside"
    LEAVING = "leaving"
    GONE = "gone"


class Habit(StrEnum):
    PAYS_FIRST = "pays first"  # on the phone, before driving to the exit
    PAYS_LATE = "pays late"  # waits at the exit until patience ends, and then pays
    HESITATES = "hesitates"  # backs out of the entry


# More who pay late would jam the exit: each stands there for as long as PATIENCE.
HABITS = {Habit.PAYS_FIRST: 13, Habit.PAYS_LATE: 2, Habit.HESITATES: 1}
FIRST_STAY = timedelta(seconds=35)  # so that a visitor of the page soon sees somebody held


@dataclass
class Driver:
    """One driver. `since` is when the present `where` began; `car` the drawn car in a lane."""

    plate: str
    look: dict
    habit: Habit
    stay: timedelta
    where: Where = Where.ENTERING
    since: object = None
    car: str = ""
    helped: bool = False
    tries: int = 0


def plate_like(shape, chance):
    """A random plate: A stands for a letter, 9 for a digit."""
    return "".join(chance.choice(LETTERS if sign == "A" else "0123456789") for sign in shape)


def new_driver(chance, permits=()):
    """A driver with plate, car, habit and length of stay; one in five has one of the `permits`."""
    countries = list(SHAPES)
    country = chance.choices(countries, [SHAPES[name][1] for name in countries])[0]
    plate = plate_like(SHAPES[country][0], chance)
    if permits and chance.random() < 0.2:
        plate, country = chance.choice(permits), "GB"
    look = {"plate": plate, "country": country, "colour": chance.choice(COLOURS)}
    if chance.random() < 0.04:
        look["readable"] = False
    habit = chance.choices(list(HABITS), list(HABITS.values()))[0]
    return Driver(plate, look, habit, timedelta(seconds=chance.uniform(*STAY)))


def first_driver():
    """The first one of a demo, whom everybody who looks should see waiting at the exit."""
    look = {"plate": "KX19RTV", "colour": COLOURS[0]}
    return Driver(look["plate"], look, Habit.PAYS_LATE, FIRST_STAY)


class Traffic:
    """All drivers and what they do next. `stage` draws them; `pay(plate)` is their phone."""

    def __init__(self, stage, pay, say, permits=(), chance=None):
        self.stage, self.pay, self.say = stage, pay, say
        self.permits = permits
        self.chance = chance or random.Random()  # noqa: S311 - a demo's traffic guards nothing
        self.drivers = []
        self.next_at = None

    def step(self, now):
        """Let everybody do what is due at `now`; call it about once a second."""
        if self.next_at is None or (now >= self.next_at and len(self.drivers) < MOST):
            self._send(now)
        gone = self.stage.gone()
        for driver in self.drivers:
            NEXT[driver.where](self, driver, gone.get(driver.car), now)
        self.drivers = [driver for driver in self.drivers if driver.where != Where.GONE]

    def _send(self, now):
        driver = self._somebody() if self.next_at else first_driver()
        self.next_at = now + timedelta(seconds=self.chance.uniform(*EVERY))
        turning = {"leaves": "backs_out"} if driver.habit == Habit.HESITATES else {}
        driver.car = self.stage.bring(ENTRY, now, **driver.look, **turning)
        driver.since = now
        self.drivers.append(driver)

    def _somebody(self):
        free = set(self.permits) - {driver.plate for driver in self.drivers}
        return new_driver(self.chance, sorted(free))

    def entering(self, driver, how, now):
        if how == "through":
            self._move(driver, Where.INSIDE, now)
            self.say(f"{driver.plate} came in and stays {driver.stay.seconds} s")
        elif how == "backs_out":
            driver.where = Where.GONE
            self.say(f"{driver.plate} turned back at the entry")
        elif self._impatient(driver, now):
            self.stage.turn_back(driver.car)

    def inside(self, driver, how, now):
        if now - driver.since < driver.stay:
            return
        if driver.habit == Habit.PAYS_FIRST:
            self.pay(driver.plate)
        elif driver.plate not in self.permits:
            self.say(f"{driver.plate} drives to the exit without paying: you may pay for it")
        driver.look.pop("readable", None)  # somebody has wiped the mud off
        driver.car = self.stage.bring(EXIT, now, **driver.look)
        self._move(driver, Where.LEAVING, now)

    def leaving(self, driver, how, now):
        if how == "through":
            driver.where = Where.GONE
            self.say(f"{driver.plate} left")
        elif how == "backs_out":
            self._try_again(driver, now)
        elif self._impatient(driver, now):
            self._do_something(driver, now)

    def _try_again(self, driver, now):
        """Once; the second time the car stays for the night, so that the exit does not jam."""
        driver.tries += 1
        driver.stay = timedelta(seconds=REST)
        self._move(driver, Where.INSIDE if driver.tries == 1 else Where.GONE, now)
        self.say(f"{driver.plate} turned back at the exit")

    def _do_something(self, driver, now):
        """Pay once; where that did not help, make room for the next."""
        if driver.helped:
            self.stage.turn_back(driver.car)
            return
        driver.helped, driver.since = True, now
        self.pay(driver.plate)

    def _impatient(self, driver, now):
        """Whether the driver has stood at the line for too long; queueing does not count."""
        if not self.stage.is_first(driver.car):
            driver.since = now
        return (now - driver.since).total_seconds() > PATIENCE

    def _move(self, driver, where, now):
        driver.where, driver.since, driver.helped = where, now, False


NEXT = {
    Where.ENTERING: Traffic.entering,
    Where.INSIDE: Traffic.inside,
    Where.LEAVING: Traffic.leaving,
}
