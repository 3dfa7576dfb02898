"""A reader in a process of its own: what grows is let go, what hangs is killed, the lane goes on.

Networks for reading keep a little more memory with each picture, and a fault in them ends the whole
process. So they run in a child (`child.py`): it is replaced while the lane is empty, by another that
is warm already, and killed when it does not answer. The frame it was reading is lost, nothing else.
"""

import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import wait as wait_for

from gates.readers.child import put, put_picture, take

WELL = "ok"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
# What glibc may keep of memory that is free again. By itself it keeps what the largest pictures took,
# and that for each thread: 60 to 190 MB after a row of bad pictures, and 11 MB with these.
MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
    "MALLOC_TRIM_THRESHOLD_": "134217728",
}
WORTH = 100  # reads before size counts: a reader that is large when new is not started without end
LONGEST_PAUSE = 60.0  # seconds between two starts of a reader that keeps failing
MB = 1_000_000

log = logging.getLogger(__name__)


class Unread(RuntimeError):  # noqa: N818
    """This picture was not read; the message says why. The next one may be."""


class Gone(Unread):
    """The child has ended, hangs, or never got ready."""


class Apart:
    """The reader `driver` with its `options`, in a child process.

    A child that has read `recycle_after` pictures, or has more than `largest` MB in memory, is
    replaced at the next `rest`. One that takes more than `answers_within` seconds for a picture, or
    `starts_within` to load, is killed. Raises ValueError where the reader cannot be started at all.
    """

    def __init__(
        self,
        driver: str,
        options: dict | None = None,
        recycle_after: int = 20_000,
        largest: int = 700,
        answers_within: float = 5.0,
        starts_within: float = 120.0,
    ):
        if min(recycle_after, answers_within, starts_within) <= 0:
            raise ValueError(
                "'recycle_after', 'answers_within' and 'starts_within' must be more than 0."
            )
        self.driver, self.options = driver, options or {}
        self.recycle_after, self.largest = recycle_after, largest
        self.answers_within, self.starts_within = answers_within, starts_within
        self.recycled = 0
        self._child, self._next = None, None
        self._failures, self._why, self._stale = 0, "", ""
        self._start_at = self._renew_at = 0.0
        self._closed = False
        self.engine = self._first_start()

    def read(self, image):
        """As `Reader.read`. Raises `Unread`; a child that is just starting is waited for."""
        child = self._ready_child(self.answers_within)
        if child is None:
            raise Unread(self.health)
        try:
            reads = child.read(image, self.answers_within)
        except Gone as fault:
            self._lose(fault)
            raise
        self._failures = 0
        return reads

    def rest(self):
        """For the time that the lane is empty: replaces what is worn or has ended. Never waits."""
        child = self._ready_child(0)
        if child:
            self._renew(child)

    def close(self):
        self._closed = True
        for child in (self._child, self._next):
            if child:
                child.stop()
        self._child = self._next = None

    @property
    def health(self):
        """ "ok", or what is wrong with the process, for a person."""
        child, failures = self._child, self._failures
        if child and child.engine:
            return f"reads, but no fresh process can follow: {self._stale}" if self._stale else WELL
        if failures > 1:
            return (
                f"failed {failures} times in a row, tried again each minute at least: {self._why}"
            )
        return f"is being started again: {self._why}"

    @property
    def megabytes(self):
        """What the child has in memory; 0 where there is none, or where the system does not tell."""
        child = self._child
        return child.megabytes if child else 0

    def _first_start(self):
        """A lane file that cannot work is told now and once: nothing is tried again."""
        try:
            self._child = self._new()
            while not self._child.is_ready(1.0):
                pass
            if self.megabytes >= self.largest:
                raise ValueError(
                    f"'largest' is {self.largest} MB, but the reader has {self.megabytes} MB when new"
                )
        except BaseException as fault:
            self.close()
            if isinstance(fault, Gone):
                raise ValueError(str(fault)) from None
            raise
        return self._child.engine

    def _new(self):
        return Child(self.driver, self.options, self.starts_within)

    def _ready_child(self, seconds):
        """The child if it is ready within `seconds`, else None."""
        self._start()
        try:
            if self._child and self._child.is_ready(seconds):
                return self._child
        except Gone as fault:
            self._lose(fault)
        return None

    def _start(self):
        """A child is there from now on, unless too many have failed of late."""
        if self._child or self._closed or time.monotonic() < self._start_at:
            return
        try:
            self._child = self._new()
        except Gone as fault:
            self._failed(fault)

    def _lose(self, fault):
        """The child is of no use any more; the one that was to follow, if any, takes its place."""
        if self._child:
            self._child.stop()
        self._child, self._next = self._next, None
        if not self._closed:
            self._failed(fault)
            self._start()  # it loads while nobody asks for it

    def _failed(self, fault):
        self._failures += 1
        self._why = str(fault)
        self._start_at = time.monotonic() + pause(self._failures)
        log.warning("%s", fault)

    def _renew(self, child):
        """A worn child is let go once a fresh one is warm, so that no vehicle waits for it."""
        try:
            if self._next is None:
                if self._is_worn(child) and time.monotonic() >= self._renew_at:
                    self._next = self._new()
            elif self._next.is_ready(0):
                self._replace(child)
        except Gone as fault:
            self._drop_next(fault)

    def _is_worn(self, child):
        large = child.reads >= WORTH and child.megabytes > self.largest
        return large or child.reads >= self.recycle_after

    def _replace(self, child):
        reads, before = child.reads, child.megabytes
        self._child, self._next = self._next, None
        child.stop()
        self.recycled += 1
        self._stale = ""
        log.info(
            "the reader's process was renewed after %d reads: %d MB, now %d MB",
            *(reads, before, self.megabytes),
        )

    def _drop_next(self, fault):
        if self._next:
            self._next.stop()
        self._next = None
        self._stale = str(fault)
        self._renew_at = time.monotonic() + LONGEST_PAUSE
        log.warning("no fresh process for the reader: %s", fault)


