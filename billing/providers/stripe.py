"""Stripe: its own card page for the phone, saved cards for autopay, refunds, signed webhooks.

Cards are typed on Stripe's pages only; what is kept here are its names for them. Whatever is asked with a
key is asked with the same words again, or Stripe refuses it.
"""

import json
import logging
import threading
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import requests
import stripe
from django.conf import settings
from django.urls import reverse

from billing.providers import (
    Back,
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
TRIES_AGAIN = 1  # times, by the library, with the same key
PAGE_OPEN = timedelta(minutes=41)  # at least 30 at Stripe, and a promise is asked for within 10
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
AWAY = "The card company does not answer at the moment."
REFUND_STATES = {
    "succeeded": Back.DONE,
    "pending": Back.PENDING,
    "requires_action": Back.PENDING,
    "failed": Back.FAILED,
    "canceled": Back.FAILED,
}

log = logging.getLogger(__name__)
clients = threading.local()  # the library's connections are not for several threads


class NotSetUp(Unreachable):
    """A key lacks; `manage.py check` says which."""


def problems():
    """What of the settings forbids to ask Stripe, as sentences."""
    if not settings.STRIPE_SECRET_KEY:
        yield "STRIPE_SECRET_KEY is missing: put the secret key (sk_...) of your Stripe account into it."
    elif not settings.STRIPE_SECRET_KEY.startswith(("sk_", "rk_")):
        yield "STRIPE_SECRET_KEY is no secret key: those begin with sk_ or rk_."
    if not settings.STRIPE_WEBHOOK_SECRET:
        yield (
            "STRIPE_WEBHOOK_SECRET is missing: add an endpoint for "
            f"{settings.BASE_URL}/webhooks/stripe/ at Stripe and put its secret (whsec_...) into it."
        )
    if settings.STRIPE_API and not _safe(settings.STRIPE_API):
        yield "STRIPE_API must be https, or http on this machine: the secret key goes there."
    if settings.STRIPE_API and settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")):
        yield "STRIPE_API is for practice keys (sk_test_...): leave it out where money is real."


def _safe(address):
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def client():
    """The library's client with this installation's key. Raises `NotSetUp`."""
    wanted = settings.STRIPE_SECRET_KEY, settings.STRIPE_API, settings.STRIPE_TIMEOUT
    if getattr(clients, "made_for", None) != wanted:
        if next(problems(), None):
            raise NotSetUp("Paying by card is not set up here.")
        clients.stripe, clients.made_for = _client(*wanted), wanted
    return clients.stripe


def _client(key, address, timeout):
    session = requests.Session()
    # No proxy of the environment lies between this process and another one on this machine.
    session.trust_env = not address
    return stripe.StripeClient(
        key,
        base_addresses={"api": address} if address else None,
        max_network_retries=TRIES_AGAIN,
        http_client=stripe.RequestsClient(timeout=timeout, session=session),
    )


@contextmanager
def reached():
    """Turns all that can go wrong between us and Stripe, but a declined card, into `Unreachable`."""
    try:
        yield
    except stripe.CardError as no:
        raise Declined(
            f"{no.user_message or 'The card was declined.'} Nothing was charged.", no.code
        ) from no
    except stripe.StripeError as error:
        log.warning("Stripe: %s %s", type(error).__name__, error.code or error.http_status or "")
        raise Unreachable(AWAY) from error


class Stripe:
    name = "stripe"

    def page(self, checkout, request):
        """Asked twice it is the same page: the reference is the key, and the words are the same."""
        park = checkout.session.car_park
        back = request.build_absolute_uri(reverse("card_back", args=[checkout.reference]))
        about = {"checkout": checkout.reference}
        asked = {
            "mode": "payment",
            "client_reference_id": checkout.reference,
            "metadata": about,
            "payment_intent_data": {"metadata": about, "description": f"Parking, {park}"},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": checkout.currency.lower(),
                        "unit_amount": checkout.amount,
                        "product_data": {"name": f"Parking, {park}"},
                    },
                }
            ],
            "expires_at": int((checkout.quoted_at + PAGE_OPEN).timestamp()),
            "success_url": back,
            "cancel_url": f"{back}?declined",
        }
        with reached():
            made = client().v1.checkout.sessions.create(
                asked, {"idempotency_key": f"page {checkout.reference}"}
            )
        if not made.url:
            raise Unreachable("This card page was closed.")
        checkout.at_provider = made.id
        checkout.save(update_fields=["at_provider"])
        return made.url

    def read(self, request, now):
        body = request.body
        _check(body, request.headers.get("Stripe-Signature", ""), now)
        try:
            event = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NotAnEvent("The body is not JSON.") from error
        if not isinstance(event, dict):
            raise NotAnEvent("The body is not a JSON object.")
        _ours(event)
        return understood(event)

    def look(self, checkout):
        """The payment of a checkout, by its card page or by its saved card; None where there is none."""
        with reached():
            page = self._page_of(checkout)
            if page and page.get("payment_status") == "paid":
                return _page_paid(page, f"look {page['id']}")
            if page is None:
                return self._charge_of(checkout)
        return None

    def _page_of(self, checkout):
        sessions = client().v1.checkout.sessions
        if checkout.at_provider:
            return sessions.retrieve(checkout.at_provider).to_dict()
        # Its answer was lost: among the pages made since then it is known by our reference.
        for one in sessions.list(_since(checkout)).auto_paging_iter():
            if one.client_reference_id == checkout.reference:
                return one.to_dict()
        return None

    def _charge_of(self, checkout):
        for one in client().v1.payment_intents.list(_since(checkout)).auto_paging_iter():
            found = one.to_dict()
            if (
                _about(found).get("checkout") == checkout.reference
                and found["status"] == "succeeded"
            ):
                return _charge_paid(found, f"look {found['id']}")
        return None

    def missed(self, since):
        asked = {"created": {"gte": int(since.timestamp())}, "types": list(EVENTS), "limit": 100}
        with reached():
            told = list(client().v1.events.list(asked).auto_paging_iter())
        for event in reversed(told):
            try:
                event = event.to_dict()
                _ours(event)
                known = understood(event)
            except (BadSignature, NotAnEvent):
                continue  # as its webhook was refused
            if known:
                yield known

    def expire(self, checkout):
        with reached():
            page = self._page_of(checkout)
            if page is None:
                return self._charge_of(checkout) is None
            if page["status"] == "open":
                try:
                    page = client().v1.checkout.sessions.expire(page["id"]).to_dict()
                except stripe.InvalidRequestError:  # it was paid, or closed, at this very moment
                    page = client().v1.checkout.sessions.retrieve(page["id"]).to_dict()
        if page["status"] == "open":
            raise Unreachable(AWAY)
        return page["payment_status"] != "paid"

    def refund(self, payment, amount, key):
        asked = {"payment_intent": payment.charge, "amount": amount, "metadata": {"refund": key}}
        try:
            with reached():
                made = client().v1.refunds.create(asked, {"idempotency_key": f"refund {key}"})
        except Unreachable as away:
            if isinstance(away.__cause__, stripe.InvalidRequestError):
                why = away.__cause__.user_message or str(away.__cause__)
                return Refunded(
                    self.name, f"no {key}", key, "", amount, payment.currency, Back.FAILED, why
                )
            raise
        return _refunded(made.to_dict(), f"asked {made.id}")

    def again(self, refund):
        if not refund.at_provider:
            return self.refund(refund.payment, refund.amount, refund.key)
        with reached():
            made = client().v1.refunds.retrieve(refund.at_provider)
        return _refunded(made.to_dict(), f"look {made.id}")

    def save_card(self, agreement, request):
        back = request.build_absolute_uri(agreement.get_absolute_url())
        about = {"agreement": agreement.reference}
        key = {"idempotency_key": f"customer {agreement.reference}"}
        with reached():
            owner = client().v1.customers.create({"metadata": about}, key)
            page = client().v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "currency": agreement.car_park.currency.lower(),
                    "customer": owner.id,
                    "client_reference_id": agreement.reference,
                    "metadata": about,
                    "setup_intent_data": {"metadata": about},
                    "success_url": back,
                    "cancel_url": back,
                }
            )
        return page.url

    def charge(self, card, amount, currency, key, about):
        asked = {
            "amount": amount,
            "currency": currency.lower(),
            "customer": card.customer,
            "payment_method": card.token,
            "off_session": True,
            "confirm": True,
            "description": about,
            "metadata": {"checkout": key},
        }
        with reached():
            made = client().v1.payment_intents.create(asked, {"idempotency_key": f"charge {key}"})
        if made.status != "succeeded":
            raise Declined(
                "The card's bank wants its owner to confirm. Nothing was charged.", made.status
            )
        return Charged(made.id, made.amount_received, made.currency.upper())


