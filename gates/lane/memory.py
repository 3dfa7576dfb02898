"""The vehicle at the lane, kept on disk so that a restarted worker knows it again and opens once."""

import json
import os
import time
from datetime import datetime
from pathlib import Path

from gates.lane.disk import write_whole
from gates.lane.vehicle import Vehicle

SAME_WITHIN = 60.0  # seconds: what stands there after a longer stop may be another vehicle


class Memory:
    """The file that holds the vehicle being served."""

    def __init__(self, path):
        self.path = Path(path)
        self._kept = None

    def keep(self, vehicle):
        """Write down the vehicle, or that there is none. Raises OSError."""
        said = None
        if vehicle:
            said = {
                "id": vehicle.id,
                "seen_at": vehicle.seen_at.isoformat(),
                "asked": vehicle.asked,
                "opened": vehicle.opened,
            }
        if said != self._kept:
            write_whole(self.path, json.dumps(said).encode())
            self._kept = said
        elif said:
            os.utime(self.path)

    def recall(self):
        """The vehicle of the killed run and whether it may still be the one that stands there."""
        try:
            said = json.loads(self.path.read_bytes())
            age = time.time() - self.path.stat().st_mtime
            vehicle = Vehicle(0, datetime.fromisoformat(said["seen_at"]), time.monotonic())
            vehicle.id = str(said["id"])
            vehicle.asked, vehicle.opened = bool(said["asked"]), bool(said["opened"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, False
        return vehicle, 0 <= age <= SAME_WITHIN
