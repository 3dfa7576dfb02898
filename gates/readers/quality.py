"""How good the picture of a plate is: what a site engineer can put right at the camera."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """Measured on the plate's own pixels, before anything is stretched.

    `blur` is 0 (sharp) to 1 (no edges left), `contrast` 0 (letters as grey as their ground) to 1,
    `clipping` the share (0..1) of pixels that are wholly black or white, `height` the height of the
    letters' line in pixels of the frame.
    """

    blur: float
    contrast: float
    clipping: float
    height: int
