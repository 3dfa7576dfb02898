"""What is well and what is not: told to the server with every beat."""

import time
from dataclasses import dataclass, field

from gates.readers.apart import Apart

WELL = "ok"
SHOWN_FOR = 60.0  # seconds that a fault of the reader is told


@dataclass
class Health:
    """Each text is "ok" or says for a person what is wrong."""

    camera: str = WELL
    reader: str = WELL
    disk: str = WELL
    reader_faults: int = 0
    process: Apart | None = None  # the reader's own, if it has one
    started: float = field(default_factory=time.monotonic, repr=False)
    _failed_at: float = field(default=float("-inf"), repr=False)

    def reader_failed(self, fault):
        self.reader_faults += 1
        self._failed_at = time.monotonic()
        self.reader = f"failed on a picture ({self.reader_faults} times so far): {fault}"

    def reader_worked(self):
        """Well again, but a fault stays to be seen for a while."""
        if time.monotonic() - self._failed_at > SHOWN_FOR:
            self.reader = WELL

    def told(self, barrier, waiting):
        """The body's `health`, with the barrier's own text and how much waits in the outbox.

        By `running_seconds` the server tells a lane that was off from one whose line was cut.
        """
        arm = barrier if self.disk == WELL else f"{barrier}; disk: {self.disk}"
        running = int(time.monotonic() - self.started)
        told = {"camera": self.camera, "reader": self.reader, "barrier": arm, "waiting": waiting}
        told["running_seconds"] = running
        return told | self._process()

    def _process(self):
        """Of the reader's process what is wrong, its size in MB, and how often it was renewed."""
        process = self.process
        if process is None:
            return {}
        health = process.health
        size = {"reader_megabytes": process.megabytes, "reader_recycled": process.recycled}
        return size if health == WELL else size | {"reader": health}
