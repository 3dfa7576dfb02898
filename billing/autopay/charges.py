"""Charge a saved card at the exit: claimed in the database first, asked of the provider outside every
transaction, and never twice.

The exit's answer holds for a moment while the card is charged, and the barrier's next ask finds the stay
settled. What is declined, or not answered in time, falls back to the pay page: nobody is trapped.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from billing import payments
from billing.autopay.agreements import Kind, agreement_for, move, note
from billing.models import AutopayTry, How, State
from billing.models.autopay import PATIENCE
from billing.providers import CannotDo, Declined, Unreachable, provider
from billing.quotes import quote

ASKS_FOR = timedelta(seconds=45)  # nobody is asking any more for whom this is over: he has died
GIVES_UP = timedelta(hours=24)  # what was not answered by then is not asked again

Outcome = AutopayTry.Outcome


def waits(session, offer, now):
    """Whether an exit holds this stay for a moment because its card is charged, or is about to be.

    `offer` is its `Quote` at `now`. Doubt, a price above the owner's limit, and a price that was tried
    already are for the pay page.
    """
    if not offer.due or session.doubt:
        return False
    running = session.autopay_tries.filter(outcome="").first()
    if running:
        return now < running.claimed_at + PATIENCE
    agreement = agreement_for(session)
    return agreement is not None and _may(agreement, session, offer)


def _may(agreement, session, offer):
    tried = session.autopay_tries.filter(quote=named(agreement, offer))
    return offer.due <= agreement.most and not tried.exists()


def named(agreement, offer):
    """What a try is for: this price of the stay, under this word of the owner. Tried once, it is over,
    until he resumes or saves another card."""
    return (
        f"{offer.due} {offer.currency} until {offer.until.isoformat()}, "
        f"{agreement.pk} since {agreement.state_at.isoformat()}"
    )


def charge(session, now):
    """Charge what is due for this stay, if there is an agreement; returns the `AutopayTry` or None.

    May be called any number of times at once: one of them charges. Never inside a transaction.
    """
    running = session.autopay_tries.filter(outcome="").first()
    if running is None:
        running = _claim(session, now)
        return running and _ask(running, now)
    return _ask(running, now) if _take_over(running, now) else None


def _claim(session, now):
    """Say in the database that this price is being charged; None where it must not be, or is already."""
    try:
        with transaction.atomic():
            session = payments.locked(session.pk)
            agreement = agreement_for(session)
            offer = quote(session, now)
            if not (agreement and offer.due and not session.doubt):
                return None
            if not _may(agreement, session, offer):
                return None
            return AutopayTry.objects.create(
                agreement=agreement,
                session=session,
                quote=named(agreement, offer),
                amount=offer.due,
                currency=offer.currency,
                claimed_at=now,
                asks_until=now + ASKS_FOR,
            )
    except IntegrityError:  # another one was quicker
        return None


def _take_over(running, now):
    """Whether whoever asked has died, and we are the one who asks instead."""
    dead = AutopayTry.objects.filter(pk=running.pk, outcome="", asks_until__lte=now)
    return dead.update(asks_until=now + ASKS_FOR) == 1


def _ask(running, now):
    """Ask the provider, by the same key as whoever asked before, and write down what came of it."""
    try:
        asked_before = running.checkout is not None
        payment = (_once_more if asked_before else _first_time)(running, now)
    except (payments.NothingDue, payments.PriceChanged) as why:
        _done(running, Outcome.NEEDLESS, str(why), now)
    except Declined as no:
        _declined(running, no, now)
    except Unreachable as away:
        _not_known(running, away.sentence, now)
    except CannotDo as cannot:  # its provider was taken out of use
        _not_known(running, cannot.args[0], now)
    else:
        _paid(running, payment, now)
    running.refresh_from_db()
    return running


def _first_time(running, now):
    """The promise that is charged is kept with the try before the provider hears of it: its reference is
    the key for ever."""
    _stands(running)
    running.checkout = payments.start_checkout(
        running.session, now, shown=running.amount, by=running.agreement.provider, how=How.CARD
    )
    running.save(update_fields=["checkout"])
    return _charged(running, now)


def _once_more(running, now):
    """Nobody knows whether it was charged: look, and charge by the same key only what is still owed."""
    checkout = running.checkout
    if found := provider(checkout.provider).look(checkout):
        payments.receive(found, now)
    if paid := payments.payment_of(checkout):
        return paid
    _stands(running)
    if quote(running.session, now, until=checkout.priced_until).due != running.amount:
        raise payments.NothingDue("It was paid otherwise meanwhile.")
    return _charged(running, now)


def _stands(running):
    """Its owner's word is asked for until the very last moment."""
    if agreement_for(running.session) != running.agreement:
        raise payments.NothingDue("Autopay was paused or ended meanwhile.")


def _charged(running, now):
    about = f"Parking, {running.session.car_park}"
    card = running.agreement.card
    return payments.charge_for(running.checkout, card, now, about=about)


def _done(running, outcome, said, now, code=""):
    """Write the outcome; whether it was us who wrote it, for it is written once."""
    still = AutopayTry.objects.filter(pk=running.pk, outcome="")
    return still.update(outcome=outcome, said=said[:200], code=code[:60], done_at=now) == 1


@transaction.atomic
def _paid(running, payment, now):
    if _done(running, Outcome.PAID, "", now):
        note(running.agreement, Kind.CHARGED, now, why=payment.receipt, of=running)


@transaction.atomic
def _declined(running, no, now):
    """Autopay is off and its owner told: an autopay that fails in silence is found out too late."""
    if _done(running, Outcome.DECLINED, no.sentence, now, code=no.code or ""):
        move(running.agreement, State.FAILED, now, why=no.sentence, of=running)


def _not_known(running, said, now):
    """No answer is no outcome: the sweep asks again by the same key, for a day."""
    if now - running.claimed_at > GIVES_UP:
        _done(running, Outcome.UNANSWERED, said, now)
    AutopayTry.objects.filter(pk=running.pk, outcome="").update(said=said[:200], asks_until=now)


def sweep(now):
    """Find out what became of the charges whose asker has died or had no answer; returns how many are
    known now."""
    waiting = AutopayTry.objects.filter(
        outcome="", asks_until__lte=now, claimed_at__lte=now - PATIENCE
    )
    tries = waiting.select_related("agreement", "session__car_park", "checkout")
    known = [_ask(one, now) for one in tries if _take_over(one, now)]
    return sum(bool(one.outcome) for one in known)
