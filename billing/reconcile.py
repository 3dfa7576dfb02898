"""Find what webhooks missed and what was paid twice, by asking the providers and the ledger itself.

All of it may be done at any time and any number of times; what is found goes the way of every webhook.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Sum

from billing import payments, refunds
from billing.models import Balance, Checkout, Look, Payment, Refund
from billing.providers import Can, Unreachable, able, provider

BEFORE = timedelta(hours=1)  # looked at again, for clocks differ and events come late
FIRST_LOOK = timedelta(days=3)
LATELY = timedelta(days=3)  # payments that are looked through for some that were made twice


def look_round(now):
    """One look at everything; what was found, counted by words."""
    found = Counter()
    for name in _in_use():
        found += _events(name, now)
    found += _checkouts(now)
    found += _doubles(now)
    found += _refunds(now)
    found += _seals(now)
    return found


def _in_use():
    """The providers that may have told something."""
    known = set(Checkout.objects.filter(closed_at=None).values_list("provider", flat=True))
    return sorted(name for name in {settings.PAYMENT_PROVIDER, *known} if able(name, Can.PAGE))


def _events(name, now):
    """Act on all events since the last look; one that its webhook brought before does nothing."""
    last = Look.objects.filter(provider=name).first()
    since = last.until - BEFORE if last else now - FIRST_LOOK
    try:
        told = Counter(payments.receive(event, now) for event in provider(name).missed(since))
    except Unreachable:
        return Counter({f"{name} does not answer": 1})
    del told["seen before"], told["paid before"], told["done before"]
    Look.objects.create(provider=name, at=now, until=now, found=dict(told))
    return told


def _checkouts(now):
    """Ask for every checkout that might be paid unseen; close those whose promise is over."""
    found = Counter()
    for checkout in Checkout.objects.filter(closed_at=None).order_by("quoted_at", "id"):
        if payments.is_paid(checkout):
            Checkout.objects.filter(pk=checkout.pk).update(closed_at=now)
            continue
        try:
            found += _asked(checkout, now)
        except Unreachable:
            found["unanswered"] += 1
    return found


def _asked(checkout, now):
    if now >= checkout.expires_at:
        closed = payments.close(checkout, now)
        return Counter({"closed" if closed else "paid": 1})
    told = able(checkout.provider, Can.PAGE) and provider(checkout.provider).look(checkout)
    return Counter([payments.receive(told, now)] if told else [])


def _doubles(now):
    """Stays that were paid twice lately, each looked at as if nobody had noticed."""
    lately = Payment.objects.filter(paid_at__gt=now - LATELY, amount__gt=0).order_by()
    several = lately.values("session").annotate(number=Count("id")).filter(number__gt=1)
    found = Counter()
    for row in several:
        for payment, amount in too_much(row["session"]):
            refunds.ask(payment, amount=amount, by=None, why=refunds.PAID_TWICE, now=now)
            found["paid twice: goes back"] += 1
    return found


def too_much(session_id):
    """The payments of a stay that paid what had been paid already, each with what nobody promised to give
    back of it yet: in the order of the ledger, from what each checkout was promised after."""
    told, sum_before = [], 0
    for payment in Payment.objects.filter(session=session_id).order_by("id"):
        excess = _excess(payment, sum_before)
        promised = payment.refunds.aggregate(sum=Sum("amount"))["sum"] or 0
        if excess > promised:
            told.append((payment, excess - promised))
        sum_before += payment.amount
    return told


def _excess(payment, sum_before):
    if payment.amount < 0:
        return 0
    if "/again/" in payment.reference:
        return payment.amount
    checkout = payments.checkout_of(payment)
    if checkout is None:
        return 0
    return min(payment.amount, max(0, sum_before - checkout.paid_before))


def _refunds(now):
    """Ask for every refund that is promised and not done."""
    states = Counter()
    for refund in Refund.objects.filter(Refund.WAITS).order_by("asked_at", "id"):
        states[f"refund {refunds.carry_out(refund, now).state}"] += 1
    return states


def _seals(now):
    """Balances that are not the sum of their payments: somebody wrote past the ledger."""
    lately = Payment.objects.filter(paid_at__gt=now - LATELY).order_by().values("session")
    sealed = Balance.objects.filter(session__in=lately).annotate(
        sum=Sum("session__payments__amount")
    )
    wrong = sealed.exclude(sum=F("paid")).count()
    return Counter({"balances that are not their payments' sum": wrong} if wrong else {})
