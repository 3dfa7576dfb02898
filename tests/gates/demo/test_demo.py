"""The demo as a person starts it: real processes, real pixels, real pages."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]


def begin(var, *arguments):
    """Start `manage.py demo` on a folder of its own, as `./run demo` does."""
    env = {**os.environ, "TICKETLESS_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "demo", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=env, **pipes)


def processes_of(var):
    """The processes that run on this folder, by their environment."""
    mark = f"TICKETLESS_VAR={var}/demo".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(folder.name)
        except OSError:
            continue  # it has ended meanwhile, or is not ours
    return found


def none_left(var):
    give_up = time.monotonic() + 10
    while processes_of(var) and time.monotonic() < give_up:
        time.sleep(0.1)
    return processes_of(var) == []


def read_until(demo, words):
    lines = []
    for line in demo.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"the demo ended: {''.join(lines)} {demo.stderr.read()}")


@pytest.mark.slow
def test_the_story_meets_what_it_should(tmp_path):
    demo = begin(tmp_path, "--once")
    told, complaint = demo.communicate(timeout=300)
    logs = "".join(log.read_text()[-2000:] for log in (tmp_path / "demo/logs").glob("*.log"))
    assert demo.returncode == 0, told + complaint + logs
    assert "Every vehicle met what it should." in told
    assert none_left(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_end_of_the_demo_is_the_end_of_its_children(tmp_path, number):
    demo = begin(tmp_path, "--port", str(free_port()))
    block = read_until(demo, "Logs")
    assert httpx.get(re.search(r"(\S+/pay/demo/)", block)[1]).status_code == 200
    assert "Demo car park" in httpx.get(re.search(r"(\S+/display/\S+)", block)[1]).text
    assert re.search(r"sign in as operator, password \w{16}", block)
    assert len(processes_of(tmp_path)) > 3
    demo.send_signal(number)
    demo.wait(20)
    assert none_left(tmp_path)


def test_a_used_port_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = begin(tmp_path, "--port", str(port))
        _, complaint = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert complaint.count("\n") == 1
    assert f"Port {port} cannot be used" in complaint
    assert f"--port {port + 1}" in complaint


@pytest.mark.parametrize("port", ["-1", "99999", "http"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    demo = begin(tmp_path, f"--port={port}")
    demo.communicate(timeout=60)
    assert demo.returncode in (1, 2)


def test_a_second_demo_says_that_one_runs(tmp_path):
    with (tmp_path / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        demo = begin(tmp_path, "--once")
        _, complaint = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert complaint == "CommandError: A demo is running already: end it first (Ctrl-C there).\n"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return trial.getsockname()[1]
