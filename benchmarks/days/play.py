"""Plays a day: every vehicle drives up, is read, asks, pays, is helped, and drives on, in order of time.

What the lanes say goes through the lane API's own shapes and answers (`gates.api.ask` and `tell`); only key
and HTTP are left out, because there the server takes its own time. The attendant says the truth, whatever
he is asked. A driver pays what he is quoted, too much or not, where the stay began with his own entry.
Where it began with another one he says so, for the page shows when that was: he has objected, and pays
nothing.
"""

import contextlib
import heapq
import itertools
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.days.attendant import Attendant
from benchmarks.days.misreads import Reader
from benchmarks.days.visits import ENTRIES, EXITS, MORNING
from billing import disputes
from billing.models import Tariff
from billing.payments import NothingDue, PriceChanged, receive, start_checkout
from billing.providers import PaidEvent
from billing.quotes import quote
from billing.rules import tariffs
from billing.rules.terms import simple, terms_of
from gates import allowlist, api
from gates.models import Lane, Passage
from gates.rules.alone import EVERYONE, Asking, Span, alone
from gates.rules.votes import ACCEPTED_AT
from parking.models import CarPark, ParkingSession, Permit

ASKS = timedelta(seconds=1)  # how often a held vehicle's lane asks again
PAYS_IN = timedelta(seconds=25)
HELP_COMES = timedelta(seconds=40)
EVENING = timedelta(
    hours=2
)  # so long after the line is back they pay whom their lane let out by itself
DRIVES = timedelta(seconds=4)  # through the arm
QUEUE = timedelta(seconds=3)  # how soon the next one drives up
NOON, FOUR = MORNING + timedelta(hours=7), MORNING + timedelta(hours=11)
OFF = EXITS[-1]  # the lane that may lose its power
CHUNK = 20  # events that a lane sends at once after an outage
MOST_ASKS = 12  # a vehicle that is held for longer is one that nobody can help: a fault of ours
PRICES = simple(free=15, step=60, step_price=150, day_cap=1200)


@dataclass
class Life:
    """What truly became of a visit."""

    visit: object
    entered_at: datetime | None = None
    at_exit: datetime | None = None
    entry: str = ""  # the passage that the server knows of; "" where none does
    exit: str = ""
    helped: list = field(default_factory=list)  # the reasons for which a person was asked
    paid: list = field(default_factory=list)  # (session id, amount)
    objected: dict = field(default_factory=dict)  # session id: the amount that he was asked for

    def owes(self):
        """What the stay truly costs."""
        if self.visit.permit:
            return 0
        stay = tariffs.Stay(self.entered_at, self.at_exit, ZoneInfo("Europe/London"))
        return tariffs.total(tariffs.fee(terms_of(PRICES), stay))


@dataclass
class Box:
    """A lane as the play sees it: one vehicle at a time, and an outbox while nobody answers."""

    lane: Lane
    taken: bool = False
    outbox: list = field(default_factory=list)
    list: dict = field(default_factory=dict)


