"""A price promised to a driver."""

from django.db import models
from django.db.models import Q

from billing.models.tokens import token
from billing.rules import tariffs
from parking.models import ParkingSession


class How(models.TextChoices):
    """Where a promise is paid."""

    PAGE = "page", "on a card page"
    CARD = "card", "with a saved card"
    DESK = "desk", "at the desk"


class Checkout(models.Model):
    """A price promised to a driver until `expires_at`, and the provider's page that takes it."""

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="checkouts")
    provider = models.CharField(max_length=20)
    how = models.CharField(max_length=4, choices=How.choices, default=How.PAGE)
    reference = models.CharField(max_length=100, default=token, help_text="Our name of it.")
    at_provider = models.CharField(max_length=255, blank=True, help_text="The provider's name.")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    quoted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="From then on nobody could pay it: its provider says so."
    )
    # Kept, not derived again: a receipt says for ever what was promised when it was paid.
    lines = models.JSONField(default=list, help_text="The fee lines of the price that was shown.")

    stayed = models.BooleanField(
        default=False, help_text="The driver said that the car was here all the time."
    )
    basis = models.JSONField(
        default=dict, blank=True, help_text="The terms and the facts that these lines come from."
    )

    class Meta:
        indexes = [
            models.Index(fields=["quoted_at"], condition=Q(closed_at=None), name="open_checkouts")
        ]
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
