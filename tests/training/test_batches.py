import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np

from training.batches import Drawn

ROOT = Path(__file__).parents[2]


def fingerprint(seed, number):
    crops, texts = Drawn(12, seed, files=())[number]
    return hashlib.sha256(crops.tobytes() + repr(texts).encode()).hexdigest()


def test_the_same_number_gives_the_same_batch():
    drawn = Drawn(12, seed=3, files=())
    crops, texts = drawn[5]
    again, same = drawn[5]
    assert np.array_equal(crops, again)
    assert texts == same
    assert crops.shape == (12, 48, 192, 3)


def test_another_process_draws_the_same():
    words = ["-c", "from tests.training.test_batches import *; print(fingerprint(3, 5))"]
    told = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == fingerprint(3, 5)


def test_another_number_or_seed_gives_another_batch():
    assert len({fingerprint(3, 5), fingerprint(3, 6), fingerprint(4, 5)}) == 3


def test_kinds_come_with_their_plates():
    _, texts, kinds = Drawn(40, seed=3, files=()).with_kinds(0)
    assert [kind == "sign" for kind in kinds] == [text == "" for text in texts]
