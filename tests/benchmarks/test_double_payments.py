"""Show 2 in small: nobody is credited twice, nobody stays charged twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def benchmark(name, *words):
    command = [sys.executable, f"benchmarks/{name}.py", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_of_eight_kinds_of_double_payment_none_remains():
    told = dict(
        line.rsplit("  ", 1)
        for line in benchmark("doublepay", "--each", 1).splitlines()
        if "  " in line
    )
    told = {what.strip(): number.strip() for what, number in told.items()}
    assert told["stays"] == "8"
    assert told["double credits"] == told["uncorrected double charges"] == "0"
    assert told["stays that nobody was paid for"] == "0"


def test_webhooks_in_any_order_credit_each_payment_once():
    told = benchmark("webhooks", "--payments", 10, "--deliveries", 100)
    assert "credited 8 of 8 that were told" in told
    assert "credited after it 10 of 10, double credits 0" in told
    assert "forgeries that credited 0" in told
