"""Plays the story of `gates.demo.story` on the drawn lanes, and compares it with what was met."""

import time

import httpx
from django.utils import timezone

from gates.demo.met import met
from gates.demo.people import Operator, pay
from gates.demo.story import CHAPTERS, FREE, LANES, VEHICLES
from gates.models import Passage
from gates.rules.decisions import Reason
from parking import stays

CHAPTER_TAKES = 45.0  # seconds at most; an unhurried chapter takes 5
LAST_WORDS = 10.0  # seconds for the lanes' last events to reach the server
GLANCE = 0.2  # seconds between two looks at the lanes


class Stuck(Exception):  # noqa: N818 - the sentence tells where the story stopped
    """A chapter did not come to its end."""


class Telling:
    """One performance: the stage with its lanes, the crew behind it, the people with their pages."""

    def __init__(self, car_park, site, stage, crew, password):
        self.car_park, self.site, self.stage, self.crew = car_park, site, stage, crew
        self.password = password
        self.cast = {}  # (lane, vehicle) -> the drawn car's id

    def play(self, say):
        """Play all chapters; `say` gets a line for each. Raises `Stuck` or `CrewFault`."""
        for number, chapter in enumerate(CHAPTERS, 1):
            self._wait_for_overstay(chapter)
            comers = ", ".join(
                f"{VEHICLES[one.vehicle].plate} at {one.lane}" for one in chapter.visits
            )
            say(f"{number}/{len(CHAPTERS)}  {comers}")
            self._play(chapter)

    def _play(self, chapter):
        waited_for = {self._bring(visit) for visit in chapter.visits}
        act = ACTS.get(chapter.act)
        give_up = time.monotonic() + CHAPTER_TAKES
        while not waited_for <= self.stage.gone().keys():
            self.crew.check()
            if act and self._done(act):
                act = None
            if time.monotonic() > give_up:
                raise Stuck(self._where_stuck(waited_for - self.stage.gone().keys()))
            time.sleep(GLANCE)

    def _done(self, act):
        """Let a person try; a page that is not as a person expects it ends the story."""
        try:
            return act(self)
        except (httpx.HTTPError, LookupError) as fault:
            said = str(fault).partition("\n")[0]
            raise Stuck(f"{act.__doc__.strip()} {said}: see {self.crew.log('web')}") from fault

    def _bring(self, visit):
        vehicle = VEHICLES[visit.vehicle]
        turning = {"leaves": "backs_out", "after": visit.gives_up} if visit.gives_up else {}
        look = {"plate": vehicle.plate, **vehicle.look, **turning}
        car = self.stage.bring(visit.lane, timezone.now(), **look)
        self.cast[visit.lane, visit.vehicle] = car
        return car

    def _where_stuck(self, cars):
        lanes = sorted({lane for (lane, _), car in self.cast.items() if car in cars})
        logs = ", ".join(str(self.crew.log(lane)) for lane in lanes)
        return f"A car at {' and '.join(lanes)} did not leave in {CHAPTER_TAKES:.0f} s: see {logs}"

    def _wait_for_overstay(self, chapter):
        if not chapter.overstays:
            return
        stay = stays.find(self.car_park, VEHICLES[chapter.overstays].plate)
        while stay and stay.stay(timezone.now()) <= FREE:
            self.crew.check()
            time.sleep(GLANCE)

    def waiting(self, lane, reason):
        """The passage that is held at this lane for this reason, or None."""
        held = Passage.objects.filter(Passage.WAITING, lane__name=lane, reason=reason)
        return held.order_by("-received_at").first()

    def outcome(self):
        """name -> the lines that the vehicle met, once they are as they should be or time is up."""
        give_up = time.monotonic() + LAST_WORDS
        while True:
            found = {name: self._met(vehicle) for name, vehicle in VEHICLES.items()}
            right = all(found[name] == list(one.should) for name, one in VEHICLES.items())
            if right or time.monotonic() > give_up:
                return found
            time.sleep(GLANCE)

    def _met(self, vehicle):
        return met(self.car_park, vehicle.plate, timezone.now())


def type_plate(telling):
    """The operator sees a plate that no machine can read, and types it."""
    passage = telling.waiting("north-entry", Reason.UNREADABLE)
    if passage is None:
        return False
    with Operator(telling.site.server, telling.password) as operator:
        operator.type_plate(passage, VEHICLES["muddy"].plate)
    return True


def turn_twin_back(telling):
    """Of one car before two cameras, the picture that was held drives off backwards."""
    for lane, direction in LANES.items():
        if direction == "in" and telling.waiting(lane, Reason.ALREADY_INSIDE):
            telling.stage.turn_back(telling.cast[lane, "twin"])
            return True
    return False


def pay_at_exit(telling):
    """The held driver pays on a phone."""
    if telling.waiting("south-exit", Reason.DUE) is None:
        return False
    pay(telling.site.server, VEHICLES["overstayer"].plate)
    return True


ACTS = {"type_plate": type_plate, "turn_twin_back": turn_twin_back, "pay": pay_at_exit}
