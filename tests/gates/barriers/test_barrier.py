import json
import time

import pytest

from gates.barriers import RelayFailed
from gates.barriers.barrier import Barrier
from gates.barriers.mock import Mock


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "relay.jsonl"


def written(journal):
    return [json.loads(line)["on"] for line in journal.read_text().splitlines()]


def test_at_least_a_pause_between_two_pulses(journal):
    barrier = Barrier(Mock(journal=str(journal)), pulse=0.02, pause=0.2)
    began = time.monotonic()
    barrier.pulse()
    barrier.pulse()
    assert time.monotonic() - began >= 0.24
    assert written(journal) == [True, False, True, False]


def test_the_output_rests_even_when_the_pulse_is_broken_off(journal):
    class Broken(Barrier):
        @property
        def seconds(self):
            raise KeyboardInterrupt

        @seconds.setter
        def seconds(self, value):
            """Never mind."""

    with pytest.raises(KeyboardInterrupt):
        Broken(Mock(journal=str(journal))).pulse()
    assert written(journal) == [True, False]


class Wire(Mock):
    """A relay whose wire can be cut."""

    cut = False

    def write(self, output, on):
        if self.cut and not on:
            raise RelayFailed("the wire is cut")
        super().write(output, on)


def test_a_release_that_failed_is_made_up_for(journal):
    wire = Wire(journal=str(journal))
    barrier = Barrier(wire, pulse=0.02)
    wire.cut = True
    barrier.pulse()  # the arm has risen: this is no failed opening
    assert barrier.health == "the wire is cut"
    wire.cut = False
    barrier.check()
    assert written(journal) == [True, False]
    assert barrier.health == "ok"


def test_a_driver_with_a_fault_is_a_relay_that_failed():
    barrier = Barrier(object())
    with pytest.raises(RelayFailed, match="the relay driver failed"):
        barrier.hold()


def test_the_mock_arm_rises_and_falls_by_itself(tmp_path):
    arm = tmp_path / "arm"
    relay = Mock(arm=str(arm), falls_after=0.2)
    assert arm.read_text() == "down"
    Barrier(relay, pulse=0.05).pulse()
    assert arm.read_text() == "up"
    time.sleep(0.4)
    assert arm.read_text() == "down"


def test_the_mock_arm_stays_up_while_it_is_held(tmp_path):
    arm = tmp_path / "arm"
    barrier = Barrier(Mock(arm=str(arm), falls_after=0.05))
    barrier.hold()
    time.sleep(0.15)
    assert arm.read_text() == "up"
    barrier.release()
    time.sleep(0.15)
    assert arm.read_text() == "down"


def test_the_mock_reads_its_inputs_from_a_file(tmp_path):
    inputs = tmp_path / "inputs.json"
    relay = Mock(inputs=str(inputs))
    assert relay.read(0) is False
    inputs.write_text('{"0": true}')
    assert (relay.read(0), relay.read(1)) == (True, False)
