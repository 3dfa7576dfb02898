"""What it costs, and what was paid."""

from billing.models.checkouts import Checkout
from billing.models.ledger import AppendOnly, Payment
from billing.models.tariffs import Tariff
from billing.models.tokens import token
from billing.models.tries import PlateTry
from billing.models.unpaid import Unpaid
from billing.models.webhooks import WebhookEvent

__all__ = [
    "AppendOnly",
    "Checkout",
    "Payment",
    "PlateTry",
    "Tariff",
    "Unpaid",
    "WebhookEvent",
    "token",
]
