import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import cv2
import pytest

from gates.lane import logs
from gates.lane.config import Logs
from gates.lane.motion import HIGH, WIDE
from tests.gates.lane.parts import picture
from tests.gates.lane.server import Desk, serving

ROOT = Path(__file__).resolve().parents[3]
LANE_FILE = """
name = "north-entry"
direction = "{direction}"
server = "{server}"
key_file = "{folder}/key"
state = "{folder}/state"
[camera]
driver = "tests.gates.lane.parts:Steps"
road = "{folder}/road"
[reader]
driver = "fixed"
plate = "AB12CDE"
{reader}
[trigger]
driver = "motion"
[barrier]
{barrier}
pulse = 0.1
pause = 0.1
[deadline]
answer = 0.4
patience = 0.6
"""


@pytest.fixture(autouse=True)
def logs_as_the_worker_writes_them():
    logs.set_up("test", Logs())


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def server(desk):
    with serving(desk) as address:
        yield address


class Site:
    """A lane with its folder: a lane worker as a real process, a road, an arm with its own journal."""

    def __init__(self, folder, server, direction="in"):
        self.folder, self.server, self.direction = folder, server, direction
        (folder / "key").write_text("secret-of-the-lane")
        (folder / "state").mkdir(exist_ok=True)
        learnt = cv2.resize(picture(vehicle=False), (WIDE, HIGH))
        cv2.imwrite(str(folder / "state" / "road.png"), learnt)  # as after an earlier run
        self.processes = []

    def start(self, barrier=None, reader=""):
        """Start the worker and wait until it says that it is ready; `reader` are more keys of it."""
        path = self.folder / "lane.toml"
        barrier = barrier or f'driver = "mock"\njournal = "{self.folder}/relay.jsonl"'
        path.write_text(
            LANE_FILE.format(
                server=self.server,
                folder=self.folder,
                direction=self.direction,
                barrier=barrier,
                reader=reader,
            )
        )
        worker = subprocess.Popen(
            [sys.executable, "-m", "gates.lane", str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("a"),
            text=True,
            process_group=0,
        )
        self.processes.append(worker)
        assert worker.stdout.readline() == "north-entry: ready\n", self.log()
        return worker

    def road(self, what):
        """What is on the road from now on: "vehicle", "blind" or nothing."""
        beside = self.folder / "road.new"
        beside.write_text(what)
        os.replace(beside, self.folder / "road")

    def pulses(self):
        """How often the output went on, by the relay's own journal."""
        journal = self.folder / "relay.jsonl"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return sum(json.loads(line)["on"] for line in lines)

    def log(self):
        return (self.folder / "log").read_text()

    def kill(self):
        self.processes[-1].kill()
        self.processes[-1].wait()

    def stop(self):
        """End the worker as an init system would; gives its exit status."""
        self.processes[-1].send_signal(signal.SIGTERM)
        return self.processes[-1].wait(10)

    def close(self):
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            process.stdout.close()


@pytest.fixture
def site(tmp_path, server):
    site = Site(tmp_path, server)
    yield site
    site.close()


def until(true, seconds=10.0):
    """Wait until something is true; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
