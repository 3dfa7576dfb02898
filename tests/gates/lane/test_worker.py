"""The worker with its real parts in one process, turned by hand with a clock of the test's own."""

import json
import threading
from types import SimpleNamespace

import pytest

from gates.barriers.barrier import Barrier
from gates.barriers.mock import Mock
from gates.lane.allowlist import AllowList
from gates.lane.arm import Arm
from gates.lane.config import Deadline
from gates.lane.desk import Desk
from gates.lane.eye import Eye
from gates.lane.health import Health
from gates.lane.journal import Journal
from gates.lane.memory import Memory
from gates.lane.outbox import Outbox
from gates.lane.states import MOVES, Happening, State, moved
from gates.lane.trigger import Presence, Way
from gates.lane.worker import Worker
from gates.readers.apart import Apart
from gates.readers.fixed import Fixed
from tests.gates.lane.conftest import until
from tests.gates.lane.parts import DeadRelay, Steps, Stumbling


class Hand:
    """A trigger that says what the test says."""

    def __init__(self):
        self.there, self.moving, self.left = False, False, Way.UNKNOWN
        self.seen_at = None  # of the frame that was read last

    def see(self, image, now):
        return Presence(self.there, moving=self.moving)

    def told(self, plates, seen_at):
        self.seen_at = seen_at

    def way(self):
        return self.left


class Box:
    """A lane box whose threads are the test's own hand."""

    def __init__(self, folder, server, relay=None, reader=None, opens_for="permits", home=()):
        self.folder, self.now = folder, 1000.0
        self.script = folder / "plate.json"
        self.say("AB12CDE")
        self.relay = relay or Mock(journal=str(folder / "relay.jsonl"))
        self.barrier = Barrier(self.relay, pulse=0.01, pause=0.0)
        self.desk = Desk(server, "key", deadline=0.5)
        self.outbox = Outbox(folder / "outbox", spare=0)
        self.arm = Arm(self.barrier, Journal(folder / "journal.jsonl"), self.outbox)
        self.trigger, self.health = Hand(), Health()
        (folder / "road").write_text("vehicle")
        self.eye = Eye(Steps(str(folder / "road"), fps=1000), self.trigger, self.health)
        lane = SimpleNamespace(
            top=SimpleNamespace(direction="in", home=home),
            opens_for=opens_for,
            deadline=Deadline(),
        )
        self.worker = Worker(
            lane,
            self.eye,
            reader or Fixed(script=str(self.script)),
            self.desk,
            self.arm,
            self.outbox,
            AllowList(folder / "list.json"),
            self.health,
            Memory(folder / "vehicle.json"),
        )

    def say(self, plate, confidence=0.97):
        """What the reader reads from now on."""
        said = {"plate": plate, "confidence": confidence} if plate else None
        self.script.write_text(json.dumps(said))

    def turn(self, times=1, seconds=0.1):
        """So many turns, so many seconds apart; the state after them."""
        for _ in range(times):
            self.now += seconds
            self.eye.look_once(self.now)
            self.worker.turn(self.now, wait=0)
            self.arm.work_once()
        return self.worker.state

    def come(self):
        self.trigger.there = True
        return self.turn(3)

    def go(self, way=Way.UNKNOWN):
        self.trigger.there, self.trigger.left = False, way
        return self.turn(2)

    def told(self):
        """The kinds of all events in the outbox."""
        return [self.event(item)["kind"] for item in self.outbox.events]

    def event(self, item):
        return json.loads(item.path.read_text())

    def pulses(self):
        lines = (self.folder / "relay.jsonl").read_text().splitlines()
        return sum(json.loads(line)["on"] for line in lines)


@pytest.fixture
def make(tmp_path, server):
    boxes = []

    def make_box(**more):
        boxes.append(Box(tmp_path, server, **more))
        return boxes[-1]

    yield make_box
    for box in boxes:
        box.desk.close()


@pytest.fixture
def box(make):
    return make()


def test_every_state_is_reached_and_left():
    assert {state for state, _ in MOVES} == set(State)
    assert set(MOVES.values()) == set(State)
    assert moved(State.EMPTY, Happening.MAY_GO) == State.EMPTY


def test_it_opens_once_and_passes(box, desk):
    assert box.come() == State.OPENED
    box.turn(5)
    box.trigger.moving = True
    assert box.turn() == State.LEAVING
    assert box.go(Way.ON) == State.EMPTY
    assert (box.told(), box.pulses()) == (["opened", "passed"], 1)
    two_frames = pytest.approx(0.9904, abs=1e-4)  # of 0.97 each
    assert (len(desk.arrivals), desk.arrivals[0]["confidence"]) == (1, two_frames)


