"""The part of Stripe's API that the double answers: one function an operation, one table for them all."""

import re
import time

from billing.providers.double.books import Refusal
from billing.providers.double.cards import CARDS, SENTENCES, code_of

LEAST, MOST = 30, 99_999_999  # what one payment may be; Stripe's least depends on the currency
OPEN_FOR = (30 * 60, 24 * 60 * 60)  # seconds that a card page may stay open


def whole(words, key, least=1, most=MOST):
    value = words.get(key, "")
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,12}", value):
        raise Refusal(400, f"Invalid integer: {value}", param=key)
    if not least <= int(value) <= most:
        raise Refusal(400, f"{key} must be between {least} and {most}.", param=key)
    return int(value)


def needed(words, key):
    if not words.get(key):
        raise Refusal(400, f"Missing required param: {key}.", code="parameter_missing", param=key)
    return words[key]


# Card pages -----------------------------------------------------------------------------------------


def open_session(books, words, base):
    mode = needed(words, "mode")
    facts = {
        "mode": mode,
        "status": "open",
        "payment_status": "no_payment_required" if mode == "setup" else "unpaid",
        "client_reference_id": words.get("client_reference_id"),
        "metadata": words.get("metadata", {}),
        "customer": words.get("customer"),
        "success_url": needed(words, "success_url"),
        "cancel_url": words.get("cancel_url"),
        "expires_at": _page_ends(words),
        "payment_intent": None,
        "setup_intent": None,
        "amount_total": None,
        "currency": words.get("currency"),
        "intended": words.get(f"{mode}_intent_data", {}),
        **(_priced(words) if mode == "payment" else {}),
    }
    made = books.add("checkout.session", "cs", **facts)
    made["url"] = f"{base}/c/pay/{made['id']}"
    return made


def _page_ends(words):
    ends = int(time.time()) + OPEN_FOR[1]
    if "expires_at" in words:
        ends = whole(words, "expires_at", most=2**40)
        if not OPEN_FOR[0] <= ends - time.time() + 1 <= OPEN_FOR[1] + 2:
            raise Refusal(
                400,
                "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
                param="expires_at",
            )
    return ends


def _priced(words):
    lines = list(words.get("line_items", {}).values())
    if not lines:
        raise Refusal(400, "Missing required param: line_items.", param="line_items")
    prices = [one.get("price_data", {}) for one in lines]
    total = sum(
        whole(price, "unit_amount") * whole(line, "quantity")
        for price, line in zip(prices, lines, strict=True)
    )
    if not LEAST <= total <= MOST:
        raise Refusal(400, "The amount due must be at least 30.", code="amount_too_small")
    return {"amount_total": total, "currency": needed(prices[0], "currency").lower()}


def see_session(books, words, base, name):
    return close_when_over(books, books.get(name, "checkout.session"))


def close_when_over(books, session):
    if session["status"] == "open" and time.time() >= session["expires_at"]:
        _close(books, session)
    return session


def _close(books, session):
    session["status"], session["url"] = "expired", None
    books.tell("checkout.session.expired", session)


def expire_session(books, words, base, name):
    session = see_session(books, words, base, name)
    if session["status"] != "open":
        raise Refusal(
            400, f"Only Checkout Sessions with a status in [open] can be expired: {name}."
        )
    _close(books, session)
    return session


def list_sessions(books, words, base):
    return _page("checkout/sessions", books.of("checkout.session"), words)


def pay_session(books, session, number):
    """Somebody typed a card on the page. Raises `Refusal` 402 where it is declined."""
    if close_when_over(books, session)["status"] != "open":
        raise Refusal(400, "This page is no longer open.")
    card = CARDS.get(number)
    if card is None:
        raise Refusal(402, "Your card number is incorrect.", "card_error", code="incorrect_number")
    if card.now:
        raise _declined(card.now)
    method = _method(books, number, card, session["customer"])
    (_pay if session["mode"] == "payment" else _save)(books, session, method)
    session["status"], session["url"] = "complete", None
    books.tell("checkout.session.completed", session)
    return session


def _method(books, number, card, customer):
    known = {"brand": card.brand, "last4": number[-4:], "exp_month": 12, "exp_year": 2034}
    method = books.add("payment_method", "pm", type="card", card=known, customer=customer)
    method["behaviour"] = {"later": card.later}  # never the number: nobody keeps those
    return method


def _pay(books, session, method):
    intent = books.add(
        "payment_intent",
        "pi",
        amount=session["amount_total"],
        amount_received=session["amount_total"],
        currency=session["currency"],
        status="succeeded",
        customer=session["customer"],
        payment_method=method["id"],
        metadata=session["intended"].get("metadata", {}),
        description=session["intended"].get("description"),
        amount_refunded=0,
    )
    session.update(payment_status="paid", payment_intent=intent["id"])
    books.tell("payment_intent.succeeded", intent)


def _save(books, session, method):
    intent = books.add(
        "setup_intent",
        "seti",
        status="succeeded",
        customer=session["customer"],
        payment_method=method["id"],
        usage="off_session",
        metadata=session["intended"].get("metadata", {}),
    )
    session["setup_intent"] = intent["id"]
    books.tell("setup_intent.succeeded", intent)


# Saved cards ----------------------------------------------------------------------------------------


def add_customer(books, words, base):
    kept = {key: words.get(key) for key in ("name", "email", "description")}
    return books.add("customer", "cus", metadata=words.get("metadata", {}), **kept)


