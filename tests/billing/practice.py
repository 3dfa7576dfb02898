"""The double of Stripe in a test: started, paid at, and told how to behave."""

import json
import threading
from contextlib import contextmanager

import httpx
from django.test import RequestFactory
from stripe import WebhookSignature

from billing.providers.double.server import Double
from billing.providers.stripe import Stripe

SECRET = "whsec_practice"
PAYS, NO_FUNDS, DECLINES_LATER = "4242424242424242", "4000000000009995", "4000000000000341"


@contextmanager
def running(settings, webhook=""):
    """A double of Stripe that this installation pays by; `webhook`: where it tells what happened."""
    server = Double(0, webhook, SECRET)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    settings.PAYMENT_PROVIDER = "stripe"
    settings.STRIPE_SECRET_KEY = "sk_test_practice"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_API = server.base
    try:
        yield Practice(server)
    finally:
        server.shutdown()
        server.server_close()


class Practice:
    def __init__(self, server):
        self.server = server
        self.http = httpx.Client(base_url=server.base, trust_env=False, timeout=30)

    def open_page(self, checkout):
        """The address of the card page, as the pay page asks for it."""
        return Stripe().page(checkout, RequestFactory().get("/"))

    def pay(self, checkout, number=PAYS):
        """A driver types this card on the checkout's page; the page's answer."""
        return self.http.post(self.open_page(checkout), data={"number": number})

    def behave(self, wish, told=None):
        return self.http.post(f"/double/{wish}", content=json.dumps(told or {})).json()

    def faults(self, *kinds, path="/v1", seconds=0):
        self.behave("faults", [{"kind": one, "path": path, "seconds": seconds} for one in kinds])

    def money(self):
        """What the double took, less what it gave back."""
        return self.behave("money")["money"]

    @property
    def events(self):
        return self.server.books.events

    def event(self, kind):
        """The newest event of this kind."""
        return next(one for one in reversed(self.events) if one["type"] == kind)


def deliver(client, event, *, secret=SECRET, at=None):
    """Post an event as Stripe does, signed at `at` (aware; now where not given)."""
    body = event if isinstance(event, str) else json.dumps(event)
    signature = WebhookSignature.generate_signature_header(body, secret, at and int(at.timestamp()))
    return client.post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
