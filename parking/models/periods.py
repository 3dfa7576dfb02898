"""A time in which a lane could not tell who passed: its barrier stood open, or it was dark."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parking.models.doubts import Doubt


class Period(models.Model):
    """From `starts_at` to `ends_at` (none: it runs still). Settled: somebody looked at all it touched.

    The lane stands here by its name, for lanes live in gates.
    """

    class Kind(models.TextChoices):
        GATE_OPEN = Doubt.GATE_OPEN.value, "barrier open"
        LANE_DARK = Doubt.LANE_DARK.value, "lane dark"

    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="periods")
    lane = models.CharField(max_length=50)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(
        default=timezone.now, help_text="Who left before could not be held for it."
    )
    cause = models.CharField(max_length=200, blank=True)
    opened_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=200, blank=True, help_text="Why it was settled.")

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["car_park", "lane", "kind"],
                condition=Q(ends_at=None),
                name="one_running_period_per_lane",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="period_ends_after_its_start",
            ),
        ]
        indexes = [models.Index(fields=["car_park", "-starts_at"])]

    def __str__(self):
        return f"{self.get_kind_display()} at {self.lane} from {self.starts_at:%Y-%m-%d %H:%M}"

    def clean(self):
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "The end must come after the start."})