def test_the_frame_in_which_it_comes_is_read(box):
    box.trigger.there = True
    looks = threading.Timer(0.1, box.eye.look_once)  # while the worker waits for a frame
    looks.start()
    box.worker.turn(box.now, wait=5.0)
    looks.join()
    assert (box.worker.state, len(box.worker.vehicle.frames)) == (State.LOOKING, 1)


def test_a_read_is_told_with_the_time_at_which_its_frame_was_seen(box):
    box.come()
    assert box.trigger.seen_at == pytest.approx(1000.2)


@pytest.mark.parametrize(
    ("home", "plate", "country"), [((), "NY13834", None), (("BR",), "NYI3834", "BR")]
)
def test_the_server_is_told_the_plate_as_the_sites_countries_spell_it(
    make, desk, home, plate, country
):
    box = make(home=home)
    box.say("NY13834")
    box.come()
    assert (desk.arrivals[0]["plate"], desk.arrivals[0]["country"]) == (plate, country)


@pytest.mark.parametrize(
    ("way", "kind"), [(Way.ON, "passed"), (Way.UNKNOWN, "passed"), (Way.BACK, "backed_out")]
)
def test_which_way_it_went_once_the_arm_was_up(box, way, kind):
    box.come()
    box.turn()
    box.go(way)
    assert box.told() == ["opened", kind]


@pytest.mark.parametrize(
    ("way", "kind"), [(Way.ON, "passed"), (Way.UNKNOWN, "backed_out"), (Way.BACK, "backed_out")]
)
def test_one_that_was_held_may_follow_another_under_its_arm(box, desk, way, kind):
    desk.decision, desk.reason = "hold", "due"
    box.come()
    box.turn()
    box.go(way)
    assert box.told() == [kind]


def test_an_unreadable_one_is_asked_for_when_patience_is_over(box, desk):
    desk.decision, desk.reason = "hold", "unreadable"
    box.say(None)
    assert box.come() == State.LOOKING
    assert box.turn(25) == State.HELD
    assert (desk.arrivals[0]["plate"], desk.arrivals[0]["confidence"]) == (None, None)
    box.say("AB12CDE")
    box.turn(30)
    assert desk.arrivals[-1]["plate"] == "AB12CDE"
    assert len({each["passage"] for each in desk.arrivals}) == 1


def test_a_doubtful_plate_is_told_with_its_low_confidence(box, desk):
    desk.decision = "hold"
    box.say("AB12CDE", 0.5)
    box.come()
    box.turn(25)
    assert (desk.arrivals[0]["plate"], desk.arrivals[0]["confidence"]) == ("AB12CDE", 0.5)
    assert desk.arrivals[0]["candidates"] == [{"plate": "AB12CDE", "probability": 0.5}]


def test_a_held_one_that_is_sure_is_hardly_read(box, desk):
    desk.decision, desk.reason = "hold", "due"
    reader, reads = box.worker.reader, []
    box.worker.reader = SimpleNamespace(
        engine="counting", read=lambda image: reads.append(1) or reader.read(image)
    )
    box.come()
    before = len(reads)
    box.turn(100)
    assert len(reads) - before == 2
    assert len(desk.arrivals) > 10


def test_one_that_left_while_it_was_asked_for_gets_no_pulse(box, desk):
    usual = desk.arrive

    def slow(said):
        box.trigger.there = False
        box.eye.look_once(box.now)  # the eye goes on looking while the server thinks
        return usual(said)

    desk.arrive = slow
    box.come()
    box.turn(3)
    assert (box.pulses() if (box.folder / "relay.jsonl").exists() else 0) == 0
    assert box.told() == ["backed_out"]


def test_an_answer_that_comes_too_late_moves_nothing(box):
    box.worker.vehicle = None
    box.arm.open("p1", "permit")
    command = box.arm.commands.get()
    box.arm.commands.put(type(command)("open", command.until - 100, "p1"))
    box.arm.work_once()
    assert box.told() == ["open_failed"]
    assert box.event(box.outbox.events[0])["detail"]["why"] == "too late: not carried out"


