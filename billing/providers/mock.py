"""A provider that takes no money: hosted card pages and signed webhooks, as real ones have.

The demo and the tests run on it. Its pages are served by this process but behave like another party's:
the only thing that they tell the car park is a signed webhook over HTTP. It keeps nothing, so it has
nothing to look up: what it was asked is answered from the names that it is given.
"""

import hashlib
import hmac
import json
import uuid

import httpx
from django.conf import settings
from django.core import signing
from django.urls import reverse

from billing.providers import (
    BadSignature,
    Card,
    CardSaved,
    Charged,
    Declined,
    NotAnEvent,
    PaidEvent,
    Refunded,
    Unreachable,
    text,
    whole,
)

TOLERANCE = 300  # seconds that a signature stays good, either way
HEADER = "Mock-Signature"
SAVING = "mock card"  # the salt of the addresses where cards are saved
SAVES_WITHIN = 3600  # seconds

# Practice cards: token -> last four digits, and how each behaves.
PAYS, REFUSED, DECLINES_LATER, SILENT = "pays", "refused", "declines-later", "silent"
CARDS = {
    PAYS: ("4242", "A card that pays"),
    DECLINES_LATER: ("0341", "A card that is saved, and declined when it is charged"),
    SILENT: ("0119", "A card that is saved, and whose bank never answers"),
    REFUSED: ("0002", "A card that is declined at once"),
}


def in_use():
    """Whether this car park takes practice money at all."""
    return settings.PAYMENT_PROVIDER == "mock"


def sign(body, at):
    """The signature header for a body (bytes) sent at `at` (seconds since 1970)."""
    payload = f"{int(at)}.".encode() + body
    digest = hmac.new(settings.MOCK_WEBHOOK_SECRET.encode(), payload, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={digest}"


def named(kind, key):
    """The name that this provider gives to what it is asked with this key: always the same."""
    return f"{kind}_{uuid.uuid5(uuid.NAMESPACE_URL, key).hex}"


class Mock:
    name = "mock"

    def page(self, checkout, request):
        return request.build_absolute_uri(reverse("mock_card", args=[checkout.reference]))

    def read(self, request, now):
        _check(request.headers.get(HEADER, ""), request.body, now)
        return _event(request.body)

    def look(self, checkout):
        """Nothing is kept here: a webhook that was lost is told again by pressing Pay again."""

    def missed(self, since):
        return []

    def expire(self, checkout):
        """The card page itself looks whether the promise is still open."""
        return True

    def refund(self, payment, amount, key):
        """Nothing to give back, for no money was taken: it is done at once."""
        reference = named("re", key)
        return Refunded(self.name, reference, key, reference, amount, payment.currency)

    def again(self, refund):
        return self.refund(refund.payment, refund.amount, refund.key)

    def save_card(self, agreement, request):
        told = [agreement.reference, str(agreement.car_park), agreement.get_absolute_url()]
        token = signing.dumps(told, salt=SAVING)
        return request.build_absolute_uri(reverse("mock_save_card", args=[token]))

    def charge(self, card, amount, currency, key, about):
        if card.token == SILENT:
            raise Unreachable("The practice card's bank does not answer.")
        if card.token != PAYS:
            raise Declined("The card was declined. Nothing was charged.", "card_declined")
        return Charged(named("ch", key), amount, currency)

    def tell(self, checkout, webhook, now):
        """Send the signed webhook that a paid card page causes; the answer's status code.

        Raises `httpx.HTTPError` when the car park does not answer.
        """
        event = {
            "id": named("evt", checkout.reference),
            "type": "checkout.paid",
            "reference": checkout.reference,
            "amount": checkout.amount,
            "currency": checkout.currency,
        }
        return _send(event, webhook, now)

    def tell_saved(self, reference, token, webhook, now):
        """Send the signed webhook that a saved card causes; as `tell`."""
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": "card.saved",
            "reference": reference,
            "card": token,
        }
        return _send(event, webhook, now)


def saving(token):
    """What `save_card` put into an address: the agreement's reference, the car park, the way back.

    Raises `signing.BadSignature`.
    """
    return signing.loads(token, salt=SAVING, max_age=SAVES_WITHIN)


def _send(event, webhook, now):
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
    understood = EVENTS.get(text(event, "type"))
    return understood and understood(event)


def _paid(event):
    reference = text(event, "reference")
    return PaidEvent(
        provider=Mock.name,
        id=text(event, "id"),
        reference=reference,
        amount=whole(event, "amount"),
        currency=text(event, "currency", longest=3),
        charge=named("ch", reference),
    )


def _saved(event):
    token, reference = text(event, "card"), text(event, "reference")
    if token not in CARDS or token == REFUSED:
        raise NotAnEvent(f"'card' must be one of {', '.join(CARDS)}, and not {REFUSED}.")
    card = Card(Mock.name, named("cus", reference), token, "practice", CARDS[token][0])
    return CardSaved(Mock.name, text(event, "id"), reference, card)


EVENTS = {"checkout.paid": _paid, "card.saved": _saved}
