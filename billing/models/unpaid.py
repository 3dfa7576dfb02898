"""Stays that may be paid after leaving, until when, and what became of them."""

from django.db import models
from django.db.models import Q

from parking.models import ParkingSession


class Unpaid(models.Model):
    """A stay that was let out owing, or one inside whose driver wants to be reminded if it is.

    No penalty comes of it: after `due_by` it is a line in a list for a person. The e-mail address is
    erased as soon as the stay is paid, written off, or long over.
    """

    session = models.OneToOneField(ParkingSession, models.PROTECT, related_name="unpaid")
    amount = models.PositiveIntegerField(
        null=True, blank=True, help_text="What was due when it was let out."
    )
    let_out_at = models.DateTimeField(null=True, blank=True)
    due_by = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="Nothing was due any more then."
    )
    written_off_at = models.DateTimeField(null=True, blank=True)
    written_off_by = models.ForeignKey(
        "auth.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=200, blank=True, help_text="Why it was written off.")

    OPEN = Q(
        closed_at=None, written_off_at=None, due_by__isnull=False, session__left_at__isnull=False
    )

    class Meta:
        ordering = ["due_by", "id"]
        verbose_name_plural = "unpaid stays"
        constraints = [
            models.CheckConstraint(
                condition=Q(written_off_at=None) | Q(written_off_by__isnull=False),
                name="a_write_off_names_who",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_by"],
                condition=Q(closed_at=None, written_off_at=None),
                name="unpaid_and_open",
            ),
        ]

    def __str__(self):
        return f"{self.session} to be paid by {self.due_by:%Y-%m-%d %H:%M}" if self.due_by else ""
