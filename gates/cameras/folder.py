"""The camera `folder`: photographs, each of them one vehicle.

For trying a reader on pictures from a real site. Between two photographs the road is empty, so the
trigger sees one vehicle leave before the next comes.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from gates.cameras import Blind, Frame

KINDS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
LARGEST = 25_000_000  # pixels; a larger one is refused from its header, before memory is spent
ROAD = 96  # the grey of the empty road
FPS = 10

log = logging.getLogger(__name__)


class Folder:
    """Shows each photograph of a folder, by name, for `seconds_each`, then `gap` of grey road.

    A photograph keeps its own size (upright, by its EXIF orientation) and the grey road takes the
    size of the photograph before it, so the size of frames changes exactly when a new vehicle
    comes: who compares frames must take another size as "all is different". It begins with road
    and ends with road for ever, or begins again with `loop`. A file that is broken or larger than
    25 megapixels is left out with a warning.

    Raises ValueError when the folder is not there; `newest` raises `Blind` while it has no picture.
    `now` (a clock that gives aware UTC) makes `newest` never wait.
    """

    def __init__(
        self,
        path: str,
        seconds_each: float = 2.0,
        gap: float = 1.0,
        loop: bool = False,
        fps: int = FPS,
        now: Callable | None = None,
    ):
        self.path = Path(path)
        if not self.path.is_dir():
            raise ValueError(f"no folder {path}: give one that holds photographs.")
        if seconds_each <= 0 or gap < 0 or fps < 1:
            raise ValueError("seconds_each and fps must be more than 0, gap not less than 0.")
        self.seconds_each, self.gap, self.loop = seconds_each, gap, loop
        self.period = 1 / fps
        self.waits, self.now = now is None, now or _utc
        self.number, self.due, self.changes_at = 0, None, None
        self.photographs = _photographs(self.path)
        self.road = _road(480, 640)
        self.image = None  # the photograph on show; None: the road is empty
        self.shown = 0

    def newest(self, timeout: float) -> Frame | None:
        if not self._wait(timeout):
            return None
        now = self.now()
        self._turn_page(now)
        self.number += 1
        return Frame(self.number, now, self.road if self.image is None else self.image)

    def close(self) -> None:
        self.photographs = iter(())

    def _wait(self, timeout):
        if not self.waits:
            return True
        clock = time.monotonic()
        left = (self.due or clock) - clock
        if left > timeout:
            time.sleep(timeout)
            return False
        time.sleep(max(left, 0))
        self.due = max((self.due or clock) + self.period, time.monotonic())
        return True

    def _turn_page(self, now):
        """Takes the photograph away when its time is over, or shows the next one."""
        if self.changes_at is None:
            self.changes_at = now.timestamp() + self.gap
        if now.timestamp() < self.changes_at:
            return
        if self.image is not None and self.gap:
            self.image = None
            self.changes_at = now.timestamp() + self.gap
            return
        self.image = self._next()
        if self.image is not None:
            self.road = _road(*self.image.shape[:2])
            self.changes_at = now.timestamp() + self.seconds_each

    def _next(self):
        image = next(self.photographs, None)
        if image is None and (self.loop or not self.shown):
            self.photographs = _photographs(self.path)
            image = next(self.photographs, None)
        if image is None and not self.shown:
            raise Blind(f"the folder {self.path} has no photograph that can be shown")
        self.shown += image is not None
        return image


def _utc():
    return datetime.now(UTC)


def _road(high, wide):
    return np.full((high, wide, 3), ROAD, np.uint8)


def _photographs(folder):
    """The folder's pictures, one after the other, each loaded when its turn comes."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in KINDS:
            image = _photograph(path)
            if image is not None:
                yield image


def _photograph(path):
    """The upright picture as BGR uint8, or None (with a warning) when it cannot be shown."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > LARGEST:
                log.warning("%s left out: %d x %d is too large", path, *picture.size)
                return None
            upright = _eight_bits(ImageOps.exif_transpose(picture)).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("%s left out: %s", path, error)
        return None
    return cv2.cvtColor(np.asarray(upright), cv2.COLOR_RGB2BGR)


def _eight_bits(picture):
    """Sixteen bits of grey made eight: Pillow would cut them off, and all would be white."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture).clip(0, 65535) // 256).astype(np.uint8))
