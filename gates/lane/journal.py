"""What the arm was told and what became of it: the intent before the move, the result after it.

An intent without a result means that the process died in between. Nobody knows then whether the arm
moved, so it is never repeated; it becomes the event `pulse_unknown` for a person.
"""

import json
from collections import deque
from pathlib import Path

from gates.lane.disk import add_line, settle, write_whole

# A journal of twice as many is cut to them at a start; the whole is kept beside as .old.jsonl.
KEPT_LINES = 2000


class Journal:
    """Lines of JSON in `path`: {"intent": id, "act", "passage", "order", "at", ...} and
    {"result": id, "event": {...}}. Raises OSError when the disk does not take a line."""

    def __init__(self, path):
        self.path = Path(path)
        self._lines = deque(_read(self.path))
        if len(self._lines) > 2 * KEPT_LINES:
            self._cut()
        elif not self.path.exists():
            write_whole(self.path, b"")
        self.open_intents = _unresolved(self._lines)
        self._orders = {line["order"] for line in self._lines if line.get("order")}
        self.held = _held(self._lines)

    @property
    def last_event(self):
        """The event of the newest result: a kill may have come before it was put into the outbox."""
        return next((line["event"] for line in reversed(self._lines) if "event" in line), None)

    def intend(self, intent, act, at, passage=None, order=None, why=""):
        """Write down that the arm is about to be moved."""
        line = {"intent": intent, "act": act, "at": at, "passage": passage, "order": order}
        self._add({**line, "why": why})
        if order:
            self._orders.add(order)

    def result(self, intent, event):
        """Write down what became of an intent: the event that tells the server."""
        self._add({"result": intent, "event": event})
        self.open_intents.pop(intent, None)

    def knows(self, order):
        """Was this order carried out, tried or refused before?"""
        return order in self._orders

    def last_intent(self, passage):
        """The newest intent for a passage, a line of the journal, or None."""
        lines = (line for line in reversed(self._lines) if "intent" in line)
        return next((line for line in lines if line["passage"] == passage), None)

    def is_unknown(self, passage):
        """Did a killed process leave it unknown whether the arm rose for this passage?"""
        told = (line["event"] for line in self._lines if "event" in line)
        return any(one["kind"] == "pulse_unknown" and one["passage"] == passage for one in told)

    def _add(self, line):
        add_line(self.path, json.dumps(line))
        self._lines.append(line)
        if len(self._lines) > 4 * KEPT_LINES:
            self._lines.popleft()

    def _cut(self):
        self.path.replace(self.path.with_suffix(".old.jsonl"))
        settle(self.path.parent)
        held = [line for line in self._lines if line.get("act") in ("hold_open", "release")][-1:]
        self._lines = deque([*held, *list(self._lines)[-KEPT_LINES:]])
        write_whole(self.path, b"".join(json.dumps(one).encode() + b"\n" for one in self._lines))


def _read(path):
    """The journal's whole lines; one that a kill cut short is left out."""
    if not path.exists():
        return
    for text in path.read_text(errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def _unresolved(lines):
    results = {line["result"] for line in lines if "result" in line}
    return {
        line["intent"]: line for line in lines if "intent" in line and line["intent"] not in results
    }


def _held(lines):
    """Was the arm last told to stay up?"""
    acts = [line["act"] for line in lines if line.get("act") in ("hold_open", "release")]
    return bool(acts) and acts[-1] == "hold_open"
