"""The vehicles of a video: frames are read a few times a second, and alike reads are one vehicle."""

from dataclasses import dataclass, field

import cv2

from gates.readers import Read
from gates.rules.votes import alike, vote

READS_A_SECOND = 5
GONE = 1.5  # seconds unseen after which a vehicle has passed
FAINT = 0.2  # a read less sure than this founds no vehicle
FAST = 1000  # frames a second; a file that claims more has no usable times


class NotAVideo(ValueError):  # noqa: N818
    """The file cannot be read as a video; the message says why."""


@dataclass
class Vehicle:
    """A vehicle that passed: seconds from the start of the video, and its reads in time's order."""

    began: float
    ended: float
    reads: list[Read] = field(default_factory=list)

    @property
    def verdict(self):
        return vote([[read] for read in self.reads])

    @property
    def clearest(self):
        return max(self.reads, key=lambda read: read.confidence or 0.0)

    def takes(self, read):
        return any(alike(known.plate, read.plate) for known in self.reads[-READS_A_SECOND:])

    @property
    def real(self):
        """One doubtful read alone is a reflection or a sign, not a vehicle."""
        return len(self.reads) > 1 or self.clearest.accepted


def vehicles(path, reader):
    """The vehicles of a video in the order of their leaving. Raises `NotAVideo`."""
    there = []
    for at, image in frames(path):
        gone = [vehicle for vehicle in there if at - vehicle.ended > GONE]
        there = [vehicle for vehicle in there if vehicle not in gone]
        yield from (vehicle for vehicle in gone if vehicle.real)
        _see(there, reader.read(image), at)
    yield from (vehicle for vehicle in there if vehicle.real)


def _see(there, reads, at):
    """Only the main plate of a frame counts: cars parked beside are no vehicles that pass."""
    for read in reads[:1]:
        vehicle = next((v for v in there if v.takes(read)), None)
        if vehicle is None and (read.confidence or 0.0) >= FAINT:
            vehicle = Vehicle(began=at, ended=at)
            there.append(vehicle)
        if vehicle is not None:
            vehicle.reads.append(read)
            vehicle.ended = at


def frames(path, a_second=READS_A_SECOND):
    """(seconds, BGR picture) of a video, so many a second; ends where the file is broken off."""
    video = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        if not video.isOpened():
            raise NotAVideo("the file is not a video of a known kind, or it is damaged")
        rate = video.get(cv2.CAP_PROP_FPS)
        rate = rate if 0 < rate <= FAST else 25.0
        step, number = max(1, round(rate / a_second)), 0
        while video.grab():
            if number % step == 0:
                whole, image = video.retrieve()
                if whole:
                    yield number / rate, image
            number += 1
    finally:
        video.release()
