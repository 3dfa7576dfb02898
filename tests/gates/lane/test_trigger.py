import json

import pytest

from gates.barriers import RelayFailed
from gates.barriers.barrier import Barrier
from gates.barriers.mock import Mock
from gates.lane.trigger import Always, Loop, Way


class Loops:
    """A relay whose loops a test sets by hand."""

    def __init__(self, path):
        self.path = path
        self.barrier = Barrier(Mock(inputs=str(path)), loop_input=0)
        self.say()

    def say(self, on=False, beyond=False):
        self.path.write_text(json.dumps({"0": on, "1": beyond}))


@pytest.fixture
def loops(tmp_path):
    return Loops(tmp_path / "inputs.json")


def test_a_drawbar_does_not_end_a_vehicle(loops):
    trigger = Loop(loops.barrier, gap=0.8)
    seen = []
    for now, on in [(0, False), (1, True), (2, True), (2.5, False), (3, True), (4.1, False)]:
        loops.say(on)
        seen.append(trigger.see(None, now).there)
    assert seen == [False, True, True, True, True, False]


def test_one_loop_cannot_tell_where_a_vehicle_went(loops):
    trigger = Loop(loops.barrier)
    loops.say(on=True)
    trigger.see(None, 0)
    loops.say()
    trigger.see(None, 2)
    assert trigger.way() == Way.UNKNOWN


@pytest.mark.parametrize(("beyond", "way"), [(True, Way.ON), (False, Way.BACK)])
def test_a_loop_behind_the_arm_tells(loops, beyond, way):
    trigger = Loop(loops.barrier, beyond_input=1)
    for now, on, behind in [(0, True, False), (1, True, beyond), (1.5, False, beyond), (4, 0, 0)]:
        loops.say(bool(on), bool(behind))
        trigger.see(None, now)
    assert trigger.way() == way


def test_a_dead_relay_leaves_the_vehicle_where_it_is(loops):
    trigger = Loop(loops.barrier)
    loops.say(on=True)
    assert trigger.see(None, 0).there

    def dead(number):
        raise RelayFailed("the relay does not answer")

    loops.barrier.relay.read = dead
    assert trigger.see(None, 10).there
    assert loops.barrier.health == "the relay does not answer"


def test_a_loop_needs_its_input():
    with pytest.raises(ValueError, match="needs 'loop_input'"):
        Loop(Barrier(Mock()))


def test_always_is_there_while_plates_are_read():
    trigger = Always(gone_after=3.0)
    assert trigger.see(None, 0.0).look
    assert not trigger.see(None, 0.0).there
    trigger.told(True, 1.0)
    trigger.told(False, 2.0)
    assert trigger.see(None, 4.0).there
    assert not trigger.see(None, 4.1).there
