"""The prices of a car park, version by version."""

import json
from datetime import timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models

from billing.holidays import known
from billing.rules.terms import BadTerms, terms_of
from parking.models import CarPark


class Tariff(models.Model):
    """One version of a car park's prices. A stay is priced by the version in force at its entry."""

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="tariffs")
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    terms = models.JSONField(help_text="What it says, as billing/rules/terms.py reads it.")

    class Meta:
        ordering = ["car_park", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "version"], name="tariff_version"),
            models.UniqueConstraint(fields=["car_park", "starts_at"], name="tariff_start"),
        ]

    def __str__(self):
        return f"{self.car_park} version {self.version}"

    def clean(self):
        try:
            calendar = terms_of(self.terms).holidays
        except BadTerms as bad:
            raise ValidationError({"terms": [": ".join(error) for error in bad.errors]}) from bad
        if calendar and not known(calendar):
            sentence = (
                f"holidays: There is no calendar '{calendar}': choose one as GB-ENG or DE-BY."
            )
            raise ValidationError({"terms": sentence})

    @property
    def rules(self):
        """The `Terms` of this version; `BadTerms` where they were stored unchecked."""
        return _read(json.dumps(self.terms))

    @property
    def leave_within(self):
        """The time to leave after paying."""
        return timedelta(minutes=self.rules.leave_within)

    @classmethod
    def in_force(cls, car_park, at):
        """The version that prices a stay which began at `at`; the first one for older stays."""
        versions = cls.objects.filter(car_park=car_park)
        return (
            versions.filter(starts_at__lte=at).order_by("-starts_at").first()
            or versions.order_by("starts_at").first()
        )


@lru_cache(maxsize=500)
def _read(text):
    """Terms are read once, not with each stay that they price."""
    return terms_of(json.loads(text))
