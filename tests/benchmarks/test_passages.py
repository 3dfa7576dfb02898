import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def benchmark(*words):
    command = [sys.executable, "benchmarks/passages.py", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.slow
def test_vehicles_are_voted_on_by_condition():
    told = benchmark("--vehicles", 2, "--condition", "clear").stdout.splitlines()
    assert told[0].startswith("2 vehicles, 4 frames read, median ")
    assert told[3].split() == ["clear", "2", "100.0", "%", "100.0", "%", "0.00", "%"]


@pytest.mark.slow
def test_a_lane_is_timed():
    told = benchmark("--latency", 1).stdout.splitlines()
    assert told[0] == "1 vehicles, 1 with a firm and right verdict, 0 wrong, 0 missed"
    assert re.fullmatch(
        r"after the first readable frame +median +\d+ ms, 95th percentile +\d+ ms", told[1]
    )


@pytest.mark.slow
def test_reading_goes_on_for_hours():
    told = benchmark("--hours", 0.0005).stdout.splitlines()
    assert re.fullmatch(
        r"reader \d+ MB at the start, \d+ MB at the end, recycled 0 times; "
        r"0 of \d+ vehicles missed",
        told[-1],
    )


def test_who_asks_for_nothing_is_told_what_there_is():
    done = benchmark()
    assert done.returncode == 2
    assert "say what to measure: --vehicles 500, --latency 60 or --hours 1" in done.stderr
