import re

import numpy as np

from training.wording import PATTERNS, line_text, plate_text, words


def texts(write, count=300):
    chance = np.random.default_rng(1)
    return [write(chance) for _ in range(count)]


def test_a_plate_has_four_to_eight_capitals_and_digits_in_groups():
    assert [t for t in texts(plate_text) if not re.fullmatch(r"[0-9A-Z]+(-[0-9A-Z]+)*", t)] == []
    assert {len(t.replace("-", "")) for t in texts(plate_text)} == {4, 5, 6, 7, 8}


def test_a_pattern_holds_letters_digits_and_gaps_alone():
    assert {character for pattern in PATTERNS for character in pattern} == set("LD-")


def test_a_line_of_two_has_two_to_five_characters():
    assert {len(t) for t in texts(line_text)} == {2, 3, 4, 5}


def test_signs_tell_times_and_numbers_and_words():
    seen = " ".join(texts(words))
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", seen)
    assert re.search(r"\d{3}-\d{3}-\d{4}", seen)
    assert "NEBRASKA" in seen
    assert "~" not in seen
