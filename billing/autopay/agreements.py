"""Autopay's agreements: begun from a stay, confirmed by e-mail, active with a card, ended by a word.

Each change is an `AgreementEvent` in the same transaction, and its owner is told of it after the commit
(`billing.autopay.letters`): an autopay that stopped without a word is found out by a penalty.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from billing.autopay import letters
from billing.models import Agreement, AgreementEvent, State
from billing.models.autopay import HOLDS
from parking.rules.plates import folded

Kind = AgreementEvent.Kind

# To which state it may go from which; what is not here does not happen.
MOVES = {
    State.ACTIVE: (State.BEGUN, State.PAUSED, State.FAILED),
    State.PAUSED: (State.ACTIVE,),
    State.FAILED: (State.ACTIVE,),
    State.ENDED: (State.BEGUN, State.ACTIVE, State.PAUSED, State.FAILED),
}
LETTERS_AT_MOST = 3  # of one kind to one address, for one plate, within an hour
ADDRESSES_AT_MOST = 5  # for one plate within an hour
AN_HOUR = timedelta(hours=1)
BEGUN_FOR = timedelta(days=2)  # what nobody confirmed by then is nothing
EXPIRES_WITHIN = timedelta(days=31)


class Taken(Exception):  # noqa: N818
    """Another agreement of this plate holds."""


def agreement_for(session):
    """The agreement that is charged for this stay, or None."""
    found = Agreement.objects.filter(state=State.ACTIVE, folded=folded(session.plate))
    return found.filter(car_park=session.car_park_id).first()


def begin(session, *, email, most, now):
    """Somebody wants to register this stay's plate: an e-mail goes to `email`, and says what is next.

    What the caller may show is the same for a plate that is registered already, by him or by others.
    `most`: the largest charge (smallest unit).
    """
    mine = Agreement.objects.filter(
        car_park=session.car_park_id, folded=folded(session.plate), email__iexact=email
    )
    with transaction.atomic():
        found = mine.exclude(state=State.ENDED).first()
        if found is None and _too_many(session, now):
            return
        if found is None:
            facts = {"plate": session.plate, "email": email, "most": most}
            found = Agreement.objects.create(
                car_park=session.car_park, begun_at=now, state_at=now, **facts
            )
        note(found, Kind.BEGUN if found.state == State.BEGUN else Kind.AGAIN, now)


def _too_many(session, now):
    """Whether so many addresses were named for this plate that it is somebody's game."""
    lately = Agreement.objects.filter(car_park=session.car_park_id, begun_at__gt=now - AN_HOUR)
    return lately.filter(folded=folded(session.plate)).count() >= ADDRESSES_AT_MOST


def send_links(car_park, email, now):
    """Send their owner the links of what he has registered here. Nobody is told whether there is any."""
    for found in car_park.agreements.filter(email__iexact=email).exclude(state=State.ENDED):
        note(found, Kind.BEGUN if found.state == State.BEGUN else Kind.AGAIN, now)


def note(agreement, kind, now, *, why="", by=None, of=None):
    """Write down what happened; its owner is told after the commit. Returns the event.

    None where he was written to often enough within the hour: strangers can ask for such letters.
    """
    if kind in (Kind.BEGUN, Kind.AGAIN, Kind.ASKED):
        lately = agreement.events.filter(kind=kind, at__gt=now - AN_HOUR)
        if lately.count() >= LETTERS_AT_MOST:
            return None
    event = agreement.events.create(kind=kind, at=now, why=why[:200], by=by, autopay_try=of)
    transaction.on_commit(lambda: letters.tell(event.pk, now))
    return event


def move(agreement, to, now, *, why="", by=None, of=None):
    """Bring it to another state, once; whether it moved. Raises `Taken` where another one holds the plate."""
    with transaction.atomic():
        moved = _moved(agreement, to, why[:200], now)
        if moved:
            note(agreement, Kind(to), now, why=why, by=by, of=of)
    agreement.refresh_from_db()
    return moved


def _moved(agreement, to, why, now):
    before = Agreement.objects.filter(pk=agreement.pk, state__in=MOVES[to])
    try:
        with transaction.atomic():
            return before.update(state=to, state_at=now, why=why) == 1
    except IntegrityError as error:
        raise Taken(Taken.__doc__) from error


def pause(agreement, now):
    return move(agreement, State.PAUSED, now, why="Paused by its owner.")


def resume(agreement, now):
    """Raises `Taken`. One that was never confirmed with a card does not become active by a word."""
    if agreement.state == State.BEGUN:
        return False
    return move(agreement, State.ACTIVE, now, why="Resumed by its owner.")


def end(agreement, now, *, why="Ended by its owner.", by=None):
    return move(agreement, State.ENDED, now, why=why, by=by)


def card_saved(event, now):
    """A provider's `CardSaved`; returns what was done, in words."""
    found = Agreement.objects.select_for_update().filter(reference=event.reference).first()
    if found is None:
        return f"no agreement {event.reference}: kept for a person"
    if found.state == State.ENDED:
        return "the agreement has ended: the card is not used"
    if is_over(event.card.expires, now):
        note(found, Kind.EXPIRED, now)
        return "the card has expired: not used"
    _keep(found, event.card)
    if found.state in HOLDS:
        note(found, Kind.CARD, now)
        return "another card"
    return _activate(found, now)


def _keep(agreement, card):
    agreement.provider, agreement.customer, agreement.card_token = (
        card.provider,
        card.customer,
        card.token,
    )
    agreement.brand, agreement.last4, agreement.expires = (
        card.brand[:30],
        card.last4[:4],
        card.expires,
    )
    names = ("provider", "customer", "card_token", "brand", "last4", "expires")
    agreement.save(update_fields=names)


def _activate(agreement, now):
    try:
        move(agreement, State.ACTIVE, now, why="A card was saved.")
    except Taken:
        first = Agreement.objects.filter(
            car_park=agreement.car_park_id, folded=agreement.folded, state__in=HOLDS
        ).first()
        # Who has sold his car goes on paying for it unless he hears of its new owner.
        if first:
            note(first, Kind.ASKED, now)
        why = "This plate is registered already."
        Agreement.objects.filter(pk=agreement.pk).update(state=State.ENDED, state_at=now, why=why)
        note(agreement, Kind.REFUSED, now, why=why)
        return "refused: the plate is registered"
    return "active"


def is_over(expires, now):
    """Whether a card that `expires` ("2030-04", its last month; "" is not known) is good no more."""
    return bool(expires) and expires < f"{now:%Y-%m}"


def tell_of_cards(now):
    """Tell owners, once for each card, that theirs expires soon; returns how many."""
    soon = f"{now + EXPIRES_WITHIN:%Y-%m}"
    some = Agreement.objects.filter(state__in=HOLDS, expires__gt="", expires__lte=soon)
    told = 0
    for one in some:
        with transaction.atomic():
            locked = Agreement.objects.select_for_update().get(pk=one.pk)
            why = f"Card {locked.last4} expires {locked.expires}"
            if not locked.events.filter(kind=Kind.EXPIRES, why=why).exists():
                told += note(locked, Kind.EXPIRES, now, why=why) is not None
    return told


def forget_the_begun(now):
    """What nobody confirmed in time ends, without a letter: perhaps it was never his address."""
    old = Agreement.objects.filter(state=State.BEGUN, begun_at__lte=now - BEGUN_FOR)
    return old.update(state=State.ENDED, state_at=now, why="Nobody confirmed it in time.")
