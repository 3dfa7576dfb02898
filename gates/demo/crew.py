"""The demo's child processes: started with a log each, ended together whatever happens."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE = 5.0  # seconds from SIGTERM to SIGKILL


class CrewFault(Exception):  # noqa: N818 - the sentence tells who fell and where to look
    """A child ended by itself or did not become ready."""


def die_with_parent():
    """Runs in the child: the kernel ends it when the demo goes, even by SIGKILL. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Crew:
    """A context: its children run in process groups of their own and are gone when it ends."""

    def __init__(self, logs, grace=GRACE):
        self.logs = Path(logs)
        self.logs.mkdir(parents=True, exist_ok=True)
        self.grace = grace
        self.children = {}

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.end()

    def log(self, name):
        return self.logs / f"{name}.log"

    def start(self, name, *command, env=None):
        """Start a child under this name; start from the main thread, for its death is the signal."""
        with self.log(name).open("ab") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def check(self):
        """Raise `CrewFault` when a child has ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CrewFault(
                    f"{name} ended by itself ({child.returncode}): see {self.log(name)}"
                )

    def wait(self, name, ready, seconds):
        """Wait until `ready()` holds. Raises `CrewFault` when it does not in time."""
        give_up = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > give_up:
                raise CrewFault(f"{name} was not ready in {seconds} seconds: see {self.log(name)}")
            time.sleep(0.1)

    def says(self, name, word):
        """Whether the child's log holds this word."""
        return word in self.log(name).read_text(errors="replace")

    def end(self):
        """End every child: politely first, then not."""
        for child in self.children.values():
            _signal(child, signal.SIGTERM)
        give_up = time.monotonic() + self.grace
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, give_up - time.monotonic()))
            _signal(child, signal.SIGKILL)  # also for what the child left behind in its group
            child.wait()
        self.children.clear()


def _signal(child, number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return  # the whole group is gone
