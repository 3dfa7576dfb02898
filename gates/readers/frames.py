"""Frames as the readers want them: what cameras give is not always colour."""

import cv2
import numpy as np

FROM_GREY, FROM_CLEAR = cv2.COLOR_GRAY2BGR, cv2.COLOR_BGRA2BGR
WAYS = {1: FROM_GREY, 4: FROM_CLEAR}  # by the number of channels


def bgr(image):
    """The picture as height x width x 3, BGR, uint8; grey and see-through ones are converted.

    Raises ValueError for anything else, for it would be read as noise or end the reader.
    """
    shape = image.shape if image.ndim == 3 else (*image.shape, 1)
    if len(shape) != 3 or shape[2] not in (1, 3, 4) or 0 in shape or image.dtype != np.uint8:
        raise ValueError(
            f"a picture must be height x width x 3 of 8 bits (or grey), not "
            f"{' x '.join(map(str, image.shape))} of {image.dtype}"
        )
    return image if shape[2] == 3 else cv2.cvtColor(image, WAYS[shape[2]])
