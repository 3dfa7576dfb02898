"""The camera `stream`: RTSP, HTTP (MJPEG and what else FFmpeg knows), USB, or a video file.

The pictures are grabbed in a child process (see `capture.py`), which is killed and started again
when it gives no frames. Always the newest frame: what a slow reader misses is gone.
"""

import json
import logging
import multiprocessing
import re
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gates.cameras import Blind, Frame
from gates.cameras.capture import QUESTION, Source, serve

SCHEMES = ("rtsp", "rtsps", "http", "https")
ANSWER_IS_OLD = 1.0  # seconds; a frame asked for longer ago is not the newest any more
BLACK, PLAIN = 16, 1.0  # brightest value of a black picture; spread of a picture of one colour

log = logging.getLogger(__name__)


class Stream:
    """Pictures from `url`: rtsp, rtsps, http or https, the path of a video file, or a USB number.

    A file plays at its own speed and then is over, or begins again with `loop`; with `every_frame`
    it gives all of its frames in order, as fast as they are taken. A camera that gives no frame for
    `stall_after` seconds (or does not open within `open_within`) is connected anew after
    `retry_after`, then twice as long each time up to `retry_at_most`. A live picture that has not
    changed by a single bit for `frozen_after` seconds is a frozen one.

    Raises ValueError for any other address. Passwords in the address are never shown.
    """

    def __init__(
        self,
        url: str | int,
        loop: bool = False,
        every_frame: bool = False,
        stall_after: float = 3.0,
        open_within: float = 10.0,
        frozen_after: float = 10.0,
        retry_after: float = 0.5,
        retry_at_most: float = 10.0,
    ):
        address, kind = checked(url)
        self.source = Source(address, kind, loop, every_frame, open_within, 2 * stall_after + 1)
        self.name = shown(url)
        self.stall_after, self.open_within = stall_after, open_within
        self.retry_after, self.retry_at_most = retry_after, retry_at_most
        self.look = Look(frozen_after if kind != "file" else None)
        self.child, self.start_at, self.pause = None, 0.0, retry_after
        self.number, self.trouble, self.over = 0, "", False

    def newest(self, timeout: float) -> Frame | None:
        """As `Camera.newest`; `Blind` also when a video file has ended."""
        if self.over:
            time.sleep(timeout)  # or a lane would ask without end
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0 and not self.over:
            answer = self._answer(left)
            if answer:
                return self._given(*answer)
        if self.trouble:
            raise Blind(self.trouble)
        return None

    def close(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _answer(self, left):
        """A new frame (time, image), or None after some of the time that is left."""
        if self.child is None and not self._start(left):
            return None
        head, image = self.child.ask(left)
        if head is None:
            if self.child.silent_for() > self._patience(self.child.answered):
                self._restart("does not respond")
        elif head["state"] in ("failed", "ended") and image is None:
            self._finish(head)
        elif self._stalled(head):
            self._restart(f"has given no picture for {head['idle']:.0f} s")
        elif image is not None:
            return datetime.fromtimestamp(head["at"], UTC), image
        return None

    def _start(self, left):
        """Starts a child when its time has come; else waits and returns False."""
        wait = self.start_at - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, left))
            return False
        self.child = Child(self.source)
        return True

    def _stalled(self, head):
        if self.source.every_frame:
            return False
        return head["idle"] > self._patience(head["number"] > 0)

    def _patience(self, begun):
        """How long to wait, in seconds: longer for a start than for the next picture."""
        return self.stall_after if begun else max(self.open_within, self.stall_after)

    def _finish(self, head):
        if head["state"] == "ended":
            self.close()
            self.over, self.trouble = True, "the video has ended"
        else:
            self._restart(head["reason"])

    def _restart(self, reason):
        """Ends the child; the next one starts after a pause that grows with each failure."""
        self.close()
        self._blind(f"camera {self.name} {reason}")
        self.start_at = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, self.retry_at_most)

    def _blind(self, reason):
        if reason != self.trouble:
            log.warning("%s", reason)
        self.trouble = reason

    def _given(self, at, image):
        """The frame, when one can see something on it."""
        self.pause = self.retry_after
        fault = None if self.source.every_frame else self.look.fault(image, time.monotonic())
        if fault:
            if not self.trouble:
                log.warning("camera %s %s", self.name, fault)
            self.trouble = f"camera {self.name} {fault}"
            raise Blind(self.trouble)
        self.trouble = ""
        self.number += 1
        return Frame(self.number, at, image)


