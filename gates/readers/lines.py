"""What was read, one dictionary per photograph or vehicle: the lines of `manage.py read --json`."""

import time

from gates.readers.footage import NotAVideo, vehicles
from gates.readers.photographs import NotAPhotograph, is_video, opened


def lines(path, reader):
    """The lines of one file: one for a photograph, one per vehicle for a video.

    A file that cannot be read has one line with an `error`, a sentence.
    """
    if not is_video(path):
        yield photograph(path, reader)
        return
    try:
        for number, vehicle in enumerate(vehicles(path, reader), 1):
            yield _passed(path, number, vehicle)
    except NotAVideo as error:
        yield {"file": str(path), "reads": [], "error": str(error)}


def photograph(path, reader):
    """The line of one photograph; `milliseconds` is the reading alone, without opening the file."""
    try:
        image = opened(path)
    except (NotAPhotograph, OSError) as error:
        return {"file": str(path), "milliseconds": None, "reads": [], "error": str(error)}
    began = time.perf_counter()
    reads = reader.read(image)
    spent = 1000 * (time.perf_counter() - began)
    shown = [_read(read, read.box) for read in reads]
    return {"file": str(path), "milliseconds": round(spent, 1), "reads": shown}


def _passed(path, number, vehicle):
    return {
        "file": str(path),
        "vehicle": number,
        "from": round(vehicle.began, 2),
        "to": round(vehicle.ended, 2),
        "reads": [_read(vehicle.verdict, vehicle.clearest.box)],
    }


def _read(read, box):
    """A read, or the verdict on several, with the place of the plate in its picture."""
    return {
        "plate": read.plate,
        "confidence": _rounded(read.confidence),
        "accepted": read.accepted,
        "box": list(box),
        "candidates": [
            {"plate": each.plate, "probability": _rounded(each.probability)}
            for each in read.candidates
        ],
        "country": read.country,
    }


def _rounded(share):
    return None if share is None else round(float(share), 4)
