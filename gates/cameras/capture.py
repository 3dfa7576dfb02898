"""The child process behind the camera `stream`: it opens the source and keeps the newest frame.

`cv2.VideoCapture.read()` may block for minutes, or for ever, when a camera stalls; a process can be
killed, a thread cannot. A thread here grabs, while the process's main thread answers its parent,
so an answer also says that the child is alive. Nothing but bytes goes through the pipe.

A question is `QUESTION` (the number of the last frame the parent has, seconds to wait for a newer).
The answer is a JSON head {"state", "idle", "reason", "number", "at", "shape"}, and for the state
"frame" a second message with the pixels. The other states are "waiting", "failed" and "ended".
"""

import json
import os
import signal
import struct
import threading
import time
from dataclasses import dataclass

import numpy as np

QUESTION = struct.Struct("<qd")
# A playlist from the network must not make the box read its own files, nor a file reach out.
NETWORK = "rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https,httpproxy,crypto"
FAILS_BEFORE_LOST = 3  # a single damaged picture is no reason to connect anew


@dataclass(frozen=True)
class Source:
    """Where the pictures come from. `kind` is "file", "network" or "usb"; times in seconds."""

    address: str | int
    kind: str
    loop: bool = False
    every_frame: bool = False
    open_within: float = 10.0
    read_within: float = 5.0


def serve(link, source):
    """The child's life: answers questions on `link` until the parent closes it."""
    _settle(source)
    newest = Newest(source.every_frame)
    threading.Thread(target=_grab, args=(source, newest), daemon=True).start()
    try:
        while True:
            _answer(link, newest, *QUESTION.unpack(link.recv_bytes()))
    except (EOFError, OSError):
        os._exit(0)  # the grabbing thread may be stuck in read(): no tidy end waits for it


def _settle(source):
    """Ctrl-C is for the parent; and FFmpeg's own messages would show the address's password."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    allowed = "file" if source.kind == "file" else NETWORK
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = (
        f"rtsp_transport;tcp|protocol_whitelist;{allowed}|analyzeduration;1000000"
    )


def _answer(link, newest, known, seconds):
    head, image = newest.beyond(known, seconds)
    link.send_bytes(json.dumps(head).encode())
    if image is not None:
        link.send_bytes(np.ascontiguousarray(image).reshape(-1).data)


class Newest:
    """One place for one frame: a new one replaces it, or waits until it was taken (`every`)."""

    def __init__(self, every=False):
        self.every = every
        self.changed = threading.Condition()
        self.state, self.reason = "waiting", ""
        self.number, self.at, self.image = 0, 0.0, None
        self.taken = 0
        self.last = time.monotonic()

    def put(self, image, at):
        with self.changed:
            while self.every and self.taken < self.number:
                self.changed.wait()
            self.number, self.at, self.image = self.number + 1, at, image
            self.last = time.monotonic()
            self.changed.notify_all()

    def finish(self, state, reason=""):
        """No more frames will come: "failed" with the reason, or "ended"."""
        with self.changed:
            while self.every and self.taken < self.number:
                self.changed.wait()
            self.state, self.reason = state, reason
            self.changed.notify_all()

    def beyond(self, known, seconds):
        """The answer's head, and the image when there is a frame newer than `known`."""
        with self.changed:
            self.changed.wait_for(lambda: self.number > known or self.state != "waiting", seconds)
            head = {"state": self.state, "reason": self.reason, "number": self.number}
            head["idle"] = time.monotonic() - self.last
            if self.number <= known:
                return head, None
            self.taken = self.number
            self.changed.notify_all()
            return head | {"state": "frame", "at": self.at, "shape": self.image.shape}, self.image


def _grab(source, newest):
    import cv2  # here, so that the child can answer while it loads

    try:
        while True:
            shown = _play(cv2, source, newest)
            if not (source.loop and shown):
                break
        newest.finish(*_ending(source, shown))
    except Exception as error:  # whatever it was, the parent is to know and to say it
        newest.finish("failed", f"broke down ({type(error).__name__})")


def _ending(source, shown):
    if source.kind == "file":
        return ("ended", "") if shown else ("failed", "cannot be opened as a video")
    return "failed", ("has closed the connection" if shown else "does not answer with pictures")


def _play(cv2, source, newest):
    """Plays the source once; returns how many frames it gave."""
    capture = _open(cv2, source)
    try:
        if not capture.isOpened():
            return 0
        return sum(1 for _ in _frames(cv2, capture, source, newest))
    finally:
        capture.release()


def _open(cv2, source):
    if source.kind == "usb":
        return cv2.VideoCapture(source.address)
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(source.open_within * 1000)]
    limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(source.read_within * 1000)]
    return cv2.VideoCapture(source.address, cv2.CAP_FFMPEG, limits)


def _frames(cv2, capture, source, newest):
    """Puts frame after frame where the parent gets it; a file at its own speed."""
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    began, beginning, shown, failed = time.monotonic(), time.time(), 0, 0
    while failed < FAILS_BEFORE_LOST:
        good, image = capture.read()
        if not good:
            failed += 1
            continue
        failed = 0
        if source.kind == "file" and not source.every_frame:
            time.sleep(max(began + shown / rate - time.monotonic(), 0))
        newest.put(image, beginning + shown / rate if source.every_frame else time.time())
        shown += 1
        yield shown
