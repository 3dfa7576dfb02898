"""Looks at the providers' books, and who took the ledger away."""

from django.db import models


class Look(models.Model):
    """`manage.py reconcile` asked this provider for all that it told up to `until`."""

    provider = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField()
    found = models.JSONField(default=dict, help_text="What was found, counted.")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.provider} {self.at:%Y-%m-%d %H:%M}"


class LedgerExport(models.Model):
    """The ledger left the house: who took it, when, and which days of it."""

    by = models.ForeignKey("auth.User", models.PROTECT)
    at = models.DateTimeField()
    form = models.CharField(max_length=4)
    first = models.DateField()
    last = models.DateField()
    rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.first} to {self.last}, {self.form}"
