"""The courier: brings what waits in the outbox to the server. Events first, pictures when none wait."""

import json
import random
import threading
import time

import structlog

from gates.lane.desk import NoAnswer

log = structlog.get_logger()
BATCH = 50
# So often may the server say "well" without storing, or "not found", before a person looks.
TRIES = 10
SHORTEST, LONGEST = 0.5, 30.0  # seconds between two tries while the server is away


class Courier:
    """Delivers at least once, in order, and forgets an item only when the server has it."""

    def __init__(self, outbox, desk):
        self.outbox, self.desk = outbox, desk
        self._away_for = 0.0  # the next pause while the server is away; 0: it answers
        self._server_back = threading.Event()
        self._singly = False  # one event of the batch is poisoned: find out which

    def work(self, stop):
        """Deliver until the event `stop` is set."""
        while not stop.is_set():
            pause = self.deliver(time.monotonic())
            if pause:
                wake = self._server_back if self._away_for else self.outbox.fresh
                wake.wait(pause)
                wake.clear()

    def hurry(self):
        """The server answers again: do not wait out the pause."""
        self._away_for = 0.0
        self._server_back.set()

    def deliver(self, now):
        """Deliver one batch of events, or one picture. Returns the seconds to wait before the next."""
        try:
            if ready := self._ready(self.outbox.events, now):
                return self._events(ready[: 1 if self._singly else BATCH], now)
            if self.outbox.events:
                return SHORTEST
            if ready := self._ready(self.outbox.pictures, now):
                return self._picture(ready[0], now)
            return SHORTEST
        except NoAnswer as fault:
            return self._away(fault)

    def _ready(self, items, now):
        return [item for item in items[: 10 * BATCH] if item.not_before <= now]

    def _away(self, fault):
        """The server is away: wait, a little longer each time and not all lanes at once."""
        self._away_for = min(max(self._away_for * 2, SHORTEST), LONGEST)
        pause = self._away_for * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        log.warning("nothing delivered", why=str(fault), waiting=self.outbox.waiting)
        return pause

    def _events(self, items, now):
        told = [(item, self._event(item)) for item in items]
        told = [(item, each) for item, each in told if each]
        if not told:
            return 0.0
        try:
            stored = self.desk.tell([each for _, each in told])
        except NoAnswer as fault:
            if not fault.final:
                raise
            return self._not_taken(told, fault)
        self._away_for = 0.0
        for item, each in told:
            if each["id"] in stored:
                self.outbox.delivered(item)
            else:
                self._later(item, now, "the server did not say that it stored this event")
        self._singly = self._singly and bool(self.outbox.events)
        return 0.0

    def _event(self, item):
        """The event in a file; one that cannot be read is set aside."""
        try:
            event = json.loads(item.path.read_bytes())
            return event if event["id"] else None
        except (OSError, ValueError, KeyError, TypeError) as fault:
            self._set_aside(item, f"this file holds no event: {fault}")
            return None

    def _not_taken(self, told, fault):
        """The server refuses: one event alone is set aside, of several each is tried by itself."""
        self._away_for = 0.0
        if len(told) > 1:
            self._singly = True
            return 0.0
        self._set_aside(told[0][0], str(fault))
        return 0.0

    def _picture(self, item, now):
        passage, kind = item.path.name[13:].split(".")[:2]
        try:
            self.desk.send_picture(passage, kind, item.path.read_bytes())
        except NoAnswer as fault:
            if fault.final:
                self._set_aside(item, str(fault))
            elif fault.status == 404:
                self._later(item, now, str(fault))
            else:
                raise
            return 0.0
        except OSError as fault:
            self._set_aside(item, f"this file cannot be read: {fault}")
            return 0.0
        self._away_for = 0.0
        self.outbox.delivered(item)
        return 0.0

    def _later(self, item, now, why):
        item.tries += 1
        item.not_before = now + min(2.0**item.tries, 600.0)
        if item.tries >= TRIES:
            self._set_aside(item, why)

    def _set_aside(self, item, why):
        try:
            self.outbox.refuse(item, why)
        except OSError as fault:
            log.error("an item cannot be set aside", item=item.path.name, why=str(fault))
            item.not_before = time.monotonic() + 600.0
