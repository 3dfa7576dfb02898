"""The review queue: what needs a person is found, closed when its reason is gone, and given to one
reviewer at a time.

Nothing is noted while lanes are answered. Cases are found when a reviewer asks for the next one, from
passages and stays as they are at that moment, so no case can be forgotten and none is out of date.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from billing.quotes import quote
from gates import choices
from gates.models import ASKS_WITHIN, Case, Finding, Passage
from gates.rules.decisions import Decision, Reason
from gates.rules.harm import Stake, harm, turn, wrong_of_doubt
from parking.models import Doubt, ParkingSession

CLAIM_HOLDS = timedelta(seconds=45)  # a case that is not answered by then is free for others
LOOKS_BACK = timedelta(days=2)  # an older passage tells a reviewer nothing that can still be mended
LOST_AFTER = timedelta(minutes=10)  # a held vehicle that its lane asks no more for has gone
LEFT_FOR = timedelta(minutes=10)  # so long a case stays away from who has left it to somebody else
AT_ONCE = 25  # stays weighed in one look, so that an open gate's hundreds make nobody wait
# Nothing more is known of these at the exit; and a driver who says so waits for an answer.
RIPE_AT_ONCE = (Doubt.CORRECTION, Doubt.DISPUTED)
IN_SIGHT = 100  # cases that are put in order for one claim

Kind = Case.Kind

# Why a vehicle is held, and what a person is asked about it.
HELD = {
    Reason.UNREADABLE: Kind.UNREADABLE,
    Reason.NO_SESSION: Kind.UNMATCHED,
    Reason.ALREADY_INSIDE: Kind.DOUBTFUL,
    Reason.BLOCKED: Kind.BLOCKED_HIT,
}
# Well read, and not surely any of the stays that are like it.
SEVERAL = Q(reason=Reason.NO_SESSION, match__ranked__0__isnull=False)
# Let through without a stay: an exit that ended none, an entry whose plate nobody knows.
THROUGH = (
    Q(decision=Decision.OPEN, session=None, backed_out_at=None)
    & ~Q(reason=Reason.PERMIT)
    & (Q(lane__direction="out") | ~Passage.READABLE)
)


def needing(car_park, now):
    """The passages that need a person at `now`, each with its `need` (a `Case.Kind`)."""
    held = Passage.WAITING & Q(asked_at__gt=now - LOST_AFTER)
    kinds = [When(held & SEVERAL, then=Value(Kind.LOW_MARGIN))]
    kinds += [When(held & Q(reason=reason), then=Value(kind)) for reason, kind in HELD.items()]
    through = [When(~Passage.READABLE, then=Value(Kind.UNREADABLE))]
    answered = Finding.objects.filter(Finding.STANDS, case__passage=OuterRef("pk"))
    return (
        Passage.objects.filter(
            (held & Q(reason__in=HELD)) | THROUGH,
            lane__car_park=car_park,
            received_at__gt=now - LOOKS_BACK,
            nobody=False,
        )
        .exclude(Exists(answered))
        .annotate(need=models.Case(*kinds, *through, default=Value(Kind.UNMATCHED)))
    )


def doubtful(car_park):
    """The stays whose doubt a person can judge: they are at the exit, or have left, or need not wait
    for it.

    Who was asked since it came to the exit, and could not say that it is right, is not asked again.
    """
    ripe = Q(waiting_since__isnull=False) | Q(left_at__isnull=False) | Q(doubt__in=RIPE_AT_ONCE)
    came = Coalesce(OuterRef("waiting_since"), OuterRef("left_at"), OuterRef("entered_at"))
    answered = Finding.objects.filter(
        Finding.STANDS, ~Q(what=Finding.What.RIGHT), case__stay=OuterRef("pk"), at__gte=came
    )
    free = Case.objects.filter(closed_as=Case.Closed.FREE, stay=OuterRef("pk"))
    stays = car_park.sessions.filter(ripe, doubt__gt=Doubt.NONE, voided_at=None)
    return stays.exclude(Exists(answered)).exclude(Exists(free))


def look_round(car_park, now):
    """Find the cases of this moment, and close those whose reason is gone."""
    known = car_park.cases.filter(Case.OPEN, again=None)
    passages = {one.pk: one for one in needing(car_park, now).select_related("lane__car_park")}
    _close_what_is_gone(car_park, known, now)
    for case in known.filter(stay=None):
        passage = passages.pop(case.passage_id, None)
        if passage and passage.need != case.kind:
            known.filter(pk=case.pk).update(kind=passage.need)
    fresh = [Case(kind=one.need, passage=one) for one in passages.values()]
    fresh += [Case(kind=Kind.DOUBTFUL, stay=one) for one in _not_yet_found(car_park, known)]
    weighed = [_weighed(case, car_park, now) for case in fresh]
    # Two who look at the same moment find the same: the database keeps one of each.
    Case.objects.bulk_create(filter(None, weighed), ignore_conflicts=True)


def _not_yet_found(car_park, known):
    """Stays in doubt without a case: those at the exit first, then the longest, for they cost most."""
    unseen = doubtful(car_park).exclude(Exists(known.filter(stay=OuterRef("pk"))))
    lasted = F("left_at") - F("entered_at")
    urgent = unseen.order_by(F("waiting_since").asc(nulls_last=True), lasted.desc(nulls_last=True))
    return urgent.select_related("car_park", "permit")[:AT_ONCE]


def _close_what_is_gone(car_park, known, now):
    """The vehicle left, was read after all, or backed out; or the stay was paid in spite of its doubt."""
    gone = known.exclude(_needed(car_park, now))
    paid = known.filter(stay__payments__paid_at__gt=F("found_at")).select_related(
        "stay__car_park", "stay__permit"
    )
    ended = [*gone, *(case for case in paid if owed(case.stay, now) == 0)]
    known.filter(pk__in=[case.pk for case in ended]).update(
        closed_at=now, closed_as=Case.Closed.GONE
    )


def _needed(car_park, now):
    """Which cases have their reason still, as a condition."""
    passages = needing(car_park, now).filter(pk=OuterRef("passage"))
    return Exists(passages) | Exists(doubtful(car_park).filter(pk=OuterRef("stay")))


def _close(case, now):
    Case.objects.filter(Case.OPEN, pk=case.pk).update(closed_at=now, closed_as=Case.Closed.GONE)


def _weighed(case, car_park, now):
    """A fresh case with what hangs on it; None for a stay that owes nothing yet, and one that left
    without owing anything is closed at once, so that nobody asks again."""
    case.car_park, case.found_at = car_park, now
    offered = choices.offered(case, now)
    stay = choices.best_stay(case, offered)
    case.money = owed(stay, now) if stay else 0
    case.wrong = _wrong(case, offered)
    case.harm = harm(Stake(case.wrong, case.money))
    if case.stay and case.money == 0:
        case.closed_at, case.closed_as = now, Case.Closed.FREE
        return case if case.stay.left_at else None
    return case


def _wrong(case, offered):
    """The probability that the machine would be wrong if it took its best guess."""
    if case.stay:
        return wrong_of_doubt(case.stay.doubt)
    if case.kind in (Kind.UNMATCHED, Kind.LOW_MARGIN):
        return 1 - max((choice.probability or 0 for choice in offered if choice.stay), default=0)
    return 1 - (case.passage.confidence or 0)


def owed(stay, now):
    """What this stay would have to pay if nothing were in doubt (smallest unit)."""
    offer = quote(stay, now)
    return max(0, offer.fee - offer.paid)


def stands(case, now):
    """Whether the reason of this case is still there; a second look needs none."""
    if case.again_id:
        return True
    if case.stay_id:
        return doubtful(case.car_park).filter(pk=case.stay_id).exists()
    return needing(case.car_park, now).filter(pk=case.passage_id).exists()


def next_case(car_park, person, now):
    """The case that this person should look at now, claimed; or None.

    Who has one already gets that one: a second tab is no second person.
    """
    look_round(car_park, now)
    mine = car_park.cases.filter(Case.OPEN, claimed_by=person, claimed_until__gt=now).first()
    if mine:
        return mine
    return next(
        (case for case in _in_turn(car_park, person, now) if claim(case, person, now)), None
    )


def claim(case, person, now):
    """Take this case if nobody has it (or has not answered in time); whether it was got.

    One statement compares and sets, so of two who try at once one gets it.
    """
    taken = {"claimed_by": person, "claimed_at": now, "claimed_until": now + CLAIM_HOLDS}
    if not Case.objects.filter(Case.OPEN, _unclaimed(now), pk=case.pk).update(**taken):
        return False
    for name, value in taken.items():
        setattr(case, name, value)
    if not stands(case, now):  # answered between somebody's look and this claim
        _close(case, now)
        return False
    case.shown = case.again.shown if case.again_id else choices.shown(case, now)
    case.save(update_fields=["shown"])
    return True


def _unclaimed(now):
    return Q(claimed_by=None) | Q(claimed_until__lte=now)


def _in_turn(car_park, person, now):
    """The free cases in the order in which they should be looked at, those that wait longest first."""
    free = for_person(car_park, person, now).filter(_unclaimed(now))
    shortlist = free.order_by(F("waits_since").asc(nulls_last=True), "-harm", "id")[:IN_SIGHT]
    related = shortlist.select_related(
        "passage__lane__car_park", "stay__car_park", "stay__permit", "again"
    )
    return sorted(related, key=lambda one: turn(Stake(one.wrong, one.money, one.waits_since)))


def following(car_park, person, case, now):
    """The case that would be this person's next after `case`, or None; it is not claimed."""
    return next((one for one in _in_turn(car_park, person, now) if one.pk != case.pk), None)


