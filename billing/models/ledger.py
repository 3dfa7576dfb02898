"""Money in and back, append-only."""

from django.db import models
from django.db.models import Q

from billing.models.tokens import token
from parking.models import ParkingSession


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
    # Two charges of one checkout are two movements of money, however often each is told.
    charge = models.CharField(
        max_length=255, blank=True, help_text="The provider's name of the movement of money."
    )
    shift = models.ForeignKey(
        "billing.Shift", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    paid_at = models.DateTimeField()
    receipt = models.CharField(max_length=40, unique=True, default=token, editable=False)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, null=True, blank=True)

    objects = Ledger.as_manager()

    class Meta:
        ordering = ["paid_at", "id"]
        permissions = [
            ("take_payment", "Can take money at a desk"),
            ("refund_payment", "Can give money back"),
            ("export_payment", "Can see the day's money and take the ledger out"),
        ]
        indexes = [models.Index(fields=["paid_at"])]
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="paid_once"),
            models.UniqueConstraint(
                fields=["provider", "charge"],
                condition=Q(amount__gt=0) & ~Q(charge=""),
                name="charged_once",
            ),
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


class Balance(models.Model):
    """What was paid for one stay, and how often that changed: whoever writes money must have seen this
    very `version`. Kept by `billing.ledger` alone; the payments are the truth, this is their seal."""

    session = models.OneToOneField(
        ParkingSession, models.PROTECT, primary_key=True, related_name="balance"
    )
    paid = models.IntegerField(default=0, help_text="The sum of the stay's payments.")
    going_back = models.IntegerField(
        default=0, help_text="Refunds that are promised, not yet done."
    )
    version = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.paid} at version {self.version}"
