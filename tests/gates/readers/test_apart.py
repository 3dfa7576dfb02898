"""The reader's own process: real ones, with real signals."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from gates.readers.apart import WORTH, Apart, Unread, pause
from tests.gates.readers.odd import ENDS, FAILS, GROWS, HANGS, LATE, LATE_BY, picture

ODD = "tests.gates.readers.odd:Odd"
ROOT = Path(__file__).resolve().parents[3]
PARENT = f"""
from gates.readers.apart import Apart
from tests.gates.readers.odd import HANGS, picture
reader = Apart("{ODD}")
print(reader._child.process.pid, flush=True)
input()
reader.read(picture(HANGS))
"""


@pytest.fixture
def start():
    """Starts readers apart, and closes them after the test."""
    started = []

    def start_reader(driver=ODD, within=20.0, **more):
        options = {
            name: more.pop(name)
            for name in ("busy", "fault", "slow_start", "plate")
            if name in more
        }
        started.append(Apart(driver, options, answers_within=within, **more))
        return started[-1]

    yield start_reader
    for reader in started:
        reader.close()


def pid(reader):
    return reader._child.process.pid


def is_there(process):
    """Does a process run? One that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(true, seconds=10.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def plate(reader, number):
    """What is read of a picture of this number, as the number; the one thread is part of the plate."""
    (read,) = reader.read(picture(number))
    return read.plate


def unread(reader, number, within=20.0):
    """Lose one frame; the next one has all the time it needs."""
    reader.answers_within = within
    with pytest.raises(Unread):
        reader.read(picture(number))
    reader.answers_within = 20.0


def rested(reader, seconds=10.0):
    """Let the lane be empty until a fresh process has taken over."""
    before = reader.recycled
    until(lambda: reader.rest() or reader.recycled > before, seconds)


def test_it_reads_what_the_driver_reads(start):
    reader = start("fixed", plate="AB12CDE")
    (read,) = reader.read(np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8))
    assert (reader.engine, reader.health) == ("fixed", "ok")
    assert (read.plate, read.confidence, read.box) == ("AB12CDE", 0.99, (53, 45, 53, 15))
    assert reader.read(picture(90)) == []


def test_pictures_of_any_shape_and_threads_pinned_to_one(start):
    reader = start()
    assert [plate(reader, number) for number in (1, 2, 3)] == ["N1T1", "N2T1", "N3T1"]
    part = picture(4)[100:200, 300:350]  # not in one piece in memory
    (read,) = reader.read(part)
    assert (read.plate, read.box) == ("N4T1", (0, 0, 50, 100))


def test_a_fault_of_the_driver_is_told_with_its_traceback_and_costs_no_process(start):
    reader = start()
    before = pid(reader)
    with pytest.raises(Unread) as told:
        reader.read(picture(FAILS))
    assert str(told.value) == "no such tensor"
    assert "in fail" in told.value.__notes__[0]
    with pytest.raises(Unread, match="out of bounds"):
        reader.read(np.zeros((0, 0, 3), np.uint8))
    assert (plate(reader, 5), pid(reader), reader.health) == ("N5T1", before, "ok")


