"""The beat: once a second a sign of life to the server, which answers with a person's orders."""

import time
from datetime import UTC, datetime

import structlog

from gates.lane.desk import VERSION, NoAnswer
from gates.lane.health import WELL

log = structlog.get_logger()
EVERY = 1.0
LIST_AGAIN = 10.0  # seconds before a list that could not be fetched is asked for again
LOUD_EVERY = 60.0  # the same trouble is logged once a minute
ACTIONS = ("open", "hold_open", "release")


class Beat:
    """Tells the lane's health, hands orders to the arm, fetches the list when it has changed."""

    def __init__(self, desk, arm, allowlist, outbox, health, passage, recovered):
        self.desk, self.arm, self.allowlist = desk, arm, allowlist
        self.outbox, self.health = outbox, health
        self.passage = passage  # called for the id of the vehicle at the lane, or None
        self.recovered = recovered  # called when the server answers again
        self._said, self._said_at = None, 0.0
        self._list_from = 0.0

    def work(self, stop):
        """Beat once a second until the event `stop` is set."""
        while not stop.is_set():
            began = time.monotonic()
            self.arm.barrier.check()
            self.once()
            stop.wait(max(0.0, EVERY - (time.monotonic() - began)))

    def once(self):
        """One beat and what follows from its answer. Never raises for a bad answer."""
        asked_at = time.monotonic()
        try:
            answer = self.desk.beat(self._body())
            self._trouble(WELL)
        except NoAnswer as fault:
            self._trouble(_worded(fault))
            return
        for order in answer["orders"]:
            self._order(order, answer.get("now"), time.monotonic() - asked_at)
        changed = answer.get("list_version") != self.allowlist.version
        if changed and asked_at >= self._list_from:
            self._fetch_list(asked_at)

    def _body(self):
        return {
            "sent_at": datetime.now(UTC).isoformat(),
            "version": VERSION,
            "health": self.health.told(self.arm.barrier.health, self.outbox.waiting),
            "list_version": self.allowlist.version,
        }

    def _order(self, order, server_now, on_the_way):
        """Hand an order to the arm, unless it has expired by the server's own clock."""
        try:
            now = datetime.fromisoformat(server_now)
            left = (datetime.fromisoformat(order["expires_at"]) - now).total_seconds()
            known = order["action"] in ACTIONS and str(order["id"])
        except (KeyError, TypeError, ValueError) as fault:
            log.error("an order that nobody can carry out", order=order, why=str(fault))
            return
        if not known:
            log.error("an order that this lane does not know", action=order["action"])
            return
        # A lane that is not sure of being in time does nothing: the whole way there and back counts.
        self.arm.order(order, left - on_the_way, self.passage())

    def _fetch_list(self, now):
        try:
            said = self.desk.list(self.allowlist.version)
            if said is not None:
                self.allowlist.replace(said)
                log.info("new list", version=self.allowlist.version)
        except (NoAnswer, ValueError, OSError) as fault:
            self._list_from = now + LIST_AGAIN
            log.error("the list for deciding alone cannot be fetched", why=str(fault))

    def _trouble(self, text):
        now = time.monotonic()
        if text == self._said and (text == WELL or now - self._said_at < LOUD_EVERY):
            return
        if text != WELL:
            log.error("trouble with the server", why=text)
        elif self._said is not None:
            log.info("the server answers again")
            self.desk.breaker.worked()
            self.recovered()
        self._said, self._said_at = text, now


def _worded(fault):
    if fault.status == 401:
        return (
            f"{fault} - the key is wrong or was revoked: make a new one with `manage.py lane add`"
        )
    return str(fault)
