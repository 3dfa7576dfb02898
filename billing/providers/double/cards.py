"""Stripe's public test card numbers, and what becomes of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """`now`: why it is declined on the page or when it is saved; `later`: when it is charged without its
    driver. Empty: it pays."""

    called: str
    now: str = ""
    later: str = ""
    brand: str = "visa"


DECLINED, FUNDS, EXPIRED = "generic_decline", "insufficient_funds", "expired_card"
CARDS = {
    "4242424242424242": Behaviour("pays"),
    "5555555555554444": Behaviour("pays", brand="mastercard"),
    "4000000000000341": Behaviour("is saved, and declined when it is charged", later=DECLINED),
    "4000002760003184": Behaviour(
        "needs its owner for every payment", later="authentication_required"
    ),
    "4000000000000002": Behaviour("is declined", DECLINED, DECLINED),
    "4000000000009995": Behaviour("has too little money on it", FUNDS, FUNDS),
    "4000000000000069": Behaviour("has expired", EXPIRED, EXPIRED),
}
SENTENCES = {
    DECLINED: "Your card was declined.",
    FUNDS: "Your card has insufficient funds.",
    EXPIRED: "Your card has expired.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}


def code_of(decline):
    """Stripe's `code` for a `decline_code`."""
    return decline if decline in (EXPIRED, "authentication_required") else "card_declined"
