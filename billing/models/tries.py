"""Guesses at plates, counted."""

from django.db import models


class PlateTry(models.Model):
    """Somebody typed a plate that is not inside. Neither the plate nor the address is kept."""

    who = models.CharField(max_length=64, help_text="A keyed hash of the address; see tries.py.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["who", "at"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
