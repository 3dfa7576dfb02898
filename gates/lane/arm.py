"""The arm: moves the barrier in a thread of its own, one command after the other.

Written down before and after, at most once per command, and never late: a pulse that comes when the
car has gone is worse than none.
"""

import queue
import time
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from gates.barriers import RelayFailed
from gates.lane.events import event, now, unknown

log = structlog.get_logger()
LATEST = 5.0  # seconds between the read that opens and the pulse
DONE = {"open": "opened", "hold_open": "held_open", "release": "released"}


@dataclass(frozen=True)
class Command:
    """`act` is open, hold_open or release; `until` the monotonic time when it is too late."""

    act: str
    until: float
    passage: str | None = None
    order: str | None = None
    why: str = ""
    intent: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Moved:
    """What became of a command."""

    command: Command
    well: bool
    why: str = ""


class Arm:
    """Takes commands by `open` and `order`; what became of them is in the queue `moved`."""

    def __init__(self, barrier, journal, outbox):
        self.barrier, self.journal, self.outbox = barrier, journal, outbox
        self.commands, self.moved = queue.Queue(), queue.Queue()
        self.opened_for = None  # the passage that the arm was last raised for

    def recover(self):
        """After a start: tell what a killed process left unsaid, and take the arm up where it was.

        Never repeats a pulse. Putting the output to rest is none.
        """
        for intent in list(self.journal.open_intents.values()):
            told = unknown(intent)
            log.warning("nobody knows whether the arm moved", passage=intent.get("passage"))
            self.journal.result(intent["intent"], told)
            self.outbox.add_event(told)
        if self.journal.last_event:
            self.outbox.add_event(self.journal.last_event)  # stored once, however often it is told
        try:
            self.barrier.hold() if self.journal.held else self.barrier.rest()
        except RelayFailed as fault:
            log.error("the relay does not answer at the start", why=str(fault))

    def open(self, passage, why):
        """Raise the arm for a passage that may go."""
        self.commands.put(Command("open", time.monotonic() + LATEST, passage, why=why))

    def order(self, order, seconds, passage=None):
        """Carry out a person's order (a dict with id and action) within `seconds`, at most once."""
        until = time.monotonic() + seconds
        self.commands.put(Command(order["action"], until, passage, str(order["id"]), "order"))

    def work(self, stop):
        """Carry out commands until the event `stop` is set."""
        while not stop.is_set():
            self.work_once(0.2)

    def work_once(self, timeout=0.0):
        """Carry out the next command, if one comes within `timeout` seconds."""
        try:
            command = self.commands.get(block=timeout > 0, timeout=timeout or None)
        except queue.Empty:
            return
        if command.order and self.journal.knows(command.order):
            return
        self.moved.put(self._carry_out(command))

    def _carry_out(self, command):
        try:
            self.journal.intend(
                command.intent,
                command.act,
                now().isoformat(),
                command.passage,
                command.order,
                command.why,
            )
        except OSError as fault:
            return self._failed(command, f"the intent cannot be written to disk: {fault}")
        if time.monotonic() > command.until:
            return self._failed(command, "too late: not carried out")
        if command.act == "open" and command.passage and command.passage == self.opened_for:
            return self._done(command, {"already": True})
        return self._move(command)

    def _move(self, command):
        moves = {
            "open": self.barrier.pulse,
            "hold_open": self.barrier.hold,
            "release": self.barrier.release,
        }
        if command.act == "open":
            self.opened_for = command.passage
        try:
            moves[command.act]()
        except RelayFailed as fault:
            self.opened_for = None
            return self._failed(command, str(fault))
        return self._done(command, {})

    def _done(self, command, detail):
        self._tell(command, DONE[command.act], detail)
        return Moved(command, True)

    def _failed(self, command, why):
        log.error("the arm did not move", act=command.act, passage=command.passage, why=why)
        self._tell(command, "open_failed", {"why": why, "act": command.act})
        return Moved(command, False, why)

    def _tell(self, command, kind, detail):
        if command.order:
            detail = {**detail, "order": command.order}
        if command.why:
            detail = {"reason": command.why, **detail}
        told = event(kind, command.passage, detail, command.intent)
        try:
            self.journal.result(command.intent, told)
            self.outbox.add_event(told)
        except OSError as fault:
            log.critical("an event cannot be written to disk", kind=kind, why=str(fault))
