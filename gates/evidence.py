"""What passages prove of a stay: that its pictures came, and that its plate was not seen in between."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from billing.quotes import quote
from gates.models import Lane, Passage
from parking.doubts import raise_doubt, settle, settle_these
from parking.evidence import PICTURES_TAKE
from parking.models import CarPark, Doubt, ParkingSession, StayDoubt
from parking.rules.plates import folded

SENDS = timedelta(days=7)  # a lane that sent a picture so lately sends pictures
LOOKED_AT = timedelta(hours=12)  # those who left are looked at when the next vehicle leaves
NOTED_EACH = timedelta(hours=1)
# A vehicle may be seen by two lanes as it comes or goes; further apart it was seen in between.
SAME_VEHICLE = timedelta(minutes=2)
# Who came in so lately may be inside still, though its plate comes in again: two vehicles may carry it.
# After that an exit that was missed is far likelier.
PERHAPS_INSIDE = timedelta(hours=12)

# By the lane's direction: the stay's field, and the doubt when the picture does not come.
PICTURE = {
    Lane.Direction.IN: ("entry_picture_by", Doubt.NO_ENTRY_PICTURE),
    Lane.Direction.OUT: ("exit_picture_by", Doubt.NO_EXIT_PICTURE),
}


def expect_picture(passage, now):
    """From when on the picture of this entry or exit lacks, noted on its stay; none if it is there."""
    session, (field, _) = passage.session, PICTURE[passage.lane.direction]
    there = not passage.is_new and passage.pictures.exists()
    by = now + PICTURES_TAKE if _sends_pictures(passage.lane, now) and not there else None
    if getattr(session, field) != by:
        setattr(session, field, by)
        session.save(update_fields=[field])


def _sends_pictures(lane, now):
    if lane.car_park.pictures == CarPark.Pictures.ALWAYS:
        return True
    return lane.pictured_at is not None and now - lane.pictured_at <= SENDS


def picture_came(passage, now):
    """The picture of a vehicle that was let through is there, late perhaps: nothing lacks any more."""
    lane = passage.lane
    if lane.pictured_at is None or now - lane.pictured_at > NOTED_EACH:
        Lane.objects.filter(pk=lane.pk).update(pictured_at=now)
    if passage.session_id is None or passage.backed_out_at:
        return
    field, kind = PICTURE[lane.direction]
    ParkingSession.objects.filter(pk=passage.session_id).update(**{field: None})
    settle(passage.session, by=None, why="The picture came.", at=now, kinds={kind})


def look_at_those_who_left(car_park, now):
    """Stays whose exit's picture has not come: in doubt where they owe, for then it would prove it."""
    since = {"left_at__gt": now - LOOKED_AT, "exit_picture_by__lte": now}
    for session in car_park.sessions.filter(**since).select_related("car_park"):
        if quote(session, now).due != 0:
            raise_doubt(session, Doubt.NO_EXIT_PICTURE, at=session.exit_picture_by)
        session.exit_picture_by = None
        session.save(update_fields=["exit_picture_by"])


def doubt_around(passage, at, now):
    """A vehicle surely read at `at` that belongs to no stay: its plate's stays around that time may
    each be two visits."""
    if passage.session_id or not passage.plate:
        return
    left = Q(left_at=None) | Q(left_at__gt=at + SAME_VEHICLE)
    around = passage.lane.car_park.sessions.filter(
        left, folded=folded(passage.plate), voided_at=None, entered_at__lt=at - SAME_VEHICLE
    )
    for session in around:
        raise_doubt(session, Doubt.ORPHAN_READ, where(passage), at=now)


def doubt_orphans(session, until, now):
    """The same seen from the stay: vehicles of its plate that were read before the stay was known."""
    orphans = Passage.objects.filter(
        Passage.READABLE,
        lane__car_park=session.car_park,
        folded=folded(session.plate),
        session=None,
        seen_at__gt=session.entered_at + SAME_VEHICLE,
        seen_at__lt=until - SAME_VEHICLE,
    )
    # Who backed out of an exit was inside before and after.
    orphans = orphans.exclude(lane__direction=Lane.Direction.OUT, backed_out_at__isnull=False)
    for passage in orphans.select_related("lane__car_park"):
        raise_doubt(session, Doubt.ORPHAN_READ, where(passage), at=now)


def is_another(passage, *, by, now):
    """A person says that this passage is of another plate: it was no orphan of the one it was read as."""
    others = _doubts_about(passage).exclude(session__folded=folded(passage.plate))
    settle_these(others, by=by, why="That was another plate.", at=now)


def is_no_orphan(passage, *, by, now):
    """A person has said which stay this passage is of: no other stay is two visits because of it."""
    settle_these(_doubts_about(passage), by=by, why="It is known which stay that was.", at=now)


def _doubts_about(passage):
    """The doubts of stays that could be two visits because of this read."""
    return StayDoubt.objects.filter(
        kind=Doubt.ORPHAN_READ, about=where(passage), session__car_park=passage.lane.car_park
    )


def where(passage):
    """Where and when, for the operator: "north-entry, 21 Nov 12:10:05"."""
    at = timezone.localtime(passage.seen_at, passage.lane.car_park.zone)
    return f"{passage.lane.name}, {at.day} {at:%b %H:%M:%S}"
