"""Real child processes: all are gone when the crew ends, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gates.demo.crew import Crew, CrewFault

SLEEPER = (sys.executable, "-c", "import time; print('ready'); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready'); time.sleep(600)",
)
PARENT = """
import sys, time
from gates.demo.crew import Crew
with Crew(sys.argv[1]) as crew:
    crew.start("one", sys.executable, "-c", "import time; time.sleep(600)")
    print(crew.children["one"].pid, flush=True)
    time.sleep(600)
"""


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone_soon(pid):
    give_up = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    return not is_alive(pid)


def test_every_child_ends_with_the_crew(tmp_path):
    with Crew(tmp_path) as crew:
        crew.start("one", *SLEEPER)
        crew.start("two", *SLEEPER)
        pids = [child.pid for child in crew.children.values()]
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))


def test_a_child_that_ignores_sigterm_is_killed(tmp_path):
    with Crew(tmp_path, grace=0.3) as crew:
        crew.start("one", *STUBBORN)
        crew.wait("one", lambda: crew.says("one", "ready"), 10)
        pid = crew.children["one"].pid
    assert not is_alive(pid)


def test_children_of_children_end_too(tmp_path):
    script = "sleep 600 & echo child $! ready; wait"
    with Crew(tmp_path) as crew:
        crew.start("one", "sh", "-c", script)
        crew.wait("one", lambda: crew.says("one", "ready"), 10)
        pid = int(crew.log("one").read_text().split()[1])
        assert is_alive(pid)
    assert gone_soon(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_children_go_when_the_demo_is_killed(tmp_path, number):
    demo = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    child = int(demo.stdout.readline())
    os.kill(demo.pid, number)
    demo.wait()
    assert gone_soon(child)


def test_a_child_that_fell_is_named_with_its_log(tmp_path):
    with Crew(tmp_path) as crew:
        crew.start("south-exit", sys.executable, "-c", "raise SystemExit(2)")
        sentence = rf"south-exit ended by itself \(2\): see {tmp_path}/south-exit.log"
        with pytest.raises(CrewFault, match=sentence):
            crew.wait("south-exit", lambda: False, 10)


def test_a_child_that_is_never_ready_is_named(tmp_path):
    with Crew(tmp_path) as crew:
        crew.start("web", *SLEEPER)
        with pytest.raises(CrewFault, match="web was not ready"):
            crew.wait("web", lambda: False, 0.3)
