"""Why a stay may not be charged by machine, a row for each reason, and who settled it."""

from django.db import models
from django.db.models import Q


class Doubt(models.TextChoices):
    """Why this stay may not be charged by machine."""

    NONE = "", "none"
    CLOCK = "clock", "the lane's clock and the server's are too far apart"
    MISSED_EXIT = "missed_exit", "the vehicle came in again, so its exit was missed"
    CLONED = "cloned", "this plate was inside already when it came in: two vehicles may carry it"
    CORRECTION = "correction", "a correction made it clash with another stay"
    ORPHAN_READ = "orphan_read", "this plate was seen in between, and that belongs to no stay"
    WEAK_MATCH = "weak_match", "the plates at the entry and at the exit are not surely the same"
    GATE_OPEN = "gate_open", "a barrier stood open during the stay"
    LANE_DARK = "lane_dark", "a lane was dark during the stay"
    LEFT_ALONE = "left_alone", "it left while the server was away"
    NO_ENTRY_PICTURE = "no_entry_picture", "there is no picture of the entry"
    NO_EXIT_PICTURE = "no_exit_picture", "there is no picture of the exit"
    TWO_VISITS = "two_visits", "many vehicles pass unread here, so it may be two visits"
    DISPUTED = "disputed", "the driver says that something is wrong with it"


# The gravest first: the stay may be two visits (or its driver says so), then: its times may be wrong,
# then: nothing proves it. Last what its driver's word settles, and no picture.
GRAVEST = (
    *(Doubt.MISSED_EXIT, Doubt.CORRECTION, Doubt.DISPUTED, Doubt.ORPHAN_READ, Doubt.WEAK_MATCH),
    *(Doubt.CLONED, Doubt.CLOCK, Doubt.GATE_OPEN, Doubt.LANE_DARK),
    *(Doubt.NO_ENTRY_PICTURE, Doubt.NO_EXIT_PICTURE, Doubt.LEFT_ALONE, Doubt.TWO_VISITS),
)
# Whoever says that the car was here all the time, and pays, settles these: nobody knows better.
DRIVER_KNOWS = frozenset({Doubt.LEFT_ALONE, Doubt.TWO_VISITS})


class StayDoubt(models.Model):
    """One reason to doubt a stay. Written by `parking.doubts` only, and never deleted."""

    session = models.ForeignKey("parking.ParkingSession", models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=20, choices=Doubt.choices)
    about = models.CharField(max_length=200, blank=True, help_text="Where and when, in words.")
    period = models.ForeignKey(
        "parking.Period", models.PROTECT, null=True, blank=True, related_name="doubts"
    )
    since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "auth.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the machine settled it, for the evidence came.",
    )
    why = models.CharField(max_length=200, blank=True, help_text="Why it was settled.")

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "about"],
                condition=Q(settled_at=None, period=None),
                name="one_unsettled_doubt_about_a_thing",
            ),
            models.UniqueConstraint(
                fields=["session", "period"],
                condition=Q(period__isnull=False),
                name="one_doubt_of_a_period",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}{f' ({self.about})' if self.about else ''}"
