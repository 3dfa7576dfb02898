"""The child process behind `apart`: it loads a reader driver and reads one picture after the other.

Started as `python -m gates.readers.child NUMBER`, the number of an open socket that is its line to
the parent. The parent first says the driver and its options; the child answers ("ready", engine) once
the driver is loaded and warm, or ("broken", a sentence). From then on each picture (a head with shape
and kind of number, then the bytes) is answered by ("reads", reads) or ("fault", (sentence, traceback)).
"""

import os
import pickle
import select
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from contextlib import suppress

import numpy as np

LENGTH = struct.Struct("<I")
WORDED = (ValueError, OSError, RuntimeError)  # their texts are sentences for a person
FIRST_TO_GO = "500"  # when memory runs out the kernel shall end a reader, never the lane


def put(line, message, until=None):
    """Send a message; `until` (monotonic seconds) raises TimeoutError, a closed line OSError."""
    line.settimeout(_left(until))
    line.sendall(LENGTH.pack(len(message)))
    line.sendall(message)


def take(line, until=None):
    """The next message; `until` (monotonic seconds) raises TimeoutError, a closed line EOFError."""
    (length,) = LENGTH.unpack(_exactly(line, LENGTH.size, until))
    return _exactly(line, length, until)


def _exactly(line, length, until):
    taken = bytearray(length)
    missing = memoryview(taken)
    while missing:
        line.settimeout(_left(until))
        count = line.recv_into(missing)
        if not count:
            raise EOFError("the line is closed")
        missing = missing[count:]
    return taken


def _left(until):
    return None if until is None else max(until - time.monotonic(), 0.001)


def put_picture(line, image, until=None):
    """Send a picture of any shape; 1280 x 720 takes half a millisecond."""
    image = np.ascontiguousarray(image)
    put(line, pickle.dumps((image.shape, image.dtype.str)), until)
    put(line, image.reshape(-1).view(np.uint8).data, until)


def _take_picture(line):
    shape, kind = pickle.loads(take(line))  # noqa: S301 - our own parent wrote it
    return np.frombuffer(take(line), kind).reshape(shape)


def main(number):
    """The child's life, until the parent closes the line or ends."""
    line = socket.socket(fileno=number)
    _settle(line)
    try:
        driver, options = pickle.loads(take(line))  # noqa: S301 - our own parent wrote it
        reader = _loaded(line, driver, options)
        while reader:
            put(line, _answer(reader, _take_picture(line)))
    except (EOFError, OSError):
        pass  # the parent has gone
    os._exit(0)  # a network's threads may take long to end, and nothing is to be kept


def _settle(line):
    # Signals to the whole group are for the parent, which ends this process when it has ended itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write(FIRST_TO_GO)
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()


def _end_with_parent(line):
    """A driver that hangs would never see that nobody listens any more."""
    hung_up = select.poll()
    hung_up.register(line, 0)
    hung_up.poll()
    os._exit(0)


def _loaded(line, driver, options):
    """The reader, when it is warm; None when it is broken. Either way the parent is told."""
    from gates.drivers import load

    try:
        reader = load("reader", driver)(**options)
        _warm(reader)
    except Exception as fault:
        put(line, pickle.dumps(("broken", _sentence(fault))))
        return None
    put(line, pickle.dumps(("ready", reader.engine)))
    return reader


def _warm(reader):
    """The first picture takes several times as long as the next; it shall be no vehicle's.

    Where nothing is to be read a reader looks closer: that is loaded and warm, too.
    """
    import cv2

    nothing = np.full((720, 1280, 3), 60, np.uint8)
    plate = cv2.rectangle(nothing.copy(), (490, 330), (790, 400), (250, 250, 250), -1)
    cv2.putText(plate, "AB12CDE", (500, 385), cv2.FONT_HERSHEY_DUPLEX, 2.0, (0, 0, 0), 5)
    for picture in (plate, nothing):
        with suppress(Exception):  # a reader that fails on a drawing may well read photographs
            reader.read(picture)


def _sentence(fault):
    if isinstance(fault, WORDED):
        return str(fault)
    traceback.print_exception(fault)
    return f"{type(fault).__name__}: {fault}"


def _answer(reader, image):
    try:
        return pickle.dumps(("reads", reader.read(image)))
    except Exception as fault:
        sentence = str(fault) or type(fault).__name__
        return pickle.dumps(("fault", (sentence, traceback.format_exc())))


if __name__ == "__main__":
    main(int(sys.argv[1]))
