"""Who may come in free of charge, and who may not come in."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from parking.models.plates import PlateField, looks
from parking.rules import matching, plates


class Dated(models.Model):
    """A right or a ban on a plate, from one moment to another; no end means until somebody ends it."""

    plate = PlateField()
    folded = looks()
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def clean(self):
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "The end must come after the start."})

    @classmethod
    def covering(cls, car_park, plate, now):
        """A row for this plate that is valid at `now`, or None: from its start to before its end.

        A row for a plate that looks the same (AB10, ABIO) covers it as well, but one in its very
        spelling goes first. Several may look the same: whichever plate it is, it is covered.
        """
        alike = cls._alike(car_park, plate, now)
        return next(iter(matching.rows_of(plate, alike) or alike), None)

    @classmethod
    def _alike(cls, car_park, plate, now):
        """The rows valid at `now`, from their start to before their end, that a camera cannot tell
        from this plate's."""
        return list(cls.among(car_park, [plates.folded(plate)], now))

    @classmethod
    def among(cls, car_park, looks, now):
        """The rows valid at `now` whose plate looks like one of these (folded plates), as a query."""
        running = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
        return cls.objects.filter(running, car_park=car_park, folded__in=looks)


class Permit(Dated):
    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="permits")
    holder = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["holder", "plate"]

    def __str__(self):
        return f"{self.plate} ({self.holder})"

    @classmethod
    def behind(cls, car_park, plate, now):
        """The permit that this plate has at `now`, or None: the one by which an arm may be opened.

        Where it is spelled as none and looks like several plates' (AB10: ABIO and AB1O), a machine
        cannot say whose it is. It is charged nothing all the same: `covering`.
        """
        return next(iter(matching.rows_of(plate, cls._alike(car_park, plate, now))), None)


class BlockedPlate(Dated):
    car_park = models.ForeignKey("parking.CarPark", models.CASCADE, related_name="blocked_plates")
    why = models.CharField(max_length=200, help_text="Who asked for it, and for what reason.")

    class Meta:
        ordering = ["plate"]

    def __str__(self):
        return self.plate
