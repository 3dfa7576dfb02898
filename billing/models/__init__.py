"""What it costs, and what was paid."""

from billing.models.checkouts import Checkout, How
from billing.models.ledger import AppendOnly, Balance, Payment
from billing.models.looks import LedgerExport, Look
from billing.models.refunds import Refund
from billing.models.shifts import Shift
from billing.models.tariffs import Tariff
from billing.models.tokens import token
from billing.models.tries import PlateTry
from billing.models.unpaid import Unpaid
from billing.models.webhooks import WebhookEvent

__all__ = [
    "AppendOnly",
    "Balance",
    "Checkout",
    "How",
    "LedgerExport",
    "Look",
    "Payment",
    "PlateTry",
    "Refund",
    "Shift",
    "Tariff",
    "Unpaid",
    "WebhookEvent",
    "token",
]
