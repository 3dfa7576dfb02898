"""The prices of a car park, version by version."""

import json
from datetime import timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models

from billing.prices.holidays import known
from billing.rules.terms import BadTerms, terms_of
from parking.models import CarPark


class Stands(Exception):  # noqa: N818
    """A version of the prices is never changed or deleted: make one that follows it, from a later moment."""


class Versions(models.QuerySet):
    def standing(self):
        """Those that price stays, or will: not the withdrawn ones."""
        return self.filter(withdrawn_at=None)

    def update(self, **changes):
        raise Stands(Stands.__doc__)

    def delete(self):
        raise Stands(Stands.__doc__)


class Tariff(models.Model):
    """One version of a car park's prices. A stay is priced by the version in force at its entry."""

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="tariffs")
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    terms = models.JSONField(help_text="What it says, as billing/rules/terms.py reads it.")
    # Empty where nobody made it in a browser: the first prices of an installation.
    made_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    # What its maker was warned of and ticked: the sentences, as they were shown.
    acknowledged = models.JSONField(default=list, blank=True)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Taken back before it began; it prices nothing."
    )
    withdrawn_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = Versions.as_manager()

    class Meta:
        ordering = ["car_park", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["car_park", "version"], name="tariff_version"),
            models.UniqueConstraint(
                fields=["car_park", "starts_at"],
                condition=models.Q(withdrawn_at=None),
                name="tariff_start",
            ),
            models.CheckConstraint(
                condition=models.Q(made_at=None) | models.Q(starts_at__gte=models.F("made_at")),
                name="tariff_starts_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None)
                | models.Q(starts_at__gt=models.F("withdrawn_at")),
                name="tariff_is_withdrawn_before_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.car_park} version {self.version}"

    def save(self, **options):
        if self.pk:
            raise Stands(Stands.__doc__)
        super().save(**options)

    def delete(self, **options):
        raise Stands(Stands.__doc__)

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
        versions = cls.objects.standing().filter(car_park=car_park)
        return (
            versions.filter(starts_at__lte=at).order_by("-starts_at").first()
            or versions.order_by("starts_at").first()
        )


@lru_cache(maxsize=500)
def _read(text):
    """Terms are read once, not with each stay that they price."""
    return terms_of(json.loads(text))
