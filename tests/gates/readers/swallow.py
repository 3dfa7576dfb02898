"""Gives a reader everything bad, in a process of its own: `python -m tests.gates.readers.swallow FOLDER`.

Prints a line of JSON for each bad thing: {"name", "plates", "accepted", "error", "grown"}, the last in
MB of resident size since the reader was warm. FOLDER takes the pictures that are written for it.
"""

import gc
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from gates.readers.paddle import Paddle
from gates.readers.photographs import NotAPhotograph, opened
from tests.gates.readers.pictures import plate, street

PLATE = "AB12CDE"
TEN = [
    f"{letters}{number}XYZ" for number, letters in enumerate(("KA", "LB", "MC", "ND", "PE") * 2, 20)
]
STREET = street((plate(PLATE), (640, 430), 0))
RGB = Image.fromarray(STREET[:, :, ::-1].copy())


def ten_plates():
    spots = [(220 + 400 * (n % 3), 120 + 160 * (n // 3)) for n in range(10)]
    return street(*((plate(text, letters=34), at, 0) for text, at in zip(TEN, spots, strict=True)))


FRAMES = {
    "black": np.zeros((720, 1280, 3), np.uint8),
    "white": np.full((720, 1280, 3), 255, np.uint8),
    "noise": np.random.default_rng(7).integers(0, 255, (720, 1280, 3), np.uint8),
    "upside down": np.ascontiguousarray(STREET[::-1, ::-1]),
    "frozen": STREET,
    "ten plates": ten_plates(),
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a line down": np.full((5000, 10, 3), 128, np.uint8),
    "a line across": np.full((10, 5000, 3), 128, np.uint8),
    "grey": STREET.mean(axis=2).astype(np.uint8),
    "see-through": np.dstack([STREET, np.full(STREET.shape[:2], 255, np.uint8)]),
    "deep": STREET.astype(np.uint16) * 257,
    "nothing": np.zeros((0, 0, 3), np.uint8),
    "seen in a mirror": STREET[:, ::-1],  # no copy: its pixels do not lie in a row
    "very large": np.full((4900, 5000, 3), 90, np.uint8),
}
TIMES = {"frozen": 50, "noise": 3}


def files(folder):
    """name -> path of a file with something the matter."""
    whole = _saved(folder, "whole.jpg", RGB).read_bytes()
    (folder / "zero.jpg").write_bytes(b"")
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "page.jpg").write_text("<html>not found</html>")
    grey = np.asarray(RGB.convert("L")).astype(np.uint16) * 257
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    _saved(folder, "deep.png", Image.fromarray(grey))
    _saved(folder, "cmyk.jpg", RGB.convert("CMYK"))
    _saved(folder, "lying.jpg", RGB.rotate(90, expand=True), exif=exif)
    _saved(folder, "largest.jpg", RGB.resize((6600, 3712)))
    _saved(folder, "too large.png", Image.new("1", (5001, 5000)))
    return {path.name: path for path in folder.iterdir()}


def _saved(folder, name, picture, **options):
    picture.save(folder / name, **options)
    return folder / name


def main(folder):
    reader = Paddle(threads=1)
    bad = files(folder)
    for frame in (STREET, FRAMES["black"]) * 2:  # one is read at once, one is looked at twice
        reader.read(frame)
    before = resident()
    for name, frame in FRAMES.items():
        for _ in range(TIMES.get(name, 1)):
            said = told(lambda frame=frame: reader.read(frame))
        print(json.dumps({"name": name, **said, "grown": resident() - before}), flush=True)
    for name, path in bad.items():
        said = told(lambda path=path: reader.read(opened(path)))
        print(json.dumps({"name": name, **said, "grown": resident() - before}), flush=True)


def told(read):
    try:
        reads = read()
    except (NotAPhotograph, ValueError) as fault:
        return {"plates": [], "accepted": [], "error": str(fault)}
    accepted = [each.plate for each in reads if each.accepted]
    return {"plates": [each.plate for each in reads], "accepted": accepted, "error": None}


def resident():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
