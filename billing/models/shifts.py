"""A person's turn at a desk."""

from django.db import models
from django.db.models import F, Q

from parking.models import CarPark


class Shift(models.Model):
    """One person's turn at one desk: what was in the drawer at first, and what was counted at last."""

    OPEN = Q(closed_at=None)

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="shifts")
    desk = models.CharField(max_length=40)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="shifts")
    opened_at = models.DateTimeField()
    float_amount = models.PositiveIntegerField(help_text="Cash in the drawer at first.")
    closed_at = models.DateTimeField(null=True, blank=True)
    # Kept as they were found: a refund that comes later belongs to a later shift.
    expected = models.IntegerField(null=True, blank=True, help_text="Cash that should be there.")
    counted = models.IntegerField(null=True, blank=True, help_text="Cash that was there.")
    why = models.CharField(max_length=200, blank=True, help_text="Why the two differ.")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by"], condition=Q(closed_at=None), name="one_shift_per_person"
            ),
            models.UniqueConstraint(
                fields=["car_park", "desk"], condition=Q(closed_at=None), name="one_shift_per_desk"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(counted=F("expected")) | ~Q(why=""),
                name="difference_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.desk} from {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def difference(self):
        """Counted less expected (smallest unit); None while the shift is open."""
        return None if self.closed_at is None else self.counted - self.expected