def for_person(car_park, person, now):
    """The open cases that this person may be shown, with `waits_since`: when the vehicle came that
    stands before an arm for it, or None."""
    vehicle = Passage.objects.filter(
        Passage.WAITING,
        Q(pk=OuterRef("passage")) | Q(session=OuterRef("stay")),
        asked_at__gt=now - ASKS_WITHIN,
    )
    longest = vehicle.order_by("seen_at").values("seen_at")[:1]
    left = Finding.objects.filter(
        case=OuterRef("pk"),
        by=person,
        what=Finding.What.LEFT,
        undone_at=None,
        at__gt=now - LEFT_FOR,
    )
    own = Finding.objects.filter(Finding.STANDS, case=OuterRef("again"), by=person)
    return (
        car_park.cases.filter(Case.OPEN)
        .exclude(Exists(left))
        .exclude(Exists(own))
        .annotate(waits_since=models.Case(When(again=None, then=Subquery(longest))))
    )


@dataclass(frozen=True)
class Queue:
    """What waits for one person: `left` cases in all, `free` of them in nobody's hands, `cars` of
    them with a vehicle before an arm."""

    left: int
    free: int
    cars: int


def queue(car_park, person, now):
    """The `Queue` of this person, with what nobody has found yet. Writes nothing."""
    known = Case.objects.filter(Case.OPEN, again=None)
    fresh = needing(car_park, now).exclude(Exists(known.filter(passage=OuterRef("pk"))))
    asks = Q(asked_at__gt=now - ASKS_WITHIN) & Passage.WAITING
    fresh = fresh.aggregate(left=Count("pk"), cars=Count("pk", filter=asks))
    unseen = doubtful(car_park).exclude(Exists(known.filter(stay=OuterRef("pk")))).count()
    found = _standing(car_park, person, now).aggregate(
        left=Count("pk"),
        taken=Count("pk", filter=Q(claimed_until__gt=now)),
        cars=Count("pk", filter=Q(waits_since__isnull=False)),
    )
    left = found["left"] + fresh["left"] + unseen
    return Queue(left, left - found["taken"], found["cars"] + fresh["cars"])


def _standing(car_park, person, now):
    """Of the open cases those whose reason is still there, as far as a count can tell."""
    return for_person(car_park, person, now).filter(_needed(car_park, now) | Q(again__isnull=False))


def at_work(car_park, now):
    """The names of the people who have a case before them."""
    busy = car_park.cases.filter(Case.OPEN, claimed_until__gt=now).values("claimed_by")
    people = User.objects.filter(pk__in=busy).order_by("username")
    return tuple(people.values_list("username", flat=True))


def stays_of(ids):
    """Stays by id, with what a choice shows of them, in a fixed number of queries."""
    passages = Passage.objects.select_related("lane").prefetch_related("pictures")
    shown = ParkingSession.objects.select_related("permit", "car_park").prefetch_related(
        models.Prefetch("passages", passages.order_by("seen_at"))
    )
    return shown.in_bulk(ids)