def test_a_dead_relay_is_tried_three_times_and_told(make, desk):
    relay = DeadRelay()
    box = make(relay=relay)
    box.come()
    box.turn(300)
    assert box.worker.state == State.HELD
    assert box.told() == ["open_failed"] * 3
    assert relay.writes.count(True) == 3
    assert "check its cable" in box.barrier.health


def test_the_next_vehicle_bumper_to_bumper_gets_its_own_passage(box, desk):
    box.come()
    box.turn(3)
    box.say("ZZ99XYZ")
    box.turn(60)
    assert [each["plate"] for each in desk.arrivals] == ["AB12CDE", "ZZ99XYZ"]
    assert box.told() == ["opened", "passed", "opened"]
    assert box.pulses() == 2


def test_a_vehicle_under_an_arm_held_open_is_reported(box, desk):
    box.arm.order({"id": "1", "action": "hold_open"}, 5)
    box.arm.work_once()
    box.say(None)
    box.come()
    box.go()
    assert box.told() == ["held_open", "passed"]
    assert len(desk.arrivals) == 1


def test_an_order_that_opened_for_it_is_not_followed_by_a_second_pulse(box, desk):
    desk.decision = "hold"
    box.come()
    box.arm.order({"id": "1", "action": "open"}, 5, box.worker.passage)
    box.arm.work_once()
    box.arm.open(box.worker.passage, "operator")
    box.arm.work_once()
    box.turn()
    assert (box.worker.state, box.pulses()) == (State.OPENED, 1)


def test_alone_it_tells_each_decision_once(make, desk):
    box = make(opens_for="nobody")
    desk.mode = 500
    box.come()
    box.turn(40)
    assert box.told() == ["decided_offline"]
    detail = box.event(box.outbox.events[0])["detail"]
    assert (detail["decision"], detail["reason"]) == ("hold", "alone")


def test_a_reader_that_fails_is_told_and_the_lane_goes_on(make, desk):
    box = make(reader=Stumbling())
    desk.decision = "hold"
    box.come()
    assert box.turn(25) == State.HELD
    assert "no such tensor" in box.health.reader
    assert desk.arrivals[0]["plate"] is None


def test_the_reader_rests_while_the_lane_is_empty_and_only_then(make, desk, tmp_path):
    reader = Apart("fixed", {"script": str(tmp_path / "plate.json")}, recycle_after=2)
    box = make(reader=reader)
    desk.decision = "hold"
    box.come()
    box.turn(40)
    while_there = (reader.recycled, reader._next)
    (tmp_path / "road").write_text("")
    box.go()
    until(lambda: box.turn() and reader.recycled)
    desk.decision = "open"
    (tmp_path / "road").write_text("vehicle")
    box.come()
    state = box.turn(3)
    reader.close()
    assert while_there == (0, None)
    assert (state, reader.recycled) == (State.OPENED, 1)
    assert desk.arrivals[-1]["plate"] == "AB12CDE"


def test_a_reader_killed_before_a_vehicle_costs_it_one_frame(make, desk, tmp_path):
    reader = Apart("fixed", {"script": str(tmp_path / "plate.json")})
    box = make(reader=reader)
    box.trigger.there = True
    box.turn()
    reader._child.process.kill()
    reader._child.process.wait()
    states = [box.turn() for _ in range(4)]
    faults, health = box.health.reader_faults, box.health.reader
    reader.close()
    assert states[-1] == State.OPENED
    assert (faults, box.pulses()) == (1, 1)
    assert health == (
        "failed on a picture (1 times so far): "
        "is being started again: the reader's process has ended (SIGKILL)"
    )


def test_pictures_are_kept_once_each(box, desk):
    desk.decision = "hold"
    box.come()
    box.turn(30)
    kinds = sorted(item.path.name.split(".")[1] for item in box.outbox.pictures)
    assert kinds == ["car", "plate", "scene"]


@pytest.mark.parametrize(("opened", "kind"), [(True, "passed"), (False, "backed_out")])
def test_one_that_went_while_the_worker_was_down(box, desk, opened, kind):
    desk.decision = "open" if opened else "hold"
    box.come()
    box.turn(2)
    again = Worker(
        box.worker.lane,
        Eye(box.eye.camera, Hand(), box.health),
        box.worker.reader,
        box.desk,
        box.arm,
        box.outbox,
        box.worker.allowlist,
        box.health,
        box.worker.memory,
    )
    again.resume(box.now)
    again.turn(box.now + 11, wait=0)
    assert box.told()[-1] == kind
    assert box.event(box.outbox.events[-1])["detail"]["unseen"] is True
