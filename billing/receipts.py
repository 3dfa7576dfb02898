"""What a receipt says beside its lines, and the letter that carries it."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from billing import payments
from billing.models import Tariff
from billing.rules import taxes
from billing.rules.typed import percent_typed


@dataclass(frozen=True)
class TaxPart:
    """How much of a payment is tax, and at which rate (hundredths of a percent). Both amounts are in the
    smallest unit, negative where money was given back; together they are the payment."""

    name: str
    rate: int
    tax: int
    net: int

    @property
    def percent(self):
        """The rate as people write it: 2000 -> "20", 550 -> "5.5"."""
        return percent_typed(self.rate)


def tax_of(payment):
    """The `TaxPart` of a payment or a refund, by the prices that its stay began under; None without tax.

    Whether the prices were told with the tax or without it, what was paid has it in it.
    """
    session = payment.session
    tariff = Tariff.in_force(session.car_park, session.entered_at)
    tax = tariff.rules.tax if tariff else None
    if tax is None or not tax.rate:
        return None
    part = taxes.included(payment.amount, tax.rate)
    return TaxPart(tax.name, tax.rate, part, payment.amount - part)


def contents(payment):
    """All that a receipt shows, on its page and in its letter."""
    return {
        "payment": payment,
        "session": payment.session,
        "car_park": payment.session.car_park,
        "checkout": payments.checkout_of(payment),
        "tax": tax_of(payment),
    }


def letter(payment, address):
    """The receipt as an e-mail to this address, which is kept nowhere. The plate is not in it, for who
    typed the address may have mistyped it; the page that it links to has all."""
    about = contents(payment)
    car_park, checkout = about["car_park"], about["checkout"]
    with timezone.override(car_park.zone):
        more = {
            "lines": _spoken(checkout, payment.currency, car_park.zone) if checkout else [],
            "address": settings.BASE_URL + reverse("receipt", args=[payment.receipt]),
        }
        words = render_to_string("billing/letters/receipt.txt", {**about, **more})
    return EmailMessage(f"Your receipt from {car_park}", words, to=[address])


def _spoken(checkout, currency, zone):
    """The lines of the fee in the words of the pages, one text each."""
    told = {"lines": checkout.fee_lines, "currency": currency, "zone": zone}
    table = render_to_string("billing/_lines.html", told)
    rows = table.split("</tr>")[:-1]
    return [re.sub(r"\s+", " ", strip_tags(row)).strip() for row in rows]
