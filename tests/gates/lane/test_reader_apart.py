"""A lane as a real process whose reader is another one: what ends the reader never ends the lane."""

import os
import signal
from pathlib import Path

import pytest

from tests.gates.lane.conftest import until

pytestmark = pytest.mark.slow
APART = "apart = true\nanswers_within = 0.5\nrecycle_after = 3"


def readers_of(lane):
    """The running reader processes of a lane's process."""
    return [int(each.parent.name) for each in Path("/proc").glob("[0-9]*/stat") if _is(each, lane)]


def _is(stat, lane):
    try:
        state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        command = (stat.parent / "cmdline").read_text()
    except OSError:
        return False
    return int(parent) == lane.pid and state != "Z" and "gates.readers.child" in command


def runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_reader_that_dies_or_hangs_loses_no_vehicle(site, desk, number):
    lane = site.start(reader=APART)
    (reader,) = readers_of(lane)
    desk.decision, desk.reason = "hold", "due"
    site.road("vehicle")
    until(lambda: len(desk.arrivals) == 1)
    os.kill(reader, number)
    until(lambda: readers_of(lane) not in ([], [reader]))
    desk.decision = "open"
    until(lambda: "opened" in desk.kinds())
    site.road("")
    until(lambda: "passed" in desk.kinds())
    site.road("vehicle")
    until(lambda: desk.kinds().count("opened") == 2)
    assert not runs(reader)
    assert {each["plate"] for each in desk.arrivals} == {"AB12CDE"}
    failed_once = "failed on a picture (1 times so far): "
    until(lambda: desk.beats[-1]["health"]["reader"].startswith(failed_once))
    readers = readers_of(lane)
    assert site.stop() == 0
    assert [each for each in readers if runs(each)] == []


def test_it_is_renewed_when_the_vehicle_has_gone(site, desk):
    lane = site.start(reader=APART)
    (reader,) = readers_of(lane)
    site.road("vehicle")
    until(lambda: "opened" in desk.kinds())
    until(lambda: len(desk.beats) > 6)
    assert readers_of(lane) == [reader]
    site.road("")
    until(lambda: desk.beats[-1]["health"]["reader_recycled"] == 1)
    assert reader not in readers_of(lane)
    assert desk.beats[-1]["health"]["reader"] == "ok"
    assert 10 < desk.beats[-1]["health"]["reader_megabytes"] < 500


def test_a_lane_that_is_killed_leaves_no_reader(site):
    (reader,) = readers_of(site.start(reader=APART))
    site.kill()
    until(lambda: not runs(reader))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_both_and_says_nothing(site, number):
    lane = site.start(reader=APART)
    (reader,) = readers_of(lane)
    os.killpg(lane.pid, number)
    assert lane.wait(10) == 0
    assert not runs(reader)
    assert "Traceback" not in site.log()
    assert "level=error" not in site.log()
