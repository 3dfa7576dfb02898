"""What it costs, and what was paid."""

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from billing.rules import tariffs
from parking.models import CarPark, ParkingSession


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


def token():
    return secrets.token_urlsafe(24)


class Checkout(models.Model):
    """A price promised to a driver until `expires_at`, and the provider's page that takes it."""

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="checkouts")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, default=token, help_text="The provider's name.")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    quoted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Kept, not derived again: a receipt says for ever what was promised when it was paid.
    lines = models.JSONField(default=list, help_text="The fee lines of the price that was shown.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="one_checkout"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_is_for_money"),
        ]

    def __str__(self):
        return f"{self.provider} {self.reference}"

    @property
    def fee_lines(self):
        return [tariffs.recalled(facts) for facts in self.lines]

    @property
    def priced_until(self):
        """Up to which moment the promised price counts the stay."""
        return self.fee_lines[-1].end if self.lines else self.quoted_at

    @property
    def paid_before(self):
        """What of the fee had been paid before this checkout (smallest unit)."""
        return tariffs.total(self.fee_lines) - self.amount


class AppendOnly(Exception):  # noqa: N818
    """Payments are never edited or deleted; a mistake is put right by a negative entry."""


class Ledger(models.QuerySet):
    def update(self, **changes):
        raise AppendOnly(AppendOnly.__doc__)

    def delete(self):
        raise AppendOnly(AppendOnly.__doc__)


class Payment(models.Model):
    """One line of the ledger: money in (positive) or back (negative), in the smallest unit."""

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="payments")
    amount = models.IntegerField()
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    paid_at = models.DateTimeField()
    receipt = models.CharField(max_length=40, unique=True, default=token, editable=False)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, null=True, blank=True)

    objects = Ledger.as_manager()

    class Meta:
        ordering = ["paid_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="paid_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_not_nothing"),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} {self.provider} {self.reference}"

    def save(self, **options):
        if self.pk:
            raise AppendOnly(AppendOnly.__doc__)
        super().save(**options)

    def delete(self, **options):
        raise AppendOnly(AppendOnly.__doc__)

    @property
    def given_back(self):
        """Of a refund: how much (positive)."""
        return -self.amount


class WebhookEvent(models.Model):
    """An event that a provider sent, kept for ever: the same id is never acted on twice."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_once"),
        ]

    def __str__(self):
        return f"{self.provider} {self.event_id}"


class PlateTry(models.Model):
    """Somebody typed a plate that is not inside. Neither the plate nor the address is kept."""

    who = models.CharField(max_length=64, help_text="A keyed hash of the address; see tries.py.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["who", "at"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
