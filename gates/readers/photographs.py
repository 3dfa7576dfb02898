"""Photographs from anywhere, opened with care: what cannot be read gets a sentence, never a crash."""

import warnings
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

PHOTOGRAPHS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
VIDEOS = {".mp4", ".avi", ".mkv", ".mov", ".m4v", ".webm", ".ts", ".mpg", ".mpeg"}
LARGEST = 25_000_000  # pixels; checked in the header, before memory is spent
# What a file of each kind begins with, and at which byte.
BEGINNINGS = (
    (0, b"\xff\xd8\xff", "photograph"),
    (0, b"\x89PNG", "photograph"),
    (0, b"II*\0", "photograph"),
    (0, b"MM\0*", "photograph"),
    (8, b"WEBP", "photograph"),
    (8, b"AVI ", "video"),
    (4, b"ftyp", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),  # Matroska, WebM
)
DEEP = ("I", "F")  # how the names of Pillow's modes of more than 8 bits begin


class NotAPhotograph(ValueError):  # noqa: N818
    """The file cannot be read as a photograph; the message says why."""


def found_in(paths):
    """The photographs and videos that `paths` (files and folders) name, folders by name.

    A file is taken whatever it is called, for somebody asked for it. Raises FileNotFoundError.
    """
    files = []
    for path in map(Path, paths):
        if not path.exists():
            raise FileNotFoundError(f"there is no file or folder {path}")
        files += _inside(path) if path.is_dir() else [path]
    return files


def _inside(folder):
    kinds = PHOTOGRAPHS | VIDEOS
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in kinds)


def is_video(path):
    """By what the file begins with, for suffixes are given by people; by its suffix where that is new."""
    with path.open("rb") as file:
        start = file.read(16)
    for at, mark, kind in BEGINNINGS:
        if start.startswith(mark, at):
            return kind == "video"
    return path.suffix.lower() in VIDEOS


def opened(path):
    """The photograph upright, as height x width x 3, uint8, BGR. Raises `NotAPhotograph`."""
    if not path.stat().st_size:
        raise NotAPhotograph("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                return _pixels(picture)
    except NotAPhotograph:
        raise
    except Image.UnidentifiedImageError:
        raise NotAPhotograph("the file is not a picture of a known kind") from None
    except Image.DecompressionBombError:
        raise NotAPhotograph(_too_large("far more")) from None
    except (OSError, SyntaxError, EOFError, ValueError) as error:
        raise NotAPhotograph(f"the picture is damaged: {error}") from error


def _pixels(picture):
    if picture.width * picture.height > LARGEST:
        raise NotAPhotograph(_too_large(f"{picture.width} x {picture.height}"))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(DEEP):
        return cv2.cvtColor(_eight_bits(np.asarray(upright)), cv2.COLOR_GRAY2BGR)
    return cv2.cvtColor(np.asarray(upright.convert("RGB")), cv2.COLOR_RGB2BGR)


def _too_large(pixels):
    return f"the picture has {pixels} pixels; at most {LARGEST // 1_000_000} million are read"


def _eight_bits(grey):
    """Deep grey levels over their own range: some cameras use only 10 or 12 of 16 bits."""
    low, high = float(np.nanmin(grey)), float(np.nanmax(grey))
    return np.nan_to_num((grey - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)
