"""The relay `mock`: files instead of wires, for the demo and the tests."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path


class Mock:
    """A relay that keeps its own independent log, and an arm that behaves like one.

    `arm` is a text file that says up or down (the camera `drawn` looks at it); the arm rises
    `rises_in` seconds after the output goes on and falls by itself `falls_after` seconds after it
    went off. `journal` gets a line of JSON per write: {"at", "output", "on"}. `inputs` is a JSON
    file such as {"0": true}; an input it does not name is inactive. `resting` is the output's level
    at rest (true where the barrier is inverted).
    """

    def __init__(
        self,
        arm: str = "",
        journal: str = "",
        inputs: str = "",
        rises_in: float = 0.0,
        falls_after: float = 3.0,
        resting: bool = False,
    ):
        self.arm = Path(arm) if arm else None
        self.journal = Path(journal) if journal else None
        self.inputs = Path(inputs) if inputs else None
        self.rises_in, self.falls_after, self.resting = rises_in, falls_after, resting
        self._timer = None
        self._raised = False
        for path in (self.arm, self.journal):
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
        self._move("down")

    def write(self, output: int, on: bool) -> None:
        self._log(output, on)
        active = on != self.resting
        if active:
            self._raised = True
            self._after(self.rises_in, "up")
        elif self._raised:
            self._raised = False
            self._after(self.falls_after, "down")

    def read(self, number: int) -> bool:
        if self.inputs is None or not self.inputs.exists():
            return False
        return bool(json.loads(self.inputs.read_text() or "{}").get(str(number), False))

    def check(self) -> None:
        """A file always answers."""

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _log(self, output, on):
        if self.journal is None:
            return
        line = {"at": datetime.now(UTC).isoformat(), "output": output, "on": on}
        with self.journal.open("a") as journal:
            journal.write(json.dumps(line) + "\n")

    def _after(self, seconds, place):
        self.close()
        if seconds <= 0:
            self._move(place)
            return
        self._timer = threading.Timer(seconds, self._move, [place])
        self._timer.daemon = True
        self._timer.start()

    def _move(self, place):
        if self.arm is None:
            return
        beside = self.arm.with_name(self.arm.name + ".new")
        beside.write_text(place)
        os.replace(beside, self.arm)
