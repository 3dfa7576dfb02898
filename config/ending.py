"""How a process that serves until it is told to end hears of that: by SIGTERM, or by Ctrl-C."""

import os
import select
import signal


class Ending:
    """Hears SIGTERM and SIGINT from when it is made on; to be made by the main thread, once.

    A `threading.Event` is no such thing. A handler runs in the main thread, wherever that is: within the
    Event it waits for a lock that its own thread holds, for ever; and a wait that begins just after
    Python has looked for signals sleeps through the one that came. A byte in a pipe is never lost.
    """

    def __init__(self):
        self._heard, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def wait(self, seconds=None):
        """Sleep until told to end, or for so many seconds; returns whether it was told, now or before."""
        return bool(select.select([self._heard], [], [], seconds)[0])
