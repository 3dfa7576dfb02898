import os
import signal

import pytest

from gates.lane.health import Health
from gates.readers.apart import Apart, Unread
from tests.gates.readers.odd import picture


def told(health):
    return health.told("ok", 3)


def test_a_lane_that_is_well():
    well = {"camera": "ok", "reader": "ok", "barrier": "ok", "waiting": 3}
    assert told(Health()) == well | {"running_seconds": 0}


def test_a_disk_that_is_full_is_told_beside_the_barrier():
    assert told(Health(disk="cannot be written"))["barrier"] == "ok; disk: cannot be written"


def test_the_reader_s_process_tells_its_size_and_what_is_wrong_with_it():
    process = Apart("fixed")
    health = Health(process=process)
    well = told(health)
    os.kill(process._child.process.pid, signal.SIGKILL)
    with pytest.raises(Unread):
        process.read(picture(1))
    ill = told(health)
    process.close()
    assert (well["reader"], well["reader_recycled"]) == ("ok", 0)
    assert 10 < well["reader_megabytes"] < 500
    assert ill["reader"] == "is being started again: the reader's process has ended (SIGKILL)"
    # None yet, or one that has only just been started.
    assert ill["reader_megabytes"] < well["reader_megabytes"]
