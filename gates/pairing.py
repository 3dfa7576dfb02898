"""The books of a day put right: which entry and which exit are one stay, seen as a whole.

A lane answers with what is known at that moment; later a record comes that was told late, and the guess
of then may be wrong. So entries and exits that were let through are paired anew (`parking.rules.pairing`),
and the stays follow. What a person has decided stays, reads stay, and each change of a stay is a row.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from billing.quotes import quote
from gates.answers import (
    CLOCK_LIMIT,
    late_doubt,
    legible,
    permit_of_exit,
    readable,
    told_time,
)
from gates.changes import decided_by_a_person, fresh, noted
from gates.evidence import PERHAPS_INSIDE, SAME_VEHICLE, where
from gates.learning import table
from gates.matches import perhaps_permitted, read_of
from gates.models import Passage
from gates.rules.decisions import Decision
from parking import stays
from parking.doubts import raise_doubt, settle_these
from parking.models import Doubt, ParkingSession, Permit
from parking.rules.neighbours import blurred, near
from parking.rules.pairing import Seen, paired

REACH = timedelta(days=3)  # before this the books are closed for machines
SURELY = 0.97  # from here on a read is of its plate; what else it lists joins it to no other read
SURE = Q(confidence__gte=SURELY, corrected=False)
WHY = "paired anew from all reads of the day"
LATE = "its exit was let out by the lane alone"
PERMIT = "both reads could be of a plate with a permit"
LOST = "its exit was another's, as was found later"
# Doubts that follow from the pairing and end with it, and what each is about: so that the machine
# settles its own and nobody else's.
ABOUT = {
    Doubt.MISSED_EXIT: "as the reads of the day have it",
    Doubt.CLONED: "as the reads of the day have it",
    Doubt.ORPHAN_READ: "a read in between could be its own",
    Doubt.WEAK_MATCH: "as the reads of the day have it",
    Doubt.CLOCK: "entry and exit are nearer than two clocks can tell",
}


def pair(car_park, now, *, like=None):
    """Pair this car park's entries and exits of the last days anew; returns how many stays changed.

    `like`: only what could be the vehicle of this passage, and what those could be. To be called where
    nobody else decides (`gates.passages.one_at_a_time`); the same again changes nothing.
    """
    let_through = Passage.objects.filter(
        Q(decision=Decision.OPEN) | Q(passed_at__isnull=False),  # or it slipped through
        lane__car_park=car_park,
        backed_out_at=None,
        nobody=False,
        seen_at__range=(now - REACH, now + CLOCK_LIMIT),
    ).exclude(plate="")
    if like is not None:
        let_through = let_through.filter(pk__in=_alike(let_through, like))
    return Books(car_park, _pairable(let_through), now, like).put_right()


def _alike(let_through, like):
    """The ids of those that could be of the vehicle of `like`, or of a vehicle that one of these could
    be."""
    # Few reads leave a doubt, and of the many others the plate is all that there is to fetch.
    looks = {pk: {blurred(plate)} for pk, plate in let_through.values_list("pk", "plate")}
    doubtful = let_through.exclude(SURE).values_list("pk", "plate", "candidates")
    looks |= {pk: _looks(plate, candidates) for pk, plate, candidates in doubtful}
    looks[like.pk] = {blurred(like.plate)}  # it may have backed out since
    if like.corrected or (like.confidence or 0) < SURELY:
        looks[like.pk] = _looks(like.plate, like.candidates)
    found, rest = [like.pk], {pk: theirs for pk, theirs in looks.items() if pk != like.pk}
    for pk in found:  # grows while it is walked through
        close = [
            other
            for other, theirs in rest.items()
            if any(near(one, two) for one in looks[pk] for two in theirs)
        ]
        found += close
        for other in close:
            del rest[other]
    return found


def _looks(plate, candidates):
    return {blurred(plate), *(blurred(one["plate"]) for one in candidates)}


def _pairable(let_through):
    """The passages that have a stay made by machine, or none and may get one."""
    found = list(
        let_through.select_related("lane__car_park", "session__car_park", "session__permit")
    )
    of_stays = {one.session_id for one in found if one.session_id}
    entered = Passage.objects.filter(session__in=of_stays, lane__direction="in")
    ours = set(entered.values_list("session", flat=True)) - decided_by_a_person(of_stays)
    return [one for one in _once(found) if one.session_id in ours or _may_get_a_stay(one)]


def _once(found):
    """The first of each vehicle that was read twice on its way in or out (`gates.rereads`)."""
    first = {}
    for one in sorted(found, key=lambda each: (each.seen_at, str(each.pk))):
        way = (one.session_id, one.lane.direction) if one.session_id else one.pk
        first.setdefault(way, one)
    return list(first.values())


def _may_get_a_stay(passage):
    """Who came in by a person's word and without a plate gets none, for there is nothing to price."""
    if passage.session_id:
        return False
    return passage.lane.direction == "out" or (passage.decided_alone and legible(passage))


