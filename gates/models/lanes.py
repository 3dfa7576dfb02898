"""A lane, its key, its health; what its camera takes for what."""

import hashlib
import secrets

from django.db import models

from parking.models import CarPark

DARK_AFTER = 5  # seconds without a beat; the lane beats once a second


def hashed(key):
    """A lane key as it is stored. It has 256 random bits, so a plain fast hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


class Lane(models.Model):
    class Direction(models.TextChoices):
        IN = "in", "entry"
        OUT = "out", "exit"

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="lanes")
    name = models.SlugField(unique=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the lanes page.")
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_beat_at = models.DateTimeField(null=True, blank=True)
    clock_ahead = models.FloatField(null=True, blank=True, help_text="Seconds, at the last beat.")
    version = models.CharField(max_length=40, blank=True)
    health = models.JSONField(default=dict, blank=True)
    raised_at = models.DateTimeField(null=True, blank=True)
    lowered_at = models.DateTimeField(null=True, blank=True)
    held_open_at = models.DateTimeField(null=True, blank=True)
    pictured_at = models.DateTimeField(null=True, blank=True, help_text="It sent a picture then.")
    learnt_at = models.DateTimeField(
        null=True, blank=True, help_text="Its confusions were counted then (manage.py learn)."
    )
    drift = models.TextField(blank=True, help_text="What it reads worse than before.")

    class Meta:
        ordering = ["car_park", "position", "name"]

    def __str__(self):
        return self.name

    def new_key(self):
        """Give the lane a new key and return it; only its hash is kept, and the old one is dead."""
        key = secrets.token_urlsafe(32)
        self.key_hash, self.revoked_at = hashed(key), None
        return key

    def arm_is_up(self):
        """What the last events say of the arm; the lane, not the server, knows it for certain."""
        if self.held_open_at:
            return True
        return bool(self.raised_at and (not self.lowered_at or self.lowered_at < self.raised_at))

    def is_dark(self, now):
        """No sign of life: the lane, or its line, is down."""
        return self.last_beat_at is None or (now - self.last_beat_at).total_seconds() > DARK_AFTER

    def ailments(self):
        """Part and complaint for all that the lane says is not well."""
        parts = ((part, self.health.get(part, "ok")) for part in ("camera", "reader", "barrier"))
        return [(part, word) for part, word in parts if word != "ok"]


class Confusion(models.Model):
    """How often this lane read a true character as another, or as itself, of plates that are known.

    Without `read` the character was lost, without `true` it was added.
    """

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="confusions")
    true = models.CharField(max_length=1, blank=True)
    read = models.CharField(max_length=1, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-count", "true", "read"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane", "true", "read"], name="one_count_of_a_confusion"
            )
        ]

    def __str__(self):
        return f"{self.true or 'nothing'} read as {self.read or 'nothing'} {self.count} times"
