"""The prices of a car park, version by version."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from parking.models import CarPark


class Tariff(models.Model):
    """One version of a car park's prices. A stay is priced by the version in force at its entry."""

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="tariffs")
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    free = models.DurationField(help_text="A stay up to this long costs nothing.")
    step = models.DurationField(help_text="Time is charged in steps of this length, once begun.")
    step_price = models.PositiveIntegerField(help_text="In the currency's smallest unit.")
    day_cap = models.PositiveIntegerField(
        validators=[MinValueValidator(1)], help_text="At most this much for each 24 hours."
    )
    leave_within = models.DurationField(help_text="Time to leave after paying.")

    class Meta:
        ordering = ["car_park", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "version"], name="tariff_version"),
            models.UniqueConstraint(fields=["car_park", "starts_at"], name="tariff_start"),
        ]

    def __str__(self):
        return f"{self.car_park} version {self.version}"

    def clean(self):
        if self.step is not None and self.step.total_seconds() <= 0:
            raise ValidationError({"step": "A step must be longer than nothing."})

    @classmethod
    def in_force(cls, car_park, at):
        """The version that prices a stay which began at `at`; the first one for older stays."""
        versions = cls.objects.filter(car_park=car_park)
        return (
            versions.filter(starts_at__lte=at).order_by("-starts_at").first()
            or versions.order_by("starts_at").first()
        )
