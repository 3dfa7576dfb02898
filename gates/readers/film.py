"""A film: the frames of a video file with their times, whatever the file claims about itself."""

import os

import cv2

from gates.readers.photographs import LARGEST

USUAL = 25.0  # frames a second, where a file says nothing usable
FAST = 250.0  # frames a second; a file that claims more has no usable times
LONGEST_PAUSE = 600.0  # seconds between two frames; more is a damaged time
QUIET, ERRORS_ONLY = "-8", 2  # levels of FFmpeg's and of OpenCV's own messages
SLACK = 0.001  # seconds; times are rounded


class NotAVideo(ValueError):  # noqa: N818
    """The file cannot be read as a video; the message says why."""


class Clock:
    """Seconds since the first frame, ever forwards.

    Frames have times of their own, for not every camera keeps its rate; where these stand still, go
    back or leap, the next frame comes as much later as the file's rate says.
    """

    def __init__(self, rate):
        self._step = 1 / rate if 0 < rate <= FAST else 1 / USUAL
        self._at = self._told = None

    def tick(self, told):
        """The seconds of the next frame, which itself says `told`."""
        gone = 0.0 if self._told is None else told - self._told
        if self._at is None:
            self._at = 0.0
        else:
            self._at += gone if 1 / FAST <= gone <= LONGEST_PAUSE else self._step
        self._told = told
        return self._at


def frames(path, a_second, progress=lambda share: None):
    """(seconds, BGR picture) of a video, so many a second; ends where the file is broken off.

    `progress` is told how much of the file has been gone through, 0..1. Raises `NotAVideo`.
    """
    video = _opened(path)
    try:
        clock, due = Clock(video.get(cv2.CAP_PROP_FPS)), 0.0
        while video.grab():
            at = clock.tick(video.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            if at < due - SLACK:
                continue
            whole, image = video.retrieve()
            if whole:
                due = max(due + 1 / a_second, at)
                progress(_share(video))
                yield at, image
    except cv2.error as error:
        raise NotAVideo(f"the video is damaged: {error.err}") from error
    finally:
        video.release()


def _opened(path):
    # A play list that calls itself a video must not reach out into the network.
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file"
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", QUIET)  # what is wrong is said by `NotAVideo`
    cv2.setLogLevel(ERRORS_ONLY)
    if not path.stat().st_size:
        raise NotAVideo("the file is empty")
    video = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not video.isOpened():
        raise NotAVideo("the file is not a video of a known kind, or it is damaged")
    wide, high = (int(video.get(p)) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    if wide * high > LARGEST:
        video.release()
        most = LARGEST // 1_000_000
        raise NotAVideo(f"its frames have {wide} x {high} pixels; at most {most} million are read")
    return video


def _share(video):
    number, count = (video.get(p) for p in (cv2.CAP_PROP_POS_FRAMES, cv2.CAP_PROP_FRAME_COUNT))
    return min(number / count, 1.0) if count > 0 else 0.0
