"""What the double remembers: objects, events, and its answers to idempotency keys."""

import itertools
import json
import secrets
import threading
import time


class Refusal(Exception):  # noqa: N818
    """What Stripe would refuse: an HTTP status and its error object."""

    def __init__(self, status, message, kind="invalid_request_error", **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


class Books:
    """All in memory, one act at a time. `told(event)` is called with every new event."""

    def __init__(self, told=lambda event: None):
        self.lock = threading.RLock()
        self.objects, self.events, self.answers = {}, [], {}
        self.busy = set()
        self.told = told
        self.numbers = itertools.count(1)

    def add(self, kind, prefix, **facts):
        """A new object of this kind; its id begins with the prefix as Stripe's do."""
        made = {
            "id": f"{prefix}_test_{next(self.numbers):06}{secrets.token_hex(8)}",
            "object": kind,
            "created": int(time.time()),
            "livemode": False,
            **facts,
        }
        self.objects[made["id"]] = made
        return made

    def get(self, name, kind):
        found = self.objects.get(name)
        if found is None or found["object"] != kind:
            raise Refusal(404, f"No such {kind}: '{name}'", code="resource_missing")
        return found

    def of(self, kind):
        """The objects of a kind, the newest first."""
        return [one for one in reversed(self.objects.values()) if one["object"] == kind]

    def tell(self, kind, about):
        """Write an event down, as the object is at this moment, and send it."""
        event = {
            "id": f"evt_{next(self.numbers):06}{secrets.token_hex(8)}",
            "object": "event",
            "api_version": "2026-01-28",
            "created": int(time.time()),
            "livemode": False,
            "type": kind,
            "data": {"object": json.loads(json.dumps(about))},
        }
        self.events.append(event)
        self.told(event)

    def once(self, key, asked, act):
        """The answer (status, body, replayed) of `act` for this idempotency key; the same one ever after.

        As at Stripe a decline is kept with the key, a malformed request is not; other words under a key
        that was used are refused, and so is a key whose first request is still being worked on.
        """
        with self.lock:
            if key in self.answers:
                before, status, body = self.answers[key]
                if before != asked:
                    raise Refusal(
                        400,
                        "Keys for idempotent requests can only be used with the same parameters.",
                        "idempotency_error",
                    )
                return status, body, True
            try:
                status, body = 200, act()
            except Refusal as refusal:
                if refusal.status != 402:
                    raise
                status, body = 402, refusal.body
            body = json.loads(json.dumps(body))
            if key:
                self.answers[key] = asked, status, body
            return status, body, False

    def begin(self, key):
        """Hold a key while its request is worked on; `end` lets it go."""
        with self.lock:
            if key in self.busy:
                raise Refusal(
                    409,
                    "There is currently another in-progress request using this key.",
                    "idempotency_error",
                    code="idempotency_key_in_use",
                )
            if key:
                self.busy.add(key)

    def end(self, key):
        with self.lock:
            self.busy.discard(key)

    def forget_keys(self):
        """As Stripe does when they are 24 hours old."""
        with self.lock:
            self.answers.clear()
