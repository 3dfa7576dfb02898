"""Whose turn it is in a drawn lane, and where that car is. No clock: time is passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

APPROACH, THROUGH, REVERSE = 1.5, 1.2, 1.5  # seconds
REACTION = 0.5  # between the arm's rising (or the stop, if it was up) and the car's moving
# Signs ask drivers to wait until the arm has come down behind the car before them. Where it is held
# open it never does, so nobody waits for longer than this.
WAITS_FOR_ARM = 4.0
WAYS = {"through": THROUGH, "backs_out": REVERSE}


@dataclass(frozen=True)
class Car:
    """One car of a scene; see `gates.cameras.drawn` for the meaning of each field."""

    id: str
    comes_at: datetime
    plate: str = ""
    country: str = "GB"
    colour: str = "#7a8793"
    leaves: str = "through"
    after: float = 3.0
    readable: bool = True
    hidden: bool = False
    dirt: float = 0.0


@dataclass(frozen=True)
class Place:
    """Where a car's front is: size (1 at the stop line), where its tyres touch the road (in pixels
    of a picture 720 high), and how solid it is (it comes out of the haze)."""

    size: float
    ground: float
    solid: float = 1.0


AT_THE_LINE = Place(1.0, 640.0)


@dataclass(frozen=True)
class Gone:
    """A finished turn: when the car stopped, when it was out of sight, and how it left."""

    id: str
    stopped_at: datetime
    left_at: datetime
    how: str


class Turn:
    """One car's time in the lane. `pace` 2.0 means that everything moves twice as fast."""

    def __init__(self, car, started, pace=1.0):
        self.car, self.pace = car, pace
        self.started = started
        self.stopped_at = started + self._lasts(APPROACH)
        self.departs_at = None

    def see(self, now, arm_up):
        """Tells the driver the time and the arm's position; may decide when the car departs."""
        if self.departs_at is not None or now < self.stopped_at:
            return
        if self.car.leaves == "backs_out":
            if now >= self.stopped_at + timedelta(seconds=self.car.after):
                self.departs_at = now
        elif arm_up:
            self.departs_at = now + self._lasts(REACTION)

    def gone(self, now):
        """What to write down once the car is out of sight, else None."""
        if self.departs_at is None:
            return None
        left_at = self.departs_at + self._lasts(WAYS[self.car.leaves])
        if now < left_at:
            return None
        return Gone(self.car.id, self.stopped_at, left_at, self.car.leaves)

    def _lasts(self, seconds):
        return timedelta(seconds=seconds / self.pace)


def position(turn, now):
    """Where the turn's car is at `now`: a `Place`, or None when it is out of sight."""
    if now < turn.started or turn.gone(now):
        return None
    if now < turn.stopped_at:
        return _coming((now - turn.started) / (turn.stopped_at - turn.started))
    if turn.departs_at is None or now < turn.departs_at:
        return AT_THE_LINE
    share = (now - turn.departs_at).total_seconds() * turn.pace / WAYS[turn.car.leaves]
    return _passing(share) if turn.car.leaves == "through" else _coming(1 - share)


def _coming(share):
    """Braking towards the stop line; backwards in time it is a car reversing out."""
    eased = 1 - (1 - share) ** 2
    size = 0.24 / (0.24 + (1 - 0.24) * (1 - eased))  # near things grow faster than far ones
    return Place(size, 212 + 428 * size, solid=min(share * 5, 1.0))


def _passing(share):
    """Away under the camera: nearer, larger, and out at the lower edge of the picture."""
    eased = share**1.6
    return Place(1 + 0.9 * eased, 640 + 1260 * eased)


class Lane:
    """Lets the cars of a scene come one after the other."""

    def __init__(self, pace=1.0, gap=1.0, finished=()):
        self.pace = pace
        self.gap = timedelta(seconds=gap / pace)
        self.finished = set(finished)
        self.turn = None
        self.free_since = None

    def step(self, cars, now, arm_up):
        """Goes on to `now`; returns `Gone` when the car in the lane has just left, else None."""
        if self.turn is None:
            self._call(cars, now, arm_up)
            return None
        self._follow_scene(cars)
        self.turn.see(now, arm_up)
        gone = self.turn.gone(now)
        if gone:
            self.finished.add(gone.id)
            self.turn, self.free_since = None, gone.left_at
        return gone

    def place(self, now):
        return position(self.turn, now) if self.turn else None

    def next_car(self, cars):
        """The car whose turn is next, due or not; None when all have come and gone."""
        waiting = (car for car in cars if car.id not in self.finished)
        return min(waiting, key=lambda car: car.comes_at, default=None)

    def _call(self, cars, now, arm_up):
        """Lets the next car come when it is due and the lane has been free for a moment."""
        car = self.next_car(cars)
        if car and car.comes_at <= now and self._free(now, arm_up):
            self.turn = Turn(car, now, self.pace)

    def _free(self, now, arm_up):
        if self.free_since is None:
            return True
        idle = now - self.free_since
        patience = timedelta(seconds=WAITS_FOR_ARM / self.pace)
        return idle >= self.gap and (not arm_up or idle >= patience)

    def _follow_scene(self, cars):
        """A story may change its mind about the car at the line: it is to back out after all."""
        for car in cars:
            if car.id == self.turn.car.id and self.turn.departs_at is None:
                self.turn.car = car
