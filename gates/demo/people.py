"""The demo's people, each with a browser: a driver who pays, an operator in the control room."""

from django.urls import reverse

from gates.demo.browser import Browser
from gates.demo.park import OPERATOR, SLUG


def pay(server, plate):
    """A driver without an account pays on a phone: the pay page, the price, the card page.

    Raises LookupError where a page has no such form (there is nothing to pay), httpx.HTTPError
    where the server does not answer.
    """
    with Browser(server) as phone:
        phone.go(f"/pay/{SLUG}/")
        phone.send("plate", plate=plate)
        phone.send("shown")  # the price, with one button
        phone.send("number")


class Operator(Browser):
    """A person in the control room, signed in."""

    def __init__(self, server, password):
        super().__init__(server)
        self.go(reverse("sign_in"))
        self.send("password", username=OPERATOR, password=password)
        # The control room's pages tell htmx to send the token as a header.
        self.client.headers["X-CSRFToken"] = self.client.cookies["csrftoken"]

    def type_plate(self, passage, plate):
        """Say what the plate of a held vehicle is."""
        self.go(reverse("lanes"))
        self.send(reverse("correct_plate", args=[passage.pk]), plate=plate)
