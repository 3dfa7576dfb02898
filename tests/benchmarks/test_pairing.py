import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_day_is_paired_and_no_two_visits_become_one():
    command = [sys.executable, "benchmarks/pairing.py", "--reads", "300", "600"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    assert told[0].split() == ["reads", "seconds", "us/read", "clean", "doubt", "apart", "merged"]
    for line in told[1:]:
        reads, _, _, clean, _, _, merged = line.split()
        assert int(reads) >= 300
        assert float(clean.rstrip("%")) > 90
        assert merged == "0"
