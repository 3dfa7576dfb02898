"""A question: what would other prices have made of last month's stays?"""

from django.db import models

from parking.models import CarPark


class WhatIf(models.Model):
    """Prices tried on the stays of some weeks, slice by slice; it goes on where it was after a reload.

    It keeps the terms that were tried, saved as a version or not, so it is the draft of them as well.
    """

    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="what_ifs")
    terms = models.JSONField()
    # What the editor was asked besides, to go on there.
    typed = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    since = models.DateTimeField(help_text="Stays that came in from then on,")
    until = models.DateTimeField(help_text="before then, and have left.")
    last = models.BigIntegerField(default=0, help_text="The last stay that was priced.")
    to_do = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self):
        return f"{self.car_park}: {self.done} of {self.to_do}"

    @property
    def runs(self):
        return not (self.finished_at or self.cancelled_at)
