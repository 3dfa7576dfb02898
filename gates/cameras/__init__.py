"""Cameras: where a lane's pictures come from.

A camera driver is a class in a file of this folder, named in `gates/drivers.py`. Its constructor's
keyword arguments are the options of the `[camera]` table of a lane file.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Frame:
    """One picture with its time. `image` is height x width x 3, uint8, BGR; `at` is aware UTC."""

    number: int
    at: datetime
    image: np.ndarray


class Blind(Exception):  # noqa: N818 - said as the attendant would: the camera is blind
    """The camera gives no usable picture; the text says why, for a person."""


class Camera(Protocol):
    def newest(self, timeout: float) -> Frame | None:
        """The newest frame not given before, or None when none came within `timeout` seconds.

        Raises `Blind` when the camera is absent, stalled or shows garbage. The driver goes on
        trying to recover by itself: the next call may give a frame again.
        """

    def close(self) -> None: ...
