"""What it costs, and what was paid."""

from billing.models.autopay import Agreement, AgreementEvent, AutopayTry, State
from billing.models.checkouts import Checkout, How
from billing.models.ledger import AppendOnly, Balance, Payment
from billing.models.looks import LedgerExport, Look
from billing.models.refunds import Refund
from billing.models.shifts import Shift
from billing.models.tariffs import Stands, Tariff
from billing.models.tokens import token
from billing.models.tries import PlateTry
from billing.models.unpaid import Unpaid
from billing.models.validations import Kind, Validation, Validator, Voucher, VoucherBatch
from billing.models.webhooks import WebhookEvent
from billing.models.whatifs import WhatIf

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AppendOnly",
    "AutopayTry",
    "Balance",
    "Checkout",
    "How",
    "Kind",
    "LedgerExport",
    "Look",
    "Payment",
    "PlateTry",
    "Refund",
    "Shift",
    "Stands",
    "State",
    "Tariff",
    "Unpaid",
    "Validation",
    "Validator",
    "Voucher",
    "VoucherBatch",
    "WebhookEvent",
    "WhatIf",
    "token",
]