class Child:
    """The capturing process and the pipe to it."""

    def __init__(self, source):
        context = multiprocessing.get_context("spawn")
        self.link, far = context.Pipe()
        self.process = context.Process(target=serve, args=(far, source), daemon=True)
        self.process.start()
        far.close()
        self.every = source.every_frame
        self.known = 0
        self.answered = False
        self.asked_at = None

    def ask(self, wait):
        """(head, image) of the child's answer; image may be None, and both when none came."""
        try:
            fresh = self._question(wait)
            if not self.link.poll(wait):
                return None, None
            head, image = self._receive()
        except (EOFError, OSError):
            return {"state": "failed", "reason": "broke down: its process has ended"}, None
        return (head, image) if fresh else (head | {"state": "waiting"}, None)

    def silent_for(self):
        return time.monotonic() - self.asked_at if self.asked_at else 0.0

    def _question(self, wait):
        """Asks, unless an answer is still owed; False when that one would be old news.

        Where every frame counts, none is too old.
        """
        now = time.monotonic()
        if self.asked_at is None:
            self.link.send_bytes(QUESTION.pack(self.known, wait))
            self.asked_at = now
        return self.every or now - self.asked_at < ANSWER_IS_OLD

    def _receive(self):
        head = json.loads(self.link.recv_bytes())
        self.asked_at, self.answered = None, True
        if head["state"] != "frame":
            return head, None
        self.known = head["number"]
        pixels = bytearray(int(np.prod(head["shape"])))
        self.link.recv_bytes_into(pixels)
        return head, np.frombuffer(pixels, np.uint8).reshape(head["shape"])

    def stop(self):
        self.process.kill()
        self.process.join(5)
        self.link.close()


class Look:
    """Tells pictures with something on them from black, plain and frozen ones."""

    def __init__(self, frozen_after):
        self.frozen_after = frozen_after
        self.print, self.since = None, 0.0

    def fault(self, image, now):
        """What is wrong with the picture, in words, or None. `now` is in seconds."""
        some = np.ascontiguousarray(image[::4, ::4])
        if some.max() < BLACK:
            return "shows only black"
        if some.std(axis=(0, 1)).max() < PLAIN:
            return "shows nothing but one colour"
        return self._frozen(zlib.crc32(some), now)

    def _frozen(self, fingerprint, now):
        if fingerprint != self.print:
            self.print, self.since = fingerprint, now
        if self.frozen_after is None or now - self.since < self.frozen_after:
            return None
        return f"has given the same picture for more than {self.frozen_after:g} s"


def checked(url):
    """(address, kind) of an allowed source; raises ValueError with a sentence for all others."""
    text = str(url)
    if text.isascii() and text.isdigit():
        return int(text), "usb"
    scheme, _, rest = text.partition("://")
    if scheme.lower() in SCHEMES and rest.strip("/"):
        return text, "network"
    if Path(text).is_file():
        return str(Path(text).resolve()), "file"
    raise ValueError(
        f"no camera at '{shown(url)}': give an address that begins with {', '.join(SCHEMES)}, "
        "the path of a video file, or the number of a USB camera."
    )


def shown(url):
    """The address without its user, password and query, for messages and logs."""
    scheme, mark, rest = str(url).rpartition("://")
    place = re.split(r"[?#]", rest.rpartition("@")[2])[0]
    return scheme + mark + place