def _since(checkout):
    """From a minute before: Stripe's clock is not ours."""
    return {"created": {"gte": int(checkout.quoted_at.timestamp()) - 60}, "limit": 100}


def _check(body, header, now):
    """The library looks at signature and age, and lets the future pass; we do not."""
    if next(problems(), None):
        raise BadSignature("Payments by Stripe are not set up here.")
    try:
        stripe.WebhookSignature.verify_header(
            body, header, settings.STRIPE_WEBHOOK_SECRET, tolerance=TOLERANCE
        )
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadSignature(
            "The signature is missing, too old, or does not fit the body."
        ) from error
    sent = next(part[2:] for part in header.split(",") if part.startswith("t="))
    if int(sent) - now.timestamp() > TOLERANCE:
        raise BadSignature("The signature is from the future.")


def _ours(event):
    """An event of another account, or of practice money where money is real, is none of ours."""
    real = settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    if event.get("livemode") is not real:
        raise BadSignature(
            "This event is about practice money and we take real money, or the reverse."
        )
    if event.get("account") and event["account"] != settings.STRIPE_ACCOUNT:
        raise BadSignature("This event belongs to another Stripe account.")


def understood(event):
    """The event of ours that Stripe's event (a dict) is; None where it is of no interest."""
    act = EVENTS.get(text(event, "type"))
    if act is None:
        return None
    told = event.get("data")
    about = told.get("object") if isinstance(told, dict) else None
    if not isinstance(about, dict):
        raise NotAnEvent("'data' must hold an 'object'.")
    return act(about, text(event, "id"))


