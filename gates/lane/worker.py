"""The worker: serves one vehicle after the other. The table of its states is in `states.py`.

`turn` takes what has happened since the last turn and does what the state asks for; the process calls
it again and again, a test calls it with a clock of its own.
"""

import time
from datetime import UTC, datetime

import structlog

from gates.lane.desk import ASK_AGAIN, DeskAnswer, NoAnswer
from gates.lane.events import event
from gates.lane.eye import Came, waiting
from gates.lane.health import WELL
from gates.lane.pictures import car_jpeg, plate_jpeg, scene_jpeg
from gates.lane.states import Happening, State, moved
from gates.lane.trigger import Way
from gates.lane.vehicle import Vehicle
from gates.lane.view import View
from gates.rules.alone import Asking, alone
from gates.rules.decisions import Decision

log = structlog.get_logger()
FRAME_WAIT = 0.1  # seconds
READ_HELD = 1.0  # seconds between two reads of a held vehicle whose plate is not sure yet
READ_SURE = 5.0  # and of one whose plate is: only to see that it still stands there
READ_ASKED_FOR = 0.4  # and where the trigger cannot do without the reader
READ_OPENED = 2.0  # once the arm is up: is it still the same vehicle?
TRY_ARM_AFTER = 5.0  # seconds before a relay that failed is tried again
TRY_ARM = 3  # times for one vehicle; then a person must open
LOUD = 100  # of a reader that fails on every picture each hundredth fault is logged
CUTS = {"plate": plate_jpeg, "car": car_jpeg}
KNOWN_AGAIN = 10.0  # seconds after a start in which a vehicle may be the one of the killed run


