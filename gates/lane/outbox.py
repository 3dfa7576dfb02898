"""What the server has not got yet: events and pictures, on disk until it has said that it has them.

One file per item, so that a spoilt one never stands in the way of another, and so that an engineer
can look. Events go before pictures; where room is short, the oldest pictures go first, events never.
"""

import json
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from gates.lane.disk import settle, write_whole

log = structlog.get_logger()
MEGABYTE = 1_000_000


@dataclass
class Item:
    """One file that waits. `tries` counts the times the server would not have it."""

    path: Path
    size: int
    tries: int = 0
    not_before: float = 0.0


class Outbox:
    """The folders `events`, `pictures` and `refused` below `folder`."""

    def __init__(self, folder, megabytes=1000, spare=200):
        self.folder = Path(folder)
        self.most, self.spare = megabytes * MEGABYTE, spare * MEGABYTE
        self.dropped = 0
        self._guard = threading.RLock()
        self.fresh = threading.Event()  # something new has come
        for name in ("events", "pictures", "refused"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.events = _found(self.folder / "events", ".json")
        self.pictures = _found(self.folder / "pictures", ".jpg")
        self._number = 1 + max(
            (int(item.path.name.split("-")[0]) for item in (*self.events, *self.pictures)),
            default=0,
        )

    @property
    def waiting(self):
        return len(self.events) + len(self.pictures)

    def add_event(self, event):
        """Keep an event (a dict with id, passage, kind, at, detail) until the server has it.

        Raises OSError when the disk does not take it even after all pictures were dropped.
        """
        content = json.dumps(event).encode()
        try:
            self._add(self.events, "events", f"{event['id']}.json", content)
        except OSError:
            with self._guard:
                self._drop_pictures(len(self.pictures))
            self._add(self.events, "events", f"{event['id']}.json", content)

    def add_picture(self, passage, kind, jpeg):
        """Keep a picture (bytes) of a passage, if there is room; older pictures make room."""
        with self._guard:
            while self.pictures and self._short_of(len(jpeg)):
                self._drop_pictures(1)
            if self._short_of(len(jpeg)):
                self.dropped += 1
                return
        self._add(self.pictures, "pictures", f"{passage}.{kind}.jpg", jpeg)

    def delivered(self, item):
        """The server has it: forget it."""
        with self._guard:
            self._forget(item)

    def refuse(self, item, sentence):
        """The server will never have it: set it aside with the server's sentence, for a person."""
        with self._guard:
            aside = self.folder / "refused" / item.path.name
            write_whole(aside.with_suffix(aside.suffix + ".why.txt"), sentence.encode() + b"\n")
            item.path.replace(aside)
            self._forget(item)
        log.warning("refused by the server", item=item.path.name, why=sentence)

    def _add(self, queue, folder, name, content):
        with self._guard:
            path = self.folder / folder / f"{self._number:012d}-{name}"
            self._number += 1
            write_whole(path, content)
            queue.append(Item(path, len(content)))
        self.fresh.set()

    def _forget(self, item):
        for queue in (self.events, self.pictures):
            if item in queue:
                queue.remove(item)
        item.path.unlink(missing_ok=True)

    def _short_of(self, size):
        used = sum(item.size for item in (*self.events, *self.pictures))
        free = shutil.disk_usage(self.folder).free
        return used + size > self.most or free - size < self.spare

    def _drop_pictures(self, count):
        for item in self.pictures[:count]:
            self._forget(item)
            self.dropped += 1
        log.warning("no room: pictures dropped", count=count, dropped_in_all=self.dropped)


def _found(folder, ending):
    """The items of an earlier run, oldest first. Half-written ones of a killed run are removed."""
    for half in folder.glob("*.new"):
        half.unlink()
    paths = sorted(path for path in folder.glob(f"*{ending}") if path.name[:12].isdigit())
    settle(folder)
    return [Item(path, path.stat().st_size) for path in paths]
