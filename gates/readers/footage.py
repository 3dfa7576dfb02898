"""The vehicles of a video, told by what serves a lane: its eye, its trigger, its vehicle, its votes.

A film differs from a lane in two ways: its time comes from the frames, and it may be looked through
beforehand for the empty road (`outlook.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gates.cameras import Frame
from gates.lane.eye import Came, Eye, waiting
from gates.lane.health import Health
from gates.lane.motion import Motion
from gates.lane.vehicle import MOST_FRAMES, Vehicle
from gates.lane.view import View
from gates.readers import Read
from gates.readers.film import NotAVideo, frames
from gates.readers.outlook import looked_through
from gates.rules.votes import Verdict, alike, vote

__all__ = ["NotAVideo", "Passed", "vehicles"]

START = datetime(1970, 1, 1, tzinfo=UTC)  # frames of a lane have a time of day; a film's have none
WATCHED_A_SECOND = 10
READS_A_SECOND = 5
SLACK = 0.01  # seconds; times are rounded
READ_RESTING = 1.0  # seconds between two reads of a vehicle that stands and was read
ENOUGH_READS = 6  # of a vehicle since it last moved
LEAST = 0.02  # of the picture; less than a lane's, for the reader has a say as well
CLEAR = 0.5  # seconds
UNREAD_LEAST = 0.06  # of the picture; without a plate less may be a person on foot
UNREAD_LASTS = 1.0  # seconds for which such a vehicle is seen
LOOKING = 0.1  # share of the work that looking through the film beforehand is
GONE = 1.5  # seconds after which the same plate is another passing


@dataclass
class Passed:
    """A vehicle that passed: seconds from the start of the video; `visit` is the trigger's."""

    vehicle: Vehicle
    began: float
    ended: float
    largest: float = 0.0  # share of the picture that it covered

    @property
    def visit(self):
        return self.vehicle.visit

    @property
    def verdict(self) -> Verdict | None:
        return self.vehicle.verdict

    @property
    def clearest(self) -> Read | None:
        """The surest of the reads that are for the verdict's plate."""
        mains = [reads[0] for reads in self.vehicle.frames]
        agreeing = [read for read in mains if alike(read.plate, self.vehicle.plate)]
        return max(agreeing or mains, key=lambda read: read.confidence or 0.0, default=None)

    @property
    def real(self):
        """Without a sure plate, a vehicle is what is large and stays for a while."""
        if self.verdict and (len(self.vehicle.frames) > 1 or self.clearest.accepted):
            return True
        return self.largest >= UNREAD_LEAST and self.ended - self.began >= UNREAD_LASTS

    def same(self, other):
        """Is it the same vehicle, seen again at once or within one visit?"""
        if not (self.verdict and other.verdict and alike(self.vehicle.plate, other.vehicle.plate)):
            return False
        return self.visit == other.visit or other.began - self.ended <= GONE

    def join(self, other):
        self.ended, self.largest = other.ended, max(self.largest, other.largest)
        self.vehicle.frames = [*self.vehicle.frames, *other.vehicle.frames][-MOST_FRAMES:]
        self.vehicle.verdict = vote(self.vehicle.frames)


class Projector:
    """A camera that shows the frames it is given."""

    def __init__(self):
        self.frame = None

    def show(self, at, image):
        number = self.frame.number + 1 if self.frame else 1
        self.frame = Frame(number, START + timedelta(seconds=at), image)

    def newest(self, timeout):
        return self.frame


class Watching:
    """Looks at a film's frames as a lane does, and reads as often as it is worth while."""

    def __init__(self, reader, road, empty):
        self.reader, self.projector = reader, Projector()
        self.trigger = Motion(least=LEAST, arrive=0.0, clear=CLEAR, forward="any")
        self.trigger.know(road)
        self.view = View()
        self.view.scenery.know(empty)
        self.eye = Eye(self.projector, self.trigger, Health())
        self.passing = None
        self._read_at = float("-inf")
        self._reads = 0  # since the vehicle last moved

    def see(self, at, image):
        """Look at a frame; returns those that have just passed."""
        self.projector.show(at, image)
        self.eye.look_once(at)
        passed = self._hear(at)
        sight = self.eye.newest(0)
        if self.passing is None:
            self.view.empty(image, at)
        elif self.trigger.share >= LEAST:
            passed += self._look(sight, at)
        return passed

    def end(self):
        """Those that are still there when the film ends."""
        passed, self.passing = self.passing, None
        return [passed] if passed else []

    def _hear(self, at):
        passed = []
        for news in waiting(self.eye.news):
            if isinstance(news, Came):
                self._begin(news.visit, at)
            else:
                passed += self.end()
        return passed

    def _begin(self, visit, at):
        self.passing = Passed(Vehicle(visit, START + timedelta(seconds=at), at), at, at)
        self._reads = 0

    def _look(self, sight, at):
        self.passing.ended = at
        self.passing.largest = max(self.passing.largest, self.trigger.share)
        self._reads = 0 if sight.moving else self._reads
        every = READ_RESTING if self._reads >= ENOUGH_READS else 1 / READS_A_SECOND
        if at - self._read_at < every - SLACK:
            return []
        self._read_at, self._reads = at, self._reads + 1
        reads = self.view.of_vehicle(self.reader.read(sight.frame.image), sight.frame.image)
        self.trigger.told(bool(reads), at)
        return self._vote(sight.frame, reads)

    def _vote(self, frame, reads):
        """Let a frame's reads vote for the vehicle, or begin the next one with them."""
        vehicle = self.passing.vehicle
        if vehicle.followed_by(frame, reads):
            return self._next(vehicle.visit, vehicle.strangers)
        if not vehicle.strangers:
            vehicle.add(frame, reads)
        return []

    def _next(self, visit, strangers):
        """The next vehicle, bumper to bumper; returns the one before it."""
        since = (strangers[0][0].at - START).total_seconds()
        self.passing.ended = since
        passed = self.end()
        self._begin(visit, since)
        for frame, reads in strangers:
            self.passing.vehicle.add(frame, reads)
        self.passing.ended = (strangers[-1][0].at - START).total_seconds()
        return passed


def vehicles(path, reader, progress=lambda share: None):
    """The vehicles of a video in the order of their leaving. Raises `NotAVideo`.

    `progress` is told how much of the work is done, 0..1.
    """
    outlook = looked_through(path, lambda share: progress(LOOKING * share))
    if outlook is None:
        raise NotAVideo("the video has no frame that can be read")
    road = outlook.road(reader)
    watching = Watching(reader, road, outlook.emptiest(road))
    there = []
    for at, image in frames(
        path, WATCHED_A_SECOND, lambda s: progress(LOOKING + (1 - LOOKING) * s)
    ):
        _join(there, watching.see(at, image))
        yield from _settled(there, at, watching.eye.visit)
    _join(there, watching.end())
    yield from _settled(there, float("inf"), None)


def _join(there, passed):
    """Add those that passed to those that may come again."""
    for one in passed:
        known = next((earlier for earlier in there if earlier.same(one)), None)
        if known:
            known.join(one)
        elif one.real:
            there.append(one)


def _settled(there, at, visit):
    """Takes those out of `there` that will not come again."""
    done = [one for one in there if one.visit != visit and at - one.ended > GONE]
    there[:] = [one for one in there if one not in done]
    return done
