"""A provider that takes no money: a hosted card page and a signed webhook, as real ones have.

The demo and the tests run on it. Its card page is served by this process but behaves like another
party's: the only thing that it tells the car park is a signed webhook over HTTP.
"""

import hashlib
import hmac
import json
import uuid

import httpx
from django.conf import settings
from django.urls import reverse

from billing.providers import BadSignature, NotAnEvent, PaidEvent, text, whole

TOLERANCE = 300  # seconds that a signature stays good, either way
HEADER = "Mock-Signature"


def in_use():
    """Whether this car park takes practice money at all."""
    return settings.PAYMENT_PROVIDER == "mock"


def sign(body, at):
    """The signature header for a body (bytes) sent at `at` (seconds since 1970)."""
    payload = f"{int(at)}.".encode() + body
    digest = hmac.new(settings.MOCK_WEBHOOK_SECRET.encode(), payload, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={digest}"


class Mock:
    name = "mock"

    def page(self, checkout, request):
        return request.build_absolute_uri(reverse("mock_card", args=[checkout.reference]))

    def read(self, request, now):
        _check(request.headers.get(HEADER, ""), request.body, now)
        return _event(request.body)

    def refund(self, payment, amount):
        """Nothing to give back: no money was taken."""

    def tell(self, checkout, webhook, now):
        """Send the signed webhook that a paid card page causes; the answer's status code.

        Raises `httpx.HTTPError` when the car park does not answer.
        """
        event = {
            "id": f"evt_{uuid.uuid5(uuid.NAMESPACE_URL, checkout.reference).hex}",
            "type": "checkout.paid",
            "reference": checkout.reference,
            "amount": checkout.amount,
            "currency": checkout.currency,
        }
        body = json.dumps(event).encode()
        headers = {HEADER: sign(body, now.timestamp()), "Content-Type": "application/json"}
        # The car park is this very process: no proxy of the environment lies between.
        with httpx.Client(trust_env=False, timeout=10) as client:
            return client.post(webhook, content=body, headers=headers).status_code


def _check(header, body, now):
    if not in_use():
        raise BadSignature("Nobody pays with practice money here: PAYMENT_PROVIDER is another.")
    sent = header.partition(",")[0].removeprefix("t=")
    if not sent.isascii() or not sent.isdigit() or len(sent) > 12:
        raise BadSignature("The signature header is missing or malformed.")
    if not hmac.compare_digest(sign(body, int(sent)).encode(), header.encode()):
        raise BadSignature("The signature does not fit the body.")
    if abs(now.timestamp() - int(sent)) > TOLERANCE:
        raise BadSignature("The signature is too old, or from the future.")


def _event(body):
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnEvent("The body is not JSON.") from error
    if not isinstance(event, dict):
        raise NotAnEvent("The body is not a JSON object.")
    if text(event, "type") != "checkout.paid":
        return None
    return PaidEvent(
        provider=Mock.name,
        id=text(event, "id"),
        reference=text(event, "reference"),
        amount=whole(event, "amount"),
        currency=text(event, "currency", longest=3),
    )
