"""Triggers: is there a vehicle at the lane?

A trigger looks at every frame (or at a loop) and is told what the reader found; time is passed in as
monotonic seconds. It answers with a `Presence`. Its constructor's keyword arguments are the options
of the `[trigger]` table of a lane file.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gates.barriers import RelayFailed


class Way(StrEnum):
    """Which way a vehicle left."""

    ON = "on"
    BACK = "back"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Presence:
    """`there`: a vehicle stands at the lane. `look`: only the reader can tell, let it look."""

    there: bool
    look: bool = False
    moving: bool = False


class Trigger(Protocol):
    def see(self, image, now: float) -> Presence:
        """`image` is BGR uint8, or None while the camera is blind."""

    def told(self, plates: bool, seen_at: float) -> None:
        """The reader has found plates in a frame, or none; `see` had that frame at `seen_at`."""

    def way(self) -> Way:
        """Which way the vehicle left that was there last."""


class Loop:
    """An induction loop or light barrier on an input of the relay board.

    A drop-out shorter than `gap` seconds is a trailer's drawbar, not the end of the vehicle. With a
    second loop behind the arm (`beyond_input`) a vehicle that never reached it has backed out;
    without one a loop cannot tell, and the vehicle counts as passed once the arm was opened.
    """

    def __init__(self, barrier, gap: float = 0.8, beyond_input: int | None = None):
        if barrier.loop_input is None:
            raise ValueError("the trigger 'loop' needs 'loop_input' in the table [barrier].")
        self.barrier, self.gap, self.beyond_input = barrier, gap, beyond_input
        self._there = False
        self._active_at = None
        self._went_on = False
        self._way = Way.UNKNOWN

    def see(self, image, now: float) -> Presence:
        try:
            active = self.barrier.loop()
            beyond = self.beyond_input is not None and self.barrier.loop(self.beyond_input)
        except RelayFailed:
            # The barrier's health says it; a vehicle stays where it is.
            return Presence(self._there)
        if active and not self._there:
            self._went_on = False
        if active:
            self._active_at = now
        self._went_on = self._went_on or beyond
        self._there = self._active_at is not None and now - self._active_at <= self.gap
        return Presence(self._there)

    def told(self, plates: bool, seen_at: float) -> None:
        """A loop needs no reader."""

    def way(self) -> Way:
        if self.beyond_input is None:
            return Way.UNKNOWN
        return Way.ON if self._went_on else Way.BACK


class Always:
    """No trigger at all: the reader looks all the time, and a vehicle is there while plates are read.

    For a first try, or a camera that is aimed too badly for `motion`. It keeps a processor busy and
    never sees a vehicle without a plate.
    """

    def __init__(self, gone_after: float = 3.0):
        self.gone_after = gone_after
        self._seen_at = None

    def see(self, image, now: float) -> Presence:
        there = self._seen_at is not None and now - self._seen_at <= self.gone_after
        return Presence(there, look=True)

    def told(self, plates: bool, seen_at: float) -> None:
        if plates:
            self._seen_at = seen_at

    def way(self) -> Way:
        return Way.UNKNOWN
