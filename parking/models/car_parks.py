"""A car park: its zone, its currency, its places."""

import zoneinfo
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from parking.models.sessions import OPEN
from parking.rules.occupancy import share_missed

CONSIDERATION = timedelta(minutes=5)  # the least that the British codes of practice give a driver
MOST_LATER = 30 * 24  # hours; a driver finds a stay by its plate for so long after leaving
USUAL_STAY = timedelta(hours=2)  # before any was measured


def nothing_measured():
    """The share of vehicles that a site is taken to miss before it was measured."""
    return share_missed(0, 0)


def known_zone(name):
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"There is no time zone '{name}'; an example is Europe/London.")


class CarPark(models.Model):
    class InDoubt(models.TextChoices):
        """What an exit does with a stay that may not be charged by machine."""

        HOLD = "hold", "hold the vehicle and show it to a person"
        OPEN = "open", "open, and bill the stay later, after review"

    class Pictures(models.TextChoices):
        """Which stays lack a picture that is not there."""

        WHERE_SENT = "where_sent", "those of lanes that send pictures"
        ALWAYS = "always", "all"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=40, default="Europe/London", validators=[known_zone])
    currency = models.CharField(max_length=3, default="GBP")
    places = models.PositiveIntegerField(
        null=True, blank=True, help_text="Places for visitors; empty means no limit."
    )
    consideration = models.DurationField(
        default=CONSIDERATION,
        validators=[MinValueValidator(CONSIDERATION)],
        help_text="Who leaves again within it has read the signs and not parked: nothing is due.",
    )
    in_doubt = models.CharField(
        max_length=10,
        choices=InDoubt.choices,
        default=InDoubt.HOLD,
        help_text="At an exit, when something is due and the stay is in doubt.",
    )
    pay_later = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LATER)],
        help_text="Hours in which a stay may be paid after leaving; empty: the exit holds who owes.",
    )
    pictures = models.CharField(
        max_length=10,
        choices=Pictures.choices,
        default=Pictures.WHERE_SENT,
        help_text="Without its picture a stay is not charged by machine.",
    )

    # What the site is like, measured from its books every few minutes (`gates.measures`).
    missed = models.FloatField(
        default=nothing_measured, editable=False, help_text="Share of vehicles that pass unread."
    )
    usual_stay = models.DurationField(default=USUAL_STAY, editable=False)
    vehicles = models.PositiveIntegerField(
        default=0, editable=False, help_text="About so many stays are open."
    )
    measured_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.timezone)

    def inside(self):
        """The stays of the vehicles that are inside now."""
        return self.sessions.filter(OPEN)

    def places_left(self):
        """Places left for visitors, or None where there is no limit. Permit holders take none."""
        if self.places is None:
            return None
        return self.places - self.inside().filter(permit=None).count()