class Play:
    """One day in a car park of its own. `outage`: how long from noon the server is out of reach; `dark`:
    how long from four o'clock an exit has no power."""

    def __init__(self, day, noise, outage, dark, seed, slug):
        self.day = day
        self.chance = random.Random(f"play {seed}")
        self.ids = random.Random(f"ids {slug}")
        self.seed, self.noise = seed, noise
        self.outage = NOON, NOON + outage
        self.dark = FOUR, FOUR + dark
        self.now = MORNING
        self.park = _furnished(slug, day)
        self.boxes = {
            lane.name.removeprefix(f"{slug}-"): Box(lane) for lane in self.park.lanes.all()
        }
        self.lives = {visit.number: Life(visit) for visit in (*day.visits, *day.turned_round)}
        self.by_passage = {}
        self.attendant = Attendant(self)

    def run(self, step=lambda: None):
        """Play it to its end; `step` is called when a visit is over."""
        order = itertools.count()
        waiting = []
        lives = [
            *(self._visit(visit) for visit in self.day.visits),
            *(self._turns_round(visit) for visit in self.day.turned_round),
            self._server(),
            self._power(),
        ]
        for life in lives:
            heapq.heappush(waiting, (next(life), next(order), life))
        while waiting:
            self.now, _, life = heapq.heappop(waiting)
            try:
                heapq.heappush(waiting, (next(life), next(order), life))
            except StopIteration:
                step()

    # the lives: each yields the moment at which it goes on

    def _visit(self, visit):
        life = self.lives[visit.number]
        yield visit.enters
        yield from self._come_in(visit, life)
        yield max(visit.leaves, self.now + timedelta(minutes=1))
        yield from self._go_out(visit, life)

    def _come_in(self, visit, life):
        box = self.boxes[visit.entry]
        yield from self._drive_up(box)
        life.entered_at = self.now
        if visit.unseen_in:
            yield from self._slip_through(box)
            return
        life.entry = yield from self._stand(visit, life, box)
        yield from self._drive_through(visit, box, life.entry, double=visit.double_in)

    def _go_out(self, visit, life):
        box = self.boxes[visit.exit]
        yield from self._drive_up(box)
        life.at_exit = self.now
        if visit.exit == OFF and self.dark[0] <= self.now < self.dark[1]:
            box.taken = False
            return
        if visit.unseen_out:
            yield from self._slip_through(box)
            return
        life.exit = yield from self._stand(visit, life, box)
        if visit.hesitates and not self._alone():
            yield self.now + DRIVES
            self._tell(box, life.exit, "opened", "backed_out")
            box.taken = False
            yield self.now + timedelta(minutes=self.chance.uniform(1, 10))
            yield from self._drive_up(box)
            if not life.paid:  # else the time to leave is free
                life.at_exit = self.now
            life.exit = yield from self._stand(visit, life, box)
        let_out_alone = self._alone()
        yield from self._drive_through(visit, box, life.exit, double=visit.double_out)
        if let_out_alone:
            yield self.outage[1] + EVENING
            self._pay_at_home(life, Passage.objects.get(pk=life.exit).session_id)

    def _turns_round(self, visit):
        box = self.boxes[visit.entry]
        yield visit.enters
        yield from self._drive_up(box)
        passage = yield from self._stand(visit, self.lives[visit.number], box)
        yield self.now + DRIVES
        self._tell(box, passage, "opened", "backed_out")
        box.taken = False

    def _server(self):
        """The server goes out of reach and comes back; then each lane tells what it did."""
        start, end = self.outage
        yield start
        if start == end:
            return
        for box in self.boxes.values():
            box.list = _list(box.lane, start)
        self._all_beat()
        yield end
        boxes = list(self.boxes.values())
        self.chance.shuffle(boxes)
        for box in boxes:
            self._all_beat()
            yield self.now + timedelta(seconds=self.chance.uniform(1, 60))
            while box.outbox:
                told, box.outbox = box.outbox[:CHUNK], box.outbox[CHUNK:]
                api.tell(box.lane, {"events": told}, self.now)
                yield self.now + ASKS
        self._all_beat()

    def _power(self):
        """An exit goes off with its arm up, and nobody sees who leaves."""
        start, end = self.dark
        yield start
        if start == end:
            return
        self._all_beat()
        yield end
        self._all_beat()

    # at a lane

    def _drive_up(self, box):
        while box.taken:
            yield self.now + QUEUE
        box.taken = True

    def _slip_through(self, box):
        """Behind another one, while the arm is up: the lane counts it, and reads nothing."""
        yield self.now + DRIVES
        self._tell(box, None, "passed")
        box.taken = False

    def _drive_through(self, visit, box, passage, *, double):
        yield self.now + DRIVES
        if double:
            yield from self._seen_again(visit, box)
        self._tell(box, passage, "opened", "passed")
        box.taken = False

    def _seen_again(self, visit, box):
        """The lane takes the vehicle that drives off for a second one, and soon sees its mistake."""
        again = self._passage(visit)
        if self._alone():
            return
        self._ask(box, again, self._read(visit, box, "again"), self.now)
        yield self.now + ASKS
        self._tell(box, again, "backed_out")

    def _stand(self, visit, life, box):
        """Ask until the arm opens; the passage's id."""
        passage, seen_at = self._passage(visit), self.now
        read = self._read(visit, box)
        for _ in range(MOST_ASKS):
            if self._alone():
                self._decide_alone(box, passage, read, seen_at)
                return passage
            told = self._ask(box, passage, read, seen_at)
            if told["decision"] == "open":
                if told["reason"] == "billed_later":
                    self._pay_at_home(life, told["session"])
                return passage
            if told["reason"] == "due":
                yield self.now + PAYS_IN
                self._pay_at_exit(life, told)
            else:
                yield self.now + HELP_COMES
                if not self._alone():
                    told = self._ask(box, passage, read, seen_at)
                    if told["decision"] != "open" and told["reason"] != "due":
                        life.helped.append(told["reason"])
                        self.attendant.help(life, passage, told["reason"], self.now)
            yield self.now + ASKS
        raise RuntimeError(f"{visit} stands before {box.lane} for ever: {told['reason']}")

    def _read(self, visit, box, *more):
        """The same for each matcher, whatever happened before."""
        where = self.seed, visit.number, box.lane.direction, *more
        reader = Reader(self.noise, random.Random(f"read {where}"))
        return reader.read(visit.plate, visit.country)

    def _passage(self, visit):
        passage = str(uuid.UUID(int=self.ids.getrandbits(128), version=4))
        self.by_passage[passage] = visit
        return passage

    def _pay_at_exit(self, life, told):
        self._answer(life, _stay(told["session"]), told["due"]["amount"])

    def _pay_at_home(self, life, session):
        """On the phone, once the vehicle has left; `session` is an id, or None: there is no such stay."""
        if session is None:
            return
        offer = quote(_stay(session), self.now)
        if offer.driver_knows:  # else somebody has to look first
            self._answer(life, _stay(session), offer.owed, stayed=True)

    def _answer(self, life, session, due, **said):
        """Pay, or say what is wrong with it."""
        began = self._began(session)
        if began == life.visit:
            self._pay(life, session, due, **said)
            return
        life.objected[session.pk] = due
        his = began is not None and began.vehicle == life.visit.vehicle
        # Once a person has found it right he cannot say it again: then he pays nothing, and waits.
        with contextlib.suppress(disputes.CannotDispute):
            disputes.dispute(session, "between" if his else "never", "", now=self.now)

    def _began(self, session):
        """The visit with whose entry this stay began, or None."""
        entry = session.passages.filter(lane__direction="in").order_by("seen_at").first()
        return entry and self.by_passage[str(entry.pk)]

    def _pay(self, life, session, due, **said):
        try:
            checkout = start_checkout(session, self.now, shown=due, **said)
        except (NothingDue, PriceChanged):
            return  # something came up since he was asked; the lane will say
        paid = PaidEvent("mock", f"evt_{checkout.reference}", checkout.reference, due, "GBP")
        receive(paid, self.now)
        life.paid.append((session.pk, due))

    # what a lane says

    def _alone(self):
        start, end = self.outage
        return start <= self.now < end

    def _all_beat(self):
        """Lanes beat each second; what matters is the last beat before a silence, and those after it."""
        for name, box in self.boxes.items():
            began = self.dark[1] if name == OFF and self.now >= self.dark[1] else MORNING
            health = {
                "running_seconds": int((self.now - began).total_seconds()),
                "waiting": len(box.outbox),
            }
            box.lane.refresh_from_db()
            api.hear(box.lane, {"sent_at": self.now.isoformat(), "health": health}, self.now)

    def _arrival(self, passage, read, seen_at):
        return {
            "passage": passage,
            "seen_at": seen_at.isoformat(),
            "plate": read.plate or None,
            "confidence": read.confidence,
            "candidates": list(read.candidates),
            "country": read.country or None,
        }

    def _ask(self, box, passage, read, seen_at):
        return api.ask(box.lane, self._arrival(passage, read, seen_at), self.now)

    def _decide_alone(self, box, passage, read, seen_at):
        asking = Asking(
            direction=box.lane.direction,
            plate=read.plate or None,
            accepted=(read.confidence or 0) >= ACCEPTED_AT,
            opens_for=EVERYONE,
            **box.list,
        )
        told = alone(asking, self.now)
        self._tell(
            box,
            passage,
            "decided_offline",
            arrival=self._arrival(passage, read, seen_at),
            decision=told.decision.value,
            reason=told.reason.value,
        )

    def _tell(self, box, passage, *kinds, **detail):
        events = [
            {
                "id": str(uuid.UUID(int=self.ids.getrandbits(128), version=4)),
                "passage": passage,
                "kind": kind,
                "at": self.now.isoformat(),
                "detail": detail,
            }
            for kind in kinds
        ]
        if self._alone() or box.outbox:
            box.outbox.extend(events)
        else:
            api.tell(box.lane, {"events": events}, self.now)


def _stay(pk):
    return ParkingSession.objects.select_related("car_park").get(pk=pk)


def _list(lane, now):
    """The plates with which this lane decides alone."""
    told = allowlist.contents(lane, now)
    return {
        "permits": tuple(Span(**one) for one in told["permits"]),
        "blocked": tuple(Span(**one) for one in told["blocked"]),
        "settled": tuple(Span(one["plate"], ends_at=one["until"]) for one in told["settled"]),
    }


def _furnished(slug, day):
    """A car park with prices, lanes and the day's permits."""
    park = CarPark.objects.create(slug=slug, name=slug)
    long_ago = MORNING - timedelta(days=300)
    Tariff.objects.create(car_park=park, version=1, starts_at=long_ago, terms=PRICES)
    for names, direction in ((ENTRIES, "in"), (EXITS, "out")):
        for name in names:
            lane = Lane(car_park=park, name=f"{slug}-{name}", direction=direction)
            lane.new_key()
            lane.save()
    permitted = sorted({visit.plate for visit in day.visits if visit.permit})
    Permit.objects.bulk_create(
        Permit(car_park=park, plate=plate, holder="Season ticket", starts_at=long_ago)
        for plate in permitted
    )
    return park