def see(kind):
    """The function that shows an object of this kind."""
    return lambda books, words, base, name: books.get(name, kind)


def list_methods(books, words, base):
    owner = words.get("customer")
    mine = [one for one in books.of("payment_method") if one["customer"] == owner]
    return _page("payment_methods", mine, words)


def charge(books, words, base):
    """A PaymentIntent that is confirmed at once, with a saved card and without its driver."""
    amount, currency = whole(words, "amount", LEAST), needed(words, "currency").lower()
    if words.get("confirm") != "true" or words.get("off_session") != "true":
        raise Refusal(400, "This double knows PaymentIntents that are confirmed off_session only.")
    customer = books.get(needed(words, "customer"), "customer")
    method = books.get(needed(words, "payment_method"), "payment_method")
    if method["customer"] != customer["id"]:
        raise Refusal(400, "The payment method does not belong to this customer.")
    intent = books.add(
        "payment_intent",
        "pi",
        amount=amount,
        amount_received=0,
        amount_refunded=0,
        currency=currency,
        status="requires_payment_method",
        customer=customer["id"],
        payment_method=method["id"],
        metadata=words.get("metadata", {}),
        description=words.get("description"),
    )
    if why := method["behaviour"]["later"]:
        books.tell("payment_intent.payment_failed", intent)
        raise _declined(why, payment_intent=intent)
    intent.update(status="succeeded", amount_received=amount)
    books.tell("payment_intent.succeeded", intent)
    return intent


def _declined(why, **more):
    sentence = SENTENCES[why]
    return Refusal(402, sentence, "card_error", code=code_of(why), decline_code=why, **more)


def list_intents(books, words, base):
    owner = words.get("customer")
    found = [one for one in books.of("payment_intent") if owner in (None, one["customer"])]
    return _page("payment_intents", found, words)


# Money back -----------------------------------------------------------------------------------------


def refund(books, words, base):
    intent = books.get(needed(words, "payment_intent"), "payment_intent")
    left = intent["amount_received"] - intent["amount_refunded"]
    amount = whole(words, "amount") if "amount" in words else left
    if amount > left:
        code = "amount_too_large" if left else "charge_already_refunded"
        sentence = f"Refund amount ({amount}) is greater than unrefunded amount ({left})."
        raise Refusal(400, sentence, code=code)
    intent["amount_refunded"] += amount
    made = books.add(
        "refund",
        "re",
        amount=amount,
        currency=intent["currency"],
        payment_intent=intent["id"],
        metadata=words.get("metadata", {}),
        status="succeeded",
        failure_reason=None,
    )
    how = books.refunds_go.pop(0) if books.refunds_go else "succeeded"
    made["status"] = "pending" if how != "succeeded" else how
    books.tell("refund.created", made)
    answer = dict(made)  # it fails after the answer, as it does when a bank looks at it
    if how == "failed":
        fail_refund(books, made)
    return answer


def fail_refund(books, made):
    """Days later the bank sends it back: the money is the car park's again."""
    made.update(status="failed", failure_reason="lost_or_stolen_card")
    books.objects[made["payment_intent"]]["amount_refunded"] -= made["amount"]
    books.tell("refund.failed", made)


def list_events(books, words, base):
    kinds = list(words.get("types", {}).values())
    told = [one for one in reversed(books.events) if not kinds or one["type"] in kinds]
    return _page("events", told, words)


def _page(place, found, words):
    """Stripe's lists: newest first, from one moment on, a page at a time. The library asks for the next
    page at `url`."""
    since = int(words.get("created", {}).get("gte", 0))
    found = [one for one in found if one["created"] >= since]
    if after := words.get("starting_after"):
        last = next((number for number, one in enumerate(found) if one["id"] == after), len(found))
        found = found[last + 1 :]
    limit = min(100, int(words.get("limit", 10)))
    return {
        "object": "list",
        "url": f"/v1/{place}",
        "data": found[:limit],
        "has_more": len(found) > limit,
    }


NAME = "([A-Za-z0-9_]+)"
ROUTES = [
    ("POST", "/v1/checkout/sessions", open_session),
    ("GET", "/v1/checkout/sessions", list_sessions),
    ("GET", f"/v1/checkout/sessions/{NAME}", see_session),
    ("POST", f"/v1/checkout/sessions/{NAME}/expire", expire_session),
    ("POST", "/v1/payment_intents", charge),
    ("GET", "/v1/payment_intents", list_intents),
    ("GET", f"/v1/payment_intents/{NAME}", see("payment_intent")),
    ("GET", f"/v1/setup_intents/{NAME}", see("setup_intent")),
    ("GET", f"/v1/payment_methods/{NAME}", see("payment_method")),
    ("GET", "/v1/payment_methods", list_methods),
    ("POST", "/v1/customers", add_customer),
    ("GET", f"/v1/customers/{NAME}", see("customer")),
    ("POST", "/v1/refunds", refund),
    ("GET", f"/v1/refunds/{NAME}", see("refund")),
    ("GET", "/v1/events", list_events),
]


def route(method, path):
    """The operation at this address and the names in it. Raises `Refusal` 404."""
    for verb, pattern, act in ROUTES:
        if verb == method and (found := re.fullmatch(pattern, path)):
            return act, found.groups()
    raise Refusal(404, f"Unrecognized request URL ({method}: {path}). This double knows no such.")
