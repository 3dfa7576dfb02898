from itertools import groupby, product

import numpy as np
import pytest

from gates.readers.letters import pooled, spellings
from gates.readers.weights import PLATE_LETTERS


def steps(*rows):
    """Rows of {letter: probability}; what is left of 1 is "no letter"."""
    seen = np.zeros((len(rows), 1 + len(PLATE_LETTERS)))
    for step, row in zip(seen, rows, strict=True):
        for letter, probability in row.items():
            step[1 + PLATE_LETTERS.index(letter)] = probability
        step[0] = 1 - sum(row.values())
    return seen


def by_hand(seen):
    """Every path written out: what the search must agree with."""
    sums = {}
    heard = [[i for i, p in enumerate(step) if p > 0] for step in seen]
    for path in product(*heard):
        share = np.prod([step[i] for step, i in zip(seen, path, strict=True)])
        text = "".join(PLATE_LETTERS[i - 1] for i, _ in groupby(path) if i)
        sums[text] = sums.get(text, 0) + share
    return sums


def test_the_same_letter_again_needs_a_pause():
    assert spellings(steps({"A": 1}, {"A": 1}, {}, {"A": 1}))[0] == ("AA", 1.0)
    assert spellings(steps({"A": 1}, {"A": 1}, {"A": 1}))[0] == ("A", 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_probabilities_are_those_of_all_paths(seed):
    chance = np.random.default_rng(seed)
    seen = steps(*({"A": 0.05 + a / 3, "B": 0.05 + b / 3} for a, b in chance.random((6, 2))))
    exact = by_hand(seen)
    found = spellings(seen, beams=200)
    assert dict(found) == pytest.approx(exact)
    assert found[0][0] == max(exact, key=exact.get)


def test_spellings_add_up_to_at_most_one():
    seen = steps(*({"A": 0.3, "B": 0.3, "8": 0.3} for _ in range(8)))
    found = spellings(seen)
    assert len(found) == 10
    assert sum(share for _, share in found) <= 1


def test_each_crop_has_one_vote():
    one, other = [("AB1", 0.9), ("A81", 0.1)], [("A81", 0.6), ("AB1", 0.4)]
    assert dict(pooled([one, other])) == pytest.approx({"AB1": 0.65, "A81": 0.35})
    assert pooled([one, other], keep=1)[0][0] == "AB1"
