"""What changed afterwards: the plate by a person, a stay by what came later."""

from django.db import models

from parking.models import ParkingSession, PlateField


class Correction(models.Model):
    """A person says what the plate is. The read that it corrects stays as it was."""

    passage = models.ForeignKey("gates.Passage", models.PROTECT, related_name="corrections")
    before = models.CharField(max_length=20, blank=True)
    after = PlateField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("auth.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True, help_text="Taken back by its author.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.before} is {self.after}"


class Change(models.Model):
    """A stay became another one after the fact. The reads it was made from stay as they were.

    Nothing before: the stay was made then. Nothing after: it never was.
    """

    session = models.ForeignKey(ParkingSession, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    by = models.ForeignKey(
        "auth.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the machine, from later reads.",
    )
    plate_before = PlateField(blank=True)
    plate_after = PlateField(blank=True)
    entered_before = models.DateTimeField(null=True, blank=True)
    entered_after = models.DateTimeField(null=True, blank=True)
    left_before = models.DateTimeField(null=True, blank=True)
    left_after = models.DateTimeField(null=True, blank=True)
    fee_before = models.IntegerField(default=0, help_text="In the smallest unit, at that moment.")
    fee_after = models.IntegerField(default=0)
    refund = models.IntegerField(default=0, help_text="What was paid beyond the fee after.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.session} changed: {self.why}"

    @property
    def lasted_before(self):
        """How long the stay was, as the books had it; None where it was open or was none."""
        return _lasted(self.entered_before, self.left_before)

    @property
    def lasted_after(self):
        return _lasted(self.entered_after, self.left_after)


def _lasted(entered, left):
    return left - entered if entered and left else None
