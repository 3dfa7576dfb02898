"""What was read, one dictionary per photograph or vehicle: the lines of `manage.py read --json`."""

import time
from dataclasses import asdict

from gates.readers.footage import NotAVideo, vehicles
from gates.readers.photographs import NotAPhotograph, is_video, opened
from gates.rules.votes import vote


def lines(path, reader, progress=lambda share: None, home=()):
    """The lines of one file: one for a photograph, one per vehicle for a video.

    A file that cannot be read has one line with an `error`, a sentence. `progress` is told how much
    of a video is read, 0..1. `home`: countries whose plate formats go first.
    """
    if not is_video(path):
        yield photograph(path, reader, home)
        return
    try:
        for number, vehicle in enumerate(vehicles(path, reader, progress), 1):
            yield _passed(path, number, vehicle, home)
    except NotAVideo as error:
        yield {"file": str(path), "reads": [], "error": str(error)}


def photograph(path, reader, home=()):
    """The line of one photograph; `milliseconds` is the reading alone, without opening the file.

    Each plate is a vehicle of one frame, so that formats have the last word here, too.
    """
    try:
        image = opened(path)
    except (NotAPhotograph, OSError) as error:
        return {"file": str(path), "milliseconds": None, "reads": [], "error": str(error)}
    began = time.perf_counter()
    reads = reader.read(image)
    spent = 1000 * (time.perf_counter() - began)
    shown = [_read(vote([[read]], home), read) for read in reads]
    return {"file": str(path), "milliseconds": round(spent, 1), "reads": shown}


def _passed(path, number, passed, home):
    """A vehicle whose plate could not be read has no reads. Formats have the last word in a vote."""
    verdict = vote(passed.vehicle.frames, home)
    return {
        "file": str(path),
        "vehicle": number,
        "from": round(passed.began, 2),
        "to": round(passed.ended, 2),
        "reads": [_read(verdict, passed.clearest)] if verdict else [],
    }


def _read(said, read):
    """A read, or the verdict on several with the clearest of them for the place in its picture."""
    return {
        "plate": said.plate,
        "confidence": _rounded(said.confidence),
        "accepted": said.accepted,
        "box": list(read.box),
        "candidates": _candidates("plate", said.candidates),
        "alternatives": [_candidates("character", each) for each in said.alternatives],
        "country": said.country,
        "quality": _quality(read.quality),
    }


def _candidates(name, candidates):
    return [{name: each.plate, "probability": _rounded(each.probability)} for each in candidates]


def _quality(quality):
    """How good the plate's picture is, or None where nobody measured it."""
    if quality is None:
        return None
    return {name: _rounded(value) for name, value in asdict(quality).items()}


def _rounded(share):
    return None if share is None else round(float(share), 4)
