"""What providers tell is acted on once: every event's id is kept for ever."""

from importlib import import_module

from billing import ledger
from billing.models import WebhookEvent
from billing.providers import CardSaved, PaidEvent, Refunded

# What each event does: `act(event, now)` -> what was done, in words. It runs in the transaction that keeps
# the event's id, so either both are written or the event comes again.
ACTS = {
    PaidEvent: "billing.payments:credit",
    Refunded: "billing.refunds:stands",
    CardSaved: "billing.autopay.agreements:card_saved",
}


@ledger.retried
def take(event, now):
    """Act on an event once; returns what was done, in words. The same event again does nothing."""
    kept, created = WebhookEvent.objects.get_or_create(
        provider=event.provider, event_id=event.id, defaults={"received_at": now, "outcome": ""}
    )
    if not created:
        return "seen before"
    kept.outcome = _act(event)(event, now)[:200]
    kept.save(update_fields=["outcome"])
    return kept.outcome


def _act(event):
    module, name = ACTS[type(event)].split(":")
    return getattr(import_module(module), name)
