"""The one barrier above every relay: how long to pulse, which level means up, how often at most."""

import threading
import time
from contextlib import suppress

from gates.barriers import RelayFailed

UNSURE_FOR = 10.0  # seconds: a command that timed out may still run on the board as late as this


class Barrier:
    """An arm that a relay raises.

    `output` gives the opening command, for `pulse` seconds, at least `pause` seconds after the pulse
    before. `inverted`: the output is on at rest. `loop_input` is the input of the vehicle loop.
    """

    def __init__(
        self,
        relay,
        output: int = 0,
        pulse: float = 0.8,
        inverted: bool = False,
        pause: float = 1.0,
        loop_input: int | None = None,
    ):
        if pulse <= 0 or pause < 0:
            raise ValueError("'pulse' must be more than 0 seconds and 'pause' not less than 0.")
        self.relay, self.output, self.inverted = relay, output, inverted
        self.seconds, self.pause, self.loop_input = pulse, pause, loop_input
        self.held = False
        self.health = "ok"
        self._busy = threading.Lock()
        self._free_at = 0.0  # monotonic: when the least pause is over
        self._rested_by = 0.0  # monotonic: until then the rest level is written again at each check
        self._resting = True

    def pulse(self):
        """Raise the arm once. Raises `RelayFailed`; the output goes back to rest whatever happens.

        Nothing is written while the arm is held open: the end of the pulse would let it fall.
        """
        with self._busy:
            if self.held:
                return
            time.sleep(max(0.0, self._free_at - time.monotonic()))
            try:
                self._write(True)
                time.sleep(self.seconds)
            finally:
                self._free_at = time.monotonic() + self.pause
                # The arm has risen even if this fails: `health` says so and `check` goes on releasing.
                with suppress(RelayFailed):
                    self._rest()

    def hold(self):
        """Keep the arm up until `release`."""
        with self._busy:
            self._write(True)
            self.held = True

    def release(self):
        """Let the arm fall; its own safety loop decides when."""
        with self._busy:
            self.held = False
            self._rest()

    def rest(self):
        """At the start: put the output to rest, in case a process was killed during a pulse."""
        self.release()

    def loop(self, number=None):
        """Is there a vehicle on the loop (or on the input of that number)?"""
        return self._tried(lambda: self.relay.read(self.loop_input if number is None else number))

    def check(self):
        """Ask the board for a sign of life, and go on releasing where a release failed."""
        if not self._busy.acquire(blocking=False):
            return  # it is being moved just now
        try:
            if not self.held and (not self._resting or time.monotonic() < self._rested_by):
                self._rest()
            self._tried(self.relay.check)
        except RelayFailed:
            return  # `health` says it
        finally:
            self._busy.release()

    def close(self):
        self.relay.close()

    def _rest(self):
        self._resting = False
        self._write(False)
        self._resting = True

    def _write(self, active):
        try:
            self._tried(lambda: self.relay.write(self.output, active != self.inverted))
        except RelayFailed:
            self._rested_by = time.monotonic() + UNSURE_FOR
            raise

    def _tried(self, act):
        try:
            answer = act()
        except RelayFailed as fault:
            self.health = str(fault)
            raise
        except Exception as fault:  # somebody's driver has a fault: the lane must hear of it
            self.health = f"the relay driver failed: {fault}"
            raise RelayFailed(self.health) from fault
        self.health = "ok"
        return answer
