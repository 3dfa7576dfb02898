"""The pictures of a passage: the whole scene, the plate cut out of it, and what a driver knows the own
car by: its plate, its colours and its roof line."""

import cv2
import numpy as np

QUALITY = 85
WIDEST = 1600  # pixels of the scene; a person needs no more to see which car it was
MARGIN = 0.35  # of the plate's height, left around it

# A plate is half a metre wide, a car three to four plates, its roof two plates above. In plates' widths:
CAR_WIDE, ROOF_WIDE, ROOF_HIGH = 3.4, 2.2, 1.8
CAR_PIXELS = 480  # as wide as a phone shows it
COARSE = 40  # so many points across tell colours and shape, and nobody behind the windscreen
NO_STREET = (128, 128, 128)


def scene_jpeg(image):
    """The scene (BGR uint8) as JPEG bytes, made smaller where it is wider than WIDEST."""
    high, wide = image.shape[:2]
    if wide > WIDEST:
        size = (WIDEST, round(high * WIDEST / wide))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return _jpeg(image)


def plate_jpeg(image, box):
    """The plate (box x, y, width, height in pixels) cut out of the scene, as JPEG bytes.

    None where the box lies outside the picture.
    """
    x, y, wide, high = (round(each) for each in box)
    edge = round(high * MARGIN)
    rows = slice(max(y - edge, 0), max(y + high + edge, 0))
    columns = slice(max(x - edge, 0), max(x + wide + edge, 0))
    crop = image[rows, columns]
    return _jpeg(crop) if crop.size else None


def car_jpeg(image, box):
    """The car above its plate (box x, y, width, height in pixels) as JPEG bytes, or None where the box
    lies outside the picture.

    What is beside the car is cut away, not blurred, and the car itself is coarse, so that its driver's
    face is not shown; the plate alone is sharp. Cut here, for here the plate's place is known.
    """
    x, y, wide, high = (round(each) for each in box)
    left, right = (
        round(x + wide / 2 - CAR_WIDE * wide / 2),
        round(x + wide / 2 + CAR_WIDE * wide / 2),
    )
    top, bottom = round(y - ROOF_HIGH * wide), round(y + high * (1 + MARGIN))
    left, top = max(left, 0), max(top, 0)
    car = image[top : max(bottom, 0), left : max(right, 0)]
    if not car.size or wide < 8 or high < 4:
        return None
    scale = min(1.0, CAR_PIXELS / car.shape[1])
    size = (max(1, round(car.shape[1] * scale)), max(1, round(car.shape[0] * scale)))
    points = (min(COARSE, size[0]), max(1, round(COARSE * size[1] / size[0])))
    shown = cv2.resize(cv2.resize(car, points, interpolation=cv2.INTER_AREA), size)
    sharp = cv2.resize(car, size, interpolation=cv2.INTER_AREA)
    plate = _part(sharp, ((x - left) * scale, (y - top) * scale, wide * scale, high * scale))
    shown[plate] = sharp[plate]
    return _jpeg(_without_street(shown, (x + wide / 2 - left) * scale, wide * scale))


def _part(image, box):
    """Where a box with the plate's margin lies in an image."""
    x, y, wide, high = box
    edge = high * MARGIN
    rows = slice(max(round(y - edge), 0), max(round(y + high + edge), 0))
    return rows, slice(max(round(x - edge), 0), max(round(x + wide + edge), 0))


def _without_street(image, middle, wide):
    """The image with what is beside the roof painted over: a roof is narrower than its car."""
    high, whole = image.shape[:2]
    for side in (-1, 1):
        edge = 0 if side < 0 else whole
        roof = middle + side * ROOF_WIDE * wide / 2
        shoulder = middle + side * CAR_WIDE * wide / 2
        corner = [(edge, 0), (roof, 0), (shoulder, high * 0.55), (edge, high * 0.55)]
        cv2.fillPoly(image, [np.array(corner, np.int32)], NO_STREET)
    return image


def _jpeg(image):
    whole, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not whole:
        raise ValueError("the picture cannot be packed as JPEG")
    return packed.tobytes()
