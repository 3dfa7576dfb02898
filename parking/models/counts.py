"""How many vehicles a person counted."""

from django.db import models


class Count(models.Model):
    """A fact, never changed: a wrong one is followed by a better one."""

    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="counts")
    number = models.PositiveIntegerField(help_text="Vehicles on the visitors' places.")
    at = models.DateTimeField()
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    said_low = models.PositiveIntegerField(help_text="What had been reckoned for that moment.")
    said_high = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.number} at {self.at:%Y-%m-%d %H:%M}"
