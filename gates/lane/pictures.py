"""The pictures of a passage: the whole scene, and the plate cut out of it."""

import cv2

QUALITY = 85
WIDEST = 1600  # pixels of the scene; a person needs no more to see which car it was
MARGIN = 0.35  # of the plate's height, left around it


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


def _jpeg(image):
    whole, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not whole:
        raise ValueError("the picture cannot be packed as JPEG")
    return packed.tobytes()
