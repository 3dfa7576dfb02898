"""`python -m gates.lane lanes/north-entry.toml`: serves one lane until SIGTERM or SIGINT."""

import argparse
import fcntl
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import structlog

from config.ending import Ending
from gates.barriers.barrier import Barrier
from gates.drivers import ConfigError
from gates.lane import logs
from gates.lane.allowlist import AllowList
from gates.lane.arm import Arm
from gates.lane.beat import Beat
from gates.lane.config import read_lane_file
from gates.lane.courier import Courier
from gates.lane.desk import Desk
from gates.lane.eye import Eye
from gates.lane.health import Health
from gates.lane.journal import Journal
from gates.lane.memory import Memory
from gates.lane.outbox import Outbox
from gates.lane.worker import Worker
from gates.readers.apart import Apart

LONGEST_END = 5.0  # seconds


def main(arguments=None):
    """Run a lane. Returns the exit status: 0 after a signal, 2 for a lane file that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m gates.lane", description=__doc__)
    parser.add_argument("lane_file", help="such as lanes/north-entry.toml")
    path = parser.parse_args(arguments).lane_file
    ending = Ending()
    try:
        with ExitStack() as open_things:
            run(read_lane_file(path), ending, open_things)
    except ConfigError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


def run(lane, ending, open_things):
    """Serve the lane until it is told to end (`config.ending`). Raises `ConfigError`."""
    logs.set_up(lane.top.name, lane.logs)
    structlog.contextvars.bind_contextvars(lane=lane.top.name)
    state = _state_folder(lane, open_things)
    key = lane.key()
    barrier = _barrier(lane)
    open_things.callback(barrier.close)
    trigger = lane.trigger.start(barrier=barrier, memory=str(state / "road.png"))
    reader = lane.reader.start()
    open_things.callback(reader.close)
    camera = lane.camera.start()
    open_things.callback(camera.close)
    desk = Desk(lane.top.server, key, lane.deadline.answer)
    open_things.callback(desk.close)
    stop = threading.Event()
    threads, courier = _serve(lane, state, stop, (barrier, trigger, reader, camera, desk))
    print(f"{lane.top.name}: ready", flush=True)
    ending.wait()
    stop.set()
    courier.hurry()  # while the server is away it pauses for longer than an end may take
    for thread in threads:
        thread.join(LONGEST_END)  # a pulse is ended; a camera that hangs is not waited for


def _serve(lane, state, stop, parts):
    """Put the parts together and start their threads; returns these and the courier."""
    barrier, trigger, reader, camera, desk = parts
    health = Health(process=reader if isinstance(reader, Apart) else None)
    allowlist = AllowList(state / "list.json")
    outbox = Outbox(state / "outbox", lane.outbox.megabytes, lane.outbox.spare)
    arm = Arm(barrier, Journal(state / "journal.jsonl"), outbox)
    arm.recover()
    eye = Eye(camera, trigger, health)
    memory = Memory(state / "vehicle.json")
    worker = Worker(lane, eye, reader, desk, arm, outbox, allowlist, health, memory)
    courier = Courier(outbox, desk)
    beat = Beat(desk, arm, allowlist, outbox, health, lambda: worker.passage, courier.hurry)
    threads = [
        threading.Thread(target=_keep_on, args=(part.work, stop), name=name, daemon=True)
        for name, part in {
            "eye": eye,
            "worker": worker,
            "arm": arm,
            "beat": beat,
            "courier": courier,
        }.items()
    ]
    for thread in threads:
        thread.start()
    return threads, courier


def _keep_on(work, stop):
    """A fault that nobody foresaw ends a turn, never the lane."""
    while not stop.is_set():
        try:
            work(stop)
        except Exception:
            structlog.get_logger().exception("a part of the lane stumbled and goes on")
            stop.wait(1.0)


def _state_folder(lane, open_things):
    """The lane's own folder, held by a lock: two workers on one arm would open twice."""
    state = Path(lane.top.state)
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = open_things.enter_context((state / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConfigError(
            f"{lane.path}: another worker uses 'state' {state}: stop it, or give each lane its own."
        ) from None
    except OSError as fault:
        raise ConfigError(f"{lane.path}: 'state' {state} cannot be used: {fault}") from fault
    return state


def _barrier(lane):
    relay = lane.relay.start()
    try:
        return Barrier(relay, **lane.barrier)
    except ValueError as fault:
        raise ConfigError(f"{lane.relay.where}: {fault}") from fault


if __name__ == "__main__":
    sys.exit(main())