class Worker:
    """Serves the vehicles that the eye sees, with all parts given."""

    def __init__(self, lane, eye, reader, desk, arm, outbox, allowlist, health, memory):
        self.lane, self.eye, self.reader, self.desk = lane, eye, reader, desk
        self.arm, self.outbox, self.allowlist = arm, outbox, allowlist
        self.health, self.memory = health, memory
        self.view = View.of(eye.trigger)
        self._rest = getattr(reader, "rest", _nothing)
        self.state = State.EMPTY
        self.vehicle = None
        self._old, self._old_until = None, 0.0
        self._steps = {
            State.EMPTY: self._watch,
            State.LOOKING: self._look,
            State.HELD: self._hold,
            State.OPENED: self._follow,
            State.LEAVING: self._follow,
        }

    @property
    def passage(self):
        """The id of the vehicle at the lane, or None."""
        vehicle = self.vehicle
        return vehicle.id if vehicle else None

    def work(self, stop):
        """Serve until the event `stop` is set. No fault of one vehicle ends the lane."""
        self.resume(time.monotonic())
        while not stop.is_set():
            try:
                self.turn(time.monotonic())
            except Exception as fault:
                log.exception("a turn of the worker failed")
                self.health.reader_failed(f"the worker stumbled: {fault}")
                stop.wait(0.5)

    def turn(self, now, wait=FRAME_WAIT):
        """The newest frame, what has happened up to it, and one step of the state that results.

        News of a frame are there before the frame is: heard first, the one in which a vehicle comes
        would be lost.
        """
        sight = self.eye.newest(wait)
        self._hear(now)
        if sight and self.vehicle and sight.visit != self.vehicle.visit:
            return  # it shows another moment: the news of it is on its way
        self._steps[self.state](sight, now)

    def resume(self, now):
        """After a start: the vehicle of the killed run, if it still stands there."""
        vehicle, recent = self.memory.recall()
        if vehicle is None:
            return
        if vehicle.opened and self.arm.journal.last_intent(vehicle.id) is None:
            vehicle.opened = False  # killed before anything was written down: it may be opened
        self._old, self._old_until = vehicle, now + KNOWN_AGAIN
        if not recent:
            self._give_up_old()

    # what happens

    def _happen(self, happening):
        self.state = moved(self.state, happening)
        try:
            self.memory.keep(self.vehicle)
            self.health.disk = WELL
        except OSError as fault:
            self._disk_trouble(fault)

    def _hear(self, now):
        for moved_arm in waiting(self.arm.moved):
            self._arm_moved(moved_arm, now)
        for news in waiting(self.eye.news):
            if isinstance(news, Came):
                self._begin(news.visit, news.at, now)
            elif self.vehicle:
                self._end(news.way)
        if self._old and now > self._old_until:
            self._give_up_old()

    def _begin(self, visit, seen_at, now):
        old, self._old = self._old, None
        self.vehicle = old or Vehicle(visit, seen_at, now)
        self.vehicle.visit, self.vehicle.came_at = visit, now
        self.vehicle.home = self.lane.top.home
        self.state = State.EMPTY
        self._happen(Happening.COMES)
        log.info("a vehicle", passage=self.vehicle.id, known=bool(old))
        if old and old.opened:
            self._happen(Happening.ORDERED)  # whatever the arm did, it is not told a second time

    def _end(self, way):
        """The vehicle has gone: on through, or back."""
        vehicle, raised = self.vehicle, self._raised()
        if raised and not vehicle.asked:
            # It drove under an arm held open: the stay counts all the same.
            self._ask_server(vehicle)
        if vehicle.asked or raised:
            # One that was held may have driven on under the arm of the vehicle before it.
            passed = way == Way.ON or (raised and way != Way.BACK)
            kind = "passed" if passed else "backed_out"
            self._tell(event(kind, vehicle.id, {"way": str(way)}))
            log.info(kind, passage=vehicle.id, way=str(way))
        else:
            log.info("gone before it was asked for", passage=vehicle.id)
        self.vehicle = None
        self._happen(Happening.GOES)

    def _raised(self):
        vehicle = self.vehicle
        return vehicle.opened or self.arm.barrier.held or self.arm.opened_for == vehicle.id

    def _give_up_old(self):
        """The vehicle of the killed run has gone unseen."""
        old, self._old = self._old, None
        if old.asked and not self.arm.journal.is_unknown(old.id):
            kind = "passed" if old.opened else "backed_out"
            self._tell(event(kind, old.id, {"way": str(Way.UNKNOWN), "unseen": True}))
        self._happen(Happening.GOES)

    def _arm_moved(self, done, now):
        vehicle, command = self.vehicle, done.command
        if vehicle is None or command.act != "open" or command.passage != vehicle.id:
            return
        if done.well:
            vehicle.opened = True
            self._happen(Happening.ORDERED)
        elif not command.order:
            vehicle.opened = False
            vehicle.failures += 1
            more = vehicle.failures < TRY_ARM
            vehicle.ask_at = now + TRY_ARM_AFTER if more else float("inf")
            self._happen(Happening.STUCK)

    # one step in each state

    def _watch(self, sight, now):
        """Empty lane: the reader looks only where the trigger cannot tell by itself."""
        if sight and sight.look:
            self._read(sight)
        elif sight and not (sight.visit or sight.moving):
            self.view.empty(sight.frame.image, now)
        self._rest()

    def _look(self, sight, now):
        vehicle = self.vehicle
        if sight:
            self._vote(sight, now)
        if vehicle.accepted and vehicle.verdict.firm:
            self._happen(Happening.SURE)
            self._ask(now)
        elif now - vehicle.came_at >= self.lane.deadline.patience:
            self._happen(Happening.WAITED)
            self._ask(now)

    def _hold(self, sight, now):
        vehicle = self.vehicle
        every = READ_SURE if vehicle.accepted else READ_HELD
        if sight and now - vehicle.read_at >= (READ_ASKED_FOR if sight.look else every):
            self._vote(sight, now)
        if now >= vehicle.ask_at:
            self._happen(Happening.AGAIN)
            self._ask(now)

    def _follow(self, sight, now):
        """The arm is up: is the vehicle moving, and is it still the same one?"""
        if sight is None:
            return
        if sight.moving:
            self._happen(Happening.MOVES)
        if now - self.vehicle.read_at >= (READ_ASKED_FOR if sight.look else READ_OPENED):
            self.vehicle.read_at = now
            self._look_for_next(self._read(sight) or [], sight, now)

    def _look_for_next(self, reads, sight, now):
        """Bumper to bumper the trigger sees one vehicle: another plate begins another passage."""
        before = self.vehicle
        if before.followed_by(sight.frame, reads):
            self._end(Way.ON)
            self._begin(before.visit, sight.frame.at, now)
            for frame, others in before.strangers:
                self.vehicle.add(frame, others)

    # reading

    def _vote(self, sight, now):
        self.vehicle.read_at = now
        reads = self._read(sight)
        if reads is not None:
            self.vehicle.add(sight.frame, reads)

    def _read(self, sight):
        """The reads of a frame, or None when the reader failed on it: one bad picture is no end."""
        image = sight.frame.image
        try:
            reads = self.view.of_vehicle(self.reader.read(image), image)
        except Exception as fault:
            if self.health.reader_faults % LOUD == 0:
                log.exception("the reader failed on a picture")
            self.health.reader_failed(fault)
            return None
        self.health.reader_worked()
        self.eye.trigger.told(bool(reads), sight.at)
        return reads

    # asking

    def _ask(self, now):
        vehicle = self.vehicle
        answer = self._ask_server(vehicle)
        vehicle.ask_at = now + answer.ask_again_after
        still_there = self.eye.visit == vehicle.visit
        if answer.decision == Decision.OPEN and still_there:
            vehicle.opened = True
            self._happen(Happening.MAY_GO)
            self.arm.open(vehicle.id, answer.reason)
        else:
            self._happen(Happening.MAY_NOT)
        self._send_pictures(vehicle)

    def _ask_server(self, vehicle):
        """The server's answer, or the lane's own when none comes."""
        arrival = vehicle.arrival(self.lane.top.direction, self.reader.engine)
        vehicle.asked = True
        try:
            answer = self.desk.ask(arrival)
            vehicle.told_offline = None
        except NoAnswer as fault:
            log.warning("decided alone", passage=vehicle.id, why=str(fault))
            answer = self._decide_alone(vehicle, arrival)
        self._log(vehicle, answer)
        return answer

    def _log(self, vehicle, answer):
        """A vehicle that is held asks each second; the log tells only what is new."""
        said = (str(answer.decision), str(answer.reason), vehicle.plate)
        if said != vehicle.logged:
            vehicle.logged = said
            decision, reason, plate = said
            log.info("decided", passage=vehicle.id, plate=plate, decision=decision, reason=reason)

    def _decide_alone(self, vehicle, arrival):
        asking = Asking(
            direction=self.lane.top.direction,
            plate=vehicle.plate,
            accepted=vehicle.accepted,
            opens_for=self.lane.opens_for,
            permits=self.allowlist.permits,
            blocked=self.allowlist.blocked,
            settled=self.allowlist.settled,
        )
        answer = alone(asking, datetime.now(UTC))
        told = (answer, vehicle.plate)
        if told != vehicle.told_offline:
            vehicle.told_offline = told
            detail = {
                "arrival": arrival,
                "decision": str(answer.decision),
                "reason": str(answer.reason),
                "list_version": self.allowlist.version,
            }
            self._tell(event("decided_offline", vehicle.id, detail))
        return DeskAnswer(answer.decision, answer.reason, ASK_AGAIN)

    def _send_pictures(self, vehicle):
        """Once each, after the decision; the plate's as soon as there is one."""
        try:
            if vehicle.scene and "scene" not in vehicle.sent:
                vehicle.sent.add("scene")
                self.outbox.add_picture(vehicle.id, "scene", scene_jpeg(vehicle.scene.image))
            if vehicle.best and "plate" not in vehicle.sent:
                vehicle.sent.add("plate")
                for kind, cut in CUTS.items():
                    if picture := cut(vehicle.scene.image, vehicle.best.box):
                        self.outbox.add_picture(vehicle.id, kind, picture)
        except OSError as fault:
            self._disk_trouble(fault)

    def _tell(self, told):
        try:
            self.outbox.add_event(told)
        except OSError as fault:
            self._disk_trouble(fault)

    def _disk_trouble(self, fault):
        self.health.disk = f"cannot be written: {fault}"
        log.critical("the disk cannot be written", why=str(fault))


def _nothing():
    """A reader that needs no rest."""
