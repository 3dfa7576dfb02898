"""The eye: takes frames and asks the trigger, in a thread of its own.

Reading a plate or asking the server takes its time; a vehicle that comes or goes meanwhile must not be
missed, and one that has gone must not be taken for the next.
"""

import queue
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from gates.cameras import Blind, Frame
from gates.lane.health import WELL
from gates.lane.trigger import Way

log = structlog.get_logger()
WAIT = 0.5  # seconds for a frame
BLIND_PAUSE = 0.1  # a loop must still be looked at while there are no frames


@dataclass(frozen=True)
class Came:
    """A vehicle is there; the visits of a lane are counted from 1."""

    visit: int
    at: datetime


@dataclass(frozen=True)
class Left:
    visit: int
    way: Way


@dataclass(frozen=True)
class Sight:
    """The newest frame, seen `at` (monotonic); `visit` is the vehicle in it, 0 when there is none."""

    frame: Frame
    at: float
    visit: int
    look: bool
    moving: bool


class Eye:
    """What the camera and the trigger say. `news` holds every `Came` and `Left`, in order."""

    def __init__(self, camera, trigger, health):
        self.camera, self.trigger, self.health = camera, trigger, health
        self.news = queue.Queue()
        self.visit = 0  # the vehicle that is there now; 0: none
        self._count = 0
        self._sight = None
        self._guard = threading.Condition()

    def work(self, stop):
        """Look until the event `stop` is set."""
        while not stop.is_set():
            self.look_once()

    def look_once(self, now=None):
        """One frame, or none: ask the trigger and publish what is there."""
        frame = self._frame()
        now = time.monotonic() if now is None else now
        presence = self.trigger.see(frame.image if frame else None, now)
        with self._guard:
            self._count_visits(presence.there, frame)
            if frame:
                self._sight = Sight(frame, now, self.visit, presence.look, presence.moving)
                self._guard.notify_all()

    def newest(self, timeout):
        """The newest sight not given before, or None when none came within `timeout` seconds."""
        with self._guard:
            if self._sight is None:
                self._guard.wait(timeout)
            sight, self._sight = self._sight, None
            return sight

    def _frame(self):
        try:
            frame = self.camera.newest(WAIT)
        except Blind as why:
            self._blind(f"blind: {why}")
            time.sleep(BLIND_PAUSE)
            return None
        except Exception as fault:  # somebody's driver has a fault: the lane goes on without it
            self._blind(f"blind: the camera driver failed: {fault}")
            time.sleep(BLIND_PAUSE)
            return None
        if frame is not None and self.health.camera != WELL:
            log.info("the camera sees again")
            self.health.camera = WELL
        return frame

    def _blind(self, text):
        if self.health.camera != text:
            log.error("the camera sees nothing", why=text)
        self.health.camera = text

    def _count_visits(self, there, frame):
        if there and not self.visit:
            self._count += 1
            self.visit = self._count
            self.news.put(Came(self.visit, frame.at if frame else datetime.now(UTC)))
        elif not there and self.visit:
            self.news.put(Left(self.visit, self.trigger.way()))
            self.visit = 0


def waiting(news):
    """Everything in a queue, without waiting."""
    while True:
        try:
            yield news.get_nowait()
        except queue.Empty:
            return
