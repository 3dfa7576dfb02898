"""What it costs, and what was paid."""

from billing.models.checkouts import Checkout
from billing.models.ledger import AppendOnly, Payment
from billing.models.tariffs import Stands, Tariff
from billing.models.tokens import token
from billing.models.tries import PlateTry
from billing.models.webhooks import WebhookEvent
from billing.models.whatifs import WhatIf

__all__ = [
    "AppendOnly",
    "Checkout",
    "Payment",
    "PlateTry",
    "Stands",
    "Tariff",
    "WebhookEvent",
    "WhatIf",
    "token",
]
