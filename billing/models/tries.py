"""Guesses at plates, counted."""

from django.db import models

from parking.models import CarPark


class PlateTry(models.Model):
    """Somebody typed a plate that is not inside. Neither the plate nor the address is kept."""

    who = models.CharField(max_length=64, help_text="A keyed hash of the address; see tries.py.")
    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(help_text="What it cost; see tries.py.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["who", "at"]),
            models.Index(fields=["car_park", "at"]),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
