"""Which open stay the vehicle at a lane is: its read against the reads of those that came in."""

from dataclasses import replace
from datetime import timedelta
from math import prod

from django.conf import settings
from django.utils.module_loading import import_string

from gates.learning import table
from gates.models import Passage
from parking.lookup import open_stays_like
from parking.models import ParkingSession, Permit
from parking.rules.matching import Match, Read, Stay, match_read, weighed
from parking.rules.neighbours import blurred, near

SURE = 0.97  # a read of which no other plate is thought
LATELY = timedelta(days=3)  # few stays last longer
AN_HOUR = timedelta(hours=1)  # a stay of any usual length
PERHAPS = 0.0001  # so likely by both reads, beside its own plate, a permit's holder pays nothing
UNLIKELY = 0.000001
COUNTED = 1000  # open stays that are counted at each vehicle; beyond that what was measured lately is near


def match_of(passage, now):
    """The `Match` of a passage with the open stays of its car park; ids are those of the stays.

    By probability, unless the setting MATCHER names another way: the benchmarks compare some.
    """
    return import_string(settings.MATCHER)(passage, now)


def by_probability(passage, now):
    """The likeliest stay with the probability that it is this vehicle's (`parking.rules.matching`)."""
    car_park, read = passage.lane.car_park, read_of(passage)
    alike = open_stays_like(car_park, read)
    match = _matched(passage, read, alike, now)
    if match.taken or passage.lane.direction == "in":
        return match
    misread = _misread_as_they_came(car_park, read, now).exclude(pk__in=[one.pk for one in alike])
    more = [*alike, *misread.select_related("car_park", "permit")]
    return _matched(passage, read, more, now) if len(more) > len(alike) else match


def _matched(passage, read, stays, now):
    if not stays:
        return Match()
    return match_read(
        read,
        _entries(stays),
        table(passage.lane),
        now,
        inside=_inside(passage.lane.car_park),
        entering=passage.lane.direction == "in",
        missed=passage.lane.car_park.missed,
    )


def _misread_as_they_came(car_park, read, now):
    """The open stays that no key of their plate finds: their entry's camera was not sure, and what it
    read besides is like this read. It costs a look at the entries of some days, so it is the last one."""
    doubtful = Passage.objects.filter(
        received_at__gt=now - LATELY,
        lane__in=car_park.lanes.filter(direction="in"),
        decision="open",
        corrected=False,
        confidence__lt=SURE,
    )
    texts = {blurred(plate) for plate, _ in weighed(read)[0]}
    found = {
        stay
        for stay, candidates in doubtful.values_list("session", "candidates")
        if any(near(blurred(one["plate"]), text) for one in candidates for text in texts)
    }
    return ParkingSession.objects.filter(ParkingSession.OPEN, pk__in=found - {None})


def _inside(car_park):
    """About how many stays are open. To count a hundred thousand takes longer than to find one."""
    return max(car_park.inside()[:COUNTED].count(), car_park.vehicles)


def taken_stay(match):
    """The stay that a machine may take, with what a quote asks of it; None where it may take none."""
    if match.taken is None:
        return None
    return ParkingSession.objects.select_related("permit", "car_park").get(pk=match.taken.id)


def fits(passage, session):
    """Whether this passage's vehicle is surely that stay's, open or not, as if there were no other."""
    return match_read(read_of(passage), _entries([session])).taken is not None


def perhaps_permitted(passage, session, now):
    """Whether both reads of a doubtful vehicle, at its exit and at its entry, could be of a plate that
    has a permit: then it is not a visitor for certain, and is charged nothing by machine."""
    (entry,) = _entries([session])
    reads = [read_of(passage), entry.read]
    if all(_sure(read) for read in reads):
        return False
    looks = {blurred(plate) for read in reads for plate, _ in weighed(read)[0]}
    permits = Permit.running(session.car_park, now).values_list("plate", flat=True)
    likely = {plate for plate in permits if any(near(blurred(plate), look) for look in looks)}
    return any(
        prod(_odds(read, plate, session) for read in reads) >= PERHAPS
        for plate in likely - {session.plate}
    )


def _sure(read):
    return bool(read.candidates) and max(one.probability for one in read.candidates) >= SURE


def _odds(read, plate, session):
    """How many times likelier this read is of that plate than of the one that its stay goes by."""
    known = [Stay(each, Read.from_person(each, read.at)) for each in (plate, session.plate)]
    match = match_read(read, known, now=read.at + AN_HOUR)
    scored = {one.id: one.probability for one in match.ranked}
    return scored.get(plate, 0.0) / max(scored.get(session.plate, 0.0), UNLIKELY)


def read_of(passage):
    """What is known of a passage's vehicle: a person's word, else the reader's."""
    seen = passage.seen_at, passage.country, passage.vehicle
    if passage.corrected:
        return Read.from_person(passage.plate, *seen)
    return Read.from_reader(passage.plate, passage.confidence, passage.candidates, *seen)


def _entries(sessions):
    """The stays as they came in. One of which no entry is known was put in the books by a person."""
    entered = {}
    came_in = Passage.objects.filter(session__in=sessions, lane__direction="in", decision="open")
    for passage in came_in.select_related("lane").order_by("seen_at"):
        entered.setdefault(passage.session_id, passage)
    return [_entry(one, entered.get(one.pk)) for one in sessions]


def _entry(session, passage):
    """The stay's plate as the entry's lane saw it; a person may have said another since."""
    if passage is None or passage.plate != session.plate:
        return Stay(session.pk, Read.from_person(session.plate, session.entered_at))
    seen = replace(read_of(passage), at=session.entered_at)
    return Stay(session.pk, seen, table(passage.lane))


def kept(match):
    """A match as plain values that JSON can keep with its passage."""
    return {
        "taken": match.taken is not None,
        "probability": round(match.best.probability, 6) if match.best else 0.0,
        "nobody": round(match.nobody, 6),
        "ranked": [
            {"session": one.id, "plate": one.plate, "probability": round(one.probability, 6)}
            for one in match.ranked
        ],
    }
