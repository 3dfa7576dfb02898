"""What payment providers told."""

from django.db import models


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
