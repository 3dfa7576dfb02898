import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_look_up_finds_what_a_look_through_all_finds():
    command = [sys.executable, "benchmarks/matching.py"]
    words = ["--inside", "300", "--reads", "40", "--scans", "40"]
    told = subprocess.run([*command, *words], cwd=ROOT, capture_output=True, text=True).stdout
    rows = [line.split() for line in told.splitlines() if line.startswith("SQLite")]
    assert [row[1] for row in rows] == ["exact", "match", "scan"]
    found = {row[1]: float(row[6].rstrip("%")) for row in rows}
    wrong = {row[1]: row[8] for row in rows}
    assert found["match"] >= found["scan"] > found["exact"]
    assert wrong["match"] == "0.00%"
