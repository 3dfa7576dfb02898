"""What a lane tells has happened, and what a person tells a lane to do."""

import uuid

from django.db import models


class Event(models.Model):
    """What a lane says has happened; its id is the lane's own. Kept as it came."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        OPEN_FAILED = "open_failed"
        PASSED = "passed"
        BACKED_OUT = "backed_out"
        PULSE_UNKNOWN = "pulse_unknown"
        DECIDED_OFFLINE = "decided_offline"
        HELD_OPEN = "held_open"
        RELEASED = "released"

    id = models.UUIDField(primary_key=True)
    lane = models.ForeignKey("gates.Lane", models.PROTECT, related_name="events")
    # Not a foreign key: an event may come before the passage that it speaks of.
    passage_id = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "received_at"]

    def __str__(self):
        return f"{self.kind} at {self.lane}"


class Order(models.Model):
    """A person's command to a lane, with a deadline: a late pulse is worse than no pulse."""

    class Action(models.TextChoices):
        OPEN = "open"
        HOLD_OPEN = "hold_open"
        RELEASE = "release"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lane = models.ForeignKey("gates.Lane", models.PROTECT, related_name="orders")
    # With a passage the order is the next answer to the waiting vehicle; without, it goes by beat.
    passage = models.ForeignKey(
        "gates.Passage", models.PROTECT, null=True, blank=True, related_name="orders"
    )
    action = models.CharField(max_length=10, choices=Action.choices)
    why = models.CharField(max_length=200)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-given_at"]

    def __str__(self):
        return f"{self.action} {self.lane}"
