"""A real lane worker before a camera of drawn vehicles, and what it asked a small server and when."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.figures import Answer
from gates.rules.votes import ACCEPTED_AT

ROOT = Path(__file__).resolve().parent.parent
READABLE = 16  # pixels; from this height on people are sure of a plate's letters
LONGEST = 15.0  # seconds that one vehicle may take
LANE = """
name = "bench"
direction = "in"
server = "{server}"
key_env = "BENCH_LANE_KEY"
state = "{folder}/lane"
[camera]
driver = "reel:Reel"
log = "{folder}/frames"
arm = "{folder}/arm"
count = {count}
seed = {seed}
[reader]
driver = "paddle"
threads = {threads}
[trigger]
driver = "motion"
[barrier]
driver = "mock"
arm = "{folder}/arm"
falls_after = 0.5
pulse = 0.1
pause = 0.1
[logs]
plates = "whole"
"""


@dataclass(frozen=True)
class Seen:
    """One vehicle: what the lane asked for, and seconds from its frames to that question.

    `plate` is None where the lane had no firm verdict. The way of the question to the server and
    back belongs to the time.
    """

    truth: str
    plate: str | None = None
    after_readable: float | None = None
    after_sight: float | None = None

    @property
    def right(self):
        return self.plate is not None and Answer(self.truth, self.plate).folded

    @property
    def wrong(self):
        return self.plate is not None and not self.right


def lane_file(folder, server="http://127.0.0.1:9", threads=1, count=0, seed=0):
    """The path of a lane file with the camera `reel` and the reader `paddle`."""
    sys.path.insert(0, str(ROOT / "benchmarks"))  # where the lane file finds `reel`
    path = Path(folder) / "lane.toml"
    path.write_text(
        LANE.format(folder=folder, server=server, threads=threads, count=count, seed=seed)
    )
    return path


def latencies(folder, count, seed=0, threads=1):
    """A `Seen` for each of `count` vehicles that pass a lane worker."""
    desk = Desk()
    with serving(desk) as server, worker(lane_file(folder, server, threads, count, seed)):
        frames = watched(Path(folder) / "frames", count)
    return [seen(of_one, desk.arrivals) for of_one in frames]


def watched(log, count):
    """The frames of each vehicle, once all have passed."""
    until = time.monotonic() + 30 + LONGEST * count
    while not (lines := told(log)) or "end" not in lines[-1]:
        if time.monotonic() > until:
            raise SystemExit("The lane did not let all vehicles pass in time.")
        time.sleep(0.5)
    frames = [[] for _ in range(count)]
    for line in lines[:-1]:
        frames[line["vehicle"]].append(line)
    return frames


def told(log):
    whole = log.read_text().rpartition("\n")[0] if log.exists() else ""
    return [json.loads(line) for line in whole.splitlines()]


def seen(frames, arrivals):
    """What became of one vehicle, from its frames and all that was asked."""
    first, last, truth = frames[0]["at"], frames[-1]["at"], frames[0]["plate"]
    readable = next(frame["at"] for frame in frames if frame["letters"] >= READABLE)
    for at, plate in arrivals:
        if plate and first <= at <= last:
            return Seen(truth, plate, at - readable, at - first)
    return Seen(truth)


class Desk:
    """The server's part of the lane API. `arrivals`: (seconds, the plate if it was sure, or None)."""

    def __init__(self):
        self.arrivals = []

    def answer(self, path, body):
        said = json.loads(body) if body.startswith(b"{") else {}
        if path.endswith("/arrivals"):
            return self.arrive(said)
        if path.endswith("/events"):
            return {"stored": [event["id"] for event in said["events"]]}
        if path.endswith("/beat"):
            return {"now": "2026-11-21T12:00:00+00:00", "orders": [], "list_version": ""}
        return {"version": "", "permits": [], "blocked": [], "settled": []}

    def arrive(self, said):
        sure = (said["confidence"] or 0.0) >= ACCEPTED_AT
        self.arrivals.append((time.time(), said["plate"] if sure else None))
        decision, reason = ("open", "visitor") if sure else ("hold", "unreadable")
        return {
            "passage": said["passage"],
            "decision": decision,
            "reason": reason,
            "ask_again_after": 0.2,
        }


class Line(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = json.dumps(self.server.desk.answer(self.path.partition("?")[0], body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST  # noqa: N815 - the names that http.server calls

    def log_message(self, *_):
        """The benchmark's own output is enough."""


@contextmanager
def serving(desk):
    """Serves on loopback; yields the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
    server.daemon_threads, server.desk = True, desk
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def worker(file):
    """A lane worker that is ready; it is ended as an init system would end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gates.lane", str(file)],
        cwd=ROOT,
        env={**os.environ, "BENCH_LANE_KEY": "bench", "PYTHONPATH": str(ROOT / "benchmarks")},
        stdout=subprocess.PIPE,
        stderr=(file.parent / "log").open("w"),
        text=True,
    )
    try:
        if not process.stdout.readline():
            raise SystemExit(f"The lane did not start: {(file.parent / 'log').read_text()[-1000:]}")
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)