def _about(told):
    return told.get("metadata") or {}


def _page_done(page, name):
    if page.get("mode") == "setup":
        return _card_saved(page, name)
    return _page_paid(page, name) if page.get("payment_status") == "paid" else None


def _page_paid(page, name):
    return PaidEvent(
        provider=Stripe.name,
        id=name,
        reference=text(page, "client_reference_id"),
        amount=whole(page, "amount_total"),
        currency=text(page, "currency", longest=3).upper(),
        charge=text(page, "payment_intent"),
    )


def _charge_paid(intent, name):
    if "checkout" not in _about(intent):
        return None  # somebody charged at Stripe by hand
    return PaidEvent(
        provider=Stripe.name,
        id=name,
        reference=text(_about(intent), "checkout"),
        amount=whole(intent, "amount_received"),
        currency=text(intent, "currency", longest=3).upper(),
        charge=text(intent, "id"),
    )


def _card_saved(page, name):
    """The card itself is not in the event: Stripe is asked for it."""
    reference = text(page, "client_reference_id")
    with reached():
        intent = client().v1.setup_intents.retrieve(text(page, "setup_intent"))
        method = client().v1.payment_methods.retrieve(intent.payment_method)
    card = Card(
        provider=Stripe.name,
        customer=text(page, "customer"),
        token=method.id,
        brand=method.card.brand,
        last4=method.card.last4,
        expires=f"{method.card.exp_year}-{method.card.exp_month:02}",
    )
    return CardSaved(Stripe.name, name, reference, card)


def _refunded(made, name):
    if "refund" not in _about(made):
        return None  # somebody gave money back at Stripe by hand
    state = REFUND_STATES.get(made.get("status"), Back.PENDING)
    return Refunded(
        provider=Stripe.name,
        id=name,
        key=text(_about(made), "refund"),
        reference=text(made, "id"),
        amount=whole(made, "amount"),
        currency=text(made, "currency", longest=3).upper(),
        state=state,
        why=(made.get("failure_reason") or "").replace("_", " ") if state == Back.FAILED else "",
    )


EVENTS = {
    "checkout.session.completed": _page_done,
    "checkout.session.async_payment_succeeded": _page_done,
    "payment_intent.succeeded": _charge_paid,
    "refund.created": _refunded,
    "refund.updated": _refunded,
    "refund.failed": _refunded,
}