def pause(failures):
    """Seconds to wait after so many failures in a row: none after the first, then ever longer."""
    return min(2.0 ** (failures - 2), LONGEST_PAUSE) if failures > 1 else 0.0


class Child:
    """The reading process and the line to it. `engine` is None until it is ready."""

    def __init__(self, driver, options, starts_within):
        self.engine, self.reads = None, 0
        self.starts_within = starts_within
        self.ready_by = time.monotonic() + starts_within
        self.line, far = socket.socketpair()
        try:
            with far:
                self.process = _process(far.fileno(), options.get("threads", 1))
        except OSError as fault:
            self.line.close()
            raise Gone(f"the reader's process cannot be started: {fault}") from fault
        with suppress(OSError):  # one that has ended already is told by `is_ready`
            put(self.line, pickle.dumps((driver, options)), self.ready_by)

    def is_ready(self, seconds):
        """Waits so long for the child to be ready; says whether it is. Raises `Gone`."""
        if self.engine:
            if self.process.poll() is not None:
                raise Gone(self._ended())
        elif wait_for([self.line], seconds):
            self.engine = self._engine()
        elif time.monotonic() > self.ready_by:
            raise Gone(f"the reader was not ready within {self.starts_within:g} s")
        return self.engine is not None

    def read(self, image, within):
        """The reads of a picture. Raises `Gone`, and `Unread` where the driver failed on it."""
        until = time.monotonic() + within
        self.reads += 1
        try:
            put_picture(self.line, image, until)
            answer = take(self.line, until)
        except TimeoutError:
            raise Gone(f"the reader did not answer within {within:g} s and was killed") from None
        except (EOFError, OSError):
            raise Gone(self._ended()) from None
        except BaseException:
            self.process.kill()  # an answer still owed would be taken for the next picture's
            raise
        return _heard(answer)

    def stop(self):
        self.process.kill()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.line.close()

    @property
    def megabytes(self):
        """Resident size; 0 where the system does not tell it."""
        try:
            with open(f"/proc/{self.process.pid}/statm") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MB
        except (OSError, IndexError):
            return 0

    def _engine(self):
        try:
            return _heard(take(self.line, self.ready_by))
        except (EOFError, OSError):
            raise Gone(self._ended()) from None

    def _ended(self):
        try:
            code = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "the reader's process has closed its line"
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return f"the reader's process has ended ({how})"


def _heard(answer):
    """What the child said, unless it said that something went wrong."""
    word, said = pickle.loads(answer)  # noqa: S301 - our own child wrote it
    if word == "broken":
        raise Gone(said)
    if word == "fault":
        sentence, trace = said
        fault = Unread(sentence)
        fault.add_note(trace)
        raise fault
    return said


def _process(number, threads):
    """Python with nothing of the lane in it. Threads and memory are set before a library is loaded."""
    pinned = dict.fromkeys(THREADS, str(threads))
    path = os.pathsep.join(folder for folder in sys.path if folder)
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "gates.readers.child", str(number)],
        pass_fds=[number],
        env=os.environ | pinned | MALLOC | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=2,  # standard output is the parent's own
        process_group=0,  # Ctrl-C is for the parent
    )