class Books:
    """The stays of some passages, as they are and as they should be."""

    def __init__(self, car_park, passages, now, like=None):
        self.car_park, self.now = car_park, now
        self.passages = {one.pk: one for one in passages}
        # Where they were seen; that of which it was told just now may have backed out.
        self.places = {where(one) for one in (*passages, *filter(None, [like]))}
        self.changed = set()

    def put_right(self):
        exits, doubts = {}, defaultdict(set)
        for one in self._paired():
            if one.entry and one.exit:
                exits[one.entry] = self.passages[one.exit]
            if one.entry and one.doubt in ABOUT:
                doubts[one.entry].add(one.doubt)
        self._keep(exits)
        entries = sorted(self._entries(), key=lambda each: (each.seen_at, str(each.pk)))
        ends = self._ends(entries, exits, doubts)
        self._let_go(exits)
        # Those first that end, so that a plate is never inside twice on the way.
        for entry in sorted(entries, key=lambda each: ends[each.pk] is None):
            self._follow(entry, ends[entry.pk], exits.get(entry.pk))
        for entry in entries:
            self._doubt(entry, doubts[entry.pk], exits.get(entry.pk))
        return len(self.changed)

    def _paired(self):
        return paired([_seen(passage) for passage in self.passages.values()])

    def _keep(self, exits):
        """What the server itself let out of a stay has left it, though a read in between is unexplained:
        a vehicle that has gone is not put inside again, but its stay is in doubt."""
        taken = {leaving.pk for leaving in exits.values()}
        entry_of = {one.session_id: one for one in self._entries() if one.session_id}
        for one in self.passages.values():
            live = one.lane.direction == "out" and one.session_id and not one.decided_alone
            entry = entry_of.get(one.session_id) if live else None
            if entry and one.pk not in taken and entry.pk not in exits:
                exits[entry.pk] = one

    def _entries(self):
        return [one for one in self.passages.values() if one.lane.direction == "in"]

    def _ends(self, entries, exits, doubts):
        """When each entry's stay ended, by entry; None: it has not. The books hold one open stay for a
        plate: of an earlier one the exit was missed."""
        ends, later = {}, {}
        for entry in reversed(entries):
            plate = _plate(entry)
            if entry.pk in exits:
                ends[entry.pk] = max(told_time(exits[entry.pk]), told_time(entry))
            elif plate in later:
                ends[entry.pk] = max(told_time(later[plate]), told_time(entry))
                doubts[entry.pk].add(Doubt.MISSED_EXIT)
                if ends[entry.pk] - told_time(entry) < PERHAPS_INSIDE:
                    doubts[later[plate].pk].add(Doubt.CLONED)
            else:
                ends[entry.pk] = None
            later[plate] = entry
        return ends

    def _let_go(self, exits):
        """Exits that are of no stay, or of another one, leave the one that they were of."""
        stay_of = {leaving.pk: entry for entry, leaving in exits.items()}
        for one in self.passages.values():
            if one.lane.direction == "out" and one.session_id:
                entry = stay_of.get(one.pk)
                if entry is None or self.passages[entry].session_id != one.session_id:
                    self._lose_exit(one)

    def _lose_exit(self, leaving):
        if (
            not leaving.decided_alone
        ):  # the driver was let out of it, so he may have been charged for it
            raise_doubt(leaving.session, Doubt.WEAK_MATCH, LOST, at=self.now)
        leaving.session = None
        leaving.save(update_fields=["session"])

    def _follow(self, entry, end, leaving):
        """Make this entry's stay what it should be."""
        if entry.session is None:
            self._come_in(entry, end)
        elif entry.session.left_at != end and not entry.session.voided_at:
            self._end(entry.session, end, leaving)
        if leaving is not None and leaving.session_id != entry.session_id:
            leaving.session = entry.session
            leaving.save(update_fields=["session"])
        if entry.session and (leaving is None or leaving.decided_alone):
            self._leave_by_permit(entry.session, leaving)

    def _leave_by_permit(self, session, leaving):
        """Of a permit that only its exit could know it has the good, and for as long as that is its exit."""
        permit = permit_of_exit(leaving, session) if leaving else None
        if permit != session.exit_permit:
            with noted(session, by=None, why=WHY, now=self.now):
                stays.leave_by_permit(session, permit)

    def _come_in(self, entry, end):
        """An entry that had no place in the books when it was told."""
        plate, at = entry.plate, told_time(entry)
        car_park = entry.lane.car_park
        if end is None and car_park.inside().filter(plate=plate).exists():
            return  # one that a person has decided on: two can not be inside
        facts = {"lane": entry.lane.name}
        permit = Permit.behind(car_park, plate, at, **facts) if readable(entry) else None
        session = ParkingSession.objects.create(
            car_park=car_park,
            plate=plate,
            permit=permit,
            entered_at=at,
            entered_by=entry.lane.name,
            left_at=end,
        )
        with noted(session, by=None, why=WHY, now=self.now, new=True):
            entry.session = session
            entry.save(update_fields=["session"])
            if doubt := late_doubt(entry):
                raise_doubt(session, doubt, at=at)
        self.changed.add(session.pk)

    def _end(self, session, end, leaving):
        with noted(session, by=None, why=WHY, now=self.now):
            if end is None:
                stays.come_back(session)
            else:
                session.left_at = end
                session.left_by = leaving.lane.name if leaving else ""
                if leaving is None or (session.waiting_since and session.waiting_since > end):
                    session.waiting_since = None
                session.save(update_fields=["left_at", "left_by", "waiting_since"])
        self.changed.add(session.pk)

    def _doubt(self, entry, kinds, leaving):
        """Raise the doubts that follow from the pairing, and settle those that do no longer."""
        if entry.session is None:
            return
        session = fresh(entry.session)
        told = {(kind, ABOUT[kind]) for kind in kinds} | self._unpaid(session, leaving)
        told |= {(Doubt.ORPHAN_READ, where(one)) for one in self._orphans(session)}
        about = {*ABOUT.values(), LATE, PERMIT, WHY, *self.places}
        ours = session.doubts.filter(settled_at=None, period=None, about__in=about)
        gone = [one.pk for one in ours if (one.kind, one.about) not in told]
        for kind, about in sorted(told):
            raise_doubt(session, kind, about, at=session.entered_at, again=True)
        if gone:
            settle_these(session.doubts.filter(pk__in=gone), by=None, why=WHY, at=self.now)

    def _orphans(self, session):
        """Reads of this very plate, during the stay, that are of no stay (`gates.evidence`)."""
        until = session.left_at or self.now
        return [
            one
            for one in self.passages.values()
            if one.session_id is None
            and readable(one)
            and one.folded == session.folded
            and session.entered_at + SAME_VEHICLE < told_time(one) < until - SAME_VEHICLE
        ]

    def _unpaid(self, session, leaving):
        """A vehicle that was let out owes nothing by a machine's word, whatever is found afterwards."""
        if leaving is None or quote(session, self.now).due == 0:
            return set()
        if not leaving.decided_alone:
            return {(Doubt.WEAK_MATCH, WHY)}
        if perhaps_permitted(leaving, session, told_time(leaving)):
            return {(Doubt.WEAK_MATCH, PERMIT)}
        return {(Doubt.LEFT_ALONE, LATE)}


def _seen(passage):
    at = told_time(passage)
    return Seen(
        id=passage.pk,
        entry=passage.lane.direction == "in",
        read=replace(read_of(passage), at=at),
        lane=passage.lane.name,
        trusted=at == passage.seen_at,
        confusions=table(passage.lane),
    )


def _plate(entry):
    return entry.session.plate if entry.session else entry.plate
