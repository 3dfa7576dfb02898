"""Who is inside, and who may be."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from parking.rules import matching, plates


class PlateField(models.CharField):
    """A plate in its one spelling; whatever is typed is brought to it, or refused in a sentence."""

    def __init__(self, **options):
        super().__init__(**{"max_length": plates.LONGEST, **options})

    def to_python(self, value):
        if not value:
            return value
        try:
            return plates.canonical(value)
        except plates.NotAPlate as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value):
        return plates.canonical(value) if value else value


def looks():
    """A column that holds `plate` as a camera sees it, for `plates.folded` to be looked up in.

    The database keeps it by itself, so that no way of writing a plate can forget it.
    """
    seen = F("plate")
    for letter, look in plates.FOLD.items():
        seen = Replace(seen, Value(chr(letter)), Value(chr(look)))
    return models.GeneratedField(
        expression=seen,
        output_field=models.CharField(max_length=plates.LONGEST),
        db_persist=True,
        db_index=True,
    )


def known_zone(name):
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"There is no time zone '{name}'; an example is Europe/London.")


class CarPark(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=40, default="Europe/London", validators=[known_zone])
    currency = models.CharField(max_length=3, default="GBP")
    places = models.PositiveIntegerField(
        null=True, blank=True, help_text="Places for visitors; empty means no limit."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.timezone)

    def inside(self):
        """The stays of the vehicles that are inside now."""
        return self.sessions.filter(ParkingSession.OPEN)

    def places_left(self):
        """Places left for visitors, or None where there is no limit. Permit holders take none."""
        if self.places is None:
            return None
        return self.places - self.inside().filter(permit=None).count()


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
        running = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
        return list(cls.objects.filter(running, car_park=car_park, folded=plates.folded(plate)))


class Permit(Dated):
    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="permits")
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
    car_park = models.ForeignKey(CarPark, models.CASCADE, related_name="blocked_plates")
    why = models.CharField(max_length=200, help_text="Who asked for it, and for what reason.")

    class Meta:
        ordering = ["plate"]

    def __str__(self):
        return self.plate


class Doubt(models.TextChoices):
    """Why this stay may not be charged by machine."""

    NONE = "", "none"
    CLOCK = "clock", "the lane's clock and the server's are too far apart"
    MISSED_EXIT = "missed_exit", "the vehicle came in again, so its exit was missed"
    CORRECTION = "correction", "a correction made it clash with another stay"


class ParkingSession(models.Model):
    """A stay. Its state is read from its timestamps (`parking.rules.sessions`)."""

    OPEN = Q(left_at=None, voided_at=None)

    car_park = models.ForeignKey(CarPark, models.PROTECT, related_name="sessions")
    plate = PlateField()
    folded = looks()
    permit = models.ForeignKey(
        Permit, models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    entered_at = models.DateTimeField()
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="At an exit lane since then: time in its queue is free."
    )
    settled_until = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    doubt = models.CharField(max_length=20, choices=Doubt.choices, blank=True)

    class Meta:
        ordering = ["-entered_at", "-id"]
        constraints = [
            # Two lanes may see one car at the same moment; only the database can tell them apart.
            models.UniqueConstraint(
                fields=["car_park", "plate"],
                condition=Q(left_at=None, voided_at=None),
                name="one_open_session_per_plate",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=models.F("entered_at")),
                name="leaves_after_entering",
            ),
        ]
        indexes = [models.Index(fields=["car_park", "-entered_at"])]

    def __str__(self):
        return f"{self.plate} from {self.entered_at:%Y-%m-%d %H:%M}"

    def stay(self, now):
        """How long the vehicle has been, or was, inside (queueing at the exit not counted)."""
        return (self.left_at or self.waiting_since or now) - self.entered_at
