"""A stay."""

from django.db import models
from django.db.models import F, Q

from parking.models.doubts import Doubt
from parking.models.plates import PlateField, looks, neighbour_key

OPEN = Q(left_at=None, voided_at=None)


class ParkingSession(models.Model):
    """A stay. Its state is read from its timestamps (`parking.rules.sessions`)."""

    OPEN = OPEN

    car_park = models.ForeignKey("parking.CarPark", models.PROTECT, related_name="sessions")
    plate = PlateField()
    folded = looks()
    # For `parking.lookup`, kept by the database: the blurred plate without its end, middle, beginning.
    front, ends, back = (neighbour_key(part) for part in ("front", "ends", "back"))
    permit = models.ForeignKey(
        "parking.Permit", models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    entered_at = models.DateTimeField()
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="At an exit lane since then: time in its queue is free."
    )
    settled_until = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    # A word of the tariff's, by what the camera saw at the entry; empty is a car.
    vehicle_class = models.CharField(max_length=30, blank=True)
    # The lanes' names, for whoever counts money: lanes themselves live in gates.
    entered_by = models.CharField(max_length=50, blank=True)
    left_by = models.CharField(max_length=50, blank=True)
    # The pictures themselves live in gates, which says here what a price may rest on.
    entry_picture_by = models.DateTimeField(
        null=True, blank=True, help_text="Its picture lacks from then on; empty: nothing lacks."
    )
    exit_picture_by = models.DateTimeField(null=True, blank=True)
    doubt = models.CharField(
        max_length=20,
        choices=Doubt.choices,
        blank=True,
        help_text="The gravest of its unsettled doubts; kept by parking.doubts alone.",
    )

    class Meta:
        ordering = ["-entered_at", "-id"]
        constraints = [
            # Two lanes may see one car at the same moment; only the database can tell them apart.
            models.UniqueConstraint(
                fields=["car_park", "plate"],
                condition=OPEN,
                name="one_open_session_per_plate",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
                name="leaves_after_entering",
            ),
        ]
        indexes = [
            models.Index(fields=["car_park", "-entered_at"]),
            models.Index(fields=["car_park", "doubt"]),
            # Of open stays only: what has left is never looked for, and costs nothing here.
            *(
                models.Index(fields=["car_park", key], condition=OPEN, name=f"open_by_{key}")
                for key in ("front", "ends", "back")
            ),
            models.Index(
                fields=["car_park", "exit_picture_by"],
                condition=Q(exit_picture_by__isnull=False),
                name="awaits_an_exit_picture",
            ),
        ]

    def __str__(self):
        return f"{self.plate} from {self.entered_at:%Y-%m-%d %H:%M}"

    @property
    def exit_permit(self):
        """The permit by which it left, of a plate that its entry did not read; or None."""
        given = self.permit
        return given if given and given.folded != self.folded else None

    def stay(self, now):
        """How long the vehicle has been, or was, inside (queueing at the exit not counted)."""
        return (self.left_at or self.waiting_since or now) - self.entered_at