def test_killed_in_the_middle_of_a_read_one_frame_is_lost(start, tmp_path):
    busy = tmp_path / "busy"
    reader = start(busy=str(busy))
    first = pid(reader)

    def kill():
        until(lambda: busy.exists() and busy.read_text() == str(HANGS))
        os.kill(first, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(Unread, match=r"^the reader's process has ended \(SIGKILL\)$"):
        reader.read(picture(HANGS))
    killer.join()
    health = reader.health
    assert [plate(reader, number) for number in (1, 2)] == ["N1T1", "N2T1"]
    assert health == "is being started again: the reader's process has ended (SIGKILL)"
    assert (reader.health, pid(reader) != first, is_there(first)) == ("ok", True, False)


def test_one_that_ends_by_itself_says_how(start):
    reader = start()
    with pytest.raises(Unread, match=r"^the reader's process has ended \(exit status 7\)$"):
        reader.read(picture(ENDS))
    assert plate(reader, 1) == "N1T1"


def test_one_that_hangs_is_killed_in_time(start):
    reader = start(within=0.3)
    first, began = pid(reader), time.monotonic()
    with pytest.raises(Unread, match=r"^the reader did not answer within 0\.3 s and was killed$"):
        reader.read(picture(HANGS))
    assert 0.3 <= time.monotonic() - began < 1.5
    assert not is_there(first)
    reader.answers_within = 20.0
    assert plate(reader, 1) == "N1T1"


def test_one_that_does_not_even_take_the_picture_is_killed_in_time(start):
    reader = start(within=0.3)
    os.kill(pid(reader), signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(Unread, match="did not answer"):
        reader.read(picture(1))
    assert time.monotonic() - began < 1.5


def test_a_late_answer_is_never_taken_for_the_next_frame(start):
    reader = start()
    unread(reader, LATE, within=LATE_BY / 2)
    assert plate(reader, 1) == "N1T1"
    time.sleep(LATE_BY)
    assert [plate(reader, number) for number in (2, 3)] == ["N2T1", "N3T1"]


def test_an_exchange_cut_short_here_ends_the_process_and_not_the_order(start):
    reader = start()
    child = reader._child
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, LATE_BY / 2)
    with pytest.raises(KeyboardInterrupt):
        reader.read(picture(LATE))
    signal.signal(signal.SIGALRM, before)
    until(lambda: child.process.poll() is not None)
    unread(reader, 1)
    assert plate(reader, 2) == "N2T1"


@pytest.mark.slow
def test_whatever_happens_one_frame_is_lost_and_no_read_is_anothers(start):
    reader, chance = start(), random.Random(3)

    def send(number):
        os.kill(pid(reader), number)
        unread(reader, 0, within=0.3)

    troubles = [
        lambda: None,
        lambda: send(signal.SIGKILL),
        lambda: send(signal.SIGSTOP),
        lambda: unread(reader, LATE, within=LATE_BY / 2),
        lambda: unread(reader, FAILS),
        lambda: unread(reader, ENDS),
    ]
    told = []
    for number in range(30):
        chance.choice(troubles)()
        told.append(plate(reader, number))
    assert told == [f"N{number}T1" for number in range(30)]


def test_many_reads_renew_it_but_only_while_the_lane_is_empty(start):
    reader = start(recycle_after=5)
    first = pid(reader)
    for _ in range(4):
        reader.read(picture(1))
    reader.rest()
    assert reader._next is None
    for number in range(20):  # a vehicle stands there, and nobody says that the lane is empty
        assert plate(reader, number) == f"N{number}T1"
    assert (pid(reader), reader.recycled) == (first, 0)
    reader.rest()
    assert pid(reader) == first  # the fresh one is not warm yet
    assert plate(reader, 7) == "N7T1"
    rested(reader)
    assert (reader.recycled, plate(reader, 8), is_there(first)) == (1, "N8T1", False)


def test_size_renews_it_and_the_fresh_one_is_small_again(start):
    reader = start()
    new = reader.megabytes
    reader.largest = new + WORTH // 2
    for _ in range(WORTH - 1):
        reader.read(picture(GROWS))
    grown = reader.megabytes
    reader.rest()
    assert reader._next is None  # too few reads to be worth it
    reader.read(picture(GROWS))
    rested(reader)
    assert grown > reader.largest > reader.megabytes
    assert plate(reader, 1) == "N1T1"


def test_when_it_ends_the_fresh_one_takes_over_at_once(start):
    reader = start(recycle_after=1)
    reader.read(picture(1))
    reader.rest()
    until(lambda: reader._next.is_ready(0))
    fresh = reader._next.process.pid
    unread(reader, ENDS)
    assert (plate(reader, 2), pid(reader)) == ("N2T1", fresh)


def test_one_that_ends_while_the_lane_is_empty_is_back_before_the_next_vehicle(start):
    reader = start()
    first = pid(reader)
    os.kill(first, signal.SIGKILL)
    until(lambda: reader.rest() or (reader.health == "ok" and pid(reader) != first))
    assert plate(reader, 1) == "N1T1"


def test_no_fresh_one_can_follow_and_the_old_one_reads_on(start, tmp_path):
    reader = start(recycle_after=1)
    reader.read(picture(1))
    reader.options = {"fault": "the weights are not there."}
    until(lambda: reader.rest() or reader.health != "ok")
    assert reader.health == "reads, but no fresh process can follow: the weights are not there."
    assert (plate(reader, 2), reader.recycled) == ("N2T1", 0)
    reader.rest()
    assert reader._next is None  # not again within the minute
    reader.options, reader._renew_at = {}, 0.0
    rested(reader)
    assert (reader.health, plate(reader, 3)) == ("ok", "N3T1")


@pytest.mark.slow
def test_one_that_cannot_start_any_more_is_tried_ever_more_seldom(start):
    reader = start(within=2.0)
    reader.options = {"fault": "the weights are not there."}
    os.kill(pid(reader), signal.SIGKILL)
    said = set()
    end = time.monotonic() + 4.0
    while time.monotonic() < end:
        with pytest.raises(Unread) as told:
            reader.read(picture(1))
        said.add(str(told.value))
        time.sleep(0.05)
    failed = (
        "failed {} times in a row, tried again each minute at least: the weights are not there."
    )
    assert {failed.format(2), failed.format(3)} <= said
    assert reader._failures <= 4
    reader.options, reader._start_at = {}, 0.0
    assert (plate(reader, 2), reader.health) == ("N2T1", "ok")


def test_the_pauses_between_starts():
    assert [pause(failures) for failures in (1, 2, 3, 4, 8, 9)] == [0, 1, 2, 4, 60, 60]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"fault": "the weights are not there."}, "the weights are not there."),
        ({"driver": "nobody.knows:It"}, "the reader driver 'nobody.knows:It' cannot be loaded"),
        ({"largest": 1}, "'largest' is 1 MB, but the reader has"),
        (
            {"recycle_after": 0},
            "'recycle_after', 'answers_within' and 'starts_within' must be more",
        ),
        ({"slow_start": 60.0, "starts_within": 1.0}, "the reader was not ready within 1 s"),
    ],
)
def test_a_reader_that_cannot_start_says_so_once(start, given, sentence):
    with pytest.raises(ValueError, match=sentence):
        start(**given)


def test_closing_leaves_no_process_and_starts_none(start):
    reader = start(recycle_after=1)
    reader.read(picture(1))
    reader.rest()
    both = [pid(reader), reader._next.process.pid]
    reader.close()
    assert [Path(f"/proc/{each}").exists() for each in both] == [False, False]
    unread(reader, 1)
    reader.rest()
    assert reader._child is None


@pytest.mark.parametrize("hangs", [False, True])
def test_it_ends_when_its_parent_is_killed(hangs):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    if hangs:
        parent.stdin.write("\n")
        parent.stdin.flush()
        time.sleep(0.3)
    assert is_there(child)
    parent.kill()
    parent.communicate()
    until(lambda: not is_there(child))


def test_signals_to_a_whole_group_are_the_parents_business(start):
    reader = start()
    assert os.getpgid(pid(reader)) != os.getpgid(0)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid(reader), number)
    assert plate(reader, 1) == "N1T1"


def test_a_reader_ends_before_the_lane_when_memory_runs_out(start):
    assert Path(f"/proc/{pid(start())}/oom_score_adj").read_text() == "500\n"
