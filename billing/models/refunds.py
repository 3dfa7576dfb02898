"""Money that is to go back, until it has."""

from django.db import models
from django.db.models import Q

from billing.models.ledger import Payment
from billing.models.tokens import token


class Refund(models.Model):
    """A refund that somebody asked for. The ledger gets its negative entry when it is done.

    Its state is read from its timestamps: pending until `done_at` or `failed_at`.
    """

    WAITS = Q(done_at=None, failed_at=None)

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField(help_text="In the smallest unit.")
    key = models.CharField(max_length=40, unique=True, default=token, editable=False)
    at_provider = models.CharField(max_length=255, blank=True, help_text="The provider's name.")
    asked_at = models.DateTimeField()
    by = models.ForeignKey("auth.User", models.PROTECT, null=True, blank=True)
    why = models.CharField(max_length=200)
    trouble = models.CharField(max_length=200, blank=True, help_text="Why it is not done yet.")
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="refund_done"
    )
    # What failed is for a person, who gives the money back another way or says why not.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_for_money"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="refunds_open"),
        ]

    def __str__(self):
        return f"{self.amount} of {self.payment}"

    @property
    def state(self):
        """As people say it."""
        if self.failed_at:
            return "failed"
        return "done" if self.done_at else "pending"
