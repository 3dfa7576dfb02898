"""How full a car park is, with what is not certain: the facts for `parking.rules.occupancy`."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from gates.models import Event, Lane, Passage
from gates.rules.decisions import Decision, Reason
from parking.models import Doubt, StayDoubt
from parking.rules import occupancy

MEASURED = timedelta(days=14)  # what is missed, and how long stays last
STANDS = timedelta(days=1)
LENGTHS = 500  # stays looked at for how long they last
LATELY = timedelta(days=2)  # of stays that began later only the short ones have ended
OUT = Q(lane__direction=Lane.Direction.OUT)
# Vehicles that came again without having left. What the machine has settled itself was its own mistake,
# or the order in which lanes told what they saw.
FOUND_WRONG = Q(settled_at__isnull=False, settled_by=None)
UNSEEN = Exists(
    StayDoubt.objects.filter(~FOUND_WRONG, session=OuterRef("pk"), kind=Doubt.MISSED_EXIT)
)
NIGHT = time(4)  # when hardly anybody comes or goes; car park's own time


def occupied(car_park, at):
    """The `Occupancy` of the visitors' places at a moment (aware UTC).

    A count stands for a day, whatever the books say; after that the surer of the two speaks.
    """
    missed = share_missed(car_park, at)
    counted = car_park.counts.filter(at__lte=at).first()
    anchors = [occupancy.counted(counted.at, counted.number)] if counted else []
    if counted is None or at - counted.at > STANDS:
        anchors.append(_night(car_park, at, missed))
    found = [
        occupancy.since(anchor, *_came_and_left(car_park, anchor.at, at), missed)
        for anchor in anchors
    ]
    return occupancy.surest(found)


def share_missed(car_park, at):
    """How many of the last days' vehicles came or left unseen, as `occupancy.Missed`: those that lanes
    counted and nobody read; where no lane counts, exits without a stay, and vehicles that came again
    without having left."""
    start = at - MEASURED
    came, left = _came_and_left(car_park, start, at)
    again = car_park.sessions.filter(UNSEEN, voided_at=None, left_at__gt=start, left_at__lte=at)
    unseen_in = _without_a_stay(car_park, start, at).exclude(plate="").filter(OUT).count()
    unread = _counted_unread(car_park, start, at)
    return occupancy.Missed(
        coming=occupancy.share_missed(unread["came"] or unseen_in, came),
        leaving=occupancy.share_missed(unread["left"] or again.count(), left),
    )


def _counted_unread(car_park, start, end):
    """How many vehicles the lanes' own loops counted that no camera read, `{"came", "left"}`."""
    passed = Event.objects.filter(
        lane__car_park=car_park,
        kind=Event.Kind.PASSED,
        passage_id=None,
        received_at__gt=start,
        received_at__lte=end,
    )
    return passed.aggregate(came=Count("pk", filter=~OUT), left=Count("pk", filter=OUT))


def _night(car_park, at, missed):
    """The anchor of the last night: who was seen to leave later was inside, who is still, perhaps."""
    local = at.astimezone(car_park.zone)
    night = datetime.combine(local.date(), NIGHT, car_park.zone)
    if night > local:
        night = datetime.combine(local.date() - timedelta(days=1), NIGHT, car_park.zone)
    visitors = car_park.sessions.filter(permit=None, voided_at=None, entered_at__lte=night)
    surely = visitors.filter(~UNSEEN, left_at__gt=night).count()
    entered = visitors.filter(left_at=None).values_list("entered_at", flat=True)
    # A stay that is open now has been for longer than it was that night.
    ages = [at - one for one in entered]
    return occupancy.at_night(night, surely, ages, _longer_than(car_park, at), missed)


def _longer_than(car_park, at):
    ended = car_park.sessions.filter(
        permit=None,
        voided_at=None,
        left_at__isnull=False,
        entered_at__gt=at - MEASURED,
        entered_at__lte=at - LATELY,
    )
    times = ended.order_by("-entered_at").values_list("entered_at", "left_at")[:LENGTHS]
    return occupancy.longer_than([left - entered for entered, left in times])


def _came_and_left(car_park, start, end):
    """How many visitors' vehicles came and left in that time, those without a readable plate too."""
    visitors = car_park.sessions.filter(permit=None, voided_at=None)
    came = visitors.filter(entered_at__gt=start, entered_at__lte=end).count()
    left = visitors.filter(left_at__gt=start, left_at__lte=end)
    # Who comes again without having left had gone unseen, long before most likely.
    left = left.exclude(Q(entered_at__lte=start) & UNSEEN).count()
    unread = _without_a_stay(car_park, start, end).aggregate(
        came=Count("pk", filter=~OUT), left=Count("pk", filter=OUT)
    )
    return came + unread["came"], left + unread["left"]


def _without_a_stay(car_park, start, end):
    """Passages let through that belong to no stay; permit holders take no visitor's place. By when the
    server heard of them, for a lane's clock may be wild."""
    return Passage.objects.filter(
        lane__car_park=car_park,
        received_at__gt=start,
        received_at__lte=end,
        decision=Decision.OPEN,
        backed_out_at=None,
        session=None,
    ).exclude(reason=Reason.PERMIT)
