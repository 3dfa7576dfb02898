import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import cv2
import pytest

from gates.cameras.drawing.turns import AT_THE_LINE, Car
from gates.cameras.drawn import draw_scene

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLATES = {"one.jpg": "LV63KHT", "two.png": "KW27XPE"}


@pytest.fixture
def photographs(tmp_path):
    """A folder as the benchmark wants it: two drawn cars and what their plates say."""
    lines = ["file,x,y,width,height,plate"]
    for name, plate in PLATES.items():
        car = Car(plate, NOON, plate=plate)
        cv2.imwrite(str(tmp_path / name), draw_scene(car, AT_THE_LINE, size=(640, 360)))
        lines.append(f"{name},0,0,1,1,{plate}")
    (tmp_path / "truth.csv").write_text("\n".join(lines))
    return tmp_path


def benchmark(*words):
    command = [sys.executable, "benchmarks/read.py", "--threads", "1", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_three_readers_read_the_same_photographs(photographs, tmp_path):
    told = benchmark(photographs, "--json", tmp_path / "answers.json")
    kept = json.loads((tmp_path / "answers.json").read_text())
    assert list(kept) == ["ticketless", "paddleocr", "rapidocr"]
    for answers in kept.values():
        assert [answer["truth"] for answer in answers] == list(PLATES.values())
    assert [answer["plate"] for answer in kept["ticketless"]] == list(PLATES.values())
    ratio = (
        r"\d+\.\d times as fast as {}'s own pipeline, [+-]\d+\.\d points more folded reads right"
    )
    assert re.fullmatch(ratio.format("PaddleOCR"), told[-2])
    assert re.fullmatch(ratio.format("RapidOCR"), told[-1])


@pytest.mark.slow
def test_our_reader_alone_on_some(photographs):
    told = benchmark(photographs, "--without-others", "--only", 1)
    assert told[0] == "1 photographs, 1 threads; opening is not counted"
    assert [line.split()[0] for line in told if line.startswith(("Ticket", "Paddle", "Rapid"))] == [
        "Ticketless",
        "Ticketless",
    ]
