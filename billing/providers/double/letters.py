"""The double's signed webhooks: in time, or late, twice, out of order, lost and forged when asked."""

import heapq
import itertools
import json
import threading
import time
from dataclasses import dataclass
from urllib import error, request

from stripe import WebhookSignature

TRIES = 5


@dataclass
class Ways:
    """How webhooks travel: `late` by so many seconds, in so many `copies`, `shuffled` (every second one is
    overtaken), all of them `lost` or `forged`."""

    late: float = 0.0
    copies: int = 1
    lost: bool = False
    forged: bool = False
    shuffled: bool = False


class Letters:
    """Sends events to one address from a thread of its own; tries again what was not taken."""

    def __init__(self, address, secret):
        self.address, self.secret = address, secret
        self.ways = Ways()
        self.waiting, self.numbers = [], itertools.count()
        self.due = threading.Condition()
        self.opener = request.build_opener(
            request.ProxyHandler({})
        )  # only to this machine's servers

    def start(self):
        threading.Thread(target=self._carry, daemon=True).start()

    def post(self, event):
        ways = self.ways
        if ways.lost or not self.address:
            return
        body = json.dumps(event).encode()
        for copy in range(ways.copies):
            # Out of order: every second letter overtakes the one before it.
            behind = 0.3 if ways.shuffled and next(self.numbers) % 2 == 0 else 0.0
            self._later(ways.late + behind + copy * 0.05, body, TRIES)

    def _later(self, seconds, body, tries):
        with self.due:
            entry = (time.monotonic() + seconds, next(self.numbers), body, tries)
            heapq.heappush(self.waiting, entry)
            self.due.notify()

    def _carry(self):
        while True:
            with self.due:
                while not self.waiting or self.waiting[0][0] > time.monotonic():
                    self.due.wait(
                        max(0.0, self.waiting[0][0] - time.monotonic()) if self.waiting else None
                    )
                _, _, body, tries = heapq.heappop(self.waiting)
            if not self._taken(body) and tries > 1:
                self._later(2.0 ** (TRIES - tries), body, tries - 1)

    def _taken(self, body):
        secret = "whsec_forged" if self.ways.forged else self.secret
        signature = WebhookSignature.generate_signature_header(body.decode(), secret)
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        letter = request.Request(self.address, body, headers)  # noqa: S310 - an address we were given
        try:
            with self.opener.open(letter, timeout=20) as answer:
                return answer.status == 200
        except (error.URLError, OSError):
            return False
