import hashlib

import pytest

from training.card import card
from training.evaluation import Result


@pytest.fixture
def text(tmp_path):
    result = Result()
    result.kinds["us"] = [3, 4]
    result.reliability = [(0.995, True)] * 3 + [(0.6, False)]
    result.signs = [1, 1]
    file = tmp_path / "plate-letters.onnx"
    file.write_bytes(b"w" * 6_072_586)
    return card(80_000, 1, result, file, fonts=range(30))


def test_the_card_says_what_was_drawn_with_what(text):
    assert "80,000 crops of plates" in text
    assert "seed 1; no photograph. 26 fonts" in text
    assert "(4 more kept for evaluation)" in text
    assert "`python -m training --plates 80000 --seed 1`" in text


def test_the_card_names_its_file_by_size_and_digest(text):
    digest = hashlib.sha256(b"w" * 6_072_586).hexdigest()
    assert f"- **File:** 6.1 MB, weights stored in 16 bits; SHA-256 `{digest}`." in text


def test_the_card_has_the_figures(text):
    assert "| us | 4 | 75.0 % |\n| all | 4 | 75.0 % |\n" in text
    assert "| 0.99 to 1.00 | 3 | 99.5 % | 100.0 % |" in text
